"""The Today board at every depth: the park's grids, a grid's enterprises, an enterprise's teams; its names: `name_views.py`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong.briefs import board
from jiugong.briefs.faces import curve_face, matter_faces, question_words, square_of, truth_of
from jiugong.briefs.matters import matters_of
from jiugong.briefs.things import thing_faces, things
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.registry.queries.charges import answering_for_unit
from jiugong.registry.queries.coverage import Coverage
from jiugong.registry.queries.doors import park_for, place_for, unit_for
from jiugong.registry.queries.over import answering_over
from jiugong.registry.queries.units import grids_on
from jiugong.registry.words import UnitKind

A_PAGE = 50
A_BOARD = 60                                 # squares of enterprises at once
VIEWS = ("board", "table", "map")
Found = TypeVar("Found", Place, Unit, Person)


def today(request: HttpRequest, park: UUID) -> HttpResponse:
    """The park now: one line of truth, its grids as squares, as a table or on the map, and what needs somebody."""
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    questions = board.questions_of(actor, here, at)
    question = board.question_for(actor, here, request.GET.get("of", ""), at, among=questions)
    matters = matters_of(actor, here, at, questions)
    shown: dict[str, Any] = {"question": question, "matters": matter_faces(matters, here, at), "here": here}
    if question is None:
        empty = not Person.objects.filter(park=here).exists()
        return render(request, "briefs/today.html", shown | {"may_import": empty and actor.may(Can.IMPORT_ROSTERS, over=here)})
    shown |= asking(request, here, question, questions)
    if question.subject != "person":
        page = page_of(request, things(question, "missing"))
        return render(request, "briefs/today.html", shown | {
            "truth": truth_of(question, here, actor), "page": page, "show": "missing",
            "things": thing_faces(page.object_list, question, here, "missing")})
    squares, truth, covered = _squares(here, question, actor, matters)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    return render(request, "briefs/today.html", shown | {
        "squares": squares, "truth": truth, "view": view, "views": _views(request, view),
        "may_draw": view == "map" and actor.may(Can.DRAW_GRIDS, over=here),
        "wall_url": f"{reverse('wall', args=[here.uid])}?of={question.of}",
        **curve_face(board.curve_of(actor, here, question, covered.missing), question, here)})


def wall(request: HttpRequest, park: UUID) -> HttpResponse:
    """The same for a screen on the wall: dark, large, with initials at most; it goes through the questions by itself."""
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    questions = [each for each in board.questions_of(actor, here, at) if each.subject == "person"]
    question = board.question_for(actor, here, request.GET.get("of", ""), at, among=questions)
    if question is None or question.subject != "person":
        return render(request, "briefs/wall.html", {"question": None})
    matters = matters_of(actor, here, at, questions)
    squares, truth, covered = _squares(here, question, actor, matters)
    initials = [square | {"leader": square["leader"][:1], "url": ""} for square in squares]
    plain = {key: value for key, value in truth.items() if not key.startswith("action")}
    return render(request, "briefs/wall.html", {
        **asking(request, here, question, board.owing(questions)), "squares": initials, "truth": plain, "waiting": len(matters),
        **curve_face(board.curve_of(actor, here, question, covered.missing), question, here)})


def _squares(here: Park, question: board.Question, actor: Actor,
             matters: Sequence[Matter]) -> tuple[list[dict[str, Any]], dict[str, Any], Coverage]:
    """The grids as squares, and the line of truth that they add up to."""
    grids = board.grids(question, here, actor)
    covered = sum((each.covered for each in grids), Coverage())
    return ([square_of(each, question, square_url(here, each, question, actor), matters) for each in grids],
            truth_of(question, here, actor, covered), covered)


def grid(request: HttpRequest, park: UUID, grid: int) -> HttpResponse:
    """The enterprises of a grid as squares."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return _grid(request, here, of_park(here, place_for(actor, grid)))


def no_grid(request: HttpRequest, park: UUID) -> HttpResponse:
    """The enterprises that lie in no grid."""
    return _grid(request, park_for(actor_of(request), park), None)


def _grid(request: HttpRequest, here: Park, grid: Place | None) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    questions, question = _asked(request, here, actor, at)
    if question is None or question.subject != "person":
        return redirect("today", park=here.uid)
    squares = board.enterprises(question, here, grid)
    covered = sum((each.covered for each in squares), Coverage())
    return render(request, "briefs/level.html", {
        **asking(request, here, question, questions), "heading": grid.name if grid else _("In no grid"),
        "answering": answering_over([grid], question.day).get(grid.pk, []) if grid else [],
        "crumbs": crumbs(here, question, (grid.name if grid else _("In no grid"), None)),
        "truth": truth_of(question, here, actor, covered, grid=grid.pk if grid else "none"),
        **_level(request, here, squares, question, actor, at)})


