"""What screening tells: frozen facts in the past tense."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class TubeSealed:
    """Nobody can be bound to the tube any more."""

    tube_id: int
    specimens: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TubePositive:
    """The laboratory found a tube positive."""

    tube_id: int
    result_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TubeSuspicious:
    """The laboratory cannot say that a tube is negative: grey zone, or a single target."""

    tube_id: int
    result_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RetestAnswered:
    """Somebody's single retest is known, or is known otherwise than before. A walk-in is told by the number he was scanned with."""

    park_id: int
    person_id: int | None
    specimen_id: int                     # his swab in the tube that was not negative
    value: str
    sampled_at: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultCorrected:
    """The laboratory says otherwise of a tube than before: it was not negative, and is now."""

    tube_id: int
    was: str
    value: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TubeInvalid:
    """A tube could not be tested: its members have no result."""

    tube_id: int
    result_id: int
    at: datetime
