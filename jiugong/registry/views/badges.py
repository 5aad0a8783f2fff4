"""Badges: whom to give one, sheets to print, a lost one taken back, and links to a worker's own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.actions.badges import MOST_BADGES, issue_link, reissue_badge, withdraw_badge
from jiugong.registry.actions.printing_badges import print_badges
from jiugong.registry.errors import NotHere
from jiugong.registry.forms import LinkForm
from jiugong.registry.logic.badge_sheets import qr_picture
from jiugong.registry.models import Park, Person, Unit
from jiugong.registry.queries.badges import (
    address_of,
    badge_for,
    badge_held,
    counted_by_path,
    holders_in,
    people_in,
    units_for_badges,
)
from jiugong.registry.queries.doors import park_for, person_for, unit_for
from jiugong.registry.queries.listed import must_see_some
from jiugong.registry.queries.people import roster_on, today_in
from jiugong.registry.views.lists import page_of
from jiugong.registry.words import BadgeKind
from jiugong.work.answering import may_take_long

PDF = "application/pdf"
LONGEST_NUMBER = 9
FEW = 40                                     # badges that are printed while one waits


@dataclass(frozen=True)
class Line:
    """A unit as the badge page shows it: how many people, how many of them hold a badge, in how many files they come."""

    unit: Unit
    people: int
    holders: int

    @property
    def bare(self) -> int:
        return self.people - self.holders

    @property
    def parts(self) -> list[tuple[int, int, int]]:
        """Number, first and last person of each file."""
        return [(number, first + 1, min(first + MOST_BADGES, self.people))
                for number, first in enumerate(range(0, self.people, MOST_BADGES), start=1)]


@require_GET
def badges(request: HttpRequest, park: UUID) -> HttpResponse:
    """The enterprises of a park, or with `unit=` what stands below one: who has a badge, and sheets to print."""
    actor = actor_of(request)
    here = park_for(actor, park)
    reach = must_see_some(actor, here, Can.ISSUE_BADGES)
    unit = _unit(actor, here, request.GET["unit"]) if request.GET.get("unit") else None
    text = request.GET.get("q", "").strip()
    day, at = today_in(here), clock.now()
    people = counted_by_path(roster_on(here, day, reach))
    holders = counted_by_path(holders_in(here, day, reach, at))
    page = page_of(request, units_for_badges(here, reach, unit, text))
    lines = [_line(each, people, holders) for each in page.object_list]
    return render(request, "registry/badges.html", {
        "page": page, "lines": lines, "unit": unit, "text": text, "whole": _line(unit, people, holders) if unit else None,
        "crumbs": [(_("Badges"), reverse("badges", args=[here.uid])), (unit.name, None)] if unit else []})


def _unit_name(request: HttpRequest, park: UUID) -> str:
    return _("Badges of %(unit)s") % {"unit": _unit_asked(request, park).name}


def _is_of_many(request: HttpRequest, park: UUID) -> bool:
    return bool(request.POST.get("unit")) and people_in(
        actor_of(request), _unit_asked(request, park), today_in(park_for(actor_of(request), park))).count() > FEW


def _unit_asked(request: HttpRequest, park: UUID) -> Unit:
    return _unit(actor_of(request), park_for(actor_of(request), park), request.POST["unit"])


@require_POST
@may_take_long(_unit_name, _is_of_many)
def badge_sheets(request: HttpRequest, park: UUID) -> HttpResponse:
    """The badges of a person, or of a unit part by part, as a PDF; whoever has none yet gets one."""
    actor = actor_of(request)
    here = park_for(actor, park)
    if request.POST.get("person"):
        person = _person(actor, here, request.POST["person"])
        people, name = [person], person.name
    else:
        unit = _unit(actor, here, request.POST.get("unit", ""))
        part = int(asked) if (asked := request.POST.get("part", "1")).isdecimal() and len(asked) <= LONGEST_NUMBER else 1
        first = (max(part, 1) - 1) * MOST_BADGES
        people, name = list(people_in(actor, unit, today_in(here))[first:first + MOST_BADGES]), f"{unit.name} {part}"
    content = print_badges(here, people, actor=actor, base=_base(request))
    answer = HttpResponse(content, content_type=PDF)
    answer.headers["Content-Disposition"] = f"attachment; filename=badges.pdf; filename*=UTF-8''{quote(name)}.pdf"
    return answer


@require_POST
def reissue(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """A badge was lost: it is withdrawn with the reason, and another holds from now on."""
    actor = actor_of(request)
    found = _person(actor, park_for(actor, park), person)
    lost = request.POST.get("badge", "")
    reissue_badge(found, reason=request.POST.get("reason", ""), actor=actor,
                  number=int(lost) if lost.isdecimal() and len(lost) <= LONGEST_NUMBER else None)
    messages.success(request, _("The old badge names nobody any more. Print the new one."))
    return redirect("person", park=park, person=person)


@require_POST
def withdraw(request: HttpRequest, park: UUID, badge: int) -> HttpResponse:
    """Take back a badge or a link: from now on it names nobody and opens nothing."""
    actor = actor_of(request)
    here, found = park_for(actor, park), badge_for(actor, badge)
    if found.park_id != here.pk:
        raise NotHere()
    reason = request.POST.get("reason", "") or (_("withdrawn with one click") if found.kind == BadgeKind.LINK else "")
    withdraw_badge(found, reason=reason, actor=actor)
    messages.success(request, _("It is withdrawn, and opens nothing any more."))
    return redirect("person", park=park, person=found.person.uid)


def link(request: HttpRequest, park: UUID, person: UUID) -> HttpResponse:
    """The link to somebody's own page: made for some days, shown to be sent or scanned, taken back with one click."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = _person(actor, here, person)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        issue_link(found, days=form.cleaned_data["days"], actor=actor)
        return redirect("person-link", park=park, person=person)
    held = badge_held(found, BadgeKind.LINK)
    if held:
        looked(actor=actor, park_id=here.pk, person_ids=[found.pk], fields=("link",), reason="opened the link to his own page",
               at=clock.now())
    address = f"{_base(request)}{address_of(held)}" if held else ""
    return render(request, "registry/link.html", {
        "person": found, "form": form, "held": held, "address": address, "zone": here.zone,
        "picture": mark_safe(qr_picture(address)) if held else "",                 # noqa: S308  our own drawing
        "message": quote(_("%(name)s: open your page of %(park)s here: %(address)s") % {
            "name": found.name, "park": here.name, "address": address}) if held else "",
        "crumbs": [(_("People"), reverse("people", args=[here.uid])),
                   (found.name, reverse("person", args=[here.uid, found.uid])), (_("Link"), None)]},
        status=422 if form.is_bound else 200)


def _line(unit: Unit, people: Mapping[str, int], holders: Mapping[str, int]) -> Line:
    return Line(unit, *(sum(count for path, count in counted.items() if path.startswith(unit.path))
                        for counted in (people, holders)))


def _unit(actor: Actor, park: Park, uid: str) -> Unit:
    unit = unit_for(actor, uid, Can.ISSUE_BADGES)
    if unit.park_id != park.pk:
        raise NotHere()
    return unit


def _person(actor: Actor, park: Park, uid: str | UUID) -> Person:
    person = person_for(actor, uid, Can.ISSUE_BADGES)
    if person.park_id != park.pk:
        raise NotHere()
    return person


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/me/")
