"""Incidents with their clock, their people and how far each is in the chain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.tracing.errors import NoIncident
from jiugong.tracing.models import Case, Contact, Incident, Order, Step
from jiugong.tracing.queries.reach import incidents_seen
from jiugong.tracing.words import ContactClass, StepKind

EARLIES = ("prevented", "found", "reported", "isolated", "treated")


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One step of the clock as it is read: whether it is late at a moment."""

    step: Step
    at: datetime

    @property
    def is_late(self) -> bool:
        return bool(self.step.due_at and (self.step.met_at or self.at) > self.step.due_at)


def incidents_of(actor: Actor, park: Park, *, drills: bool = False) -> QuerySet[Incident]:
    """The incidents of a park, the latest first. Raises NotAllowed."""
    actor.must_somewhere(Can.SEE_INCIDENTS, within=park)
    rows = Incident.objects.filter(park=park, drill__isnull=not drills).select_related("park", "unit", "drill")
    return incidents_seen(actor, park, rows).order_by("-told_at", "-number")


def incident_for(actor: Actor, park: Park, number: int) -> Incident:
    """The only door from a number in a URL to an Incident. Raises NotHere."""
    rows = Incident.objects.filter(park=park, number=number).select_related("park", "unit", "drill")
    found = incidents_seen(actor, park, rows).first() if actor.may_somewhere(Can.SEE_INCIDENTS, within=park) else None
    if found is None:
        raise NotHere()
    return found


def latest_incident(actor: Actor, park: Park) -> Incident:
    """The incident that was told last. Raises NoIncident, NotAllowed."""
    found = incidents_of(actor, park).first()
    if found is None:
        raise NoIncident()
    return found


def clock_of(incident: Incident) -> list[Tick]:
    """The steps of an incident in their order."""
    order, now = list(StepKind), clock.now()
    steps = Step.objects.filter(incident=incident).select_related("owner", "incident__park")
    return [Tick(step=step, at=now) for step in sorted(steps, key=lambda each: order.index(StepKind(each.kind)))]


def standing_contacts(incident: Incident) -> QuerySet[Contact]:
    """Everybody who is a contact in an incident and has not been taken from the list."""
    return Contact.objects.filter(incident=incident, ended_at=None)


def close_contacts(incident: Incident) -> QuerySet[Contact]:
    return standing_contacts(incident).filter(contact_class=ContactClass.CLOSE_CONTACT)


def controlled_at(incident: Incident) -> datetime | None:
    """When the last close contact was under control; None while somebody is not."""
    step = Step.objects.filter(incident=incident, kind=StepKind.CONTROLLED).first()
    return step.met_at if step else None


def intervals_of(incident: Incident) -> dict[str, tuple[datetime | None, datetime | None]]:
    """The five earlies (五早) of an incident: from when to when each was measured."""
    cases = list(Case.objects.filter(incident=incident).order_by("opened_at"))
    case = cases[0] if cases else None
    steps = {step.kind: step for step in Step.objects.filter(incident=incident)}
    member = incident.members.filter(who=case.who_id).first() if case else None
    handed = (Order.objects.filter(incident=incident, who=case.who_id, sent_at__isnull=False).order_by("sent_at").first()
              if case else None)
    reported = steps.get(StepKind.REPORTED)
    return {
        "prevented": (member.last_negative_at if member else None, case.sampled_at if case else None),
        "found": (case.sampled_at if case else incident.sampled_at, incident.told_at),
        "reported": (incident.told_at, reported.met_at if reported else None),
        "isolated": (incident.told_at, controlled_at(incident)),
        "treated": (case.decided_at if case else None, handed.sent_at if handed else None),
    }


def minutes_to_control(incident: Incident) -> int | None:
    """Whole minutes from being told until the last close contact was under control."""
    met = controlled_at(incident)
    return int((met - incident.told_at).total_seconds() // 60) if met else None


def as_data(incident: Incident) -> dict[str, Any]:
    """An incident as clients read it: its clock and its counts, nobody's name."""
    ticks = clock_of(incident)
    orders = Order.objects.filter(incident=incident)
    stages: dict[str, int] = {}
    for stage in orders.values_list("stage", flat=True):
        stages[stage] = stages.get(stage, 0) + 1
    return {
        "incident": incident.number, "stage": incident.stage, "tube": incident.tube, "told_at": incident.told_at,
        "release": incident.release, "drill": incident.drill_id is not None,
        "members": incident.members.count(), "cases": Case.objects.filter(incident=incident).count(),
        "close_contacts": close_contacts(incident).count(), "orders": stages, "minutes_to_control": minutes_to_control(incident),
        "steps": [{"step": tick.step.kind, "started": tick.step.started_at, "due": tick.step.due_at, "met": tick.step.met_at,
                   "by": tick.step.met_by_name or tick.step.met_by or None,
                   "owner": str(tick.step.owner) if tick.step.owner else None, "authority": tick.step.authority or None,
                   "rule": tick.step.rule or None, "late": tick.is_late} for tick in ticks],
    }
