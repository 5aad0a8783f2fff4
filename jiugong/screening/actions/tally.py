"""What is on record for the scans that are bound together: a few plain questions, however many scans there are.

Written as SQL, and no rows become objects: a point under load asks these questions hundreds of times a second, and
building one such query costs the ORM as much time as the database takes to answer five.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection

from jiugong.lib import secrets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park, Person, Place, id_index
from jiugong.registry.queries.badges import badge_of_code, people_of_codes
from jiugong.screening.errors import PointUnknown, RoundUnknown, RoundWithdrawn
from jiugong.screening.models import Point, Round, Tube

TUBES = """SELECT id, code, capacity, round_id, point_id, sealed_at FROM screening_tube
    WHERE park_id = %s AND code {} ORDER BY id {lock}"""
# Asked by what only one index begins with, never by the park: without statistics its whole history would be read.
SEEN = "SELECT scan_id, park_id FROM screening_specimen WHERE scan_id {}"               # few are: their tale is asked only then
SCANS = """SELECT s.scan_id, t.code, t.point_id, r.number, s.kind, s.person_id, p.name, s.id_index, s.place_id, s.lot,
    s.position, s.again, u.id FROM screening_specimen s JOIN screening_tube t ON t.id = s.tube_id
    JOIN screening_round r ON r.id = s.round_id LEFT JOIN registry_person p ON p.id = s.person_id
    LEFT JOIN screening_undo u ON u.specimen_id = s.id WHERE s.park_id = %s AND s.scan_id {}"""
ROUNDS = """SELECT r.id, r.number, r.pool_size, r.withdrawn_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM screening_specimen s WHERE s.round_id = r.id) FROM screening_round r WHERE r.park_id = %s AND r.number {}"""
POINTS = """SELECT o.id, o.key, o.name, u.path, l.path FROM screening_point o LEFT JOIN registry_unit u ON u.id = o.unit_id
    LEFT JOIN registry_place l ON l.id = o.place_id WHERE o.park_id = %s AND o.key {}"""
POINTS_BY_PK = POINTS.replace("o.key {}", "o.id {}")
PEOPLE = "SELECT id_index, id, name FROM registry_person WHERE park_id = %s AND id_index {}"
COUNTS = "NOT EXISTS (SELECT 1 FROM screening_undo u WHERE u.specimen_id = s.id)"
POSITIONS = f"SELECT s.tube_id, s.position FROM screening_specimen s WHERE s.tube_id {{}} AND {COUNTS}"                   # noqa: S608
SAMPLED = f"SELECT s.round_id, s.person_id FROM screening_specimen s WHERE s.person_id {{}} AND s.round_id {{}} AND {COUNTS}"  # noqa: S608


# Until its tables have statistics, PostgreSQL believes them empty and would read the whole of them.
BY_INDEX_PLANNED_ONCE = """SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_seqscan', 'off', true)"""


class Question(NamedTuple):
    """What is asked about columns that are among some values, of a park where the question names it.

    `settled`: one index serves it however full its tables are, so PostgreSQL plans it once for each connection. A plan that was
    made for two empty tables would stay slow.
    """

    words: str
    among: tuple[Collection[Any], ...]
    park_id: int | None = None
    settled: bool = False

    def spoken(self) -> tuple[str, list[Any]]:
        """The question as the database in use takes it."""
        park = [] if self.park_id is None else [self.park_id]
        if connection.vendor == "postgresql":
            return (self.words.format(*["= ANY(%s)"] * len(self.among), lock="FOR NO KEY UPDATE"),
                    [*park, *(list(values) for values in self.among)])
        places = [f"IN ({', '.join(['%s'] * len(values))})" for values in self.among]
        return self.words.format(*places, lock=""), [*park, *(value for values in self.among for value in values)]


def ask(*questions: Question, sets_out: bool = False) -> list[list[Any]]:
    """The rows of each question; nothing is asked about nothing. PostgreSQL hears all of them on one way there and back.

    `sets_out`: these are the first of their transaction.
    """
    asked = [(question, *question.spoken()) if all(question.among) else None for question in questions]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return [list(cursor.execute(*each[1:]).fetchall()) if each else [] for each in asked]
        with connection.wrap_database_errors, connection.connection.pipeline():
            if sets_out:
                psycopg.Cursor(connection.connection).execute(BY_INDEX_PLANNED_ONCE)
            cursors = [psycopg.Cursor(connection.connection).execute(*each[1:], prepare=each[0].settled) if each else None
                       for each in asked]
        return [heard.fetchall() if heard else [] for heard in cursors]


