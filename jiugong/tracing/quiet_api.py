"""Quiet periods for programs: who must be where on a day, what is proposed, who has looked."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.doors import park_meant
from jiugong.registry.queries.people import today_in
from jiugong.tracing.actions.quiet import check_quiet, propose_quiet
from jiugong.tracing.queries.quiet import order_seen, quiet_on
from jiugong.tracing.quiet_faces import quiet_rows

router = Router(tags=["quiet period"])


class ProposeIn(Schema):
    park: str = ""
    day: date = Field(description="The day on which they came.")


class CheckIn(Schema):
    park: str = ""
    day: date | None = None
    present: bool
    remark: str = ""
    check_id: str = Field(description="An id that the device made; the same again changes nothing.")


@router.get("/quiet", summary="Who must keep quiet on a day, and who has looked")
def get_quiet(request: HttpRequest, park: str = "", day: date | None = None) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    asked, today = day or today_in(here), today_in(here)
    orders = list(quiet_on(actor, here, asked))
    looked(actor=actor, park_id=here.pk, fields=("list",), reason="opened the quiet periods", at=clock.now(),
           person_ids=[order.who.person_id for order in orders if order.who.person_id])
    keys = ("number", "name", "unit", "first", "last", "place", "state", "by", "remark")
    return {"day": asked, "quiet": [{key: row[key] for key in keys} for row in quiet_rows(orders, here, asked, today)]}


@router.post("/quiet", summary="Propose a quiet period for everybody who came on a day; two people decide")
def post_quiet(request: HttpRequest, sent: ProposeIn) -> dict[str, Any]:
    actor = actor_of(request)
    made = propose_quiet(park_meant(actor, sent.park), sent.day, actor=actor)
    return {"proposed": len(made), "orders": [order.number for order in made]}


@router.post("/quiet/{number}/check", summary="Was he where he stays? The same id again changes nothing")
def post_check(request: HttpRequest, number: int, sent: CheckIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    order = order_seen(actor, here, number)
    if order is None:
        raise NotHere()
    row = check_quiet(order, day=sent.day or today_in(here), present=sent.present, client_id=sent.check_id, remark=sent.remark,
                      actor=actor)
    return {"order": order.number, "day": row.day, "present": row.present, "checked_at": row.checked_at,
            "checked_by": row.checked_by_name}
