"""What a report of an incident counts, at the moment at which it is asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from jiugong.lib import clock
from jiugong.lib.acting import Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.tracing.models import Case, Contact, Ground, Incident, Member, Order, SentReport
from jiugong.tracing.queries.incidents import EARLIES, Tick, clock_of, intervals_of
from jiugong.tracing.queries.orders import GROUPS
from jiugong.tracing.queries.reach import sees_whole


@dataclass(frozen=True, kw_only=True)
class Reported:
    """An incident as a report tells it: people by name where they are ill, everybody else as a number."""

    incident: Incident
    at: datetime
    members: dict[str, int]                  # what single retests say -> members
    cases: list[Case]
    classes: dict[str, int]                  # class -> people
    grounds: dict[str, int]                  # ground -> close contacts
    orders: dict[str, dict[str, int]]        # kind -> how far -> orders
    ticks: list[Tick]
    earlies: dict[str, int | None]           # minutes
    sent: list[SentReport]

    def figures(self) -> dict[str, Any]:
        """The counts, as they are kept with a report that was sent."""
        return {"members": self.members, "cases": len(self.cases), "contacts": self.classes, "grounds": self.grounds,
                "orders": self.orders, "late": [tick.step.kind for tick in self.ticks if tick.is_late]}


def must_see_whole(actor: Actor, incident: Incident) -> None:
    """What tells of everybody in an incident is for whoever sees the whole park. Raises NotAllowed."""
    if not sees_whole(actor, incident.park):
        raise NotAllowed(actor=actor.name, power=Can.SEE_INCIDENTS.value)


def reported(actor: Actor, incident: Incident) -> Reported:
    """Count an incident now; as many questions for one contact as for five thousand. Raises NotAllowed."""
    must_see_whole(actor, incident)
    standing = Contact.objects.filter(incident=incident, ended_at=None).order_by()
    grounds = Ground.objects.filter(contact__in=standing.values("pk")).order_by().values_list("ground")
    members = Member.objects.filter(incident=incident).order_by().values_list("retest")
    return Reported(
        incident=incident, at=clock.now(), members=dict(members.annotate(Count("pk"))),
        cases=list(Case.objects.filter(incident=incident).select_related("who__person").order_by("opened_at", "pk")),
        classes=dict(standing.values_list("contact_class").annotate(Count("who", distinct=True))),
        grounds=dict(grounds.annotate(people=Count("contact__who", distinct=True)).order_by("-people", "ground")),
        orders=_orders(incident), ticks=clock_of(incident), earlies=_earlies(incident),
        sent=list(SentReport.objects.filter(incident=incident).order_by("sent_at", "pk")))


def _orders(incident: Incident) -> dict[str, dict[str, int]]:
    rows = Order.objects.filter(incident=incident).order_by().values_list("kind")
    counted = rows.annotate(**{f"in_{name}": Count("pk", filter=which) for name, which in GROUPS.items()})
    return {kind: dict(zip(GROUPS, counts, strict=True)) for kind, *counts in counted}


def _earlies(incident: Incident) -> dict[str, int | None]:
    found = intervals_of(incident)
    return {name: _minutes(*found[name]) for name in EARLIES}


def _minutes(began: datetime | None, ended: datetime | None) -> int | None:
    return max(int((ended - began).total_seconds() // 60), 0) if began and ended else None
