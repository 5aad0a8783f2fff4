"""The map: grids drawn on it or taken from a file, sites placed; first what would change, then the yes."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.actions.grids import Taken, erase, preview_ground, take_ground
from jiugong.registry.errors import NotHere
from jiugong.registry.forms import GroundForm
from jiugong.registry.grounds_in_words import GroundWrong, said, sentence
from jiugong.registry.logic.geometry import degrees
from jiugong.registry.logic.ground import (
    Ground,
    area_of,
    as_geometry,
    as_point,
    point_of,
    read_geojson,
    read_ground_file,
    read_lines,
)
from jiugong.registry.models import Park, Place
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.grids import grids_drawn, ground_of, place_drawn, sites_on
from jiugong.registry.queries.over import answering_over
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import filter_by, page_of
from jiugong.registry.words import PlaceKind


@require_http_methods(["GET", "POST"])
def ground_map(request: HttpRequest, park: UUID) -> HttpResponse:
    """The map with its grids and sites; who may, draws here, looks what would change, and says yes."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    if request.method != "POST":
        return _page(request, actor, here, _started(request, actor, here))
    actor.must(Can.DRAW_GRIDS, over=here)
    form = GroundForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, actor, here, form, status=422)
    ground, on = _meant(form), form.cleaned_data["on"]
    if not form.cleaned_data["yes"]:
        taken = preview_ground(here, ground, actor=actor, on=on)
        if taken.wrong and form.cleaned_data["lines"]:
            for each in taken.wrong:                               # what was drawn stays in the form, to be mended there
                form.add_error("on" if each.code == "day_far_away" else "lines", said(each))
            return _page(request, actor, here, form, status=422)
        return _preview(request, ground, taken, on, status=422 if taken.wrong else 200)
    try:
        taken = take_ground(here, ground, actor=actor, on=on)
    except GroundWrong as refused:
        return _preview(request, ground, Taken(wrong=refused.wrong), on, status=422)
    messages.success(request, _("Kept: %(drawn)s outlines, %(placed)s sites placed, %(moved)s sites counted elsewhere "
                                "from %(day)s.") % {"drawn": len(taken.drawn), "placed": len(taken.placed),
                                                    "moved": len(taken.moves), "day": on.isoformat()})
    return redirect("map", park=here.uid)


@require_GET
def geojson(request: HttpRequest, park: UUID) -> HttpResponse:
    """What is drawn, as GeoJSON: for the map, and to be kept as a file."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return JsonResponse(ground_of(actor, here, today_in(here)), content_type="application/geo+json",
                        json_dumps_params={"ensure_ascii": False})


@require_POST
def clear(request: HttpRequest, park: UUID, place: int) -> HttpResponse:
    """Take an outline or a point away."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.DRAW_GRIDS, over=here)
    found = place_drawn(here, place)
    if found is None:
        raise NotHere()
    erase(found, actor=actor)
    messages.success(request, _("%(name)s is no longer on the map. Where it is counted stays as it is.") % {"name": found.name})
    return redirect("map", park=here.uid)


def _meant(form: GroundForm) -> Ground:
    """What the form says: a file, a text that was looked at before, or what was drawn or typed."""
    given = form.cleaned_data
    if file := given["file"]:
        return read_ground_file(file.read(), name=file.name or "")
    if given["geojson"]:
        return read_geojson(given["geojson"])
    return read_lines(given["kind"], given["name"], given["lines"])


def _page(request: HttpRequest, actor: Actor, here: Park, form: GroundForm, *, status: int = 200) -> HttpResponse:
    today = today_in(here)
    text, placed = request.GET.get("q", "").strip(), request.GET.get("placed", "")
    sites = sites_on(actor, here, today)
    grids = grids_drawn(actor, here, today)
    leaders = answering_over([each.grid for each in grids], today)
    listed = sites.filter(name__icontains=text) if text else sites
    if placed in ("yes", "no"):
        listed = listed.filter(outline__isnull=placed == "no")
    may_draw = actor.may(Can.DRAW_GRIDS, over=here)
    return render(request, "registry/map.html", {
        "form": form, "may_draw": may_draw, "page": page_of(request, listed), "text": text,
        "grids": [{"grid": each.grid, "sites": each.sites, "placed": each.placed, "drawn": bool(each.grid.outline),
                   "leader": next((one.person.name for one in leaders.get(each.grid.pk, [])), "")} for each in grids],
        "names": sorted({each.grid.name for each in grids} | set(sites.values_list("name", flat=True)[:1000])) if may_draw else [],
        "filters": [filter_by("placed", _("On the map"), [("yes", _("placed")), ("no", _("not placed yet"))], placed)],
        "is_set": bool(text or placed)}, status=status)


def _started(request: HttpRequest, actor: Actor, here: Park) -> GroundForm:
    """An empty form, or with `?edit=` the corners of a grid or the point of a site that are to be moved."""
    initial: dict[str, Any] = {"on": today_in(here), "kind": "grid"}
    number = request.GET.get("edit", "")
    place = place_drawn(here, int(number)) if number.isdecimal() and len(number) <= 9 and actor.may(
        Can.DRAW_GRIDS, over=here) else None
    if place:
        initial |= {"name": place.name, "kind": "grid" if place.kind == PlaceKind.GRID else "site", "lines": _lines(place)}
    return GroundForm(initial=initial)


def _lines(place: Place) -> str:
    """A single ring or a point as lines; an outline with parts or holes is drawn anew or comes from a file."""
    at, area = point_of(place.outline), area_of(place.outline)
    if at:
        return ", ".join(str(each) for each in degrees(at))
    if len(area) != 1 or len(area[0]) != 1:
        return ""
    return "\n".join(", ".join(str(each) for each in degrees(corner)) for corner in area[0][0][:-1])


def _preview(request: HttpRequest, ground: Ground, taken: Taken, on: date, *, status: int) -> HttpResponse:
    features = [{"type": "Feature", "properties": {"name": each.name}, "geometry": as_geometry(each.area)}
                for each in ground.outlines]
    features += [{"type": "Feature", "properties": {"name": each.name}, "geometry": as_point(each.at)} for each in ground.spots]
    return render(request, "registry/map_preview.html", {
        "taken": taken, "on": on, "wrong": [{"number": each.number, "name": each.name, "said": sentence(each)}
                                            for each in taken.wrong],
        "geojson": json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)}, status=status)
