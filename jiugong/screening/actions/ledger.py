"""What is on record for a batch of scans: looked up once for all, so that a batch costs a flat number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jiugong.lib import secrets
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park, Person, id_index, phone_index
from jiugong.registry.queries.badges import badge_of_code, people_of_codes
from jiugong.screening.models import Point, Round, Specimen, Tube

MOST_PARAMETERS = 5_000


def in_parts(rows: QuerySet[Any], column: str, values: Iterable[Any]) -> Iterator[Any]:
    """The rows whose column is one of many values, asked for in parts: databases bound the length of one question."""
    listed = list(values)
    for start in range(0, len(listed), MOST_PARAMETERS):
        yield from rows.filter(**{f"{column}__in": listed[start:start + MOST_PARAMETERS]})


class Ledger:
    """The rounds, points, tubes, people and specimens of one park that a batch of scans speaks of."""

    def __init__(self, park: Park, *, scan_ids: Sequence[str], tubes: Iterable[str], id_numbers: Iterable[str],
                 phones: Iterable[str], locked: bool, uids: Iterable[UUID] = (), codes: Iterable[str] = ()) -> None:
        self.park, self.ring = park, secrets.ring()
        self.rounds = {each.number: each for each in Round.objects.filter(park=park).select_related("unit", "place")}
        self.points = {each.key: each for each in Point.objects.filter(park=park).select_related(
            "park", "unit", "place")}
        self.indexes = {number: id_index(park, number, self.ring) for number in set(id_numbers) if number}
        self.people = {bytes(person.id_index): person for person in in_parts(
            Person.objects.filter(park=park), "id_index", self.indexes.values()) if person.id_index}
        self.named = {person.uid: person for person in in_parts(Person.objects.filter(park=park), "uid", set(uids))}
        self.badges = people_of_codes(park, codes)
        self.phones = {phone: phone_index(park, phone, self.ring) for phone in set(phones) if phone}
        self.scanners = {bytes(person.phone_index): person for person in in_parts(
            Person.objects.filter(park=park), "phone_index", self.phones.values()) if person.phone_index}
        known_tubes = Tube.objects.filter(park=park).select_related(
            "round", "point__park", "point__unit", "point__place")
        if locked:
            known_tubes = known_tubes.select_for_update(of=("self",), no_key=True).order_by("pk")
        self.tubes = {tube.code: tube for tube in in_parts(known_tubes, "code", set(tubes))}
        self.known = {each.scan_id: each for each in in_parts(
            Specimen.every.filter(park=park).select_related(
                "tube__point__park", "tube__point__unit", "tube__point__place", "person", "undo"), "scan_id", scan_ids)}
        self.positions: dict[str, set[int]] = defaultdict(set)
        self.bound: dict[str, int] = defaultdict(int)
        by_pk = {tube.pk: tube.code for tube in self.tubes.values()}
        for tube_id, position in in_parts(Specimen.objects.values_list("tube_id", "position"), "tube_id", by_pk):
            self.positions[by_pk[tube_id]].add(position)
            self.bound[by_pk[tube_id]] += 1
        self.sampled: dict[int, set[int]] = {}

    def person(self, id_number: str) -> Person | None:
        return self.people.get(self.indexes[id_number]) if id_number else None

    def shown(self, code: str) -> Person:
        """Whose badge was shown. Raises BadgeUnknown, BadgeWithdrawn, BadgeExpired: which one is asked only then."""
        return self.badges.get(code) or badge_of_code(self.park, code).person

    def scanner(self, phone: str) -> Person | None:
        return self.scanners.get(self.phones[phone]) if phone else None

    def point(self, name: str) -> Point | None:
        return self.points.get(name_key(name))

    def sampled_in(self, the_round: Round) -> set[int]:
        """The people who already have a specimen in a round."""
        if the_round.number not in self.sampled:
            self.sampled[the_round.number] = set(Specimen.objects.filter(
                round=the_round, person__isnull=False).values_list("person_id", flat=True))
        return self.sampled[the_round.number]

    def next_position(self, code: str) -> int:
        return max(self.positions[code], default=0) + 1

    def bind(self, code: str, position: int) -> int:
        """Take a place in a tube; a place that is taken already stays with who has it."""
        if not position or position in self.positions[code]:
            position = self.next_position(code)
        self.positions[code].add(position)
        self.bound[code] += 1
        return position
