"""Matching walk-ins: swabs of people whom the roster did not know when they were taken."""

from django.db import transaction

from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.clock import now
from jiugong.registry.models import Park, Person
from jiugong.screening.actions.ledger import in_parts
from jiugong.screening.models import Specimen


@transaction.atomic
def match_walk_ins(park_id: int, *, actor: Actor) -> int:
    """Give every walk-in whom the roster knows by now his name. Returns how many specimens were matched."""
    park = Park.objects.get(pk=park_id)
    actor.must(Can.IMPORT_RECORDS, over=park)
    strangers = list(Specimen.objects.filter(park=park, kind="person", person=None, id_index__isnull=False))
    if not strangers:
        return 0
    people = {bytes(person.id_index): person for person in in_parts(
        Person.objects.filter(park=park), "id_index", {bytes(each.id_index or b"") for each in strangers})}
    matched = [each for each in strangers if bytes(each.id_index or b"") in people]
    for specimen in matched:
        specimen.person = people[bytes(specimen.id_index or b"")]
        specimen.id_sealed = specimen.id_index = None
    Specimen.objects.bulk_update(matched, ["person", "id_sealed", "id_index"], batch_size=500)

    if matched:
        note("walk_ins.matched", actor=actor, at=now(), park_id=park.pk, specimens=len(matched))
    return len(matched)
