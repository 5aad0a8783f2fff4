"""Saying who works at a point, from a day on. Who keeps the roster of a point's branch settles it."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.registry.models import Person
from jiugong.registry.queries.people import today_in
from jiugong.screening.laboratory_errors import StaffNotHere, StaffTwice
from jiugong.screening.models import Point, PointStaff
from jiugong.screening.words import StaffRole


@transaction.atomic
def assign(person: Person, point: Point, role: StaffRole, *, actor: Actor, since: date | None = None,
           until: date | None = None) -> PointStaff:
    """Let somebody work at a point from a day on. The same again changes nothing.

    Raises StaffNotHere, DatesOutOfOrder, StaffTwice.
    """
    actor.must(Can.KEEP_ROSTER, over=point)
    since = since or today_in(point.park)
    if person.park_id != point.park_id:
        raise StaffNotHere(name=person.name, day=str(since))
    if until and until <= since:
        raise DatesOutOfOrder(since=str(since), until=str(until))
    point.park.one_at_a_time()
    beside = PointStaff.objects.filter(Q(until=None) | Q(until__gt=since), point=point, person=person, role=role)
    beside = beside.filter(since__lt=until) if until else beside
    before = beside.order_by("since").first()
    if before and (before.since, before.until) == (since, until):
        return before
    if before:
        raise StaffTwice(name=person.name, point=point.name, since=str(before.since))

    made = PointStaff.objects.create(park=point.park, point=point, person=person, role=role, since=since, until=until)

    note("staff.assigned", actor=actor, at=clock.now(), park_id=point.park_id, subject=f"person:{person.pk}", role=role.value,
         point=point.name, since=str(since), until=str(until or ""))
    return made


@transaction.atomic
def unassign(assigned: PointStaff, *, actor: Actor, on: date | None = None) -> PointStaff:
    """Let somebody work at a point no longer from a day on. Raises DatesOutOfOrder."""
    actor.must(Can.KEEP_ROSTER, over=assigned.point)
    on = on or today_in(assigned.park)
    if assigned.until and assigned.until <= on:
        return assigned
    if on < assigned.since:
        raise DatesOutOfOrder(since=str(assigned.since), until=str(on))

    assigned.until = on
    assigned.save(update_fields=["until"])

    note("staff.unassigned", actor=actor, at=clock.now(), park_id=assigned.park_id, subject=f"person:{assigned.person_id}",
         role=assigned.role, point=assigned.point.name, until=str(on))
    return assigned
