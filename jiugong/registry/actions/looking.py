"""Showing numbers in full: for a reason, and never without a trace."""

from collections.abc import Sequence

from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import ReasonNeeded
from jiugong.registry.models import Person
from jiugong.registry.queries.people import whereabouts

FIELDS = {"id_number": Person.open_id_number, "phone": Person.open_phone}


def show_in_full(person: Person, *, actor: Actor, reason: str, fields: Sequence[str] = tuple(FIELDS)) -> dict[str, str]:
    """A person's ID number and phone in full. The look is journalled with its reason. Raises ReasonNeeded."""
    actor.must(Can.SHOW_IDENTITY, over=whereabouts(person))
    if not reason.strip():
        raise ReasonNeeded()

    looked(actor=actor, park_id=person.park_id, person_ids=[person.pk], fields=tuple(fields), reason=reason.strip(),
           at=clock.now())
    ring = secrets.ring()
    return {field: FIELDS[field](person, ring) for field in fields}
