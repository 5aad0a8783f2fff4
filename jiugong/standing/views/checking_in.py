"""Checking in where a code hangs, and out again: by the phone's own camera, or by the page that reads codes itself.

Whoever scans by the phone's camera comes without a name. What he scanned is judged at once, and kept on this device for a few
minutes until he has said who he is, so that nobody can send it on.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.field import kept_on_the_device
from jiugong.http import STATUS, UNPROCESSABLE, sentence_of
from jiugong.lib import clock
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.standing.actions import himself
from jiugong.standing.cookies import Arrival, arrival_of, forget_arrival, keep_arrival, own_page_of
from jiugong.standing.views.worker import KEPT_FOR, for_the_holder, kept_by_nobody
from jiugong.tracing.actions.checking_in import CheckedIn, check_in, check_out, place_shown
from jiugong.tracing.queries.venues import checked_in_of


@login_not_required
@require_GET
def venue(request: HttpRequest, text: str) -> HttpResponse:
    """What a phone's camera opens: the picture is judged now; who it is says his own page."""
    at = clock.now()
    try:
        place = place_shown(text, at)
    except Refusal as refusal:
        return kept_by_nobody(render(request, "standing/venue_refused.html", {"wrong": sentence_of(refusal)},
                                     status=STATUS.get(refusal.code, UNPROCESSABLE)))
    mine = own_page_of(request)
    answer = redirect("me-check-in", shown=mine) if mine else render(request, "standing/venue.html", {"place": place})
    keep_arrival(answer, Arrival(text=text, at=at))
    return kept_by_nobody(answer)


@require_http_methods(["GET", "POST"])
@for_the_holder
def checking_in(request: HttpRequest, badge: Badge) -> HttpResponse:
    """Read a code here, or confirm the one that was scanned just now; without scripts the form does."""
    if request.method == "GET":
        return kept_on_the_device(request, _page(request, badge), owner=f"own:{badge.code}", until=KEPT_FOR)
    at, arrived = clock.now(), arrival_of(request)
    text = request.POST.get("text", "").strip()
    if not text and arrived:
        text, at = arrived.text, arrived.at
    try:
        told = check_in(badge.person, text, client_id=request.POST.get("client_id", ""), at=at, actor=himself(badge.person))
    except Refusal as refusal:
        return _page(request, badge, wrong=refusal)
    messages.success(request, told_in_words(told, badge.park.zone))
    answer = _again(badge)
    forget_arrival(answer)
    return answer


@require_POST
@for_the_holder
def leaving(request: HttpRequest, badge: Badge) -> HttpResponse:
    """He has left where he checked in."""
    try:
        told = check_out(badge.person, request.POST.get("stay", ""), client_id=request.POST.get("client_id", ""), at=clock.now(),
                         actor=himself(badge.person))
    except Refusal as refusal:
        return _page(request, badge, wrong=refusal)
    messages.success(request, told_in_words(told, badge.park.zone))
    return _again(badge)


def told_in_words(told: CheckedIn, zone: Any) -> str:
    """What became of a scan, in a sentence for whoever scanned."""
    stay = told.presence
    facts = {"place": stay.spot.name, "entered": _hours(stay.entered_at, zone), "left": _hours(stay.left_at, zone)}
    if stay.assumed:
        return _("You are checked in: %(place)s, %(entered)s. If you do not say when you go, %(left)s is assumed.") % facts
    return _("You have left %(place)s: %(entered)s to %(left)s.") % facts


def _page(request: HttpRequest, badge: Badge, *, wrong: Refusal | None = None) -> HttpResponse:
    at, arrived = clock.now(), arrival_of(request)
    place = ""
    if arrived and wrong is None:
        try:
            place = place_shown(arrived.text, arrived.at)
        except Refusal:
            place = ""
    return render(request, "standing/check_in.html", {
        "person": badge.person, "shown": address_of(badge), "zone": badge.park.zone, "place": place, "client_id": uuid4().hex,
        "stays": checked_in_of(badge.person, at), "leave_id": uuid4().hex, "wrong": sentence_of(wrong) if wrong else "",
        "language_next": f"/me/{address_of(badge)}/check-in"}, status=STATUS.get(wrong.code, UNPROCESSABLE) if wrong else 200)


def _again(badge: Badge) -> HttpResponse:
    answer = redirect("me-check-in", shown=address_of(badge))
    answer.status_code = 303
    return answer


def _hours(at: datetime, zone: Any) -> str:
    return f"{at.astimezone(zone):%H:%M}"
