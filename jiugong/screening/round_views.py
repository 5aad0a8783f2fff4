"""The rounds of a park: the list, opening one, one round by enterprise and by tube, and who is missing as a workbook."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.coverage import Coverage
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.imports import as_file
from jiugong.screening.actions.rounds import open_round, withdraw_round
from jiugong.screening.faces import (
    enterprise_rows,
    hour_rows,
    missing_rows,
    round_rows,
    stage_options,
    tube_rows,
)
from jiugong.screening.forms import RoundForm
from jiugong.screening.logic.listing import workbook
from jiugong.screening.models import Round
from jiugong.screening.queries.laboratories import may_open_rounds
from jiugong.screening.queries.rounds import (
    any_round_for,
    coverage_by_enterprise,
    coverage_of,
    latest_first,
    may_withdraw,
    missing_in,
    must_see_rounds,
    narrowed,
    reach_into,
    round_for,
    rounds_of,
    swabs_by_hour,
)
from jiugong.screening.queries.tubes import described, in_stage, stages_of, tubes_of

A_PAGE = 50
AT_ONCE = 2                                  # rounds whose figures come with the list; the others follow, one by one
PHASES = ("under_way", "to_come", "closed")


@require_GET
def rounds(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every round: the last that began first, those to come at the end."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    must_see_rounds(actor, here)
    text, phase, whom = (request.GET.get(name, "").replace("\0", "").strip() for name in ("q", "phase", "for"))
    found = latest_first(narrowed(rounds_of(actor, here), at, text=text, phase=phase, whom=whom), at)
    sees = actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    reach = reach_into(actor, Can.SEE_BOARD, here)
    if request.GET.get("export") == "xlsx":
        listed = list(found)
        rows = round_rows(listed, coverage_of(listed, at, reach), here, at, see_people=False)
        return as_file(workbook(_("Rounds"), *_rounds_as_table(rows)), _("%(park)s, rounds.xlsx") % {"park": here.name})
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    figures = coverage_of(list(page)[:AT_ONCE], at, reach)
    return render(request, "screening/rounds.html", {
        "page": page, "rows": round_rows(page, figures, here, at, see_people=sees),
        "crumbs": _crumbs(here, (_("Rounds"), None)),
        "may_open": may_open_rounds(actor, here), "uid": here.uid, "search": text,
        "filters": [_filter("phase", _("When"), phase, [
            ("", _("All")), *zip(PHASES, (_("Under way"), _("To come"), _("Closed")), strict=True)]),
            _filter("for", _("For whom"), whom, [("", _("All")), ("everybody", _("Everybody")), ("chosen", _("Chosen"))])],
        "clear_url": request.path if text or phase or whom else "", "export_url": _exporting(request),
        "may_import": bool(reach_into(actor, Can.IMPORT_RECORDS, here))})


@require_GET
def round_figures(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """How far one round is, as the list of rounds shows it: asked for when the round comes into sight."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = round_for(actor, here, number)
    sees = actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    figures = coverage_of([found], at, reach_into(actor, Can.SEE_BOARD, here))
    return render(request, "screening/round_figures.html", {
        "row": round_rows([found], figures, here, at, see_people=sees)[0]})


@require_http_methods(["GET", "POST"])
def open_a_round(request: HttpRequest, park: UUID) -> HttpResponse:
    """Say which roster is sampled, from when until when, in which tubes; for everybody, or for chosen ones and why."""
    actor = actor_of(request)
    here = park_for(actor, park)
    if request.method == "POST":
        form = RoundForm(request.POST, park=here, actor=actor)
        if form.is_valid():
            opened = open_round(here, actor=actor, **form.asked())
            messages.success(request, _("Round %(number)s is open for scans.") % {"number": opened.number})
            return redirect("round", park=here.uid, number=opened.number)
    else:
        last = rounds_of(actor, here).last()
        form = RoundForm.proposing(last.number + 1 if last else 1, park=here, actor=actor, asked=request.GET)
    if not form.may_open:
        actor.must(Can.OPEN_ROUNDS, over=here)
    return render(request, "screening/round_open.html", {"form": form, "crumbs": _crumbs(
        here, (_("Rounds"), reverse("rounds", args=[here.uid])), (_("Open a round"), None))})


