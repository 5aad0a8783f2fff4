"""Drills on pages: begin one, read the patient's script, reveal the retests, end it and read how it went."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import page_of
from jiugong.tracing.actions.drills import begin_drill, end_drill, measured_now, reveal_retests
from jiugong.tracing.models import Drill
from jiugong.tracing.queries.drills import drill_for, drills_of, incident_of, script_of
from jiugong.tracing.risk_pages import crumbs_to

OPENED = "opened the script of a drill"


@require_GET
def drills(request: HttpRequest, park: UUID) -> HttpResponse:
    """The park's drills, the latest first, with how each went."""
    actor = actor_of(request)
    here = park_for(actor, park)
    page = page_of(request, drills_of(actor, here))
    rows = [{"drill": each, **_measured(each)} for each in page]
    return render(request, "tracing/drills.html", {
        "page": page, "rows": rows, "uid": here.uid, "running": any(each["drill"].ended_at is None for each in rows),
        "zone": here.zone, "crumbs": crumbs_to(here, (_("Drills"), None))})


@require_POST
def begin(request: HttpRequest, park: UUID) -> HttpResponse:
    """Plant an incident and go to it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    begun = begin_drill(here, title=request.POST.get("title", ""), actor=actor)
    messages.success(request, _("The drill has begun. Its incident stands in the list of incidents, marked as a drill."))
    return _to(here.uid, begun.drill)


@require_GET
def drill(request: HttpRequest, park: UUID, drill: UUID) -> HttpResponse:
    """One drill: the patient's script, what to press next, how it stands or went."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = drill_for(actor, here, drill)
    incident, script = incident_of(found), script_of(found)
    people = [each.person for each in (script.ill, *script.told_only) if each and each.person]
    looked(actor=actor, park_id=here.pk, person_ids=[person.pk for person in people], fields=("drill",), reason=OPENED,
           at=clock.now())
    return render(request, "tracing/drill.html", {
        "drill": found, "incident": incident, "script": script, "uid": here.uid, "zone": here.zone, **_measured(found),
        "revealed": bool(incident and not incident.members.filter(retest="").exists()),
        "crumbs": crumbs_to(here, (_("Drills"), reverse("drills", args=[here.uid])), (found.title, None))})


@require_POST
def reveal(request: HttpRequest, park: UUID, drill: UUID) -> HttpResponse:
    """The planted laboratory answers."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = drill_for(actor, here, drill)
    reveal_retests(found, actor=actor)
    messages.success(request, _("The retests are known: one is positive."))
    return _to(here.uid, found)


@require_POST
def end(request: HttpRequest, park: UUID, drill: UUID) -> HttpResponse:
    """End it and measure it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = drill_for(actor, here, drill)
    end_drill(found, actor=actor)
    messages.success(request, _("The drill is over. Nobody was restricted by it."))
    return _to(here.uid, found)


def _measured(drill: Drill) -> dict[str, Any]:
    """How a drill went, or stands now."""
    if drill.measured is not None:
        return {"measured": drill.measured}
    incident = incident_of(drill)
    return {"measured": measured_now(drill, incident).as_data() if incident else None}


def _to(uid: UUID, drill: Drill) -> HttpResponse:
    return redirect("drill", park=uid, drill=drill.uid)
