"""The worker: a process of its own that answers what takes long, one piece after the other, with little claim to the machine.

It answers a kept request with the same view, as the same user, with the powers that he holds at that moment. What it
writes stands in the view's transactions: when it is killed in the middle nothing is half written, and the job waits again.
"""

import io
import logging
import os
import re
import signal
import threading
from base64 import b64decode, b64encode
from contextlib import AbstractContextManager, nullcontext, suppress
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpResponse, QueryDict
from django.urls import resolve
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django_htmx.middleware import HtmxDetails

from jiugong import chores, demo
from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for
from jiugong.http import RefusalsSpeak, sentence_of
from jiugong.journal.actions.notices import remind_keepers
from jiugong.journal.actions.sending import send_due
from jiugong.lib import progress
from jiugong.lib.refusal import Refusal
from jiugong.monitoring import JOB_SECONDS, JOBS
from jiugong.storage import trouble_of
from jiugong.tracing.chores import history_that_is_behind, what_is_late_or_over
from jiugong.work import queue
from jiugong.work.actions import begin, end, forget_old, take_up_again
from jiugong.work.answering import TOKEN_OF_THE_WORKER
from jiugong.work.models import Job
from jiugong.work.stages import Stage

log = logging.getLogger("jiugong.worker")
KIND = 10                                                    # to all others on this machine
WAITS_FOR_A_JOB = 20                                         # seconds, when it is told to stop
LOOKS_EVERY = 0.25
SENDERS, SENDS_EVERY, A_TURN = 2, 2.0, 50                    # threads, seconds, deliveries before it looks whether it is to stop
PAUSE, TRIES = 5.0, 12                                    # seconds, and how often a database is asked again
A_TOKEN = re.compile(rb'((?:name="csrfmiddlewaretoken" value|name="csrf-token" content)=")[A-Za-z0-9]{64}')


def run() -> None:
    """Work until somebody says stop: what is in hand is finished, or given back after a while."""
    from huey.consumer import Consumer

    os.nice(KIND)
    queue.do_jobs_with(_work_off_afresh)
    queue.task()
    take_up_again()
    queue.say_gone()                                         # who was here before us
    queue.say_alive()
    stopping = threading.Event()
    heart = threading.Thread(target=_beat, args=(stopping,), daemon=True)
    heart.start()
    senders = [threading.Thread(target=_send, args=(stopping,), daemon=True) for _number in range(SENDERS)]
    for each in senders:
        each.start()
    threading.Thread(target=chores.do_them, args=(stopping, (history_that_is_behind, what_is_late_or_over)), daemon=True).start()
    log.info("worker", extra={"told": {"state": "started"}})
    consumer = Consumer(queue.queue(), workers=1, periodic=False, max_delay=0.5, shutdown_timeout=WAITS_FOR_A_JOB,
                        graceful_signal="TERM")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    consumer.run()
    stopping.set()
    for each in senders:                                     # what was sent is also written down
        each.join(WAITS_FOR_A_JOB)
    queue.say_gone()
    log.info("worker", extra={"told": {"state": "stopped"}})
    os._exit(0)                                              # a job in hand is given back: its transaction ends with us


def _beat(stopping: threading.Event) -> None:
    while not stopping.wait(queue.SAYS_EVERY):
        with suppress(OSError):                              # a full disk is said elsewhere; we are here all the same
            queue.say_alive()


def _send(stopping: threading.Event) -> None:
    """Send what is due, again and again. What a killed sender had in hand is taken up by the next one."""
    while not stopping.wait(SENDS_EVERY):
        try:
            close_old_connections()
            with _time():
                send_due(most=A_TURN)
                remind_keepers()
        except Exception:
            log.exception("sender")
            stopping.wait(PAUSE)


def _work_off_afresh(uid: str) -> None:
    """Whatever the last job left of its connection, the next one begins with a good one. Without a database it waits again."""
    try:
        close_old_connections()
        work_off(uid)
    except DatabaseError:
        log.exception("job", extra={"told": {"job": uid}})
        sleep(PAUSE)
        queue.task()(uid)


