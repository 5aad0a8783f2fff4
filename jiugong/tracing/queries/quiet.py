"""The quiet period (静默期) of arrivals: who came on a day, for how long the rules ask it, who must be where, who was checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.policy import NotInForce, PolicyRefusal
from jiugong.registry.models import Park, Posting
from jiugong.registry.queries.people import is_whole, people_seen, roster_on
from jiugong.registry.words import EnterpriseKind
from jiugong.rulebook.queries.releases import value_on
from jiugong.tracing.models import Order, QuietCheck
from jiugong.tracing.words import OrderKind

AT_SITES, OF_ZONE, OF_NATION = "quiet_period.building_site_days", "quiet_period.days", "clock.quiet_period_days"


@dataclass(frozen=True, kw_only=True)
class Lasts:
    """How many days a quiet period lasts, and by which rule."""

    rule: str
    days: int


def lasts_on(park: Park, day: date, *, at_site: bool = False) -> Lasts | None:
    """How long the rules of a day ask a quiet period: a zone's rule before the nation's, the most of a range; None without one."""
    for rule in ((AT_SITES,) if at_site else ()) + (OF_ZONE, OF_NATION):
        try:
            value: Any = value_on(park, rule, day)
        except (NotInForce, PolicyRefusal):
            continue
        return Lasts(rule=rule, days=max(value) if isinstance(value, tuple) else int(value))
    return None


def arrivals_on(park: Park, day: date) -> QuerySet[Posting]:
    """Who came into the park on a day: by the day on which the roster says he began, else by the roster's own first day."""
    return (roster_on(park, day).filter(Q(arrived_on=day) | Q(arrived_on=None, since=day))
            .select_related("person", "unit", "enterprise").order_by("enterprise__name", "person__name", "pk"))


def is_at_site(posting: Posting) -> bool:
    return posting.enterprise.enterprise_kind == EnterpriseKind.SITE


def quiet_orders(park: Park) -> QuerySet[Order]:
    """Every quiet period of a park; drills left out."""
    return Order.objects.filter(park=park, kind=OrderKind.QUIET_PERIOD, incident__drill=None).select_related("who__person")


def quiet_on(actor: Actor, park: Park, day: date) -> QuerySet[Order]:
    """Who must keep quiet on a day and whom the actor may see: not checked on it first."""
    actor.must_somewhere(Can.SEE_INCIDENTS, within=park)
    looked = Exists(QuietCheck.objects.filter(order=OuterRef("pk"), day=day))
    rows = standing_on(park, day).annotate(looked=looked).order_by("looked", "who__person__name", "number")
    if is_whole(park, actor.reach(Can.SEE_INCIDENTS)):
        return rows
    return rows.filter(who__person__in=people_seen(actor, park, Can.SEE_INCIDENTS).values("pk"))


def standing_on(park: Park, day: date) -> QuerySet[Order]:
    """The quiet periods that were ordered and not over at some moment of a day."""
    start, end = days.bounds(day, park.zone)
    return quiet_orders(park).filter(Q(ended_at=None) | Q(ended_at__gt=start), ordered_at__lt=end, since__lt=end, until__gt=start)


def checks_on(orders: Iterable[Order], day: date) -> dict[int, QuietCheck]:
    """The latest check of a day, by order."""
    rows = QuietCheck.objects.filter(order__in=[order.pk for order in orders], day=day).order_by("checked_at", "pk")
    return {row.order_id: row for row in rows}


def unchecked(park: Park, day: date, rows: QuerySet[Order] | None = None) -> QuerySet[Order]:
    """Who must keep quiet on a day and was not checked on it."""
    rows = standing_on(park, day) if rows is None else rows
    return rows.exclude(pk__in=QuietCheck.objects.filter(park=park, day=day).values("order"))


def days_of(order: Order) -> tuple[date, date]:
    """The first and the last day of a quiet period."""
    phase = order.phases[0]
    return date.fromisoformat(phase["first_day"]), date.fromisoformat(phase["last_day"])


def waiting(park: Park) -> QuerySet[Order]:
    """The quiet periods that are proposed or seen by one of two."""
    return quiet_orders(park).filter(stage__in=("proposed", "seen")).order_by("number")


def order_seen(actor: Actor, park: Park, number: int) -> Order | None:
    """A quiet period by its number, where the actor may see it."""
    order = quiet_orders(park).filter(number=number).first()
    person = order.who.person if order else None
    if person is None:
        return None
    whole = is_whole(park, actor.reach(Can.SEE_INCIDENTS))
    return order if whole or people_seen(actor, park, Can.SEE_INCIDENTS).filter(pk=person.pk).exists() else None
