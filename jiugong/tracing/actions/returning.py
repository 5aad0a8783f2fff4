"""Deciding of a returnee: on post, tested first, or controlled; by a person, with a reason that is kept and shown to him."""

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Person
from jiugong.registry.queries.people import whereabouts
from jiugong.tracing.actions.area_orders import propose_for_area
from jiugong.tracing.errors import NothingTold, ReasonMissing
from jiugong.tracing.logic.returning import Verdict
from jiugong.tracing.models import Returned
from jiugong.tracing.queries.returnees import Judge, returnee_of

LONGEST = 300


@transaction.atomic
def decide_return(person: Person, *, reason: str, actor: Actor) -> Returned:
    """Decide, with a reason, that today's rules hold for a returnee: what follows is theirs, nobody makes it milder or stricter.

    Where the rules control him, an order is proposed, which two people decide. The same decision again changes nothing.
    Raises NotAllowed, NothingTold, ReasonMissing.
    """
    actor.must(Can.CARRY_OUT_ORDERS, over=whereabouts(person))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST or not reason.isprintable():
        raise ReasonMissing(most=LONGEST)
    park = person.park
    park.one_at_a_time()
    now = clock.now()
    day = days.day_of(now, park.zone)
    judged = Judge(park, day, [person.pk]).of(returnee_of(person, day))
    if judged.verdict is None:
        raise NothingTold()
    verdict = judged.verdict
    said = {"outcome": verdict.value, "reason": reason, "because": list(judged.because)}
    row = Returned.objects.filter(person=person, on=day).first()
    if row and all(getattr(row, name) == value for name, value in said.items()):
        return row
    row, _made = Returned.objects.update_or_create(person=person, on=day, defaults={
        **said, "park": park, "decided_at": now, "decided_by": actor.key, "decided_by_name": actor.name})
    if verdict == Verdict.CONTROLLED and judged.match:
        match = judged.match
        propose_for_area(person, match.area.level, left_on=match.left_on, reason="was_in_area_at_risk", at=now, actor=actor,
                         evidence={"area": match.area.name, "stay": match.stay.area, "returned": row.pk})

    note("return.decided", actor=actor, at=now, park_id=park.pk, subject=f"person:{person.pk}", verdict=verdict.value,
         reason=reason)
    return row
