"""Putting people in charge and relieving them, one by one: the roster does it by the sheet (`settling_charges.py`)."""

from datetime import date

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.errors import ChargeNeedsOffice, DatesOutOfOrder, faults_told
from jiugong.registry.logic.entries import read_day
from jiugong.registry.models import Body, Charge, Park, Person, Place, Unit, reaches
from jiugong.registry.words import Role

# Who does the work of a branch is settled by whoever keeps its roster; who stands above it, by the office of the park.
SETTLED_BELOW = frozenset((Role.SAMPLER, Role.SCANNER, Role.WORKSHOP_LEADER, Role.TEAM_LEADER))


def may_settle(actor: Actor, role: Role, over: Place | Unit | Park) -> bool:
    """May the actor say who holds this role over this?

    A prevention officer keeps the roster of his enterprise: he puts workshop and team leaders, samplers and scanning
    officers in charge there. Chiefs, prevention officers and whoever serves an enterprise from outside are above him:
    only the park office settles them, so nobody chooses his own superior, and nobody makes himself one.
    """
    thing = over if role in SETTLED_BELOW or isinstance(over, Park) else Park(pk=over.park_id)
    return actor.may(Can.KEEP_ROSTER, over=thing)


@transaction.atomic
def put_in_charge(person: Person, over: Place | Unit, role: Role, *, actor: Actor, since: date | None = None,
                  body: Body | None = None) -> Charge:
    """Let somebody answer for a place or a unit from a day on. Whoever already does keeps the charge he has.

    Raises ChargeNeedsOffice, EntryWrong.
    """
    _must_settle(actor, role, over)
    now = clock.now()
    since = since or days.day_of(now, person.park.zone)
    with faults_told():
        since = read_day("since", since)
    person.park.one_at_a_time()
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
    """End a charge on a day: from that day on somebody else answers. Raises ChargeNeedsOffice, DatesOutOfOrder, EntryWrong."""
    over = charge.place or charge.unit or charge.park
    _must_settle(actor, Role(charge.role), over)
    now = clock.now()
    on = on or days.day_of(now, charge.park.zone)
    with faults_told():
        on = read_day("on", on)
    if charge.since and on < charge.since:
        raise DatesOutOfOrder(since=charge.since.isoformat(), until=on.isoformat())
    if charge.until and charge.until <= on:
        return charge

    charge.until = on
    charge.save(update_fields=["until"])

    note("charge.ended", actor=actor, at=now, park_id=charge.park_id, subject=f"person:{charge.person_id}",
         role=charge.role, over=str(over), until=on.isoformat())
    return charge


def _must_settle(actor: Actor, role: Role, over: Place | Unit | Park) -> None:
    """Raises NotAllowed where the thing is not the actor's, ChargeNeedsOffice where it is and the role is above him."""
    actor.must(Can.KEEP_ROSTER, over=over)
    if not may_settle(actor, role, over):
        raise ChargeNeedsOffice(role=str(role.label))
