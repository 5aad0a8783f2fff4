"""A team's entry: temperature and symptoms of everybody on one screen, with the exceptions alone to be written."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.duties.logic.health import SYMPTOMS
from jiugong.duties.sentences import advice_in_words
from jiugong.duties.words import word
from jiugong.field import kept_on_the_device
from jiugong.http import UNPROCESSABLE, actor_of, sentence_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.doors import park_for, unit_for
from jiugong.registry.views.lists import page_of
from jiugong.standing.history import said_of
from jiugong.standing.team import MOST_IN_ONE_ENTRY, Member, Said, enter_team, fever_limit, members_of, units_for_entry


@require_GET
def teams(request: HttpRequest, park: UUID) -> HttpResponse:
    """The teams for which somebody may enter; whoever has one only goes straight to it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.RECORD_EVIDENCE, within=here)
    text = request.GET.get("q", "").strip()
    units = units_for_entry(actor, here)
    units = units.filter(enterprise__name__icontains=text) | units.filter(name__icontains=text) if text else units
    page = page_of(request, units)
    if page.paginator.count == 1 and not text:
        return redirect("team-entry", park=here.uid, team=page.object_list[0].uid)
    return render(request, "standing/teams.html", {"page": page, "text": text})


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, park: UUID, team: UUID) -> HttpResponse:
    """The screen itself. What was sent once is not recorded twice; where one value cannot be one, nothing is recorded."""
    actor = actor_of(request)
    here = park_for(actor, park)
    unit = _unit(actor, here, team)
    members = members_of(unit, clock.now())
    if len(members) > MOST_IN_ONE_ENTRY:
        return render(request, "standing/teams.html", {"unit": unit, "page": page_of(
            request, units_for_entry(actor, here).filter(path__startswith=unit.path).exclude(pk=unit.pk))})
    if request.method == "POST":
        return _enter(request, actor, unit, members)
    looked(actor=actor, park_id=here.pk, person_ids=[each.person.pk for each in members], fields=("list",),
           reason="opened a team's entry", at=clock.now())
    return kept_on_the_device(request, _page(request, unit, members), owner=actor.key)


def _enter(request: HttpRequest, actor: Actor, unit: Unit, members: list[Member]) -> HttpResponse:
    said = [_said(request, each) for each in members if f"who-{each.person.pk}" in request.POST]
    if "measured" not in request.POST and any(not each.absent and not each.temperature.strip() for each in said):
        return _page(request, unit, members, said=said, wrong=_(
            "Say first that everybody who is not absent was measured. Nothing was recorded."))
    try:
        entered = enter_team(unit, said, batch=request.POST.get("batch", ""), actor=actor)
    except Refusal as refusal:
        return _page(request, unit, members, said=said, wrong=sentence_of(refusal))
    if entered.wrong:
        return _page(request, unit, members, said=said, errors=dict(entered.wrong), wrong=_(
            "One value cannot be right, so nothing was recorded. Correct it and send again."))
    messages.success(request, _("Recorded for %(count)s people; %(absent)s absent, %(already)s had reported already.") % {
        "count": entered.recorded, "absent": entered.absent, "already": entered.already})
    return redirect("team-entry", park=unit.park.uid, team=unit.uid)


def _said(request: HttpRequest, member: Member) -> Said:
    key = member.person.pk
    return Said(person=member.person, absent=request.POST.get(f"who-{key}") == "absent",
                temperature=request.POST.get(f"temperature-{key}", ""),
                symptoms=tuple(request.POST.getlist(f"symptoms-{key}")))


def _page(request: HttpRequest, unit: Unit, members: list[Member], *, said: list[Said] | None = None, wrong: str = "",
          errors: dict[int, str] | None = None) -> HttpResponse:
    at, again = clock.now(), {each.person.pk: each for each in said or []}
    rows = [_row(each, again.get(each.person.pk), (errors or {}).get(each.person.pk, "")) for each in members]
    waiting = [row for row in rows if not row["reported"]]
    return render(request, "standing/team_entry.html", {
        "unit": unit, "waiting": waiting, "done": [row for row in rows if row["reported"]], "wrong": wrong,
        "alarms": [row for row in rows if row["advice"]], "limit": f"{fever_limit(unit.park, at):.1f}",
        "symptoms": [(each, word("symptoms", each)) for each in SYMPTOMS], "batch": request.POST.get("batch") or uuid4().hex,
        "measured": "measured" in request.POST, "zone": unit.park.zone,
        "crumbs": [(_("Team entry"), reverse("team-entries", args=[unit.park.uid])), (unit.name, None)]},
        status=UNPROCESSABLE if wrong else 200)


def _row(member: Member, said: Said | None, error: str) -> dict[str, Any]:
    return {"person": member.person, "reported": member.reported, "said": said_of(member.reported) if member.reported else [],
            "advice": [advice_in_words(each) for each in member.advice], "error": error,
            "absent": said.absent if said else not member.is_here, "temperature": said.temperature if said else "",
            "symptoms": said.symptoms if said else (), "excused": member.excused,
            "status": member.posting.get_status_display() if member.posting.status != "on_duty" else "",
            "open": bool(error or (said and (said.temperature or said.symptoms)))}


def _unit(actor: Actor, park: Park, uid: UUID) -> Unit:
    unit = unit_for(actor, uid, Can.RECORD_EVIDENCE)
    if unit.park_id != park.pk:
        raise NotHere()
    return unit
