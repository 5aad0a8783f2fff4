"""The one clock of an incident: steps begin, have a time, and are met by what is done; nothing is ticked off by hand.

After each action the clock is read again from the rows: a step is met at the moment of the last thing that it waited for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiugong.lib import days
from jiugong.policy import PolicyRefusal
from jiugong.registry.models import Person
from jiugong.rulebook.queries.releases import release_called
from jiugong.tracing.models import Case, Contact, Incident, Member, Order, Step
from jiugong.tracing.queries.rules import number_on
from jiugong.tracing.stages import STANDING_CASES, OrderStage
from jiugong.tracing.words import Authority, ContactClass, OrderKind, StepKind

GONE = (OrderStage.WITHDRAWN,)
HOUSE = "keeper"                             # what nobody presses: a laboratory's answer, a list that the machine draws up


@dataclass(frozen=True, kw_only=True)
class Due:
    """By which rule of the pack a step has its time, in which unit, and whether that is law or practice."""

    rule: str
    unit: timedelta
    authority: Authority


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DUE: dict[StepKind, Due] = {
    StepKind.HELD: Due(rule="clock.hold_minutes", unit=MINUTE, authority=Authority.PRACTICE),
    StepKind.RETESTED: Due(rule="clock.retest_hours", unit=HOUR, authority=Authority.PRACTICE),
    StepKind.REPORTED: Due(rule="clock.report_case_hours", unit=HOUR, authority=Authority.LAW),
    StepKind.CORE_FACTS: Due(rule="clock.core_information_hours", unit=HOUR, authority=Authority.PRACTICE),
    StepKind.CONTROLLED: Due(rule="clock.contacts_controlled_minutes", unit=MINUTE, authority=Authority.PRACTICE),
    StepKind.INVESTIGATED: Due(rule="clock.investigation_hours", unit=HOUR, authority=Authority.PRACTICE),
}


@dataclass(frozen=True, kw_only=True)
class Met:
    """When a step began, when it was met (None: not yet) and by whom. `began` None: it has not begun."""

    began: datetime | None
    met: datetime | None = None
    by: str = ""
    name: str = ""


def settle_clock(incident: Incident, owner: Person | None = None) -> None:
    """Read an incident's clock again from what was done."""
    found = _read(incident)
    steps = {step.kind: step for step in Step.objects.filter(incident=incident)}
    in_hand = owner.pk if owner else next((step.owner_id for step in steps.values() if step.owner_id), None)
    for kind, told in found.items():
        if told.began is None:
            continue
        step = steps.get(kind)
        if step is None:
            due_at, authority, rule = _due(incident, kind, told.began)
            Step.objects.create(incident=incident, kind=kind, started_at=told.began, due_at=due_at, authority=authority, rule=rule,
                                met_at=told.met, met_by=told.by, met_by_name=told.name, owner_id=in_hand)
        elif (step.started_at, step.met_at, step.met_by) != (told.began, told.met, told.by):
            if step.started_at != told.began:
                step.due_at, step.authority, step.rule = _due(incident, kind, told.began)
            step.started_at, step.met_at, step.met_by, step.met_by_name = told.began, told.met, told.by, told.name
            step.save(update_fields=["started_at", "due_at", "authority", "rule", "met_at", "met_by", "met_by_name"])


def mark(incident: Incident, kind: StepKind, *, at: datetime, by: str, name: str) -> None:
    """Say that a step which only a paper shows was met: a report was sent, the core facts are known."""
    Step.objects.update_or_create(incident=incident, kind=kind, defaults={"met_at": at, "met_by": by, "met_by_name": name},
                                  create_defaults={"started_at": incident.told_at, "met_at": at, "met_by": by, "met_by_name": name})


def _read(incident: Incident) -> dict[StepKind, Met]:
    members = list(Member.objects.filter(incident=incident))
    cases = list(Case.objects.filter(incident=incident).order_by("opened_at"))
    orders = list(Order.objects.filter(incident=incident))
    holds = [order for order in orders if order.kind == OrderKind.HOLD and order.stage not in GONE]
    close = list(Contact.objects.filter(incident=incident, contact_class=ContactClass.CLOSE_CONTACT, ended_at=None))
    mine = {order.contact_id: order for order in orders
            if order.contact_id and order.kind == OrderKind.CLOSE_CONTACT and order.stage not in GONE}
    theirs = [mine.get(contact.pk) for contact in close]
    case_at = cases[0].opened_at if cases else None
    listed = [contact.listed_at for contact in close]
    kept = {step.kind: step for step in Step.objects.filter(incident=incident, met_at__isnull=False)}
    told = incident.told_at
    decided = _all(case_at, [(case.decided_at, case.decided_by, case.decided_by_name) for case in cases])
    standing = any(case.stage in STANDING_CASES for case in cases)
    return {
        StepKind.TOLD: Met(began=told, met=told, by=incident.opened_by),
        StepKind.HELD: _all(told if holds else None, [(each.controlled_at or each.ended_at, each.controlled_by or each.ended_by,
                                                       each.controlled_by_name or each.ended_by_name) for each in holds]),
        StepKind.RETESTED: _all(told if members else None, [(each.retest_reported_at, HOUSE, HOUSE) for each in members]),
        StepKind.DECIDED: decided,
        StepKind.TRACED: _all(case_at, [(each, HOUSE, HOUSE) for each in listed]),
        StepKind.REPORTED: _kept(kept, StepKind.REPORTED, told),
        StepKind.CORE_FACTS: _kept(kept, StepKind.CORE_FACTS, case_at if standing else None),
        StepKind.ORDERED: _of(theirs, max(listed) if listed else None, "ordered"),
        StepKind.INFORMED: _of(theirs, max(listed) if listed else None, "informed"),
        StepKind.CONTROLLED: _of(theirs, told if close else None, "controlled"),
        StepKind.INVESTIGATED: _kept(kept, StepKind.INVESTIGATED, told if standing else None),
    }


def _of(orders: Iterable[Order | None], began: datetime | None, what: str) -> Met:
    """A step that every contact's order must have passed."""
    return _all(began, [(getattr(order, f"{what}_at"), getattr(order, f"{what}_by"), getattr(order, f"{what}_by_name"))
                        if order else (None, "", "") for order in orders])


def _all(began: datetime | None, done: Iterable[tuple[datetime | None, str, str]]) -> Met:
    """Met when the last of them was done; not before each was."""
    if began is None:
        return Met(began=None)
    rows = list(done)
    if not rows or any(at is None for at, _by, _name in rows):
        return Met(began=began)
    at, by, name = max(rows, key=lambda row: row[0])                                       # type: ignore[arg-type, return-value]
    return Met(began=began, met=at, by=by, name=name)


def _kept(kept: dict[str, Step], kind: StepKind, began: datetime | None) -> Met:
    step = kept.get(kind)
    return Met(began=began, met=step.met_at, by=step.met_by, name=step.met_by_name) if step else Met(began=began)


def _due(incident: Incident, kind: StepKind, began: datetime) -> tuple[Any, str, str]:
    """When a step is due and by which rule; nothing where no pack gives a time."""
    due = DUE.get(kind)
    if due is None or not incident.release:
        return None, "", ""
    try:
        count = number_on(incident.park, release_called(incident.release), due.rule, days.day_of(began, incident.park.zone))
    except PolicyRefusal:
        count = None
    return (began + count * due.unit, due.authority.value, due.rule) if count is not None else (None, "", "")
