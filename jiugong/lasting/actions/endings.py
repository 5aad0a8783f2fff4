"""The end of an emergency, and an erasure until it is released: each by one person, then by another."""

import hashlib
import hmac
import json
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from jiugong.accounts.models import User
from jiugong.journal.queries.entries import may_be
from jiugong.lasting.actions.reporting import signing_key
from jiugong.lasting.errors import (
    AlreadyProposed,
    AuditorMissing,
    EmergencyGoesOn,
    EndsTooLate,
    KeysInOneHand,
    ListMoved,
    NothingProposed,
    OnePersonTwice,
    ReasonMissing,
)
from jiugong.lasting.models import Ending, Erasure, ErasureStage
from jiugong.lasting.queries.ending import listed
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park

KEYS_GROW_COLD = timedelta(days=7)           # assumption: a week in which the journal shows others who let whom in

@transaction.atomic
def propose_ending(park: Park, *, ended_on: date, reason: str, actor: Actor) -> Ending:
    """Say that the emergency has ended; it holds once another person confirms it. Said twice by one, it is said once.

    Raises ReasonMissing, EndsTooLate, AlreadyProposed.
    """
    actor.must(Can.PROPOSE_ERASURE, over=park)
    park.one_at_a_time()
    now, reason = clock.now(), reason.strip()[:300]
    known = Ending.objects.filter(park=park, withdrawn_at=None).first()
    if known and (known.ended_on, known.reason, known.proposed_by_name) == (ended_on, reason, actor.name):
        return known
    if known:
        raise AlreadyProposed()
    if not reason:
        raise ReasonMissing()
    if ended_on > days.day_of(now, park.zone):
        raise EndsTooLate()

    ending = Ending.objects.create(park=park, ended_on=ended_on, reason=reason, proposed_by=actor.key,
                                   proposed_by_name=actor.name, proposed_at=now)

    note("emergency.end_proposed", actor=actor, at=now, park_id=park.pk, on=str(ended_on), reason=reason)
    return ending


@transaction.atomic
def confirm_ending(park: Park, *, actor: Actor) -> Ending:
    """Confirm what another person proposed: the emergency has ended. Raises NothingProposed, OnePersonTwice, KeysInOneHand."""
    actor.must(Can.RELEASE_ERASURE, over=park)
    park.one_at_a_time()
    ending = Ending.objects.filter(park=park, withdrawn_at=None).first()
    if ending is None:
        raise NothingProposed()
    if ending.confirmed_at:
        return ending
    _refuse_one_person(ending.proposed_by, ending.proposed_by_name, actor)

    ending.confirmed_by, ending.confirmed_by_name, ending.confirmed_at = actor.key, actor.name, clock.now()
    ending.save(update_fields=["confirmed_by", "confirmed_by_name", "confirmed_at"])

    note("emergency.ended", actor=actor, at=ending.confirmed_at, park_id=park.pk, on=str(ending.ended_on))
    return ending


@transaction.atomic
def withdraw_ending(park: Park, *, actor: Actor) -> None:
    """Take the end of an emergency back: it goes on. What was released already goes on, too. Raises NothingProposed."""
    actor.must(Can.PROPOSE_ERASURE, over=park)
    park.one_at_a_time()
    now = clock.now()
    if not Ending.objects.filter(park=park, withdrawn_at=None).exclude(
            park__erasures__stage__in=[ErasureStage.RELEASED, ErasureStage.DONE]).update(withdrawn_at=now):
        raise NothingProposed()
    Erasure.objects.filter(park=park, stage=ErasureStage.PROPOSED).update(stage=ErasureStage.WITHDRAWN)
    note("emergency.goes_on", actor=actor, at=now, park_id=park.pk)


@transaction.atomic
def propose_erasure(park: Park, *, actor: Actor) -> Erasure:
    """Propose to erase what was kept of a park's people, with the list of it. A second time it is the list of now.

    Raises EmergencyGoesOn, AlreadyProposed (it is released already).
    """
    actor.must(Can.PROPOSE_ERASURE, over=park)
    park.one_at_a_time()
    if not has_ended(park):
        raise EmergencyGoesOn()
    if released(park):
        raise AlreadyProposed()
    Erasure.objects.filter(park=park, stage__in=[ErasureStage.PROPOSED, ErasureStage.RELEASED]).update(stage=ErasureStage.WITHDRAWN)
    found, now = listed(park), clock.now()

    erasure = Erasure.objects.create(park=park, listed=found, list_sha256=found["list_sha256"], proposed_by=actor.key,
                                     proposed_by_name=actor.name, proposed_at=now)

    note("erasure.proposed", actor=actor, at=now, park_id=park.pk, subject=f"erasure:{erasure.uid}",
         list_sha256=erasure.list_sha256, rows=found["rows"])
    return erasure


