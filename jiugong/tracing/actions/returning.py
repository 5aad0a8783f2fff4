"""Deciding of a returnee: on post, tested first, or controlled; by a person, with a reason that is kept and shown to him."""

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Person
from jiugong.registry.queries.people import whereabouts
from jiugong.tracing.actions.area_orders import propose_for_area
from jiugong.tracing.errors import NothingTold, ReasonMissing, VerdictTooMild
from jiugong.tracing.logic.returning import Judged, Verdict
from jiugong.tracing.models import Returned
from jiugong.tracing.queries.returnees import Judge, returnee_of
from jiugong.tracing.words import VerdictWord

LONGEST = 300


@transaction.atomic
def decide_return(person: Person, verdict: str, *, reason: str, actor: Actor) -> Returned:
    """Decide what a returnee may do, today. Stricter than the rules is for people to say; milder than they is refused.

    Where the rules control him, an order is proposed, which two people decide. The same decision again changes nothing.
    Raises NotAllowed, NothingTold, VerdictTooMild, ReasonMissing.
    """
    actor.must(Can.CARRY_OUT_ORDERS, over=whereabouts(person))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST or not reason.isprintable() or verdict not in VerdictWord.values:
        raise ReasonMissing(most=LONGEST)
    park = person.park
    park.one_at_a_time()
    now = clock.now()
    day = days.day_of(now, park.zone)
    judged = Judge(park, day, [person.pk]).of(returnee_of(person, day))
    _must_be_enough(judged, Verdict(verdict))
    said = {"verdict": verdict, "reason": reason, "because": list(judged.because)}
    row = Returned.objects.filter(person=person, on=day).first()
    if row and all(getattr(row, name) == value for name, value in said.items()):
        return row
    row, _made = Returned.objects.update_or_create(person=person, on=day, defaults={
        **said, "park": park, "decided_at": now, "decided_by": actor.key, "decided_by_name": actor.name})
    if verdict == Verdict.CONTROLLED and judged.match:
        match = judged.match
        propose_for_area(person, match.area.level, left_on=match.left_on, reason="was_in_area_at_risk", at=now, actor=actor,
                         evidence={"area": match.area.name, "stay": match.stay.area, "returned": row.pk})

    note("return.decided", actor=actor, at=now, park_id=park.pk, subject=f"person:{person.pk}", verdict=verdict, reason=reason)
    return row


def _must_be_enough(judged: Judged, verdict: Verdict) -> None:
    if judged.verdict is None:
        raise NothingTold()
    order = list(Verdict)
    if order.index(verdict) < order.index(judged.verdict):
        raise VerdictTooMild(verdict=str(VerdictWord(judged.verdict).label))
