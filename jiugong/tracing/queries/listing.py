"""The list of incidents: narrowed, and with the figures of each in as many questions for one as for fifty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from jiugong.lib.acting import Actor
from jiugong.lib.sheets import tidy_name
from jiugong.registry.models import Park
from jiugong.tracing.models import Case, Contact, Incident, Member, Order, Step
from jiugong.tracing.queries.reach import those_seen
from jiugong.tracing.stages import RESTRICTS, STANDING_CASES
from jiugong.tracing.words import ContactClass, StepKind

CLOSE = ContactClass.CLOSE_CONTACT


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What an incident comes to, within what the reader sees, and how its clock stands."""

    members: int = 0
    cases: int = 0
    close: int = 0
    controlled: int = 0                  # close contacts under control
    restricted: int = 0                  # people of whom an order stands
    due_at: datetime | None = None       # the first step that is open and has a time
    controlled_at: datetime | None = None


def narrowed(rows: QuerySet[Incident], *, text: str = "", stage: str = "") -> QuerySet[Incident]:
    """Incidents by tube, unit or number, and by stage."""
    if text:
        found = Q(tube__icontains=text) | Q(unit__name__icontains=tidy_name(text))
        rows = rows.filter(found | Q(number=int(text)) if text.isdecimal() and len(text) < 10 else found)
    return rows.filter(stage=stage) if stage else rows


def figures_of(actor: Actor, park: Park, incidents: Sequence[Incident]) -> dict[int, Figures]:
    """The figures of these incidents, by number of the row."""
    pks = [each.pk for each in incidents]

    def counted(rows: QuerySet[Member] | QuerySet[Case] | QuerySet[Contact] | QuerySet[Order]) -> dict[int, int]:
        seen = those_seen(actor, park, rows.filter(incident__in=pks))
        return dict(seen.order_by().values_list("incident").annotate(Count("who", distinct=True)))

    standing = Contact.objects.filter(contact_class=CLOSE, ended_at=None)
    parts = {
        "members": counted(Member.objects.all()), "cases": counted(Case.objects.filter(stage__in=STANDING_CASES)),
        "close": counted(standing), "restricted": counted(Order.objects.filter(stage__in=RESTRICTS)),
        "controlled": counted(Order.objects.filter(contact__in=standing.values("pk"), controlled_at__isnull=False))}
    steps: dict[int, Any] = {
        row["incident"]: row for row in Step.objects.filter(incident__in=pks).order_by().values("incident").annotate(
        due_at=Min("due_at", filter=Q(met_at=None)), controlled_at=Max("met_at", filter=Q(kind=StepKind.CONTROLLED)))}
    return {pk: Figures(**{name: found.get(pk, 0) for name, found in parts.items()},
                        due_at=steps.get(pk, {}).get("due_at"), controlled_at=steps.get(pk, {}).get("controlled_at"))
            for pk in pks}
