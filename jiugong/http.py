"""Between HTTP and the house: how a refusal becomes a page or JSON, and what browsers may load. Only here are status codes.

Nothing of a room is imported here, so that the lowest room's views may use it. Who acts comes with the request:
`accounts/middleware.py` puts `request.actor` there.
"""

import sys
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import DisallowedHost
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong.lib.acting import Actor
from jiugong.lib.refusal import Refusal
from jiugong.storage import trouble_of

# Days at the edge of the calendar, halves of a sign, signs that the database does not take: never in a true request.
UNREADABLE = (OverflowError, UnicodeEncodeError, DataError)

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join((
    "default-src 'self'", "img-src 'self' data: blob:", "style-src 'self'", "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'", "worker-src 'self' blob:", "object-src 'none'",
    "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'"))

MALFORMED, NOT_FOUND, FORBIDDEN, CONFLICT, TOO_LARGE, UNPROCESSABLE = 400, 404, 403, 409, 413, 422
GONE, TOO_MANY = 410, 429
UNAVAILABLE, FULL = 503, 507
STATUS = {
    "accounts.not_allowed": FORBIDDEN,
    "registry.not_here": NOT_FOUND,
    "registry.park_unknown": NOT_FOUND,
    "registry.upload_gone": NOT_FOUND,
    "registry.upload_too_large": TOO_LARGE,
    "screening.round_unknown": NOT_FOUND,
    "screening.tube_unknown": NOT_FOUND,
    "screening.too_many_scans": TOO_LARGE,
    "screening.too_many_results": TOO_LARGE,
    "duties.too_much_evidence": TOO_LARGE,
    "duties.client_id_reused": CONFLICT,
    "duties.checked_before": CONFLICT,
    "briefs.figure_unknown": NOT_FOUND,
    "briefs.paper_unknown": NOT_FOUND,
    "briefs.client_id_reused": CONFLICT,
    "duties.duty_unknown": NOT_FOUND,
    "screening.tube_sealed": CONFLICT,
    "screening.tube_closed_to_undoing": CONFLICT,
    "screening.scan_unknown": NOT_FOUND,
    "screening.point_unknown": NOT_FOUND,
    "screening.point_exists": CONFLICT,
    "screening.round_exists": CONFLICT,
    "screening.round_withdrawn": CONFLICT,
    "screening.round_has_swabs": CONFLICT,
    "screening.laboratory_exists": CONFLICT,
    "screening.contract_exists": CONFLICT,
    "screening.account_reports_elsewhere": CONFLICT,
    "screening.account_without_laboratory": FORBIDDEN,
    "screening.staff_twice": CONFLICT,
    "screening.conflict_moved": CONFLICT,
    "screening.settlement_id_reused": CONFLICT,
    "screening.box_unknown": NOT_FOUND,
    "screening.sheet_run_unknown": NOT_FOUND,
    "screening.box_under_way": CONFLICT,
    "screening.box_id_reused": CONFLICT,
    "screening.box_closed": CONFLICT,
    "screening.box_moved": CONFLICT,
    "screening.box_not_sealed": CONFLICT,
    "screening.box_not_offered": CONFLICT,
    "screening.box_not_yours": CONFLICT,
    "screening.tube_in_other_box": CONFLICT,
    "screening.nothing_to_explain": CONFLICT,
    "screening.too_many_puts": TOO_LARGE,
    "accounts.user_exists": CONFLICT,
    "accounts.person_tied": CONFLICT,
    "accounts.user_tied": CONFLICT,
    "accounts.shift_twice": CONFLICT,
    "accounts.shift_id_reused": CONFLICT,
    "accounts.not_an_operator": FORBIDDEN,
    "accounts.link_gone": GONE,
    "accounts.wait_first": TOO_MANY,
    "accounts.second_factor_first": FORBIDDEN,
    "accounts.somebody_else": CONFLICT,
    "journal.channel_unknown": NOT_FOUND,
    "journal.delivery_unknown": NOT_FOUND,
    "journal.receipt_unknown": NOT_FOUND,
    "journal.notice_unknown": NOT_FOUND,
    "journal.nothing_to_acknowledge": NOT_FOUND,
    "journal.channel_exists": CONFLICT,
    "journal.notice_id_reused": CONFLICT,
    "journal.nothing_to_decide": CONFLICT,
    "journal.said_by_himself": CONFLICT,
    "journal.address_not_there": CONFLICT,
    "journal.asked_too_often": TOO_MANY,
    "journal.attachment_not_taken": TOO_LARGE,
    "lasting.already_proposed": CONFLICT,
    "lasting.nothing_proposed": CONFLICT,
    "lasting.list_moved": CONFLICT,
    "lasting.emergency_goes_on": CONFLICT,
    "lasting.answered_before": CONFLICT,
    "lasting.too_many_objections": TOO_MANY,
    "tracing.flag_moved": CONFLICT,
    "tracing.stay_id_reused": CONFLICT,
    "web.not_readable": MALFORMED,
    "web.foreign_host": MALFORMED,
    "web.at_one_moment": CONFLICT,
    "registry.badge_unknown": NOT_FOUND,
    "registry.badge_withdrawn": GONE,
    "registry.badge_expired": GONE,
    "registry.wait_first": TOO_MANY,
    "registry.signs_wrong": FORBIDDEN,
    "tracing.no_incident": NOT_FOUND, "tracing.venue_code_unknown": NOT_FOUND, "tracing.venue_code_withdrawn": GONE,
    "tracing.too_many_rows": TOO_LARGE, "tracing.too_many_check_ins": TOO_MANY,
    **dict.fromkeys(("tracing.incident_closed", "tracing.still_controlled", "tracing.case_moved", "tracing.order_moved",
                     "tracing.order_takes_two", "tracing.order_same_hands", "tracing.told_too_late", "tracing.contact_ordered",
                     "tracing.step_not_marked", "tracing.picture_old", "tracing.presence_id_reused", "tracing.not_checked_in",
                     "tracing.no_order_to_print"), CONFLICT),
    "standing.door_closed": FORBIDDEN, "work.job_unknown": NOT_FOUND,
    "work.not_ready": CONFLICT, "work.too_much": TOO_MANY,
    "web.storage_full": FULL,
    "web.storage_read_only": UNAVAILABLE,
    "web.storage_gone": UNAVAILABLE, "web.storage_busy": UNAVAILABLE,
}


