"""Lists of what was recorded and of who is excused; remote work for many people at once."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.duties.actions.excuses import withdraw, work_from_home
from jiugong.duties.errors import NobodyChosen
from jiugong.duties.faces import cells, evidence_rows, field_names, state_in_words, where, workbook
from jiugong.duties.forms import RemoteForm
from jiugong.duties.models import Evidence, Excuse
from jiugong.duties.queries.evidence import STATES, UNWELL, Sought, doubts_about, evidence_listed
from jiugong.duties.queries.excuses import EXCUSE_STATES, ON_SITE, excuse_for, excuses_listed
from jiugong.duties.queries.parameters import parameters_on
from jiugong.duties.queries.subjects import subject_of
from jiugong.duties.words import EvidenceKind, kind_in_words
from jiugong.http import actor_of
from jiugong.journal.words import actor_in_words
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.doors import park_for, unit_for
from jiugong.registry.queries.people import roster_on
from jiugong.registry.queries.units import enterprises_of
from jiugong.rulebook.queries import duties_on

A_PAGE, MOST_EXPORTED = 50, 50_000
MANY_A_DAY = ("health_report", "temperature", "antigen")         # of these the list opens with today's


@require_GET
def evidence(request: HttpRequest, park: UUID) -> HttpResponse:
    """What was recorded, narrowed by the URL; `?format=xlsx` is the same as a workbook."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    sought = _sought(request, days.day_of(at, here.zone))
    rows = evidence_listed(actor, here, sought)
    if request.GET.get("format") == "xlsx":
        return _as_workbook(list(rows[:MOST_EXPORTED]), sought, actor, here)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    listed = list(page)
    _note_looks(actor, here, listed, reason="opened a list of evidence")
    kept = {key: value for key, value in request.GET.items() if key not in ("page", "format") and value}
    return render(request, "duties/evidence.html", {
        "here": here, "page": page, "search": sought.text, "kind": sought.kind, "sought": sought,
        "may_record": actor.may_somewhere(Can.RECORD_EVIDENCE, within=here),
        "rows": evidence_rows(listed, here, doubts=doubts_about(listed),
                              parameters=parameters_on(here, days.day_of(at, here.zone))),
        "filters": [_filter("kind", _("Kind"), EvidenceKind.choices, sought.kind),
                    _filter("state", _("State"), _states(), sought.state)],
        "clear_url": request.path if kept else "", "export_url": f"?{urlencode({**kept, 'format': 'xlsx'})}",
        "heading": kind_in_words(sought.kind) if sought.kind else _("What was recorded"),
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])), (_("What was recorded"), None)]})


def _sought(request: HttpRequest, today: date) -> Sought:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    kind = kind if kind in EvidenceKind.values else ""
    first, last = _day(request, "from"), _day(request, "to")
    if first is None and last is None and kind in ("", *MANY_A_DAY):
        first = today - timedelta(days=0 if kind else 6)
    return Sought(kind=kind, state=state if state in (*STATES, UNWELL) else "", first=first, last=last,
                  text=request.GET.get("q", "").strip())


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if days.is_counted(day) else None


def _states() -> list[tuple[str, str]]:
    return [("unchecked", _("Waits for a check")), ("passed", _("Checked: good")), ("failed", _("Checked: to be done again")),
            ("invalid", _("Does not count")), (UNWELL, _("Fever or symptoms"))]


def _filter(name: str, label: str, options: Any, chosen: str) -> dict[str, Any]:
    return {"name": name, "label": label, "set": bool(chosen), "options": [
        {"value": value, "label": words, "selected": value == chosen} for value, words in [("", _("All")), *options]]}


def _note_looks(actor: Actor, here: Park, rows: list[Evidence] | list[Excuse], *, reason: str) -> None:
    looked(actor=actor, park_id=here.pk, fields=("evidence",), reason=reason, at=clock.now(),
           person_ids=dict.fromkeys(row.person_id for row in rows if row.person_id))


