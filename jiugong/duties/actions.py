"""The only code that records evidence and excuses."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from jiugong.duties.errors import (
    ClientIdReused,
    EvidenceKindUnknown,
    EvidenceMisshapen,
    ExcuseNeedsReason,
    ExcuseTooLong,
    FutureEvidence,
)
from jiugong.duties.logic import KINDS, Misshapen
from jiugong.duties.models import Evidence, Excuse
from jiugong.duties.queries import Subject, subject_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.registry.queries.people import Whereabouts, whereabouts

LONGEST_EXCUSE_DAYS = 90
SKEW = timedelta(minutes=5)                  # a phone's clock may be a little fast


@transaction.atomic
def record(park: Park, subject: Subject, *, kind: str, data: Mapping[str, object], happened_at: datetime,
           client_id: str, actor: Actor) -> Evidence:
    """Record what somebody has done. The same `client_id` again is answered as the first time.

    Raises EvidenceKindUnknown, EvidenceMisshapen, FutureEvidence, ClientIdReused.
    """
    actor.must(Can.RECORD_EVIDENCE, over=_rooted(subject))
    now = clock.now()
    read_as = KINDS.get(kind)
    if read_as is None:
        raise EvidenceKindUnknown(kind=kind, known=", ".join(KINDS))
    try:
        read = read_as(data)
    except Misshapen as reason:
        raise EvidenceMisshapen(field=reason.field, wrong=reason.wrong) from reason
    if happened_at > now + SKEW:
        raise FutureEvidence(happened_at=happened_at.isoformat())

    about = _about(subject)
    evidence, is_new = Evidence.objects.get_or_create(
        park=park, client_id=client_id,
        defaults={**about, "kind": kind, "data": dict(read.data), "valid": read.valid, "received_at": now,
                  "happened_at": min(happened_at, now), "recorded_by": actor.key})
    same = (evidence.kind, evidence.person_id, evidence.unit_id, evidence.place_id) == (
        kind, *(getattr(about.get(name), "pk", None) for name in ("person", "unit", "place")))
    if not is_new and not (same and evidence.data == dict(read.data)):
        raise ClientIdReused(client_id=client_id)
    return evidence


@transaction.atomic
def excuse(park: Park, subject: Subject, *, reason: str, since_at: datetime, until_at: datetime, actor: Actor,
           duty: str = "") -> Excuse:
    """Excuse somebody from one duty, or from all, for a while. The same excuse again changes nothing.

    Raises ExcuseNeedsReason, ExcuseTooLong.
    """
    actor.must(Can.EXCUSE, over=_rooted(subject))
    if not reason.strip():
        raise ExcuseNeedsReason()
    if not since_at < until_at <= since_at + timedelta(days=LONGEST_EXCUSE_DAYS):
        raise ExcuseTooLong(most=LONGEST_EXCUSE_DAYS)

    now = clock.now()
    given, is_new = Excuse.objects.get_or_create(
        park=park, **_about(subject), duty=duty, since_at=since_at, until_at=until_at, withdrawn_at=None,
        defaults={"reason": reason.strip(), "decided_by": actor.key, "decided_by_name": actor.name, "decided_at": now})

    if is_new:
        note("excuse.given", actor=actor, at=now, park_id=park.pk, subject=f"excuse:{given.pk}", duty=duty,
             until=until_at.isoformat())
    return given


@transaction.atomic
def withdraw(given: Excuse, *, actor: Actor) -> Excuse:
    """End an excuse now; what it excused until now stays excused. Withdrawing it again changes nothing."""
    actor.must(Can.EXCUSE, over=_rooted(subject_of(given)))
    now = clock.now()

    won = Excuse.objects.filter(pk=given.pk, withdrawn_at=None).update(withdrawn_at=now)      # compare and set
    given.refresh_from_db()

    if won:
        note("excuse.withdrawn", actor=actor, at=now, park_id=given.park_id, subject=f"excuse:{given.pk}")
    return given


def _rooted(subject: Subject) -> Unit | Place | Whereabouts:
    return whereabouts(subject) if isinstance(subject, Person) else subject


def _about(subject: Subject) -> dict[str, Subject]:
    for name, kind in (("person", Person), ("unit", Unit), ("place", Place)):
        if isinstance(subject, kind):
            return {name: subject}
    raise TypeError(subject)
