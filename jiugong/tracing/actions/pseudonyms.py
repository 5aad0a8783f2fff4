"""Giving people a number in the history: random, once, for everybody of the roster and for whoever logs see beside it."""

import secrets as random
from collections.abc import Iterable, Mapping

from jiugong.lib import secrets
from jiugong.registry.models import Park, Person, id_index
from jiugong.tracing.models import Pseudonym

MOST_PARAMETERS = 5_000
BITS = 62                                    # a whole number that every store and every engine holds


def numbered(park: Park) -> None:
    """See that everybody whom the park knows has a number. Called before anything is asked of the history."""
    _name_the_unknown(park)
    without = Person.objects.filter(park=park, pseudonym=None).order_by("pk").values_list("pk", flat=True)
    Pseudonym.objects.bulk_create([Pseudonym(park=park, person_id=pk, number=fresh()) for pk in without], batch_size=2000,
                                  ignore_conflicts=True)


def pseudonyms_of(park: Park, id_numbers: Iterable[str]) -> Mapping[str, Pseudonym]:
    """Who has which ID number, by the number; whom no roster knows is kept with his number sealed."""
    ring, numbers = secrets.ring(), set(id_numbers)
    numbered(park)
    indexes = {number: id_index(park, number, ring) for number in numbers}
    known: dict[bytes, Pseudonym] = {}
    values = list(indexes.values())
    for at in range(0, len(values), MOST_PARAMETERS):
        part = values[at:at + MOST_PARAMETERS]
        rows = Pseudonym.objects.select_related("person")
        known |= {bytes(each.person.id_index): each for each in rows.filter(park=park, person__id_index__in=part)
                  if each.person and each.person.id_index}
        known |= {bytes(each.id_index): each for each in rows.filter(park=park, id_index__in=part) if each.id_index}
    new = []
    for number, index in indexes.items():
        if index not in known:
            known[index] = Pseudonym(park=park, number=fresh())
            known[index].keep_number(number, ring, index)
            new.append(known[index])
    Pseudonym.objects.bulk_create(new, batch_size=2000)
    return {number: known[index] for number, index in indexes.items()}


def pseudonym_of(person: Person) -> Pseudonym:
    """Under which number somebody of the roster stands; he gets one where he has none."""
    found = Pseudonym.objects.filter(person=person).first()
    if found is None:
        numbered(person.park)
        found = Pseudonym.objects.get(person=person)
    return found


def numbers_known(park: Park, id_numbers: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """For each ID number the row of its pseudonym, and whether the roster knows him: keys alone, for files of thousands."""
    ring, wanted = secrets.ring(), set(id_numbers)
    numbered(park)
    numbers = {id_index(park, number, ring): number for number in wanted}
    values, found = list(numbers), dict[str, tuple[int, bool]]()
    rows = Pseudonym.objects.filter(park=park)
    for at in range(0, len(values), MOST_PARAMETERS):
        part = values[at:at + MOST_PARAMETERS]
        for field, on_roster in (("person__id_index", True), ("id_index", False)):
            listed = rows.filter(**{f"{field}__in": part}).values_list("pk", field)
            found.update({numbers[bytes(index)]: (pk, on_roster) for pk, index in listed})
    missing = wanted - found.keys()
    if missing:
        found.update({number: (each.pk, False) for number, each in pseudonyms_of(park, missing).items()})
    return found


def fresh() -> int:
    return random.randbits(BITS) | 1


def _name_the_unknown(park: Park) -> None:
    """Whom the roster knows by now gets his name; where he has a number already, both stand for him."""
    unknown = list(Pseudonym.objects.filter(park=park, person=None))
    if not unknown:
        return
    people = {bytes(person.id_index): person for person in Person.objects.filter(
        park=park, id_index__in=[each.id_index for each in unknown]).select_related("pseudonym") if person.id_index}
    for each in unknown:
        person = people.get(bytes(each.id_index or b""))
        if person is None:
            continue
        given = getattr(person, "pseudonym", None)
        if given and not _is_seen(given):
            given.delete()
            given = None
        if given is None:
            each.person, each.id_sealed, each.id_index = person, None, None
            each.save(update_fields=["person", "id_sealed", "id_index"])


def _is_seen(given: Pseudonym) -> bool:
    """Does anything stand under this number already?"""
    return any(getattr(given, name).exists() for name in ("presences", "memberships", "cases", "traces", "contacts", "orders"))
