"""Screening's pages: one tube, the scanner's page, files of scans, results and points."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.field import kept_on_the_device
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.forms import content_of
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.screening.actions.permits import permit_sealing, permitted, why_not_now
from jiugong.screening.actions.point_files import import_points, read_point_file
from jiugong.screening.actions.results import import_results, read_result_file, report
from jiugong.screening.actions.scan_files import Taken, import_scans, read_scan_file
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.tubes import seal
from jiugong.screening.errors import sentence
from jiugong.screening.faces import member_rows, result_rows, scannable_rows
from jiugong.screening.forms import FileForm, ResultForm, ScanForm
from jiugong.screening.lives import tube_life
from jiugong.screening.logic.reading import Records
from jiugong.screening.queries.laboratories import Reporters
from jiugong.screening.queries.rounds import latest_first, reach_into, rounds_at, rounds_of
from jiugong.screening.queries.tubes import members_of, members_seen, points_for, results_of, tube_for
from jiugong.work.answering import may_take_long

SHOWN_WARNINGS = 100
LARGE = 256 * 1024                           # bytes of a file that the worker takes: some thousand rows
MOST_ROUNDS = 20                             # rounds to choose from where somebody scans
both = require_http_methods(["GET", "POST"])


@both
def tube(request: HttpRequest, park: UUID, code: str) -> HttpResponse:
    """Who is in a tube, in order, and what the laboratory said; posting to it seals it."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = tube_for(actor, here, code)
    if request.method == "POST":
        permit_sealing(found, getattr(request.user, "person", None))
        seal(found, actor=actor)
        messages.success(request, _("Tube %(tube)s is sealed.") % {"tube": found.code})
        return redirect("tube", park=here.uid, code=found.code)
    members, seen = list(members_of(found, at)), members_seen(actor, found)
    looked(actor=actor, park_id=here.pk, fields=("tube",), reason="opened a tube's page", at=at, person_ids=[
        member.person_id for member in members if member.person_id and member.pk in seen])
    number = found.round.number
    return render(request, "screening/tube.html", {
        "tube": found, "members": member_rows(members, seen, here),
        "results": result_rows(results_of(found, at), len(members), here),
        "life": tube_life(found, members, here, at),
        "sealed": days.local(found.sealed_at, here.zone)[5:16] if found.sealed_at and found.sealed_at <= at else "",
        "may_report": actor.may(Can.REPORT_RESULTS, over=here),
        "may_seal": not found.sealed_at and actor.may(Can.BIND_SPECIMENS, over=found.point),
        "crumbs": _crumbs(here, (_("Rounds"), reverse("rounds", args=[here.uid])),
                          (_("Round %(number)s") % {"number": number}, reverse("round", args=[here.uid, number])),
                          (found.code, None))})


@both
def scan(request: HttpRequest, park: UUID) -> HttpResponse:
    """Bind people to tubes. The page's script sends each scan by itself; without scripts the form does."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    points, scanner = list(points_for(actor, here)), getattr(request.user, "person", None)
    if not reach_into(actor, Can.BIND_SPECIMENS, here):
        actor.must(Can.BIND_SPECIMENS, over=here)
    if request.method == "POST":
        form = ScanForm(request.POST)
        if form.is_valid():
            [asked] = permitted(here, [form.scan()], scanner)
            if isinstance(asked, Refusal):
                raise asked
            _say(request, bind(here, [asked], actor=actor, scanner=scanner))
            kept = {name: form.cleaned_data[name] for name in ("round", "point", "tube")}
            return redirect(reverse("scan", args=[here.uid], query=kept))
        messages.error(request, _("Choose a round and a point, and enter the tube and the ID number."))
    rounds = list({each.pk: each for each in (*rounds_at(here, at), *latest_first(rounds_of(actor, here), at)[:MOST_ROUNDS])}
                  .values())
    page = render(request, "screening/scan.html", {
        "why_not": why_not_now(here, scanner),
        "rounds": scannable_rows(rounds, here, at), "points": points, "form": ScanForm(), "uid": here.uid,
        "may_name_points": actor.may(Can.OPEN_ROUNDS, over=here), "zone": here.timezone,
        "round_number": request.GET.get("round") or (str(rounds[0].number) if rounds else ""),
        "point_name": request.GET.get("point", ""), "tube_code": request.GET.get("tube", "")})
    return kept_on_the_device(request, page, owner=actor.key)


def _file_name(request: HttpRequest, park: UUID) -> str:
    return ", ".join(file.name or "" for file in request.FILES.getlist("file"))


def _is_large_file(request: HttpRequest, park: UUID) -> bool:
    return request.method == "POST" and any((file.size or 0) > LARGE for file in request.FILES.getlist("file"))


@both
@may_take_long(_file_name, _is_large_file)
def import_scan_file(request: HttpRequest, park: UUID) -> HttpResponse:
    """Take a file of scans: what was new, what was here already, what could not be taken and why."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    return _take_file(request, here, "scans", _("Take in scans"), read_scan_file, import_scans)


