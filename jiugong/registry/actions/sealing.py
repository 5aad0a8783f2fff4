"""What costs time in a roster and needs no lock: the blind indexes of its numbers, and new people with their numbers sealed.

It is done before the transaction begins. What changes meanwhile does no harm: who became known is found by his index, and
where the keys were turned it is done once more.
"""

from dataclasses import dataclass, field

from jiugong.lib import secrets
from jiugong.registry.logic.facts import RosterFile, WorkerRow
from jiugong.registry.models import Park, Person, id_index, phone_index


@dataclass(frozen=True)
class Sealed:
    """The numbers of a roster's workers under one key ring."""

    park: Park
    ring: secrets.KeyRing
    ids: dict[str, bytes] = field(default_factory=dict)
    phones: dict[str, bytes] = field(default_factory=dict)
    new: dict[bytes, Person] = field(default_factory=dict)        # nobody knew them when this was done; each is taken once

    def id_index(self, number: str) -> bytes:
        return self.ids[number]

    def phone_index(self, number: str) -> bytes:
        return self.phones[number]

    def somebody_new(self, row: WorkerRow) -> Person:
        """Somebody of whom the park knows nothing, as his row says."""
        return self.new.pop(self.ids[row.id_number], None) or _person(self.park, row, self)

    def holds(self) -> bool:
        """Are these still the keys in use?"""
        return self.ring == secrets.ring()


def sealed(park: Park, file: RosterFile) -> Sealed:
    """Make ready what a roster will need. Writes nothing."""
    made = Sealed(park, secrets.ring())
    made.ids.update((row.id_number, id_index(park, row.id_number, made.ring)) for row in file.workers)
    made.phones.update((row.phone, phone_index(park, row.phone, made.ring)) for row in file.workers if row.phone)
    indexes = Person.objects.filter(park=park, id_index__isnull=False).order_by().values_list("id_index", flat=True)
    known = {bytes(index) for index in indexes if index}
    made.new.update((made.ids[row.id_number], _person(park, row, made)) for row in file.workers
                    if made.ids[row.id_number] not in known)
    return made


def _person(park: Park, row: WorkerRow, made: Sealed) -> Person:
    person = Person(park=park, name=row.name, remark=row.remark)
    person.id_sealed = made.ring.seal(row.id_number, where=f"registry_person.id_number.{person.uid}")
    person.id_index = made.ids[row.id_number]
    if row.phone:
        person.phone_sealed = made.ring.seal(row.phone, where=f"registry_person.phone.{person.uid}")
        person.phone_index = made.phones[row.phone]
    return person