def unit(request: HttpRequest, park: UUID, unit: UUID) -> HttpResponse:
    """An enterprise's teams as squares, or a team's people by name."""
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    found = of_park(here, unit_for(actor, unit))
    questions, question = _asked(request, here, actor, at)
    if question is None or question.subject != "person":
        return redirect("today", park=here.uid)
    if found.kind != UnitKind.ENTERPRISE:
        return redirect(f"{reverse('names', args=[here.uid])}?of={question.of}&unit={found.uid}&show=owed")
    grid = grids_on(here, question.day).get(found.pk)
    covered = question.asked(enterprise=found).coverage()
    return render(request, "briefs/level.html", {
        **asking(request, here, question, questions), "heading": found.name,
        "answering": answering_for_unit(found, question.day),
        "crumbs": crumbs(here, question, *grid_crumb(here, grid, question), (found.name, None)),
        "truth": truth_of(question, here, actor, covered, unit=found.uid),
        **_level(request, here, board.teams(question, found), question, actor, at)})


def _level(request: HttpRequest, here: Park, squares: list[board.Square], question: board.Question, actor: Actor,
           at: datetime) -> dict[str, Any]:
    """A page of squares, or all of them as a table."""
    view = "table" if request.GET.get("view") == "table" else "board"
    page = Paginator(squares, A_BOARD).get_page(request.GET.get("page"))
    matters = matters_of(actor, here, at) if any(each.enterprises for each in page.object_list) else []
    return {"page": page, "view": view, "views": _views(request, view)[:2],
            "squares": [square_of(each, question, square_url(here, each, question, actor), matters)
                        for each in page.object_list]}


# what these pages share with the names ------------------------------------------------------------------------------

def _asked(request: HttpRequest, here: Park, actor: Actor, at: datetime) -> tuple[list[board.Question], board.Question | None]:
    questions = board.questions_of(actor, here, at)
    return questions, board.question_for(actor, here, request.GET.get("of", ""), at, among=questions)


def of_park(park: Park, found: Found) -> Found:
    """What stands in this park: whoever holds powers in two does not mix them in one URL. Raises NotHere."""
    if found.park_id != park.pk:
        raise NotHere()
    return found


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


def asking(request: HttpRequest, here: Park, question: board.Question, questions: Sequence[board.Question]) -> dict[str, Any]:
    """What the board asks, and what else it can be asked if anybody owes it (not looked for when only figures are asked again)."""
    owed = {each.of for each in (questions if request.headers.get("X-Live") else board.owing(questions))} | {question.of}
    others = [each for each in questions if each.of in owed]
    others = others if question in others else [question, *others]
    return {"question": question, "asks": question_words(question, here), "here": here,
            "others": [{"label": each.title, "url": f"?{with_changes(request, of=each.of)}", "selected": each.of == question.of}
                       for each in others]}


def with_changes(request: HttpRequest, **changes: str) -> str:
    """The query of this URL with some words changed, from its first page."""
    kept = request.GET.copy()
    kept.pop("page", None)
    for key, value in changes.items():
        kept[key] = value
    return kept.urlencode()


def _views(request: HttpRequest, view: str) -> list[dict[str, Any]]:
    words = {"board": (_("Squares"), "layout-grid"), "table": (_("Table"), "list"), "map": (_("Map"), "map")}
    return [{"label": words[each][0], "icon": words[each][1], "url": f"?{with_changes(request, view=each)}",
             "selected": each == view} for each in VIEWS]


def square_url(here: Park, square: board.Square, question: board.Question, actor: Actor) -> str:
    """Where a square leads: into further squares, or into names, for who may see them."""
    thing = square.thing
    if thing is None:
        address = reverse("no-grid", args=[here.uid])
    elif isinstance(thing, Place):
        address = reverse("grid", args=[here.uid, thing.pk])
    elif thing.kind == UnitKind.ENTERPRISE and square.opens:
        address = reverse("unit", args=[here.uid, thing.uid])
    else:
        names = f"{reverse('names', args=[here.uid])}?of={question.of}&unit={thing.uid}&show=missing"
        return names if actor.may(Can.SEE_PEOPLE, over=thing) else ""
    return f"{address}?of={question.of}"


def crumbs(here: Park, question: board.Question, *rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way back up to Today."""
    return [(_("Today"), f"{reverse('today', args=[here.uid])}?of={question.of}"), *rest]


def grid_crumb(here: Park, grid: Place | None, question: board.Question) -> Iterable[tuple[str, str | None]]:
    """The grid on the way back up, where there is one."""
    return [(grid.name, f"{reverse('grid', args=[here.uid, grid.pk])}?of={question.of}")] if grid else []
