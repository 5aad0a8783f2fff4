"""What people do with somebody flagged: confirm who he is, find him, act, or return the line with the reason."""

from datetime import datetime

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.people import whereabouts
from jiugong.tracing.actions.area_orders import propose_for_area
from jiugong.tracing.actions.flag_telling import tell_who_answers
from jiugong.tracing.errors import FlagMoved, FlagNotControlled, ReasonMissing
from jiugong.tracing.models import Flagged
from jiugong.tracing.words import FlagDeed, FlagStage

LONGEST = 280
TO_FIND = (FlagStage.MATCHED, FlagStage.TOLD)
TO_ACT_ON = (*TO_FIND, FlagStage.FOUND)


@transaction.atomic
def confirm_match(flagged: Flagged, *, actor: Actor) -> Flagged:
    """Say that the person whom name and phone propose is the one who is meant; who answers for him is told. Raises FlagMoved."""
    actor.must(Can.TRACE_CONTACTS, over=flagged.park)
    flagged = _locked(flagged)
    if flagged.matched_by == "confirmed" and flagged.stage != FlagStage.WAITING:
        return flagged
    _must_stand_at(flagged, FlagStage.WAITING, has_person=True)
    flagged.stage, flagged.matched_by = FlagStage.MATCHED, "confirmed"
    flagged.save(update_fields=["stage", "matched_by"])
    tell_who_answers(flagged.park, [flagged], once=str(flagged.pk), actor=actor)
    note("flagged.confirmed", actor=actor, at=clock.now(), park_id=flagged.park_id, subject=f"flagged:{flagged.pk}")
    return flagged


@transaction.atomic
def refuse_match(flagged: Flagged, *, actor: Actor) -> Flagged:
    """Say that it is somebody else: the line stands among those to be returned. Raises FlagMoved."""
    actor.must(Can.TRACE_CONTACTS, over=flagged.park)
    flagged = _locked(flagged)
    if flagged.stage == FlagStage.WAITING and flagged.person is None:
        return flagged
    _must_stand_at(flagged, FlagStage.WAITING, has_person=True)
    flagged.person, flagged.matched_by = None, ""
    flagged.save(update_fields=["person", "matched_by"])
    note("flagged.refused", actor=actor, at=clock.now(), park_id=flagged.park_id, subject=f"flagged:{flagged.pk}")
    return flagged


@transaction.atomic
def return_unmatched(park: Park, *, reason: str, actor: Actor, until: datetime | None = None) -> int:
    """Return every line that found nobody, with one press and one reason; lines taken in later than `until` stay.

    Raises ReasonMissing.
    """
    actor.must(Can.TRACE_CONTACTS, over=park)
    reason = _reason(reason)
    now = clock.now()
    rows = Flagged.objects.filter(park=park, stage=FlagStage.WAITING, person=None, imported_at__lte=until or now)
    count = rows.update(stage=FlagStage.RETURNED, outcome=reason, acted_at=now, ended_by=actor.key, ended_by_name=actor.name)
    if count:
        note("flagged.returned", actor=actor, at=now, park_id=park.pk, people=count, reason=reason)
    return count


@transaction.atomic
def mark_found(flagged: Flagged, *, actor: Actor) -> Flagged:
    """Say that he was found. Said again, nothing changes. Raises FlagMoved."""
    flagged = _held(flagged, actor)
    if flagged.found_at:
        return flagged
    _must_stand_at(flagged, *TO_FIND, has_person=True)
    flagged.stage, flagged.found_at = FlagStage.FOUND, clock.now()
    flagged.save(update_fields=["stage", "found_at"])
    note("flagged.found", actor=actor, at=flagged.found_at, park_id=flagged.park_id, subject=f"flagged:{flagged.pk}")
    return flagged


@transaction.atomic
def act_on(flagged: Flagged, deed: str, *, words: str = "", actor: Actor) -> Flagged:
    """Say what was done with him; control is proposed by the rules of the day. The same said again changes nothing.

    Raises FlagMoved, FlagNotControlled, ReasonMissing.
    """
    flagged = _held(flagged, actor)
    if deed not in FlagDeed.values:
        raise ReasonMissing(most=LONGEST)
    outcome = f"{deed}: {words.strip()}".removesuffix(": ") if not words.strip() else f"{deed}: {_reason(words)}"
    if flagged.stage == FlagStage.ACTED and flagged.outcome == outcome:
        return flagged
    _must_stand_at(flagged, *TO_ACT_ON, has_person=True)
    now = clock.now()
    if deed == FlagDeed.ORDER_PROPOSED:
        _propose(flagged, now, actor)
    flagged.stage, flagged.acted_at, flagged.found_at = FlagStage.ACTED, now, flagged.found_at or now
    flagged.outcome, flagged.ended_by, flagged.ended_by_name = outcome, actor.key, actor.name
    flagged.save(update_fields=["stage", "acted_at", "found_at", "outcome", "ended_by", "ended_by_name"])
    note("flagged.acted", actor=actor, at=now, park_id=flagged.park_id, subject=f"flagged:{flagged.pk}", kind=deed)
    return flagged


def _propose(flagged: Flagged, now: datetime, actor: Actor) -> None:
    """Control as after a high-risk area, counted from the day that the list names."""
    order = flagged.person and flagged.left_on and propose_for_area(
        flagged.person, "high", left_on=flagged.left_on, reason="flagged_by_another_place", at=now, actor=actor,
        evidence={"pushed_by": flagged.pushed_by, "flagged": flagged.pk, "words": flagged.reason})
    if not order:
        raise FlagNotControlled(day=str(now.astimezone(flagged.park.zone).date()))


def _held(flagged: Flagged, actor: Actor) -> Flagged:
    """The line, held while it is changed, for who may act on this person. Raises NotAllowed."""
    flagged = _locked(flagged)
    actor.must(Can.CARRY_OUT_ORDERS, over=whereabouts(flagged.person) if flagged.person else flagged.park)
    return flagged


def _locked(flagged: Flagged) -> Flagged:
    return Flagged.objects.select_for_update(of=("self",)).select_related("park", "person__park").get(pk=flagged.pk)


def _must_stand_at(flagged: Flagged, *stages: FlagStage, has_person: bool) -> None:
    if flagged.stage not in stages or (flagged.person is not None) is not has_person:
        raise FlagMoved(stage=str(FlagStage(flagged.stage).label))


def _reason(words: str) -> str:
    words = words.strip()
    if not words or len(words) > LONGEST or not words.isprintable():
        raise ReasonMissing(most=LONGEST)
    return words
