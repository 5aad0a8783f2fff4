"""The score of every enterprise on a day, and of one enterprise with the names behind each red."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from jiugong.briefs import queries
from jiugong.briefs.logic import Colour
from jiugong.briefs.papers.annex import table_xlsx
from jiugong.briefs.periods import handed_over
from jiugong.briefs.scope import Scope
from jiugong.briefs.score import WORST_FIRST, Cell, Scored, bounds_of, scores
from jiugong.briefs.windows import Asking
from jiugong.duties.queries import asked_by as asked_of_duty
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.coverage import Asked
from jiugong.registry.queries.doors import park_for, unit_for
from jiugong.registry.queries.people import today_in, within
from jiugong.registry.views.lists import Filter, Option, chosen_of, day_asked, filter_by, page_of
from jiugong.registry.words import UnitKind
from jiugong.screening.queries.rounds import asked_by as asked_of_round

COLOURS = {Colour.RED: gettext_lazy("Red"), Colour.AMBER: gettext_lazy("Amber"), Colour.GREEN: gettext_lazy("Green"),
           Colour.UNDER_WAY: gettext_lazy("Under way"), Colour.NOTHING: gettext_lazy("Nothing owed")}
STATES = {Colour.RED: "late", Colour.AMBER: "missing", Colour.GREEN: "done", Colour.UNDER_WAY: "owed", Colour.NOTHING: "owed"}
ICONS = {"late": "alert-triangle", "missing": "circle-dashed", "done": "circle-check", "owed": "circle"}
SORTS = {"worst": gettext_lazy("Worst first"), "name": gettext_lazy("By name"), "missing": gettext_lazy("Most missing first")}


def _asked(request: HttpRequest, park: UUID) -> tuple[Actor, Park, Scope]:
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    day = min(day_asked(request, today_in(here)), today_in(here))
    return actor, here, queries.scope_for(actor, here, day, day)


def _listed(request: HttpRequest, scope: Scope) -> tuple[list[Scored], str, str, str]:
    """The scores that the URL asks for: by colour, by a part of the name, in an order."""
    colour, text = chosen_of(request, "colour", list(Colour)), request.GET.get("q", "").strip()
    sort = chosen_of(request, "sort", SORTS) or "worst"
    found = [each for each in scores(scope) if (not colour or each.colour == colour)
             and (not text or text.casefold() in each.enterprise.name.casefold())]
    if sort == "name":
        found.sort(key=lambda each: each.enterprise.name)
    if sort == "missing":
        found.sort(key=lambda each: (-each.covered.missing, each.enterprise.name))
    return found, colour, text, sort


@require_GET
def score(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every enterprise of a day: its score, its colour, and the reason of every red."""
    actor, here, scope = _asked(request, park)
    found, colour, text, sort = _listed(request, scope)
    page, everything = page_of(request, found), scores(scope)
    counts = {each: sum(1 for one in everything if one.colour is each) for each in WORST_FIRST}
    orders = [Option("" if key == "worst" else key, str(words), key == sort) for key, words in SORTS.items()]
    filters = [filter_by("colour", _("Colour"), COLOURS.items(), colour), Filter("sort", _("Order"), orders)]
    return render(request, "briefs/score.html", {
        "rows": [_row(each, here, scope, actor) for each in page], "page": page, "day": scope.last, "here": here,
        "today": today_in(here), "filters": filters, "text": text, "is_set": bool(colour or text or sort != "worst"),
        "counts": [(COLOURS[each], counts[each], STATES[each], ICONS[STATES[each]],
                    f"?{urlencode({'day': scope.last, 'colour': each})}") for each in WORST_FIRST if counts[each]],
        "bounds": bounds_of(scope), "paper_url": reverse("score-paper", args=[here.uid]),
        "paper_fields": [("day", str(scope.last)), ("colour", colour), ("q", text), ("sort", sort)]})


def _row(each: Scored, here: Park, scope: Scope, actor: Actor) -> dict[str, Any]:
    day, address = scope.last, ""
    if actor.may(Can.SEE_BOARD, over=each.enterprise):
        address = reverse("score-of", args=[here.uid, each.enterprise.uid])
    names = address and actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    return {"scored": each, "url": f"{address}?day={day}" if address else "", "word": COLOURS[each.colour],
            "state": STATES[each.colour], "icon": ICONS[STATES[each.colour]],
            "covered": each.covered, "cells": [_cell(cell, address, day) for cell in each.cells],
            "reasons": [_cell(cell, address if names else "", day) for cell in each.reasons]}


def _cell(cell: Cell, address: str, day: date) -> dict[str, Any]:
    asked = urlencode({"day": day, "of": cell.asking.of, "window": cell.asking.window.key})
    return {"name": cell.asking.name, "hours": cell.hours, "covered": cell.covered, "state": cell.state,
            "is_closed": cell.is_closed, "url": f"{address}?{asked}#names" if address else ""}


