"""How many conflicts wait, counted where the swabs lie: the board asks all day long, also after a whole round was scanned twice.

`conflicts.py` finds the same ones with their swabs. Written as SQL, because groups are counted in groups, and because thousands
of swabs that became rows in Python first would hold up every scan beside them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from jiugong.lib import clock, days
from jiugong.registry.models import Park
from jiugong.screening.logic.conflicts import CLOCK_WRONG, LATE_BY
from jiugong.screening.logic.custody import not_before
from jiugong.screening.models import Point, Round
from jiugong.screening.queries.conflicts import branches_within
from jiugong.screening.words import Verdict

LONG_AGO, NEVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)

NOW = "%(now)s"
# What was undone is not here; a swab that answers a single retest is asked for, and conflicts with nothing of its round.
COUNTS = """NOT EXISTS (SELECT 1 FROM screening_undo u WHERE u.specimen_id = s.id) AND (s.person_id IS NULL
    OR s.person_id NOT IN (SELECT o.person_id FROM screening_retest r JOIN screening_specimen o ON o.id = r.specimen_id
        WHERE o.person_id IS NOT NULL)
    OR NOT EXISTS (SELECT 1 FROM screening_retest r JOIN screening_specimen o ON o.id = r.specimen_id
        WHERE o.person_id = s.person_id AND o.round_id = s.round_id AND o.id <> s.id
        AND (r.opened_at < s.sampled_at OR s.scan_id LIKE 'retest:%%')))"""
TAKEN = "s.round_id = a.round_id AND s.sampled_at <= {now}"
# CROSS JOIN: SQLite keeps to this order, which goes from the few to the many by an index; PostgreSQL chooses by itself.
STATEMENT = """
WITH asked (round_id, day_began, opens_at, device_from, late_after) AS (VALUES {asked}),
odd AS (
    SELECT s.id, s.round_id, s.tube_id, s.device, s.sampled_at, t.point_id, s.id_index,
        s.round_id <> t.round_id AS is_mixed, s.sampled_at > t.sealed_at AS is_after_seal,
        s.skew_seconds > {wrong} OR s.skew_seconds < -{wrong} AS is_clock, s.kind = 'person' AND s.person_id IS NULL AS is_walk_in,
        s.received_at > a.late_after OR s.skew_seconds IS NULL AND (
            s.device_at < a.device_from OR s.device_at > a.late_after) AS is_late
    FROM asked a CROSS JOIN screening_specimen s CROSS JOIN screening_tube t
    WHERE {taken} AND t.id = s.tube_id AND CASE WHEN
        s.round_id <> t.round_id OR s.sampled_at > t.sealed_at OR s.skew_seconds > {wrong} OR s.skew_seconds < -{wrong}
        OR s.kind = 'person' AND s.person_id IS NULL OR s.received_at > a.late_after OR s.skew_seconds IS NULL AND (
            s.device_at < a.device_from OR s.device_at > a.late_after) THEN {counts} ELSE FALSE END),
twice AS (
    SELECT s.round_id, s.person_id FROM screening_specimen s
    WHERE s.round_id IN ({rounds}) AND s.person_id IS NOT NULL AND s.sampled_at <= {now}
    GROUP BY s.round_id, s.person_id HAVING COUNT(*) > 1),
strange AS (
    SELECT t.id FROM asked a CROSS JOIN screening_tube t
    WHERE t.round_id = a.round_id AND (SELECT COUNT(*) FROM screening_specimen s WHERE s.tube_id = t.id) > t.capacity
        AND (SELECT COUNT(*) FROM screening_specimen s WHERE s.tube_id = t.id AND s.sampled_at <= {now}
            AND s.round_id IN (SELECT round_id FROM asked) AND {counts}) > t.capacity
    UNION SELECT tube_id FROM odd WHERE is_mixed),
inside AS (
    SELECT s.id, s.tube_id, s.sampled_at, t.point_id, t.capacity, COUNT(*) OVER tube AS swabs,
        MIN(s.round_id) OVER tube AS first_round, MAX(s.round_id) OVER tube AS last_round,
        FIRST_VALUE(s.round_id) OVER (PARTITION BY s.tube_id ORDER BY s.sampled_at, s.id) AS round_id
    FROM strange g CROSS JOIN screening_specimen s CROSS JOIN screening_tube t
    WHERE s.tube_id = g.id AND t.id = g.id AND s.sampled_at <= {now} AND {counts} WINDOW tube AS (PARTITION BY s.tube_id)),
