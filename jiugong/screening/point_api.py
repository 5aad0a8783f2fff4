"""Laboratories, contracts, late results and the staff of points for programs. What is sent again changes nothing."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.doors import park_meant, person_for, unit_for
from jiugong.registry.queries.people import today_in
from jiugong.screening.actions.laboratories import (
    MOST_HOURS,
    Terms,
    contract,
    end_contract,
    end_laboratory,
    keep_laboratory,
    over_in_words,
)
from jiugong.screening.actions.staff import assign, unassign
from jiugong.screening.models import Contract, Laboratory
from jiugong.screening.queries.flagged import flagged_scans
from jiugong.screening.queries.laboratories import (
    contract_for,
    contracts_of,
    laboratories_of,
    laboratory_for,
    must_see_laboratories,
)
from jiugong.screening.queries.officers import equipped, point_rule
from jiugong.screening.queries.points import point_for
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.staff import Working, gaps_in, staff_for, staff_of
from jiugong.screening.queries.turn_round import late_tubes
from jiugong.screening.words import StaffRole

LARGEST = 2**62

router = Router(tags=["screening"])


class LaboratoryIn(Schema):
    park: str = ""
    name: str = Field(max_length=120)
    credit_code: str = Field("", max_length=40)
    contact: str = Field("", max_length=120)
    since: date | None = None


class ContractIn(Schema):
    """For one point, for an enterprise's points, or, naming neither, for every point of the park."""

    park: str = ""
    laboratory: int = Field(ge=1, le=LARGEST, description="The laboratory, by its number.")
    point: int | None = Field(None, ge=1, le=LARGEST, description="A point, by its number.")
    unit: UUID | None = Field(None, description="An enterprise, by its id.")
    hours: int = Field(ge=1, le=MOST_HOURS, description=(
        "From the hand-over of a tube to the laboratory (its seal, where it came in no box) to its first result."))
    since: date
    until: date | None = Field(None, description="The first day without it.")
    enterprise_opens: bool = Field(False, description="The enterprise may open rounds of its own.")


class StaffIn(Schema):
    park: str = ""
    person: UUID
    role: Literal["sampler", "scanner"]
    since: date | None = Field(None, description="Today if it is not said.")
    until: date | None = Field(None, description="The first day without it.")


class EndIn(Schema):
    park: str = ""
    on: date | None = Field(None, description="The first day without it; today if it is not said.")