@require_GET
def score_paper(request: HttpRequest, park: UUID) -> HttpResponse:
    """The scores of a day as Excel: one line for each enterprise, with what it owed in each window."""
    _actor, _here, scope = _asked(request, park)
    found, *_rest = _listed(request, scope)
    asked = list(dict.fromkeys((cell.asking.of, cell.asking.window.key, cell.asking.name, cell.hours)
                               for each in found for cell in each.cells))
    head = [_("Enterprise"), _("Grid"), _("Score"), _("Colour"), _("Reasons")]
    for _of, _window, name, hours in asked:
        head += [f"{name} {hours} {which}" for which in (
            pgettext("duty", "Owed"), pgettext("duty", "Done"), pgettext("duty", "Excused"), pgettext("duty", "Missing"))]
    return handed_over(table_xlsx(_("Score of the day"), head, [_line(each, asked) for each in found]), "xlsx",
                       f"{_('Score of the day')} {scope.last}")


def _line(each: Scored, asked: list[tuple[str, str, str, str]]) -> list[object]:
    by = {(cell.asking.of, cell.asking.window.key): cell.covered for cell in each.cells}
    line: list[object] = [each.enterprise.name, each.grid.name if each.grid else "", each.percent, str(COLOURS[each.colour]),
                          "；".join(f"{cell.asking.name} {cell.hours}: {cell.covered.missing}" for cell in each.reasons)]
    for of, window, _name, _hours in asked:
        covered = by.get((of, window))
        line += [covered.owed, covered.done, covered.excused, covered.missing] if covered else ["", "", "", ""]
    return line


@require_GET
def score_of(request: HttpRequest, park: UUID, unit: UUID) -> HttpResponse:
    """One enterprise on a day: window by window, and who is missing in one of them."""
    actor, here, scope = _asked(request, park)
    enterprise = unit_for(actor, unit)
    if enterprise.park_id != here.pk or enterprise.kind != UnitKind.ENTERPRISE:
        raise NotHere()
    scope = replace(scope, reach=(enterprise.path, *((enterprise.site.path,) if enterprise.site else ())), asked={})
    scored = next((each for each in scores(scope) if each.enterprise.pk == enterprise.pk), None)
    cell = _chosen(request, scored)
    may_see = actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    page = page_of(request, _missing(actor, enterprise, cell.asking, scope)) if cell and may_see else None
    if page and cell and _names_people(cell.asking):
        looked(actor=actor, park_id=here.pk, person_ids=[each.person_id for each in page], fields=("list",),
               reason="opened a list of names", at=clock.now())
    return render(request, "briefs/score_of.html", {
        "enterprise": enterprise, "row": _row(scored, here, scope, actor) if scored else None, "day": scope.last,
        "today": today_in(here), "here": here, "page": page, "may_see": may_see, "bounds": bounds_of(scope),
        "chosen": _cell(cell, "", scope.last) if cell else None, "chosen_url": _names_url(cell, enterprise, here, scope),
        "people": bool(cell and _names_people(cell.asking)),
        "crumbs": [(_("Score"), f"{reverse('score', args=[here.uid])}?day={scope.last}"), (enterprise.name, None)]})


def _chosen(request: HttpRequest, scored: Scored | None) -> Cell | None:
    """The window that the URL asks for, else the one in which most are missing."""
    if scored is None:
        return None
    asked = (request.GET.get("of", ""), request.GET.get("window", ""))
    found = next((cell for cell in scored.cells if (cell.asking.of, cell.asking.window.key) == asked), None)
    missing = [cell for cell in scored.cells if cell.covered.missing]
    worst = min(missing, key=lambda cell: (not cell.is_closed, -cell.covered.missing), default=None)
    return found or worst


def _names_people(asking: Asking) -> bool:
    return asking.due is None or asking.due.rule.subject == "person"


def _missing(actor: Actor, enterprise: Unit, asking: Asking, scope: Scope) -> Any:
    """Who, or what, of an enterprise is missing in a window, as far as the actor may see names."""
    asked = _asked_of(asking, scope, enterprise)
    if _names_people(asking):
        return _by_team(asked, actor)
    return asked.missing().order_by("path")


def _asked_of(asking: Asking, scope: Scope, enterprise: Unit) -> Asked:
    if asking.due is None and asking.round is not None:
        return asked_of_round(asking.round, scope.as_of, scope.reach, enterprise=enterprise)
    if asking.due is None:
        raise TypeError(asking)
    if asking.due.rule.subject == "place":
        path = enterprise.site.path if enterprise.site else "-"
        return asked_of_duty(scope.park, asking.due, scope.as_of, scope.reach, path__startswith=path)
    return asked_of_duty(scope.park, asking.due, scope.as_of, scope.reach, enterprise=enterprise)


def _by_team(asked: Asked, actor: Actor) -> Any:
    """The people who are missing, by team and name."""
    return (asked.missing().filter(within(actor.reach(Can.SEE_PEOPLE))).select_related("person", "unit__parent")
            .order_by("unit__path", "person__name", "pk"))


def _names_url(cell: Cell | None, enterprise: Unit, here: Park, scope: Scope) -> str:
    """The list of names where they can be reminded and excused: of a round, or of a duty whose window is open now."""
    if cell is None or not _names_people(cell.asking):
        return ""
    if cell.asking.due and not cell.asking.window.holds(scope.at):
        return ""
    return f"{reverse('names', args=[here.uid])}?{urlencode({'of': cell.asking.of, 'unit': enterprise.uid, 'show': 'missing'})}"
