"""Which tests the people under control owe, and whose orders may be released."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from jiugong.lib import clock, days
from jiugong.policy import PolicyRefusal
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import value_on
from jiugong.tracing.logic.releasing import Owed, Taken, owed_tests, why_not_yet
from jiugong.tracing.models import Order
from jiugong.tracing.questions import tests_of
from jiugong.tracing.stages import RESTRICTS
from jiugong.tracing.words import OrderKind

WAIT_HOURS = 24                              # where no pack says it; shown as assumed


@dataclass(frozen=True, kw_only=True)
class Watched:
    """An order with its tests, and why it may not be released yet (empty: it may)."""

    order: Order
    owed: list[Owed]
    not_yet: list[tuple[str, Any]]

    @property
    def next_test(self) -> Owed | None:
        return next((each for each in self.owed if each.state in ("owed", "missed", "later")), None)

    @property
    def is_late(self) -> bool:
        return any(each.state == "missed" for each in self.owed)


def standing_orders(park: Park) -> QuerySet[Order]:
    """The orders that restrict somebody now, drills left out."""
    return Order.objects.filter(park=park, stage__in=RESTRICTS, incident__drill=None).select_related(
        "who__person", "park", "incident", "contact__through", "contact__case").order_by("until", "number")


def watched(orders: Iterable[Order]) -> list[Watched]:
    """Each of these orders with its tests; a flat number of questions."""
    listed = list(orders)
    linked = _linked(listed)
    taken = _taken([*listed, *linked.values()])
    found = []
    for order in listed:
        today = days.day_of(clock.now(), order.park.zone)
        mine = owed_tests(order.phases, taken[order.who_id], today)
        other = linked.get(order.pk)
        theirs = owed_tests(other.phases, taken[other.who_id], today) if other else None
        found.append(Watched(order=order, owed=mine, not_yet=why_not_yet(order.phases, mine, today, linked=theirs)))
    return found


def wait_for_results(park: Park, at: datetime) -> timedelta:
    """How long an order may wait for a result after its last day: by the pack, or a day as assumed."""
    try:
        hours: Any = value_on(park, "clock.release_wait_hours", days.day_of(at, park.zone))
    except PolicyRefusal:
        hours = WAIT_HOURS
    return timedelta(hours=int(hours))


def _linked(orders: Sequence[Order]) -> dict[int, Order]:
    """The order of the close contact through whom somebody is a contact of a contact, by the number of his order."""
    through = {order.pk: order.contact.through.who_id for order in orders
               if order.kind == OrderKind.CONTACT_OF_CONTACT and order.contact and order.contact.through}
    theirs: dict[int, Order] = {}
    rows = Order.objects.filter(who__in=through.values(), kind=OrderKind.CLOSE_CONTACT).select_related("park", "who")
    for order in rows.order_by("pk"):
        theirs[order.who_id] = order
    return {pk: theirs[who] for pk, who in through.items() if who in theirs}


def _taken(orders: Sequence[Order]) -> dict[int, list[Taken]]:
    """The swabs of the people of these orders since each was ordered, by pseudonym."""
    taken: dict[int, list[Taken]] = defaultdict(list)
    people = {order.who.person_id: order for order in orders if order.who.person_id}
    if not people:
        return taken
    since = min(order.since for order in people.values()) - timedelta(days=1)
    for each in tests_of(people, since):
        order = people[each.person_id]
        taken[order.who_id].append(Taken(on=days.day_of(each.sampled_at, order.park.zone), value=each.value))
    return taken
