"""Orders: proposed, decided by people, told to the person, carried out by two sides, and over by themselves.

Times are given where something is entered later than it was done; never before the step that it follows, never in the future.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from jiugong.accounts.models import User
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.registry.queries.people import whereabouts
from jiugong.tracing.actions.clocking import settle_clock
from jiugong.tracing.errors import OrderAgainstOnesOwn, OrderMoved, OrderSameHands, OrderTakesTwo, ReasonMissing
from jiugong.tracing.happenings import OrderDecided, OrderEnded
from jiugong.tracing.models import Incident, Order
from jiugong.tracing.stages import ENDS, ORDER_NEXT, OrderStage
from jiugong.tracing.words import OrderKind, OrderStageWord

LONGEST_REASON = 500



# deciding -------------------------------------------------------------------------------------------------------------

@transaction.atomic
def confirm_holds(incident: Incident, *, actor: Actor, at: datetime | None = None) -> list[Order]:
    """One officer on duty confirms every proposed hold of an incident with one press. What is confirmed already stays."""
    actor.must(Can.HOLD_PEOPLE, over=incident)
    incident = Incident.objects.select_for_update(of=("self",)).select_related("park").get(pk=incident.pk)
    holds = list(Order.objects.select_for_update(of=("self",)).filter(
        incident=incident, kind=OrderKind.HOLD, stage=OrderStage.PROPOSED).select_related("who__person", "park"))
    moment = _moment(at, incident.told_at)
    for hold in holds:
        _must_not_be_oneself(hold, actor)
        lasts = hold.until - hold.since
        hold.stage, hold.since, hold.until = OrderStage.ORDERED, moment, moment + lasts
        hold.ordered_at, hold.ordered_by, hold.ordered_by_name = moment, actor.key, actor.name
    Order.objects.bulk_update(holds, ["stage", "since", "until", "ordered_at", "ordered_by", "ordered_by_name"])
    settle_clock(incident)

    if holds:
        note("holds.confirmed", actor=actor, at=moment, park_id=incident.park_id, subject=f"incident:{incident.pk}",
             people=len(holds))
        for hold in holds:
            tell(OrderDecided(order_id=hold.pk, at=moment))
    return holds


@transaction.atomic
def decide(order: Order, *, actor: Actor, at: datetime | None = None) -> Order:
    """Decide an order: the first of two people sees it, the second orders it. One's own decision again changes nothing.

    Raises OrderTakesTwo, OrderMoved, OrderAgainstOnesOwn.
    """
    actor.must(Can.DECIDE_ORDERS, over=order)
    order = locked(order)
    if order.kind == OrderKind.HOLD:
        raise OrderMoved(stage=str(OrderStageWord(order.stage).label))
    _must_not_be_oneself(order, actor)
    _must_not_be_over(order)
    stage = OrderStage(order.stage)
    if stage is OrderStage.PROPOSED:
        moment = _moment(at, order.proposed_at)
        _sign(order, "seen", OrderStage.SEEN, moment, actor)
        note("order.seen", actor=actor, at=moment, park_id=order.park_id, subject=f"order:{order.pk}", kind=order.kind)
        return order
    if order.ordered_by == actor.key and stage is not OrderStage.SEEN:
        return order
    if stage is not OrderStage.SEEN:
        raise OrderMoved(stage=str(OrderStageWord(order.stage).label))
    if order.seen_by == actor.key:
        raise OrderTakesTwo()
    moment = _moment(at, order.seen_at)
    _sign(order, "ordered", OrderStage.ORDERED, moment, actor, since=moment)
    _take_the_place_of_weaker(order, moment, actor)
    _settle(order)

    note("order.decided", actor=actor, at=moment, park_id=order.park_id, subject=f"order:{order.pk}", kind=order.kind,
         first=order.seen_by_name)
    tell(OrderDecided(order_id=order.pk, at=moment))
    return order


def _take_the_place_of_weaker(order: Order, at: datetime, actor: Actor) -> None:
    """Whoever becomes a close contact is no longer controlled as a contact of one; a hold ends where a decided order begins."""
    weaker = {OrderKind.CLOSE_CONTACT: (OrderKind.CONTACT_OF_CONTACT,), OrderKind.INFECTED: (
        OrderKind.CONTACT_OF_CONTACT, OrderKind.CLOSE_CONTACT)}.get(OrderKind(order.kind), ())
    for other in Order.objects.filter(who=order.who_id, park=order.park_id, kind__in=weaker).exclude(stage__in=ENDS):
        end_order(other, over(other), because="upgraded", at=at, actor=actor)


# carrying out ---------------------------------------------------------------------------------------------------------

@transaction.atomic
def inform(order: Order, *, actor: Actor, at: datetime | None = None) -> Order:
    """Say that the person was told of rule, reason, evidence, until when and how to object. Said again, nothing changes."""
    return _carry_out(order, "informed", OrderStage.INFORMED, actor, at, after="ordered_at")


@transaction.atomic
def send(order: Order, *, actor: Actor, place: str = "", at: datetime | None = None) -> Order:
    """One side signs that it hands the person over, and whereto."""
    return _carry_out(order, "sent", OrderStage.SENT, actor, at, after="informed_at", place=place)


@transaction.atomic
def receive(order: Order, *, actor: Actor, place: str = "", at: datetime | None = None) -> Order:
    """The other side signs that it has received the person. Raises OrderSameHands."""
    held = locked(order)
    if held.sent_by == actor.key and not held.received_at:
        raise OrderSameHands()
    return _carry_out(order, "received", OrderStage.RECEIVED, actor, at, after="sent_at", place=place)


@transaction.atomic
def settle_down(order: Order, *, actor: Actor, place: str = "", at: datetime | None = None) -> Order:
    """Say that the person is where he is to stay: under control."""
    return _carry_out(order, "controlled", OrderStage.CONTROLLED, actor, at, after="ordered_at", place=place)


def _carry_out(order: Order, what: str, stage: OrderStage, actor: Actor, at: datetime | None, *, after: str,
               place: str = "") -> Order:
    order = locked(order)
    must_carry_out(order, actor)
    if getattr(order, f"{what}_at"):
        return order
    if stage not in ORDER_NEXT[OrderStage(order.stage)]:
        raise OrderMoved(stage=str(OrderStageWord(order.stage).label))
    moment = _moment(at, getattr(order, after) or order.ordered_at)
    if place.strip():
        order.place = place.strip()[:120]
    _sign(order, what, stage, moment, actor, place=order.place)
    _settle(order)

    note(f"order.{what}", actor=actor, at=moment, park_id=order.park_id, subject=f"order:{order.pk}", kind=order.kind)
    return order


def must_carry_out(order: Order, actor: Actor) -> None:
    """Refuse who may not carry out orders over this person: a power over where he works is a power over him. Raises NotAllowed."""
    actor.must(Can.CARRY_OUT_ORDERS, over=whereabouts(order.who.person) if order.who.person else order.park)


# ending ---------------------------------------------------------------------------------------------------------------

def over(order: Order) -> OrderStage:
    """How an order ends that nothing rests on any more: one that was decided is released, a proposal is taken back."""
    return OrderStage.RELEASED if order.ordered_at else OrderStage.WITHDRAWN


def end_order(order: Order, stage: OrderStage, *, because: str, at: datetime, actor: Actor) -> Order:
    """End an order: released, lapsed or taken back. One that is over stays as it ended."""
    if order.is_over:
        return order
    order.stage, order.ended_at, order.ended_because = stage, max(at, order.proposed_at), because
    order.ended_by, order.ended_by_name = actor.key, actor.name
    order.save(update_fields=["stage", "ended_at", "ended_because", "ended_by", "ended_by_name"])
    note(f"order.{stage.value}", actor=actor, at=at, park_id=order.park_id, subject=f"order:{order.pk}", kind=order.kind,
         because=because)
    tell(OrderEnded(order_id=order.pk, at=at))
    return order


@transaction.atomic
def withdraw(order: Order, *, reason: str, actor: Actor) -> Order:
    """Take an order back that should not stand, with the reason. Raises ReasonMissing, NotAllowed."""
    actor.must(Can.DECIDE_ORDERS, over=order)
    reason = reason.strip()
    if not reason or len(reason) > 300:
        raise ReasonMissing(most=300)
    order = locked(order)
    end_order(order, OrderStage.WITHDRAWN, because=reason, at=clock.now(), actor=actor)
    _settle(order)
    return order


# ----------------------------------------------------------------------------------------------------------------------

def locked(order: Order) -> Order:
    """The order, held while it is changed."""
    return (Order.objects.select_for_update(of=("self",)).select_related("park", "incident__park", "who__person__park", "contact")
            .get(pk=order.pk))


def _sign(order: Order, what: str, stage: OrderStage, at: datetime, actor: Actor, **more: Any) -> None:
    order.stage = stage
    signed = {f"{what}_at": at, f"{what}_by": actor.key, f"{what}_by_name": actor.name, **more}
    for name, value in signed.items():
        setattr(order, name, value)
    order.save(update_fields=["stage", *signed])


def _settle(order: Order) -> None:
    if order.incident:
        settle_clock(order.incident)


def _moment(at: datetime | None, after: datetime | None) -> datetime:
    """When it was done: as told, but not in the future and not before what it follows."""
    now = clock.now()
    told = min(at, now) if at else now
    return max(told, after) if after else told


def _must_not_be_oneself(order: Order, actor: Actor) -> None:
    person = order.who.person_id
    key = actor.key.removeprefix("user:")
    if person and key.isdecimal() and User.objects.filter(pk=int(key), person=person).exists():
        raise OrderAgainstOnesOwn()


def _must_not_be_over(order: Order) -> None:
    if order.is_over:
        raise OrderMoved(stage=str(OrderStageWord(order.stage).label))
