"""The short way for scans: a device that was let in a moment ago does not walk through the whole house for each swab.

It serves the plain case alone: somebody remembered (`accounts/remembering.py`), by token, or by session with its CSRF
token. Whatever is out of the ordinary goes the long way, through Django, which says what is wrong. Both ways read and
answer alike (`screening/receiving.py`).
"""

import asyncio
import logging
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from time import perf_counter
from typing import Any, NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from pydantic import ValidationError
from pydantic_core import to_json

from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import User
from jiugong.accounts.remembering import REMEMBERED, recall
from jiugong.bridge import Answered
from jiugong.lib.acting import Actor
from jiugong.monitoring import QUEUE_SECONDS, QUEUE_WAITING, REQUESTS
from jiugong.registry.models import Park
from jiugong.screening.actions.scans import Answer, Sending
from jiugong.screening.desk import Desk, Visit
from jiugong.screening.receiving import ScansIn, told, understood

VIEW = "scans, the short way"
log = logging.getLogger("jiugong.request")
JSON = [("content-type", "application/json; charset=utf-8"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")]


class Known(NamedTuple):
    """Somebody who was let in a moment ago."""

    user: User
    actor: Actor


class ScanVisit(Visit):
    """One request that waits at the desk, and the future that wakes it."""

    def __init__(self, known: Known, park: Park, sent: ScansIn, language: str, future: "asyncio.Future[Answered]") -> None:
        self.known, self.park, self.sent, self.language, self.future = known, park, sent, language, future
        self.came_at = perf_counter()
        self.outcome: Answered | Exception | None = None
        self._read: tuple[Sending, dict[int, Answer]] | None = None

    def read(self) -> tuple[Park, Sending]:
        if self._read is None:
            self._read = understood(self.park, self.sent, actor=self.known.actor, scanner=self.known.user.person)
        return self.park, self._read[0]

    def answer(self, answers: list[Answer]) -> None:
        sending, shapeless = self._read or (None, {})
        if sending:
            with translation.override(self.language):
                self.outcome = Answered(200, JSON, to_json(told(sending, shapeless, answers)))

    def fail(self, reason: Exception) -> None:
        self.outcome = reason

    def wake(self) -> None:
        """Give the outcome to whoever waits; in the loop's own thread."""
        if self.future.done() or self.outcome is None:
            return
        if isinstance(self.outcome, Exception):
            self.future.set_exception(self.outcome)
        else:
            self.future.set_result(self.outcome)


class ScanDoor:
    """The short way of one server process."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._desk = Desk(self._done)
        self._desk.open()

    @property
    def is_full(self) -> bool:
        return self._desk.is_full

    def is_for(self, scope: Any) -> bool:
        return bool(scope.path == REMEMBERED and scope.method == "POST" and not settings.DEMO)

    def close(self) -> None:
        self._desk.close()

    def whose(self, scope: Any) -> Known | None:
        """Who was let in a moment ago and shows the same token, or the same session and its CSRF token."""
        shown = scope.headers.get("authorization", "")
        if shown.startswith("Bearer "):
            user = recall(("token", token_hash(shown.removeprefix("Bearer ").strip())), User)
        else:
            headers = scope.headers
            cookies = headers.get("cookie", "")
            user = recall(("session", _cookie(cookies, settings.SESSION_COOKIE_NAME)), User)
            if user and not _is_ours(cookies, headers.get("x-csrftoken", ""), headers.get("origin", ""), headers.get("referer", ""),
                                     headers.get("host", ""), scope.scheme):
                return None
        actor = recall(("actor", str(user.pk)), Actor) if user else None
        if user is None or actor is None or scope.headers.get("x-made-by", actor.key) != actor.key:
            return None
        return Known(user, actor)

    async def bind(self, known: Known, body: bytes, scope: Any) -> Answered | None:
        """Bind what was sent; None where the line is full meanwhile. Raises NeedsLongWay."""
        try:
            sent = ScansIn.model_validate_json(body)
        except ValidationError:
            raise NeedsLongWay from None
        park = recall(("park", known.actor.key, sent.park), Park)
        if park is None:
            raise NeedsLongWay
        chosen = _cookie(scope.headers.get("cookie", ""), settings.LANGUAGE_COOKIE_NAME)
        language = _language(chosen, scope.headers.get("accept-language", ""))
        visit = ScanVisit(known, park, sent, language, self._loop.create_future())
        if not self._desk.join(visit):
            return None
        try:
            return await visit.future
        except Exception as reason:          # a refusal, a database that is full, or a mistake of ours
            raise NeedsLongWay from reason

    def _done(self, visits: Sequence[Visit]) -> None:
        self._loop.call_soon_threadsafe(_wake, visits)
        _count([visit for visit in visits if isinstance(visit, ScanVisit)])
        QUEUE_WAITING.set(self._desk.waiting)


class NeedsLongWay(Exception):
    """Django says better what is wrong with this one. Nothing of it was taken, and sending twice is safe anyway."""


def _wake(visits: Sequence[Visit]) -> None:
    for visit in visits:
        if isinstance(visit, ScanVisit):
            visit.wake()


def _count(visits: Sequence[ScanVisit]) -> None:
    """For monitoring and in the log, once for all who were answered together."""
    taken = [visit for visit in visits if isinstance(visit.outcome, Answered)]
    if taken:
        seconds = perf_counter() - min(visit.came_at for visit in taken)
        REQUESTS.labels(VIEW, "POST", "200").inc(len(taken))
        QUEUE_SECONDS.observe(seconds)
        scans = sum(len(visit.sent.scans) for visit in taken)
        log.info("scans", extra={"told": {"view": VIEW, "requests": len(taken), "scans": scans, "ms": round(seconds * 1000, 1)}})


def _no_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@lru_cache(maxsize=20_000)
def _cookie(cookies: str, name: str) -> str:
    return parse_cookie(cookies).get(name, "")


@lru_cache(maxsize=20_000)
def _is_ours(cookies: str, token: str, origin: str, referer: str, host: str, scheme: str) -> bool:
    """Was it sent by a page of ours? Django's own check, which asks nothing but these: what held for them once holds again."""
    said = {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": token, "HTTP_ORIGIN": origin, "HTTP_REFERER": referer, "HTTP_HOST": host}
    request = WSGIRequest({"REQUEST_METHOD": "POST", "PATH_INFO": REMEMBERED, "wsgi.input": BytesIO(), "wsgi.url_scheme": scheme,
                           "SERVER_NAME": "localhost", "SERVER_PORT": "80", **{name: text for name, text in said.items() if text}})
    check = CsrfViewMiddleware(_no_view)
    check.process_request(request)
    return check.process_view(request, _no_view, (), {}) is None


@lru_cache(maxsize=1024)
def _language(chosen: str, accepted: str) -> str:
    """The language of the device: what was chosen here, else what it asks for."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    if chosen:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
    return translation.get_language_from_request(request)
