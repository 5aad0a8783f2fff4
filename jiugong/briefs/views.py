"""The Today board at every depth: the park's grids, a grid's enterprises, an enterprise's teams, the names."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from jiugong.briefs import board
from jiugong.briefs.faces import groups_of, matters_of, question_words, square_of, truth_of
from jiugong.briefs.forms import ExcuseForm
from jiugong.duties.actions import excuse
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.registry.queries.charges import answering_for_unit
from jiugong.registry.queries.coverage import Coverage
from jiugong.registry.queries.doors import park_for, parks_seen, person_for, place_for, unit_for
from jiugong.registry.queries.over import answering_over
from jiugong.registry.queries.people import within
from jiugong.registry.queries.units import grids_on
from jiugong.registry.words import UnitKind

A_PAGE = 50
Found = TypeVar("Found", Place, Unit, Person)


def home(request: HttpRequest) -> HttpResponse:
    """Where somebody starts: in his park, or before the list of his parks."""
    actor = actor_of(request)
    parks = list(parks_seen(actor))
    if len(parks) == 1:
        return redirect(_start(actor), park=parks[0].uid)
    return render(request, "briefs/home.html", {"choices": parks})


def _start(actor: Actor) -> str:
    """The first page that somebody's powers open."""
    for power, name in ((Can.SEE_BOARD, "today"), (Can.BIND_SPECIMENS, "scan"), (Can.REPORT_RESULTS, "result-import")):
        if actor.reach(power):
            return name
    return "today"


def today(request: HttpRequest, park: UUID) -> HttpResponse:
    """The park now: one line of truth, its grids as squares, and what needs somebody."""
    return _today(request, park, "briefs/today.html")


def wall(request: HttpRequest, park: UUID) -> HttpResponse:
    """The same for a screen on the wall: dark, large, with initials at most."""
    return _today(request, park, "briefs/wall.html", in_public=True)


