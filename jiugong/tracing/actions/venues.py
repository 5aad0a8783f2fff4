"""Venue codes: a spot is named, put on the ground, a code hangs at it, and is withdrawn when it is lost or copied."""

import secrets as random

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.logic.badge_codes import fresh_code
from jiugong.registry.models import Park, Place
from jiugong.tracing.actions.presence_files import spots_of
from jiugong.tracing.errors import SpotNameless, VenueSecondsWrong
from jiugong.tracing.logic.presence_files import LONGEST_NAME
from jiugong.tracing.logic.venue_codes import PRINTED, SECONDS
from jiugong.tracing.models import Spot, VenueCode
from jiugong.tracing.queries.venues import Kept, Standing
from jiugong.tracing.words import SpotKind


@transaction.atomic
def name_spot(park: Park, kind: SpotKind, name: str, *, actor: Actor, place: Place | None = None) -> Spot:
    """Name a place where a code is to hang. One that logs named already is the same; a place already set stays.

    Raises NotAllowed, SpotNameless.
    """
    actor.must(Can.KEEP_VENUES, over=Standing(place) if place else park)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise SpotNameless(most=LONGEST_NAME)
    spots, new = spots_of(park, [(kind.value, name)])
    spot = spots[kind.value, name]
    if place and spot.place_id is None:
        _put(spot, place)

    if new:
        note("spot.named", actor=actor, at=clock.now(), park_id=park.pk, subject=f"spot:{spot.pk}", kind=kind.value, name=name)
    return spot


@transaction.atomic
def put_on_ground(spot: Spot, place: Place | None, *, actor: Actor) -> Spot:
    """Say where on the ground a spot lies, or that this is not known. Raises NotAllowed."""
    actor.must(Can.KEEP_VENUES, over=Kept(spot))
    if place:
        actor.must(Can.KEEP_VENUES, over=Standing(place))
    if spot.place_id == (place.pk if place else None):
        return spot
    _put(spot, place)

    note("spot.placed", actor=actor, at=clock.now(), park_id=spot.park_id, subject=f"spot:{spot.pk}",
         place=str(place) if place else "")
    return spot


@transaction.atomic
def issue_code(spot: Spot, *, seconds: int, actor: Actor) -> VenueCode:
    """Hang a code at a spot. One that hangs there with the same time stays; with another it is withdrawn first.

    Raises NotAllowed, VenueSecondsWrong.
    """
    actor.must(Can.KEEP_VENUES, over=Kept(spot))
    if seconds not in (PRINTED, *SECONDS):
        raise VenueSecondsWrong(known=", ".join(map(str, SECONDS)))
    Spot.objects.select_for_update(of=("self",)).get(pk=spot.pk)
    now, before = clock.now(), VenueCode.objects.filter(spot=spot, withdrawn_at=None).first()
    if before and before.seconds == seconds:
        return before
    if before:
        _withdraw(before, actor)
    code = VenueCode.objects.create(park=spot.park, spot=spot, code=fresh_code(), secret=random.token_hex(24), seconds=seconds,
                                    issued_at=now, issued_by=actor.key)

    note("venue_code.issued", actor=actor, at=now, park_id=spot.park_id, subject=f"venue:{code.code}", seconds=seconds)
    return code


@transaction.atomic
def withdraw_code(code: VenueCode, *, actor: Actor) -> VenueCode:
    """The code that hangs there holds no more: it was lost or copied. Twice changes nothing. Raises NotAllowed."""
    actor.must(Can.KEEP_VENUES, over=Kept(code.spot))
    code = VenueCode.objects.select_for_update(of=("self",)).select_related("park", "spot__place").get(pk=code.pk)
    if code.withdrawn_at is None:
        _withdraw(code, actor)
    return code


def _withdraw(code: VenueCode, actor: Actor) -> None:
    code.withdrawn_at = clock.now()
    code.save(update_fields=["withdrawn_at"])
    note("venue_code.withdrawn", actor=actor, at=code.withdrawn_at, park_id=code.park_id, subject=f"venue:{code.code}")


def _put(spot: Spot, place: Place | None) -> None:
    spot.place = place
    spot.save(update_fields=["place"])
