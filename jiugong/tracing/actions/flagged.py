"""People of whom other places told (外地推送): taken in, matched, told to who answers, found, acted on, or returned with a reason.

The number finds at once. Name and phone together propose somebody, and a person confirms or refuses. Whoever is not found
stands on a list until a person returns it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from jiugong.lib import clock, days, secrets, sheets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.policy import NotInForce, PolicyRefusal
from jiugong.registry.actions.appending import append_rows
from jiugong.registry.models import Park, Person, id_index, phone_index
from jiugong.rulebook.queries.releases import value_on
from jiugong.tracing.actions.flag_telling import tell_who_answers
from jiugong.tracing.errors import NotAFlaggedFile
from jiugong.tracing.list_answers import answer_of
from jiugong.tracing.logic.flagged_files import FlaggedRow, read_flagged
from jiugong.tracing.logic.lists import ListFile
from jiugong.tracing.logic.presence_files import unpacked
from jiugong.tracing.models import Flagged
from jiugong.tracing.words import FlagStage

AT_ONCE, MOST_PARAMETERS = 2000, 5000
DUE = "clock.flagged_minutes"
MINUTES_ASSUMED = 120                        # where no release says how many; as the packs assume


@dataclass(kw_only=True)
class TakenFlags:
    """What a list of flagged people did: new lines, lines that were here, and whom they found."""

    file: ListFile[FlaggedRow]
    created: int = 0
    unchanged: int = 0
    matched: int = 0
    to_confirm: int = 0
    unmatched: int = 0

    def as_data(self) -> dict[str, Any]:
        return answer_of(self.file, created={"flagged": self.created}, unchanged=self.unchanged, matched=self.matched,
                         to_confirm=self.to_confirm, unmatched=self.unmatched, returned=0)


def read_flagged_file(content: bytes, *, name: str, park: Park) -> ListFile[FlaggedRow]:
    """Understand a list of flagged people: CSV, CSV in gzip, or a workbook. Raises NotASheet, TooLarge, NotAFlaggedFile."""
    today = days.day_of(clock.now(), park.zone)
    file = read_flagged(sheets.as_sheets(unpacked(content, name=name), name=name), zone=park.zone, today=today)
    if file is None:
        raise NotAFlaggedFile(file=name)
    return file


@transaction.atomic
def import_flagged(park: Park, file: ListFile[FlaggedRow], *, actor: Actor) -> TakenFlags:
    """Take the good rows of a list, match each at once, and tell who answers. The same line again changes nothing."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    park.one_at_a_time()
    now, ring, taken = clock.now(), secrets.ring(), TakenFlags(file=file)
    keys = {line_key(park, row, ring): row for row in file.rows}
    known = _known(park, list(keys))
    found = Roster(park, ring, keys.values())
    due_at = now + timedelta(minutes=minutes_on(park, now))
    new = []
    for key, row in keys.items():
        if key not in known:
            new.append(_flagged(park, key, row, found, ring, now, due_at))
            taken.matched += new[-1].stage == FlagStage.MATCHED
            taken.to_confirm += new[-1].stage == FlagStage.WAITING and new[-1].person_id is not None
            if new[-1].person_id and found.names[new[-1].person_id] != sheets.name_key(row.name):
                file.warning(row.row, "name", "name_differs", row.name)
    _append(park, new)
    taken.created, taken.unchanged = len(new), len(file.rows) - len(new)
    taken.unmatched = len(new) - taken.matched - taken.to_confirm
    tell_who_answers(park, [each for each in new if each.stage == FlagStage.MATCHED], once=f"{now:%Y%m%dT%H%M%S%f}", actor=actor)

    if new:
        note("flagged.imported", actor=actor, at=now, park_id=park.pk, created=len(new), matched=taken.matched,
             refused=file.bad_rows)
    return taken


@transaction.atomic
def match_again(park_id: int, *, actor: Actor) -> int:
    """Look again for whom no number found, once the roster has changed: who came onto it is found now."""
    rows = list(Flagged.objects.select_for_update(of=("self",)).filter(
        park=park_id, stage=FlagStage.WAITING, person=None, id_index__isnull=False).select_related("park"))
    if not rows:
        return 0
    park = rows[0].park
    people = _by(park, "id_index", {bytes(row.id_index or b"") for row in rows})
    found = []
    for row in rows:
        hits = people.get(bytes(row.id_index or b""), [])
        if hits:
            row.person_id, row.matched_by, row.stage = hits[0][0], "id_number", FlagStage.MATCHED
            found.append(row)
    Flagged.objects.bulk_update(found, ["person", "matched_by", "stage"], batch_size=AT_ONCE)
    tell_who_answers(park, found, once=f"{clock.now():%Y%m%dT%H%M%S%f}", actor=actor)
    if found:
        note("flagged.matched_again", actor=actor, at=clock.now(), park_id=park.pk, people=len(found))
    return len(found)


