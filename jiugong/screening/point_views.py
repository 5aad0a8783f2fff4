"""The sampling points of a park: the list, setting one up, changing one, taking in and giving back a list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.imports import as_file
from jiugong.screening.actions.points import change_point, set_up_point
from jiugong.screening.faces import point_as_row, point_rows, staff_rows
from jiugong.screening.forms import PointForm
from jiugong.screening.logic.reading_points import write_points
from jiugong.screening.queries.laboratories import contracts_of, covering
from jiugong.screening.queries.points import point_for, points_of, taken_at
from jiugong.screening.queries.rounds import must_see_rounds
from jiugong.screening.queries.staff import gaps_in, staff_of
from jiugong.screening.words import PointKind

A_PAGE = 50


@require_http_methods(["GET", "POST"])
def points(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every point, its kind, hours and desks, and how many swabs it took today; who may, sets one up here."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    if request.method == "POST":
        actor.must_somewhere(Can.OPEN_ROUNDS, within=here)
    must_see_rounds(actor, here)
    form = PointForm(request.POST if request.method == "POST" else None, park=here, actor=actor)
    if form.is_valid():
        point = set_up_point(here, actor=actor, **form.asked())
        messages.success(request, _("%(point)s is set up.") % {"point": point.name})
        return redirect("points", park=here.uid)
    text, kind, standing = (request.GET.get(name, "").strip() for name in ("q", "kind", "standing"))
    today = days.day_of(at, here.zone)
    found = points_of(here, text=text, kind=kind, standing=standing, day=today)
    if request.GET.get("export") == "xlsx":
        name = _("%(park)s, sampling points of %(day)s.xlsx") % {"park": here.name, "day": today}
        return as_file(write_points([point_as_row(each) for each in found], title="采样点"), name)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    may_change = actor.may_somewhere(Can.OPEN_ROUNDS, within=here)
    return render(request, "screening/points.html", {
        "page": page, "rows": point_rows(page, taken_at(page, here, at), here, today), "uid": here.uid,
        "form": form if may_change else None, "search": text,
        "sees_board": actor.may_somewhere(Can.SEE_BOARD, within=here),
        "sees_people": actor.may_somewhere(Can.SEE_PEOPLE, within=here),
        "may_import": actor.may(Can.IMPORT_RECORDS, over=here) and actor.may(Can.OPEN_ROUNDS, over=here),
        "filters": _filters(kind, standing), "export_url": f"?{_asked(request)}", "clear_url":
        request.path if text or kind or standing else "", "crumbs": _crumbs(here, (_("Sampling points"), None)),
    }, status=422 if form.is_bound else 200)


@require_GET
def point(request: HttpRequest, park: UUID, point: int) -> HttpResponse:
    """One point: its hours and desks, who works there and is trained for it, what it lacks, and today's swabs."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found, today = point_for(actor, here, point), days.day_of(at, here.zone)
    sees_staff = actor.may(Can.SEE_BOARD, over=found) or actor.may(Can.BIND_SPECIMENS, over=found)
    working = staff_of(found, today) if sees_staff else []
    return render(request, "screening/point.html", {
        "point": found, "row": point_rows([found], taken_at([found], here, at), here, today)[0], "uid": here.uid,
        "sees_staff": sees_staff, "staff": staff_rows(working, here, actor, today),
        "gaps": gaps_in(working, found.desks, today) if sees_staff else None,
        "contracts": covering(contracts_of(here), found, today) if actor.may(Can.SEE_BOARD, over=found) else [],
        "may_change": actor.may(Can.OPEN_ROUNDS, over=found), "may_staff": actor.may(Can.KEEP_ROSTER, over=found),
        "crumbs": _crumbs(here, (_("Sampling points"), reverse("points", args=[here.uid])), (found.name, None))})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, park: UUID, point: int) -> HttpResponse:
    """Change a point's name, kind, roster, hours, desks and days. Its tubes stay with it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = point_for(actor, here, point)
    actor.must(Can.OPEN_ROUNDS, over=found)
    form = PointForm(request.POST, park=here, actor=actor) if request.method == "POST" else PointForm.of(found, actor=actor)
    if form.is_valid():
        changed = change_point(found, actor=actor, **form.asked())
        messages.success(request, _("%(point)s is changed.") % {"point": changed.name})
        return redirect("point", park=here.uid, point=changed.pk)
    return render(request, "screening/point_change.html", {
        "form": form, "point": found, "crumbs": _crumbs(
            here, (_("Sampling points"), reverse("points", args=[here.uid])),
            (found.name, reverse("point", args=[here.uid, found.pk])), (_("Change"), None)),
    }, status=422 if form.is_bound else 200)


def _filters(kind: str, standing: str) -> list[dict[str, Any]]:
    kinds = [("", _("All kinds")), *((value, str(label)) for value, label in PointKind.choices)]
    stands = [("", _("All")), ("yes", _("Stands today")), ("no", _("Does not stand today"))]
    return [{"name": name, "label": label, "set": bool(chosen), "options": [
        {"value": value, "label": words, "selected": value == chosen} for value, words in options]}
        for name, label, chosen, options in (("kind", _("Kind"), kind, kinds), ("standing", _("Today"), standing, stands))]


def _asked(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["export"] = "xlsx"
    return asked.urlencode()


def _crumbs(park: Park, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Rounds"), reverse("rounds", args=[park.uid])), *steps]
