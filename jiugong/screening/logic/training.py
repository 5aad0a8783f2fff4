"""Is somebody trained for what he does on a day? Plain Python; `jiugong/sources.py` says who keeps the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Training:
    """A person was trained for a role on a day. `valid_until` is the last day on which it counts; None: no end."""

    person_id: int
    role: str
    held_on: date
    valid_until: date | None = None

    def counts_on(self, day: date) -> bool:
        """The day itself on which it was held counts, and so does its last day."""
        return self.held_on <= day and (self.valid_until is None or day <= self.valid_until)


class Trained(StrEnum):
    """How somebody stands on a day."""

    YES = "yes"
    NEVER = "never"
    EXPIRED = "expired"
    LATER = "later"                          # only after that day


Known = Mapping[tuple[int, str], list[Training]]


def by_person(trainings: Iterable[Training]) -> dict[tuple[int, str], list[Training]]:
    """Trainings by person and role."""
    known: dict[tuple[int, str], list[Training]] = {}
    for each in trainings:
        known.setdefault((each.person_id, each.role), []).append(each)
    return known


def trained(known: Known, person_id: int, role: str, day: date) -> Trained:
    """How somebody stands on a day in a role: trained, no longer, not yet, or never."""
    mine = known.get((person_id, role), [])
    if any(each.counts_on(day) for each in mine):
        return Trained.YES
    if any(each.held_on <= day for each in mine):
        return Trained.EXPIRED
    return Trained.LATER if mine else Trained.NEVER
