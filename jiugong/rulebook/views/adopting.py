"""What changes if the park adopts a release on a day: looked at first, then adopted."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import page_of
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.errors import ReleaseSilent
from jiugong.rulebook.forms import AdoptForm
from jiugong.rulebook.logic.outlines import ENTERPRISE, outline
from jiugong.rulebook.queries.impact import (
    HOW,
    Affected,
    Impact,
    affected_rows,
    changes_between,
    enterprises_named,
    impact_of,
)
from jiugong.rulebook.queries.releases import packs_at_hand, release_called, release_on
from jiugong.rulebook.telling import change_in_words
from jiugong.rulebook.wording import spoken
from jiugong.rulebook.words import ParkPlanKind

WITH_UNIT = ("person", "enterprise", "unit__parent")
LONGEST_NUMBER = 18


@require_http_methods(["GET", "POST"])
def adopting(request: HttpRequest, park: UUID) -> HttpResponse:
    """Rules, people, enterprises and plans that would change; who may, adopts the release here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.SEE_BOARD, over=here)
    if request.method == "POST":
        actor.must(Can.ADOPT_POLICY, over=here)
    given = request.POST if request.method == "POST" else request.GET
    form = AdoptForm(given if given.get("release") else None, packs=packs_at_hand(), initial={"from_day": today_in(here)})
    shown: dict[str, Any] = {"form": form,
                             "may_adopt": actor.may(Can.ADOPT_POLICY, over=here)}
    if form.is_valid():
        key, day = form.cleaned_data["release"], form.cleaned_data["from_day"]
        if request.method == "POST":
            adopted = adopt(here, key, from_day=day, actor=actor)
            messages.success(request, _("%(park)s goes by %(release)s from %(day)s.") % {
                "park": here.name, "release": adopted.release, "day": adopted.from_day})
            return redirect("rules", park=here.uid)
        pack = release_called(key).pack
        if not pack.in_force_on(day):
            raise ReleaseSilent(release=key, day=str(day), held=str(pack.first_day))
        shown |= _impact(impact_of(here, key, day), urlencode({"release": key, "from_day": day.isoformat()}))
    return render(request, "rulebook/adopting.html", shown, status=422 if form.is_bound and not form.is_valid() else 200)


def _impact(impact: Impact, asked: str) -> dict[str, Any]:
    """An impact as its page shows it."""
    firms = enterprises_named(impact.park, impact.enterprises)
    titles = {section.key: spoken(section.title) for section in outline(ENTERPRISE)}
    return {
        "impact": impact, "asked": asked, "title": spoken(impact.release.pack.title),
        "before": spoken(impact.before.pack.title) if impact.before else "",
        "changes": [change_in_words(each) for each in impact.changes],
        "duties": [_duty(each, asked) for each in impact.duties],
        "enterprises": [(firm, [sum(duty.by_enterprise.get(firm.pk, (0, 0, 0))[at] for duty in impact.duties)
                                for at in range(len(HOW))]) for firm in firms],
        "plans": [(each.plan, [titles[key] for key in each.sections]) for each in impact.plans],
        "park_plans": [(kind, ParkPlanKind(kind).label, [spoken(section.title) for section in outline(kind)
                                                         if section.key in sections])
                       for kind, sections in impact.park_plans.items()]}


def _duty(each: Affected, asked: str) -> dict[str, Any]:
    return {"title": spoken(each.change.rule.rule.title), "subject": each.subject, "numbers": [
        (how, each.counts[how], f"{asked}&{urlencode({'duty': each.change.key, 'how': how})}") for how in HOW]}


@require_GET
def names(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who would owe a duty newly, no longer or otherwise."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    day = _day_of(request, today_in(here))
    changes = changes_between(here, release_on(here, day), release_called(request.GET.get("release", "")), day)
    change = next((each for each in changes if each.key == request.GET.get("duty", "")), None)
    how = request.GET.get("how", "")
    rows: Any = []
    subject = getattr(change.rule.rule, "subject", "") if change else ""
    if change and subject:
        rows = affected_rows(here, change, how, day, actor.reach(Can.SEE_PEOPLE))
        firm = request.GET.get("enterprise", "")
        if firm.isdecimal() and len(firm) <= LONGEST_NUMBER and subject != "place":
            rows = rows.filter(enterprise=int(firm))
        rows = (rows.select_related(*WITH_UNIT).order_by("enterprise__name", "unit__path", "person__name", "pk")
                if subject == "person" else rows.order_by("path"))
    page = page_of(request, rows)
    if subject == "person":
        looked(actor=actor, park_id=here.pk, person_ids=[each.person_id for each in page], fields=("list",),
               reason="opened a list of names", at=clock.now())
    return render(request, "rulebook/names.html", {
        "page": page, "people": subject == "person", "day": day,
        "heading": spoken(change.rule.rule.title) if change else "", "lead": _how_in_words(how),
        "back": f"../adopting?{urlencode({'release': request.GET.get('release', ''), 'from_day': day.isoformat()})}"})


def _how_in_words(how: str) -> str:
    return {"new": _("owe it newly"), "gone": _("owe it no longer")}.get(how, _("owe it otherwise than before"))


def _day_of(request: HttpRequest, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("from_day", ""))
    except ValueError:
        return today
