"""Taking a list of areas at risk: each area once; the same list again changes nothing. The list is the nation's, of no park."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from jiugong.lib import clock, sheets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.tracing.errors import NotARiskAreaFile
from jiugong.tracing.list_answers import answer_of
from jiugong.tracing.logic.lists import ListFile
from jiugong.tracing.logic.presence_files import unpacked
from jiugong.tracing.logic.risk_area_files import RiskAreaRow, read_risk_areas
from jiugong.tracing.models import RiskArea

AT_ONCE = 2000


@dataclass(kw_only=True)
class TakenAreas:
    """What a list of areas did: new, said anew, here already, ended because a complete list leaves them out."""

    file: ListFile[RiskAreaRow]
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0

    def as_data(self) -> dict[str, Any]:
        return answer_of(self.file, created={"risk_areas": self.created}, changed=self.changed, unchanged=self.unchanged,
                         left=self.left)


def read_risk_area_file(content: bytes, *, name: str) -> ListFile[RiskAreaRow]:
    """Understand a list of areas at risk: CSV, CSV in gzip, or a workbook. Raises NotASheet, TooLarge, NotARiskAreaFile."""
    file = read_risk_areas(sheets.as_sheets(unpacked(content, name=name), name=name))
    if file is None:
        raise NotARiskAreaFile(file=name)
    return file


def must_keep_areas(actor: Actor) -> None:
    """The list holds in every park, so that who changes it may take in records in each of them. Raises NotAllowed."""
    for park in Park.objects.order_by("pk"):
        actor.must(Can.IMPORT_RECORDS, over=park)


@transaction.atomic
def import_risk_areas(file: ListFile[RiskAreaRow], *, day: date, actor: Actor, is_complete: bool = False) -> TakenAreas:
    """Take the good rows of a list of a day. A complete list ends what stands on that day and is not in it any more.

    A list with a bad row is not complete: nothing ends by it.
    """
    must_keep_areas(actor)
    now, taken = clock.now(), TakenAreas(file=file)
    known = _known(file, day)
    new: dict[tuple[str, str, date], RiskArea] = {}
    changed: dict[int, RiskArea] = {}
    named = set[int]()
    for row in file.rows:
        since = row.since or day
        area = known.get((row.key, row.level, row.since)) or new.get((row.key, row.level, since))
        if area is None:
            new[row.key, row.level, since] = RiskArea(name=row.name, key=row.key, code=row.code, level=row.level, since=since,
                                                      until=row.until, source=row.source, imported_at=now)
            continue
        if row.until and row.until <= area.since:
            file.error(row.row, "last_day", "ended_before_begun")
        elif area.pk:
            named.add(area.pk)
            if _say_anew(area, row, now, stands_on=day if is_complete else None):
                changed[area.pk] = area
    if is_complete and not file.errors and file.rows:
        taken.left = _end_the_others(named, day, now)
    RiskArea.objects.bulk_create(new.values(), batch_size=AT_ONCE)
    RiskArea.objects.bulk_update(changed.values(), ["until", "source", "code", "imported_at"], batch_size=AT_ONCE)
    taken.created, taken.changed = len(new), len(changed)
    taken.unchanged = len(file.rows) - len(new) - len(changed)

    if new or changed or taken.left:
        note("risk_areas.imported", actor=actor, at=now, created=len(new), changed=len(changed), left=taken.left,
             refused=file.bad_rows)
    return taken


def _known(file: ListFile[RiskAreaRow], day: date) -> dict[tuple[str, str, date | None], RiskArea]:
    """The areas on record by name, level and first day; under no day the one that stands, for lists that give none."""
    found: dict[tuple[str, str, date | None], RiskArea] = {}
    keys = sorted({row.key for row in file.rows})
    for at in range(0, len(keys), AT_ONCE):
        for area in RiskArea.objects.filter(key__in=keys[at:at + AT_ONCE]).order_by("since"):
            found[area.key, area.level, area.since] = area
            if area.since <= day and (area.until is None or area.until > day):
                found[area.key, area.level, None] = area
    return found


def _say_anew(area: RiskArea, row: RiskAreaRow, now: datetime, *, stands_on: date | None) -> bool:
    """Write what a list says differently. What it leaves out stays as it was; an end, unless a complete list names it anew."""
    said = {"until": row.until, "source": row.source, "code": row.code}
    anew: dict[str, Any] = {name: value for name, value in said.items() if value and value != getattr(area, name)}
    if stands_on and row.until is None and area.until and area.until <= stands_on:
        anew["until"] = None
    for name, value in anew.items():
        setattr(area, name, value)
    if anew:
        area.imported_at = now
    return bool(anew)


def _end_the_others(named: set[int], day: date, now: datetime) -> int:
    standing = RiskArea.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day).values_list("pk", flat=True)
    gone = [pk for pk in standing if pk not in named]
    for at in range(0, len(gone), AT_ONCE):
        RiskArea.objects.filter(pk__in=gone[at:at + AT_ONCE]).update(until=day, imported_at=now)
    return len(gone)
