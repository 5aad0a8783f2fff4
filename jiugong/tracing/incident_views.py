"""The incidents of a park on pages: the list, one incident with its clock and its chain, the wall screen, what is done there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.keeping import asked
from jiugong.registry.views.lists import A_PAGE, chosen_of, filter_by, wants_workbook, workbook_of
from jiugong.tracing.actions.bulk import Bulk, decide_all, inform_all, settle_all
from jiugong.tracing.actions.cases import decide_case, list_contacts
from jiugong.tracing.actions.contacts import must_say_why
from jiugong.tracing.actions.incidents import close_incident
from jiugong.tracing.actions.marking import BY_HAND, mark_step, tell_when
from jiugong.tracing.actions.orders import confirm_holds
from jiugong.tracing.chain_faces import (
    case_rows,
    class_words,
    clock_words,
    count_rows,
    member_rows,
    step_rows,
    story_rows,
)
from jiugong.tracing.chain_forms import DecideForm, DoneForm, ToldForm, WhyForm
from jiugong.tracing.faces import INCIDENT_WORDS, incident_rows, initials, when
from jiugong.tracing.models import Incident
from jiugong.tracing.next_steps import next_steps
from jiugong.tracing.queries.chain import Chain, chain_of
from jiugong.tracing.queries.contacts import case_for
from jiugong.tracing.queries.incidents import incident_for, incidents_of
from jiugong.tracing.queries.listing import figures_of, narrowed
from jiugong.tracing.queries.story import story_of
from jiugong.tracing.stages import CaseStage, IncidentStage
from jiugong.tracing.words import OrderKind, StepKind

both = require_http_methods(["GET", "POST"])
OPENED = "opened an incident"


@require_GET
def incidents(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every incident in which somebody stands whom the reader sees, the latest first."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    every = incidents_of(actor, here)
    text = request.GET.get("q", "").strip()
    stage = chosen_of(request, "stage", [each.value for each in INCIDENT_WORDS])
    found = narrowed(every, text=text, stage=stage)
    if wants_workbook(request):
        listed = list(found)
        rows = incident_rows(listed, figures_of(actor, here, listed), here, at)
        return workbook_of(_("Incidents"), *_as_table(rows), today_in(here))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    listed = list(page)
    return render(request, "tracing/incidents.html", {
        "page": page, "rows": incident_rows(listed, figures_of(actor, here, listed), here, at), "uid": here.uid, "search": text,
        "filters": [filter_by("stage", _("Stage"), [(each.value, word) for each, word in INCIDENT_WORDS.items()], stage)],
        "clear_url": request.path if text or stage else "", "export_url": exporting(request),
        "crumbs": [(_("Incidents"), None)]})


@require_GET
def incident(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """One incident: the clock, the chain, what is late and who has it, and the whole story."""
    actor, here, found = at_incident(request, park, number)
    chain = chain_of(actor, found)
    shown = [*(each.who for each in chain.members), *(each.who for each in chain.cases)]
    people = {who.person_id for who in shown if who.person_id}
    looked(actor=actor, park_id=here.pk, person_ids=people, fields=("list",), reason=OPENED, at=chain.now)
    return render(request, "tracing/incident.html", {
        **_shown(found, chain, actor, here), "story": story_rows(story_of(actor, found), found, here),
        "crumbs": crumbs(here, found, last=True)})


@require_GET
def wall(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """The incident on a wall screen: figures and initials, no names; it refreshes itself."""
    actor, here, found = at_incident(request, park, number)
    chain = chain_of(actor, found)
    shown = _shown(found, chain, actor, here)
    for row in (*shown["cases"], *shown["members"], *shown["steps"]):
        row |= {name: initials(row[name]) for name in ("name", "owner", "by") if row.get(name) and (
            name != "by" or row["by_people"])} | {"number": ""}
    return render(request, "tracing/incident_wall.html", shown)


def _shown(found: Incident, chain: Chain, actor: Actor, here: Park) -> dict[str, Any]:
    steps = step_rows(chain, found, here)
    return {"incident": found, "uid": here.uid, "steps": steps, "late": [row for row in steps if row["is_late"]],
            "clock": clock_words(chain, found), "counts": count_rows(chain, found, here),
            "members": member_rows(chain.members, actor, here), "cases": case_rows(chain.cases, chain, found, actor),
            "classes": class_words(chain, found, here), "next": next_steps(chain, found, actor, here),
            "is_open": found.stage == IncidentStage.OPEN, "may_mark": actor.may(Can.DECIDE_CASES, over=found),
            "may_hold": actor.may(Can.HOLD_PEOPLE, over=found), "unit": found.unit}


# what is done -----------------------------------------------------------------------------------------------------------

@both
def told(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """When the park was really told."""
    actor, here, found = at_incident(request, park, number)
    actor.must(Can.HOLD_PEOPLE, over=found)
    form = ToldForm(request.POST or None, zone=here.zone, initial={
        "at": found.told_at.astimezone(here.zone).replace(tzinfo=None)})
    if form.is_valid():
        tell_when(found, form.cleaned_data["at"], actor=actor)
        messages.success(request, _("The clock runs from %(at)s.") % {"at": when(form.cleaned_data["at"], here)})
        return to_incident(here, found)
    return asked(request, form, heading=_("When was the park told?"), submit=_("Keep"), back=address(here, found),
                 lead=_("All times of this incident are counted from then."))


@require_POST
def hold(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Confirm every proposed hold with one press."""
    actor, here, found = at_incident(request, park, number)
    held = confirm_holds(found, actor=actor)
    if held:
        messages.success(request, ngettext("%(count)s hold is confirmed.", "%(count)s holds are confirmed.", len(held)) % {
            "count": len(held)})
    else:
        messages.info(request, _("Every hold was confirmed already."))
    return to_incident(here, found)