@transaction.atomic
def release_erasure(park: Park, *, list_sha256: str, auditor: str, actor: Actor) -> Erasure:
    """Release what another person proposed: from here on it is done, whatever interrupts it.

    Raises NothingProposed, OnePersonTwice, AuditorMissing, ListMoved: what would go is not what was proposed any more.
    """
    actor.must(Can.RELEASE_ERASURE, over=park)
    park.one_at_a_time()
    erasure = Erasure.objects.filter(park=park, stage=ErasureStage.PROPOSED).first()
    if erasure is None:
        raise NothingProposed()
    _refuse_one_person(erasure.proposed_by, erasure.proposed_by_name, actor)
    if not auditor.strip():
        raise AuditorMissing()
    now_listed = listed(park)
    if len({list_sha256, erasure.list_sha256, now_listed["list_sha256"]}) > 1:
        raise ListMoved(then=erasure.list_sha256[:12], now=now_listed["list_sha256"][:12])

    erasure.stage, erasure.auditor = ErasureStage.RELEASED, auditor.strip()[:120]
    erasure.listed = now_listed
    erasure.released_by, erasure.released_by_name, erasure.released_at = actor.key, actor.name, clock.now()
    erasure.done = {"word": _word_of(erasure)}
    erasure.save(update_fields=["stage", "auditor", "listed", "released_by", "released_by_name", "released_at", "done"])

    note("erasure.released", actor=actor, at=erasure.released_at, park_id=park.pk, subject=f"erasure:{erasure.uid}",
         list_sha256=erasure.list_sha256)
    return erasure


def has_ended(park: Park) -> bool:
    """Has the emergency of a park ended, by the word of two?"""
    return Ending.objects.filter(park=park, withdrawn_at=None, confirmed_at__isnull=False).exists()


def released(park: Park | None = None) -> Erasure | None:
    """What two people released, here or anywhere, and the house has yet to do."""
    rows = Erasure.objects.filter(stage=ErasureStage.RELEASED, **({"park": park} if park else {})).select_related("park")
    return next((each for each in rows.order_by("pk") if is_by_our_word(each)), None)


def is_by_our_word(erasure: Erasure) -> bool:
    """Was it released here? A row that only says so, as whoever has the database can write it, destroys no backup and no key."""
    return hmac.compare_digest(str((erasure.done or {}).get("word", "")).encode(), _word_of(erasure).encode())


def _word_of(erasure: Erasure) -> str:
    said = (erasure.park.uid, erasure.uid, erasure.list_sha256, erasure.proposed_by, erasure.proposed_by_name, erasure.released_by,
            erasure.released_by_name, erasure.auditor)
    return hmac.new(signing_key(), json.dumps(["release", *map(str, said)]).encode(), hashlib.sha256).hexdigest()


def _refuse_one_person(proposed_by: str, proposed_by_name: str, actor: Actor) -> None:
    """Two accounts of one person are one person, so are two names that differ in spaces alone. Two accounts that somebody
    could lately have opened both, the one from the other or a third from which he opened them, may be one as well.

    Raises OnePersonTwice, KeysInOneHand.
    """
    same_name = "".join(proposed_by_name.split()).casefold() == "".join(actor.name.split()).casefold()
    same_key = proposed_by == actor.key and actor.key.startswith("user:")
    if same_name or same_key or (one := _person_of(proposed_by)) is not None and one == _person_of(actor.key):
        raise OnePersonTwice(name=actor.name)
    since = clock.now() - KEYS_GROW_COLD
    are_users = proposed_by.startswith("user:") and actor.key.startswith("user:")
    if are_users and may_be(proposed_by, since) & may_be(actor.key, since):
        raise KeysInOneHand(days=KEYS_GROW_COLD.days)


def _person_of(key: str) -> Any:
    kind, _colon, number = key.partition(":")
    return User.objects.filter(pk=int(number)).values_list("person", flat=True).first() if kind == "user" else None
