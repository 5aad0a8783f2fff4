"""Laboratories, contracts and late results for programs. What is sent again changes nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.doors import park_meant, unit_for
from jiugong.screening.actions.laboratories import (
    MOST_HOURS,
    Terms,
    contract,
    end_contract,
    end_laboratory,
    keep_laboratory,
    over_in_words,
)
from jiugong.screening.models import Contract, Laboratory
from jiugong.screening.queries.laboratories import (
    contract_for,
    contracts_of,
    laboratories_of,
    laboratory_for,
    must_see_laboratories,
)
from jiugong.screening.queries.points import point_for
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.turn_round import late_tubes

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
    hours: int = Field(ge=1, le=MOST_HOURS, description="From the seal of a tube to its first result.")
    since: date
    until: date | None = Field(None, description="The first day without it.")
    enterprise_opens: bool = Field(False, description="The enterprise may open rounds of its own.")


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
                       "hours": each.hours, "sealed_at": each.sealed_at, "due_at": each.due_at,
                       "reported_at": each.reported_at} for each in late]}


def _laboratory(each: Laboratory) -> dict[str, Any]:
    return {"laboratory": each.pk, "name": each.name, "credit_code": each.credit_code, "contact": each.contact,
            "since": each.since, "until": each.until}


def _contract(each: Contract) -> dict[str, Any]:
    kind = "point" if each.point_id else "enterprise" if each.unit_id else "park"
    return {"contract": each.pk, "laboratory": each.laboratory.name, "kind": kind, "over": over_in_words(each),
            "hours": each.hours, "enterprise_opens": each.enterprise_opens, "since": each.since, "until": each.until}