def work_off(uid: str) -> None:
    """Do one job from the queue, and keep what came of it."""
    job = begin(uid)
    if job is None:
        return
    began = monotonic()
    try:
        with progress.told_to(_Heard(uid)), translation.override(job.asked()["language"]), _time():
            stage, answer = _answered(job)
    except progress.Stopped:
        stage, answer = Stage.CANCELLED, None
    except Exception:
        log.exception("job", extra={"told": {"view": job.view, "job": uid}})
        stage, answer = Stage.FAILED, None
    _keep(job, stage, answer)
    forget_old()
    JOBS.labels(job.view, stage.value).inc()
    JOB_SECONDS.labels(job.view).observe(monotonic() - began)
    log.info("job", extra={"told": {"view": job.view, "job": uid, "stage": stage.value, "user": job.owner,
                                    "ms": round((monotonic() - began) * 1000)}})


def _keep(job: Job, stage: Stage, answer: dict[str, Any] | None) -> None:
    """Keep what came of a job, also when the database is full or gone for a moment: it was done, and is not done twice."""
    for left in reversed(range(TRIES)):
        try:
            return end(job, stage, answer)
        except DatabaseError:
            if not left:
                raise
            sleep(PAUSE)
            close_old_connections()
    return None


def _time() -> AbstractContextManager[None]:
    return demo.at_demo_time() if settings.DEMO else nullcontext()


class _Heard:
    """Passes on how far a job is, and stops it when its owner has called it off."""

    def __init__(self, uid: str) -> None:
        self.uid, self.looked = uid, 0.0

    def __call__(self, done: int, total: int) -> None:
        if monotonic() - self.looked < LOOKS_EVERY and done < total:
            return
        self.looked = monotonic()
        if queue.is_called_off(self.uid):
            raise progress.Stopped
        queue.say_progress(self.uid, done, total)


# --- answering as the view would --------------------------------------------------------------------------------------

def _answered(job: Job) -> tuple[Stage, dict[str, Any]]:
    request = _request(job)
    refusal: Refusal | None = None
    try:
        view, args, kwargs = request.resolver_match
        response = view(request, *args, **kwargs)
    except Exception as reason:
        refusal = reason if isinstance(reason, Refusal) else trouble_of(reason)
        told = RefusalsSpeak(lambda _request: HttpResponse()).process_exception(request, reason)
        if told is None:
            raise
        response = told
    content = A_TOKEN.sub(rb"\1" + TOKEN_OF_THE_WORKER.encode(), response.content)
    kept = {"status": response.status_code, "content": b64encode(content).decode(),
            "headers": dict(response.headers), "messages": [[each.level, str(each.message)] for each in request._messages]}
    if refusal is not None:
        return Stage.REFUSED, kept | {"refused": refusal.code, "message": sentence_of(refusal)}
    return Stage.DONE, kept


def _request(job: Job) -> Any:
    """The request as it was asked, by whoever asked it, with the powers that he has now."""
    asked = job.asked()
    user = User.objects.get(pk=int(job.owner.removeprefix("user:")), is_active=True)
    host, _colon, port = asked["host"].partition(":")
    scheme = "https" if asked["secure"] else "http"
    request: Any = WSGIRequest({
        "REQUEST_METHOD": asked["method"], "PATH_INFO": asked["path"], "QUERY_STRING": asked["query"], "HTTP_HOST": asked["host"],
        "SERVER_NAME": host, "SERVER_PORT": port or ("443" if asked["secure"] else "80"), "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO()})
    request._post, request._files = _fields(asked), _files(asked)
    request._read_started = True
    request.user, request.actor = user, actor_for(user)
    request.session, request.htmx, request.in_worker = {}, HtmxDetails(request), True
    request._messages = CookieStorage(request)
    request.resolver_match = resolve(asked["path"])
    request.LANGUAGE_CODE = asked["language"]
    return request


def _fields(asked: dict[str, Any]) -> QueryDict:
    fields = QueryDict(mutable=True)
    for name, values in asked["fields"]:
        fields.setlist(name, values)
    return fields


def _files(asked: dict[str, Any]) -> "MultiValueDict[str, InMemoryUploadedFile]":
    files: MultiValueDict[str, InMemoryUploadedFile] = MultiValueDict()
    for name, filename, content in asked["files"]:
        data = b64decode(content)
        files.appendlist(name, InMemoryUploadedFile(io.BytesIO(data), name, filename, None, len(data), None))
    return files
