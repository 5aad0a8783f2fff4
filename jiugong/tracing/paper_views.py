"""Papers and files of an incident on pages: orders, reports, the hand-over, lists to go on with, and the pictures."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.journal.words import actor_in_words
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.keeping import asked
from jiugong.tracing.actions.reporting import say_sent
from jiugong.tracing.exports import TABLES, exported, people_of, title_of
from jiugong.tracing.faces import when
from jiugong.tracing.godata import as_zip, godata_files
from jiugong.tracing.incident_views import at_incident, both, crumbs
from jiugong.tracing.models import Incident, Order, SentReport
from jiugong.tracing.papers.handover import handover_of
from jiugong.tracing.papers.orders import orders_to_hand_out, papers_of, to_print
from jiugong.tracing.papers.reports import FORMS, report_of
from jiugong.tracing.pictures import MOST_ROWS, curve_rows, pictures_of, timeline_rows, tree_rows
from jiugong.tracing.queries.orders import order_for
from jiugong.tracing.queries.reach import sees_whole
from jiugong.tracing.queries.reporting import must_see_whole
from jiugong.tracing.report_forms import HandoverForm, SentForm
from jiugong.tracing.report_models import ReportKind
from jiugong.tracing.words import CaseStageWord

LANGUAGES = ("zh-hans", "en")
OPENED = "opened the pictures of an incident"
KINDS = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "zip": "application/zip",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@require_GET
def order(request: HttpRequest, park: UUID, order: UUID) -> HttpResponse:
    """One order on paper, for the hand of its person; in another language where one is asked for."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = to_print(Order.objects.filter(pk=order_for(actor, here, order).pk))
    with translation.override(language_of(request)):
        return file_of(papers_of(found, here, actor=actor), _("Order %(number)s") % {"number": found[0].number}, "pdf")


