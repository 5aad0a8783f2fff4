"""Taking a file of whereabouts: every good row once, whoever it is of; the same file again changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from jiugong.lib import clock, days, progress, sheets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.pausing import collector_paused
from jiugong.policy import NotInForce, PolicyRefusal
from jiugong.registry.actions.appending import append_rows
from jiugong.registry.actions.trying import tried_out
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import value_on
from jiugong.tracing.actions.pseudonyms import MOST_PARAMETERS, numbers_known
from jiugong.tracing.errors import NotAPresenceFile, sentence
from jiugong.tracing.logic.presence_files import PresenceFile, PresenceRow, read_presence, unpacked
from jiugong.tracing.logic.spots import hall_of
from jiugong.tracing.models import Presence, Spot

LONGEST_STAY_ASSUMED = 60                    # minutes, where no release says how long people stay; shown as assumed
AT_ONCE, MOST_SAID = 20_000, 200
COLUMNS = ("park_id", "who_id", "spot_id", "entered_at", "left_at", "source", "assumed", "client_id", "ended_id", "received_at",
           "recorded_by", "case_id", "second", "remark", "told")
A_DAY = timedelta(days=1)
Key = tuple[int, int, datetime, datetime, str]


@dataclass(kw_only=True)
class TakenPresence:
    """What an import of whereabouts did: stays that are new, stays that were here already, bad cells."""

    file: PresenceFile
    created: int = 0
    unchanged: int = 0
    spots: int = 0
    unknown: int = 0                         # people whom no roster knows
    said: list[sheets.Problem] = field(default_factory=list)       # of a preview: the warnings of the file and of taking it

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


def preview_presence(park: Park, file: PresenceFile, *, actor: Actor) -> TakenPresence:
    """What taking the file would bring: it is tried out and given back, so the answer is exactly what a yes will do."""
    said = len(file.warnings)
    with tried_out():
        taken = import_presence(park, file, actor=actor)
    taken.said = file.warnings[:]
    del file.warnings[said:]                                  # a yes says them again
    return taken


@transaction.atomic
def import_presence(park: Park, file: PresenceFile, *, actor: Actor) -> TakenPresence:
    """Take the good rows of a file of whereabouts that was read. The same file again changes nothing."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    park.one_at_a_time()
    now, taken = clock.now(), TakenPresence(file=file)
    with collector_paused():
        who = numbers_known(park, {row.id_number for row in file.rows})
        spots, taken.spots = spots_of(park, {(row.kind, row.spot) for row in file.rows})
        told = _told(file, who, spots, Dwell(park))
        known = _known(park, told)
        fresh = [(key, assumed) for key, assumed in told.items() if key not in known]
        _append(park, fresh, now)
        _settle_ends(known, told)
    taken.created, taken.unchanged = len(fresh), len(file.rows) - len(fresh)
    taken.unknown = _say_who_is_unknown(file, who)

    if fresh:
        note("presence.imported", actor=actor, at=now, park_id=park.pk, created=len(fresh), refused=file.bad_rows)
    return taken


def _told(file: PresenceFile, who: Mapping[str, tuple[int, bool]], spots: Mapping[tuple[str, str], Spot],
          dwell: "Dwell") -> dict[Key, bool]:
    """Each stay of a file once, and whether its end is assumed."""
    told: dict[Key, bool] = {}
    numbers = {number: pk for number, (pk, _on_roster) in who.items()}
    places = {key: spot.pk for key, spot in spots.items()}
    for row in file.rows:
        left_at, assumed = (row.left_at, False) if row.left_at else _assumed_end(row, dwell, file)
        key = numbers[row.id_number], places[row.kind, row.spot], row.entered_at, left_at, row.source
        told[key] = told.get(key, True) and assumed            # an end that some row tells is not assumed
    return told


def _append(park: Park, fresh: Sequence[tuple[Key, bool]], now: datetime) -> None:
    rest = ("", "", now, "", None, "", "", "{}")               # client_id, ended_id, received_at, recorded_by, case, second, …
    for at in range(0, len(fresh), AT_ONCE):
        progress.step(at, len(fresh))
        append_rows(Presence, COLUMNS, ((park.pk, *key, assumed, *rest) for key, assumed in fresh[at:at + AT_ONCE]))


def _settle_ends(known: Mapping[Key, bool], told: Mapping[Key, bool]) -> None:
    """An end that was assumed and that a record tells now is assumed no longer."""
    for key, assumed in known.items():
        if assumed and not told[key]:
            who, spot, entered_at, left_at, source = key
            Presence.objects.filter(who=who, spot=spot, entered_at=entered_at, left_at=left_at, source=source).update(assumed=False)


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
    for spot in Spot.objects.bulk_create(new, batch_size=2000):
        known[spot.kind, spot.name] = spot
    return known, len(new)


def _assumed_end(row: PresenceRow, dwell: Dwell, file: PresenceFile) -> tuple[datetime, bool]:
    minutes = dwell.minutes(row.kind, row.entered_at)
    file.warning(row.row, "left_at", "end_assumed", minutes=minutes)
    return row.entered_at + timedelta(minutes=minutes), True


def _known(park: Park, told: Iterable[Key]) -> dict[Key, bool]:
    """Which of these stays are on record, and whether their end is assumed; looked for by day among the people of the file."""
    known: dict[Key, bool] = {}
    by_day: dict[date, set[int]] = defaultdict(set)
    wanted = set(told)
    for who, _spot, entered_at, *_rest in wanted:
        by_day[entered_at.date()].add(who)
    for day, people in by_day.items():
        first = datetime.combine(day, time.min, tzinfo=UTC)
        seen = Presence.objects.filter(park=park, entered_at__gte=first, entered_at__lt=first + A_DAY)
        asked = sorted(people)
        for at in range(0, len(asked), MOST_PARAMETERS):
            rows = seen.filter(who__in=asked[at:at + MOST_PARAMETERS])
            found = rows.values_list("who_id", "spot_id", "entered_at", "left_at", "source", "assumed")
            known.update({key: assumed for *stay, assumed in found.iterator() if (key := tuple(stay)) in wanted})
    return known


def _say_who_is_unknown(file: PresenceFile, who: Mapping[str, tuple[int, bool]]) -> int:
    """One warning for each number that no roster knows, at its first row."""
    unknown: dict[str, int] = {}
    for row in file.rows:
        if not who[row.id_number][1]:
            unknown.setdefault(row.id_number, row.row)
    for row_number in unknown.values():
        file.warning(row_number, "id_number", "not_on_roster")
    return len(unknown)
