"""Orders for programs: who is restricted until when, one order with its signatures, and each deed. Everything may be sent twice."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant
from jiugong.tracing.actions.orders import decide, inform, receive, send, settle_down, withdraw
from jiugong.tracing.chain_faces import GROUP_WORDS
from jiugong.tracing.incident_api import MOST, MomentIn, WhyIn, moment_in
from jiugong.tracing.models import Order
from jiugong.tracing.order_faces import SIGNATURES
from jiugong.tracing.queries.orders import narrowed_orders, order_for, orders_of, with_lateness
from jiugong.tracing.sentences import ended_in_words, reason_in_words
from jiugong.tracing.words import OrderKind

router = Router(tags=["tracing"])


class DeedIn(MomentIn):
    place: str = Field("", max_length=120, description="Where the person is brought, or stays.")


@router.get("/orders", summary="The orders over people whom you see, late ones first; without a state those that stand")
def get_orders(request: HttpRequest, park: str = "", state: str = "", kind: str = "", incident: int | None = None,
               page: int = 1) -> dict[str, Any]:
    actor, at = actor_of(request), clock.now()
    here = park_meant(actor, park)
    rows = narrowed_orders(with_lateness(orders_of(actor, here), at), actor, here, kind=kind if kind in OrderKind.values else "",
                           group=state if state in GROUP_WORDS else "" if state == "all" else "standing",
                           number=str(incident or ""))
    first = (min(max(page, 1), 10_000) - 1) * MOST
    listed = list(rows.select_related("who__person", "incident", "park")[first:first + MOST])
    looked(actor=actor, park_id=here.pk, fields=("list",), reason="opened a list of orders", at=at, person_ids={
        each.who.person_id for each in listed if each.who.person_id})
    return {"count": rows.count(), "orders": [_as_data(each) for each in listed]}


@router.get("/orders/{uid}", summary="One order: rule, reason, evidence, phases with the days of tests, signatures")
def get_order(request: HttpRequest, uid: UUID, park: str = "") -> dict[str, Any]:
    actor, here, found = _asked(request, park, uid)
    if found.who.person_id:
        looked(actor=actor, park_id=here.pk, person_ids=(found.who.person_id,), fields=("order",), reason="opened a list of orders",
               at=clock.now())
    return _as_data(found)


@router.post("/orders/{uid}/sign", summary="Decide an order: the first of two signs, then the second; never the same hand")
def post_sign(request: HttpRequest, uid: UUID, sent: MomentIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, uid)
    return _again(actor, here, decide(found, actor=actor, at=moment_in(sent.at, here)))


@router.post("/orders/{uid}/inform", summary="Say that the person was told of the order")
def post_inform(request: HttpRequest, uid: UUID, sent: MomentIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, uid)
    return _again(actor, here, inform(found, actor=actor, at=moment_in(sent.at, here)))


@router.post("/orders/{uid}/send", summary="Sign that one side hands the person over")
def post_send(request: HttpRequest, uid: UUID, sent: DeedIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, uid)
    return _again(actor, here, send(found, actor=actor, place=sent.place, at=moment_in(sent.at, here)))


@router.post("/orders/{uid}/receive", summary="Sign that the other side has received the person")
def post_receive(request: HttpRequest, uid: UUID, sent: DeedIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, uid)
    return _again(actor, here, receive(found, actor=actor, place=sent.place, at=moment_in(sent.at, here)))


@router.post("/orders/{uid}/settle", summary="Say that the person is where he is to stay: under control")
def post_settle(request: HttpRequest, uid: UUID, sent: DeedIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, uid)
    return _again(actor, here, settle_down(found, actor=actor, place=sent.place, at=moment_in(sent.at, here)))


@router.post("/orders/{uid}/withdraw", summary="Take an order back, with the reason")
def post_withdraw(request: HttpRequest, uid: UUID, sent: WhyIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, uid)
    return _again(actor, here, withdraw(found, reason=sent.reason, actor=actor))


def _asked(request: HttpRequest, park: str, uid: UUID) -> tuple[Actor, Park, Order]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    return actor, here, order_for(actor, here, uid)


def _again(actor: Actor, park: Park, order: Order) -> dict[str, Any]:
    return _as_data(order_for(actor, park, order.uid))


def _as_data(order: Order) -> dict[str, Any]:
    return {"order": order.uid, "number": order.number, "kind": order.kind, "stage": order.stage, "name": order.who.name,
            "masked_id": order.who.masked_id, "incident": order.incident.number if order.incident else None,
            "rule": order.rule, "release": order.release, "reason": reason_in_words(order.reason), "evidence": order.evidence,
            "phases": order.phases, "since": order.since, "until": order.until, "place": order.place,
            "late": getattr(order, "is_late", None), "objection": order.objection or None,
            "ended_because": ended_in_words(order.ended_because) or None,
            "signatures": [{"what": what, "at": getattr(order, f"{what}_at"), "by": getattr(order, f"{what}_by_name")}
                           for what, _word in SIGNATURES if getattr(order, f"{what}_at")]}
