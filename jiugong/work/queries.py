"""The door to a job, and what waits."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.work import queue
from jiugong.work.errors import JobUnknown
from jiugong.work.models import Job
from jiugong.work.stages import UNFINISHED, Stage


def job_for(actor: Actor, uid: str | UUID) -> Job:
    """The only door from an id to a job: its owner's. Raises JobUnknown."""
    try:
        wanted = uid if isinstance(uid, UUID) else UUID(uid)
    except ValueError:
        raise JobUnknown() from None
    job = Job.objects.filter(uid=wanted, owner=actor.key).first()
    if job is None:
        raise JobUnknown()
    return job


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """The owner's work of the last day, the latest first."""
    return Job.objects.filter(owner=actor.key).defer("asked_sealed", "answer_sealed").order_by("-asked_at", "-pk")


def waiting_here() -> tuple[int, float]:
    """How many jobs wait for our worker, and how many seconds the oldest has waited."""
    moments: list[datetime] = list(Job.objects.filter(home=queue.home(), stage=Stage.WAITING).order_by("asked_at")
                                   .values_list("asked_at", flat=True))
    return len(moments), (clock.machine_time() - moments[0]).total_seconds() if moments else 0.0


def under_way(likeness: str) -> Job | None:
    """The same request, while it is not answered yet."""
    return Job.objects.filter(likeness=likeness, stage__in=UNFINISHED).first()
