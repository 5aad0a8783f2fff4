"""What is kept and until when, the end of it, and objections."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lasting.actions.endings import (
    confirm_ending,
    propose_ending,
    propose_erasure,
    release_erasure,
    withdraw_ending,
)
from jiugong.lasting.actions.objecting import answer
from jiugong.lasting.forms import AnswerForm, EndForm, ReleaseForm
from jiugong.lasting.models import Ending, Erasure, ErasureStage, Objection
from jiugong.lasting.purposes import purpose_in_words, register
from jiugong.lasting.queries.backups import concerns, kept_backups, last_drill
from jiugong.lasting.queries.ending import listed
from jiugong.lasting.queries.objections import narrowed, objection_for, objections_in
from jiugong.lasting.queries.reports import report_for
from jiugong.lasting.queries.retention import all_past, days_until_erased
from jiugong.lasting.report_paper import report_as_file
from jiugong.lasting.sentences import concern_in_words, limit_in_words, table_rows
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, NotAllowed, looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import page_of, wants_workbook, workbook_of

DECIDE = (Can.PROPOSE_ERASURE, Can.RELEASE_ERASURE)


@require_GET
def kept(request: HttpRequest, park: UUID) -> HttpResponse:
    """The purpose register: what is kept, why, who sees it, until when. Whoever sees the park may read it."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    is_office = actor.may(Can.READ_JOURNAL, over=here)
    return render(request, "lasting/kept.html", {
        "register": register(here, at), "zone": here.zone, "state": _state(here, at), "may_decide": _may_decide(actor, here),
        "erased_at": Erasure.objects.filter(park=here, stage=ErasureStage.DONE).values_list("ended_at", flat=True).last(),
        "past": table_rows(all_past(here, at)) if is_office else [], "backups": _backups(at) if is_office else None})


@require_http_methods(["GET", "POST"])
def ending(request: HttpRequest, park: UUID) -> HttpResponse:
    """The end of an emergency and the erasure after it, step by step; each step takes another person than the last."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    if not _may_decide(actor, here):
        raise NotAllowed(actor=actor.name, power=Can.RELEASE_ERASURE.value)
    end_form, release_form = EndForm(initial={"ended_on": days.day_of(at, here.zone)}), ReleaseForm()
    if request.method == "POST":
        end_form = EndForm(request.POST) if request.POST.get("do") == "propose_ending" else end_form
        release_form = ReleaseForm(request.POST) if request.POST.get("do") == "release" else release_form
        if said := _done(request, here, actor, end_form, release_form):
            messages.success(request, said)
            return redirect("data-ending", park=here.uid)
    erasure = Erasure.objects.filter(park=here).exclude(stage=ErasureStage.WITHDRAWN).order_by("-pk").first()
    found = erasure.listed if erasure else listed(here)
    return render(request, "lasting/ending.html", {
        "state": _state(here, at), "zone": here.zone, "erasure": erasure, "found": found,
        "rows": table_rows({name: each["rows"] for name, each in found["tables"].items()}, found["tables"]),
        "may_propose": actor.may(Can.PROPOSE_ERASURE, over=here), "may_release": actor.may(Can.RELEASE_ERASURE, over=here),
        "limits": [limit_in_words(each) for each in (erasure.report or {}).get("limits", [])] if erasure else [],
        "me": actor.name, "form": end_form, "release_form": release_form,
        "crumbs": [(_("What is kept"), reverse("data-kept", args=[here.uid])), (_("End of the emergency"), None)]},
        status=422 if request.method == "POST" else 200)


def _done(request: HttpRequest, here: Park, actor: Actor, end_form: EndForm, release_form: ReleaseForm) -> str:
    """Do what was asked, and say so; nothing where a form is not filled in."""
    asked = request.POST.get("do", "")
    if asked == "propose_ending" and end_form.is_valid():
        propose_ending(here, ended_on=end_form.cleaned_data["ended_on"], reason=end_form.cleaned_data["reason"], actor=actor)
        return _("Proposed. Another person confirms it.")
    if asked == "confirm_ending":
        confirm_ending(here, actor=actor)
        return _("The emergency has ended.")
    if asked == "withdraw":
        withdraw_ending(here, actor=actor)
        return _("Taken back. Everything goes on as before.")
    if asked == "propose_erasure":
        propose_erasure(here, actor=actor)
        return _("Proposed, with this list. Another person releases it.")
    if asked == "release" and release_form.is_valid():
        release_erasure(here, list_sha256=request.POST.get("list_sha256", ""), auditor=release_form.cleaned_data["auditor"],
                        actor=actor)
        return _("Released. The worker does it now, whatever interrupts it.")
    return ""


@require_GET
def report(request: HttpRequest, park: UUID, erasure: UUID) -> HttpResponse:
    """The signed report as a file, or with `?as=pdf` as a paper. Raises NotHere."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return report_as_file(report_for(actor, here, erasure), as_pdf=request.GET.get("as") == "pdf")


