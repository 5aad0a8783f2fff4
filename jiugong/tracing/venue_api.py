"""Venue codes for programs: which hang where, hang one, withdraw one. Checking in is the worker's own: `/me/{code}/check-ins`."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.doors import park_meant
from jiugong.tracing.actions.venues import issue_code, name_spot, withdraw_code
from jiugong.tracing.models import Spot
from jiugong.tracing.queries.venues import open_code, places_kept, spot_for, spots_narrowed, spots_seen
from jiugong.tracing.words import SpotKind

router = Router(tags=["venues"])
MOST = 500


class VenueIn(Schema):
    """A place where a code is to hang. The same again is the same place with the same code."""

    park: str = ""
    name: str
    kind: SpotKind
    seconds: Literal[0, 30, 60, 120, 300] = Field(30, description="How long a picture is good; 0: printed, never changes.")
    place: int | None = Field(None, ge=1, le=2**62, description="The number of a place of the ground.")


class WithdrawIn(Schema):
    park: str = ""


@router.get("/venues", summary="Places that logs or people named, and how fast the code that hangs there changes")
def get_venues(request: HttpRequest, park: str = "", q: str = "", kind: str = "", page: int = 1) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    found = spots_narrowed(spots_seen(actor, here), text=q.strip(), kind=kind if kind in SpotKind.values else "", has_code="")
    first = (min(max(page, 1), 10**6) - 1) * MOST
    return {"count": found.count(), "venues": [
        _told(spot, getattr(spot, "seconds", None)) for spot in found[first:first + MOST]]}


@router.post("/venues", summary="Name a place and hang a code there; the same again changes nothing")
def post_venue(request: HttpRequest, sent: VenueIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    place = places_kept(actor, here).filter(pk=sent.place).first() if sent.place else None
    if sent.place and place is None:
        raise NotHere()
    spot = name_spot(here, sent.kind, sent.name, place=place, actor=actor)
    return _told(spot, issue_code(spot, seconds=sent.seconds, actor=actor).seconds)


@router.post("/venues/{number}/withdraw", summary="The code that hangs there holds no more; twice changes nothing")
def post_withdraw(request: HttpRequest, number: int, sent: WithdrawIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    spot = spot_for(actor, here, number)
    code = open_code(spot)
    if code:
        withdraw_code(code, actor=actor)
    return _told(spot, None)


def _told(spot: Spot, seconds: int | None) -> dict[str, Any]:
    return {"number": spot.pk, "name": spot.name, "kind": spot.kind, "place": spot.place_id, "seconds": seconds}