@require_GET
def orders(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Every decided order of an incident that stands, or those of one kind, in one file."""
    actor, here, found = at_incident(request, park, number)
    with translation.override(language_of(request)):
        content = papers_of(orders_to_hand_out(actor, found, request.GET.get("kind", "")), here, actor=actor)
        return file_of(content, _("Orders of incident %(number)s") % {"number": found.number}, "pdf")


@both
def papers(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Every paper and file of an incident; and that a report was sent."""
    actor, here, found = at_incident(request, park, number)
    form = SentForm(request.POST or None)
    if request.method == "POST":
        actor.must(Can.DECIDE_CASES, over=found)
    if form.is_valid():
        given = form.cleaned_data
        sent = say_sent(found, ReportKind(given["kind"]), to=given["to"], client_id=given["client_id"], at=given["at"], actor=actor)
        messages.success(request, _("%(report)s: sent to %(to)s, with your name and the time.") % {
            "report": ReportKind(sent.kind).label, "to": sent.sent_to})
        return redirect("incident-papers", park=here.uid, number=found.number)
    sees_all = sees_whole(actor, here)
    return render(request, "tracing/papers.html", {
        "incident": found, "uid": here.uid, "form": form, "orders": orders_to_hand_out(actor, found).count(), "sees_all": sees_all,
        "may_send": sees_all and actor.may(Can.DECIDE_CASES, over=found), "files": _files(here, found, sees_all),
        "may_hand_over": sees_all and actor.may(Can.SHOW_IDENTITY, over=here),
        "reports": _reports(here, found) if sees_all else [], "crumbs": crumbs(here, found, (_("Papers and files"), None))},
        status=422 if form.is_bound else 200)


@require_GET
def report(request: HttpRequest, park: UUID, number: int, kind: str, form: str) -> HttpResponse:
    """A report of now, as PDF or Word."""
    actor, _here, found = at_incident(request, park, number)
    if kind not in ReportKind.values or form not in FORMS:
        raise NotHere()
    name = f"{ReportKind(kind).label} {_('Incident %(number)s') % {'number': found.number}}"
    return file_of(report_of(found, ReportKind(kind), form, actor=actor), name, form)


@both
def handover(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """The sheet with whole numbers, for a reason; everybody on it is journalled."""
    actor, here, found = at_incident(request, park, number)
    actor.must(Can.SHOW_IDENTITY, over=here)
    must_see_whole(actor, found)
    form = HandoverForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        content = handover_of(found, given["form"], reason=given["reason"], actor=actor)
        return file_of(content, _("Hand-over of incident %(number)s") % {"number": found.number}, given["form"])
    return asked(request, form, heading=_("Hand-over of incident %(number)s") % {"number": found.number},
                 submit=_("Make the sheet"), back=reverse("incident-papers", args=[here.uid, found.number]),
                 lead=_("Everybody on it is journalled as looked at, with your reason."))


@require_GET
def export(request: HttpRequest, park: UUID, number: int, which: str, form: str) -> HttpResponse:
    """A list of an incident as a file: line list, pairs, or the files of Go.Data."""
    actor, _here, found = at_incident(request, park, number)
    if (which, form) not in EXPORTS:
        raise NotHere()
    content = as_zip(godata_files(actor, found)) if which == "godata" else exported(actor, found, which, form)
    return file_of(content, title_of(which, found), form)


@require_GET
def pictures(request: HttpRequest, park: UUID, number: int) -> HttpResponse:
    """Who met whom, cases by day, the timeline of each case; each beside a table with the same rows."""
    actor, here, found = at_incident(request, park, number)
    must_see_whole(actor, found)
    people = people_of(actor, found)
    looked(actor=actor, park_id=here.pk, person_ids=people.person_ids, fields=("list",), reason=OPENED, at=clock.now())
    return render(request, "tracing/pictures.html", {
        "incident": found, "uid": here.uid, "drawn": pictures_of(people), "tree_rows": tree_rows(people),
        "curve_rows": curve_rows(people), "timeline_rows": timeline_rows(people), "more": max(len(people.contacts) - MOST_ROWS, 0),
        "words": {"window": _("window"), "suspected": str(CaseStageWord.SUSPECTED.label),
                  "confirmed": str(CaseStageWord.CONFIRMED.label)},
        "crumbs": crumbs(here, found, (_("Pictures"), None))})


# ----------------------------------------------------------------------------------------------------------------------

EXPORTS = {*((which, form) for which in TABLES for form in ("xlsx", "csv")), ("godata", "zip")}


def language_of(request: HttpRequest) -> str:
    """In which language a paper is asked for: as its person reads; else the reader's own."""
    chosen = request.GET.get("language", "")
    return chosen if chosen in LANGUAGES else translation.get_language() or LANGUAGES[0]


def file_of(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep, under its own name."""
    return HttpResponse(content, content_type=KINDS[kind], headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{kind}"})


def _reports(park: Park, found: Incident) -> list[dict[str, Any]]:
    sent = list(SentReport.objects.filter(incident=found).order_by("sent_at", "pk"))
    return [{"label": each.label, **{form: reverse("incident-report", args=[park.uid, found.number, each.value, form])
                                     for form in FORMS},
             "sent": [{"at": when(row.sent_at, park), "to": row.sent_to, "by": actor_in_words(row.sent_by, row.sent_by_name)}
                      for row in sent if row.kind == each]} for each in ReportKind]


def _files(park: Park, found: Incident, sees_all: bool) -> list[dict[str, Any]]:
    words = {"line-list": _("Line list"), "pairs": _("Contact pairs"), "godata": "Go.Data"}
    called = {"xlsx": "Excel", "csv": "CSV", "zip": "ZIP"}
    forms = {**dict.fromkeys(TABLES, ("xlsx", "csv")), **({"godata": ("zip",)} if sees_all else {})}
    return [{"label": words[which], "links": [
        (called[form], reverse("incident-export", args=[park.uid, found.number, which, form])) for form in each]}
        for which, each in forms.items()]

