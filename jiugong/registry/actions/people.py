"""Taking the people of a roster: found by ID number, else by name and phone; their postings, beds, tables and buses.

What a row says when a person first appears holds from the day of arrival; what a later file changes holds from the
day of the import. A past row is ended, never edited.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiugong.registry.actions.appending import append_people, append_rows
from jiugong.registry.actions.enterprises import Change
from jiugong.registry.actions.sealing import Sealed
from jiugong.registry.actions.trees import Trees
from jiugong.registry.logic.facts import WorkerRow
from jiugong.registry.models import Assignment, Person, Place, Posting, Unit, reaches
from jiugong.registry.words import PlaceKind

PLACES = {PlaceKind.DORM_ROOM.value: "dorm_room", PlaceKind.CANTEEN_TABLE.value: "canteen_table",
          PlaceKind.BUS.value: "bus"}
POSTED = ("person_id", "park_id", "unit_id", "enterprise_id", "since", "post", "shift", "key_post", "status", "arrived_on")
ASSIGNED = ("person_id", "place_id", "kind", "bed", "since")
UNIT_COLUMNS = frozenset(("workshop", "team"))


@dataclass
class Settled:
    """What became of the people of a file."""

    created: int = 0
    changed: set[int] = field(default_factory=set)               # keys of people who were known before
    changes: list[Change] = field(default_factory=list)
    leavers: list[Person] = field(default_factory=list)


class Roll:
    """The people of one park as they stand before a file is taken, and what the file does to them from a day on."""

    def __init__(self, trees: Trees, numbers: Sealed, *, at: date) -> None:
        self.trees, self.park, self.at, self.ring, self.numbers = trees, trees.park, at, numbers.ring, numbers
        people = list(Person.objects.filter(park=self.park).order_by("-pk"))
        self.by_id = {bytes(person.id_index): person for person in people if person.id_index}
        self.strangers = {(person.name, bytes(person.phone_index)): person
                          for person in people if person.phone_index and not person.id_index}
        reaching = reaches(at)
        self.postings: dict[int, list[Posting]] = defaultdict(list)
        by_pk, units = {person.pk: person for person in people}, {unit.pk: unit for unit in trees.units.values()}
        for posting in Posting.objects.filter(reaching, park=self.park):         # whom and where is read already
            posting.person, posting.unit = by_pk[posting.person_id], units[posting.unit_id]
            self.postings[posting.person_id].append(posting)
        self.assignments: dict[tuple[int, str], list[Assignment]] = defaultdict(list)
        places = {place.pk: place for place in trees.places.values()}
        for each in Assignment.objects.filter(reaching, person__park=self.park):
            each.place = places[each.place_id]
            self.assignments[each.person_id, each.kind].append(each)
        self.ever_posted = set(Posting.objects.filter(park=self.park).values_list("person_id", flat=True))
        self.new_people: list[Person] = []
        self.changed_people: dict[int, Person] = {}
        self.ended: list[Posting | Assignment] = []
        self.posted: list[tuple[Person, Sequence[Any]]] = []         # new rows: whose, and what stands in POSTED
        self.assigned: list[tuple[Person, Sequence[Any]]] = []       # ... in ASSIGNED
        self.settled = Settled()

    def take(self, row: WorkerRow, unit: Unit, site: Place) -> None:
        """Take one good row of the file."""
        person = self._person(row)
        if person.pk:
            self._describe(person, row)
        self._post(person, row, unit)
        for kind, column in PLACES.items():
            if column in row.given:
                self._assign(person, row, site, kind, getattr(row, column))

    def leave(self, person: Person, enterprises: set[int]) -> None:
        """Somebody who is no longer on the list of his enterprise has left, and leaves bed, table and seat."""
        self._end([posting for posting in self.postings[person.pk] if posting.enterprise_id in enterprises])
        for kind in PLACES:
            self._end(self.assignments[person.pk, kind])
        self.settled.leavers.append(person)

    def write(self) -> None:
        """Everything at once: people before what hangs on them."""
        append_people(self.park, self.new_people)
        Person.objects.bulk_update(self.changed_people.values(), ["name", "id_sealed", "id_index", "phone_sealed",
                                                                  "phone_index", "remark"], batch_size=300)
        Posting.objects.bulk_update([row for row in self.ended if isinstance(row, Posting)], ["until"], batch_size=500)
        Assignment.objects.bulk_update([row for row in self.ended if isinstance(row, Assignment)], ["until"],
                                       batch_size=500)
        append_rows(Posting, POSTED, ((person.pk, *row) for person, row in self.posted))          # who is new has his number now
        append_rows(Assignment, ASSIGNED, ((person.pk, *row) for person, row in self.assigned))

    def _person(self, row: WorkerRow) -> Person:
        """Known by ID number, or until now by name and phone only, or new."""
        index = self.numbers.id_index(row.id_number)
        person = self.by_id.get(index)
        if person is None and row.phone:
            person = self.strangers.pop((row.name, self.numbers.phone_index(row.phone)), None)
            if person:
                self.changed_people[person.pk] = person.keep_id_number(row.id_number, self.ring)
        if person is None:
            person = self.numbers.somebody_new(row)
            self.new_people.append(person)
        if person.pk not in self.ever_posted:
            self.settled.created += 1
        self.by_id[index] = person
        return person

    def _describe(self, person: Person, row: WorkerRow) -> None:
        """Name, phone and remark as the file says."""
        if person.name != row.name:
            self._changed(person, "name", person.name, row.name)
            person.name = row.name
        wanted = self.numbers.phone_index(row.phone) if row.phone else None
        if "phone" in row.given and wanted != (bytes(person.phone_index) if person.phone_index else None):
            before = person.masked_phone
            self._changed(person, "phone", before, person.keep_phone(row.phone, self.ring).masked_phone)
        if "remark" in row.given and person.remark != row.remark:
            self._changed(person, "remark", person.remark, row.remark)
            person.remark = row.remark

    def _post(self, person: Person, row: WorkerRow, unit: Unit) -> None:
        """The person's posting as the file says: a new row where anything differs from the one that holds."""
        rows = self.postings[person.pk] if person.pk else []
        current = next((posting for posting in rows if posting.until is None), None)
        wanted: dict[str, Any] = {"unit": unit, "post": row.post, "shift": row.shift, "key_post": row.key_post,
                                  "status": row.status, "arrived_on": row.arrived_on}
        if current:
            moves = current.enterprise_id != unit.enterprise_id or UNIT_COLUMNS & row.given
            asked = row.given | ({"unit"} if moves else set())
            wanted = {name: value if name in asked else getattr(current, name) for name, value in wanted.items()}
            differs = [name for name, value in wanted.items() if getattr(current, name) != value]
            for name in differs:
                self._changed(person, name, str(getattr(current, name) or ""), str(wanted[name] or ""))
            if not differs:
                return
        elif person.pk in self.ever_posted:
            self._changed(person, "status", "", row.status)
        self._end(rows)
        posted = wanted.pop("unit")
        self.posted.append((person, (self.park.pk, posted.pk, posted.enterprise_id, self._begins(person, row), *wanted.values())))

    def _assign(self, person: Person, row: WorkerRow, site: Place, kind: str, name: str) -> None:
        """The person's bed, table or seat as the file says."""
        rows = self.assignments[person.pk, kind] if person.pk else []
        current = next((each for each in rows if each.until is None), None)
        place = self.trees.place(site, kind, name) if name else None
        bed = row.bed if place and kind == PlaceKind.DORM_ROOM else ""
        if current and place and current.place_id == place.pk and "bed" not in row.given:
            bed = current.bed
        held = (current.place_id, current.bed) if current else (None, "")
        if held == (place.pk if place else None, bed):
            return
        self._end(rows)
        if person.pk in self.ever_posted:
            self._changed(person, PLACES[kind], f"{current.place} {current.bed}".strip() if current else "",
                          f"{name} {bed}".strip())
        if place:
            self.assigned.append((person, (place.pk, kind, bed, self._begins(person, row))))

    def _begins(self, person: Person, row: WorkerRow) -> date:
        if person.pk in self.ever_posted:
            return max(self.at, row.arrived_on or self.at)
        return row.arrived_on or self.at

    def _end(self, rows: list[Any]) -> None:
        for row in rows:
            row.until = max(self.at, row.since)
            self.ended.append(row)

    def _changed(self, person: Person, name: str, before: str, after: str) -> None:
        self.changed_people[person.pk] = person
        self.settled.changed.add(person.pk)
        self.settled.changes.append((person.name, name, before, after))
