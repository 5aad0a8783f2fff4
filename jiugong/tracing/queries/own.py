"""What somebody is asked to keep to, as he reads it himself: rule, reason, evidence, until when, which tests, who decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from jiugong.lib import days
from jiugong.policy import PolicyRefusal
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person
from jiugong.rulebook.queries.releases import release_called
from jiugong.tracing.logic.releasing import Owed
from jiugong.tracing.models import Ground, Order
from jiugong.tracing.queries.releasing import watched
from jiugong.tracing.sentences import reason_in_words
from jiugong.tracing.stages import RESTRICTS
from jiugong.tracing.words import OrderKind


@dataclass(frozen=True, kw_only=True)
class OwnGround:
    """One ground in words: what, where, from when to when. Never whom he met."""

    words: str
    place: str
    since: datetime
    until: datetime
    assumed: bool


@dataclass(frozen=True, kw_only=True)
class OwnOrder:
    """One restriction as its person reads it."""

    order: Order
    kind: str
    reason: str
    rule: str
    basis: str
    grounds: list[OwnGround]
    tests: list[Owed]
    decided_by: tuple[str, ...]

    @property
    def next_test(self) -> Owed | None:
        return next((each for each in self.tests if each.state in ("owed", "missed", "later")), None)


def own_orders(person: Person, at: datetime) -> list[OwnOrder]:
    """What restricts somebody at a moment, the latest first; drills never do."""
    orders = list(Order.objects.filter(who__person=person, stage__in=RESTRICTS, ordered_at__lte=at, incident__drill=None)
                  .select_related("park", "incident", "who__person", "contact__through").order_by("-ordered_at", "-pk"))
    grounds: dict[int, list[Ground]] = {}
    for ground in Ground.objects.filter(contact__in=[order.contact_id for order in orders if order.contact_id]).select_related(
            "spot").order_by("since"):
        grounds.setdefault(ground.contact_id, []).append(ground)
    return [_own(each.order, each.owed, grounds.get(each.order.contact_id or 0, [])) for each in watched(orders)]


def own_order_for(person: Person, uid: Any) -> Order:
    """The only door from an id in a worker's address to an order: his own. Raises NotHere."""
    found = Order.objects.filter(who__person=person, uid=uid, ordered_at__isnull=False, incident__drill=None).first()
    if found is None:
        raise NotHere()
    return found


def rule_in_words(release: str, rule: str, park: Park, on: date) -> tuple[str, str]:
    """What a rule is called, and on which documents or assumption it rests on a day; the bare key where no text says it."""
    try:
        read = release_called(release).rule(rule)
        dated = read.on(on)
    except PolicyRefusal:
        return rule, ""
    language = (get_language() or "zh-hans").lower()
    title = read.title.zh_hans if language.startswith("zh") else read.title.en
    return title, str(dated.basis) if dated else ""


def _own(order: Order, tests: Sequence[Owed], grounds: Sequence[Ground]) -> OwnOrder:
    on = days.day_of(order.proposed_at, order.park.zone)
    rule, basis = rule_in_words(order.release, order.rule, order.park, on)
    return OwnOrder(
        order=order, kind=str(OrderKind(order.kind).label), reason=reason_in_words(order.reason), rule=rule, basis=basis,
        grounds=[OwnGround(words=rule_in_words(each.release, each.rule, order.park, on)[0] if each.rule else each.reason,
                           place=str(each.spot) if each.spot else "", since=each.since, until=each.until, assumed=each.assumed)
                 for each in grounds], tests=list(tests),
        decided_by=tuple(name for name in (order.seen_by_name, order.ordered_by_name) if name))
