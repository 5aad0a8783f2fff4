"""Opening an incident for a positive tube, hearing of its retests, correcting and closing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, Unit
from jiugong.registry.queries.charges import answering_for_unit
from jiugong.rulebook.queries.releases import release_on
from jiugong.tracing.actions.clocking import settle_clock
from jiugong.tracing.actions.numbering import next_number
from jiugong.tracing.actions.pseudonyms import pseudonyms_of
from jiugong.tracing.errors import IncidentClosed, ReasonMissing
from jiugong.tracing.models import Case, Contact, Incident, Member, Order, Pseudonym
from jiugong.tracing.queries.rules import number_on
from jiugong.tracing.stages import ENDS, STANDING_CASES, CaseStage, IncidentStage, OrderStage
from jiugong.tracing.words import FoundBy, OrderKind

HOLD_HOURS = 24                              # where no pack says it; shown as assumed
LONGEST_REASON = 300


@dataclass(frozen=True, kw_only=True)
class Swab:
    """Somebody's swab in the positive tube, as screening tells it. Times in UTC."""

    person_id: int | None
    position: int
    sampled_at: datetime
    last_negative_at: datetime | None = None
    id_number: str = ""                  # of somebody whom no roster knows


@transaction.atomic
def open_incident(park: Park, *, tube: str, result_number: int, told_at: datetime, swabs: Sequence[Swab], unit: Unit | None,
                  actor: Actor) -> Incident:
    """Open the incident of a positive tube and propose the hold of everybody in it. Told again, it is answered as before."""
    actor.must(Can.HOLD_PEOPLE, over=park)
    park.one_at_a_time()
    before = Incident.objects.filter(park=park, tube=tube, drill=None, stage=IncidentStage.OPEN).first()
    if before:
        return before
    now = clock.now()
    release = release_on(park, days.day_of(told_at, park.zone))
    who = _who(park, swabs)
    known = _incident_of_a_contact(who, swabs, told_at, actor)
    if known:
        return known
    last = Incident.objects.filter(park=park).aggregate(last=Max("number"))["last"] or 0
    incident = Incident.objects.create(
        park=park, number=last + 1, found_by=FoundBy.ROUTINE_SCREENING, tube=tube, result_number=result_number, unit=unit,
        sampled_at=min((swab.sampled_at for swab in swabs), default=None), told_at=told_at, opened_at=now, opened_by=actor.key,
        release=release.key if release else "")
    Member.objects.bulk_create([
        Member(incident=incident, who=one, position=swab.position, sampled_at=swab.sampled_at,
               last_negative_at=swab.last_negative_at) for swab, one in zip(swabs, who, strict=True)])
    propose_holds(incident, who, actor)
    settle_clock(incident, owner=_who_answers(unit, days.day_of(told_at, park.zone)))

    note("incident.opened", actor=actor, at=now, park_id=park.pk, subject=f"incident:{incident.pk}", number=incident.number,
         people=len(who))
    return incident


def _incident_of_a_contact(who: Sequence[Pseudonym], swabs: Sequence[Swab], told_at: datetime, actor: Actor) -> Incident | None:
    """A contact whose own swab is positive becomes a case of the incident that he belongs to, infected by the case he met."""
    from jiugong.tracing.actions.cases import suspect

    if len(who) != 1:
        return None
    contact = (Contact.objects.filter(who=who[0], ended_at=None, incident__stage=IncidentStage.OPEN, incident__drill=None)
               .select_related("incident__park", "case").order_by("-last_at").first())
    if contact is None:
        return None
    case = suspect(contact.incident, who[0], sampled_at=swabs[0].sampled_at, last_negative_at=swabs[0].last_negative_at,
                   told_at=told_at, at=told_at, actor=actor)
    if case.infector_id is None and case.pk != contact.case_id:
        Case.objects.filter(pk=case.pk).update(infector=contact.case)
    settle_clock(contact.incident)
    return contact.incident


