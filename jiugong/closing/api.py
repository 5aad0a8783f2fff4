"""Closed days for programs: which there are, closing one, verifying all."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from jiugong.closing.actions import close_day, verify
from jiugong.closing.queries import days as queries
from jiugong.http import actor_of
from jiugong.lib import days
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.doors import park_meant

router = Router(tags=["closing"])
A_PAGE = 50


class OfPark(Schema):
    """Which park; it may be left out by whoever sees one only."""

    park: str = ""


@router.get("/days")
def closed_days(request: HttpRequest, park: str = "", page: int = 1) -> dict[str, Any]:
    """The closed days of a park, the latest first, with what came late for each."""
    actor = actor_of(request)
    here = park_meant(actor, park)
    listed = queries.days_listed(actor, here, "closed")
    first = max(0, min(page, len(listed) // A_PAGE + 1) - 1) * A_PAGE
    return {"count": len(listed), "days": [
        {"day": row.day.isoformat(), "number": row.seal.number, "seal": row.seal.short, "closed_by": row.seal.sealed_by_name,
         "closed_at": row.seal.sealed_at.isoformat(), "late": row.late, **row.sums}
        for row in queries.rows_of_days(here, listed[first:first + A_PAGE]) if row.seal]}


@router.get("/days/{day}")
def closed_day(request: HttpRequest, day: date, park: str = "") -> dict[str, Any]:
    """What a closed day came to, as it was sealed; and how many rows came late since."""
    actor = actor_of(request)
    here = park_meant(actor, park)
    seal = queries.seal_of(actor, here, day)
    if seal is None:
        raise NotHere()
    return queries.as_data(seal) | {"late": dict(queries.late_by_table(here, day))}


@router.post("/days/{day}/close")
def close(request: HttpRequest, day: date, asked: OfPark) -> dict[str, Any]:
    """Settle, count and seal a day that is over. Closing it again answers as the first time."""
    actor = actor_of(request)
    return queries.as_data(close_day(park_meant(actor, asked.park), day, actor=actor))


@router.post("/verify")
def verify_days(request: HttpRequest, asked: OfPark) -> dict[str, Any]:
    """Compare every closed day with its seal: `ok`, or what differs by day, table and row."""
    actor = actor_of(request)
    return verify(park_meant(actor, asked.park), actor=actor).as_data()


@router.get("/verified")
def verified(request: HttpRequest, park: str = "") -> dict[str, Any]:
    """What the last verification found, and when it was."""
    actor = actor_of(request)
    here = park_meant(actor, park)
    queries.days_listed(actor, here, "closed")
    check = queries.last_check(here)
    if check is None:
        return {"at": None, "ok": None, "days": 0, "differs": []}
    return {"at": days.local(check.at, here.zone), "ok": not check.differs, "days": check.days, "differs": check.differs}
