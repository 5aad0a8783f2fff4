"""What is owed today by kind, and for one duty who owes it, has done it, is late."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.duties.errors import DutyUnknown
from jiugong.duties.faces import duty_row, subject_rows
from jiugong.duties.logic import KINDS
from jiugong.duties.queries.evidence import waiting_for_check
from jiugong.duties.queries.excuses import working_from_home
from jiugong.duties.queries.owed import SHOWN, OwedDuty, owed_duty, owed_today, rows_of, states_of
from jiugong.duties.queries.owing import due_for
from jiugong.duties.queries.returnees import late_lists
from jiugong.duties.queries.training import officers_untrained
from jiugong.duties.words import ICONS, kind_in_words
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.policy.citations import Words
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.charges import answering_for
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import within

A_PAGE = 50


def in_language(words: Words) -> str:
    """A title of a rule in the reader's language."""
    return words.zh_hans if (get_language() or "").startswith("zh") else words.en


@require_GET
def duties(request: HttpRequest, park: UUID) -> HttpResponse:
    """Everything that is owed today by kind, what waits for somebody, and a button to enter each kind."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    owed = owed_today(actor, here, at)
    may_record = actor.may_somewhere(Can.RECORD_EVIDENCE, within=here)
    sees = actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    rows = [duty_row(each, here, title=in_language(each.due.rule.title), may_record=may_record, see_people=sees)
            for each in owed]
    return render(request, "duties/duties.html", {
        "here": here, "may_record": may_record, "sees": sees, "day": days.day_of(at, here.zone),
        "may_import": actor.may(Can.IMPORT_RECORDS, over=here), "may_excuse": actor.may_somewhere(Can.EXCUSE, within=here),
        "groups": [(title, [row for row in rows if row["about"] == subject and row["owed"]])
                   for subject, title in (("person", _("People")), ("unit", _("Enterprises and teams")),
                                          ("place", _("Places")))],
        "kinds": [{"kind": kind, "name": kind_in_words(kind), "icon": ICONS[kind]} for kind in KINDS],
        "idle": [row for row in rows if not row["owed"]],
        "waiting": _waiting(actor, here, may_record=may_record), "owed": owed})


def _waiting(actor: Actor, here: Park, *, may_record: bool) -> list[dict[str, Any]]:
    """What needs somebody: checks, late lists, untrained officers; and who works from home."""
    at, day, reach = clock.now(), days.day_of(clock.now(), here.zone), actor.reach(Can.SEE_BOARD)
    checks = waiting_for_check(actor, here, at).count() if may_record else 0
    found = [
        ("missing", "clipboard-check", checks, _("disinfections wait for somebody else's check"),
         reverse("checks", args=[here.uid])),
        ("late", "alert-triangle", len(late_lists(here, at, reach)), _("lists of returnees are late"),
         _figure(here, "duties.returnee_lists_late")),
        ("missing", "school", officers_untrained(here, day, reach).count(), _("charges are held by officers without training"),
         _figure(here, "duties.officers_untrained")),
        ("excused", "device-laptop", working_from_home(here, at, reach).count(), _("people work from home"),
         _figure(here, "duties.remote")),
    ]
    return [{"state": state, "icon": icon, "count": count, "text": text, "url": url}
            for state, icon, count, text, url in found if count]


def _figure(here: Park, key: str) -> str:
    return reverse("figure", args=[here.uid, key])


@require_GET
def duty(request: HttpRequest, park: UUID, key: str) -> HttpResponse:
    """Who owes one duty: people, units or places, in which state, and the way to enter what is missing."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    try:
        due = due_for(here, key, at)
    except DutyUnknown:
        due = None
    if due is None:
        return redirect("duties", park=here.uid)
    owed = owed_duty(actor, here, due, at)
    of_people = due.rule.subject == "person"
    show, text = request.GET.get("show", ""), request.GET.get("q", "").strip()
    show = show if show in SHOWN else "missing"
    rows = rows_of(owed, show, text)
    if of_people:
        actor.must_somewhere(Can.SEE_PEOPLE, within=here)
        rows = rows.filter(within(actor.reach(Can.SEE_PEOPLE)))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    if of_people:
        looked(actor=actor, park_id=here.pk, person_ids=[row.person_id for row in page], fields=("list",),
               reason="opened a list of names", at=at)
    listed = list(page)
    may_record = actor.may_somewhere(Can.RECORD_EVIDENCE, within=here)
    title = in_language(due.rule.title)
    return render(request, "duties/duty.html", {
        "here": here, "title": title, "page": page, "search": text, "show": show, "kind": owed.kind,
        "truth": duty_row(owed, here, title=title, may_record=may_record, see_people=True) | {
            f"{each}_url": f"?show={each}" for each in SHOWN},
        "rows": subject_rows(listed, states_of(owed, [row.pk for row in listed]), _leaders(listed, owed), kind=owed.kind,
                             park=here, may_record=may_record),
        "shows": [{"label": words, "url": f"?show={each}", "selected": each == show} for each, words in (
            ("missing", pgettext("duty", "Missing")), ("done", pgettext("duty", "Done")),
            ("excused", pgettext("duty", "Excused")), ("owed", pgettext("duty", "Owed")))],
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])), (title, None)]})


def _leaders(rows: list[Any], owed: OwedDuty) -> dict[int, str]:
    """Who answers for each unit of a list, the nearest; of places and people it is not asked."""
    units = [row for row in rows if isinstance(row, Unit)]
    return {pk: chain[0].person.name for pk, chain in answering_for(units, owed.due.rule.day).items() if chain}
