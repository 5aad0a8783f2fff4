"""Contacts by people's judgment: somebody is added with a reason, or struck from the list with one."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.policy import PolicyRefusal
from jiugong.tracing.actions.cases import release_of
from jiugong.tracing.actions.clocking import settle_clock
from jiugong.tracing.actions.incidents import must_be_open
from jiugong.tracing.actions.orders import end_order, over
from jiugong.tracing.actions.presence_files import spots_of
from jiugong.tracing.actions.proposing import propose_for_contacts
from jiugong.tracing.errors import (
    CaseMoved,
    ContactIsCase,
    ContactOrdered,
    NoExposures,
    NothingAdopted,
    ReasonMissing,
    WindowOutOfOrder,
)
from jiugong.tracing.models import Case, Contact, Ground, Order, Pseudonym
from jiugong.tracing.queries.rules import grounds_on
from jiugong.tracing.stages import ENDS, RESTRICTS, STANDING_CASES
from jiugong.tracing.words import CaseStageWord, ContactClass, Source, SpotKind

LONGEST_REASON = 300
MANUAL = "manual"
JUDGED = "contacts.grounds.judged_by_investigators"      # the national ground that lets investigators judge


@transaction.atomic
def add_contact(case: Case, who: Pseudonym, *, contact_class: ContactClass, since: datetime, until: datetime, reason: str,
                actor: Actor, place: str = "") -> Contact:
    """Add somebody as a contact by judgment, with the reason; who is one already gets one ground more. Again, nothing changes.

    Raises ReasonMissing, WindowOutOfOrder, ContactIsCase, CaseMoved, IncidentClosed.
    """
    incident = case.incident
    actor.must(Can.TRACE_CONTACTS, over=incident)
    reason = must_say_why(reason)
    incident.park.one_at_a_time()                                     # orders are numbered
    case = Case.objects.select_for_update(of=("self",)).select_related("incident__park").get(pk=case.pk)
    must_be_open(case.incident)
    if case.stage not in STANDING_CASES:
        raise CaseMoved(stage=str(CaseStageWord(case.stage).label))
    if who.pk == case.who_id:
        raise ContactIsCase()
    now = clock.now()
    if until < since or since > now:
        raise WindowOutOfOrder(since=days.local(since, incident.park.zone), until=days.local(until, incident.park.zone))
    contact = Contact.objects.filter(case=case, who=who).first()
    if contact and contact.ended_at is None and contact.grounds.filter(ground=MANUAL, since=since, reason=reason).exists():
        return contact
    contact = _kept(contact or Contact(incident=case.incident, case=case, who=who, listed_at=now), contact_class, since, until)
    _ground(contact, since, until, place, reason, actor)
    _propose(contact, now, actor)
    settle_clock(case.incident)

    note("contact.added", actor=actor, at=now, park_id=incident.park_id, subject=f"contact:{contact.pk}",
         kind=contact_class.value, reason=reason)
    return contact


@transaction.atomic
def strike_contact(contact: Contact, *, reason: str, actor: Actor) -> Contact:
    """Take somebody from the list, with the reason: he stays on record and a later tracing does not list him again.

    A proposal that rests on it is taken back; an order that stands is withdrawn first, by who may. Raises ReasonMissing,
    ContactOrdered.
    """
    actor.must(Can.TRACE_CONTACTS, over=contact)
    reason = must_say_why(reason)
    contact = Contact.objects.select_for_update(of=("self",)).select_related("incident__park").get(pk=contact.pk)
    if contact.ended_at:
        return contact
    orders = list(Order.objects.select_for_update(of=("self",)).filter(contact=contact).exclude(stage__in=ENDS))
    standing = next((order for order in orders if order.stage in RESTRICTS), None)
    if standing:
        raise ContactOrdered(order=standing.number)
    now = clock.now()
    contact.ended_at, contact.ended_because = now, reason
    contact.save(update_fields=["ended_at", "ended_because"])
    for order in orders:
        end_order(order, over(order), because=reason, at=now, actor=actor)
    settle_clock(contact.incident)

    note("contact.struck", actor=actor, at=now, park_id=contact.incident.park_id, subject=f"contact:{contact.pk}", reason=reason)
    return contact


def must_say_why(reason: str) -> str:
    """The reason, tidied. Raises ReasonMissing."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing(most=LONGEST_REASON)
    return reason


def _kept(contact: Contact, contact_class: ContactClass, since: datetime, until: datetime) -> Contact:
    """A contact with one meeting more; judgment may raise somebody to a closer class, and says so with its ground."""
    order = list(ContactClass)
    now_in = ContactClass(contact.contact_class) if contact.pk and contact.ended_at is None else None
    contact.contact_class = min(filter(None, (now_in, contact_class)), key=order.index)
    contact.first_at = min(since, contact.first_at or since)
    contact.last_at = max(until, contact.last_at or until)
    contact.ended_at, contact.ended_because = None, ""
    contact.save()
    return contact


def _ground(contact: Contact, since: datetime, until: datetime, place: str, reason: str, actor: Actor) -> None:
    park, name = contact.incident.park, place.strip()[:120]
    spots = spots_of(park, {(SpotKind.VENUE.value, name)})[0] if name else {}
    Ground.objects.create(contact=contact, ground=MANUAL, rule=JUDGED, release=contact.incident.release, since=since, until=until,
                          spot=spots.get((SpotKind.VENUE.value, name)), source=Source.RECALL, reason=reason, added_by=actor.key,
                          added_by_name=actor.name)


def _propose(contact: Contact, at: datetime, actor: Actor) -> None:
    """Where a pack controls this class, an order is proposed; where none holds, people see that none does."""
    incident = contact.incident
    with suppress(NothingAdopted, NoExposures, PolicyRefusal):
        grounds = grounds_on(incident.park, release_of(incident), days.day_of(contact.last_at, incident.park.zone))
        propose_for_contacts(incident, [contact], grounds, at=at, actor=actor)
