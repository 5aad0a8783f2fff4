"""Venue codes: the list of places, one place with its code, the sheet to print, and the screen at the door.

The screen stands where everybody passes, so nobody is signed in there: its address holds a key that opens this picture alone.
"""

from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.registry.errors import NotHere
from jiugong.registry.logic.badge_sheets import qr_picture
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, filter_by, page_of, wants_workbook, workbook_of
from jiugong.tracing.actions.venues import issue_code, name_spot, put_on_ground, withdraw_code
from jiugong.tracing.logic.venue_codes import changes_at, screen_key, text_at
from jiugong.tracing.models import Spot, VenueCode
from jiugong.tracing.queries.venues import code_called, open_code, spot_for, spots_narrowed, spots_seen
from jiugong.tracing.venue_forms import CodeForm, PlaceChoice, PlaceForm, SpotForm, chosen_place
from jiugong.tracing.words import SpotKind

AHEAD = 10                                   # pictures that a screen has in hand when its network goes
both = require_http_methods(["GET", "POST"])


@both
def venues(request: HttpRequest, park: UUID) -> HttpResponse:
    """The places that logs name or people named, and the codes that hang there; posting names one and hangs a code there."""
    actor = actor_of(request)
    here = park_for(actor, park)
    seen = spots_seen(actor, here)
    form = SpotForm(request.POST or None, actor=actor, park=here) if request.method == "POST" else SpotForm(actor=actor, park=here)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        spot = name_spot(here, SpotKind(said["kind"]), said["name"], place=said["place"], actor=actor)
        issue_code(spot, seconds=said["seconds"], actor=actor)
        return redirect("venue-spot", park=here.uid, spot=spot.pk)
    text, kind = request.GET.get("q", "").strip(), chosen_of(request, "kind", SpotKind.values)
    has_code = chosen_of(request, "code", ("yes", "no"))
    found = spots_narrowed(seen, text=text, kind=kind, has_code=has_code)
    if wants_workbook(request):
        rows = (_row(here, spot) for spot in found.iterator(2000))
        return workbook_of(_("Venue codes"), [_("Place"), _("Kind"), _("Where on the ground"), _("Venue code")], (
            [row["name"], str(row["kind"]), str(row["place"] or ""), row["code"]] for row in rows), today_in(here))
    page = page_of(request, found)
    return render(request, "tracing/venues.html", {
        "page": page, "rows": [_row(here, spot) for spot in page.object_list], "form": form, "text": text,
        "is_set": bool(text or kind or has_code), "crumbs": [(_("Venue codes"), None)], "filters": [
            filter_by("kind", _("Kind"), SpotKind.choices, kind),
            filter_by("code", _("Venue code"), [("yes", _("hangs there")), ("no", _("none yet"))], has_code)]},
        status=422 if form.is_bound else 200)


@require_GET
def venue(request: HttpRequest, park: UUID, spot: int) -> HttpResponse:
    """One place: its code, its screen, where it lies, and what to do with it."""
    actor, here, found = _spot(request, park, spot)
    code = open_code(found)
    return render(request, "tracing/venue.html", _of_venue(request, actor, here, found, code))


@require_POST
def issue(request: HttpRequest, park: UUID, spot: int) -> HttpResponse:
    """Hang a code there, or one that changes at another pace."""
    actor, here, found = _spot(request, park, spot)
    form = CodeForm(request.POST)
    if not form.is_valid():
        shown = _of_venue(request, actor, here, found, open_code(found)) | {"code_form": form}
        return render(request, "tracing/venue.html", shown, status=422)
    issue_code(found, seconds=form.cleaned_data["seconds"], actor=actor)
    messages.success(request, _("The code hangs at %(place)s.") % {"place": found.name})
    return redirect("venue-spot", park=here.uid, spot=found.pk)


@require_POST
def withdraw(request: HttpRequest, park: UUID, spot: int) -> HttpResponse:
    """The code that hangs there holds no more."""
    actor, here, found = _spot(request, park, spot)
    code = open_code(found)
    if code:
        withdraw_code(code, actor=actor)
    messages.success(request, _("No code of %(place)s holds any more.") % {"place": found.name})
    return redirect("venue-spot", park=here.uid, spot=found.pk)