class NotReadable(Refusal):
    code = "web.not_readable"
    message = gettext_lazy("The request holds signs, a number or a day that no answer can be given to. Write it again.")


class AtOneMoment(Refusal):
    code = "web.at_one_moment"
    message = gettext_lazy("The same was being written by somebody else at this very moment, so nothing of yours was. "
                           "Look what stands there now, then send it again.")


class ForeignHost(Refusal):
    code = "web.foreign_host"
    message = gettext_lazy("This server does not answer under the name by which it was asked for. Whoever runs it adds the name to "
                           "JIUGONG_ALLOWED_HOSTS and starts it again.")


class MalformedRequest(Refusal):
    code = "api.malformed"
    message = gettext_lazy("The request does not have the shape that this operation takes; see `details`.")


class NotAnswered(Refusal):
    """What stands between a program and its operation: the address, the method, CSRF, the size, or our own mistake."""

    code = "api.not_answered"
    message = gettext_lazy("The request was not answered (%(status)s %(reason)s), and nothing was changed. Look at its address, "
                    "method, token and size.")


class ActingRequest(HttpRequest):
    """A request of somebody who is signed in: `actor` says who, with which powers."""

    actor: Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in a request. There is nobody where nobody is signed in, so call it only behind the door."""
    return cast(ActingRequest, request).actor


def sentence_of(refusal: Refusal) -> str:
    """A refusal's sentence in the language of the reader."""
    return _(str(refusal.message)) % refusal.facts


