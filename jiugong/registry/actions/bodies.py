"""Bodies and their members: leading groups, task forces, task groups and inspection teams."""

from datetime import date

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.registry.models import Body, BodyMember, Park, Person
from jiugong.registry.words import BodyKind, Tier


@transaction.atomic
def create_body(park: Park, kind: BodyKind, name: str, *, actor: Actor, duties: str = "",
                since: date | None = None) -> Body:
    """Set up a body with its duties, or return the one that already has this name."""
    actor.must(Can.IMPORT_ROSTERS, over=park)
    name = tidy_title(name)
    known = Body.objects.filter(park=park, kind=kind, key=name_key(name)).first()
    if known:
        return known
    now = clock.now()

    body = Body.objects.create(park=park, kind=kind, name=name, key=name_key(name), duties=duties,
                               since=since or days.day_of(now, park.zone))

    note("body.created", actor=actor, at=now, park_id=park.pk, subject=f"body:{body.pk}", kind=kind.value, name=name)
    return body


@transaction.atomic
def seat(person: Person, body: Body, tier: Tier, *, actor: Actor, duty: str = "",
         since: date | None = None) -> BodyMember:
    """Give somebody a seat in a body, on a tier and with a duty. A seat that he holds on another tier ends."""
    actor.must(Can.IMPORT_ROSTERS, over=body.park)
    now = clock.now()
    since = since or days.day_of(now, body.park.zone)
    held = BodyMember.objects.filter(body=body, person=person, until=None).first()
    if held and (held.tier, held.duty) == (tier.value, duty):
        return held

    if held:
        held.until = max(since, held.since) if held.since else since
        held.save(update_fields=["until"])
    member = BodyMember.objects.create(body=body, person=person, tier=tier, duty=duty, since=since)

    note("body.seated", actor=actor, at=now, park_id=body.park_id, subject=f"person:{person.pk}", body=body.name,
         tier=tier.value, duty=duty)
    return member


@transaction.atomic
def unseat(member: BodyMember, *, actor: Actor, on: date | None = None) -> BodyMember:
    """End a seat on a day. Raises DatesOutOfOrder."""
    park = member.body.park
    actor.must(Can.IMPORT_ROSTERS, over=park)
    now = clock.now()
    on = on or days.day_of(now, park.zone)
    if member.since and on < member.since:
        raise DatesOutOfOrder(since=member.since.isoformat(), until=on.isoformat())
    if member.until and member.until <= on:
        return member

    member.until = on
    member.save(update_fields=["until"])

    note("body.unseated", actor=actor, at=now, park_id=park.pk, subject=f"person:{member.person_id}",
         body=member.body.name, until=on.isoformat())
    return member