@require_GET
def one_round(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """One round: how far it is by enterprise and by hour, its tubes with their results and who scanned them."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = round_for(actor, here, number)
    reach = reach_into(actor, Can.SEE_BOARD, here)
    is_tubes = request.GET.get("view") == "tubes" or bool(request.GET.keys() & {"point", "stage"})
    view = "tubes" if is_tubes or not reach else "enterprises"
    by_enterprise = coverage_by_enterprise(found, at, reach)
    whole = sum((covered for _enterprise, covered in by_enterprise), Coverage())
    sees = actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    shown: dict[str, Any] = {
        "the_round": found, "row": round_rows([found], {number: whole}, here, at, see_people=sees)[0], "uid": here.uid,
        "view": view, "hours": hour_rows(swabs_by_hour(found, at, reach)) if reach else [], "sees_board": bool(reach),
        "may_withdraw": may_withdraw(actor, found),
        "missing_url": reverse("round-missing", args=[here.uid, number]) if sees and whole.missing else "",
        "crumbs": _crumbs(here, (_("Rounds"), reverse("rounds", args=[here.uid])),
                          (_("Round %(number)s") % {"number": number}, None))}
    text = request.GET.get("q", "").replace("\0", "").strip()
    shown |= {"search": text, "export_url": _exporting(request)}
    if view == "enterprises":
        rows = enterprise_rows(by_enterprise, found, here, at, text=text, see_people=sees)
        shown |= {"rows": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "filters": [],
                  "clear_url": request.path if text else ""}
        shown["page"] = shown["rows"]
        table = (_("By enterprise"), [_("Enterprise"), _("Owed"), _("Done"), _("Excused"), _("Missing")],
                 [[row[key] for key in ("name", "owed", "done", "excused", "missing")] for row in rows])
    else:
        tubes, told = _tubes(request, actor, found, here, text)
        shown |= told
        shown["rows"] = tube_rows(described(told["page"], at), here, at)
        table = (_("Tubes"), [_("Tube"), _("Swabs"), _("Capacity"), _("Result"), _("Point"), _("First swab"),
                              _("Reported"), _("Scanned by")], [])
        if request.GET.get("export") == "xlsx":
            table[2].extend([row["code"], row["bound"], row["capacity"], row["result"]["word"] if row["result"] else "",
                             row["point"], row["opened"], row["reported"], "、".join(row["scanners"])]
                            for row in tube_rows(described(tubes, at), here, at))
    if request.GET.get("export") == "xlsx":
        name = _("%(park)s, round %(number)s, %(what)s.xlsx") % {"park": here.name, "number": number, "what": table[0]}
        return as_file(workbook(*table), name)
    return render(request, "screening/round.html", shown)


@require_POST
def withdraw(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Take back a round that was opened by mistake and has no swab."""
    actor = actor_of(request)
    here = park_for(actor, park)
    withdraw_round(any_round_for(actor, here, number), reason=request.POST.get("reason", ""), actor=actor)
    messages.success(request, _("Round %(number)s is withdrawn. Nobody owes it.") % {"number": number})
    return redirect("rounds", park=here.uid)


def _tubes(request: HttpRequest, actor: Actor, found: Round, here: Park, text: str) -> tuple[Any, dict[str, Any]]:
    """The tubes of a round as the address narrows them, their filters and their page."""
    at = clock.now()
    tubes = tubes_of(actor, found, at)
    points = sorted(set(tubes.order_by().values_list("point__name", flat=True).distinct()))
    point, stage = (request.GET.get(name, "").replace("\0", "").strip() for name in ("point", "stage"))
    listed = tubes.filter(point__name=point) if point else tubes
    listed = in_stage(listed, stage, at) if stage else listed
    listed = listed.filter(code__icontains=text) if text else listed
    return listed, {
        "page": Paginator(listed, A_PAGE).get_page(request.GET.get("page")), "points": len(points),
        "filters": [_filter("stage", _("Stage"), stage, stage_options(stages_of(tubes, at))),
                    _filter("point", _("Point"), point, [("", _("All points")), *((name, name) for name in points)])],
        "clear_url": f"{request.path}?view=tubes" if point or stage or text else ""}


@require_GET
def round_missing(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Who is missing in a round now, as a workbook for those who go and find them; each name's look is journalled."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = round_for(actor, here, number)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    listed = list(missing_in(found, at, reach_into(actor, Can.SEE_PEOPLE, here)))
    looked(actor=actor, park_id=here.pk, person_ids=[posting.person_id for posting in listed], fields=("list",),
           reason="downloaded who is missing in a round", at=at)
    headings = [_("Enterprise"), _("Workshop"), _("Team"), _("Name"), _("ID number"), _("Post"), _("Shift")]
    name = _("%(park)s, round %(number)s, missing at %(at)s.xlsx") % {
        "park": here.name, "number": number, "at": days.local(at, here.zone)[:16].replace(":", "")}
    return as_file(workbook(_("Missing"), headings, missing_rows(listed)), name)


def _rounds_as_table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    keys = ("number", "day", "hours", "over", "whom", "reason", "pool_size", "owed", "done", "excused", "missing")
    headings = [_("Round"), _("Day"), _("Hours"), _("Whose roster"), _("For whom"), _("Why these"),
                _("Swabs in one tube"), _("Owed"), _("Done"), _("Excused"), _("Missing")]
    return headings, [[row[key] for key in keys] for row in rows]


def _filter(name: str, label: str, chosen: str, options: list[tuple[Any, ...]]) -> dict[str, Any]:
    """A select above a list; an option is its value, its label and, where it is known, how many rows it leaves."""
    return {"name": name, "label": label, "set": bool(chosen), "options": [
        {"value": value, "label": words, "selected": value == chosen, "count": count[0] if count else None}
        for value, words, *count in options]}


def _exporting(request: HttpRequest) -> str:
    """The address of the same list as a workbook."""
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["export"] = "xlsx"
    return f"?{asked.urlencode()}"


def _crumbs(park: Park, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Today"), reverse("today", args=[park.uid])), *steps]