def _today(request: HttpRequest, park: UUID, template: str, *, in_public: bool = False) -> HttpResponse:
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    question = board.question_for(actor, here, request.GET.get("of", ""), at)
    if question is None:
        return render(request, template, {"question": None, "matters": matters_of(actor, here, at)})
    grids = board.grids(question, here, actor)
    squares = [square_of(each, question, _square_url(here, each, question, actor)) for each in grids]
    if in_public:
        squares = [square | {"leader": square["leader"][:1]} for square in squares]
    hours = board.sampled_by_hour(actor, here, question)
    most = max((count for _hour, count in hours), default=1)
    return render(request, template, {
        **_asking(request, here, actor, question, at), "squares": squares, "matters": matters_of(actor, here, at),
        "truth": truth_of(question, here, actor, sum((each.covered for each in grids), Coverage())),
        "wall_url": reverse("wall", args=[here.uid]),
        "hours": [{"label": f"{hour}:00", "count": count, "percent": count * 100 // most} for hour, count in hours]})


def grid(request: HttpRequest, park: UUID, grid: int) -> HttpResponse:
    """The enterprises of a grid as squares."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return _grid(request, here, _of(here, place_for(actor, grid)))


def no_grid(request: HttpRequest, park: UUID) -> HttpResponse:
    """The enterprises that lie in no grid."""
    return _grid(request, park_for(actor_of(request), park), None)


def _grid(request: HttpRequest, here: Park, grid: Place | None) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    question = board.question_for(actor, here, request.GET.get("of", ""), at)
    if question is None:
        return redirect("today", park=here.uid)
    squares = board.enterprises(question, here, grid)
    covered = sum((each.covered for each in squares), Coverage())
    return render(request, "briefs/level.html", {
        **_asking(request, here, actor, question, at), "heading": grid.name if grid else _("In no grid"),
        "answering": answering_over([grid], question.day).get(grid.pk, []) if grid else [],
        "crumbs": _crumbs(here, question, (grid.name if grid else _("In no grid"), None)),
        "truth": truth_of(question, here, actor, covered, grid=grid.pk if grid else "none"),
        "squares": [square_of(each, question, _square_url(here, each, question, actor)) for each in squares]})


def unit(request: HttpRequest, park: UUID, unit: UUID) -> HttpResponse:
    """An enterprise's teams as squares, or a team's people by name."""
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    found = _of(here, unit_for(actor, unit))
    question = board.question_for(actor, here, request.GET.get("of", ""), at)
    if question is None or found.kind != UnitKind.ENTERPRISE:
        return _names_of(request, here, actor, found, question)
    grid = grids_on(here, question.day).get(found.pk)
    covered = question.asked(enterprise=found).coverage()
    return render(request, "briefs/level.html", {
        **_asking(request, here, actor, question, at), "heading": found.name,
        "answering": answering_for_unit(found, question.day),
        "crumbs": _crumbs(here, question, *_grid_crumb(here, grid, question), (found.name, None)),
        "truth": truth_of(question, here, actor, covered, unit=found.uid),
        "squares": [square_of(each, question, _square_url(here, each, question, actor)) for each in board.teams(question, found)]})


def _names_of(request: HttpRequest, here: Park, actor: Actor, found: Unit, question: board.Question | None) -> HttpResponse:
    if question is None:
        return redirect("today", park=here.uid)
    return redirect(f"{reverse('names', args=[here.uid])}?of={question.of}&unit={found.uid}&show=owed")


def names(request: HttpRequest, park: UUID) -> HttpResponse:
    """The people at the end of a drill-down: who is missing, done, excused or owes, by team."""
    actor, at, here = actor_of(request), clock.now(), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    question = board.question_for(actor, here, request.GET.get("of", ""), at)
    if question is None:
        return redirect("today", park=here.uid)
    show = request.GET.get("show", "missing")
    show = show if show in board.SHOWN else "missing"
    only, crumbs = _narrowed(request, here, actor, question)
    listed = board.names(question, show, **only).filter(within(actor.reach(Can.SEE_PEOPLE)))
    if text := request.GET.get("q", "").strip():
        listed = listed.filter(person__name__icontains=text)
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    looked(actor=actor, park_id=here.pk, person_ids=[posting.person_id for posting in page], fields=("list",),
           reason="opened a list of names", at=at)
    return render(request, "briefs/names.html", {
        **_asking(request, here, actor, question, at), "show": show, "page": page, "crumbs": crumbs,
        "groups": groups_of(page, question, show, here), "shows": _shows(request, show), "search": text or "",
        "truth": truth_of(question, here, actor, question.asked(**only).coverage(), **_where(request)),
        "may_excuse": actor.may_somewhere(Can.EXCUSE, within=here),
        "excuse_form": ExcuseForm(initial={"of": question.of, "until": days.day_of(at, here.zone)})})


@require_POST
def excuse_names(request: HttpRequest, park: UUID) -> HttpResponse:
    """Excuse the people that were ticked, with a reason and an end."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.EXCUSE, within=here)
    form = ExcuseForm(request.POST)
    back = request.POST.get("back", "")
    target = f"{reverse('names', args=[here.uid])}?{back}"
    if not form.is_valid() or not request.POST.getlist("person"):
        messages.error(request, _("Tick the people, and give a reason and an end."))
        return redirect(target)
    question = board.question_for(actor, here, form.cleaned_data["of"], clock.now())
    start = question.opens_at if question else clock.now()
    end = days.bounds(form.cleaned_data["until"], here.zone)[1]
    if end <= start:
        messages.error(request, _("The end lies before what is asked. Nobody was excused; choose a later day."))
        return redirect(target)
    people = [_of(here, person_for(actor, uid, Can.EXCUSE)) for uid in dict.fromkeys(request.POST.getlist("person"))]
    with transaction.atomic():
        for person in people:
            excuse(here, person, reason=form.cleaned_data["reason"], since_at=start, until_at=end,
                   duty=_duty_key(form.cleaned_data["of"]), actor=actor)
    messages.success(request, ngettext("%(count)s person is excused.", "%(count)s people are excused.", len(people)) % {
        "count": len(people)})
    return redirect(target)


def _of(park: Park, found: Found) -> Found:
    """What stands in this park: whoever holds powers in two does not mix them in one URL. Raises NotHere."""
    if found.park_id != park.pk:
        raise NotHere()
    return found


def _duty_key(of: str) -> str:
    """Under which key an excuse names what the board asks."""
    kind, _colon, key = of.partition(":")
    return f"screening.round.{key}" if kind == "round" else key


def _asking(request: HttpRequest, here: Park, actor: Actor, question: board.Question, at: datetime) -> dict[str, Any]:
    """What the board asks, and what else it can be asked."""
    others = board.questions_of(actor, here, at)
    if question.of not in [each.of for each in others]:
        others = [question, *others]
    return {"question": question, "asks": question_words(question, here), "here": here,
            "others": [{"label": question_words(each, here)["title"], "url": f"?{_with(request, of=each.of)}",
                        "selected": each.of == question.of} for each in others]}


def _with(request: HttpRequest, **changes: str) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    for key, value in changes.items():
        kept[key] = value
    return kept.urlencode()


def _square_url(here: Park, square: board.Square, question: board.Question, actor: Actor) -> str:
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


def _crumbs(here: Park, question: board.Question, *rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Today"), f"{reverse('today', args=[here.uid])}?of={question.of}"), *rest]


def _grid_crumb(here: Park, grid: Place | None, question: board.Question) -> Iterable[tuple[str, str | None]]:
    return [(grid.name, f"{reverse('grid', args=[here.uid, grid.pk])}?of={question.of}")] if grid else []


def _where(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET[key] for key in ("unit", "grid") if key in request.GET}


def _narrowed(request: HttpRequest, here: Park, actor: Actor,
              question: board.Question) -> tuple[dict[str, Any], list[tuple[str, str | None]]]:
    """To which unit or grid a list of names is narrowed, and the way back up."""
    if "unit" in request.GET:
        found = _of(here, unit_for(actor, request.GET["unit"]))
        firm = found.enterprise or found
        grid = grids_on(here, question.day).get(firm.pk)
        above = [] if firm == found else [(firm.name, f"{reverse('unit', args=[here.uid, firm.uid])}?of={question.of}")]
        only = {"enterprise": found} if firm == found else {"unit": found}
        return only, _crumbs(here, question, *_grid_crumb(here, grid, question), *above, (found.name, None))
    number = request.GET.get("grid", "")
    if number.isdecimal() and len(number) <= board.LONGEST_NUMBER:
        place = _of(here, place_for(actor, int(number)))
        inside = [each.pk for each in board.inside(here, place, question.day)]
        return {"enterprise__in": inside}, _crumbs(here, question, *_grid_crumb(here, place, question), (_("Names"), None))
    if number == "none":
        return {"enterprise__in": [each.pk for each in board.inside(here, None, question.day)]}, _crumbs(
            here, question, (_("In no grid"), None))
    return {}, _crumbs(here, question, (_("Names"), None))


def _shows(request: HttpRequest, show: str) -> list[dict[str, Any]]:
    words = {"missing": _("Missing"), "done": _("Done"), "excused": _("Excused"), "owed": _("Owed")}
    return [{"label": words[each], "url": f"?{_with(request, show=each)}", "selected": each == show} for each in words]
