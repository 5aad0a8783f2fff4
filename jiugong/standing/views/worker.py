"""A worker's own page: his code, what he owes, two taps to report, his results, whom to call. No account, no session.

The address holds the code of a link, which opens at once, or of a badge, which strangers see: then the door asks for the
last four signs of the ID number once, and this device keeps a signed cookie for a while.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.duties.logic.health import SYMPTOMS
from jiugong.duties.sentences import advice_in_words
from jiugong.duties.words import kind_in_words, word
from jiugong.field import kept_on_the_device
from jiugong.http import STATUS, UNPROCESSABLE, sentence_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.refusal import Refusal
from jiugong.registry.actions.badge_doors import answer_door
from jiugong.registry.errors import BadgeExpired, BadgeWithdrawn
from jiugong.registry.logic import badge_codes
from jiugong.registry.logic.badge_sheets import qr_picture
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of, badge_held, badge_shown, text_of
from jiugong.registry.queries.people import posting_on
from jiugong.registry.words import BadgeKind
from jiugong.standing.actions import READABLE_AFTER, himself, read_own_messages, report_antigen, report_own
from jiugong.standing.cookies import (
    AntigenStart,
    device_mark,
    forget,
    is_open,
    keep_open,
    keep_own_page,
    keep_start,
    start_of,
)
from jiugong.standing.errors import StartUnclear
from jiugong.standing.forms import started_at, temperature_of
from jiugong.standing.logic import Holding, Holds
from jiugong.standing.queries import (
    advice_now,
    own_messages,
    own_reports,
    own_results,
    standing_of,
    to_call,
)
from jiugong.standing.wording import is_notice, is_open_notice, message_in_words, titles_on
from jiugong.standing.wording import shown as in_words
from jiugong.tracing.queries.own import own_orders
from jiugong.tracing.queries.venues import checked_in_of

PRESETS = [f"{tenths / 10:.1f}" for tenths in range(358, 373)]
TO_DO = (Holding.OWES, Holding.RETEST)
ABOVE = (Holding.DONE, Holding.LAST_RESULT, Holding.RESTRICTED)      # these stand in cards of their own
READ_UNTIL = timedelta(minutes=20)
KEPT_FOR = timedelta(days=3)                     # his own page on his own phone, for days without a network

OwnView = Callable[..., HttpResponse]


def for_the_holder(view: OwnView) -> OwnView:
    """A page of the holder of a badge or link: to others the door, or what to do with a code that holds no more."""
    @wraps(view)
    def opened(request: HttpRequest, shown: str) -> HttpResponse:
        try:
            badge = badge_shown(shown)
        except Refusal as refusal:
            return _closed(request, refusal)
        answer = view(request, badge) if is_open(request, badge) else _door(request, badge)
        return kept_by_nobody(answer)
    return login_not_required(opened)


@login_not_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody lands who has no code in the address: he can type the one on his badge."""
    typed = request.GET.get("code", "").strip()
    read = badge_codes.read(typed) if typed else None
    if read:
        return redirect("me", shown=f"{read.code}.{read.signature}")
    return kept_by_nobody(render(request, "standing/worker_closed.html", {"start": True, "typed": typed},
                                  status=UNPROCESSABLE if typed else 200))


@require_GET
@for_the_holder
def own(request: HttpRequest, badge: Badge) -> HttpResponse:
    """The page itself. Opening it is a look of the person at himself, and is journalled as such."""
    answer = kept_on_the_device(request, _page(request, badge), owner=f"own:{badge.code}", until=KEPT_FOR)
    keep_own_page(answer, badge)
    return answer


@login_not_required
@require_POST
def answer_the_door(request: HttpRequest, shown: str) -> HttpResponse:
    """Four signs that only the holder knows open the page of a badge on this device."""
    try:
        badge = badge_shown(shown)
    except Refusal as refusal:
        return _closed(request, refusal)
    mark = device_mark(request, badge)
    try:
        answer_door(badge, request.POST.get("signs", ""), address=request.META.get("REMOTE_ADDR", ""), known_device=mark)
    except Refusal as refusal:
        return kept_by_nobody(_door(request, badge, wrong=refusal))
    answer = redirect("me", shown=address_of(badge))
    keep_open(answer, badge, mark or uuid4().hex)
    keep_own_page(answer, badge)
    return kept_by_nobody(answer)


@require_POST
@for_the_holder
def report(request: HttpRequest, badge: Badge) -> HttpResponse:
    """Temperature and symptoms. A value that cannot be one is answered at once, and nothing is recorded."""
    try:
        told = report_own(badge.person, kind="health_report", client_id=request.POST.get("client_id", ""), at=clock.now(), data={
            "temperature": temperature_of(request.POST),
            "symptoms": [] if "well" in request.POST else request.POST.getlist("symptoms")})
    except Refusal as refusal:
        return _page(request, badge, wrong=refusal)
    if not told.advice:
        messages.success(request, _("Recorded: %(temperature)s °C, no symptoms. Thank you.") % {
            "temperature": told.evidence.data["temperature"]})
    return _again(badge)


@require_POST
@for_the_holder
def antigen(request: HttpRequest, badge: Badge) -> HttpResponse:
    """An antigen test, in two steps: started now, read after 15 to 20 minutes."""
    now, begun = clock.now(), start_of(request, badge)
    try:
        if "start" in request.POST:
            begun = AntigenStart(at=started_at(request.POST.get("started", ""), now, badge.park.zone), client_id=uuid4().hex)
            answer = _again(badge)
            keep_start(answer, badge, begun)
            return answer
        if begun is None:
            raise StartUnclear()
        told = report_antigen(badge.person, result=request.POST.get("result", ""), started_at=begun.at,
                              client_id=begun.client_id, at=now)
    except Refusal as refusal:
        return _page(request, badge, wrong=refusal)
    if not told.advice:
        messages.success(request, _("Recorded: antigen test negative. Thank you."))
    answer = _again(badge)
    forget(answer, badge)
    return answer


