"""Bodies and their members: leading groups, task forces, task groups and inspection teams. The park office keeps them."""

from datetime import date

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.errors import DatesOutOfOrder, faults_told
from jiugong.registry.logic.entries import LONGEST, Unfit, read_day, read_text, read_title
from jiugong.registry.models import Body, BodyMember, Charge, Park, Person, reaches
from jiugong.registry.words import BodyKind, Tier


@transaction.atomic
def create_body(park: Park, kind: BodyKind, name: str, *, actor: Actor, duties: str = "",
                since: date | None = None) -> Body:
    """Set up a body with its duties, or return the one that has this name; one that had ended goes on. Raises EntryWrong."""
    actor.must(Can.KEEP_ROSTER, over=park)
    park.one_at_a_time()
    now = clock.now()
    with faults_told():
        name = read_title("name", tidy_title(name))
        duties = _read_duties(duties)
        since = read_day("since", since or days.day_of(now, park.zone))
    known = Body.objects.filter(park=park, kind=kind, key=name_key(name)).first()
    if known and (known.until is None or known.until > since):
        return known

    if known:
        known.until, known.duties = None, duties or known.duties
        known.save(update_fields=["until", "duties"])
    body = known or Body.objects.create(park=park, kind=kind, name=name, key=name_key(name), duties=duties, since=since)

    note("body.created", actor=actor, at=now, park_id=park.pk, subject=f"body:{body.pk}", kind=kind.value, name=name,
         since=since.isoformat())
    return body


@transaction.atomic
def change_body(body: Body, *, actor: Actor, name: str, duties: str) -> Body:
    """Give a body another name or other duties. Raises EntryWrong."""
    actor.must(Can.KEEP_ROSTER, over=body.park)
    with faults_told():
        name, duties = read_title("name", name), _read_duties(duties)
        if Body.objects.filter(park=body.park, kind=body.kind, key=name_key(name)).exclude(pk=body.pk).exists():
            raise Unfit("name", "body_known")
    told = [(field, before, after) for field, before, after in
            (("name", body.name, name), ("duties", body.duties, duties)) if before != after]

    body.name, body.key, body.duties = name, name_key(name), duties
    body.save(update_fields=["name", "key", "duties"])

    for field, before, after in told:
        note("body.changed", actor=actor, at=clock.now(), park_id=body.park_id, subject=f"body:{body.pk}", body=name,
             field=field, before=before[:200], after=after[:200])
    return body


@transaction.atomic
def end_body(body: Body, *, actor: Actor, on: date) -> Body:
    """From a day on a body is no more: its seats and the charges within it end with it. Raises DatesOutOfOrder, EntryWrong."""
    actor.must(Can.KEEP_ROSTER, over=body.park)
    with faults_told():
        on = read_day("on", on)
    if body.since and on < body.since:
        raise DatesOutOfOrder(since=body.since.isoformat(), until=on.isoformat())
    if body.until and body.until <= on:
        return body

    body.until = on
    body.save(update_fields=["until"])
    for model in (BodyMember, Charge):
        for row in model._default_manager.filter(reaches(on), body=body):
            row.until = max(on, row.since) if row.since else on
            row.save(update_fields=["until"])

    note("body.ended", actor=actor, at=clock.now(), park_id=body.park_id, subject=f"body:{body.pk}", body=body.name,
         until=on.isoformat())
    return body


@transaction.atomic
def seat(person: Person, body: Body, tier: Tier, *, actor: Actor, duty: str = "",
         since: date | None = None) -> BodyMember:
    """Give somebody a seat in a body, on a tier and with a duty. A seat that he holds on another tier ends.

    Raises DatesOutOfOrder where the body does not exist on that day, EntryWrong.
    """
    actor.must(Can.KEEP_ROSTER, over=body.park)
    now = clock.now()
    with faults_told():
        since = read_day("since", since or days.day_of(now, body.park.zone))
        duty = read_text("duty", duty, longest="duty")
    if body.until and since >= body.until:
        raise DatesOutOfOrder(since=since.isoformat(), until=body.until.isoformat())
    body.park.one_at_a_time()
    held = BodyMember.objects.filter(body=body, person=person, until=None).first()
    if held and (held.tier, held.duty) == (tier.value, duty):
        return held

    if held:
        held.until = max(since, held.since) if held.since else since
        held.save(update_fields=["until"])
    member = BodyMember.objects.create(body=body, person=person, tier=tier, duty=duty, since=since)

    note("body.seated", actor=actor, at=now, park_id=body.park_id, subject=f"person:{person.pk}", body=body.name,
         tier=tier.value, duty=duty, since=since.isoformat())
    return member


@transaction.atomic
def unseat(member: BodyMember, *, actor: Actor, on: date | None = None) -> BodyMember:
    """End a seat on a day. Raises DatesOutOfOrder, EntryWrong."""
    park = member.body.park
    actor.must(Can.KEEP_ROSTER, over=park)
    now = clock.now()
    with faults_told():
        on = read_day("on", on or days.day_of(now, park.zone))
    if member.since and on < member.since:
        raise DatesOutOfOrder(since=member.since.isoformat(), until=on.isoformat())
    if member.until and member.until <= on:
        return member

    member.until = on
    member.save(update_fields=["until"])

    note("body.unseated", actor=actor, at=now, park_id=park.pk, subject=f"person:{member.person_id}",
         body=member.body.name, until=on.isoformat())
    return member


def _read_duties(duties: str) -> str:
    """What a body is for, in as many lines as it takes. Raises Unfit."""
    text = duties.strip()
    if len(text) > LONGEST["duties"]:
        raise Unfit("duties", "too_long", longest=LONGEST["duties"])
    return text
