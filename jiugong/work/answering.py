"""A view that may take long says so; what it answers is then made by the worker and fetched from the same address."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from jiugong.http import actor_of
from jiugong.settings import setting
from jiugong.work import queue
from jiugong.work.actions import ask
from jiugong.work.models import Job
from jiugong.work.queries import job_for
from jiugong.work.stages import Stage

View = Callable[..., HttpResponse]

FETCHED = "work"                                             # ?work=… fetches an answer that was made by the worker
HAS_WORK = "work"                                            # the cookie that lets a page show the way back to it
A_DAY = 24 * 3600
TOKEN_OF_THE_WORKER = "w" * 64                               # noqa: S105 — stands for the reader's own until he reads it


def may_take_long(title: Callable[..., str], when: Callable[..., bool]) -> Callable[[View], View]:
    """The view's request is answered by the worker where it is heard from and `when(request, …)` says that it is long.

    `title(request, …)` is what the owner sees while he waits. The view itself asks who may.
    """
    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if is_in_worker(request):
                return view(request, **kwargs)
            if request.method == "GET" and request.GET.get(FETCHED):
                made = _made(request)
                if made is not None:
                    return made
            if not _worker_takes_it() or not when(request, **kwargs):
                return view(request, **kwargs)
            return _later(request, title(request, **kwargs))
        return answer
    return around


def is_in_worker(request: HttpRequest) -> bool:
    """Is it the worker who answers this request?"""
    return hasattr(request, "in_worker")


def _worker_takes_it() -> bool:
    return setting("JIUGONG_WORKER") != "never" and queue.is_heard()


def _later(request: HttpRequest, title: str) -> HttpResponse:
    actor, match = actor_of(request), request.resolver_match
    query = request.GET.copy()
    query.pop(FETCHED, None)
    asked = {
        "method": request.method, "path": request.path, "query": query.urlencode(), "language": get_language(),
        "host": request.get_host(), "secure": request.is_secure(),
        "fields": [[name, request.POST.getlist(name)] for name in request.POST if name != "csrfmiddlewaretoken"],
        "files": [[name, file.name, b64encode(file.read()).decode()] for name in request.FILES
                  for file in request.FILES.getlist(name)]}
    likeness = hashlib.sha256(json.dumps([actor.key, asked], sort_keys=True).encode()).hexdigest()
    job = ask(asked, view=match.view_name if match else "", title=title, likeness=likeness, actor=actor)
    answer = redirect("work-job", uid=job.uid)
    answer.set_cookie(HAS_WORK, "1", max_age=A_DAY, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


def _made(request: HttpRequest) -> HttpResponse | None:
    """The answer that the worker made for this address and this reader. None where there is none any more."""
    job = job_for(actor_of(request), request.GET[FETCHED])
    if job.stage not in (Stage.DONE, Stage.REFUSED) or job.asked()["path"] != request.path:
        return None
    return answer_of(job, request)


def answer_of(job: Job, request: HttpRequest) -> HttpResponse:
    """What the worker answered, as if it had been answered just now."""
    kept = job.answer()
    content = b64decode(kept["content"])
    if kept["headers"].get("Content-Type", "").startswith("text/html"):
        content = content.replace(TOKEN_OF_THE_WORKER.encode(), get_token(request).encode())
    answer = HttpResponse(content, status=kept["status"], headers=kept["headers"])
    for level, text in kept["messages"]:
        messages.add_message(request, level, text)
    return answer


def next_of(job: Job) -> str:
    """Where its owner goes when a job is done: where the view sent him, or the same address with its answer."""
    kept = job.answer()
    if "Location" in kept.get("headers", {}):
        return str(kept["headers"]["Location"])
    asked = job.asked()
    if asked["method"] != "GET":
        return reverse("work-answer", args=[job.uid])
    query = f"{asked['query']}&" if asked["query"] else ""
    return f"{asked['path']}?{query}{FETCHED}={job.uid}"


def is_file(job: Job) -> bool:
    return "attachment" in job.answer().get("headers", {}).get("Content-Disposition", "")


def as_data(job: Job) -> dict[str, Any]:
    """A job as its owner reads it: how far, and what came of it."""
    done, total = queue.progress(str(job.uid)) if job.stage == Stage.RUNNING else (0, 0)
    told: dict[str, Any] = {"id": str(job.uid), "title": job.title, "stage": job.stage, "done": done, "total": total,
                            "asked_at": job.asked_at, "began_at": job.began_at, "ended_at": job.ended_at}
    if job.stage == Stage.DONE:
        told |= {"next": next_of(job), "is_file": is_file(job)}
    if job.stage == Stage.REFUSED:
        told |= {"refused": job.answer().get("refused"), "message": job.answer().get("message"), "next": next_of(job)}
    return told