def _as_workbook(rows: list[Evidence], sought: Sought, actor: Actor, here: Park) -> HttpResponse:
    _note_looks(actor, here, rows, reason="exported a list of evidence")
    kinds = [sought.kind] if sought.kind else list(dict.fromkeys(row.kind for row in rows))
    fields = {kind: field_names(kind) for kind in kinds}
    columns = list(dict.fromkeys(name for names in fields.values() for name in names))
    lines = []
    for row in rows:
        said = dict(zip(fields[row.kind], cells(row.kind, row.data, here), strict=True))
        subject, made = subject_of(row), getattr(row, "check_made", None)
        lines.append([kind_in_words(row.kind), str(subject), where(subject), days.local(row.happened_at, here.zone),
                      *(said.get(name, "") for name in columns), state_in_words(row), made.checked_by_name if made else "",
                      made.remark if made else ""])
    heading = [_("Kind"), _("About"), _("Where"), _("When"), *columns, _("State"), _("Checked by"), _("Remark")]
    named = sought.kind or "evidence"
    return HttpResponse(workbook(kind_in_words(sought.kind) if sought.kind else _("Evidence"), heading, lines), headers={
        "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Content-Disposition": f'attachment; filename="{named}-{days.day_of(clock.now(), here.zone)}.xlsx"'})


# excuses ------------------------------------------------------------------------------------------------------------

@require_GET
def excuses(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who is excused from what, why, on whose word, until when; who may, withdraws one here."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    state, duty, text = request.GET.get("state", "now"), request.GET.get("duty", ""), request.GET.get("q", "").strip()
    state = state if state in (*EXCUSE_STATES, "") else "now"
    rows = excuses_listed(actor, here, at, state=state, duty=duty, text=text)
    if request.GET.get("format") == "xlsx":
        return _excuses_as_workbook(list(rows[:MOST_EXPORTED]), actor, here)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    listed = list(page)
    _note_looks(actor, here, listed, reason="opened a list of excuses")
    kept = {key: value for key, value in request.GET.items() if key not in ("page", "format")}
    names = _duty_names(here)
    may_excuse = actor.may_somewhere(Can.EXCUSE, within=here)
    return render(request, "duties/excuses.html", {
        "here": here, "page": page, "search": text, "may_excuse": may_excuse,
        "rows": [_excuse_row(row, here, at, names, may_excuse=may_excuse) for row in listed],
        "filters": [
            {"name": "state", "label": _("State"), "set": state != "now", "options": [
                {"value": value, "label": words, "selected": value == state} for value, words in (
                    ("now", _("Hold now")), ("to_come", _("To come")), ("over", _("Over")), ("", _("All")))]},
            _filter("duty", _("From what"), names.items(), duty)],
        "clear_url": request.path if kept else "", "export_url": f"?{urlencode({**kept, 'format': 'xlsx'})}",
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])), (_("Excuses"), None)]})


def _duty_names(here: Park) -> dict[str, str]:
    from jiugong.duties.views.today import in_language

    rules = {rule.key: in_language(rule.title) for rule in duties_on(here, days.day_of(clock.now(), here.zone))}
    return {ON_SITE: _("Work from home"), **rules}


def duty_in_words(key: str, names: dict[str, str]) -> str:
    """From what somebody is excused."""
    if not key:
        return _("Everything")
    if key.startswith("screening.round."):
        return _("Round %(number)s") % {"number": key.rpartition(".")[2]}
    return names.get(key, key)


def _excuse_row(row: Excuse, here: Park, at: Any, names: dict[str, str], *, may_excuse: bool) -> dict[str, Any]:
    subject = subject_of(row)
    open_end = row.withdrawn_at is None and row.until_at > at
    return {
        "pk": row.pk, "name": str(subject), "where": where(subject), "duty": duty_in_words(row.duty, names),
        "reason": row.reason, "since": days.local(row.since_at, here.zone)[:16], "until": days.local(row.until_at, here.zone)[:16],
        "by": actor_in_words(row.decided_by, row.decided_by_name),
        "withdrawn": days.local(row.withdrawn_at, here.zone)[:16] if row.withdrawn_at else "",
        "holds": open_end and row.since_at <= at, "may_withdraw": may_excuse and open_end,
        "url": reverse("person", args=[here.uid, subject.uid]) if isinstance(subject, Person) else ""}