@both
def decide(request: HttpRequest, park: UUID, number: int, case: int) -> HttpResponse:
    """Decide a case, with the reason."""
    actor, here, found = at_incident(request, park, number)
    one = case_for(actor, found, case)
    actor.must(Can.DECIDE_CASES, over=one)
    form = DecideForm(request.POST or None, now=CaseStage(one.stage))
    if form.is_valid():
        decide_case(one, CaseStage(form.cleaned_data["stage"]), reason=form.cleaned_data["reason"], actor=actor)
        messages.success(request, _("It is decided, with your reason and your name."))
        return to_incident(here, found)
    return asked(request, form, heading=_("Decide the case of %(name)s") % {"name": one.who.name or one.who.masked_id},
                 submit=_("Decide"), back=address(here, found),
                 lead=_("Ruled out or contaminated, whoever is restricted only for this case is released at once."))


@both
def again(request: HttpRequest, park: UUID, number: int, case: int) -> HttpResponse:
    """List again whom a case met, with what has come in since."""
    actor, here, found = at_incident(request, park, number)
    one = case_for(actor, found, case)
    actor.must(Can.TRACE_CONTACTS, over=one)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        traced = list_contacts(one, reason=must_say_why(form.cleaned_data["reason"]), actor=actor)
        messages.success(request, ngettext("%(count)s contact found in %(time)s ms.", "%(count)s contacts found in %(time)s ms.",
                                           traced.trace.found) % {"count": traced.trace.found, "time": traced.trace.milliseconds})
        return redirect("contacts", park=here.uid, number=found.number)
    return asked(request, form, heading=_("List the contacts again"), submit=_("List again"), back=address(here, found),
                 lead=_("Who is new is added; nobody is lost, and whom people struck from the list stays struck."))


@both
def mark(request: HttpRequest, park: UUID, number: int, step: str) -> HttpResponse:
    """Say that a report was sent, the core facts are known, the investigation is written."""
    actor, here, found = at_incident(request, park, number)
    actor.must(Can.DECIDE_CASES, over=found)
    kind = StepKind(step) if step in StepKind.values else StepKind.TOLD
    form = DoneForm(request.POST if request.method == "POST" else None, zone=here.zone)
    if form.is_valid() or kind not in BY_HAND:
        mark_step(found, kind, actor=actor, at=form.cleaned_data.get("at") if form.is_bound else None)
        messages.success(request, _("%(step)s: done.") % {"step": kind.label})
        return to_incident(here, found)
    return asked(request, form, heading=str(kind.label), submit=_("It is done"), back=address(here, found),
                 lead=_("Only a paper shows this, so somebody says it, with his name and the time."))


