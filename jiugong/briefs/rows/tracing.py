"""Incidents of the period: cases, contacts and the orders over them, and how long each of the five earlies took."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.lib import days
from jiugong.registry.queries.people import is_whole, roster_on
from jiugong.tracing.models import Case, Contact, Incident, Order, Trace
from jiugong.tracing.queries.incidents import EARLIES, intervals_of, minutes_to_control
from jiugong.tracing.stages import RESTRICTS
from jiugong.tracing.words import ContactClass


def _incidents(scope: Scope) -> QuerySet[Incident]:
    """The incidents that the park was told of in the period; drills count nowhere."""
    return Incident.objects.filter(park=scope.park, drill=None, told_at__gte=scope.start, told_at__lt=scope.end).order_by("number")


def _people(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of people within a reach: who stands on the roster of a branch on the last day."""
    if is_whole(scope.park, scope.reach):
        return rows
    return rows.filter(who__person__in=roster_on(scope.park, scope.last, scope.reach).values("person"))


def incidents(scope: Scope) -> Iterable[Line]:
    """Each incident, when it was told and how many it concerns."""
    if not is_whole(scope.park, scope.reach):
        return
    for incident in _incidents(scope):
        yield Line(facts={"incident": incident.number, "tube": incident.tube, "told_at": _local(scope, incident.told_at),
                          "members": incident.members.count()})


def count_incidents(scope: Scope) -> int:
    return _incidents(scope).count() if is_whole(scope.park, scope.reach) else 0


def _cases(scope: Scope) -> QuerySet[Case]:
    standing = Q(stage__in=("confirmed", "recovered"))
    return _people(scope, Case.objects.filter(standing, incident__in=_incidents(scope)).select_related("who__person", "incident"))


def cases(scope: Scope) -> Iterable[Line]:
    """Each confirmed case."""
    for case in _cases(scope).order_by("opened_at", "pk"):
        yield Line(facts={"name": case.who.name, "incident": case.incident.number, "sampled_at": _local(scope, case.sampled_at),
                          "stage": case.stage}, whose=case.who.person)


def count_cases(scope: Scope) -> int:
    return _cases(scope).count()


def _contacts(scope: Scope) -> QuerySet[Contact]:
    return _people(scope, Contact.objects.filter(
        incident__in=_incidents(scope), contact_class=ContactClass.CLOSE_CONTACT,
        ended_at=None).select_related("who__person", "incident"))


def close_contacts(scope: Scope) -> Iterable[Line]:
    """Each close contact with every ground."""
    for contact in _contacts(scope).order_by("incident", "-last_at", "pk").prefetch_related("grounds"):
        grounds = sorted({ground.ground for ground in contact.grounds.all()})
        yield Line(facts={"name": contact.who.name, "incident": contact.incident.number, "grounds": ", ".join(grounds),
                          "last_exposed_at": _local(scope, contact.last_at)}, whose=contact.who.person)


def count_close_contacts(scope: Scope) -> int:
    return _contacts(scope).count()


def _controlled(scope: Scope) -> QuerySet[Order]:
    """Who was restricted at the end of the period."""
    rows = Order.objects.filter(Q(ended_at=None) | Q(ended_at__gt=scope.as_of), park=scope.park, ordered_at__isnull=False,
                                ordered_at__lt=scope.end, until__gt=scope.as_of).exclude(incident__drill__isnull=False)
    return _people(scope, rows.filter(Q(stage__in=RESTRICTS) | Q(ended_at__gt=scope.as_of)).select_related("who__person"))


def controlled(scope: Scope) -> Iterable[Line]:
    """Each order that stands, until when."""
    for order in _controlled(scope).order_by("number"):
        yield Line(facts={"name": order.who.name, "order": order.number, "kind": order.kind, "until": _local(scope, order.until)},
                   whose=order.who.person)


def count_controlled(scope: Scope) -> int:
    return _controlled(scope).count()


def minutes(scope: Scope) -> Iterable[Line]:
    """The incident that took longest until its last close contact was under control; its minutes are the figure."""
    slowest = max(((taken, incident) for incident in _incidents(scope) if (taken := minutes_to_control(incident)) is not None),
                  key=lambda each: each[0], default=None) if is_whole(scope.park, scope.reach) else None
    if slowest:
        taken, incident = slowest
        yield Line(facts={"incident": incident.number, "told_at": _local(scope, incident.told_at), "value": taken})


def count_minutes(scope: Scope) -> int:
    return sum(int(line.facts["value"]) for line in minutes(scope))


def machine(scope: Scope) -> Iterable[Line]:
    """Each list of contacts that the machine drew up for an incident, and how many milliseconds it took."""
    if not is_whole(scope.park, scope.reach):
        return
    for trace in Trace.objects.filter(incident__in=_incidents(scope)).select_related("incident").order_by("asked_at"):
        yield Line(facts={"incident": trace.incident.number if trace.incident else "", "found": trace.found,
                          "value": trace.milliseconds})


def count_machine(scope: Scope) -> int:
    return sum(int(line.facts["value"]) for line in machine(scope))


def _early(kind: str) -> "Pair":
    def rows(scope: Scope) -> Iterable[Line]:
        """Each incident of which this was measured, in minutes; the slowest is the figure."""
        found = []
        for incident in _incidents(scope) if is_whole(scope.park, scope.reach) else ():
            began, ended = intervals_of(incident)[kind]
            if began and ended:
                found.append((max(int((ended - began).total_seconds() // 60), 0), incident, began, ended))
        if found:
            taken, incident, began, ended = max(found, key=lambda each: each[0])
            yield Line(facts={"incident": incident.number, "began_at": _local(scope, began), "ended_at": _local(scope, ended),
                              "value": taken})

    def count(scope: Scope) -> int:
        return sum(int(line.facts["value"]) for line in rows(scope))
    return rows, count


def _local(scope: Scope, at: datetime | None) -> str:
    return days.local(at, scope.park.zone) if at else ""


Pair = tuple[Callable[[Scope], Iterable[Line]], Callable[[Scope], int]]
TRACED: Mapping[str, Pair] = {
    "incidents": (incidents, count_incidents), "cases": (cases, count_cases),
    "close_contacts": (close_contacts, count_close_contacts),
    "under_control": (controlled, count_controlled), "minutes_to_control": (minutes, count_minutes),
    "machine_milliseconds": (machine, count_machine), **{f"early_{kind}": _early(kind) for kind in EARLIES}}
