"""Where somebody was outside the park: told by himself, by an officer or by a list; told wrongly, it is taken back and stays."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from jiugong.lib import clock, days, secrets, sheets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, id_index
from jiugong.registry.queries.people import whereabouts
from jiugong.tracing.errors import NotAStayFile, StayIdReused, StayMisshapen
from jiugong.tracing.list_answers import answer_of
from jiugong.tracing.logic.lists import ListFile
from jiugong.tracing.logic.presence_files import unpacked
from jiugong.tracing.logic.stay_files import LONGEST_AREA, StayRow, read_stays
from jiugong.tracing.models import Stay

AT_ONCE, MOST_PARAMETERS, LONGEST_ID = 2000, 5000, 64


@transaction.atomic
def tell_stay(person: Person, *, area: str, first_day: date | None, last_day: date | None, client_id: str, actor: Actor) -> Stay:
    """Say where somebody was, from a day to the day on which he left. The same id again is answered as the first time.

    Raises NotAllowed, StayMisshapen, StayIdReused.
    """
    actor.must(Can.RECORD_EVIDENCE, over=whereabouts(person))
    park, now = person.park, clock.now()
    area = sheets.tidy_title(area)
    if (not area or len(area) > LONGEST_AREA or not client_id or len(client_id) > LONGEST_ID or not first_day or not last_day
            or not (area + client_id).isprintable()
            or first_day > last_day or last_day > days.day_of(now, park.zone)):
        raise StayMisshapen()
    park.one_at_a_time()
    said = {"person": person, "area": area, "first_day": first_day, "last_day": last_day}
    before = Stay.objects.filter(park=park, client_id=client_id).first()
    if before:
        if any(getattr(before, name) != value for name, value in said.items()):
            raise StayIdReused()
        return before
    stay = Stay.objects.create(park=park, key=sheets.name_key(area), client_id=client_id, told_at=now, told_by=actor.key, **said)

    note("stay.told", actor=actor, at=now, park_id=park.pk, subject=f"person:{person.pk}", until=str(last_day))
    return stay


@transaction.atomic
def withdraw_stay(stay: Stay, *, actor: Actor) -> Stay:
    """Say that a stay was told wrongly. It stays on record and counts nowhere."""
    actor.must(Can.RECORD_EVIDENCE, over=whereabouts(stay.person))
    stay = Stay.objects.select_for_update(of=("self",)).select_related("person").get(pk=stay.pk)
    if stay.withdrawn_at is None:
        stay.withdrawn_at = clock.now()
        stay.save(update_fields=["withdrawn_at"])
        note("stay.withdrawn", actor=actor, at=stay.withdrawn_at, park_id=stay.park_id, subject=f"person:{stay.person_id}")
    return stay


@dataclass(kw_only=True)
class TakenStays:
    """What a list of stays did."""

    file: ListFile[StayRow]
    created: int = 0
    unchanged: int = 0

    def as_data(self) -> dict[str, Any]:
        return answer_of(self.file, created={"stays": self.created}, unchanged=self.unchanged)


def read_stay_file(content: bytes, *, name: str, park: Park) -> ListFile[StayRow]:
    """Understand a list of stays: CSV, CSV in gzip, or a workbook. Raises NotASheet, TooLarge, NotAStayFile."""
    file = read_stays(sheets.as_sheets(unpacked(content, name=name), name=name), today=days.day_of(clock.now(), park.zone))
    if file is None:
        raise NotAStayFile(file=name)
    return file


@transaction.atomic
def import_stays(park: Park, file: ListFile[StayRow], *, actor: Actor) -> TakenStays:
    """Take the good rows of a list. A stay that was told already, whoever told it, changes nothing."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    park.one_at_a_time()
    now, ring, taken = clock.now(), secrets.ring(), TakenStays(file=file)
    people = _people(park, file, ring)
    new: dict[str, Stay] = {}
    for row in file.rows:
        person = people.get(row.id_number)
        if person is None:
            file.error(row.row, "id_number", "stay_of_nobody")
            continue
        stay = Stay(park=park, person=person, area=row.area, key=sheets.name_key(row.area), first_day=row.first_day,
                    last_day=row.last_day, told_at=now, told_by=actor.key)
        stay.client_id = ring.index(repr(_meaning(stay)), scope=f"{park.uid}.stay").hex()
        new.setdefault(stay.client_id, stay)
    known = _known(park, new)
    fresh = [stay for key, stay in new.items() if key not in known]
    Stay.objects.bulk_create(fresh, batch_size=AT_ONCE)
    taken.created, taken.unchanged = len(fresh), len(file.rows) - len(fresh) - sum(
        1 for each in file.errors if each.code == "stay_of_nobody")

    if fresh:
        note("stays.imported", actor=actor, at=now, park_id=park.pk, created=len(fresh), refused=file.bad_rows)
    return taken


def _meaning(stay: Stay) -> tuple[int, str, date, date]:
    return stay.person_id, stay.key, stay.first_day, stay.last_day


def _people(park: Park, file: ListFile[StayRow], ring: secrets.KeyRing) -> dict[str, Person]:
    indexes = {id_index(park, number, ring): number for number in {row.id_number for row in file.rows}}
    values = list(indexes)
    return {indexes[bytes(person.id_index or b"")]: person for at in range(0, len(values), MOST_PARAMETERS)
            for person in Person.objects.filter(park=park, id_index__in=values[at:at + MOST_PARAMETERS])}


def _known(park: Park, new: dict[str, Stay]) -> set[str]:
    """The lines that are on record: taken in before, or told by hand with the same meaning."""
    keys, people = list(new), sorted({stay.person_id for stay in new.values()})
    found = {key for at in range(0, len(keys), MOST_PARAMETERS) for key in Stay.objects.filter(
        park=park, client_id__in=keys[at:at + MOST_PARAMETERS]).values_list("client_id", flat=True)}
    told = {_meaning(stay) for at in range(0, len(people), MOST_PARAMETERS)
            for stay in Stay.objects.filter(park=park, person__in=people[at:at + MOST_PARAMETERS], withdrawn_at=None)}
    return found | {key for key, stay in new.items() if _meaning(stay) in told}
