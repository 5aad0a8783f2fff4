"""Paper at a sampling point: sheets to print before, and their quick entry after."""

from typing import Any
from urllib.parse import quote
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
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.logic.badge_codes import read as reads_as_badge
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.badges import badge_of_code
from jiugong.registry.queries.doors import park_for
from jiugong.screening.actions.paper_entry import Sheet, enter_sheet, enter_sheet_as_it_is
from jiugong.screening.actions.scans import Answer
from jiugong.screening.actions.tube_sheets import run_coded_sheets, run_roster_sheets, run_sheets
from jiugong.screening.logic.tube_codes import code_of
from jiugong.screening.models import Round, SheetRun
from jiugong.screening.paper_forms import CODES, MOST_LINES, ROSTER, EntryForm, SheetsForm, TeamForm
from jiugong.screening.queries.paper import Names, people_owing, run_for, runs_of, sampled_among
from jiugong.screening.queries.rounds import round_at, rounds_of
from jiugong.screening.queries.tubes import points_for
from jiugong.screening.sheet_papers import sheets_pdf

A_PAGE, LONGEST_NUMBER = 20, 9
ABOUT_THE_TUBE = ("screening.tube_sealed", "screening.tube_full", "screening.tube_in_other_round")
LOOKS = {"screening.already_sampled": ("excused", "circle-minus"), "screening.walk_in": ("missing", "user-question")}


@require_http_methods(["GET", "POST"])
def tube_sheets(request: HttpRequest, park: UUID) -> HttpResponse:
    """Print tube sheets for a round and a point; those printed before can be printed again.

    The page that comes back has a form of its own, so that pressing once more never prints the same codes again.
    """
    actor, here, named = _asked(request, park)
    form = SheetsForm(request.POST if request.method == "POST" else None, initial=_first(request, here), **named)
    if form.is_valid():
        run = _run(form, actor)
        messages.success(request, _("The sheets are ready. Open them and print."))
        return redirect(reverse("tube-sheets", args=[here.uid], query={"run": run.pk}))
    page = Paginator(runs_of(actor, here), A_PAGE).get_page(request.GET.get("page"))
    made = request.GET.get("run", "")
    ready = runs_of(actor, here).filter(pk=int(made)).first() if made.isdecimal() and len(made) <= LONGEST_NUMBER else None
    return render(request, "screening/tube_sheets.html", {
        "ready": _run_row(ready, here) if ready else None,
        "form": form, "page": page, "rows": [_run_row(run, here) for run in page], "uid": here.uid,
        "may_name": actor.may_somewhere(Can.ISSUE_BADGES, within=here),
        "crumbs": _crumbs(here, (_("Tube sheets"), None))}, status=422 if form.is_bound else 200)


def _run(form: SheetsForm, actor: Actor) -> SheetRun:
    given = form.cleaned_data
    words = {"run_id": given["run_id"], "actor": actor}
    if given["kind"] == ROSTER:
        return run_roster_sheets(given["round"], given["point"], given["unit"], **words)
    run = run_coded_sheets if given["kind"] == CODES else run_sheets
    return run(given["round"], given["point"], sheets=given["sheets"], **words)