@both
def close(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Close an incident of which nobody is under control any more."""
    actor, here, found = at_incident(request, park, number)
    actor.must(Can.DECIDE_CASES, over=found)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        close_incident(found, reason=form.cleaned_data["reason"], actor=actor)
        messages.success(request, _("Incident %(number)s is closed.") % {"number": found.number})
        return to_incident(here, found)
    return asked(request, form, heading=_("Close incident %(number)s") % {"number": found.number}, submit=_("Close it"),
                 danger=True, back=address(here, found))


@require_POST
def sign_all(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Sign every proposal, or those of one kind: as the first of two, or as the second."""
    actor, here, found = at_incident(request, park, number)
    kind = request.POST.get("kind", "")
    done = decide_all(found, actor=actor, kind=kind if kind in OrderKind.values else "")
    _say_signed(request, done)
    return redirect(_after(request, here, found))


@require_POST
def inform_everybody(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Say that everybody whose order is decided was told of it."""
    return _carried_out(request, park, number, inform_all)


@require_POST
def settle_everybody(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Say that everybody is where he is to stay."""
    return _carried_out(request, park, number, settle_all, place=request.POST.get("place", ""))


def _carried_out(request: HttpRequest, park: UUID, number: int, act: Callable[..., Bulk],
                 **more: str) -> HttpResponse:
    actor, here, found = at_incident(request, park, number)
    kind = request.POST.get("kind", "")
    form = DoneForm(request.POST, zone=here.zone)
    at = form.cleaned_data["at"] if form.is_valid() else None
    done = act(found, actor=actor, kind=kind if kind in OrderKind.values else "", at=at, **more)
    if done.changed:
        messages.success(request, ngettext("Entered for %(count)s person.", "Entered for %(count)s people.", done.changed) % {
            "count": done.changed})
    else:
        messages.info(request, _("There was nothing to enter any more."))
    return redirect(_after(request, here, found))


def _say_signed(request: HttpRequest, done: Bulk) -> None:
    if done.done:
        messages.success(request, ngettext(
            "%(count)s order is decided by two people.", "%(count)s orders are decided by two people.", len(done.done)) % {
                "count": len(done.done)})
    if done.seen:
        messages.success(request, ngettext(
            "You have signed %(count)s order as the first of two. Another person signs next.",
            "You have signed %(count)s orders as the first of two. Another person signs next.", len(done.seen)) % {
                "count": len(done.seen)})
    if done.left:
        messages.warning(request, ngettext("%(count)s order waits for somebody else to sign.",
                                           "%(count)s orders wait for somebody else to sign.", len(done.left)) % {
                                               "count": len(done.left)})
    if not done.changed and not done.left:
        messages.info(request, _("Every order was decided already."))


# ----------------------------------------------------------------------------------------------------------------------

def at_incident(request: HttpRequest, park: UUID, number: int) -> tuple[Actor, Park, Incident]:
    """Who asks, in which park, for which incident."""
    actor = actor_of(request)
    here = park_for(actor, park)
    return actor, here, incident_for(actor, here, number)


def address(park: Park, found: Incident) -> str:
    return reverse("incident", args=[park.uid, found.number])


def to_incident(park: Park, found: Incident) -> HttpResponse:
    return redirect(address(park, found))


def _after(request: HttpRequest, park: Park, found: Incident) -> str:
    """Back to the list from which somebody pressed, or to the incident."""
    return reverse("contacts", args=[park.uid, found.number]) if request.POST.get("from") == "contacts" else address(park, found)


def crumbs(park: Park, found: Incident, *steps: tuple[str, str | None], last: bool = False) -> list[tuple[str, str | None]]:
    """Where somebody is below an incident."""
    name = _("Incident %(number)s") % {"number": found.number}
    return [(_("Incidents"), reverse("incidents", args=[park.uid])), (name, None if last else address(park, found)), *steps]


def exporting(request: HttpRequest) -> str:
    """The address of the list as a workbook, narrowed as it is."""
    narrowed_by = request.GET.copy()
    narrowed_by.pop("page", None)
    narrowed_by["as"] = "xlsx"
    return f"?{narrowed_by.urlencode()}"


def _as_table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    headings = [_("Incident"), _("Tube"), _("Unit"), _("Told"), _("Stage"), _("Members"), _("Cases"), _("Close contacts"),
                _("Under control"), _("Clock")]
    return headings, [[row["number"], row["tube"], row["unit"], row["told"], row["word"], row["members"], row["cases"],
                       row["close"], row["controlled"], row["clock"]["words"]] for row in rows]
