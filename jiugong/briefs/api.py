"""Figures, their rows and gaps for programs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from jiugong.briefs import gaps, queries
from jiugong.briefs.board import question_for
from jiugong.briefs.errors import QuestionUnknown
from jiugong.briefs.paper_api import router as papers
from jiugong.briefs.reminding import remind, reminded_as_data
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.commanding import moment_of
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for, park_meant
from jiugong.registry.queries.people import people_seen

router = Router(tags=["briefs"])
router.add_router("", papers)


def _seen(actor: Actor, name: str) -> Park:
    """The park, for somebody who sees its board and may see names in it."""
    park = park_for(actor, name)
    actor.must_somewhere(Can.SEE_BOARD, within=park)
    return park


@router.get("/figures")
def figures(request: HttpRequest, park: str, first: date, last: date) -> dict[str, Any]:
    """Every figure of a period: `first` and `last` are park days, both included."""
    actor = actor_of(request)
    composed = queries.brief(queries.scope_for(actor, _seen(actor, park), first, last))
    return {"park": composed.scope.park.name, "figures": dict(composed.figures),
            "differences": {key: composed.difference(key) for key in composed.figures}}


@router.get("/figures/{key}/rows")
def rows(request: HttpRequest, key: str, park: str, first: date, last: date, reason: str = "") -> dict[str, Any]:
    """The rows behind a figure; with a reason numbers are shown in full, and each look is journalled."""
    actor = actor_of(request)
    scope = queries.scope_for(actor, _seen(actor, park), first, last)
    opened = queries.opened(actor, key, scope, reason=reason)
    return {"figure": key, "value": opened.value, "rows": opened.rows}


@router.get("/rounds/{number}/gap")
def gap_of_round(request: HttpRequest, number: int, park: str, at: datetime | None = None, reason: str = "") -> dict[str, Any]:
    """Who owes a round's specimen and is missing, at a moment."""
    actor = actor_of(request)
    here = _seen(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    return gaps.gap_of_round(actor, here, number, at=_moment(at, here), reason=reason)


@router.get("/duties/{key}/gap")
def gap_of_duty(request: HttpRequest, key: str, park: str, at: datetime | None = None, reason: str = "") -> dict[str, Any]:
    """Who owes a duty and has not done it, in the window that is open at a moment."""
    actor = actor_of(request)
    here = _seen(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    return gaps.gap_of_duty(actor, here, key, at=_moment(at, here), reason=reason)


class ReminderIn(Schema):
    """Of what to remind; everybody who is missing, or these people. `park` may be left out by who sees one only."""

    park: str = ""
    of: str
    people: list[UUID] = []


@router.post("/reminders")
def reminders(request: HttpRequest, asked: ReminderIn) -> dict[str, Any]:
    """Remind the missing at once, and tell up the chain what is due. Nothing is written twice."""
    actor = actor_of(request)
    here = park_meant(actor, asked.park)
    actor.must_somewhere(Can.REMIND, within=here)
    question = question_for(actor, here, asked.of, clock.now())
    if question is None or question.subject != "person":
        raise QuestionUnknown(of=asked.of)
    only = {"person__in": people_seen(actor, here, Can.REMIND).filter(uid__in=asked.people).values("pk")} if asked.people else {}
    return reminded_as_data(question, remind(here, question, actor=actor, only=only))


def _moment(at: datetime | None, park: Park) -> datetime:
    """A moment without an offset is the park's local time."""
    return moment_of(at.isoformat() if at else None, park.zone)
