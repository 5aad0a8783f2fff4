"""Incidents for programs: the list, the clock, the contacts with every ground, and what is done. Everything may be sent twice.

An incident is named by its number in the park. Moments without an offset are the park's; absent is now, never after arrival.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock, days, secrets
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.registry.models import Park, Person, id_index
from jiugong.registry.queries.doors import park_meant, person_for
from jiugong.tracing.actions.bulk import Bulk, decide_all, inform_all, settle_all
from jiugong.tracing.actions.cases import decide_case, list_contacts
from jiugong.tracing.actions.contacts import add_contact, must_say_why, strike_contact
from jiugong.tracing.actions.incidents import close_incident
from jiugong.tracing.actions.marking import mark_step, tell_when
from jiugong.tracing.actions.orders import confirm_holds
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.contact_faces import contact_rows
from jiugong.tracing.errors import CaseMoved, MomentUnclear, PersonUnknown, StepNotMarked
from jiugong.tracing.models import Case, Contact, Incident
from jiugong.tracing.queries.chain import chain_of
from jiugong.tracing.queries.contacts import (
    case_for,
    contact_for,
    contacts_of,
    for_page,
    grounds_of,
    narrowed_contacts,
    ranked,
)
from jiugong.tracing.queries.incidents import clock_of, incident_for, incidents_of
from jiugong.tracing.queries.listing import figures_of, narrowed
from jiugong.tracing.stages import CaseStage, IncidentStage
from jiugong.tracing.words import CaseStageWord, ContactClass, OrderKind, StepKind

MOST = 500

router = Router(tags=["tracing"])


class ParkIn(Schema):
    park: str = ""


class MomentIn(ParkIn):
    at: str = Field("", description="ISO moment; absent is now.")


class WhyIn(ParkIn):
    reason: str


class DecideIn(WhyIn):
    stage: str = Field(description="confirmed, ruled_out, contaminated or recovered.")


class ContactIn(WhyIn):
    person: str = Field("", description="Id of somebody whom the park knows; or his number in `id_number`.")
    id_number: str = ""
    contact_class: str = "close_contact"
    since: str
    until: str
    place: str = ""


class ManyIn(MomentIn):
    kind: str = Field("", description="Only orders of this kind; empty: all but holds.")
    place: str = ""


@router.get("/incidents", summary="The incidents in which you see somebody, the latest first")
def get_incidents(request: HttpRequest, park: str = "", stage: str = "", q: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    known = stage if stage in [each.value for each in IncidentStage] else ""
    listed = list(narrowed(incidents_of(actor, here), text=q.replace("\0", ""), stage=known)[:MOST])
    figures = figures_of(actor, here, listed)
    return {"incidents": [{**_heading(each), **vars(figures[each.pk])} for each in listed]}


@router.get("/incidents/{number}", summary="An incident with its clock, its cases and how far each order is")
def get_incident(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    return _told(*_asked(request, park, number))


@router.get("/incidents/{number}/clock", summary="The clock: each step with begun, due, met, by whom, law or practice")
def get_clock(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    _actor, _here, found = _asked(request, park, number)
    return {**_heading(found), "steps": _steps(found)}


@router.get("/incidents/{number}/contacts", summary="The contacts, ranked, each with every ground; numbers are masked")
def get_contacts(request: HttpRequest, number: int, park: str = "", page: int = 1, contact_class: str = "",
                 ground: str = "") -> dict[str, Any]:
    actor, here, found = _asked(request, park, number)
    rows = narrowed_contacts(contacts_of(actor, found), actor, here, ground=ground.replace("\0", "")[:60],
                             contact_class=contact_class if contact_class in ContactClass.values else "")
    first = (min(max(page, 1), 10_000) - 1) * MOST
    numbers = ranked(rows, grounds_of(actor, found))
    listed = for_page(numbers[first:first + MOST])
    looked(actor=actor, park_id=here.pk, fields=("list",), reason="opened a list of contacts", at=clock.now(), person_ids={
        each.who.person_id for each in listed if each.who.person_id})
    return {"count": len(numbers), "contacts": [_contact(row, each) for row, each in zip(
        contact_rows(listed, found, actor), listed, strict=True)]}


@router.post("/incidents/{number}/told", summary="Say when the park was really told, before a case is listed")
def post_told(request: HttpRequest, number: int, sent: MomentIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, number)
    tell_when(found, moment_in(sent.at, here) or clock.now(), actor=actor)
    return _told(actor, here, found)


@router.post("/incidents/{number}/hold", summary="Confirm every proposed hold; confirmed already, nothing changes")
def post_hold(request: HttpRequest, number: int, sent: MomentIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, number)
    confirm_holds(found, actor=actor, at=moment_in(sent.at, here))
    return _told(actor, here, found)


@router.post("/incidents/{number}/steps/{step}", summary="Say that a report was sent, core facts known, an investigation written")
def post_step(request: HttpRequest, number: int, step: str, sent: MomentIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, number)
    if step not in StepKind.values:
        actor.must(Can.DECIDE_CASES, over=found)
        raise StepNotMarked(step=step)
    mark_step(found, StepKind(step), actor=actor, at=moment_in(sent.at, here))
    return _told(actor, here, found)


@router.post("/incidents/{number}/close", summary="Close an incident of which nobody is restricted any more")
def post_close(request: HttpRequest, number: int, sent: WhyIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, number)
    close_incident(found, reason=sent.reason, actor=actor)
    return _told(actor, here, found)


@router.post("/incidents/{number}/cases/{case}/decide", summary="Decide a case with the reason; the same again changes nothing")
def post_decide(request: HttpRequest, number: int, case: int, sent: DecideIn) -> dict[str, Any]:
    actor, here, found, one = _case(request, sent.park, number, case)
    actor.must(Can.DECIDE_CASES, over=one)
    if sent.stage not in [each.value for each in CaseStage if each is not CaseStage.SUSPECTED]:
        raise CaseMoved(stage=str(CaseStageWord(one.stage).label))
    decide_case(one, CaseStage(sent.stage), reason=must_say_why(sent.reason), actor=actor)
    return _told(actor, here, found)


@router.post("/incidents/{number}/cases/{case}/again", summary="List again whom a case met, with what came in since")
def post_again(request: HttpRequest, number: int, case: int, sent: WhyIn) -> dict[str, Any]:
    actor, here, found, one = _case(request, sent.park, number, case)
    actor.must(Can.TRACE_CONTACTS, over=one)
    traced = list_contacts(one, reason=must_say_why(sent.reason), actor=actor)
    return {**_told(actor, here, found), "found": traced.trace.found, "milliseconds": traced.trace.milliseconds}


@router.post("/incidents/{number}/cases/{case}/contacts", summary="Add somebody as a contact by judgment, with the reason")
def post_contact(request: HttpRequest, number: int, case: int, sent: ContactIn) -> dict[str, Any]:
    actor, here, found, one = _case(request, sent.park, number, case)
    actor.must(Can.TRACE_CONTACTS, over=one)
    known = ContactClass(sent.contact_class) if sent.contact_class in ContactClass.values else ContactClass.CLOSE_CONTACT
    added = add_contact(one, pseudonym_of(_person(actor, here, sent)), contact_class=known, place=sent.place, reason=sent.reason,
                        since=_moment(sent.since, here), until=_moment(sent.until, here), actor=actor)
    return _one(actor, found, added)


@router.post("/incidents/{number}/contacts/{contact}/strike", summary="Strike somebody from the list, with the reason")
def post_strike(request: HttpRequest, number: int, contact: int, sent: WhyIn) -> dict[str, Any]:
    actor, _here, found = _asked(request, sent.park, number)
    one = contact_for(actor, found, contact)
    return _one(actor, found, strike_contact(one, reason=sent.reason, actor=actor))


@router.post("/incidents/{number}/orders/sign", summary="Sign every proposal: as the first of two, or as the second")
def post_sign_all(request: HttpRequest, number: int, sent: ManyIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, number)
    return _many(actor, here, found, decide_all(found, actor=actor, kind=_kind(sent), at=moment_in(sent.at, here)))


@router.post("/incidents/{number}/orders/inform", summary="Say that everybody whose order is decided was told of it")
def post_inform_all(request: HttpRequest, number: int, sent: ManyIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, number)
    return _many(actor, here, found, inform_all(found, actor=actor, kind=_kind(sent), at=moment_in(sent.at, here)))


@router.post("/incidents/{number}/orders/settle", summary="Say that everybody is where he is to stay")
def post_settle_all(request: HttpRequest, number: int, sent: ManyIn) -> dict[str, Any]:
    actor, here, found = _asked(request, sent.park, number)
    done = settle_all(found, actor=actor, kind=_kind(sent), place=sent.place, at=moment_in(sent.at, here))
    return _many(actor, here, found, done)


# ----------------------------------------------------------------------------------------------------------------------

def _asked(request: HttpRequest, park: str, number: int) -> tuple[Actor, Park, Incident]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    return actor, here, incident_for(actor, here, number)


def _case(request: HttpRequest, park: str, number: int, case: int) -> tuple[Actor, Park, Incident, Case]:
    actor, here, found = _asked(request, park, number)
    return actor, here, found, case_for(actor, found, case)


def _person(actor: Actor, park: Park, sent: ContactIn) -> Person:
    """Somebody by his id, or by his number. Raises PersonUnknown."""
    if sent.person:
        found: Person | None = person_for(actor, sent.person)
    else:
        number = folded(sent.id_number).lstrip("'").upper()
        found = Person.objects.filter(park=park, id_index=id_index(park, number, secrets.ring())).first()
    if found is None or found.park_id != park.pk:
        raise PersonUnknown()
    return found


def _kind(sent: ManyIn) -> str:
    return sent.kind if sent.kind in OrderKind.values else ""


def _moment(text: str, park: Park) -> datetime:
    """The moment that a program means. Raises MomentUnclear."""
    try:
        read = days.moment(text, park.zone)
        days.day_of(read, park.zone)
        return read
    except (ValueError, OverflowError):
        raise MomentUnclear(text=text[:40]) from None


def moment_in(text: str, park: Park) -> datetime | None:
    return _moment(text, park) if text else None


def _heading(incident: Incident) -> dict[str, Any]:
    return {"incident": incident.number, "stage": incident.stage, "tube": incident.tube, "unit": str(incident.unit or ""),
            "told_at": incident.told_at, "release": incident.release, "drill": incident.drill_id is not None,
            "closed_at": incident.closed_at, "closed_because": incident.closed_because}


def _steps(incident: Incident) -> list[dict[str, Any]]:
    return [{"step": tick.step.kind, "started": tick.step.started_at, "due": tick.step.due_at, "met": tick.step.met_at,
             "by": tick.step.met_by_name or tick.step.met_by or None, "owner": str(tick.step.owner) if tick.step.owner else None,
             "authority": tick.step.authority or None, "rule": tick.step.rule or None, "late": tick.is_late}
            for tick in clock_of(incident)]


def _told(actor: Actor, park: Park, incident: Incident) -> dict[str, Any]:
    """An incident as it stands now, within what the actor sees."""
    found = incident_for(actor, park, incident.number)
    chain = chain_of(actor, found)
    return {**_heading(found), "steps": _steps(found), "orders": chain.groups, "contacts": chain.classes,
            "members": [{"position": each.position, "retest": each.retest or None, "retested_at": each.retest_reported_at}
                        for each in chain.members],
            "cases": [{"case": each.pk, "stage": each.stage, "since": each.since, "until": each.until,
                       "window_because": each.window_because, "grounds": dict(chain.grounds.get(each.pk, []))}
                      for each in chain.cases]}


def _contact(row: dict[str, Any], contact: Contact) -> dict[str, Any]:
    person: UUID | None = contact.who.person.uid if contact.who.person and row["person_url"] else None
    return {"contact": contact.pk, "person": person, "name": row["name"], "masked_id": row["number"],
            "class": contact.contact_class, "case": contact.case_id, "through": contact.through_id,
            "first_at": contact.first_at, "last_at": contact.last_at,
            "ended_because": row["ended"] or None, "order": row["order"]["number"] if row["order"] else None,
            "grounds": [{"ground": each.ground, "rule": each.rule, "release": each.release, "place": str(each.spot or ""),
                         "since": each.since, "until": each.until, "source": each.source, "assumed": each.assumed,
                         "reason": each.reason} for each in contact.grounds.all()]}


def _one(actor: Actor, incident: Incident, contact: Contact) -> dict[str, Any]:
    listed = for_page([contact.pk])
    return _contact(contact_rows(listed, incident, actor)[0], listed[0])


def _many(actor: Actor, park: Park, incident: Incident, done: Bulk) -> dict[str, Any]:
    return {**_told(actor, park, incident), "seen": len(done.seen), "done": len(done.done), "left": len(done.left)}