def _excuses_as_workbook(rows: list[Excuse], actor: Actor, here: Park) -> HttpResponse:
    _note_looks(actor, here, rows, reason="exported a list of excuses")
    names = _duty_names(here)
    lines = [[str(subject_of(row)), where(subject_of(row)), duty_in_words(row.duty, names), row.reason,
              days.local(row.since_at, here.zone), days.local(row.until_at, here.zone), row.decided_by_name,
              days.local(row.withdrawn_at, here.zone) if row.withdrawn_at else ""] for row in rows]
    heading = [_("About"), _("Where"), _("From what"), _("Reason"), _("From"), _("Until"), _("Decided by"), _("Withdrawn at")]
    return HttpResponse(workbook(_("Excuses"), heading, lines), headers={
        "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Content-Disposition": f'attachment; filename="excuses-{days.day_of(clock.now(), here.zone)}.xlsx"'})


@require_POST
def withdraw_excuse(request: HttpRequest, park: UUID, excuse: int) -> HttpResponse:
    """End an excuse now; what it excused until now stays excused."""
    actor = actor_of(request)
    here = park_for(actor, park)
    given = excuse_for(actor, excuse)
    if given.park_id != here.pk:
        raise NotHere()
    withdraw(given, actor=actor)
    messages.success(request, _("The excuse of %(name)s ends now. What it excused until now stays excused.") % {
        "name": subject_of(given)})
    return redirect("excuses", park=here.uid)


@require_http_methods(["GET", "POST"])
def remote(request: HttpRequest, park: UUID) -> HttpResponse:
    """Let many people work from home from one day to another: they owe nothing on site until then."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    actor.must_somewhere(Can.EXCUSE, within=here)
    today = days.day_of(at, here.zone)
    form = RemoteForm(request.POST if request.method == "POST" else None, initial={"since": today, "until": today})
    if form.is_valid():
        try:
            people = [UUID(each) for each in request.POST.getlist("person")]
        except ValueError as reason:
            raise NotHere() from reason
        try:
            given = work_from_home(here, people, actor=actor, **form.cleaned_data)
        except NobodyChosen as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, ngettext("%(count)s person works from home.", "%(count)s people work from home.",
                                               len(given)) % {"count": len(given)})
            return redirect(f"{reverse('excuses', args=[here.uid])}?duty={ON_SITE}&state=")
    return _remote_form(request, actor, here, form, today)


def _remote_form(request: HttpRequest, actor: Actor, here: Park, form: RemoteForm, today: date) -> HttpResponse:
    text, unit, reach = request.GET.get("q", "").strip(), request.GET.get("unit", ""), actor.reach(Can.EXCUSE)
    rows = roster_on(here, today, reach).select_related("person", "enterprise", "unit")
    chosen = unit_for(actor, unit, Can.EXCUSE) if unit else None
    if chosen:
        rows = rows.filter(unit__path__startswith=chosen.path)
    if text:
        rows = rows.filter(person__name__icontains=text)
    rows = rows.order_by("enterprise__name", "unit__path", "person__name", "pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    looked(actor=actor, park_id=here.pk, person_ids=[row.person_id for row in page], fields=("list",),
           reason="opened a list of names", at=clock.now())
    units = [(str(each.uid), each.name) for each in enterprises_of(here, reach)]
    return render(request, "duties/remote.html", {
        "here": here, "form": form, "page": page, "search": text, "ticked": request.POST.getlist("person"),
        "filters": [_filter("unit", _("Enterprise"), units, str(chosen.uid) if chosen else "")],
        "clear_url": request.path if text or chosen else "",
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])), (_("Work from home"), None)],
    }, status=422 if form.is_bound else 200)
