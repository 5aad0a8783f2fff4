"""Where somebody was, day by day, and what followed from it: stays with their source, beds, orders, cases, contacts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch

from jiugong.lib import days
from jiugong.registry.models import Assignment, Park
from jiugong.tracing.models import Case, Contact, Ground, Order, Presence, Pseudonym

DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing of somebody's days: a stay, or the case, contact or order that began on the day."""

    at: datetime
    what: str                            # stay, case, contact, order
    row: Presence | Case | Contact | Order


@dataclass(frozen=True, kw_only=True)
class History:
    """The days of somebody, the latest first, each with its events in order; where he slept, ate and rode meanwhile."""

    first: date
    last: date
    days: list[tuple[date, list[Event]]]
    assigned: list[Assignment]

    @property
    def stays(self) -> int:
        return sum(event.what == "stay" for _day, events in self.days for event in events)


def history_of(who: Pseudonym, park: Park, last: date, count: int = DAYS) -> History:
    """The last days of somebody. A stay stands on the day on which it began; a drill's rows stand nowhere."""
    first = last - timedelta(days=count - 1)
    since, until = days.bounds(first, park.zone)[0], days.bounds(last, park.zone)[1]
    stays = Presence.objects.filter(who=who, entered_at__lt=until, left_at__gt=since).select_related("spot__place", "case")
    grounds = Prefetch("grounds", Ground.objects.select_related("spot"))
    events = [Event(at=max(stay.entered_at, since), what="stay", row=stay) for stay in stays]
    events += [Event(at=case.opened_at, what="case", row=case) for case in Case.objects.filter(
        who=who, opened_at__gte=since, opened_at__lt=until, incident__drill=None).select_related("incident")]
    events += [Event(at=max(contact.first_at, since), what="contact", row=contact) for contact in Contact.objects.filter(
        who=who, first_at__lt=until, last_at__gte=since, incident__drill=None).select_related("incident").prefetch_related(grounds)]
    events += [Event(at=max(order.since, since), what="order", row=order) for order in Order.objects.filter(
        who=who, since__lt=until, until__gt=since).exclude(incident__drill__isnull=False).select_related("incident")]
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda each: (each.at, each.what)):
        by_day[days.day_of(event.at, park.zone)].append(event)
    return History(first=first, last=last, days=sorted(by_day.items(), reverse=True), assigned=_assigned(who, first, last))


def _assigned(who: Pseudonym, first: date, last: date) -> list[Assignment]:
    if who.person_id is None:
        return []
    rows = Assignment.objects.filter(person=who.person_id).exclude(since__gt=last).exclude(until__lte=first)
    return list(rows.select_related("place__parent").order_by("kind", "since"))
