"""My long work: how far it is, its answer, calling it off."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import actor_of
from jiugong.work import queue
from jiugong.work.actions import MOST_UNFINISHED, cancel
from jiugong.work.answering import HAS_WORK, answer_of, as_data
from jiugong.work.errors import JobNotReady
from jiugong.work.queries import job_for, jobs_of
from jiugong.work.stages import Stage

SHOWN = 5 * MOST_UNFINISHED
LOOK_AGAIN = 3                                               # seconds, without a script


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I asked for since yesterday, the latest first."""
    jobs = list(jobs_of(actor_of(request))[:SHOWN])
    answer = render(request, "work/mine.html", {"jobs": jobs, "zone": settings.PARK_TIME_ZONE})
    if not jobs:
        answer.delete_cookie(HAS_WORK)
    return answer


@require_GET
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One piece of work: a bar that moves while it is done, and the way to its answer."""
    job = job_for(actor_of(request), uid)
    told = as_data(job)
    return render(request, "work/one.html", {
        "job": job, "told": told, "look_again": LOOK_AGAIN, "is_called_off": job.is_unfinished and queue.is_called_off(str(uid)),
        "is_silent": job.is_unfinished and not queue.is_heard()})


@require_GET
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What came of a form that was sent. Raises JobNotReady."""
    job = job_for(actor_of(request), uid)
    if job.stage not in (Stage.DONE, Stage.REFUSED):
        raise JobNotReady(stage=job.stage, retry_after=LOOK_AGAIN)
    return answer_of(job, request)


@require_POST
def call_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    job = cancel(job_for(actor_of(request), uid), actor=actor_of(request))
    messages.info(request, _("%(title)s is called off. Nothing of it was written.") % {"title": job.title}
                  if job.stage != Stage.DONE else _("%(title)s was done already.") % {"title": job.title})
    return redirect("work")
