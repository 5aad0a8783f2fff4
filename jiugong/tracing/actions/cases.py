"""A case: suspected by a single retest, its contacts listed at once, and decided by people."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.policy import PolicyRefusal, Release
from jiugong.rulebook.queries.releases import release_called
from jiugong.tracing.actions.clocking import settle_clock
from jiugong.tracing.actions.incidents import must_be_open
from jiugong.tracing.actions.orders import end_order, over
from jiugong.tracing.actions.presence_files import spots_of
from jiugong.tracing.actions.proposing import propose_for_contacts, propose_isolation
from jiugong.tracing.actions.tracing import Found, Traced, trace
from jiugong.tracing.errors import CaseMoved, NoExposures, NothingAdopted
from jiugong.tracing.happenings import ContactsListed
from jiugong.tracing.logic.contacts import Meeting
from jiugong.tracing.logic.windows import Window, WindowFacts, window_of
from jiugong.tracing.models import Case, Contact, Ground, Incident, Member, Order, Pseudonym, Spot, Trace
from jiugong.tracing.queries.history import moment
from jiugong.tracing.queries.rules import adopted, number_on
from jiugong.tracing.stages import CASE_NEXT, ENDS, STANDING_CASES, CaseStage
from jiugong.tracing.words import CaseStageWord, FoundBy

LOOKBACK_DAYS = 2                            # where no release was adopted: the national value, shown as assumed
LONGEST_REASON = 300
WHY = "case_of_incident"                     # a word of `sentences.py`
BY_ITSELF = ("", "ruled_out", "contaminated", "result_corrected", "became_case")     # how a contact ends without a person's reason


def suspect(incident: Incident, who: Pseudonym, *, sampled_at: datetime, at: datetime, actor: Actor,
            last_negative_at: datetime | None = None, found_by: str = FoundBy.ROUTINE_SCREENING,
            onset_on: date | None = None, told_at: datetime | None = None) -> Case:
    """Open a case with its window, and list whom it met. One that was open already stays as it is."""
    must_be_open(incident)
    before = Case.objects.filter(incident=incident, who=who).first()
    if before and before.stage in STANDING_CASES:
        return before
    window, because = _window(incident, WindowFacts(
        found_by=found_by, sampled_at=sampled_at, told_at=told_at or incident.told_at, last_negative_at=last_negative_at,
        onset_at=datetime.combine(onset_on, time.min, tzinfo=incident.park.zone) if onset_on else None))
    case, _new = Case.objects.update_or_create(incident=incident, who=who, defaults={
        "stage": CaseStage.SUSPECTED, "found_by": found_by, "sampled_at": sampled_at, "onset_on": onset_on, "since": window.since,
        "until": window.until, "window_because": because, "opened_at": at, "ended_at": None, "decided_at": None, "decided_by": "",
        "decided_by_name": "", "reason": ""})
    case.incident = incident

    note("case.suspected", actor=actor, at=at, park_id=incident.park_id, subject=f"case:{case.pk}", incident=incident.number)
    with suppress(NothingAdopted, NoExposures, PolicyRefusal):        # then people list them: the page says that no rule holds here
        list_contacts(case, reason=WHY, at=at, actor=actor)
    return case


def release_of(incident: Incident) -> Release:
    """The release by which an incident goes. Raises NothingAdopted."""
    if incident.release:
        return release_called(incident.release)
    return adopted(incident.park, days.day_of(incident.told_at, incident.park.zone))


def _window(incident: Incident, facts: WindowFacts) -> tuple[Window, dict[str, object]]:
    """The window of a case by the pack of the day, and what it rests on."""
    park, day = incident.park, days.day_of(incident.told_at, incident.park.zone)
    try:
        release = release_of(incident)
        back = number_on(park, release, "contacts.lookback_days", day)
        from_last = number_on(park, release, "contacts.routine_from_last_negative", day)
        name = release.key
    except (NothingAdopted, PolicyRefusal):
        back, from_last, name = None, None, ""
    window = window_of(facts, lookback_days=LOOKBACK_DAYS if back is None else back, from_last_negative=bool(from_last))
    return window, {"release": name, "rule": "contacts.lookback_days", "days": LOOKBACK_DAYS if back is None else back,
                    "assumed": back is None, "counted_from": window.counted_from}


def count_window_again(case: Case) -> None:
    """The window of a case by what is known of him now: an interview may tell another onset. The caller saves it."""
    incident = case.incident
    member = Member.objects.filter(incident=incident, who=case.who_id).first()
    window, case.window_because = _window(incident, WindowFacts(
        found_by=case.found_by, sampled_at=case.sampled_at, told_at=incident.told_at,
        last_negative_at=member.last_negative_at if member else None,
        onset_at=datetime.combine(case.onset_on, time.min, tzinfo=incident.park.zone) if case.onset_on else None))
    case.since, case.until = window.since, window.until


@transaction.atomic
def list_contacts(case: Case, *, reason: str, actor: Actor, at: datetime | None = None) -> Traced:
    """Find whom a case met and keep it: contacts, their grounds, and an order proposed for each who needs one.

    Asked again it adds who is new and never loses anybody. Raises NothingAdopted, NoExposures.
    """
    incident, at = case.incident, at or clock.now()
    traced = trace(incident.park, case.who, since=case.since, until=case.until, release=release_of(incident), reason=reason,
                   actor=actor, incident=incident, case=case)
    contacts = _keep(case, traced, at)
    propose_for_contacts(incident, [each for each in contacts if not each.ended_at], traced.grounds, at=at, actor=actor)
    settle_clock(incident)
    tell(ContactsListed(incident_id=incident.pk, case_id=case.pk, contacts=len(contacts), at=at))
    return traced


def _keep(case: Case, traced: Traced, at: datetime) -> list[Contact]:
    who = {each.number: each for each in Pseudonym.objects.filter(
        park=case.incident.park, number__in=[found.who for found in traced.found])}
    before = {contact.who_id: contact for contact in Contact.objects.filter(case=case)}
    kept: dict[int, Contact] = {}
    for found in traced.found:
        contact = before.get(who[found.who].pk) or Contact(incident=case.incident, case=case, who=who[found.who], listed_at=at)
        _say(contact, found, traced.trace)
        contact.through = kept.get(found.through)
        contact.save()
        kept[found.who] = contact
    _grounds(case, traced, kept)
    return list(kept.values())


def _say(contact: Contact, found: Found, asked: Trace) -> None:
    first, last = min(each.since for each in found.meetings), max(each.until for each in found.meetings)
    contact.trace, contact.contact_class = asked, found.contact
    contact.first_at = min(moment(first), contact.first_at or moment(first))
    contact.last_at = max(moment(last), contact.last_at or moment(last))
    if contact.ended_because in BY_ITSELF:                            # whom people struck from the list stays struck
        contact.ended_at, contact.ended_because = None, ""


def _grounds(case: Case, traced: Traced, kept: dict[int, Contact]) -> None:
    """Every meeting once: its ground, place, times and source, and by which rule of which release."""
    meetings = [(kept[found.who], meeting) for found in traced.found for meeting in found.meetings]
    rooms = _dormitories(case, [meeting for _contact, meeting in meetings])
    Ground.objects.bulk_create([
        Ground(contact=contact, ground=meeting.ground, rule=traced.grounds.keys[meeting.ground], release=traced.trace.release,
               spot_id=rooms.get(meeting.spot, meeting.spot), since=moment(meeting.since), until=moment(meeting.until),
               source=meeting.source, assumed=meeting.assumed)
        for contact, meeting in meetings], batch_size=2000, ignore_conflicts=True)


def _dormitories(case: Case, meetings: Sequence[Meeting]) -> dict[int, int]:
    """Rooms of the roster as spots: the number below zero that history gives them, and the spot that stands for it."""
    from jiugong.registry.models import Place

    park, wanted = case.incident.park, {-meeting.spot for meeting in meetings if meeting.spot < 0}
    places = {place.pk: place for place in Place.objects.filter(pk__in=wanted).select_related("parent")}
    names = {pk: f"{place.parent} {place}" if place.parent and place.parent.parent_id else str(place)
             for pk, place in places.items()}
    spots, _new = spots_of(park, {("dorm_room", name) for name in names.values()})
    for pk, name in names.items():
        if spots["dorm_room", name].place_id is None:
            Spot.objects.filter(pk=spots["dorm_room", name].pk).update(place=places[pk])
    return {-pk: spots["dorm_room", name].pk for pk, name in names.items()}


@transaction.atomic
def decide_case(case: Case, stage: CaseStage, *, reason: str, actor: Actor, at: datetime | None = None) -> Case:
    """Confirm a case, rule it out, or say that its sample was contaminated or that the person has recovered.

    Ruled out or contaminated, whoever was controlled only for it is released. The same again changes nothing. Raises CaseMoved.
    """
    actor.must(Can.DECIDE_CASES, over=case)
    case = Case.objects.select_for_update(of=("self",)).select_related("incident__park", "who__person").get(pk=case.pk)
    if case.stage == stage:
        return case
    if stage not in CASE_NEXT[CaseStage(case.stage)]:
        raise CaseMoved(stage=str(CaseStageWord(case.stage).label))
    at = at or clock.now()
    case.stage, case.reason = stage, reason.strip()[:LONGEST_REASON]
    if stage is not CaseStage.RECOVERED:
        case.decided_at, case.decided_by, case.decided_by_name = at, actor.key, actor.name
    case.ended_at = None if stage is CaseStage.CONFIRMED else at
    case.save()

    note(f"case.{stage.value}", actor=actor, at=at, park_id=case.incident.park_id, subject=f"case:{case.pk}", reason=case.reason)
    if stage is CaseStage.CONFIRMED:
        propose_isolation(case, at=at, actor=actor)
    elif stage in (CaseStage.RULED_OUT, CaseStage.CONTAMINATED):
        _end_what_rests_on(case, stage, at, actor)
    settle_clock(case.incident)
    return case


def let_go(case: Case, stage: CaseStage, *, because: str, at: datetime, actor: Actor) -> None:
    """The laboratory takes back what a case rests on: it was none, and whoever was controlled only for it is released."""
    case.stage, case.reason, case.ended_at = stage, because, at
    case.decided_at, case.decided_by, case.decided_by_name = at, actor.key, actor.name
    case.save(update_fields=["stage", "reason", "ended_at", "decided_at", "decided_by", "decided_by_name"])
    note(f"case.{stage.value}", actor=actor, at=at, park_id=case.incident.park_id, subject=f"case:{case.pk}", reason=because)
    _end_what_rests_on(case, stage, at, actor)


def _end_what_rests_on(case: Case, stage: CaseStage, at: datetime, actor: Actor) -> None:
    """A case is none: its contacts are none, and orders that rest on it alone end."""
    Contact.objects.filter(case=case, ended_at=None).update(ended_at=at, ended_because=stage.value)
    others = set(Contact.objects.filter(incident__park=case.incident.park, ended_at=None).values_list("who_id", flat=True))
    for order in Order.objects.filter(incident=case.incident).exclude(stage__in=ENDS).select_related("contact"):
        rests_on_it = order.case_id == case.pk or (order.contact and order.contact.case_id == case.pk) or (
            order.kind == "hold" and order.who_id == case.who_id)
        if rests_on_it and (order.case_id == case.pk or order.who_id not in others):
            end_order(order, over(order), because=stage.value, at=at, actor=actor)
