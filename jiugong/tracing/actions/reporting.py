"""Saying that a report was sent: who, when, to whom. The first one meets the step of reporting, the final one the investigation."""

from datetime import datetime

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.tracing.actions.clocking import mark, settle_clock
from jiugong.tracing.models import Incident, SentReport, Step
from jiugong.tracing.paper_errors import ReportMisshapen
from jiugong.tracing.queries.reporting import reported
from jiugong.tracing.report_models import ReportKind
from jiugong.tracing.words import StepKind

LONGEST_ADDRESSEE, LONGEST_ID = 120, 64
MEETS = {ReportKind.FIRST: StepKind.REPORTED, ReportKind.FINAL: StepKind.INVESTIGATED}


@transaction.atomic
def say_sent(incident: Incident, kind: ReportKind, *, to: str, client_id: str, actor: Actor,
             at: datetime | None = None) -> SentReport:
    """Say that a report was sent. Said again under the same id, nothing changes; a step that was met stays as it was met.

    Raises ReportMisshapen, NotAllowed.
    """
    actor.must(Can.DECIDE_CASES, over=incident)
    to, now = to.strip(), clock.now()
    incident = Incident.objects.select_for_update(of=("self",)).select_related("park").get(pk=incident.pk)
    moment = at or now
    if not (0 < len(to) <= LONGEST_ADDRESSEE and to.isprintable() and 0 < len(client_id) <= LONGEST_ID
            and client_id.isprintable() and incident.told_at <= moment <= now):
        raise ReportMisshapen(most=LONGEST_ADDRESSEE)
    before = SentReport.objects.filter(incident=incident, client_id=client_id).first()
    if before:
        return before
    sent = SentReport.objects.create(
        incident=incident, kind=kind, client_id=client_id, sent_at=moment, sent_to=to, sent_by=actor.key, sent_by_name=actor.name,
        figures=reported(actor, incident).figures())
    _meet(incident, kind, moment, actor)

    note("report.sent", actor=actor, at=moment, park_id=incident.park_id, subject=f"incident:{incident.pk}", kind=kind.value, to=to)
    return sent


def _meet(incident: Incident, kind: ReportKind, at: datetime, actor: Actor) -> None:
    """Meet the step of the clock that waits for this report, where it has begun and is still open."""
    step = MEETS.get(kind)
    settle_clock(incident)
    if step and Step.objects.filter(incident=incident, kind=step, met_at=None).exists():
        mark(incident, step, at=at, by=actor.key, name=actor.name)
