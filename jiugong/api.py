"""The JSON API of the house: each room brings its router. Sign in with a session, or with `Authorization: Bearer …`."""

from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, IntegrityError, InterfaceError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import SessionAuth

from jiugong.accounts.api import router as accounts
from jiugong.accounts.models import User
from jiugong.accounts.shift_api import router as shifts
from jiugong.briefs.api import router as briefs
from jiugong.closing.api import router as closing
from jiugong.duties.api import router as duties
from jiugong.http import (
    UNREADABLE,
    AtOneMoment,
    MalformedRequest,
    NotReadable,
    is_twice_at_once,
    refused,
    unauthenticated,
)
from jiugong.journal.api import router as journal
from jiugong.journal.notice_api import router as notices
from jiugong.lasting.api import router as lasting
from jiugong.lib.refusal import Refusal
from jiugong.registry.api import router as registry
from jiugong.registry.badges_api import router as badges
from jiugong.rulebook.api import router as rulebook
from jiugong.screening.advice_api import router as advice
from jiugong.screening.api import router as screening
from jiugong.screening.box_api import router as boxes
from jiugong.screening.conflict_api import router as conflicts
from jiugong.screening.point_api import router as laboratories
from jiugong.screening.retest_api import router as retests
from jiugong.screening.roster_api import router as rosters
from jiugong.standing.api import router as standing
from jiugong.standing.checking_in_api import router as checking_in
from jiugong.standing.worker_api import router as own_page
from jiugong.storage import trouble_of
from jiugong.tracing.drill_api import router as drills
from jiugong.tracing.flagged_api import router as flagged
from jiugong.tracing.incident_api import router as incidents
from jiugong.tracing.interview_api import router as interviews
from jiugong.tracing.order_api import router as orders
from jiugong.tracing.paper_api import router as tracing_papers
from jiugong.tracing.presence_api import router as presence
from jiugong.tracing.quiet_api import router as quiet
from jiugong.tracing.returning_api import router as returnees
from jiugong.tracing.venue_api import router as venues
from jiugong.work.api import router as work


class SignedIn(SessionAuth):
    """A session with its CSRF token, or a token that the middleware knew."""

    def __call__(self, request: HttpRequest) -> Any:
        if getattr(request, "by_token", False):
            return request.user
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if isinstance(request.user, User) else None


api = NinjaAPI(title="Jiugong", version="1", docs_url=None, urls_namespace="api", auth=SignedIn())
api.add_router("/accounts", accounts)
api.add_router("/accounts", shifts)
api.add_router("/registry", registry)
api.add_router("/registry", badges)
api.add_router("/journal", journal)
api.add_router("/journal", notices)
api.add_router("/me", own_page)
api.add_router("/me", checking_in)
api.add_router("/jobs", work)
api.add_router("/closing", closing)
api.add_router("/screening", screening)
api.add_router("/screening", advice)
api.add_router("/screening", laboratories)
api.add_router("/screening", rosters)
api.add_router("/screening", boxes)
api.add_router("/screening", conflicts)
api.add_router("/tracing", flagged)
api.add_router("/screening", retests)
api.add_router("/tracing", incidents)
api.add_router("/tracing", orders)
api.add_router("/tracing", drills)
api.add_router("/tracing", returnees)
api.add_router("/tracing", quiet)
api.add_router("/tracing", tracing_papers)
api.add_router("/duties", duties)
api.add_router("/lasting", lasting)
api.add_router("/standing", standing)
api.add_router("/rulebook", rulebook)
api.add_router("/briefs", briefs)
api.add_router("/tracing", presence)
api.add_router("/tracing", venues)
api.add_router("/tracing", interviews)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, reason: ValidationError) -> HttpResponse:
    """Say which field is wrong and how."""
    details = [{"where": ".".join(str(part) for part in each["loc"]), "wrong": each["msg"]} for each in reason.errors]
    return refused(request, MalformedRequest(details=details))


@api.exception_handler(HttpError)
def unread(request: HttpRequest, reason: HttpError) -> HttpResponse:
    """What ninja says by itself: a body that is no JSON, nobody signed in, a form without its CSRF token."""
    if isinstance(reason, AuthenticationError):
        return unauthenticated()
    if reason.status_code == HTTPStatus.BAD_REQUEST:
        return refused(request, MalformedRequest(details=[{"where": "body", "wrong": str(reason)}]))
    return HttpResponse(status=reason.status_code)                 # `programs_hear_json` gives it its words


@api.exception_handler(Refusal)
def refusal(request: HttpRequest, reason: Refusal) -> HttpResponse:
    return refused(request, reason)


@api.exception_handler(IntegrityError)
def at_one_moment(request: HttpRequest, reason: IntegrityError) -> HttpResponse:
    """Two wrote the same at one moment. Any other broken promise is a mistake of ours, and is not hidden."""
    if not is_twice_at_once(reason):
        raise reason
    return refused(request, AtOneMoment())


@api.exception_handler(DatabaseError)
@api.exception_handler(InterfaceError)
@api.exception_handler(OSError)
def no_storage(request: HttpRequest, reason: Exception) -> HttpResponse:
    """The database or the disk does not take it. Anything else is a mistake of ours."""
    trouble = trouble_of(reason)
    if trouble is None:
        raise reason
    return refused(request, trouble)


def unreadable(request: HttpRequest, _reason: Exception | type[Exception]) -> HttpResponse:
    return refused(request, NotReadable())


for kind in UNREADABLE:
    api.add_exception_handler(kind, unreadable)