@require_GET
def sheets_again(request: HttpRequest, park: UUID, run: int) -> HttpResponse:
    """The same sheets once more, with the same codes."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return _as_pdf(sheets_pdf(run_for(actor, here, run), actor=actor), here)


@require_http_methods(["GET", "POST"])
def paper_entry(request: HttpRequest, park: UUID) -> HttpResponse:
    """Enter a sheet: its tube, when and by whom, then who stands on its lines; one press sends all."""
    actor, here, named = _asked(request, park)
    lines = [text[:300] for text in request.POST.getlist("line")][:MOST_LINES]
    if request.method == "GET":
        return _entry(request, here, EntryForm.proposing(_first(request, here), **named), [], actor=actor)
    form = EntryForm(request.POST, **named)
    written = _written(lines, request)
    if not form.is_valid() or not written:
        return _entry(request, here, form, lines, actor=actor, nobody=form.is_valid(), status=422)
    given = form.cleaned_data
    try:
        sampler = _sampler(actor, given["round"], given["sampler"])
    except Refusal as refusal:
        form.add_error("sampler", str(refusal))
        return _entry(request, here, form, lines, actor=actor, status=422)
    sheet = Sheet(lines=written, sampler=sampler, **{name: given[name] for name in (
        "entry_id", "round", "point", "tube", "sampled_at")})
    answers = (enter_sheet_as_it_is if given["really"] else enter_sheet)(sheet, actor=actor)
    result = [_line(answer, written) for answer in answers]
    if any(answer.status == "refused" for answer in answers):
        doubtful = any(answer.code in ABOUT_THE_TUBE for answer in answers)
        return _entry(request, here, form, lines, actor=actor, result=result, doubtful=doubtful, status=422)
    done = EntryForm.proposing({"round": given["round"].number, "point": given["point"].pk, "sampler": given["sampler"],
                                "sampled_at": given["sampled_at"].astimezone(here.zone).replace(tzinfo=None)}, **named)
    return _entry(request, here, done, [], actor=actor, result=result, tube=given["tube"])


def _entry(request: HttpRequest, here: Park, form: EntryForm, lines: list[str], *, actor: Actor, status: int = 200,
           **more: Any) -> HttpResponse:
    chosen = form["round"].value()
    the_round = Round.objects.filter(park=here, number=chosen).first() if str(chosen or "").isdigit() else None
    size = max(the_round.pool_size if the_round else MOST_LINES, len(lines))
    listed, unit = _team(request, here, actor, the_round)
    ticked = request.POST.getlist("person") if status != 200 else []
    return render(request, "screening/paper_entry.html", {
        "form": form, "lines": list(enumerate([*lines, *[""] * size][:size], start=1)), "uid": here.uid, "unit": unit, "team": [
            {"uid": person.uid, "name": person.name, "number": person.masked_id, "is_done": is_done,
             "is_ticked": str(person.uid) in ticked} for person, is_done in listed],
        "order": request.POST.get("order", "") if ticked else "", "team_field": TeamForm(park=here, actor=actor)["unit"],
        "crumbs": _crumbs(here, (_("Enter a sheet"), None)), **more}, status=status)


def _team(request: HttpRequest, here: Park, actor: Actor, the_round: Round | None) -> tuple[list[tuple[Person, bool]], Any]:
    """The people of the team that an address names, to be ticked, and who of them was sampled; each is a look."""
    form = TeamForm(request.POST if request.POST.get("unit") else request.GET, park=here, actor=actor)
    unit = form.cleaned_data["unit"] if form.is_valid() else None
    if unit is None or the_round is None:
        return [], None
    people = people_owing(the_round, unit)
    looked(actor=actor, park_id=here.pk, person_ids=[person.pk for person in people], fields=("list",), at=clock.now(),
           reason="entered a tube sheet")
    done = sampled_among(the_round, people)
    return [(person, person.pk in done) for person in people], unit


def _written(lines: list[str], request: HttpRequest) -> list[str]:
    """What was typed line by line, then who was ticked, in the order in which they were: the page numbers them where it can."""
    typed = list(lines)
    while typed and not typed[-1].strip():
        typed.pop()
    ticked = request.POST.getlist("person")
    order = [uid for uid in request.POST.get("order", "").split(",") if uid in ticked]
    return [*typed, *dict.fromkeys([*order, *ticked])][:MOST_LINES]


def _sampler(actor: Actor, the_round: Round, text: str) -> Person | None:
    """Who took the swabs, by badge or by name. Raises NameUnknown, NameShared, BadgeUnknown and what else a badge may be."""
    if not text.strip():
        return None
    if reads_as_badge(text):
        return badge_of_code(the_round.park, text).person
    return Names(actor, the_round, [text]).person(text)


def _line(answer: Answer, lines: list[str]) -> dict[str, Any]:
    position = int(answer.scan_id.rpartition("-")[2])
    state, icon = ("late", "alert-triangle") if answer.status == "refused" else LOOKS.get(answer.code, ("done", "circle-check"))
    word = answer.message or (_("Bound before") if answer.status == "repeat" else _("Bound"))
    typed = "" if _is_uid(lines[position - 1]) else lines[position - 1]
    return {"position": position, "name": answer.name or typed, "state": state, "icon": icon, "word": word}


def _is_uid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def _asked(request: HttpRequest, park: UUID) -> tuple[Actor, Park, dict[str, Any]]:
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.BIND_SPECIMENS, within=here)
    return actor, here, {"park": here, "actor": actor, "rounds": rounds_of(actor, here).order_by("-number"),
                         "points": points_for(actor, here)}


def _first(request: HttpRequest, here: Park) -> dict[str, Any]:
    """What an address names, else the round that the park is in."""
    now = round_at(here, clock.now())
    asked = request.GET.get("round", "")
    return {"round": int(asked) if asked.isdigit() and len(asked) < 9 else now.number if now else "",
            "point": request.GET.get("point", ""), "tube": request.GET.get("tube", "")[:40]}


def _run_row(run: SheetRun, here: Park) -> dict[str, Any]:
    return {"round": run.round.number, "point": run.point.name, "unit": run.unit.name if run.unit else "", "sheets": run.sheets,
            "codes": f"{code_of(run.first)} – {code_of(run.last)}" if run.first and run.last else "", "by": run.printed_by_name,
            "at": days.local(run.printed_at, here.zone)[5:16], "url": reverse("tube-sheets-again", args=[here.uid, run.pk])}


def _as_pdf(content: bytes, here: Park) -> HttpResponse:
    name = _("%(park)s, tube sheets.pdf") % {"park": here.name}
    return HttpResponse(content, content_type="application/pdf", headers={
        "Content-Disposition": f"attachment; filename=sheets.pdf; filename*=UTF-8''{quote(name)}"})


def _crumbs(park: Park, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Scan"), reverse("scan", args=[park.uid])), *steps]
