"""Drills for programs: what the pages do, with the same powers."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.registry.queries.doors import park_meant
from jiugong.tracing.actions.drills import begin_drill, end_drill, measured_now, reveal_retests
from jiugong.tracing.models import Drill
from jiugong.tracing.queries.drills import drill_for, drills_of, incident_of

MOST = 200
router = Router(tags=["drills"])


class DrillIn(Schema):
    """A drill to begin. The same `seed` plants the same people on the same records."""

    park: str = ""
    title: str = Field(max_length=120)
    seed: int | None = None


@router.get("/drills", summary="The park's drills, the latest first, and how each went")
def get_drills(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    return {"drills": [_told(each) for each in drills_of(actor, park_meant(actor, park))[:MOST]]}


@router.post("/drills", summary="Plant an incident on the park's own records and begin a drill")
def post_drill(request: HttpRequest, sent: DrillIn) -> dict[str, Any]:
    actor = actor_of(request)
    return _told(begin_drill(park_meant(actor, sent.park), title=sent.title, seed=sent.seed, actor=actor).drill)


@router.post("/drills/{uid}/reveal", summary="The planted laboratory answers; again, nothing changes")
def post_reveal(request: HttpRequest, uid: UUID, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    found = drill_for(actor, park_meant(actor, park), uid)
    reveal_retests(found, actor=actor)
    return _told(found)


@router.post("/drills/{uid}/end", summary="End a drill and measure it; again, it is answered as it was")
def post_end(request: HttpRequest, uid: UUID, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    found = drill_for(actor, park_meant(actor, park), uid)
    end_drill(found, actor=actor)
    found.refresh_from_db()
    return _told(found)


def _told(drill: Drill) -> dict[str, Any]:
    incident = incident_of(drill)
    measured = drill.measured if drill.measured is not None else measured_now(drill, incident).as_data() if incident else None
    return {"uid": drill.uid, "title": drill.title, "day": drill.day, "began_at": drill.began_at, "ended_at": drill.ended_at,
            "incident": incident.number if incident else None, "measured": measured}
