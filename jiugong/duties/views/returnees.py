"""The lists of returnees: who is late with his list, the latest of each unit, and what changed on one."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.duties.faces import entry_url, where
from jiugong.duties.queries.evidence import evidence_for
from jiugong.duties.queries.returnees import before_each, changes_since, late_lists, latest_lists, returnees_on
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.doors import park_for

A_PAGE = 50


@require_GET
def returnees(request: HttpRequest, park: UUID) -> HttpResponse:
    """Late lists first; then the latest list of each unit with who is new, changed and gone."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    reach, text = actor.reach(Can.SEE_PEOPLE), request.GET.get("q", "").strip()
    lists = latest_lists(here, at, reach)
    if text:
        lists = lists.filter(unit__name__icontains=text)
    page = Paginator(lists, A_PAGE).get_page(request.GET.get("page"))
    listed = list(page)
    before = before_each(listed)
    may_record = actor.may_somewhere(Can.RECORD_EVIDENCE, within=here)
    return render(request, "duties/returnees.html", {
        "here": here, "page": page, "search": text, "filters": [], "clear_url": request.path if text else "",
        "late": [{"name": each.unit.name, "where": where(each.unit), "due_on": each.due_on,
                  "url": entry_url(here, "returnee_list", each.unit) if may_record else ""}
                 for each in late_lists(here, at, reach)],
        "rows": [{"name": str(each.unit), "at": days.local(each.happened_at, here.zone)[:16],
                  "count": len(returnees_on(each)), "delta": changes_since(each, before.get(each.pk)),
                  "url": reverse("returnee-list", args=[here.uid, each.pk])} for each in listed],
        "may_record": may_record,
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])), (_("Returnees"), None)]})


@require_GET
def returnee_list(request: HttpRequest, park: UUID, evidence: int) -> HttpResponse:
    """One list: everybody on it, and what changed since the list before."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = evidence_for(actor, here, evidence, Can.SEE_PEOPLE)
    if found.kind != "returnee_list":
        raise NotHere()
    before = before_each([found]).get(found.pk)
    changes = changes_since(found, before)
    new = {(each["name"], each["from"]) for each in changes.new} if before else set()
    was = {(now["name"], now["from"]): old for old, now in changes.changed}
    return render(request, "duties/returnee_list.html", {
        "here": here, "unit": found.unit, "at": days.local(found.happened_at, here.zone)[:16],
        "before": days.local(before.happened_at, here.zone)[:16] if before else "", "changes": changes,
        "rows": [{**each, "origin": each["from"], "is_new": (each["name"], each["from"]) in new,
                  "was": was.get((each["name"], each["from"]))} for each in returnees_on(found)],
        "gone": [{**each, "origin": each["from"]} for each in changes.gone],
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])),
                   (_("Returnees"), reverse("returnees", args=[here.uid])), (str(found.unit), None)]})