def _may_decide(actor: Actor, here: Park) -> bool:
    return any(actor.may(power, over=here) for power in DECIDE)


def _state(here: Park, at: Any) -> dict[str, Any]:
    """How far the end of the emergency is, and until when what was kept is erased."""
    found = Ending.objects.filter(park=here, withdrawn_at=None).first()
    within, is_said = days_until_erased(here, days.day_of(at, here.zone))
    ended = bool(found and found.confirmed_at)
    return {"ending": found, "ended": ended, "within": within, "assumed": not is_said,
            "erase_by": found.ended_on + timedelta(days=within) if found and ended else None}


def _backups(at: Any) -> dict[str, Any]:
    """When the last one was made and tried. What it holds is of all parks, and is not told here."""
    return {"last": kept_backups().first(), "drill": last_drill(), "concerns": [concern_in_words(each) for each in concerns(at)]}


# objections -----------------------------------------------------------------------------------------------------------

@require_GET
def objections(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who objects to what, the open ones first; `?as=xlsx` is the same as a workbook."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = narrowed(objections_in(actor, here), text=text, state=state)
    if wants_workbook(request):
        shown = list(rows)
        _note_looks(actor, here, shown, at)
        headings = [pgettext("an objection", "Number"), _("Name"), _("To what"), _("Why"), _("Answer by"), _("Answer")]
        return workbook_of(_("Objections"), headings, [
            (each.number, each.person.name, purpose_in_words(each.purpose), each.text, each.due_on, each.answer)
            for each in shown], days.day_of(at, here.zone))
    page = page_of(request, rows)
    shown = list(page.object_list)
    _note_looks(actor, here, shown, at)
    kept_words = {key: value for key, value in (("q", text), ("state", state)) if value}
    return render(request, "lasting/objections.html", {
        "page": page, "rows": [_row(each, at) for each in shown], "search": text, "zone": here.zone, "is_set": bool(kept_words),
        "filters": [{"name": "state", "label": _("State"), "set": bool(state), "options": [
            {"value": value, "label": label, "selected": value == state, "count": None}
            for value, label in (("", _("All")), ("open", _("Waits for an answer")), ("answered", _("Answered")))]}],
        "clear_url": request.path if kept_words else "", "export_url": f"?{urlencode({**kept_words, 'as': 'xlsx'})}"})


@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """One objection, and its answer."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    found = objection_for(actor, here, number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer(found, granted=form.cleaned_data["granted"] == "yes", reason=form.cleaned_data["answer"], actor=actor)
        messages.success(request, _("Answered; %(name)s reads it on his own page.") % {"name": found.person.name})
        return redirect("objections", park=here.uid)
    _note_looks(actor, here, [found], at)
    return render(request, "lasting/objection.html", {
        "each": _row(found, at), "form": form, "zone": here.zone,
        "crumbs": [(_("Objections"), reverse("objections", args=[here.uid])), (str(found.number), None)]},
        status=422 if request.method == "POST" else 200)


def _row(each: Objection, at: Any) -> dict[str, Any]:
    late = each.granted is None and each.due_on < days.day_of(at, each.park.zone)
    return {"objection": each, "purpose": purpose_in_words(each.purpose), "late": late}


def _note_looks(actor: Actor, here: Park, rows: list[Objection], at: Any) -> None:
    looked(actor=actor, park_id=here.pk, person_ids=dict.fromkeys(each.person_id for each in rows), fields=("objections",),
           reason="opened the objections", at=at)