class Somebody(NamedTuple):
    """A person whom the park knows."""

    pk: int
    name: str


class RoundAt(NamedTuple):
    """A round as far as binding needs it."""

    pk: int
    number: int
    pool_size: int
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class PointAt:
    """A point and the branches over which it stands."""

    pk: int
    name: str
    branches: tuple[str, ...]


@dataclass(slots=True)
class TubeAt:
    """A tube and what is in it; `row` is there until a new one has its number."""

    code: str
    capacity: int
    round_id: int
    point: PointAt
    is_sealed: bool = False
    row: Tube | None = None
    pk: int = 0
    bound: int = 0
    positions: set[int] = field(default_factory=set)

    def take(self, position: int) -> int:
        """Take a place in the tube; a place that is taken already stays with who has it."""
        if not position or position in self.positions:
            position = max(self.positions, default=0) + 1
        self.positions.add(position)
        self.bound += 1
        return position


class Before(NamedTuple):
    """A scan that is on record already."""

    scan_id: str
    tube: str
    point_id: int
    round: int
    kind: str
    person_id: int | None
    person: str | None
    id_index: "bytes | memoryview[int] | None"
    place_id: int | None
    lot: str
    position: int
    again: bool
    undone: int | None


class Tally:
    """The rounds, points, tubes, people and specimens of one park that some scans speak of. Its tubes are locked."""

    def __init__(self, park: Park, *, scan_ids: list[str], tubes: set[str], rounds: set[int], points: set[str],
                 id_numbers: set[str], uids: set[UUID], codes: set[str], place_ids: set[int]) -> None:
        self.park, self.ring = park, secrets.ring()
        self.indexes = {number: id_index(park, number, self.ring) for number in id_numbers}
        rows, seen, known_rounds, known_points, people = ask(
            Question(TUBES, (tubes,), park.pk), Question(SEEN, (scan_ids,), settled=True),
            Question(ROUNDS, (rounds,), park.pk, settled=True), Question(POINTS, (points,), park.pk, settled=True),
            Question(PEOPLE, (set(self.indexes.values()),), park.pk, settled=True), sets_out=True)
        [known] = ask(Question(SCANS, ([scan_id for scan_id, park_id in seen if park_id == park.pk],), park.pk))
        if late := {row[1] for row in known if row[1] in tubes} - {row[1] for row in rows}:
            [opened] = ask(Question(TUBES, (late,), park.pk))              # by another device, between the first two questions
            rows += opened
        self.known = {row[0]: Before(*row) for row in known}
        self.rounds = {row[1]: RoundAt(*row) for row in known_rounds}
        self.points: dict[str, PointAt] = {}
        self.point_by_pk: dict[int, PointAt] = {}
        self._keep_points(known_points)
        elsewhere = {row[4] for row in rows} | {before.point_id for before in self.known.values()}
        self._ask_points(elsewhere - self.point_by_pk.keys())
        self.tubes = {code: TubeAt(code=code, capacity=capacity, round_id=round_id, point=self.point_by_pk[point_id],
                                   is_sealed=bool(sealed_at), pk=pk) for pk, code, capacity, round_id, point_id, sealed_at in rows}
        self.people = {bytes(index): Somebody(pk, name) for index, pk, name in people}
        self._ask_others(uids, codes)
        self.places = set(Place.objects.filter(park=park, pk__in=place_ids).values_list("pk", flat=True)) if place_ids else set()
        by_pk = {tube.pk: tube for tube in self.tubes.values()}
        somebody = {one.pk for known in (self.people, self.named, self.badges) for one in known.values()}
        positions, sampled = ask(Question(POSITIONS, (by_pk.keys(),)),
                                 Question(SAMPLED, (somebody, {each.pk for each in self.rounds.values()})))
        for pk, position in positions:
            by_pk[pk].positions.add(position)
            by_pk[pk].bound += 1
        self.sampled = set(sampled)
        self._may: dict[tuple[str, int], bool] = {}

    def _keep_points(self, rows: list[Any]) -> None:
        for pk, key, name, unit, place in rows:
            branches = (unit,) if unit else (place,) if place else self.park.branches
            self.points[key] = self.point_by_pk[pk] = PointAt(pk, name, branches)

    def _ask_points(self, pks: set[int]) -> None:
        [rows] = ask(Question(POINTS_BY_PK, (pks,), self.park.pk))
        self._keep_points(rows)

    def _ask_others(self, uids: set[UUID], codes: set[str]) -> None:
        """Who is meant by the id of his page, by the code of his badge."""
        self.named = {uid: Somebody(pk, name) for uid, pk, name in Person.objects.filter(
            park=self.park, uid__in=uids).values_list("uid", "pk", "name")} if uids else {}
        self.badges = {code: Somebody(person.pk, person.name) for code, person in people_of_codes(self.park, codes).items()
                       } if codes else {}

    def person(self, id_number: str) -> Somebody | None:
        return self.people.get(self.indexes[id_number]) if id_number else None

    def shown(self, code: str) -> Somebody:
        """Whose badge was shown. Raises BadgeUnknown, BadgeWithdrawn, BadgeExpired: which one is asked only then."""
        if code in self.badges:
            return self.badges[code]
        person = badge_of_code(self.park, code).person
        return Somebody(person.pk, person.name)

    def round(self, number: int, *, offline: bool) -> RoundAt:
        """The round of a number. What happened offline keeps a round that was withdrawn. Raises RoundUnknown, RoundWithdrawn."""
        if number in self.rounds:
            if self.rounds[number].is_withdrawn and not offline:
                raise RoundWithdrawn(round=number)
            return self.rounds[number]
        known = Round.objects.filter(park=self.park).order_by("number").values_list("number", flat=True)
        raise RoundUnknown(round=number, known=", ".join(map(str, known)) or "-")

    def point(self, name: str) -> PointAt | None:
        return self.points.get(name_key(name))

    def add_point(self, point: Point) -> PointAt:
        """A point that was named for the first time."""
        self._ask_points({point.pk})
        return self.point_by_pk[point.pk]

    def unknown_point(self, name: str, actor: Actor) -> PointUnknown:
        """Why a point is not taken: the points at which the actor may scan are told, no others."""
        known = Point.objects.filter(park=self.park).select_related("park", "unit", "place").order_by("name")
        names = [point.name for point in known if actor.may(Can.BIND_SPECIMENS, over=point)]
        return PointUnknown(point=name or "-", known=", ".join(names) or "-")

    def must_bind(self, actor: Actor, point: PointAt) -> None:
        """Refuse whoever may not scan at a point. Raises NotAllowed."""
        asked = actor.key, point.pk
        if asked not in self._may:
            self._may[asked] = actor.may(Can.BIND_SPECIMENS, over=point)
        if not self._may[asked]:
            actor.must(Can.BIND_SPECIMENS, over=point)

    def round_number(self, pk: int) -> int:
        """The number of a tube's round."""
        known = next((each.number for each in self.rounds.values() if each.pk == pk), None)
        return known or Round.every.values_list("number", flat=True).get(pk=pk)

    def open_tube(self, code: str, the_round: RoundAt, point: PointAt, at: datetime) -> TubeAt:
        """A tube that nobody has used before, at its first swab. Its row is written with the specimens."""
        row = Tube(park=self.park, code=code, round_id=the_round.pk, point_id=point.pk, capacity=the_round.pool_size,
                   opened_at=at)
        self.tubes[code] = TubeAt(code=code, capacity=the_round.pool_size, round_id=the_round.pk, point=point, row=row)
        return self.tubes[code]

    def write_tubes(self) -> None:
        """Write the new tubes that hold a swab. Raises IntegrityError where somebody else opened one at this moment."""
        new = sorted((tube for tube in self.tubes.values() if tube.row and tube.bound), key=lambda tube: tube.code)   # no deadlock
        for tube, row in zip(new, Tube.objects.bulk_create([tube.row for tube in new if tube.row]), strict=True):
            tube.pk, tube.row = row.pk, None
