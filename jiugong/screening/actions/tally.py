"""What is on record for the scans that are bound together: a few plain questions, however many scans there are.

No rows become objects here: a point under load is asked these questions hundreds of times a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from jiugong.lib import secrets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park, Person, Place, id_index
from jiugong.registry.queries.badges import badge_of_code, people_of_codes
from jiugong.screening.errors import PointUnknown, RoundUnknown
from jiugong.screening.models import Point, Round, Specimen, Tube

NO_ROUND = 0                                 # a round's row before its number was looked up


class Somebody(NamedTuple):
    """A person whom the park knows."""

    pk: int
    name: str


class RoundAt(NamedTuple):
    """A round as far as binding needs it."""

    pk: int
    number: int
    pool_size: int


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
    sealed_at: datetime | None = None
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

    def __init__(self, park: Park, *, scan_ids: Sequence[str], tubes: set[str], rounds: set[int], points: set[str],
                 id_numbers: set[str], uids: set[UUID], codes: set[str], place_ids: set[int]) -> None:
        self.park, self.ring = park, secrets.ring()
        rows = list(Tube.objects.select_for_update(no_key=True).filter(park=park, code__in=tubes).order_by("pk")
                    .values_list("pk", "code", "capacity", "round_id", "point_id", "sealed_at"))
        self.known = {row[0]: Before(*row) for row in Specimen.every.filter(park=park, scan_id__in=scan_ids).values_list(
            "scan_id", "tube__code", "tube__point_id", "kind", "person_id", "person__name", "id_index", "place_id", "lot",
            "position", "again", "undo__pk")}
        self.rounds = {row[1]: RoundAt(*row) for row in Round.objects.filter(park=park, number__in=rounds).values_list(
            "pk", "number", "pool_size")}
        self._ask_points({row[4] for row in rows} | {before.point_id for before in self.known.values()}, points)
        self.tubes = {code: TubeAt(code=code, capacity=capacity, round_id=round_id, point=self.point_by_pk[point_id],
                                   sealed_at=sealed_at, pk=pk) for pk, code, capacity, round_id, point_id, sealed_at in rows}
        self._ask_people(id_numbers, uids, codes)
        self.places = set(Place.objects.filter(park=park, pk__in=place_ids).values_list("pk", flat=True)) if place_ids else set()
        self._count_tubes()
        self._who_was_sampled()
        self._may: dict[tuple[str, int], bool] = {}

    def _ask_points(self, pks: set[int], keys: set[str]) -> None:
        self.points: dict[str, PointAt] = {}
        self.point_by_pk: dict[int, PointAt] = {}
        wanted = Q(pk__in=pks) | Q(key__in=keys)
        for pk, key, name, unit, place in Point.objects.filter(wanted, park=self.park).values_list(
                "pk", "key", "name", "unit__path", "place__path"):
            branches = (unit,) if unit else (place,) if place else self.park.branches
            self.points[key] = self.point_by_pk[pk] = PointAt(pk, name, branches)

    def _ask_people(self, id_numbers: set[str], uids: set[UUID], codes: set[str]) -> None:
        self.indexes = {number: id_index(self.park, number, self.ring) for number in id_numbers}
        people = Person.objects.filter(park=self.park)
        self.people = {bytes(index or b""): Somebody(pk, name) for index, pk, name in people.filter(
            id_index__in=list(self.indexes.values())).values_list("id_index", "pk", "name")} if id_numbers else {}
        self.named = {uid: Somebody(pk, name) for uid, pk, name in people.filter(uid__in=uids).values_list(
            "uid", "pk", "name")} if uids else {}
        self.badges = {code: Somebody(person.pk, person.name) for code, person in people_of_codes(self.park, codes).items()
                       } if codes else {}

    def _count_tubes(self) -> None:
        by_pk = {tube.pk: tube for tube in self.tubes.values()}
        if by_pk:
            for pk, position in Specimen.objects.filter(tube_id__in=by_pk).values_list("tube_id", "position"):
                by_pk[pk].positions.add(position)
                by_pk[pk].bound += 1

    def _who_was_sampled(self) -> None:
        """The people of these scans who have a specimen in their round already."""
        somebody = {one.pk for known in (self.people, self.named, self.badges) for one in known.values()}
        self.sampled: set[tuple[int, int]] = set(Specimen.objects.filter(
            round_id__in=[each.pk for each in self.rounds.values()], person_id__in=somebody)
            .values_list("round_id", "person_id")) if somebody and self.rounds else set()

    def person(self, id_number: str) -> Somebody | None:
        return self.people.get(self.indexes[id_number]) if id_number else None

    def shown(self, code: str) -> Somebody:
        """Whose badge was shown. Raises BadgeUnknown, BadgeWithdrawn, BadgeExpired: which one is asked only then."""
        if code in self.badges:
            return self.badges[code]
        person = badge_of_code(self.park, code).person
        return Somebody(person.pk, person.name)

    def round(self, number: int) -> RoundAt:
        """The round of a number. Raises RoundUnknown."""
        if number in self.rounds:
            return self.rounds[number]
        known = Round.objects.filter(park=self.park).order_by("number").values_list("number", flat=True)
        raise RoundUnknown(round=number, known=", ".join(map(str, known)) or "-")

    def point(self, name: str) -> PointAt | None:
        return self.points.get(name_key(name))

    def add_point(self, point: Point) -> PointAt:
        """A point that was named for the first time."""
        self._ask_points({point.pk, *self.point_by_pk}, set())
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
        known = next((each.number for each in self.rounds.values() if each.pk == pk), NO_ROUND)
        return known or Round.objects.values_list("number", flat=True).get(pk=pk)

    def open_tube(self, code: str, the_round: RoundAt, point: PointAt, at: datetime) -> TubeAt:
        """A tube that nobody has used before, at its first swab. Its row is written with the specimens."""
        row = Tube(park=self.park, code=code, round_id=the_round.pk, point_id=point.pk, capacity=the_round.pool_size,
                   opened_at=at)
        self.tubes[code] = TubeAt(code=code, capacity=the_round.pool_size, round_id=the_round.pk, point=point, row=row)
        return self.tubes[code]

    def write_tubes(self) -> None:
        """Write the new tubes that hold a swab. Raises IntegrityError where somebody else opened one at this moment."""
        new = [tube for tube in self.tubes.values() if tube.row and tube.bound]
        for tube, row in zip(new, Tube.objects.bulk_create([tube.row for tube in new if tube.row]), strict=True):
            tube.pk, tube.row = row.pk, None
