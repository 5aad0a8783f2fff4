"""Taking a file of whereabouts: every good row once, whoever it is of; the same file again changes nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from jiugong.lib import clock, days, sheets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.policy import NotInForce, PolicyRefusal
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import value_on
from jiugong.tracing.actions.pseudonyms import pseudonyms_of
from jiugong.tracing.errors import NotAPresenceFile, sentence
from jiugong.tracing.logic.presence_files import PresenceFile, PresenceRow, read_presence, unpacked
from jiugong.tracing.logic.spots import hall_of
from jiugong.tracing.models import Presence, Pseudonym, Spot

LONGEST_STAY_ASSUMED = 60                    # minutes, where no release says how long people stay; shown as assumed
AT_ONCE, MOST_SAID = 2000, 200
Key = tuple[int, int, datetime, datetime, str]


@dataclass(kw_only=True)
class TakenPresence:
    """What an import of whereabouts did: stays that are new, stays that were here already, bad cells."""

    file: PresenceFile
    created: int = 0
    unchanged: int = 0
    spots: int = 0
    unknown: int = 0                         # people whom no roster knows

    def as_data(self) -> dict[str, Any]:
        """What an import answers, as a client reads it: the keys of every import."""
        told = [{"sheet": each.sheet, "row": each.row, "column": each.column, "code": each.code, "message": sentence(each)}
                for each in self.file.errors]
        warned = [{"sheet": each.sheet, "row": each.row, "column": each.column, "code": each.code, "message": sentence(each)}
                  for each in self.file.warnings[:MOST_SAID]]
        return {"created": {"people": 0, "enterprises": 0, "presences": self.created, "spots": self.spots}, "changed": 0,
                "unchanged": self.unchanged, "left": 0, "repaired": len(self.file.repaired), "refused": self.file.bad_rows,
                "not_on_roster": self.unknown, "errors": told, "warnings": warned, "warnings_count": len(self.file.warnings)}


def read_presence_file(content: bytes, *, name: str, park: Park) -> PresenceFile:
    """Understand a file of whereabouts: CSV, CSV in gzip, or a workbook. Raises NotASheet, TooLarge, NotAPresenceFile."""
    today = days.day_of(clock.now(), park.zone)
    file = read_presence(sheets.as_sheets(unpacked(content, name=name), name=name), zone=park.zone, today=today)
    if file is None:
        raise NotAPresenceFile(file=name)
    return file


@transaction.atomic
def import_presence(park: Park, file: PresenceFile, *, actor: Actor) -> TakenPresence:
    """Take the good rows of a file of whereabouts that was read. The same file again changes nothing."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    park.one_at_a_time()
    now, taken = clock.now(), TakenPresence(file=file)
    who = pseudonyms_of(park, (row.id_number for row in file.rows))
    spots, taken.spots = spots_of(park, {(row.kind, row.spot) for row in file.rows})
    dwell = Dwell(park)
    new: dict[Key, Presence] = {}
    for row in file.rows:
        left_at, assumed = _end(row, dwell, file)
        key = who[row.id_number].pk, spots[row.kind, row.spot].pk, row.entered_at, left_at, row.source
        new.setdefault(key, Presence(park=park, who=who[row.id_number], spot=spots[row.kind, row.spot], entered_at=row.entered_at,
                                     left_at=left_at, source=row.source, assumed=assumed, received_at=now))
    known = _known(park, new)
    fresh = [each for key, each in new.items() if key not in known]
    Presence.objects.bulk_create(fresh, batch_size=AT_ONCE)
    taken.created, taken.unchanged = len(fresh), len(file.rows) - len(fresh)
    taken.unknown = _say_who_is_unknown(file, who)

    if fresh:
        note("presence.imported", actor=actor, at=now, park_id=park.pk, created=len(fresh), refused=file.bad_rows)
    return taken


class Dwell:
    """How long somebody is assumed to stay where he checked in and not out: by the pack of that day."""

    def __init__(self, park: Park) -> None:
        self.park, self.known = park, dict[tuple[str, Any], int]()

    def minutes(self, kind: str, at: datetime) -> int:
        day = days.day_of(at, self.park.zone)
        if (kind, day) not in self.known:
            try:
                self.known[kind, day] = int(value_on(self.park, f"dwell.{kind}", day))       # type: ignore[arg-type]
            except (NotInForce, PolicyRefusal):
                self.known[kind, day] = LONGEST_STAY_ASSUMED
        return self.known[kind, day]


def spots_of(park: Park, named: Iterable[tuple[str, str]]) -> tuple[dict[tuple[str, str], Spot], int]:
    """The spots of these kinds and names, made where they are new; and how many were."""
    wanted = set(named)
    known = {(spot.kind, spot.name): spot for spot in Spot.objects.filter(park=park) if (spot.kind, spot.name) in wanted}
    new = []
    for kind, name in sorted(wanted - known.keys()):
        hall, number = hall_of(kind, name)
        new.append(Spot(park=park, kind=kind, name=name, hall=hall, number=number))
    for spot in Spot.objects.bulk_create(new, batch_size=AT_ONCE):
        known[spot.kind, spot.name] = spot
    return known, len(new)


def _end(row: PresenceRow, dwell: Dwell, file: PresenceFile) -> tuple[datetime, bool]:
    if row.left_at:
        return row.left_at, False
    minutes = dwell.minutes(row.kind, row.entered_at)
    file.warning(row.row, "left_at", "end_assumed", minutes=minutes)
    return row.entered_at + timedelta(minutes=minutes), True


def _known(park: Park, new: dict[Key, Presence]) -> set[Key]:
    """Which of these stays are on record already."""
    if not new:
        return set()
    first, last = min(key[2] for key in new), max(key[2] for key in new)
    rows = Presence.objects.filter(park=park, entered_at__gte=first, entered_at__lte=last)
    return set(rows.values_list("who_id", "spot_id", "entered_at", "left_at", "source").iterator())


def _say_who_is_unknown(file: PresenceFile, who: Any) -> int:
    """One warning for each number that no roster knows, at its first row."""
    unknown: dict[str, int] = {}
    counted: Counter[str] = Counter()
    for row in file.rows:
        given: Pseudonym = who[row.id_number]
        if given.person_id is None:
            unknown.setdefault(row.id_number, row.row)
            counted[row.id_number] += 1
    for row_number in unknown.values():
        file.warning(row_number, "id_number", "not_on_roster")
    return len(unknown)
