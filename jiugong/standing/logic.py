"""What holds for somebody now: a state in words that a person understands, with its reason and its end. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Holding(StrEnum):
    """The kinds of things that can hold for a person."""

    POSTED = "posted"                  # on the roster: where, in which status
    NOT_POSTED = "not_posted"          # not on the roster on that day
    RESTRICTED = "restricted"          # an order that was decided: to stay somewhere, until when, by which rule
    RETEST = "retest"                  # a tube with his swab was not negative: to be sampled alone
    OWES = "owes"                      # owes something that is not done
    DONE = "done"                      # owed it and has done it
    EXCUSED = "excused"
    LAST_RESULT = "last_result"


@dataclass(frozen=True, kw_only=True)
class Because:
    """One fact behind what holds: what was found, what was needed, by which document or row, and whether it was met."""

    fact: str
    found: str
    needed: str = ""
    by: str = ""
    met: bool = True


@dataclass(frozen=True, kw_only=True)
class Holds:
    """One thing that holds: what, about what, since when, until when, why. `until` is None only for plain facts."""

    what: Holding
    about: str
    since: datetime | None = None
    until: datetime | None = None
    late: bool = False
    because: tuple[Because, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


URGENCY = (Holding.RESTRICTED, Holding.RETEST, Holding.OWES, Holding.NOT_POSTED, Holding.EXCUSED, Holding.DONE, Holding.LAST_RESULT,
           Holding.POSTED)


def in_order(found: list[Holds]) -> list[Holds]:
    """What the person can change soonest comes first: late before open, then by how urgent it is."""
    return sorted(found, key=lambda each: (not each.late, URGENCY.index(each.what)))
