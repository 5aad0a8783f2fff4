"""Many orders of one incident at once: decided, told, carried out, in as many questions for fifty as for five thousand.

Each does to every order what its action in `orders.py` does to one, and leaves out what cannot follow; the clock is read once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jiugong.accounts.models import User
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.registry.queries.people import is_whole, people_seen
from jiugong.tracing.actions.clocking import settle_clock
from jiugong.tracing.actions.orders import end_order, over
from jiugong.tracing.happenings import OrderDecided
from jiugong.tracing.models import Incident, Order
from jiugong.tracing.stages import ENDS, OrderStage
from jiugong.tracing.words import OrderKind

AT_ONCE = 500                                # rows that are written in one statement
WEAKER = {OrderKind.CLOSE_CONTACT: (OrderKind.CONTACT_OF_CONTACT,),
          OrderKind.INFECTED: (OrderKind.CLOSE_CONTACT, OrderKind.CONTACT_OF_CONTACT)}


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What one press did: whom it concerned, and which orders wait for another hand or cannot follow."""

    seen: list[Order] = field(default_factory=list)
    done: list[Order] = field(default_factory=list)
    left: list[Order] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return len(self.seen) + len(self.done)


@transaction.atomic
def decide_all(incident: Incident, *, actor: Actor, kind: str = "", at: datetime | None = None) -> Bulk:
    """Sign every proposal of an incident, or of one kind: as the first of two, or as the second where another signed first.

    Left are those that the same hand has signed already, and an order over oneself. The same press again changes nothing.
    """
    actor.must(Can.DECIDE_ORDERS, over=incident)
    incident, rows = _locked(incident, (OrderStage.PROPOSED, OrderStage.SEEN), kind)
    myself = _person_of(actor)
    over_others = [order for order in rows if myself is None or order.who.person_id != myself]
    first = [order for order in over_others if order.stage == OrderStage.PROPOSED]
    second = [order for order in over_others if order.stage == OrderStage.SEEN and order.seen_by != actor.key]
    left = _without(rows, first + second)
    _signed(first, "seen", OrderStage.SEEN, actor, at, after="proposed_at")
    _signed(second, "ordered", OrderStage.ORDERED, actor, at, after="seen_at", begins=True)
    _end_weaker(second, actor)
    settle_clock(incident)

    _noted(incident, "orders.seen", first, actor, at)
    _noted(incident, "orders.decided", second, actor, at, first="、".join(sorted({order.seen_by_name for order in second})))
    for order in second:
        tell(OrderDecided(order_id=order.pk, at=order.ordered_at or clock.now()))
    return Bulk(seen=first, done=second, left=left)


def inform_all(incident: Incident, *, actor: Actor, kind: str = "", at: datetime | None = None) -> Bulk:
    """Say that everybody whose order is decided was told of it."""
    return _carry_out_all(incident, "informed", (OrderStage.ORDERED,), OrderStage.INFORMED, actor, kind, at, after="ordered_at")


def settle_all(incident: Incident, *, actor: Actor, kind: str = "", place: str = "", at: datetime | None = None) -> Bulk:
    """Say that everybody who was received, informed or held is where he is to stay."""
    return _carry_out_all(incident, "controlled", (OrderStage.ORDERED, OrderStage.INFORMED, OrderStage.RECEIVED),
                          OrderStage.CONTROLLED, actor, kind, at, after="ordered_at", place=place)


@transaction.atomic
def _carry_out_all(incident: Incident, what: str, stages: Iterable[OrderStage], stage: OrderStage, actor: Actor, kind: str,
                   at: datetime | None, *, after: str, place: str = "") -> Bulk:
    actor.must_somewhere(Can.CARRY_OUT_ORDERS, within=incident.park)
    incident, rows = _locked(incident, stages, kind)
    mine = _within_reach(rows, actor, incident)
    if place.strip():
        for start in range(0, len(mine), AT_ONCE):
            Order.objects.filter(pk__in=[order.pk for order in mine[start:start + AT_ONCE]]).update(place=place.strip()[:120])
    _signed(mine, what, stage, actor, at, after=after)
    settle_clock(incident)

    _noted(incident, f"orders.{what}", mine, actor, at)
    return Bulk(done=mine, left=_without(rows, mine))


