"""Somebody objects to what is kept about him, and an officer answers, with a reason."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from jiugong.lasting.errors import AnsweredBefore, AnswerUnclear, ObjectionUnclear, TooManyObjections
from jiugong.lasting.models import Objection
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.keeping import PURPOSES
from jiugong.registry.models import Person

ANSWERED_WITHIN = timedelta(days=30)               # assumption: GB/T 35273-2020 asks for thirty days; quoted from memory
MOST_OPEN = 5


@transaction.atomic
def object_to(person: Person, *, purpose: str, text: str, client_id: str, actor: Actor) -> Objection:
    """Write an objection. The same `client_id` again is the same one. Raises ObjectionUnclear, TooManyObjections."""
    park = person.park
    park.one_at_a_time()
    known = Objection.objects.filter(park=park, client_id=client_id, person=person).first()
    if known:
        return known
    text, now = text.strip()[:1000], clock.now()
    if purpose not in PURPOSES or not text or not 0 < len(client_id) <= 80:
        raise ObjectionUnclear()
    if (count := Objection.objects.filter(person=person, granted=None).count()) >= MOST_OPEN:
        raise TooManyObjections(count=count)

    number = (Objection.objects.filter(park=park).aggregate(last=Max("number"))["last"] or 0) + 1
    objection = Objection.objects.create(
        park=park, number=number, client_id=client_id, person=person, purpose=purpose, text=text, written_at=now,
        due_on=days.day_of(now + ANSWERED_WITHIN, park.zone))

    note("objection.written", actor=actor, at=now, park_id=park.pk, subject=f"objection:{number}", of=purpose)
    return objection


@transaction.atomic
def answer(objection: Objection, *, granted: bool | None, reason: str, actor: Actor) -> Objection:
    """Answer an objection: yes or no, and why. The same answer again changes nothing. Raises AnswerUnclear, AnsweredBefore."""
    actor.must(Can.ANSWER_OBJECTIONS, over=objection.park)
    held = Objection.objects.select_for_update(of=("self",)).select_related("park", "person").get(pk=objection.pk)
    reason = reason.strip()[:1000]
    if held.granted is not None:
        if (held.granted, held.answer, held.answered_by) == (granted, reason, actor.key):
            return held
        raise AnsweredBefore()
    if granted is None or not reason:
        raise AnswerUnclear()

    held.granted, held.answer, held.answered_at = granted, reason, clock.now()
    held.answered_by, held.answered_by_name = actor.key, actor.name
    held.save(update_fields=["granted", "answer", "answered_at", "answered_by", "answered_by_name"])

    note("objection.answered", actor=actor, at=held.answered_at, park_id=held.park_id, subject=f"objection:{held.number}",
         passed=granted)
    return held