def _who(park: Park, swabs: Sequence[Swab]) -> list[Pseudonym]:
    """Under which number each of them stands, walk-ins too."""
    unknown = pseudonyms_of(park, (swab.id_number for swab in swabs if swab.person_id is None))
    known = {each.person_id: each for each in Pseudonym.objects.filter(park=park, person__in=[
        swab.person_id for swab in swabs if swab.person_id])}
    return [known[swab.person_id] if swab.person_id else unknown[swab.id_number] for swab in swabs]


@transaction.atomic
def say_when_told(incident: Incident, at: datetime, *, actor: Actor) -> Incident:
    """Say when the park was really told, where it was later than the laboratory's report; before any case is decided."""
    actor.must(Can.HOLD_PEOPLE, over=incident)
    incident = Incident.objects.select_for_update(of=("self",)).select_related("park", "unit").get(pk=incident.pk)
    must_be_open(incident)
    if at == incident.told_at or at > clock.now() or Case.objects.filter(incident=incident).exists():
        return incident
    incident.told_at, incident.opened_by = at, actor.key
    incident.save(update_fields=["told_at", "opened_by"])
    until = at + hold_time(incident)
    Order.objects.filter(incident=incident, kind=OrderKind.HOLD, stage=OrderStage.PROPOSED).update(
        since=at, until=until, proposed_at=at)
    settle_clock(incident)
    note("incident.told", actor=actor, at=at, park_id=incident.park_id, subject=f"incident:{incident.pk}")
    return incident


def propose_holds(incident: Incident, members: Sequence[Pseudonym], actor: Actor) -> None:
    """Propose the hold of everybody in a tube."""
    until = incident.told_at + hold_time(incident)
    first = next_number(incident.park)
    Order.objects.bulk_create([
        Order(park=incident.park, incident=incident, number=first + at, who=who, kind=OrderKind.HOLD, release=incident.release,
              rule="clock.hold_hours", reason=HOLD_REASON, evidence={"tube": incident.tube}, since=incident.told_at, until=until,
              proposed_at=incident.told_at, proposed_by=actor.key, proposed_by_name=actor.name)
        for at, who in enumerate(members)])


HOLD_REASON = "positive_tube"                # a word of `sentences.py`: read in the reader's language


def hold_time(incident: Incident) -> timedelta:
    """How long a hold lasts: by the release of the day, or 24 hours as assumed where none says it."""
    day = days.day_of(incident.told_at, incident.park.zone)
    release = release_on(incident.park, day)
    hours = number_on(incident.park, release, "clock.hold_hours", day) if release else None
    return timedelta(hours=hours or HOLD_HOURS)


def _who_answers(unit: Unit | None, day: object) -> Person | None:
    """Who has the incident in hand: whoever answers nearest for the unit whose people were in the tube."""
    answering = answering_for_unit(unit, day) if unit else []                                # type: ignore[arg-type]
    return answering[0].person if answering else None


@transaction.atomic
def hear_retest(park_id: int, *, person_id: int | None, value: str, sampled_at: datetime, reported_at: datetime, actor: Actor,
                id_number: str = "") -> None:
    """A member's single retest is known: negative ends his hold, positive makes him a suspected case.

    Heard again, nothing changes. A walk-in is told by the number with which he was scanned.
    """
    from jiugong.tracing.actions.cases import let_go, suspect

    park = Park.objects.get(pk=park_id)
    actor.must(Can.HOLD_PEOPLE, over=park)
    if person_id is None and not id_number:
        return
    whose = {"who__person": person_id} if person_id else {"who": pseudonyms_of(park, [id_number])[id_number]}
    members = Member.objects.select_for_update(of=("self",)).filter(
        **whose, incident__park=park, incident__stage=IncidentStage.OPEN, incident__drill=None,
        incident__told_at__lte=reported_at).select_related("incident__park", "who__person")
    for member in members:
        if (member.retest, member.retest_reported_at) == (value, reported_at):
            continue
        member.retest, member.retest_sampled_at, member.retest_reported_at = value, sampled_at, reported_at
        member.save(update_fields=["retest", "retest_sampled_at", "retest_reported_at"])
        if value == "negative":
            end_holds(member, reported_at, actor)
            for case in Case.objects.filter(incident=member.incident, who=member.who, stage__in=STANDING_CASES).select_related(
                    "incident__park"):
                let_go(case, CaseStage.CONTAMINATED, because="result_corrected", at=reported_at, actor=actor)
        elif value == "positive":
            suspect(member.incident, member.who, sampled_at=member.sampled_at, last_negative_at=member.last_negative_at,
                    at=reported_at, actor=actor)
        settle_clock(member.incident)


