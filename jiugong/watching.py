"""Around every request: it gets a number, it is counted, and one line in the log says what became of it.

What is written down is the view's name, never the address: addresses hold ids and codes, and what is asked behind a `?`
holds names.
"""

import logging
import re
import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from jiugong.http import Handler
from jiugong.logs import NUMBER
from jiugong.monitoring import DATABASE_QUESTIONS, DATABASE_SECONDS, IN_FLIGHT, REQUEST_SECONDS, REQUESTS

NOWHERE, A_FILE = "-", "static"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
log = logging.getLogger("jiugong.request")


class _Asked:
    """How often and how long a request asked the database."""

    def __init__(self) -> None:
        self.times, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.times += 1
            self.seconds += perf_counter() - began


def watched(get_response: Handler) -> Handler:
    """Number a request, count it, log it. The number that a proxy or a phone gave it is kept where it is a sane one."""
    def handle(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if SANE.fullmatch(given) else secrets.token_hex(8)
        token, asked, began = NUMBER.set(number), _Asked(), perf_counter()
        IN_FLIGHT.inc()
        try:
            with connection.execute_wrapper(asked):
                response = get_response(request)
            response.headers["X-Request-ID"] = number
            _tell(request, response, asked, perf_counter() - began)
        finally:
            IN_FLIGHT.dec()
            NUMBER.reset(token)
        return response
    return handle


def _tell(request: HttpRequest, response: HttpResponse, asked: _Asked, seconds: float) -> None:
    view, method = view_of(request), request.method if request.method in METHODS else "OTHER"
    REQUESTS.labels(view, method, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(view).observe(seconds)
    if asked.times:
        DATABASE_SECONDS.labels(view).inc(asked.seconds)
        DATABASE_QUESTIONS.labels(view).inc(asked.times)
    if view != A_FILE:
        log.info("request", extra={"told": {
            "view": view, "method": method, "status": response.status_code, "ms": round(seconds * 1000, 1),
            "db_ms": round(asked.seconds * 1000, 1), "queries": asked.times, **_whose(request)}})


def view_of(request: HttpRequest) -> str:
    """The name of the view that answers: few, and without anybody's id."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return A_FILE if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") else NOWHERE
    return str(match.view_name or NOWHERE)


def _whose(request: HttpRequest) -> dict[str, str]:
    """Who asked, as the journal keys them, and about which park. Nobody is looked up for it."""
    user = getattr(request, "_cached_user", None) or (request.user if hasattr(request, "by_token") else None)
    number = getattr(user, "pk", None)
    match = getattr(request, "resolver_match", None)
    told = {"user": f"user:{number}"} if number else {}
    if match and "park" in match.kwargs:
        told["park"] = str(match.kwargs["park"])
    return told