def line_key(park: Park, row: FlaggedRow, ring: secrets.KeyRing) -> str:
    """What makes the same line the same; keyed, so that nobody finds a number by trying."""
    return ring.index(row.meaning(), scope=f"{park.uid}.flagged").hex()


def minutes_on(park: Park, at: datetime) -> int:
    """Within how many minutes somebody flagged is to be found and acted on, by the rules of the day."""
    try:
        return int(value_on(park, DUE, days.day_of(at, park.zone)))                         # type: ignore[arg-type]
    except (NotInForce, PolicyRefusal):
        return MINUTES_ASSUMED


class Roster:
    """Who of a park has one of these ID numbers or phones: a few questions for ten thousand lines."""

    def __init__(self, park: Park, ring: secrets.KeyRing, rows: Iterable[FlaggedRow]) -> None:
        rows = list(rows)
        self.numbers = {number: id_index(park, number, ring) for number in {row.id_number for row in rows} if number}
        self.phones = {phone: phone_index(park, phone, ring) for phone in {row.phone for row in rows} if phone}
        self.by_number = _by(park, "id_index", set(self.numbers.values()))
        self.by_phone = _by(park, "phone_index", set(self.phones.values()))
        found = (each for by in (self.by_number, self.by_phone) for hits in by.values() for each in hits)
        self.names = {pk: sheets.name_key(name) for pk, name in found}

    def match(self, row: FlaggedRow) -> tuple[int | None, str]:
        """Whom a line means, and by what he was found; nobody where name and phone do not agree on one."""
        if hits := self.by_number.get(self.numbers.get(row.id_number, b""), []):
            return hits[0][0], "id_number"
        same = [pk for pk, _name in self.by_phone.get(self.phones.get(row.phone, b""), [])
                if self.names[pk] == sheets.name_key(row.name)]
        return (same[0], "name_phone") if len(same) == 1 else (None, "")


def _by(park: Park, column: str, indexes: set[bytes]) -> dict[bytes, list[tuple[int, str]]]:
    """Who has one of these indexes: number and name."""
    found: dict[bytes, list[tuple[int, str]]] = {}
    values = list(indexes)
    for at in range(0, len(values), MOST_PARAMETERS):
        people = Person.objects.filter(park=park, **{f"{column}__in": values[at:at + MOST_PARAMETERS]}).order_by("pk")
        for index, pk, name in people.values_list(column, "pk", "name"):
            found.setdefault(bytes(index), []).append((pk, name))
    return found


def _append(park: Park, rows: list[Flagged]) -> None:
    """Write new lines at once, and tell each its number."""
    if not rows:
        return
    last = Flagged.objects.aggregate(last=Max("pk"))["last"] or 0
    columns = [field.attname for field in Flagged._meta.concrete_fields if not field.primary_key]
    kept = lru_cache(maxsize=4096)(connection.ops.adapt_datetimefield_value) if connection.vendor == "sqlite" else None
    append_rows(Flagged, columns, ([_plain(getattr(row, column), kept) for column in columns] for row in rows))
    numbers = dict(Flagged.objects.filter(park=park, pk__gt=last).order_by().values_list("line_key", "pk"))
    for row in rows:
        row.pk = numbers[row.line_key]
        row._state.adding, row._state.db = False, connection.alias


def _plain(value: Any, kept: Callable[[datetime], Any] | None) -> Any:
    """A value as the store takes it; SQLite keeps moments as text."""
    if kept and isinstance(value, datetime):
        return kept(value)
    return value.value if isinstance(value, FlagStage) else value


def _known(park: Park, keys: list[str]) -> set[str]:
    return {key for at in range(0, len(keys), MOST_PARAMETERS) for key in Flagged.objects.filter(
        park=park, line_key__in=keys[at:at + MOST_PARAMETERS]).values_list("line_key", flat=True)}


def _flagged(park: Park, key: str, row: FlaggedRow, found: Roster, ring: secrets.KeyRing, now: datetime,
             due_at: datetime) -> Flagged:
    person, by = found.match(row)
    flagged = Flagged(park=park, line_key=key, pushed_by=row.pushed_by, pushed_at=row.pushed_at, reason=row.reason,
                      left_on=row.left_on, person_id=person, matched_by=by, imported_at=now, due_at=due_at,
                      stage=FlagStage.MATCHED if by == "id_number" else FlagStage.WAITING,
                      id_index=found.numbers.get(row.id_number), phone_index=found.phones.get(row.phone))
    flagged.keep(ring, name=row.name, id_number=row.id_number, phone=row.phone)
    return flagged
