"""How closely each enterprise is watched, and what each area was declared to be."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of
from jiugong.rulebook.actions.deciding import grade, lift, zone
from jiugong.rulebook.forms import EndForm, GradingForm, ZoningForm
from jiugong.rulebook.queries.decisions import (
    enterprises_to_grade,
    gradings_of,
    gradings_on,
    places_to_zone,
    zoning_for,
    zonings_of,
    zonings_on,
)
from jiugong.rulebook.words import AreaLevel, Risk


@require_http_methods(["GET", "POST"])
def gradings(request: HttpRequest, park: UUID) -> HttpResponse:
    """Which enterprises are watched more closely, since when and why; who may, grades one here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    may_grade = actor.may_somewhere(Can.APPROVE_PLANS, within=here)
    if request.method == "POST":
        actor.must_somewhere(Can.APPROVE_PLANS, within=here)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    today, reach = today_in(here), actor.reach(Can.SEE_BOARD)
    form = GradingForm(request.POST if request.method == "POST" else None, units=enterprises_to_grade(actor, here),
                       initial={"since": today, "unit": request.GET.get("unit", "")})
    if form.is_valid():
        unit, risk = form.cleaned_data["unit"], Risk(form.cleaned_data["risk"])
        grade(unit, risk, reason=form.cleaned_data["reason"], since=form.cleaned_data["since"], actor=actor)
        messages.success(request, _("%(enterprise)s: %(risk)s from %(day)s.") % {
            "enterprise": unit.name, "risk": risk.label, "day": form.cleaned_data["since"]})
        return redirect("gradings", park=here.uid)
    day, text, show = day_asked(request, today), request.GET.get("q", "").strip(), chosen_of(request, "show", ("all",))
    rows = gradings_of(here, reach) if show else gradings_on(here, day, reach)
    if text:
        rows = rows.filter(unit__name__icontains=text)
    return render(request, "rulebook/gradings.html", {
        "page": page_of(request, rows), "form": form if may_grade else None,
        "day": day, "today": today, "text": text, "is_set": bool(text or show or day != today),
        "filters": [filter_by("show", _("Show"), [("all", _("Past ones too"))], show)],
    }, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def zonings(request: HttpRequest, park: UUID) -> HttpResponse:
    """Which areas have a level, since when, by which document; who may, declares one here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    may_zone = actor.may(Can.APPROVE_PLANS, over=here)
    if request.method == "POST":
        actor.must(Can.APPROVE_PLANS, over=here)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    today = today_in(here)
    form = ZoningForm(request.POST if request.method == "POST" else None, places=places_to_zone(here), initial={"since": today})
    if form.is_valid():
        said = form.cleaned_data
        zone(said["place"], AreaLevel(said["level"]), title=said["title"], issuer=said["issuer"],
             published=said["published"], since=said["since"], actor=actor)
        messages.success(request, _("%(place)s: %(level)s from %(day)s.") % {
            "place": said["place"], "level": AreaLevel(said["level"]).label, "day": said["since"]})
        return redirect("zonings", park=here.uid)
    day, show = day_asked(request, today), chosen_of(request, "show", ("all",))
    return render(request, "rulebook/zonings.html", {
        "form": form if may_zone else None, "day": day, "today": today,
        "page": page_of(request, zonings_of(here) if show else zonings_on(here, day)), "is_set": bool(show or day != today),
        "filters": [filter_by("show", _("Show"), [("all", _("Past ones too"))], show)],
    }, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def lift_one(request: HttpRequest, park: UUID, pk: int) -> HttpResponse:
    """Lift the level of a place from a day on."""
    actor = actor_of(request)
    here = park_for(actor, park)
    held = zoning_for(actor, here, pk)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": today_in(here)})
    if form.is_valid():
        lift(held, on=form.cleaned_data["on"], actor=actor)
        messages.success(request, _("%(place)s: the level is lifted from %(day)s.") % {
            "place": held.place, "day": form.cleaned_data["on"]})
        return redirect("zonings", park=here.uid)
    return render(request, "rulebook/end.html", {
        "form": form, "heading": f"{held.place} · {AreaLevel(held.level).label}",
        "button": _("Lift it")}, status=422 if form.is_bound else 200)
