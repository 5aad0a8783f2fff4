"""The story of an incident, line by line: what the journal keeps of it, and every hand that signed an order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django.db.models.functions import TruncHour

from jiugong.journal.models import Entry
from jiugong.lib.acting import Actor
from jiugong.tracing.models import Case, Contact, Incident, Member, Trace
from jiugong.tracing.queries.orders import orders_of
from jiugong.tracing.queries.reach import sees_whole, those_seen

SIGNED = ("proposed", "seen", "ordered", "informed", "sent", "received", "controlled", "ended")
BY_ORDERS = ("orders.", "holds.")            # told by the orders themselves, with their numbers


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: when, what (a verb), by whom, how many orders or people, with which facts."""

    at: datetime
    verb: str
    actor: str = ""
    name: str = ""
    until: datetime | None = None            # of many that were done one after the other: the last
    count: int = 0
    group: str = ""                          # of orders: by what they are told
    kind: str = ""
    facts: dict[str, Any] | None = None


def story_of(actor: Actor, incident: Incident) -> list[Line]:
    """Every line, the first one first. Who sees a part of the park reads of his own people and of the whole incident only."""
    lines = [*_from_the_journal(actor, incident), *_signatures(actor, incident), *_retests(actor, incident)]
    order = {verb: at for at, verb in enumerate(SIGNED)}
    return sorted(lines, key=lambda line: (line.at, order.get(line.verb.rpartition(".")[2], -1)))


def _from_the_journal(actor: Actor, incident: Incident) -> list[Line]:
    """What was done to the incident, its cases, its traces and its contacts by hand."""
    park = incident.park
    cases = those_seen(actor, park, Case.objects.filter(incident=incident)).values_list("pk", flat=True)
    contacts = those_seen(actor, park, Contact.objects.filter(incident=incident, trace=None)).values_list("pk", flat=True)
    struck = those_seen(actor, park, Contact.objects.filter(incident=incident, ended_at__isnull=False)).values_list("pk", flat=True)
    about = {f"incident:{incident.pk}", *(f"case:{pk}" for pk in cases),
             *(f"contact:{pk}" for pk in [*contacts[:MOST], *struck[:MOST]])}
    if sees_whole(actor, park):
        about |= {f"trace:{pk}" for pk in Trace.objects.filter(incident=incident).values_list("pk", flat=True)}
    rows = Entry.objects.filter(park=park, subject__in=about).order_by("at", "pk")
    whole = sees_whole(actor, park)                                   # facts count everybody
    return [Line(at=each.at, verb=each.verb, actor=each.actor, name=each.actor_name, facts=each.facts if whole else {})
            for each in rows if not each.verb.startswith(BY_ORDERS)]


AN_HOUR, NAMES = timedelta(hours=1), "、"
MOST = 400                                   # contacts of whom each is told by name of his number; the list tells of all


def _signatures(actor: Actor, incident: Incident) -> list[Line]:
    """Each signature under orders; what was done to many, one after the other, is one line."""
    orders, lines = orders_of(actor, incident.park, incident=incident), list[Line]()
    for what in SIGNED:
        ended = ("stage", "ended_because") if what == "ended" else ()
        rows = (orders.filter(**{f"{what}_at__isnull": False}).order_by().annotate(hour=TruncHour(f"{what}_at"))
                .values("hour", "kind", f"{what}_by", f"{what}_by_name", *ended)
                .annotate(count=Count("pk"), first=Min(f"{what}_at"), until=Max(f"{what}_at"), last=Max("number"),
                          least=Min("number")))
        lines += together(Line(
            at=row["first"], until=row["until"], verb=f"order.{what}", actor=row[f"{what}_by"], name=row[f"{what}_by_name"],
            count=row["count"], kind=row["kind"], group=row.get("stage", ""),
            facts={"least": row["least"], "last": row["last"], "because": row.get("ended_because", "")}) for row in rows)
    return lines


def together(lines: Iterable[Line]) -> list[Line]:
    """Lines of one deed with less than an hour between them as one, with everybody who did it."""
    found: list[Line] = []
    for line in sorted(lines, key=lambda each: (each.kind, each.group, (each.facts or {}).get("because", ""), each.at)):
        before = found[-1] if found else None
        if before and (before.kind, before.group, (before.facts or {})["because"]) == (
                line.kind, line.group, (line.facts or {})["because"]) and line.at - (before.until or before.at) < AN_HOUR:
            names = dict.fromkeys([*before.name.split(NAMES), line.name])
            told, more = before.facts or {}, line.facts or {}
            found[-1] = replace(
                before, until=max(before.until or before.at, line.until or line.at), count=before.count + line.count,
                name=NAMES.join(names), facts={**told, "least": min(told["least"], more["least"]),
                                               "last": max(told["last"], more["last"])})
        else:
            found.append(line)
    return found


def _retests(actor: Actor, incident: Incident) -> list[Line]:
    """When single retests were known, those of one value in one minute together."""
    members = those_seen(actor, incident.park, Member.objects.filter(incident=incident, retest_reported_at__isnull=False))
    rows = (members.order_by().annotate(hour=TruncHour("retest_reported_at")).values("hour", "retest")
            .annotate(count=Count("pk"), first=Min("retest_reported_at"), until=Max("retest_reported_at")))
    return [Line(at=row["first"], until=row["until"], verb="retest.reported", count=row["count"], kind=row["retest"])
            for row in rows]
