"""Settling a line of what is to be verified: it is as it is, or was put right elsewhere, with the reason and a name."""

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.people import today_in
from jiugong.tracing.actions.tracing import LONGEST_REASON
from jiugong.tracing.errors import ReasonMissing
from jiugong.tracing.models import Verified
from jiugong.tracing.queries.doubts import doubts_of, lines_of
from jiugong.tracing.words import DoubtKind


@transaction.atomic
def settle_doubt(park: Park, kind: DoubtKind, about: str, *, reason: str, actor: Actor) -> Verified:
    """Say that a line is settled, and why. Twice is answered as once. Raises NotAllowed, ReasonMissing, NotHere."""
    found = next((each for each in doubts_of(actor, park, today_in(park), kind=kind) if each.about == about), None)
    if found is None:
        raise NotHere()
    [line] = lines_of(park, [found], today_in(park))
    actor.must(Can.KEEP_ROSTER, over=line.unit or park)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing(most=LONGEST_REASON)
    park.one_at_a_time()
    before = Verified.objects.filter(park=park, kind=kind, about=about).first()
    if before:
        return before
    now = clock.now()
    settled = Verified.objects.create(park=park, kind=kind, about=about, reason=reason, settled_at=now, settled_by=actor.key,
                                      settled_by_name=actor.name)

    note("doubt.settled", actor=actor, at=now, park_id=park.pk, subject=f"verified:{settled.pk}", kind=kind.value, reason=reason)
    return settled
