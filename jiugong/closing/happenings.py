"""What closing tells the house."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class DayClosed:
    """A day was settled and sealed; told in the transaction that sealed it."""

    park_id: int
    day: date


@dataclass(frozen=True, kw_only=True)
class ClosedDayTouched:
    """The house wrote, changed or removed whereabouts of a closed day; told in the transaction that did.

    Of which tables it is told: `touches_are_told` in a room's keeping.py.
    """

    park_id: int
    day: date
    removed: bool
