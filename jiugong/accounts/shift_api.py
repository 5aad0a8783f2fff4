"""The duty roster for programs. What is sent again under the same id changes nothing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.accounts.actions.shifts import hand_over, plan_shift, withdraw_shift
from jiugong.accounts.logic import Span
from jiugong.accounts.models import Shift
from jiugong.accounts.queries import user_named
from jiugong.accounts.queries.shifts import lines_of, shift_for, shifts_seen
from jiugong.accounts.roles import AccountRole
from jiugong.http import NotReadable, actor_of
from jiugong.lib import days
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant, place_for, unit_for

LARGEST = 2**62
router = Router(tags=["accounts"])


class ShiftIn(Schema):
    """Somebody on duty: over a place, a unit, or, naming neither, the whole park."""

    park: str = ""
    client_id: str = Field(min_length=8, max_length=64, description="Made by whoever plans; sent twice it is planned once.")
    username: str = Field(max_length=80)
    role: AccountRole
    place: int | None = Field(None, ge=1, le=LARGEST, description="A grid, by its number.")
    unit: UUID | None = Field(None, description="An enterprise, by its id.")
    since_at: datetime
    until_at: datetime


class HandOverIn(Schema):
    park: str = ""
    text: str = Field(max_length=4000)


class ParkIn(Schema):
    park: str = ""


@router.get("/shifts")
def shifts(request: HttpRequest, first: date, last: date, park: str = "") -> dict[str, Any]:
    """Who is on duty on these days, and which hours of each line nobody covers or two cover."""
    actor = actor_of(request)
    here = park_meant(actor, park)
    within = Span(*days.span(first, last, here.zone))
    always = [(AccountRole.DUTY_OFFICER, here)] if actor.may(Can.GRANT_ROLES, over=here) else []
    return {"lines": [{
        "role": line.role.value, "over": str(line.over), "shifts": [_told(each) for each in line.shifts],
        "uncovered": [_span(gap) for gap in line.uncovered], "doubled": [_span(twice) for twice in line.doubled]}
        for line in lines_of(shifts_seen(actor, here, within), within, always=always)]}


@router.post("/shifts")
def plan(request: HttpRequest, sent: ShiftIn) -> dict[str, Any]:
    """Put somebody on duty."""
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    place = place_for(actor, sent.place, Can.GRANT_ROLES) if sent.place else None
    unit = unit_for(actor, sent.unit, Can.GRANT_ROLES) if sent.unit else None
    if any(over and over.park_id != here.pk for over in (place, unit)):
        raise NotHere()                      # whoever plans in two parks plans in one at a time: else the other would not see it
    return _told(plan_shift(user_named(actor, here, sent.username), sent.role, park=here, since_at=_moment(sent.since_at, here),
                            until_at=_moment(sent.until_at, here), client_id=sent.client_id, actor=actor,
                            place=place, unit=unit))


@router.post("/shifts/{number}/withdraw")
def withdraw(request: HttpRequest, number: int, sent: ParkIn) -> dict[str, Any]:
    """Take a shift back, or end it now."""
    actor = actor_of(request)
    found = shift_for(actor, park_meant(actor, sent.park), number)
    withdraw_shift(found, actor=actor)
    found.membership.refresh_from_db()
    return _told(found)


@router.post("/shifts/{number}/hand-over")
def handed_over(request: HttpRequest, number: int, sent: HandOverIn) -> dict[str, Any]:
    """Write down what the next must know."""
    actor = actor_of(request)
    found = shift_for(actor, park_meant(actor, sent.park), number)
    hand_over(found, sent.text, actor=actor)
    found.refresh_from_db()
    return _told(found)


def _moment(said: datetime, park: Park) -> datetime:
    try:
        return days.moment(said.isoformat(), park.zone)
    except ValueError as reason:
        raise NotReadable() from reason


def _told(shift: Shift) -> dict[str, Any]:
    held = shift.membership
    return {"number": shift.pk, "name": held.user.name, "role": held.role, "over": str(held.place or held.unit or held.park),
            "since_at": held.since_at, "until_at": held.until_at, "handed_over_at": shift.handed_over_at,
            "taken_at": shift.taken_at}


def _span(span: Span) -> dict[str, datetime]:
    return {"since_at": span.start, "until_at": span.end}