@router.get("/laboratories", summary="The laboratories of a park")
def get_laboratories(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    must_see_laboratories(actor, here)
    return {"laboratories": [_laboratory(each) for each in laboratories_of(here)]}


@router.post("/laboratories", summary="Enter a laboratory; the same words again change nothing")
def post_laboratory(request: HttpRequest, sent: LaboratoryIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    return _laboratory(keep_laboratory(here, sent.name, credit_code=sent.credit_code, contact=sent.contact, since=sent.since,
                                       actor=actor))


@router.post("/laboratories/{number}/end", summary="Work with a laboratory no longer from a day on; its contracts end")
def post_laboratory_end(request: HttpRequest, number: int, sent: EndIn) -> dict[str, Any]:
    actor = actor_of(request)
    found = laboratory_for(actor, park_meant(actor, sent.park), number)
    return _laboratory(end_laboratory(found, actor=actor, on=sent.on))


@router.get("/contracts", summary="Which laboratory may report for which points, how fast, from when till when")
def get_contracts(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    must_see_laboratories(actor, here)
    return {"contracts": [_contract(each) for each in contracts_of(here)]}


@router.post("/contracts", summary="Let a laboratory report; the same contract again changes nothing")
def post_contract(request: HttpRequest, sent: ContractIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    actor.must(Can.KEEP_LABORATORIES, over=here)
    point = point_for(actor, here, sent.point) if sent.point else None
    unit = unit_for(actor, sent.unit) if sent.unit else None
    if unit and unit.park_id != here.pk:
        raise NotHere()
    terms = Terms(hours=sent.hours, since=sent.since, until=sent.until, enterprise_opens=sent.enterprise_opens)
    return _contract(contract(laboratory_for(actor, here, sent.laboratory), terms, actor=actor, point=point, unit=unit))


@router.post("/contracts/{number}/end", summary="End a contract from a day on")
def post_contract_end(request: HttpRequest, number: int, sent: EndIn) -> dict[str, Any]:
    actor = actor_of(request)
    found = contract_for(actor, park_meant(actor, sent.park), number)
    return _contract(end_contract(found, actor=actor, on=sent.on))


@router.get("/late-results", summary="Tubes of the last 14 days whose result came late, or is due and not there")
def get_late_results(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    must_see_laboratories(actor, here)
    late = late_tubes(here, clock.now(), reach_into(actor, Can.SEE_BOARD, here))
    return {"tubes": [{"tube": each.code, "round": each.round, "point": each.point.name, "laboratory": each.laboratory.name,
                       "hours": each.hours, "start": each.start.value, "started_at": each.started_at, "due_at": each.due_at,
                       "reported_at": each.reported_at} for each in late]}


@router.get("/points/{number}/staff", summary="Who works at a point, whether trained today, and what it lacks")
def get_staff(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    point, today = point_for(actor, here, number), today_in(here)
    if not actor.may(Can.BIND_SPECIMENS, over=point):
        actor.must(Can.SEE_BOARD, over=point)
    working = staff_of(point, today)
    gaps = gaps_in(working, point.desks, today)
    return {"point": point.name, "staff": [_working(each) for each in working], "nobody": [role.value for role in gaps.nobody],
            "untrained": [each.person.name for each in gaps.untrained], "desks_without": gaps.desks_without}


@router.post("/points/{number}/staff", summary="Let somebody work at a point; the same again changes nothing")
def post_staff(request: HttpRequest, number: int, sent: StaffIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    point = point_for(actor, here, number)
    actor.must(Can.KEEP_ROSTER, over=point)
    made = assign(person_for(actor, sent.person), point, StaffRole(sent.role), since=sent.since, until=sent.until, actor=actor)
    return {"staff": made.pk, "point": point.name, "role": made.role, "since": made.since, "until": made.until}


@router.post("/staff/{number}/end", summary="Let somebody work at a point no longer from a day on")
def post_staff_end(request: HttpRequest, number: int, sent: EndIn) -> dict[str, Any]:
    actor = actor_of(request)
    ended = unassign(staff_for(actor, park_meant(actor, sent.park), number), actor=actor, on=sent.on)
    return {"staff": ended.pk, "point": ended.point.name, "role": ended.role, "since": ended.since, "until": ended.until}


@router.get("/enterprises-short", summary="Enterprises that need a point and trained officers, and what each lacks")
def get_enterprises_short(request: HttpRequest, park: str = "", day: date | None = None) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    on = day or today_in(here)
    rule, found = point_rule(here, on), equipped(here, on, reach_into(actor, Can.SEE_BOARD, here))
    return {"from_people": rule.from_people if rule else None, "officers": rule.officers if rule else (), "need": len(found),
            "enterprises": [{"enterprise": each.unit.name, "people": each.people, "points": each.points,
                             "lacking": each.lacking} for each in found if each.lacking]}


@router.get("/flagged-scans", summary="Scans of some days whose scanner was not trained on the day, or is not known")
def get_flagged(request: HttpRequest, park: str = "", first: date | None = None, last: date | None = None) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    end = last or today_in(here)
    found = flagged_scans(here, first or end, end, reach_into(actor, Can.SEE_PEOPLE, here))
    return {"scanners": [{"scanner": each.who, "day": each.day, "why": each.why.value, "swabs": each.swabs,
                          "first_at": each.first_at, "last_at": each.last_at} for each in found]}


def _working(each: Working) -> dict[str, Any]:
    return {"staff": each.assigned.pk if each.assigned else None, "name": each.person.name, "role": each.role.value,
            "since": each.since, "until": each.until, "trained": each.trained.value}


def _laboratory(each: Laboratory) -> dict[str, Any]:
    return {"laboratory": each.pk, "name": each.name, "credit_code": each.credit_code, "contact": each.contact,
            "since": each.since, "until": each.until}


def _contract(each: Contract) -> dict[str, Any]:
    kind = "point" if each.point_id else "enterprise" if each.unit_id else "park"
    return {"contract": each.pk, "laboratory": each.laboratory.name, "kind": kind, "over": over_in_words(each),
            "hours": each.hours, "enterprise_opens": each.enterprise_opens, "since": each.since, "until": each.until}
