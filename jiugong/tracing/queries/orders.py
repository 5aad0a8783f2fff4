"""Orders: who is restricted by which, how far each is in the chain, until when, and which are late."""

from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.people import search_people
from jiugong.tracing.models import Incident, Order, Step
from jiugong.tracing.queries.reach import sees_whole, those_seen
from jiugong.tracing.stages import ENDS, RESTRICTS, OrderStage
from jiugong.tracing.words import OrderKind, StepKind

HOLD = Q(kind=OrderKind.HOLD)
# how far somebody is in the chain, as the page of an incident counts it
GROUPS: dict[str, Q] = {
    "proposed": Q(stage__in=(OrderStage.PROPOSED, OrderStage.SEEN)),
    "held": HOLD & Q(stage__in=RESTRICTS),
    "ordered": ~HOLD & Q(stage=OrderStage.ORDERED),
    "informed": ~HOLD & Q(stage=OrderStage.INFORMED),
    "transfer": ~HOLD & Q(stage__in=(OrderStage.SENT, OrderStage.RECEIVED)),
    "controlled": ~HOLD & Q(stage=OrderStage.CONTROLLED),
    "released": Q(stage__in=(OrderStage.RELEASED, OrderStage.LAPSED)),
    "withdrawn": Q(stage=OrderStage.WITHDRAWN),
}
STANDING = ("proposed", "held", "ordered", "informed", "transfer", "controlled")


def orders_of(actor: Actor, park: Park, *, incident: Incident | None = None) -> QuerySet[Order]:
    """The orders over people whom the actor sees; a drill's only when it is asked for by its incident. Raises NotAllowed."""
    actor.must_somewhere(Can.SEE_INCIDENTS, within=park)
    rows = Order.objects.filter(park=park)
    rows = rows.filter(incident=incident) if incident else rows.filter(incident__drill=None)
    return those_seen(actor, park, rows)


def order_for(actor: Actor, park: Park, uid: UUID) -> Order:
    """The only door from an id in a URL to an order. Raises NotHere."""
    rows = Order.objects.filter(park=park, uid=uid)
    found = those_seen(actor, park, rows).select_related(
        "park", "incident__park", "incident__drill", "who__person__park", "contact__case__who__person", "case").first() \
        if actor.may_somewhere(Can.SEE_INCIDENTS, within=park) else None
    if found is None:
        raise NotHere()
    return found


def in_groups(rows: QuerySet[Order]) -> dict[str, int]:
    """How many of these orders stand in each group; every order stands in exactly one."""
    counted = rows.order_by().aggregate(**{name: Count("pk", filter=which) for name, which in GROUPS.items()})
    return {name: counted[name] for name in GROUPS}


def with_lateness(rows: QuerySet[Order], at: datetime) -> QuerySet[Order]:
    """Each order with when it must be carried out, and whether that, or its end, has passed; late ones first."""
    steps = Step.objects.filter(incident=OuterRef("incident")).values("due_at")
    due = Case(When(HOLD, then=Subquery(steps.filter(kind=StepKind.HELD)[:1])),
               default=Subquery(steps.filter(kind=StepKind.CONTROLLED)[:1]))
    open_still = ~Q(stage__in=ENDS)
    late = open_still & (Q(must_by__lt=at, controlled_at=None) | Q(until__lt=at))
    return rows.annotate(must_by=due).annotate(is_late=Case(When(late, then=Value(True)), default=Value(False),
                                                            output_field=BooleanField())).order_by(
        "-is_late", Case(When(open_still, then=Value(0)), default=Value(1)), F("until").asc(), "number")


def narrowed_orders(rows: QuerySet[Order], actor: Actor, park: Park, *, group: str = "", kind: str = "", number: str = "",
                    text: str = "", late: bool = False) -> QuerySet[Order]:
    """Orders by how far they are, kind, incident, and by a person's name or whole number, or an order's number."""
    if group == "standing":
        rows = rows.exclude(stage__in=ENDS)
    elif group:
        rows = rows.filter(GROUPS[group])
    if kind:
        rows = rows.filter(kind=kind)
    if number.isdecimal() and len(number) < 10:
        rows = rows.filter(incident__number=int(number))
    if text:
        found = Q(who__person__in=search_people(actor, park, text).values("pk"))
        if sees_whole(actor, park):
            found |= Q(who__person__name__icontains=text)
        if text.isdecimal() and len(text) < 10:
            found |= Q(number=int(text))
        rows = rows.filter(found)
    return rows.filter(Q(("is_late", True))) if late else rows