def end_holds(member: Member, at: datetime, actor: Actor) -> None:
    """A negative retest ends the hold by itself."""
    from jiugong.tracing.actions.orders import end_order, over

    for hold in Order.objects.filter(incident=member.incident, who=member.who, kind=OrderKind.HOLD).exclude(stage__in=ENDS):
        end_order(hold, over(hold), because="retest_negative", at=at, actor=actor)


@transaction.atomic
def correct_tube(park: Park, *, tube: str, at: datetime, actor: Actor) -> Incident | None:
    """The laboratory takes a positive result back: whoever is held or controlled only for this tube is released."""
    actor.must(Can.HOLD_PEOPLE, over=park)
    incident = Incident.objects.select_for_update(of=("self",)).select_related("park").filter(
        park=park, tube=tube, stage=IncidentStage.OPEN, drill=None).first()
    if incident is None:
        return None
    take_back(incident, because="result_corrected", at=at, actor=actor)
    return incident


def take_back(incident: Incident, *, because: str, at: datetime, actor: Actor) -> None:
    """Nothing of an incident stands any more: its cases were contaminated samples, its contacts are none, its orders end."""
    from jiugong.tracing.actions.orders import end_order, over

    Case.objects.filter(incident=incident, stage__in=STANDING_CASES).update(
        stage=CaseStage.CONTAMINATED, ended_at=at, decided_at=at, decided_by=actor.key, decided_by_name=actor.name, reason=because)
    Contact.objects.filter(incident=incident, ended_at=None).update(ended_at=at, ended_because=because)
    for order in Order.objects.filter(incident=incident).exclude(stage__in=ENDS):
        end_order(order, over(order), because=because, at=at, actor=actor)
    settle_clock(incident)
    _close(incident, because, at, actor)


@transaction.atomic
def close_incident(incident: Incident, *, reason: str, actor: Actor) -> Incident:
    """Close an incident of which nobody is under control any more. Raises ReasonMissing, IncidentClosed, StillControlled."""
    from jiugong.tracing.errors import StillControlled

    actor.must(Can.DECIDE_CASES, over=incident)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing(most=LONGEST_REASON)
    incident = Incident.objects.select_for_update(of=("self",)).select_related("park").get(pk=incident.pk)
    must_be_open(incident)
    standing = Order.objects.filter(incident=incident).exclude(stage__in=ENDS).count()
    if standing:
        raise StillControlled(people=standing)
    settle_clock(incident)
    return _close(incident, reason, clock.now(), actor)


def must_be_open(incident: Incident) -> None:
    """Refuse what is done to an incident that is closed. Raises IncidentClosed."""
    if incident.stage != IncidentStage.OPEN:
        raise IncidentClosed(number=incident.number)


def _close(incident: Incident, because: str, at: datetime, actor: Actor) -> Incident:
    incident.stage, incident.closed_at, incident.closed_because = IncidentStage.CLOSED, at, because
    incident.save(update_fields=["stage", "closed_at", "closed_because"])
    note("incident.closed", actor=actor, at=at, park_id=incident.park_id, subject=f"incident:{incident.pk}", reason=because)
    return incident
