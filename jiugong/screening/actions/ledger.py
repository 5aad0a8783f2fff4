"""What is on record for a file of scans: looked up once for all its rows. What a device sends is asked by `tally.py`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from jiugong.lib import secrets
from jiugong.registry.models import Park, Person, id_index, phone_index
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
                 phones: Iterable[str]) -> None:
        self.park, self.ring = park, secrets.ring()
        self.rounds = {each.number: each for each in Round.every.filter(park=park).select_related("unit", "place")}
        self.points = {each.key: each for each in Point.objects.filter(park=park).select_related(
            "park", "unit", "place")}
        self.indexes = {number: id_index(park, number, self.ring) for number in set(id_numbers) if number}
        self.people = {bytes(person.id_index): person for person in in_parts(
            Person.objects.filter(park=park), "id_index", self.indexes.values()) if person.id_index}
        self.phones = {phone: phone_index(park, phone, self.ring) for phone in set(phones) if phone}
        self.scanners = {bytes(person.phone_index): person for person in in_parts(
            Person.objects.filter(park=park), "phone_index", self.phones.values()) if person.phone_index}
        known_tubes = Tube.objects.filter(park=park).select_related("round").select_for_update(
            of=("self",), no_key=True).order_by("pk")
        self.tubes = {tube.code: tube for tube in in_parts(known_tubes, "code", set(tubes))}
        self.known = {each.scan_id: each for each in in_parts(
            Specimen.every.filter(park=park).select_related("tube", "person"), "scan_id", scan_ids)}
        self.positions: dict[str, set[int]] = defaultdict(set)
        self.bound: dict[str, int] = defaultdict(int)
        by_pk = {tube.pk: tube.code for tube in self.tubes.values()}
        for tube_id, position in in_parts(Specimen.objects.values_list("tube_id", "position"), "tube_id", by_pk):
            self.positions[by_pk[tube_id]].add(position)
            self.bound[by_pk[tube_id]] += 1
        self.sampled: dict[int, set[int]] = {}

    def person(self, id_number: str) -> Person | None:
        return self.people.get(self.indexes[id_number]) if id_number else None

    def scanner(self, phone: str) -> Person | None:
        return self.scanners.get(self.phones[phone]) if phone else None

    def sampled_in(self, the_round: Round) -> set[int]:
        """The people who already have a specimen in a round."""
        if the_round.number not in self.sampled:
            self.sampled[the_round.number] = set(Specimen.objects.filter(
                round=the_round, person__isnull=False).values_list("person_id", flat=True))
        return self.sampled[the_round.number]

    def next_position(self, code: str) -> int:
        return max(self.positions[code], default=0) + 1
