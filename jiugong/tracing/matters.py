"""What needs somebody in tracing: steps of the clock that are late, holds and orders that wait for a hand, cases to be decided."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.tracing.models import Case, Incident, Step
from jiugong.tracing.queries.incidents import incidents_of
from jiugong.tracing.queries.orders import orders_of
from jiugong.tracing.queries.reach import those_seen
from jiugong.tracing.stages import CaseStage, IncidentStage, OrderStage
from jiugong.tracing.words import OrderKind, StepKind

MOST_NAMED = 3                               # late steps that are named; more are counted


def matters(actor: Actor, park: Park, at: datetime) -> Iterable[Matter]:
    """Within what the actor sees, of the incidents that are open."""
    if not actor.may_somewhere(Can.SEE_INCIDENTS, within=park):
        return
    incidents = {each.pk: each for each in incidents_of(actor, park).filter(stage=IncidentStage.OPEN)}
    if not incidents:
        return
    late = list(Step.objects.filter(incident__in=incidents, met_at=None, due_at__lt=at).select_related("owner").order_by("due_at"))
    for step in late[:MOST_NAMED]:
        found = incidents[step.incident_id]
        yield Matter(state="late", url=_url(park, found), owner=str(step.owner or ""), since=step.due_at,
                     enterprises=_where(found), text=_("Incident %(number)s: “%(step)s” is late") % {
                         "number": found.number, "step": StepKind(step.kind).label})
    if more := len(late[MOST_NAMED:]):
        yield Matter(state="late", url=reverse("incidents", args=[park.uid]), text=ngettext(
            "%(count)s more step of an incident is late", "%(count)s more steps of incidents are late", more) % {"count": more})
    yield from _waiting(actor, park, incidents)


def _waiting(actor: Actor, park: Park, incidents: dict[int, Incident]) -> Iterable[Matter]:
    """What waits for a press that the actor may make."""
    me = actor.name
    to_sign = ~Q(kind=OrderKind.HOLD) & (Q(stage=OrderStage.PROPOSED) | Q(stage=OrderStage.SEEN) & ~Q(seen_by=actor.key))
    orders = orders_of(actor, park).filter(incident__in=incidents).order_by().values_list("incident").annotate(
        holds=Count("pk", filter=Q(kind=OrderKind.HOLD, stage=OrderStage.PROPOSED)), to_sign=Count("pk", filter=to_sign))
    cases = dict(those_seen(actor, park, Case.objects.filter(incident__in=incidents, stage=CaseStage.SUSPECTED)).order_by()
                 .values_list("incident").annotate(Count("pk")))
    counted = {pk: (holds, signs) for pk, holds, signs in orders}
    for pk, found in incidents.items():
        holds, signs = counted.get(pk, (0, 0))
        url = _url(park, found)
        if holds and actor.may(Can.HOLD_PEOPLE, over=found):
            yield Matter(state="held", url=url, owner=me, since=found.told_at, enterprises=_where(found), text=ngettext(
                "Incident %(number)s: %(count)s hold waits to be confirmed",
                "Incident %(number)s: %(count)s holds wait to be confirmed", holds) % {"number": found.number, "count": holds})
        if cases.get(pk) and actor.may(Can.DECIDE_CASES, over=found):
            yield Matter(state="missing", url=url, owner=me, enterprises=_where(found), text=ngettext(
                "Incident %(number)s: %(count)s case waits for a decision",
                "Incident %(number)s: %(count)s cases wait for a decision", cases[pk]) % {
                    "number": found.number, "count": cases[pk]})
        if signs and actor.may(Can.DECIDE_ORDERS, over=found):
            yield Matter(state="missing", url=url, owner=me, enterprises=_where(found), text=ngettext(
                "Incident %(number)s: %(count)s order waits for your signature",
                "Incident %(number)s: %(count)s orders wait for your signature", signs) % {"number": found.number, "count": signs})


def _url(park: Park, incident: Incident) -> str:
    return reverse("incident", args=[park.uid, incident.number])


def _where(incident: Incident) -> tuple[int, ...]:
    unit = incident.unit
    return (unit.enterprise_id,) if unit and unit.enterprise_id else ()