@both
@may_take_long(_file_name, _is_large_file)
def import_result_file(request: HttpRequest, park: UUID) -> HttpResponse:
    """Take a laboratory's workbook, or one tube's result by hand: what was new, what could not be taken and why."""
    actor = actor_of(request)
    here = park_for(actor, park)
    if not actor.may(Can.REPORT_RESULTS, over=here):
        actor.must(Can.IMPORT_RECORDS, over=here)
    if request.method == "POST" and "tube" in request.POST:
        return _one_result(request, here, actor)
    return _take_file(request, here, "results", _("Take in results"), read_result_file, import_results)


def _one_result(request: HttpRequest, park: Park, actor: Actor) -> HttpResponse:
    """What a laboratory says of one tube, as somebody heard or read it."""
    form = ResultForm(request.POST, park=park)
    if not form.is_valid():
        return _taken(request, park, "results", FileForm(), None, _("Take in results"), by_hand=form)
    result = report(park, form.report(), actor=actor)
    messages.success(request, _("Tube %(tube)s: %(result)s is kept.") % {
        "tube": form.cleaned_data["tube"], "result": result.get_value_display()})
    return redirect("result-import", park=park.uid)


@both
@may_take_long(_file_name, _is_large_file)
def import_point_file(request: HttpRequest, park: UUID) -> HttpResponse:
    """Take a list of sampling points: what is new, what is said anew, what could not be taken and why."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.OPEN_ROUNDS, over=here)
    actor.must(Can.IMPORT_RECORDS, over=here)
    return _take_file(request, here, "points", _("Take in sampling points"), read_point_file, import_points)


def _take_file(request: HttpRequest, park: Park, kind: str, title: str, read: Callable[..., Records],
               take: Callable[..., Taken]) -> HttpResponse:
    """What these pages do once the door is passed: the form, the file read and taken, the answer."""
    form = FileForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        taken = take(park, read(content_of(file), name=file.name, park=park), actor=actor_of(request))
    return _taken(request, park, kind, form, taken, title)


def _taken(request: HttpRequest, park: Park, kind: str, form: FileForm, taken: Taken | None, title: str,
           by_hand: ResultForm | None = None) -> HttpResponse:
    crumbs = _crumbs(park, (_("Rounds"), reverse("rounds", args=[park.uid])), (title, None))
    if not actor_of(request).may(Can.SEE_BOARD, over=park):
        crumbs = crumbs[-1:]
    shown: dict[str, Any] = {"kind": kind, "form": form, "taken": taken, "crumbs": crumbs}
    if kind == "results" and actor_of(request).may(Can.REPORT_RESULTS, over=park):
        shown["by_hand"] = by_hand or ResultForm.proposing(request.GET.get("tube", ""), park=park)
        shown["reporters"] = Reporters(park, actor_of(request))
    if taken:
        records = taken.records
        shown |= {"errors": [vars(each) | {"message": sentence(each)} for each in records.errors],
                  "warnings": [vars(each) | {"message": sentence(each)} for each in records.warnings[:SHOWN_WARNINGS]],
                  "more_warnings": max(len(records.warnings) - SHOWN_WARNINGS, 0), "repaired": len(records.repaired)}
    return render(request, "screening/import.html", shown, status=422 if by_hand else 200)


def _say(request: HttpRequest, answers: Any) -> None:
    for answer in answers:
        if answer.status == "refused":
            messages.error(request, answer.message)
        else:
            messages.success(request, _("%(name)s: position %(position)s of tube %(tube)s. %(message)s") % {
                "name": answer.name or _("Walk-in"), "position": answer.position, "tube": answer.tube,
                "message": answer.message})


def _crumbs(park: Any, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Today"), reverse("today", args=[park.uid])), *steps]
