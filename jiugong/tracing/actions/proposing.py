"""Proposing orders: who is a contact by a pack's rule, and what that pack controls, becomes a proposal for people to decide."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.policy import Period, PolicyRefusal
from jiugong.rulebook.queries.releases import release_called
from jiugong.tracing.actions.numbering import next_number
from jiugong.tracing.models import Case, Contact, Incident, Order, Pseudonym
from jiugong.tracing.queries.rules import Grounds
from jiugong.tracing.stages import ENDS
from jiugong.tracing.words import ContactClass, OrderKind

ORDERED_BY_TWO = {ContactClass.CLOSE_CONTACT: OrderKind.CLOSE_CONTACT,
                  ContactClass.CONTACT_OF_CONTACT: OrderKind.CONTACT_OF_CONTACT}


def propose_for_contacts(incident: Incident, contacts: Sequence[Contact], grounds: Grounds, *, at: datetime, actor: Actor) -> int:
    """Propose an order for each contact whom the pack controls and who has none that stands, or only a weaker one."""
    standing = {(who, kind) for who, kind in Order.objects.filter(
        park=incident.park, kind__in=ORDERED_BY_TWO.values(), incident__drill=incident.drill).exclude(stage__in=ENDS).values_list(
            "who_id", "kind")}
    first, new = next_number(incident.park), list[Order]()
    told_of = {contact.pk: sorted({ground.ground for ground in contact.grounds.all()}) for contact in _with_grounds(contacts)}
    for contact in contacts:
        kind = ORDERED_BY_TWO.get(ContactClass(contact.contact_class))
        if kind is None or {(contact.who_id, kind), (contact.who_id, OrderKind.CLOSE_CONTACT)} & standing:
            continue
        last_exposed_on = days.day_of(contact.last_at, incident.park.zone)
        periods = periods_of(grounds.release.key, kind, last_exposed_on, on=days.day_of(at, incident.park.zone))
        if periods:
            new.append(_proposed(incident, contact.who, kind, first + len(new), periods, grounds.release.key, at, actor,
                                 reason="contact_of_case", contact=contact,
                                 evidence={"grounds": told_of[contact.pk], "last_exposed_on": str(last_exposed_on),
                                           "incident": incident.number}))
    Order.objects.bulk_create(new, batch_size=500)
    return len(new)


def propose_isolation(case: Case, *, at: datetime, actor: Actor) -> Order | None:
    """Propose the isolation of a case, where the pack says how a case is kept; treatment is the hospital's matter."""
    incident = case.incident
    before = Order.objects.filter(case=case, kind=OrderKind.INFECTED).exclude(stage__in=ENDS).first()
    if before:
        return before
    zone = incident.park.zone
    day, on = days.day_of(case.sampled_at, zone), days.day_of(at, zone)
    periods = periods_of(incident.release, OrderKind.INFECTED, day, on=on) if incident.release else ()
    if not periods:
        return None
    order = _proposed(incident, case.who, OrderKind.INFECTED, next_number(incident.park), periods, incident.release, at, actor,
                      reason="confirmed_case", case=case,
                      evidence={"incident": incident.number, "sampled_at": str(case.sampled_at)})
    order.save()
    return order


def periods_of(release: str, kind: OrderKind, counted_from: date, *, on: date) -> tuple[Period, ...]:
    """The phases of a kind of order by the text of a day; none where the text has no such rule, or has abolished it."""
    try:
        return release_called(release).periods(kind.value, on, counted_from=counted_from)
    except PolicyRefusal:
        return ()


def _proposed(incident: Incident, who: Pseudonym, kind: OrderKind, number: int, periods: Sequence[Period], release: str,
              at: datetime, actor: Actor, *, reason: str, evidence: dict[str, Any], contact: Contact | None = None,
              case: Case | None = None) -> Order:
    until = days.bounds(periods[-1].last_day, incident.park.zone)[1]
    return Order(park=incident.park, incident=incident, contact=contact, case=case, number=number, who=who, kind=kind,
                 release=release, rule=f"control.{kind.value}", reason=reason, evidence=evidence, phases=phases_as_data(periods),
                 since=at, until=max(until, at + timedelta(minutes=1)), proposed_at=at, proposed_by=actor.key,
                 proposed_by_name=actor.name)


def phases_as_data(periods: Iterable[Period]) -> list[dict[str, Any]]:
    return [{"mode": each.mode, "first_day": str(each.first_day), "last_day": str(each.last_day),
             "tests_on": [str(day) for day in each.tests_on]} for each in periods]


def _with_grounds(contacts: Sequence[Contact]) -> QuerySet[Contact]:
    return Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).prefetch_related("grounds")
