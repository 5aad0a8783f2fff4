"""Putting people in charge and relieving them, one by one: the roster does it by the sheet (`settling_charges.py`)."""

from datetime import date

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.registry.models import Body, Charge, Person, Place, Unit, reaches
from jiugong.registry.words import Role


@transaction.atomic
def put_in_charge(person: Person, over: Place | Unit, role: Role, *, actor: Actor, since: date | None = None,
                  body: Body | None = None) -> Charge:
    """Let somebody answer for a place or a unit from a day on. Whoever already does keeps the charge he has."""
    actor.must(Can.IMPORT_ROSTERS, over=over)
    now = clock.now()
    since = since or days.day_of(now, person.park.zone)
    place, unit = (over, None) if isinstance(over, Place) else (None, over)
    held = Charge.objects.filter(reaches(since), person=person, role=role, place=place, unit=unit, body=body)
    current = held.filter(until=None).first()
    if current and (current.since is None or current.since <= since):
        return current

    if current:
        current.since = since
        current.save(update_fields=["since"])
        charge = current
    else:
        charge = Charge.objects.create(park=person.park, person=person, role=role, place=place, unit=unit, body=body,
                                       since=since)

    note("charge.given", actor=actor, at=now, park_id=person.park_id, subject=f"person:{person.pk}", role=role.value,
         over=over.name, since=since.isoformat())
    return charge


@transaction.atomic
def relieve(charge: Charge, *, actor: Actor, on: date | None = None) -> Charge:
    """End a charge on a day: from that day on somebody else answers. Raises DatesOutOfOrder."""
    over = charge.place or charge.unit or charge.park
    actor.must(Can.IMPORT_ROSTERS, over=over)
    now = clock.now()
    on = on or days.day_of(now, charge.park.zone)
    if charge.since and on < charge.since:
        raise DatesOutOfOrder(since=charge.since.isoformat(), until=on.isoformat())
    if charge.until and charge.until <= on:
        return charge

    charge.until = on
    charge.save(update_fields=["until"])

    note("charge.ended", actor=actor, at=now, park_id=charge.park_id, subject=f"person:{charge.person_id}",
         role=charge.role, over=str(over), until=on.isoformat())
    return charge