@require_POST
@for_the_holder
def read(request: HttpRequest, badge: Badge) -> HttpResponse:
    """Everything that was written to him is read."""
    read_own_messages(badge.person)
    return _again(badge)


def _page(request: HttpRequest, badge: Badge, *, wrong: Refusal | None = None) -> HttpResponse:
    person, at, zone = badge.person, clock.now(), badge.park.zone
    day = days.day_of(at, zone)
    if wrong is None:
        looked(actor=himself(person), park_id=person.park_id, person_ids=[person.pk], fields=("own_page",),
               reason="opened his own page", at=at)
    card = badge if badge.kind == BadgeKind.CARD else badge_held(person, BadgeKind.CARD)
    code = text_of(card or badge)
    titles, holds, reports = titles_on(person.park, day), standing_of(person, at), own_reports(person, at)
    advised, begun, written = advice_now(person, reports, at), start_of(request, badge), list(own_messages(person))
    open_notices = {each.notice_id for each in written if is_notice(each) and each.notice and is_open_notice(each)}
    return render(request, "standing/worker.html", {
        "person": person, "posting": posting_on(person, day), "shown": address_of(badge), "badge": badge, "zone": zone, "at": at,
        "picture": mark_safe(qr_picture(code)), "code": code,                          # noqa: S308  our own drawing
        "orders": own_orders(person, at),
        "to_do": [_told(each, titles, zone) for each in holds if each.what in TO_DO],
        "done": [_told(each, titles, zone) for each in holds if each.what is Holding.DONE],
        "holds": [in_words(each, titles) for each in holds if each.what not in (*TO_DO, *ABOVE)],
        "advice": [{"words": advice_in_words(one), "level": one.level, "at": evidence.happened_at} for evidence, one in advised],
        "reports": [_reported(each) for each in reports], "results": own_results(person, at), "contacts": to_call(person, day),
        "unread": [message_in_words(each, person.park) for each in written
                   if each.read_at is None and not is_notice(each) and each.notice_id not in open_notices],
        "notices": [(each.notice.uid, message_in_words(each, person.park)) for each in written
                    if is_notice(each) and each.notice and is_open_notice(each)],
        "written": [(each.written_at, message_in_words(each, person.park),
                     each.notice.uid if each.notice and is_notice(each) else "")
                    for each in written if each.read_at and not is_open_notice(each)],
        "stays": checked_in_of(person, at), "leave_id": uuid4().hex,
        "presets": PRESETS, "chosen": request.POST.get("temperature", ""), "other": request.POST.get("other", ""),
        "symptoms": [(each, word("symptoms", each)) for each in SYMPTOMS], "client_id": uuid4().hex,
        "antigen": _test(begun, at) if begun else None, "wrong": sentence_of(wrong) if wrong else "",
        "language_next": f"/me/{address_of(badge)}"}, status=UNPROCESSABLE if wrong else 200)


def _told(holds: Holds, titles: dict[str, str], zone: Any) -> dict[str, Any]:
    """What is to be done and until when, in words."""
    return in_words(holds, titles) | {"what": holds.what.value, "until": holds.until}


def _reported(evidence: Any) -> dict[str, Any]:
    data = evidence.data
    said = [f"{data['temperature']} °C"] if "temperature" in data else []
    said += [word("symptoms", each) for each in data.get("symptoms", [])]
    said += [word("result", data["result"])] if "result" in data else []
    return {"at": evidence.happened_at, "kind": kind_in_words(evidence.kind), "said": said, "valid": evidence.valid}


def _test(begun: AntigenStart, at: datetime) -> dict[str, Any]:
    """Where a test stands: waiting, to be read now, or too late."""
    readable, late = begun.at + READABLE_AFTER, begun.at + READ_UNTIL
    state = "waiting" if at < readable else "now" if at <= late else "late"
    return {"client_id": begun.client_id, "started": begun.at, "readable": readable, "late": late, "state": state,
            "wait": max(0, int((readable - at).total_seconds()))}


def _again(badge: Badge) -> HttpResponseRedirect:
    answer = redirect("me", shown=address_of(badge))
    answer.status_code = 303
    return answer


def _door(request: HttpRequest, badge: Badge, *, wrong: Refusal | None = None) -> HttpResponse:
    """What a stranger sees of a badge: nothing but the question."""
    return render(request, "standing/worker_door.html", {
        "shown": address_of(badge), "wrong": sentence_of(wrong) if wrong else "", "language_next": f"/me/{address_of(badge)}",
        "by_phone": not badge.person.id_sealed and bool(badge.person.phone_sealed)},
        status=STATUS.get(wrong.code, UNPROCESSABLE) if wrong else 200)


def _closed(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A code that opens nothing, and what to do."""
    return kept_by_nobody(render(request, "standing/worker_closed.html", {
        "withdrawn": isinstance(refusal, BadgeWithdrawn), "expired": isinstance(refusal, BadgeExpired)},
        status=STATUS.get(refusal.code, UNPROCESSABLE)))


def kept_by_nobody(answer: HttpResponse) -> HttpResponse:
    """No cache keeps the page, no search engine lists it, and its address goes nowhere else."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
