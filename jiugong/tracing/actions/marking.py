"""What only people can say of an incident: when the park was told, and that a paper was sent or written."""

from datetime import datetime

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.tracing.actions.clocking import mark, settle_clock
from jiugong.tracing.actions.incidents import must_be_open, say_when_told
from jiugong.tracing.errors import StepNotMarked, ToldImpossible, ToldTooLate
from jiugong.tracing.models import Case, Incident, Step
from jiugong.tracing.words import StepKind

BY_HAND = (StepKind.REPORTED, StepKind.CORE_FACTS, StepKind.INVESTIGATED)


def tell_when(incident: Incident, at: datetime, *, actor: Actor) -> Incident:
    """Say when the park was really told. Said again, nothing changes. Raises ToldImpossible, ToldTooLate, IncidentClosed."""
    actor.must(Can.HOLD_PEOPLE, over=incident)
    must_be_open(incident)
    first = incident.sampled_at or incident.told_at
    if at > clock.now() or at < first:
        raise ToldImpossible(at=days.local(at, incident.park.zone), first=days.local(first, incident.park.zone))
    if at != incident.told_at and Case.objects.filter(incident=incident).exists():
        raise ToldTooLate()
    return say_when_told(incident, at, actor=actor)


@transaction.atomic
def mark_step(incident: Incident, kind: StepKind, *, actor: Actor, at: datetime | None = None) -> Incident:
    """Say that a step which only a paper shows was done. The first who says it stands; said again, nothing changes.

    Raises StepNotMarked where a step is read from what was done, or has not begun.
    """
    actor.must(Can.DECIDE_CASES, over=incident)
    incident = Incident.objects.select_for_update(of=("self",)).select_related("park").get(pk=incident.pk)
    settle_clock(incident)
    step = Step.objects.filter(incident=incident, kind=kind).first()
    if kind not in BY_HAND or step is None:
        raise StepNotMarked(step=str(StepKind(kind).label))
    if step.met_at:
        return incident
    now = clock.now()
    moment = max(min(at, now) if at else now, step.started_at)
    mark(incident, kind, at=moment, by=actor.key, name=actor.name)

    note("step.marked", actor=actor, at=moment, park_id=incident.park_id, subject=f"incident:{incident.pk}", step=kind.value)
    return incident
