"""How well a drill went: what was planted beside what was listed and controlled, and how long each step took. Plain Python."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A drill measured: people found, missed and listed without need; seconds from its beginning, None where it was not done."""

    found: int
    missed: int
    unnecessary: int
    controlled: int
    seconds_to_hold: int | None
    seconds_to_list: int | None
    seconds_to_control: int | None

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def measure(*, truth: Iterable[int], listed: Iterable[int], controlled: Iterable[int], began: datetime, held: datetime | None,
            traced: datetime | None, all_controlled: datetime | None) -> Measured:
    """Compare what people listed and controlled with the truth that was planted. People are their numbers in the history."""
    planted, named, kept = set(truth), set(listed), set(controlled)
    return Measured(found=len(planted & named), missed=len(planted - named), unnecessary=len(named - planted),
                    controlled=len(planted & kept), seconds_to_hold=_seconds(began, held), seconds_to_list=_seconds(began, traced),
                    seconds_to_control=_seconds(began, all_controlled) if planted <= kept else None)


def _seconds(began: datetime, ended: datetime | None) -> int | None:
    return max(int((ended - began).total_seconds()), 0) if ended else None
