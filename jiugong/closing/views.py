"""Closed days: the list, one day, who missed what, and whether anything was touched."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.closing.actions import close_day, verify
from jiugong.closing.actions.settling import must_be_over, settle
from jiugong.closing.faces import (
    check_face,
    count_row,
    day_row,
    differing_rows,
    late_row,
    miss_row,
    settled_row,
    windows_where_several,
)
from jiugong.closing.queries import days as queries
from jiugong.http import actor_of, sentence_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import A_PAGE, chosen_of, filter_by, page_of, wants_workbook, workbook_of
from jiugong.work.answering import may_take_long

MANY = 3000                                  # people; from there on the worker closes a day
STATES = ("open", "closed")


def _here(request: HttpRequest, park: UUID) -> tuple[Actor, Park]:
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must(Can.SEE_BOARD, over=here)
    return actor, here


@require_GET
def closed_days(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every day that is over: open or closed, by whom, what came late; and whether anything was touched since."""
    actor, here = _here(request, park)
    state = chosen_of(request, "state", STATES)
    listed = queries.days_listed(actor, here, state)
    if wants_workbook(request):
        return _as_workbook(here, listed)
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    check = queries.last_check(here)
    return render(request, "closing/days.html", {
        "here": here, "page": page, "rows": [day_row(each, here) for each in queries.rows_of_days(here, page)],
        "filters": [filter_by("state", _("State"), (
            ("open", pgettext("a day", "Open")), ("closed", pgettext("a day", "Closed"))), state)],
        "clear_url": "?" if state else "", "export_url": f"?as=xlsx&state={state}", **check_face(check, here),
        "differing": differing_rows(check, here) if check else [], "may_verify": actor.may(Can.VERIFY_DAYS, over=here)})


def _as_workbook(here: Park, listed: list[date]) -> HttpResponse:
    rows = [day_row(each, here) for each in queries.rows_of_days(here, listed)]
    heads = [_("Day"), _("Closed at"), _("Closed by"), pgettext("duty", "Owed"), pgettext("duty", "Done"),
             pgettext("duty", "Excused"), _("Missed"), _("Came late"), pgettext("a day", "Seal")]
    return workbook_of(_("Closed days"), heads, [
        [row["day"].isoformat(), row["closed_at"], row["closed_by"], row["owed"], row["done"], row["excused"], row["missed"],
         row["late"], row["seal"]] for row in rows], days.day_of(clock.now(), here.zone))


def _title(request: HttpRequest, park: UUID, day: date) -> str:
    return _("Close %(day)s") % {"day": day}


def _is_long(request: HttpRequest, park: UUID, day: date) -> bool:
    return request.method == "POST" and Park.objects.filter(uid=park, people__isnull=False).count() > MANY


@require_http_methods(["GET", "POST"])
@may_take_long(_title, _is_long)
def closed_day(request: HttpRequest, park: UUID, day: date) -> HttpResponse:
    """A closed day with its seal and counts; of an open one what is missing before somebody closes it."""
    actor, here = _here(request, park)
    if request.method == "POST":
        closed = close_day(here, day, actor=actor)
        messages.success(request, _("%(day)s is closed; its seal is %(seal)s.") % {"day": day, "seal": closed.short})
        return redirect("closed-day", park=here.uid, day=day)
    seal = queries.seal_of(actor, here, day)
    names = actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    shown: dict[str, Any] = {"here": here, "day": day, "seal": seal, "crumbs": [
        (_("Closed days"), reverse("closed-days", args=[here.uid])), (day.isoformat(), None)]}
    if seal:
        check = queries.last_check(here)
        return render(request, "closing/day.html", shown | {
            "row": day_row(queries.rows_of_days(here, [day])[0], here), "late": [
                late_row(table, rows, here, day) for table, rows in queries.late_by_table(here, day)],
            "counts": windows_where_several([count_row(each, here, day, names=names)
                                             for each in seal.counts.order_by("kind", "key", "window", "pk")]),
            **check_face(check, here),
            "differing": differing_rows(check, here, day) if check else [], "may_verify": actor.may(Can.VERIFY_DAYS, over=here)})
    return render(request, "closing/open_day.html", shown | _before_closing(here, day) | {
        "may_close": actor.may(Can.CLOSE_DAYS, over=here)})


def _before_closing(here: Park, day: date) -> dict[str, Any]:
    """What closing the day now would settle, or why it cannot be closed yet."""
    try:
        must_be_over(here, day)
    except Refusal as refusal:
        return {"not_yet": sentence_of(refusal), "counts": []}
    counts = windows_where_several([settled_row(each, here, day) for each in settle(here, day, with_misses=False)])
    missed = sum(each["missed"] for each in counts)
    return {"counts": counts, "missed": missed, "confirm": ngettext(
        "%(missed)s miss is settled and the day is sealed. What comes later is late. Close it?",
        "%(missed)s misses are settled and the day is sealed. What comes later is late. Close it?", missed) % {"missed": missed}}


@require_GET
def day_misses(request: HttpRequest, park: UUID, day: date, count: int) -> HttpResponse:
    """Who or what missed a duty or round on a closed day, as far as the reader may see people."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    found = queries.count_for(actor, here, day, count)
    text = request.GET.get("q", "").strip()
    rows = queries.misses_of(actor, here, found, text)
    title, told = queries.title_of(found), "listed who missed something on a closed day"
    if wants_workbook(request):
        listed = list(rows)
        _look(actor, here, listed, told)
        return workbook_of(title, [_("Name"), _("Enterprise"), _("Where")],
                           [[row["name"], row["enterprise"], row["where"]] for row in map(miss_row, listed)], day)
    page = page_of(request, rows)
    _look(actor, here, list(page), told)
    return render(request, "closing/misses.html", {
        "here": here, "title": title, "day": day, "window": found.window, "page": page, "rows": [miss_row(each) for each in page],
        "search": text, "filters": [], "clear_url": "?" if text else "", "export_url": "?as=xlsx", "all": found.missed,
        "crumbs": [(_("Closed days"), reverse("closed-days", args=[here.uid])),
                   (day.isoformat(), reverse("closed-day", args=[here.uid, day])), (title, None)]})


def _look(actor: Actor, here: Park, rows: list[Any], reason: str) -> None:
    people = [row.person_id for row in rows if row.person_id]
    if people:
        looked(actor=actor, park_id=here.pk, person_ids=people, fields=("list",), reason=reason, at=clock.now())


def _verifying(request: HttpRequest, park: UUID) -> str:
    return _("Verify closed days")


def _always(request: HttpRequest, park: UUID) -> bool:
    return True


@require_POST
@may_take_long(_verifying, _always)
def verify_days(request: HttpRequest, park: UUID) -> HttpResponse:
    """Compare every closed day with its seal; the answer stands on the page of closed days."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    found = verify(here, actor=actor)
    if found.ok:
        messages.success(request, _("%(days)s closed days are as they were sealed.") % {"days": found.days})
    else:
        messages.error(request, _("%(rows)s rows are not as they were sealed. They are listed here.") % {
            "rows": len(found.differs)})
    return redirect("closed-days", park=here.uid)
