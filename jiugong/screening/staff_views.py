"""Who works at a point; which enterprises lack a point or a trained officer; and scans whose scanner is not in order."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib import days
from jiugong.lib.can import Can
from jiugong.registry.choosers import Chosen
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of, wants_workbook, workbook_of
from jiugong.registry.words import Role
from jiugong.screening.actions.staff import assign, unassign
from jiugong.screening.faces import training_face
from jiugong.screening.laboratory_forms import LastDayForm, StaffForm
from jiugong.screening.laboratory_views import asked, kept
from jiugong.screening.queries.flagged import Flagged, flagged_scans, week_until
from jiugong.screening.queries.officers import Equipped, equipped, point_rule
from jiugong.screening.queries.points import point_for
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.staff import staff_for
from jiugong.screening.words import Flag, Lacking, StaffRole

both = require_http_methods(["GET", "POST"])


@both
def add(request: HttpRequest, park: UUID, point: int) -> HttpResponse:
    """Let somebody work at a point."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = point_for(actor, here, point)
    actor.must(Can.KEEP_ROSTER, over=found)
    form = StaffForm(request.POST or None, park=here, actor=actor, initial={"since": today_in(here), "person": Chosen()})
    if form.is_valid():
        given = form.cleaned_data
        if kept(form, lambda: assign(given["person"], found, StaffRole(given["role"]), since=given["since"], until=given["until"],
                                     actor=actor)):
            messages.success(request, _("%(person)s works at %(point)s from %(day)s.") % {
                "person": given["person"].name, "point": found.name, "day": given["since"]})
            return redirect("point", park=here.uid, point=found.pk)
    lead = _("The sampling and scanning officers of an enterprise work at its own point without being assigned.")
    return asked(request, form, heading=_("Who works at %(point)s") % {"point": found.name}, submit=_("Assign"), lead=lead,
                 back=reverse("point", args=[here.uid, found.pk]))


@both
def end(request: HttpRequest, park: UUID, staff: int) -> HttpResponse:
    """Let somebody work at a point no longer."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = staff_for(actor, here, staff)
    form = LastDayForm(request.POST or None, initial={"on": max(today_in(here), found.since)})
    if form.is_valid() and kept(form, lambda: unassign(found, actor=actor, on=form.cleaned_data["on"])):
        messages.success(request, _("%(person)s works at %(point)s no longer from %(day)s on.") % {
            "person": found.person.name, "point": found.point.name, "day": form.cleaned_data["on"]})
        return redirect("point", park=here.uid, point=found.point_id)
    return asked(request, form, heading=_("%(person)s works at %(point)s no longer") % {
        "person": found.person.name, "point": found.point.name}, submit=_("End"), danger=True,
        back=reverse("point", args=[here.uid, found.point_id]))


@require_GET
def officers(request: HttpRequest, park: UUID) -> HttpResponse:
    """One enterprise, one point, three officers: the enterprises of that size, and what each lacks."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    day, text = day_asked(request, today_in(here)), request.GET.get("q", "").replace("\0", "").strip()
    rule, lacking = point_rule(here, day), chosen_of(request, "lacking", ("any", "nothing", *Lacking.values))
    everything = equipped(here, day, reach_into(actor, Can.SEE_BOARD, here)) if rule else []
    found = [each for each in everything if _lacks(each, lacking) and text.casefold() in f"{each.unit} {each.grid}".casefold()]
    if wants_workbook(request):
        roles = list(rule.officers) if rule else []
        headings = [_("Enterprise"), _("Grid"), _("People"), _("Sampling points"), *map(_role, roles), _("What is missing")]
        return workbook_of(_("One enterprise, one point, three officers"), headings, (
            [each.unit.name, str(each.grid or ""), each.people, "、".join(each.points),
             *("、".join(f"{one.name} ({training_face(one.trained)['word']})" for one in each.officers[role]) for role in roles),
             lacking_in_words(each.lacking)] for each in found), day)
    page = page_of(request, found)
    return render(request, "screening/officers.html", {
        "page": page, "rows": _equipped_rows(page, here), "rule": rule, "day": day, "today": today_in(here), "text": text,
        "lacking": sum(bool(each.lacking) for each in everything), "all": len(everything),
        "is_set": bool(lacking or text or day != today_in(here)), "filters": [filter_by(
            "lacking", _("What is missing"), (("any", _("anything")), ("nothing", _("nothing")), *Lacking.choices), lacking)],
        "roles": [_role(role) for role in rule.officers] if rule else [],
        "crumbs": _crumbs(here, (_("Sampling points"), reverse("points", args=[here.uid])),
                          (_("One enterprise, one point, three officers"), None))})


def _lacks(each: Equipped, lacking: str) -> bool:
    if lacking in ("", "any", "nothing"):
        return not lacking or bool(each.lacking) is (lacking == "any")
    return lacking in each.lacking


def _role(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def lacking_in_words(codes: Iterable[str]) -> str:
    """What is missing, in the language of the reader."""
    return _(", ").join(str(Lacking(code).label) if code in Lacking.values else code for code in codes)


def _equipped_rows(page: Iterable[Equipped], park: Park) -> list[dict[str, Any]]:
    return [{"name": each.unit.name, "url": reverse("unit-page", args=[park.uid, each.unit.uid]), "grid": str(each.grid or ""),
             "people": each.people, "points": each.points,
             "lacking": [lacking_in_words([code]) for code in each.lacking], "officers": [
                 {"role": _role(role), "held": [{"name": one.name, "training": training_face(one.trained)} for one in held[:3]],
                  "more": max(len(held) - 3, 0)} for role, held in each.officers.items()]} for each in page]


@require_GET
def flagged(request: HttpRequest, park: UUID) -> HttpResponse:
    """The scans of a week whose scanner was not trained on the day, or is not known: who, when, why."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    day, text = day_asked(request, today_in(here)), request.GET.get("q", "").replace("\0", "").strip()
    first, last = week_until(day)
    everything = flagged_scans(here, first, last, reach_into(actor, Can.SEE_PEOPLE, here))
    why = chosen_of(request, "why", Flag.values)
    found = [each for each in everything if why in ("", each.why) and text.casefold() in each.who.casefold()]
    if wants_workbook(request):
        headings = [_("Scanner"), _("Day"), _("Why"), _("Swabs"), _("From"), _("Until")]
        return workbook_of(_("Scans to look at"), headings, (
            [each.who, each.day, str(each.why.label), each.swabs, days.local(each.first_at, here.zone)[11:16],
             days.local(each.last_at, here.zone)[11:16]] for each in found), day)
    page = page_of(request, found)
    return render(request, "screening/flagged.html", {
        "page": page, "rows": _flagged_rows(page, here), "text": text, "day": day, "today": today_in(here), "first": first,
        "swabs": sum(each.swabs for each in everything), "is_set": bool(why or text or day != today_in(here)),
        "filters": [filter_by("why", _("Why"), Flag.choices, why)],
        "crumbs": _crumbs(here, (_("Sampling points"), reverse("points", args=[here.uid])), (_("Scans to look at"), None))})


def _flagged_rows(page: Iterable[Flagged], park: Park) -> list[dict[str, Any]]:
    return [{"who": each.who, "url": reverse("person", args=[park.uid, each.person.uid]) if each.person else "", "day": each.day,
             "why": str(each.why.label), "swabs": each.swabs, "from": days.local(each.first_at, park.zone)[11:16],
             "until": days.local(each.last_at, park.zone)[11:16], "is_account": bool(each.account)} for each in page]


def _crumbs(park: Park, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Today"), reverse("today", args=[park.uid])), *steps]
