"""Flagged scans: whose scanner was not trained on the day, or is not known. All of them are kept and count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate

from jiugong.accounts.models import User
from jiugong.lib import days, identifiers, secrets
from jiugong.registry.models import Park, Person
from jiugong.screening import questions
from jiugong.screening.logic.training import Trained, by_person, trained
from jiugong.screening.models import Specimen
from jiugong.screening.queries.tubes import on_branches
from jiugong.screening.words import Flag, StaffRole


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """The scans of one scanner on one park day that are flagged, and why."""

    day: date
    person: Person | None
    phone: str                               # masked; of a telephone that belongs to nobody on record
    account: str                             # the name of a user who is nobody on the roster
    why: Flag
    swabs: int
    first_at: datetime
    last_at: datetime

    @property
    def who(self) -> str:
        """The person by name, else what is known instead: a masked telephone, or an account's name."""
        return self.person.name if self.person else self.phone or self.account


WHY = {Trained.NEVER: Flag.NEVER, Trained.LATER: Flag.LATER, Trained.EXPIRED: Flag.EXPIRED}


def flagged_among(specimens: QuerySet[Specimen], park: Park) -> list[Flagged]:
    """The flagged ones of some swabs, by scanner and day, the latest first: a flat number of questions."""
    rows: list[Any] = list(specimens.order_by().annotate(day=TruncDate("sampled_at", tzinfo=park.zone))
                .values("day", "scanner", "scanner_index", "bound_by")
                .annotate(swabs=Count("pk"), first=Min("sampled_at"), last=Max("sampled_at"), one=Min("pk")))
    ids = {row["scanner"] for row in rows if row["scanner"]}
    known = by_person(questions.trainings(park.pk, ids)) if ids else {}
    marked = [(row, why) for row in rows if (why := _why(row, known))]
    people = Person.objects.in_bulk({row["scanner"] for row, _why in marked if row["scanner"]})
    unknown = Specimen.every.in_bulk([row["one"] for row, why in marked if why is Flag.UNKNOWN_PHONE])
    accounts = _accounts({row["bound_by"] for row, why in marked if why is Flag.NOBODY})
    found = [_flagged(row, why, people, unknown, accounts) for row, why in _together(marked)]
    return sorted(found, key=lambda each: (each.day, each.last_at), reverse=True)


def flagged_scans(park: Park, first: date, last: date, reach: tuple[str, ...]) -> list[Flagged]:
    """The flagged scans of some park days, both included, at points within a reach."""
    start, end = days.bounds(first, park.zone)[0], days.bounds(last, park.zone)[1]
    return flagged_among(Specimen.objects.filter(on_branches(reach, park, "tube__point__"), park=park, sampled_at__gte=start,
                                                 sampled_at__lt=end), park)


def _why(row: dict[str, Any], known: dict[tuple[int, str], list[Any]]) -> Flag | None:
    if row["scanner"]:
        return WHY.get(trained(known, row["scanner"], StaffRole.SCANNER, row["day"]))
    return Flag.UNKNOWN_PHONE if row["scanner_index"] else Flag.NOBODY


def _together(marked: Iterable[tuple[dict[str, Any], Flag]]) -> list[tuple[dict[str, Any], Flag]]:
    """One row for each scanner and day, whichever hands bound what he scanned."""
    held: dict[tuple[Any, ...], tuple[dict[str, Any], Flag]] = {}
    for row, why in marked:
        index = bytes(row["scanner_index"]) if row["scanner_index"] else b""
        key = row["day"], row["scanner"], index, "" if row["scanner"] or index else row["bound_by"]
        if key in held:
            before = held[key][0]
            before["swabs"] += row["swabs"]
            before["first"], before["last"] = min(before["first"], row["first"]), max(before["last"], row["last"])
        else:
            held[key] = row, why
    return list(held.values())


def _flagged(row: dict[str, Any], why: Flag, people: dict[int, Person], unknown: dict[int, Specimen],
             accounts: dict[str, str]) -> Flagged:
    phone = unknown[row["one"]].open_scanner(secrets.ring()) if why is Flag.UNKNOWN_PHONE else ""
    return Flagged(day=row["day"], person=people.get(row["scanner"] or 0),
                   phone=identifiers.masked_phone(phone) if phone else "",
                   account=accounts.get(row["bound_by"], "") if why is Flag.NOBODY else "", why=why,
                   swabs=row["swabs"], first_at=row["first"], last_at=row["last"])


def _accounts(keys: set[str]) -> dict[str, str]:
    """The names of users by the keys under which they acted."""
    numbers = [int(key.removeprefix("user:")) for key in keys if key.startswith("user:")]
    return {f"user:{user.pk}": user.name for user in User.objects.filter(pk__in=numbers)}


def week_until(day: date) -> tuple[date, date]:
    """The seven days until a day: what a page shows first."""
    return day - timedelta(days=6), day
