"""The quiet period of arrivals: proposed for all who came on a day, decided by two people, checked each day, over by itself."""

from datetime import date, datetime, timedelta

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Posting
from jiugong.rulebook.queries.releases import release_on
from jiugong.tracing.actions.numbering import next_number
from jiugong.tracing.actions.orders import decide, must_carry_out
from jiugong.tracing.actions.pseudonyms import numbered
from jiugong.tracing.errors import OrderTakesTwo, QuietCheckUnclear, QuietPeriodUnknown
from jiugong.tracing.models import Order, Pseudonym, QuietCheck
from jiugong.tracing.queries.quiet import Lasts, arrivals_on, days_of, is_at_site, lasts_on, quiet_orders, waiting
from jiugong.tracing.words import OrderKind

AT_ONCE, LONGEST_REMARK, LONGEST_ID = 500, 200, 64


@transaction.atomic
def propose_quiet(park: Park, day: date, *, actor: Actor) -> list[Order]:
    """Propose a quiet period for everybody who came on a day and has none for it. The arrival is its first day.

    Asked again nothing is proposed twice. Raises NotAllowed, QuietPeriodUnknown.
    """
    actor.must(Can.TRACE_CONTACTS, over=park)
    park.one_at_a_time()
    now = clock.now()
    today = days.day_of(now, park.zone)
    lasts = {at_site: lasts_on(park, day, at_site=at_site) for at_site in (False, True)}
    arrivals = list(arrivals_on(park, day))
    if arrivals and not any(lasts.values()):
        raise QuietPeriodUnknown(day=str(day))
    numbered(park)
    whose = {each.person_id: each for each in Pseudonym.objects.filter(
        park=park, person__in=arrivals_on(park, day).order_by().values("person"))}
    has_one = {order.who_id for order in quiet_orders(park) if order.evidence.get("arrived_on") == str(day)}
    first, new, release = next_number(park), list[Order](), release_on(park, day)
    for posting in arrivals:
        who, rule = whose[posting.person_id], lasts[is_at_site(posting)]
        if who.pk not in has_one and rule and day + timedelta(days=rule.days) > today:
            new.append(_order(posting, who, rule, day, number=first + len(new), release=release.key if release else "", at=now,
                              actor=actor))
    Order.objects.bulk_create(new, batch_size=AT_ONCE)
    if new:
        note("quiet.proposed", actor=actor, at=now, park_id=park.pk, people=len(new), on=str(day))
    return new


def _order(posting: Posting, who: Pseudonym, lasts: Lasts, day: date, *, number: int, release: str, at: datetime,
           actor: Actor) -> Order:
    last = day + timedelta(days=lasts.days - 1)
    phase = {"mode": "quiet_period", "first_day": str(day), "last_day": str(last), "tests_on": []}
    return Order(park=posting.park, number=number, who=who, kind=OrderKind.QUIET_PERIOD, release=release, rule=lasts.rule,
                 reason="arrived_in_park", evidence={"arrived_on": str(day), "enterprise": posting.enterprise.name,
                                                     "days": lasts.days},
                 phases=[phase], since=at, until=max(days.bounds(last, posting.park.zone)[1], at + timedelta(minutes=1)),
                 proposed_at=at, proposed_by=actor.key, proposed_by_name=actor.name)


@transaction.atomic
def decide_quiet(park: Park, *, actor: Actor) -> int:
    """Decide every quiet period that waits, with one press: the first of two sees them, the second orders them.

    What one has seen already waits for another. Raises OrderTakesTwo where nothing is left for him.
    """
    actor.must(Can.DECIDE_ORDERS, over=park)
    rows = list(waiting(park))
    mine = [order for order in rows if order.seen_by != actor.key]
    if rows and not mine:
        raise OrderTakesTwo()
    for order in mine:
        decide(order, actor=actor)
    return len(mine)


@transaction.atomic
def check_quiet(order: Order, *, day: date, present: bool, client_id: str, remark: str = "", actor: Actor) -> QuietCheck:
    """Say whether somebody was where he stays on a day of his quiet period. The same id again changes nothing.

    Raises NotAllowed, QuietCheckUnclear.
    """
    must_carry_out(order, actor)
    now = clock.now()
    first, last = days_of(order)
    if (order.kind != OrderKind.QUIET_PERIOD or not order.ordered_at or not client_id or len(client_id) > LONGEST_ID
            or not (client_id + remark).isprintable() or not first <= day <= min(last, days.day_of(now, order.park.zone))):
        raise QuietCheckUnclear()
    order.park.one_at_a_time()
    before = QuietCheck.objects.filter(park=order.park, client_id=client_id).first()
    if before:
        if (before.order_id, before.day, before.present) != (order.pk, day, present):
            raise QuietCheckUnclear()
        return before
    row = QuietCheck.objects.create(park=order.park, order=order, day=day, present=present, remark=remark.strip()[:LONGEST_REMARK],
                                    client_id=client_id, checked_at=now, checked_by=actor.key, checked_by_name=actor.name)
    note("quiet.checked", actor=actor, at=now, park_id=order.park_id, subject=f"order:{order.pk}", passed=present, on=str(day))
    return row