def is_twice_at_once(reason: Exception) -> bool:
    """Did two write the same row at one moment? Both databases name the promise that it may stand there once."""
    return isinstance(reason, IntegrityError) and "unique" in str(reason).lower()


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def under_our_names(get_response: Handler) -> Handler:
    """Whoever asks under a name that is not ours hears what to set, in his language: no page is made for him."""
    def handle(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            with translation.override(translation.get_language_from_request(request)):
                said = sentence_of(ForeignHost())
            if wants_json(request):
                return JsonResponse({"refused": ForeignHost.code, "message": said}, status=MALFORMED,
                                    json_dumps_params={"ensure_ascii": False})
            return HttpResponse(f"{said} [{ForeignHost.code}]\n", status=MALFORMED, content_type="text/plain; charset=utf-8")
        return get_response(request)
    return handle


def only_our_own_files(get_response: Handler) -> Handler:
    """Tell browsers to load nothing from anywhere else, and to keep no page with people's data."""
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
    return handle


def programs_hear_json(get_response: Handler) -> Handler:
    """Whatever goes wrong on the way to an operation, a program hears it in the one shape that it knows."""
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        if not wants_json(request) or response.status_code < MALFORMED or is_json:
            return response
        refusal = NotAnswered(status=response.status_code, reason=response.reason_phrase)
        told = JsonResponse({"refused": refusal.code, "message": sentence_of(refusal)}, status=response.status_code,
                            json_dumps_params={"ensure_ascii": False})
        if "Allow" in response.headers:
            told.headers["Allow"] = response.headers["Allow"]
        return told
    return handle


class RefusalsSpeak:
    """Turn a refusal into what the reader understands: a page with the reason and what to do next, or JSON."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """No name, code or number holds a NUL, and a database may refuse to look for one."""
        asked = (request.path, *(text for texts in request.GET.lists() for text in (texts[0], *texts[1])))
        return refused(request, NotReadable()) if any("\0" in text for text in asked) else None

    def process_exception(self, request: HttpRequest, reason: Exception) -> HttpResponse | None:
        if trouble := trouble_of(reason):
            return refused(request, trouble)
        if isinstance(reason, UNREADABLE):
            return refused(request, NotReadable())
        if is_twice_at_once(reason):
            return refused(request, AtOneMoment())
        if not isinstance(reason, Refusal):
            return None
        return refused(request, reason)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal."""
    answer = _told(request, refusal, STATUS.get(refusal.code, UNPROCESSABLE))
    seconds = refusal.facts.get("retry_after") or (refusal.facts.get("seconds") if answer.status_code == TOO_MANY else None)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _told(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    sentence = sentence_of(refusal)
    if wants_json(request):
        data: dict[str, Any] = {"refused": refusal.code, "message": sentence, **refusal.facts}
        return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False, "default": str})
    if status == NOT_FOUND:
        return render(request, "404.html", status=status)
    spoken = _Spoken(refusal.code, refusal.facts, sentence)
    if status in (UNAVAILABLE, FULL):                         # its page asks the database for nothing
        return HttpResponse(render_to_string("unavailable.html", {"refusal": spoken}), status=status)
    return render(request, "refusal.html", {"refusal": spoken}, status=status)


def broken(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw: a page without a context. Where it was the database, whoever asked hears what and when again."""
    trouble = trouble_of(sys.exc_info()[1])
    if trouble:
        return refused(request, trouble)
    return HttpResponse(render_to_string("500.html"), status=500)


class _Spoken:
    """A refusal as the page shows it."""

    def __init__(self, code: str, facts: dict[str, Any], sentence: str) -> None:
        self.code, self.facts, self.sentence = code, facts, sentence

    def __str__(self) -> str:
        return self.sentence


def unauthenticated() -> HttpResponse:
    """What a program hears that shows neither session nor token."""
    return JsonResponse({"refused": "accounts.sign_in_first", "message": _("Sign in, or send a token.")}, status=401)
