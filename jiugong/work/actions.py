"""Asking for long work, doing it, calling it off, forgetting it. Its times are the machine's, whatever day a demo lives in."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.work import queue
from jiugong.work.errors import TooMuchWork
from jiugong.work.models import Job
from jiugong.work.queries import under_way
from jiugong.work.stages import UNFINISHED, Stage

KEPT_FOR = timedelta(days=1)
MOST_TRIES = 3
MOST_UNFINISHED = 10


def ask(asked: dict[str, Any], *, view: str, title: str, likeness: str, actor: Actor) -> Job:
    """Let the worker answer a request. The same request, while it is under way, is asked once. Raises TooMuchWork."""
    forget_old()
    known = under_way(likeness)
    if known:
        return known
    count = Job.objects.filter(owner=actor.key, stage__in=UNFINISHED).count()
    if count >= MOST_UNFINISHED:
        raise TooMuchWork(count=count)
    job = Job(uid=uuid4(), owner=actor.key, view=view[:80], title=title[:200], likeness=likeness, home=queue.home(),
              asked_at=clock.machine_time())
    job.keep_asked(asked)
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:                                    # sent twice at one moment
        known = under_way(likeness)
        if known is None:
            raise
        return known
    transaction.on_commit(lambda: enqueue(job))
    return job


def enqueue(job: Job) -> None:
    """Put a job's number into the queue."""
    queue.task()(str(job.uid))


def begin(uid: str) -> Job | None:
    """Take a job in hand. None where it is not waiting any more: it was called off, or another took it."""
    taken = Job.objects.filter(uid=uid, stage=Stage.WAITING).update(stage=Stage.RUNNING, began_at=clock.machine_time())
    return Job.objects.filter(uid=uid).first() if taken else None


def end(job: Job, stage: Stage, answer: dict[str, Any] | None = None) -> None:
    """Keep what came of a job."""
    job.stage, job.ended_at = stage, clock.machine_time()
    if answer is not None:
        job.keep_answer(answer)
    job.save(update_fields=["stage", "ended_at", "answer_sealed"])
    queue.forget(str(job.uid))


@transaction.atomic
def cancel(job: Job, *, actor: Actor) -> Job:
    """Call a job off, by its owner. What is being done stops at its next step and gives back what it wrote."""
    job = Job.objects.select_for_update().get(pk=job.pk, owner=actor.key)
    if job.stage == Stage.WAITING:
        job.stage, job.ended_at = Stage.CANCELLED, clock.machine_time()
        job.save(update_fields=["stage", "ended_at"])
    elif job.stage == Stage.RUNNING:
        queue.call_off(str(job.uid))
    return job


def take_up_again() -> int:
    """What the worker had in hand when it stopped waits again; what was tried too often has failed. For its start."""
    ours = Job.objects.filter(home=queue.home())
    ours.filter(stage=Stage.RUNNING, tries__gte=MOST_TRIES - 1).update(stage=Stage.FAILED, ended_at=clock.machine_time())
    for job in ours.filter(stage=Stage.RUNNING):
        job.stage, job.tries = Stage.WAITING, job.tries + 1
        job.save(update_fields=["stage", "tries"])
    queue.queue().storage.flush_queue()
    waiting = list(ours.filter(stage=Stage.WAITING).order_by("asked_at").only("uid"))
    for job in waiting:
        enqueue(job)
    return len(waiting)


def forget_old() -> int:
    """Forget what was asked more than a day ago. Returns how many."""
    gone, _ = Job.objects.filter(asked_at__lte=clock.machine_time() - KEPT_FOR).exclude(stage=Stage.RUNNING).delete()
    return gone
