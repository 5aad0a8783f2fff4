"""Releasing: by a person, once every test has its result; renewing a hold; and the end that comes by itself."""

from datetime import datetime

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.tracing.actions.clocking import settle_clock
from jiugong.tracing.actions.incidents import hold_time
from jiugong.tracing.actions.orders import end_order, locked, over
from jiugong.tracing.errors import OrderMoved, ReasonMissing, ReleaseTooEarly
from jiugong.tracing.models import Order
from jiugong.tracing.queries.releasing import wait_for_results, watched
from jiugong.tracing.sentences import why_in_words
from jiugong.tracing.stages import ENDS, RESTRICTS, OrderStage
from jiugong.tracing.words import OrderKind, OrderStageWord

LONGEST_REASON = 300


@transaction.atomic
def release(order: Order, *, actor: Actor, at: datetime | None = None) -> Order:
    """Release somebody whose time is over and whose tests are all negative. Released already, nothing changes.

    A hold is released before its time by whoever may confirm one. Raises ReleaseTooEarly, OrderMoved.
    """
    order = locked(order)
    actor.must(Can.HOLD_PEOPLE if order.kind == OrderKind.HOLD else Can.DECIDE_ORDERS, over=order)
    if order.stage == OrderStage.RELEASED:
        return order
    if order.stage not in RESTRICTS:
        raise OrderMoved(stage=str(OrderStageWord(order.stage).label))
    not_yet = [] if order.kind == OrderKind.HOLD else watched([order])[0].not_yet
    if not_yet:
        raise ReleaseTooEarly(because="；".join(why_in_words(word, facts) for word, facts in not_yet))
    end_order(order, OrderStage.RELEASED, because="conditions_met", at=at or clock.now(), actor=actor)
    if order.incident:
        settle_clock(order.incident)
    return order


@transaction.atomic
def renew_hold(order: Order, *, reason: str, actor: Actor) -> Order:
    """Let a hold go on for its hours once more, with a reason: a case waits for the hospital. Raises ReasonMissing, OrderMoved."""
    actor.must(Can.HOLD_PEOPLE, over=order)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing(most=LONGEST_REASON)
    order = locked(order)
    if order.kind != OrderKind.HOLD or order.stage not in RESTRICTS or order.incident is None:
        raise OrderMoved(stage=str(OrderStageWord(order.stage).label))
    now = clock.now()
    until = now + hold_time(order.incident)
    if order.evidence.get("renewed_because") == reason and order.until >= until.replace(second=0, microsecond=0):
        return order
    order.until = until
    order.evidence = {**order.evidence, "renewed_because": reason}
    order.save(update_fields=["until", "evidence"])

    note("hold.renewed", actor=actor, at=now, park_id=order.park_id, subject=f"order:{order.pk}", reason=reason)
    return order


@transaction.atomic
def lapse_orders(park: Park, *, actor: Actor) -> int:
    """End what is over by itself: a hold or a quiet period at its end, any other when its results did not come in time."""
    now = clock.now()
    at_once = (OrderKind.HOLD, OrderKind.QUIET_PERIOD)
    wait = wait_for_results(park, now)
    rows = Order.objects.select_for_update(of=("self",)).filter(park=park, until__lte=now).exclude(stage__in=ENDS)
    count = 0
    for order in rows.select_related("incident__park").order_by("pk"):
        ends_at = order.until if order.kind in at_once else order.until + wait
        if ends_at <= now:
            end_order(order, OrderStage.LAPSED if order.ordered_at else over(order), because="time_over", at=ends_at, actor=actor)
            if order.incident:
                settle_clock(order.incident)
            count += 1
    return count