# ----------------------------------------------------------------------------------------------------------------------

def _locked(incident: Incident, stages: Iterable[OrderStage], kind: str) -> tuple[Incident, list[Order]]:
    """The incident, one hand at a time, and its orders in these stages; holds are confirmed elsewhere, and never decided."""
    incident = Incident.objects.select_for_update(of=("self",)).select_related("park").get(pk=incident.pk)
    rows: QuerySet[Order] = Order.objects.select_for_update(of=("self",)).filter(incident=incident, stage__in=list(stages))
    rows = rows.filter(kind=kind) if kind else rows.exclude(kind=OrderKind.HOLD)
    return incident, list(rows.select_related("who").order_by("number"))


def _without(orders: Iterable[Order], taken: Iterable[Order]) -> list[Order]:
    numbers = {order.pk for order in taken}
    return [order for order in orders if order.pk not in numbers]


def _signed(orders: Sequence[Order], what: str, stage: OrderStage, actor: Actor, at: datetime | None, *, after: str,
            begins: bool = False) -> None:
    """Sign each with its moment: as told, but not in the future and not before what it follows. `begins`: it holds from then."""
    now = clock.now()
    told = min(at, now) if at else now
    of_moment: dict[datetime, list[Order]] = defaultdict(list)
    for order in orders:
        followed = getattr(order, after)
        of_moment[max(told, followed) if followed else told].append(order)
    for moment, these in of_moment.items():
        signed = {"stage": stage, f"{what}_at": moment, f"{what}_by": actor.key, f"{what}_by_name": actor.name} | (
            {"since": moment} if begins else {})
        for order in these:
            vars(order).update(signed)
        for start in range(0, len(these), AT_ONCE):
            Order.objects.filter(pk__in=[order.pk for order in these[start:start + AT_ONCE]]).update(**signed)


def _within_reach(orders: Sequence[Order], actor: Actor, incident: Incident) -> list[Order]:
    """The orders over people for whom the actor carries out orders; who is on no roster is the whole park's."""
    park = incident.park
    if is_whole(park, actor.reach(Can.CARRY_OUT_ORDERS)):
        return list(orders)
    mine = set(people_seen(actor, park, Can.CARRY_OUT_ORDERS).values_list("pk", flat=True))
    return [order for order in orders if order.who.person_id in mine]


def _end_weaker(orders: Sequence[Order], actor: Actor) -> None:
    """A decided order takes the place of a weaker one over the same person."""
    stronger = {(order.who_id, weaker): order for order in orders for weaker in WEAKER.get(OrderKind(order.kind), ())}
    if not stronger:
        return
    rows = Order.objects.filter(park=orders[0].park_id, kind__in={kind for _who, kind in stronger}).exclude(stage__in=ENDS)
    for other in rows:
        taken = stronger.get((other.who_id, OrderKind(other.kind)))
        if taken:
            end_order(other, over(other), because="upgraded", at=taken.ordered_at or clock.now(), actor=actor)


def _noted(incident: Incident, verb: str, orders: Sequence[Order], actor: Actor, at: datetime | None, **facts: Any) -> None:
    """One entry for one press: how many orders, and which numbers."""
    if orders:
        now = clock.now()
        note(verb, actor=actor, at=min(at, now) if at else now, park_id=incident.park_id, subject=f"incident:{incident.pk}",
             people=len(orders), orders=numbers_in_words([order.number for order in orders]), **facts)


def numbers_in_words(numbers: Sequence[int]) -> str:
    """Numbers in a short row: 3–54, 60."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)[:300]


def _person_of(actor: Actor) -> int | None:
    """Who on the roster the actor is, so that nobody decides over himself."""
    key = actor.key.removeprefix("user:")
    return User.objects.filter(pk=int(key)).values_list("person_id", flat=True).first() if key.isdecimal() else None
