"""A case is interviewed (流调): what he tells of himself, each place where he was, and who was with him.

Each place becomes a stay with the source "recall". Where a log of his says the same it is named as the second source; where one
says something else both stand, and a person decides which holds. Neither is ever lost: contacts are listed by both.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.policy import PolicyRefusal
from jiugong.tracing.actions.cases import count_window_again, list_contacts
from jiugong.tracing.actions.contacts import add_contact, must_say_why
from jiugong.tracing.actions.incidents import must_be_open
from jiugong.tracing.actions.presence_files import spots_of
from jiugong.tracing.actions.presence_rows import LONGEST_ID
from jiugong.tracing.errors import (
    NoExposures,
    NothingAdopted,
    PresenceIdReused,
    RowMisshapen,
    SpotNameless,
    StayOutOfOrder,
)
from jiugong.tracing.logic.presence_files import LONGEST_NAME
from jiugong.tracing.models import Case, Contact, Presence, Pseudonym
from jiugong.tracing.queries.interviews import agreeing_log
from jiugong.tracing.words import ContactClass, Source, SpotKind

TOLD = ("home", "care", "exposure", "source", "chain", "measures")      # what a checklist asks beside onset and symptoms
ABOUT_A_TRACK = ("companions", "transport", "seat", "mask")
LONGEST = 500
Holds = Literal["recall", "log", "both"]
WHY = "case_of_incident"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a case tells of himself. `more` has the keys of TOLD."""

    onset_on: date | None
    symptoms: str = ""
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Track:
    """Where he says that he was. `more` has the keys of ABOUT_A_TRACK."""

    client_id: str
    kind: SpotKind
    place: str
    since: datetime
    until: datetime
    remark: str = ""
    more: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def write_interview(case: Case, told: Told, *, actor: Actor) -> Case:
    """Keep what a case tells of himself. With another onset his window is counted and contacts are listed again: nobody is lost.

    The same again changes nothing. Raises IncidentClosed.
    """
    case = _held(case, actor)
    more = {key: told.more.get(key, "").strip()[:LONGEST] for key in TOLD}
    same_onset = case.onset_on == told.onset_on
    if same_onset and (case.symptoms, case.interview) == (told.symptoms.strip()[:300], more):
        return case
    case.onset_on, case.symptoms, case.interview = told.onset_on, told.symptoms.strip()[:300], more
    if not same_onset:
        count_window_again(case)
    case.save(update_fields=["onset_on", "symptoms", "interview", "since", "until", "window_because"])

    note("case.interviewed", actor=actor, at=clock.now(), park_id=case.incident.park_id, subject=f"case:{case.pk}",
         incident=case.incident.number)
    if not same_onset:
        _list_again(case, actor)
    return case


@transaction.atomic
def tell_track(case: Case, track: Track, *, actor: Actor) -> Presence:
    """Keep where a case says that he was, and list his contacts again. Twice is answered as once.

    Raises RowMisshapen, SpotNameless, StayOutOfOrder, PresenceIdReused, IncidentClosed.
    """
    case = _held(case, actor)
    place = " ".join(track.place.split())
    if not 0 < len(track.client_id) <= LONGEST_ID:
        raise RowMisshapen(field="client_id")
    if not 0 < len(place) <= LONGEST_NAME:
        raise SpotNameless(most=LONGEST_NAME)
    if track.until <= track.since:
        raise StayOutOfOrder()
    park, now = case.incident.park, clock.now()
    spot = spots_of(park, [(track.kind.value, place)])[0][track.kind.value, place]
    before = Presence.objects.filter(park=park, client_id=track.client_id).first()
    if before:
        if (before.case_id, before.spot_id, before.entered_at) != (case.pk, spot.pk, track.since):
            raise PresenceIdReused()
        return before
    same = Presence.objects.filter(case=case, spot=spot, entered_at=track.since, left_at=track.until, source=Source.RECALL).first()
    if same:
        return same                                                # told again in another breath
    kept = Presence(park=park, who=case.who, spot=spot, entered_at=track.since, left_at=track.until, source=Source.RECALL,
                    case=case, client_id=track.client_id, received_at=now, recorded_by=actor.key,
                    remark=track.remark.strip()[:300],
                    told={key: track.more[key].strip()[:LONGEST] for key in ABOUT_A_TRACK if track.more.get(key, "").strip()})
    log = agreeing_log(kept)
    kept.second = log.source if log else ""
    kept.save()

    note("track.told", actor=actor, at=now, park_id=park.pk, subject=f"case:{case.pk}", on=str(days.day_of(track.since, park.zone)))
    _list_again(case, actor)
    return kept


@transaction.atomic
def decide_track(track: Presence, holds: Holds, *, reason: str, actor: Actor) -> Presence:
    """Say which holds where recall and a log do not agree, with the reason; both stay on record.

    Raises ReasonMissing, IncidentClosed.
    """
    if track.case is None:
        raise RowMisshapen(field="track")
    case, reason = _held(track.case, actor), must_say_why(reason)
    now = clock.now()
    decided = {"holds": holds, "reason": reason, "by": actor.name, "at": now.isoformat()}
    known = track.told.get("decided", {})
    if {**decided, "at": known.get("at")} == known:
        return track
    track.told = track.told | {"decided": decided}
    track.save(update_fields=["told"])

    note("track.decided", actor=actor, at=now, park_id=track.park_id, subject=f"case:{case.pk}", verdict=holds, reason=reason)
    return track


def add_companion(track: Presence, who: Pseudonym, *, reason: str, actor: Actor) -> Contact:
    """Who was with a case on one of his tracks becomes a contact by judgment, with the reason. Twice is answered as once.

    Raises what `contacts.add_contact` raises.
    """
    if track.case is None:
        raise RowMisshapen(field="track")
    return add_contact(track.case, who, contact_class=ContactClass.CLOSE_CONTACT, since=track.entered_at, until=track.left_at,
                       reason=reason, place=track.spot.name, actor=actor)


def _held(case: Case, actor: Actor) -> Case:
    """The case, while somebody writes of it. Raises NotAllowed, IncidentClosed."""
    actor.must(Can.TRACE_CONTACTS, over=case.incident)
    case.incident.park.one_at_a_time()
    found = Case.objects.select_for_update(of=("self",)).select_related("incident__park", "who__person").get(pk=case.pk)
    must_be_open(found.incident)
    return found


def _list_again(case: Case, actor: Actor) -> None:
    """Where no rule holds, people list them: the page says so."""
    with suppress(NothingAdopted, NoExposures, PolicyRefusal):
        list_contacts(case, reason=WHY, actor=actor)


def as_facts(case: Case) -> dict[str, Any]:
    """What is known of a case by his interview."""
    return {"onset_on": case.onset_on, "symptoms": case.symptoms, **{key: case.interview.get(key, "") for key in TOLD}}
