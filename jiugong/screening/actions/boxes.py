"""Packing a box: opened at a point, tubes put in and taken out, sealed. Each step may be sent twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park
from jiugong.screening.box_errors import (
    NOT_HERE_YET,
    STILL_OPEN,
    BoxClosed,
    BoxEmpty,
    BoxIdReused,
    BoxMisshapen,
    BoxMoved,
    BoxNotEmpty,
    BoxUnderWay,
    BoxUnknown,
    TooManyPuts,
    TubeInOtherBox,
    TubeNotInBox,
)
from jiugong.screening.models import Box, Packed, Point, Tube
from jiugong.screening.stages import ENDS, NEXT, Stage
from jiugong.screening.words import BoxStage

MOST_PUTS = 500
LONGEST_ID, LONGEST_CODE = 64, 40
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Put:
    """One tube put into one box, as a device sends it. The moment is aware; absent is now."""

    put_id: str
    box: str
    tube: str
    put_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PutAnswer:
    """What became of it: `accepted`, `repeat` or `refused`, with what its sender should know."""

    put_id: str
    status: str
    code: str = ""
    message: str = ""
    box: str = ""
    tube: str = ""
    tubes: int = 0


def open_box(park: Park, code: str, *, point: Point, client_id: str, actor: Actor, at: datetime | None = None) -> Box:
    """Begin to fill a box at a point. The same id again is answered with the same box.

    Raises BoxMisshapen, BoxUnderWay, BoxIdReused.
    """
    actor.must(Can.BIND_SPECIMENS, over=point)
    code = folded(code)
    must_fit(code=code, client_id=client_id)
    try:
        with transaction.atomic():
            return _open_box(park, code, point, client_id, actor, at)
    except IntegrityError:                       # the same, or another of this code, was opened at this very moment
        with transaction.atomic():
            return _open_box(park, code, point, client_id, actor, at)


def _open_box(park: Park, code: str, point: Point, client_id: str, actor: Actor, at: datetime | None) -> Box:
    before = Box.objects.filter(park=park, client_id=client_id).select_related("park", "point__unit", "point__place").first()
    if before:
        if (before.code, before.point_id) != (code, point.pk):
            raise BoxIdReused(id=client_id)
        return before
    if Box.objects.filter(park=park, code=code).exclude(stage__in=ENDS).exists():
        raise BoxUnderWay(box=code)
    opened_at = happened(at)

    box = Box.objects.create(park=park, client_id=client_id, code=code, point=point, stage=Stage.OPEN.value,
                             opened_at=opened_at, opened_by=actor.key, holder=actor.key, holder_name=actor.name)

    note("box.opened", actor=actor, at=opened_at, park_id=park.pk, subject=f"box:{code}", point=point.name)
    return box


def put_tubes(park: Park, puts: Sequence[Put], *, actor: Actor) -> list[PutAnswer]:
    """Put tubes into boxes; one answer for each, in the same order. What cannot be put is refused alone.

    A tube that is still open, or of which no scan has arrived yet, is taken with a warning. Raises TooManyPuts.
    """
    if len(puts) > MOST_PUTS:
        raise TooManyPuts(count=len(puts), most=MOST_PUTS)
    return [_put_safely(park, put, actor) for put in puts]


def _put_safely(park: Park, put: Put, actor: Actor) -> PutAnswer:
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _put(park, put, actor)
        except IntegrityError:                   # another device put the same tube at this very moment
            if not left:
                raise
        except Refusal as refusal:
            return PutAnswer(put_id=put.put_id, status="refused", code=refusal.code, message=str(refusal), box=put.box,
                             tube=put.tube)
    raise AssertionError("unreachable")


def _put(park: Park, put: Put, actor: Actor) -> PutAnswer:
    tube, code = folded(put.tube), folded(put.box)
    must_fit(put_id=put.put_id, tube=tube, box=code)
    before = Packed.objects.filter(park=park, put_id=put.put_id).select_related("box__park", "box__point__unit",
                                                                                "box__point__place").first()
    if before:
        if not actor.may(Can.BIND_SPECIMENS, over=before.box):
            raise BoxUnknown(box=code)
        if (before.box.code, before.code) != (code, tube):
            raise BoxIdReused(id=put.put_id)
        return _answer(put, before.box, tube, "repeat")
    box = _box_to_fill(park, code, actor)
    other = Packed.objects.filter(park=park, code=tube, taken_at=None).select_related("box").first()
    if other and other.box_id == box.pk:
        return _answer(put, box, tube, "repeat")
    if other:
        raise TubeInOtherBox(tube=tube, box=other.box.code)
    if Stage(box.stage) is not Stage.OPEN:
        raise BoxClosed(box=box.code)

    Packed.objects.create(park=park, box=box, put_id=put.put_id, code=tube, put_at=happened(put.put_at), put_by=actor.key)
    return _answer(put, box, tube, "accepted")


def _answer(put: Put, box: Box, tube: str, status: str) -> PutAnswer:
    found = Tube.objects.filter(park=box.park_id, code=tube).only("sealed_at").first()
    code = message = ""
    if found is None:
        code, message = "screening.tube_not_here_yet", str(NOT_HERE_YET) % {"tube": tube}
    elif found.sealed_at is None:
        code, message = "screening.tube_still_open", str(STILL_OPEN) % {"tube": tube}
    return PutAnswer(put_id=put.put_id, status=status, code=code, message=message, box=box.code, tube=tube,
                     tubes=Packed.objects.filter(box=box, taken_at=None).count())


@transaction.atomic
def take_out(box: Box, tube: str, *, actor: Actor, at: datetime | None = None) -> Box:
    """Take a tube out again while the box is open. Taken out already, nothing changes. Raises BoxClosed, TubeNotInBox."""
    actor.must(Can.BIND_SPECIMENS, over=box)
    box = _locked(box)
    rows = Packed.objects.filter(box=box, code=folded(tube))
    if not rows.exists():
        raise TubeNotInBox(tube=tube[:LONGEST_CODE], box=box.code)
    if Stage(box.stage) is not Stage.OPEN:
        raise BoxClosed(box=box.code)

    taken = rows.filter(taken_at=None).update(taken_at=happened(at), taken_by=actor.key)

    if taken:
        note("box.tube_taken_out", actor=actor, at=clock.now(), park_id=box.park_id, subject=f"box:{box.code}", tube=folded(tube))
    return box


@transaction.atomic
def seal_box(box: Box, *, actor: Actor, at: datetime | None = None) -> Box:
    """Close a box: what is in it stays as it is. Sealed already, nothing changes. Raises BoxEmpty, BoxMoved."""
    actor.must(Can.BIND_SPECIMENS, over=box)
    box = _locked(box)
    if box.sealed_at:
        return box
    tubes = Packed.objects.filter(box=box, taken_at=None).count()
    if not tubes and Stage(box.stage) is Stage.OPEN:
        raise BoxEmpty(box=box.code)
    sealed_at = happened(at)

    move(box, Stage.SEALED, sealed_at=sealed_at, sealed_by=actor.key, holder=actor.key, holder_name=actor.name)

    note("box.sealed", actor=actor, at=sealed_at, park_id=box.park_id, subject=f"box:{box.code}", tubes=tubes)
    return box


@transaction.atomic
def drop_box(box: Box, *, actor: Actor) -> Box:
    """Put a box away that was opened and never filled. Raises BoxNotEmpty, BoxMoved."""
    actor.must(Can.BIND_SPECIMENS, over=box)
    box = _locked(box)
    if Stage(box.stage) is Stage.DROPPED:
        return box
    if tubes := Packed.objects.filter(box=box, taken_at=None).count():
        raise BoxNotEmpty(box=box.code, tubes=tubes)
    now = clock.now()

    move(box, Stage.DROPPED, ended_at=now)

    note("box.dropped", actor=actor, at=now, park_id=box.park_id, subject=f"box:{box.code}")
    return box


def move(box: Box, stage: Stage, **facts: object) -> None:
    """Move a box to its next stage, if it still stands where it was read. Raises BoxMoved."""
    if stage not in NEXT[Stage(box.stage)]:
        raise BoxMoved(box=box.code, stage=str(BoxStage(box.stage).label))
    won = Box.objects.filter(pk=box.pk, stage=box.stage).update(stage=stage.value, **facts)
    box.refresh_from_db(fields=["stage", *facts])
    if not won:
        raise BoxMoved(box=box.code, stage=str(BoxStage(box.stage).label))


def must_fit(**texts: str) -> None:
    """Refuse what our tables cannot hold. Raises BoxMisshapen."""
    for field, text in texts.items():
        if not text.strip() or not text.isprintable() or len(text) > (LONGEST_ID if field.endswith("_id") else LONGEST_CODE):
            raise BoxMisshapen(field=field)


def happened(at: datetime | None) -> datetime:
    """When a device says that it happened; never after it arrived."""
    now = clock.now()
    return min(at or now, now)


def _box_to_fill(park: Park, code: str, actor: Actor) -> Box:
    """The box of this code that is filled now, locked. Raises BoxUnknown, also where the actor may not fill it."""
    found = (Box.objects.select_for_update(of=("self",), no_key=True).filter(park=park, code=code)
             .select_related("park", "point__park", "point__unit", "point__place").order_by("-pk").first())
    if found is None or not actor.may(Can.BIND_SPECIMENS, over=found):
        raise BoxUnknown(box=code)
    return found


def _locked(box: Box) -> Box:
    return (Box.objects.select_for_update(of=("self",), no_key=True)
            .select_related("park", "point__park", "point__unit", "point__place").get(pk=box.pk))