@require_POST
def put(request: HttpRequest, park: UUID, spot: int) -> HttpResponse:
    """Say where on the ground a place lies."""
    actor, here, found = _spot(request, park, spot)
    form = PlaceForm(request.POST, actor=actor, park=here)
    if not form.is_valid():
        shown = _of_venue(request, actor, here, found, open_code(found)) | {"place_form": form}
        return render(request, "tracing/venue.html", shown, status=422)
    put_on_ground(found, form.cleaned_data["place"], actor=actor)
    messages.success(request, _("It is kept."))
    return redirect("venue-spot", park=here.uid, spot=found.pk)


@require_GET
def sheet(request: HttpRequest, park: UUID, spot: int) -> HttpResponse:
    """A code that never changes, to print; it says what that means."""
    _actor, here, found = _spot(request, park, spot)
    code = open_code(found)
    if code is None or code.seconds:
        return redirect("venue-spot", park=here.uid, spot=found.pk)
    picture = _picture(request, code, clock.now())
    return render(request, "tracing/venue_sheet.html", {"spot": found, "picture": picture, "code": code})


@require_GET
def places(request: HttpRequest, park: UUID) -> HttpResponse:
    """What a chooser offers while somebody types the name of a place."""
    actor = actor_of(request)
    here = park_for(actor, park)
    typed = next((request.GET[name] for name in request.GET if name == "q" or name.endswith("-text")), "").strip()[:80]
    return render(request, "registry/choices.html", {"offers": PlaceChoice(actor, here).found(typed), "text": typed})


@login_not_required
@require_GET
def screen(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The screen at the door. Whoever holds its address may show this picture, and do nothing else."""
    found, at = _shown(code, key), clock.now()
    answer = render(request, "tracing/venue_screen.html", {
        "spot": found.spot, "code": found, "picture": _picture(request, found, at), "park_name": found.park.name,
        "pictures": reverse("venue-pictures", args=[code, key])})
    return _kept_by_nobody(answer)


@login_not_required
@require_GET
def pictures(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The picture of now and the next ones, with the park's time, so that a screen goes on when its network does not."""
    found, at = _shown(code, key), clock.now()
    told, moment = [], at
    for _number in range(AHEAD if found.seconds else 1):
        until = changes_at(moment, found.seconds) if found.seconds else None
        told.append({"svg": str(_picture(request, found, moment)), "until": until})
        moment = until or moment
    return _kept_by_nobody(JsonResponse({"now": at, "pictures": told}))


def code_in_words(seconds: int | None) -> str:
    """How the code of a place changes; nothing where none hangs there."""
    if seconds is None:
        return ""
    return _("every %(seconds)s seconds") % {"seconds": seconds} if seconds else _("printed, does not change")


def _spot(request: HttpRequest, park: UUID, spot: int) -> tuple[Actor, Park, Spot]:
    actor = actor_of(request)
    here = park_for(actor, park)
    return actor, here, spot_for(actor, here, spot)


def _row(park: Park, spot: Spot) -> dict[str, Any]:
    seconds = spot.seconds                                                         # type: ignore[attr-defined]
    return {"name": spot.name, "kind": spot.get_kind_display(), "place": spot.place, "code": code_in_words(seconds),
            "url": reverse("venue-spot", args=[park.uid, spot.pk]), "printed": seconds == 0}


def _of_venue(request: HttpRequest, actor: Actor, park: Park, spot: Spot, code: VenueCode | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"spot": spot, "code": code, "code_words": code_in_words(code.seconds) if code else "",
                             "zone": park.zone, "kind": spot.get_kind_display(),
                             "code_form": CodeForm(initial={"seconds": code.seconds} if code else {}),
                             "place_form": PlaceForm(actor=actor, park=park, initial={"place": chosen_place(spot.place)}),
                             "crumbs": [(_("Venue codes"), reverse("venues", args=[park.uid])), (spot.name, None)]}
    if code:
        shown["screen"] = request.build_absolute_uri(reverse("venue-screen", args=[code.code, screen_key(code.secret, code.code)]))
    return shown


def _picture(request: HttpRequest, code: VenueCode, at: datetime) -> str:
    """The picture of a moment: an address, so that a phone's own camera opens it, too."""
    text = text_at(code.code, code.secret, code.seconds, at)
    return mark_safe(qr_picture(request.build_absolute_uri(reverse("venue", args=[text])), border=2))    # noqa: S308  our own drawing


def _shown(code: str, key: str) -> VenueCode:
    """The code whose screen this is. Raises VenueCodeUnknown, VenueCodeWithdrawn, NotHere."""
    found = code_called(code)
    if not compare_digest(key.encode(), screen_key(found.secret, found.code).encode()):
        raise NotHere()
    return found


def _kept_by_nobody(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