waiting (round_id, since, points) AS ({kinds})
SELECT w.round_id, a.round_id IS NULL, COUNT(*), MIN(CASE WHEN w.since < a.day_began THEN a.opens_at ELSE w.since END), w.points
FROM waiting w LEFT JOIN asked a ON a.round_id = w.round_id
GROUP BY w.round_id, a.round_id, w.points, CASE WHEN a.round_id IS NULL THEN w.since END"""
# Each kind: its swabs, what makes them one conflict. What a person said of all of them waits no more; nor what is out of reach.
KIND = """SELECT MIN(s.round_id), MIN(s.sampled_at), {points} FROM {swabs} GROUP BY {about} HAVING {many} SUM(CASE WHEN EXISTS (
    SELECT 1 FROM screening_settledswab d JOIN screening_settlement e ON e.id = d.settlement_id
    WHERE d.specimen_id = s.id AND e.kind = '{kind}' AND e.verdict = '{real}') THEN 0 ELSE 1 END) > 0{within}"""
IN_TUBES = "inside s WHERE s.first_round IN (SELECT round_id FROM asked) AND "
KINDS = (
    ("twice", f"""twice g CROSS JOIN screening_specimen s {{tube}} WHERE s.round_id = g.round_id AND s.person_id = g.person_id
        AND s.sampled_at <= {{now}} AND {COUNTS}""",
     "s.round_id, s.person_id", "COUNT(*) > 1 AND"),
    ("twice", f"""asked a CROSS JOIN screening_specimen s {{tube}} WHERE {TAKEN} AND s.person_id IS NULL
        AND LENGTH(s.id_index) > 0 AND {COUNTS}""", "s.round_id, s.id_index", "COUNT(*) > 1 AND"),
    ("overfull", f"{IN_TUBES} s.swabs > s.capacity", "s.tube_id", ""),
    ("two_rounds", f"{IN_TUBES} s.last_round > s.first_round", "s.tube_id", ""),
    ("after_seal", "odd s WHERE s.is_after_seal", "s.round_id, s.tube_id", ""),
    ("clock", "odd s WHERE s.is_clock", "s.round_id, s.device", ""),
    ("late", "odd s WHERE s.is_late", "s.round_id, s.device", ""),
    ("walk_in", "odd s WHERE s.is_walk_in", "s.round_id, CASE WHEN LENGTH(s.id_index) > 0 THEN s.id_index END", ""))


@dataclass(frozen=True)
class Counted:
    """How many conflicts wait, since when the oldest one does, and in which enterprises' points their swabs were taken."""

    conflicts: int = 0
    since: datetime | None = None
    enterprises: tuple[int, ...] = ()


def count_waiting(park: Park, rounds: Iterable[Round], reach: Sequence[str]) -> Counted:
    """What `waiting_conflicts` would find, counted."""
    asked = list(rounds)
    points = dict(_points(park))
    mine = {pk for pk, (branches, _firm) in points.items() if branches_within(branches, reach)}
    if not asked or not mine:
        return Counted()
    firms = {pk: firm for pk, (_branches, firm) in points.items() if firm}
    rows = _ask(asked, park.zone, within=None if len(mine) == len(points) else mine, with_points=bool(firms))
    others = Round.every.in_bulk({number for number, is_other, *_rest in rows if is_other})
    since = [not_before(_moment(at), others[number].opens_at, park.zone) if is_other else _moment(at)
             for number, is_other, _conflicts, at, _points_said in rows]
    touched = {int(pk) for row in rows for pk in (row[4] or "").split(",") if pk}
    return Counted(conflicts=sum(row[2] for row in rows), since=min(since, default=None),
                   enterprises=tuple(sorted({firms[pk] for pk in touched & firms.keys()})))


def _points(park: Park) -> Iterable[tuple[int, tuple[tuple[str, ...], int | None]]]:
    """Each point of a park with its branches and its enterprise."""
    for pk, unit, place, firm in Point.objects.filter(park=park).values_list(
            "pk", "unit__path", "place__path", "unit__enterprise_id"):
        yield pk, ((unit,) if unit else (place,) if place else park.branches, firm)


def _ask(rounds: Sequence[Round], zone: ZoneInfo, *, within: set[int] | None, with_points: bool) -> list[Any]:
    numbers = ", ".join(str(each.pk) for each in rounds)
    statement = STATEMENT.format(
        asked=", ".join(f"({each.pk}, %(d{at})s, %(o{at})s, %(f{at})s, %(l{at})s)" for at, each in enumerate(rounds)),
        taken=TAKEN.format(now=NOW), now=NOW, rounds=numbers, counts=COUNTS, wrong=int(CLOCK_WRONG.total_seconds()),
        kinds=" UNION ALL ".join(_kind(*each, within=within, with_points=with_points) for each in KINDS))
    values = {"now": clock.now()}
    for at, each in enumerate(rounds):
        began = days.bounds(days.day_of(each.opens_at, zone), zone)[0]
        first, last = (LONG_AGO, NEVER) if each.imported else (each.opens_at - LATE_BY, each.closes_at + LATE_BY)
        values |= {f"d{at}": began, f"o{at}": each.opens_at, f"f{at}": first, f"l{at}": last}
    with connection.cursor() as cursor:
        cursor.execute(statement, {key: connection.ops.adapt_datetimefield_value(moment) for key, moment in values.items()})
        return list(cursor.fetchall())


def _kind(kind: str, swabs: str, about: str, many: str, *, within: set[int] | None, with_points: bool) -> str:
    """A kind's question. Where the points make no difference, an index answers most of it."""
    with_tube = "{tube}" in swabs
    point = "t.point_id" if with_tube else "s.point_id"
    points = (f"string_agg(DISTINCT {point}::text, ',')" if connection.vendor == "postgresql"
              else f"group_concat(DISTINCT {point})") if with_points else "''"
    mine = ", ".join(map(str, sorted(within or ())))
    return KIND.format(
        kind=kind, about=about, many=many, real=Verdict.REAL.value, points=points,
        swabs=swabs.format(now=NOW, tube="JOIN screening_tube t ON t.id = s.tube_id" if with_points or within is not None else ""),
        within="" if within is None else f" AND MAX(CASE WHEN {point} IN ({mine}) THEN 1 ELSE 0 END) = 1")


def _moment(said: "datetime | str") -> datetime:
    """A moment as a database says it: SQLite writes it as UTC."""
    return said if isinstance(said, datetime) else datetime.fromisoformat(said).replace(tzinfo=UTC)
