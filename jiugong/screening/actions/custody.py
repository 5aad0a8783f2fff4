"""Handing a box over: one side gives, the other receives, each as himself and each with a count."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.lib.sheets import tidy_title
from jiugong.screening.actions.boxes import happened, move, must_fit
from jiugong.screening.box_errors import (
    BoxIdReused,
    BoxMisshapen,
    BoxMoved,
    BoxNotOffered,
    BoxNotSealed,
    BoxNotYours,
    BoxSameHands,
    ExplanationMissing,
    NothingToExplain,
)
from jiugong.screening.logic.custody import compare
from jiugong.screening.models import Box, Leg, Packed
from jiugong.screening.stages import IN_HAND, Stage
from jiugong.screening.words import BoxStage

MOST_TUBES = 1000
LONGEST_EXPLANATION = 300
LONGEST_NAME = 80


def hand_over(box: Box, *, leg_id: str, gave: int, actor: Actor, to_whom: str = "", at: datetime | None = None) -> Leg:
    """Give a box out of one's hands and say how many tubes are in it. The same id again is answered as the first time.

    At its point whoever samples there hands it over, on its way who received it last.
    Raises BoxNotSealed, BoxNotYours, BoxMoved, BoxMisshapen, BoxIdReused.
    """
    must_fit(leg_id=leg_id)
    _must_be_a_count("gave", gave)
    if len(to_whom) > LONGEST_NAME or not to_whom.isprintable():
        raise BoxMisshapen(field="to_whom")
    return _once_more(lambda: _hand_over(box.pk, leg_id, gave, tidy_title(to_whom), actor, at))


def _hand_over(pk: int, leg_id: str, gave: int, to_whom: str, actor: Actor, at: datetime | None) -> Leg:
    box = _locked(pk)
    if before := Leg.objects.filter(park=box.park_id, leg_id=leg_id).first():
        if (before.box_id, before.given_by, before.gave) != (box.pk, actor.key, gave):
            raise BoxIdReused(id=leg_id)
        return before
    stage = Stage(box.stage)
    if box.holder != actor.key or stage is Stage.SEALED:
        actor.must(Can.BIND_SPECIMENS, over=box)
    if stage is Stage.OPEN:
        raise BoxNotSealed(box=box.code)
    if stage not in IN_HAND:
        raise BoxMoved(box=box.code, stage=str(BoxStage(box.stage).label))
    if stage is Stage.CARRIED and box.holder != actor.key:
        raise BoxNotYours(box=box.code, holder=box.holder_name)
    given_at = happened(at)

    move(box, Stage.OFFERED, holder=actor.key, holder_name=actor.name)
    leg = Leg.objects.create(park_id=box.park_id, box=box, leg_id=leg_id, given_at=given_at, given_by=actor.key,
                             given_by_name=actor.name, gave=gave, to_whom=to_whom, differs=gave != _packed(box).count())

    note("box.handed_over", actor=actor, at=given_at, park_id=box.park_id, subject=f"box:{box.code}", tubes=gave, to=to_whom)
    return leg


@transaction.atomic
def take_back(box: Box, *, actor: Actor) -> Box:
    """Withdraw a hand-over that nobody has received. Withdrawn already, nothing changes. Raises BoxNotYours, BoxMoved."""
    box = _locked(box.pk)
    if box.holder != actor.key:
        actor.must(Can.BIND_SPECIMENS, over=box)
    leg = _waiting(box)
    if leg is None:
        if Stage(box.stage) in IN_HAND and box.holder == actor.key:
            return box
        raise BoxMoved(box=box.code, stage=str(BoxStage(box.stage).label))
    if leg.given_by != actor.key:
        raise BoxNotYours(box=box.code, holder=leg.given_by_name)
    now = clock.now()
    carried = Leg.objects.filter(box=box, received_at__isnull=False).exists()

    move(box, Stage.CARRIED if carried else Stage.SEALED)
    Leg.objects.filter(pk=leg.pk).update(withdrawn_at=now)

    note("box.taken_back", actor=actor, at=now, park_id=box.park_id, subject=f"box:{box.code}")
    return box


def take_along(box: Box, *, receipt_id: str, actor: Actor, counted: int | None = None, scanned: Sequence[str] = (),
               at: datetime | None = None) -> Leg:
    """Receive a box that was handed over, to carry it on. Count the tubes, scan them, or both.

    Raises BoxNotOffered, BoxSameHands, BoxMisshapen, BoxIdReused.
    """
    actor.must(Can.CARRY_BOXES, over=box)
    return _receive(box, Stage.CARRIED, receipt_id, counted, scanned, actor, at)


def receive_at_laboratory(box: Box, *, receipt_id: str, actor: Actor, counted: int | None = None,
                          scanned: Sequence[str] = (), at: datetime | None = None) -> Leg:
    """Receive a box where its tubes are tested. Its way ends here.

    Raises BoxNotOffered, BoxSameHands, BoxMisshapen, BoxIdReused.
    """
    actor.must(Can.REPORT_RESULTS, over=box)
    return _receive(box, Stage.DELIVERED, receipt_id, counted, scanned, actor, at)


def _receive(box: Box, stage: Stage, receipt_id: str, counted: int | None, scanned: Sequence[str], actor: Actor,
             at: datetime | None) -> Leg:
    must_fit(receipt_id=receipt_id)
    codes = sorted({folded(code) for code in scanned if code.strip()})
    if len(codes) > MOST_TUBES or any(len(code) > LONGEST_NAME or not code.isprintable() for code in codes):
        raise BoxMisshapen(field="scanned")
    if counted is None:
        if not codes:
            raise BoxMisshapen(field="counted")
        counted = len(codes)
    _must_be_a_count("counted", counted)
    return _once_more(lambda: _sign(box.pk, stage, receipt_id, counted, codes, actor, at))


def _sign(pk: int, stage: Stage, receipt_id: str, counted: int, codes: list[str], actor: Actor, at: datetime | None) -> Leg:
    box = _locked(pk)
    if before := Leg.objects.filter(park=box.park_id, receipt_id=receipt_id).first():
        if (before.box_id, before.received_by, before.counted) != (box.pk, actor.key, counted):
            raise BoxIdReused(id=receipt_id)
        return before
    leg = _waiting(box)
    if leg is None:
        raise BoxNotOffered(box=box.code, holder=box.holder_name)
    if leg.given_by == actor.key:
        raise BoxSameHands(box=box.code)
    received_at = max(happened(at), leg.given_at)                # whose clock is behind did not receive before it was given
    packed = set(_packed(box).values_list("code", flat=True))
    told = compare(packed, gave=leg.gave, counted=counted, scanned=codes)
    at_laboratory = stage is Stage.DELIVERED

    move(box, stage, holder=actor.key, holder_name=actor.name, ended_at=received_at if at_laboratory else None)
    leg.receipt_id, leg.received_at, leg.received_by, leg.received_by_name = receipt_id, received_at, actor.key, actor.name
    leg.counted, leg.scanned, leg.at_laboratory, leg.differs = counted, codes, at_laboratory, not told.agree
    leg.save()

    note("box.received", actor=actor, at=received_at, park_id=box.park_id, subject=f"box:{box.code}", tubes=counted,
         before=leg.gave)
    return leg


@transaction.atomic
def explain(leg: Leg, *, text: str, actor: Actor) -> Leg:
    """Say why two counts did not agree. The same words again change nothing. Raises ExplanationMissing, NothingToExplain."""
    actor.must(Can.SETTLE_SAMPLING, over=leg)
    text = text.strip()
    if not text or len(text) > LONGEST_EXPLANATION or not text.isprintable():
        raise ExplanationMissing(most=LONGEST_EXPLANATION)
    leg = Leg.objects.select_for_update(of=("self",)).select_related("box").get(pk=leg.pk)
    if leg.explained_at and leg.explanation == text:
        return leg
    if not leg.differs or leg.explained_at or not leg.received_at:
        raise NothingToExplain()
    now = clock.now()

    leg.explanation, leg.explained_at, leg.explained_by, leg.explained_by_name = text, now, actor.key, actor.name
    leg.save(update_fields=["explanation", "explained_at", "explained_by", "explained_by_name"])

    note("box.difference_explained", actor=actor, at=now, park_id=leg.park_id, subject=f"box:{leg.box.code}", reason=text)
    return leg


def _must_be_a_count(field: str, count: int) -> None:
    if not 0 <= count <= MOST_TUBES:
        raise BoxMisshapen(field=field)


def _packed(box: Box) -> QuerySet[Packed]:
    return Packed.objects.filter(box=box, taken_at=None)


def _waiting(box: Box) -> Leg | None:
    """The hand-over of a box that nobody has received yet."""
    return Leg.objects.filter(box=box, received_at=None, withdrawn_at=None).first()


def _locked(pk: int) -> Box:
    return (Box.objects.select_for_update(of=("self",), no_key=True)
            .select_related("park", "point__park", "point__unit", "point__place").get(pk=pk))


def _once_more(sign: Callable[[], Leg]) -> Leg:
    """Sign in one transaction; where the same arrived twice at this very moment, the second time finds the first."""
    try:
        with transaction.atomic():
            return sign()
    except IntegrityError:
        with transaction.atomic():
            return sign()
