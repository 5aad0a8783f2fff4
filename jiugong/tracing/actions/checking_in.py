"""Somebody checks in where a code hangs, and out again, on his own phone: himself, and nobody else.

A picture of a code is good for its slice of time. What was scanned without a connection carries the moment at which it was
scanned, set right by how far the phone's clock is off, and is judged by it. Without a check-out the stay ends after the
pack's dwell time, and says that this is assumed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.registry.models import Person
from jiugong.tracing.actions.presence_files import Dwell
from jiugong.tracing.actions.presence_rows import LONGEST_ID
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.errors import (
    CheckInTooOld,
    NotCheckedIn,
    PictureOld,
    PresenceIdReused,
    RowMisshapen,
    TooManyCheckIns,
    VenueOfAnotherPark,
)
from jiugong.tracing.logic.venue_codes import read, was_shown_at
from jiugong.tracing.models import Presence, Pseudonym, VenueCode
from jiugong.tracing.queries.venues import LEAVABLE, code_shown
from jiugong.tracing.words import Source

OLDEST = timedelta(hours=12)                 # a phone that found no network for longer is heard by an interview
SOON = timedelta(minutes=2)                  # the same code again within this is a second tap, later it is leaving
MOST_AN_HOUR = 60


@dataclass(frozen=True, kw_only=True)
class CheckedIn:
    """What became of a scan: `in`, `out`, or `repeat` of what was said already."""

    presence: Presence
    status: str


@transaction.atomic
def check_in(person: Person, text: str, *, client_id: str, at: datetime, actor: Actor) -> CheckedIn:
    """Somebody scanned a venue's code at a moment: he comes, or, scanning again, he goes. Twice is answered as once.

    Raises VenueCodeUnknown, VenueCodeWithdrawn, VenueOfAnotherPark, PictureOld, CheckInTooOld, TooManyCheckIns, PresenceIdReused.
    """
    who, now = _who(person, client_id), clock.now()
    shown = read(text)
    code = code_shown(shown)
    if code.park_id != person.park_id:
        raise VenueOfAnotherPark()
    told = Presence.objects.filter(Q(client_id=client_id) | Q(ended_id=client_id), park=person.park)
    before = told.select_related("spot").first()
    if before:
        if (before.who_id, before.spot_id) != (who.pk, code.spot_id):
            raise PresenceIdReused()
        return CheckedIn(presence=before, status="repeat")
    if now - at > OLDEST:
        raise CheckInTooOld(hours=int(OLDEST.total_seconds() // 3600))
    if shown is None or not was_shown_at(shown, code.seconds, at):
        raise PictureOld(place=code.spot.name)
    here = _here(who, code, at)
    if here:
        return _again(here, client_id, at, actor)
    if Presence.objects.filter(who=who, source=Source.VENUE_CODE, received_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise TooManyCheckIns(most=MOST_AN_HOUR, retry_after=600)
    return CheckedIn(presence=_come(who, code, client_id, at, now, actor), status="in")


def place_shown(text: str, at: datetime) -> str:
    """The name of the place whose picture was scanned at a moment.

    Raises VenueCodeUnknown, VenueCodeWithdrawn, PictureOld.
    """
    shown = read(text)
    code = code_shown(shown)
    if shown is None or not was_shown_at(shown, code.seconds, at):
        raise PictureOld(place=code.spot.name)
    return code.spot.name


@transaction.atomic
def check_out(person: Person, stay: str, *, client_id: str, at: datetime, actor: Actor) -> CheckedIn:
    """Somebody says that he has left where he checked in; `stay` is the id under which he did. Twice is answered as once.

    Raises NotCheckedIn.
    """
    who = _who(person, client_id)
    found = Presence.objects.filter(who=who, client_id=stay).exclude(client_id="").select_related("spot").first()
    if found is None or at < found.entered_at or (found.assumed and at - found.entered_at > LEAVABLE):
        raise NotCheckedIn()
    if not found.assumed:
        return CheckedIn(presence=found, status="repeat")
    return _leave(found, client_id, at, actor)


def _who(person: Person, client_id: str) -> Pseudonym:
    """Under which number somebody stands; whatever he sends at the same moment waits for its turn."""
    if not 0 < len(client_id) <= LONGEST_ID:
        raise RowMisshapen(field="client_id")
    return Pseudonym.objects.select_for_update(of=("self",)).get(pk=pseudonym_of(person).pk)


def _here(who: Pseudonym, code: VenueCode, at: datetime) -> Presence | None:
    """The stay at this spot that is under way at a moment."""
    return Presence.objects.filter(who=who, spot=code.spot, source=Source.VENUE_CODE, entered_at__lte=at, left_at__gt=at).exclude(
        client_id="").select_related("spot").order_by("-entered_at").first()


def _again(here: Presence, client_id: str, at: datetime, actor: Actor) -> CheckedIn:
    if at - here.entered_at < SOON or not here.assumed:
        return CheckedIn(presence=here, status="repeat")
    return _leave(here, client_id, at, actor)


def _come(who: Pseudonym, code: VenueCode, client_id: str, at: datetime, now: datetime, actor: Actor) -> Presence:
    minutes = Dwell(code.park).minutes(code.spot.kind, at)
    stay = Presence.objects.create(
        park=code.park, who=who, spot=code.spot, entered_at=at, left_at=at + timedelta(minutes=minutes), source=Source.VENUE_CODE,
        assumed=True, client_id=client_id, received_at=now, recorded_by=actor.key)
    note("presence.checked_in", actor=actor, at=now, park_id=code.park_id, subject=f"spot:{code.spot_id}",
         on=str(days.day_of(at, code.park.zone)))
    return stay


def _leave(stay: Presence, client_id: str, at: datetime, actor: Actor) -> CheckedIn:
    stay.left_at, stay.assumed, stay.ended_id = at, False, client_id
    stay.save(update_fields=["left_at", "assumed", "ended_id"])
    note("presence.checked_out", actor=actor, at=clock.now(), park_id=stay.park_id, subject=f"spot:{stay.spot_id}")
    return CheckedIn(presence=stay, status="out")
