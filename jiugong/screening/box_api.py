"""Boxes for programs: phones that pack and hand over, laboratories that receive. Everything may be sent twice.

A box is named by the code on it: the last filling of it that you may see. Moments are the device's, never after arrival.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, ValidationError

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant
from jiugong.screening.actions.boxes import Put, PutAnswer, drop_box, open_box, put_tubes, seal_box, take_out
from jiugong.screening.actions.custody import explain, hand_over, receive_at_laboratory, take_along, take_back
from jiugong.screening.box_errors import BoxMisshapen, BoxUnknown
from jiugong.screening.errors import MomentUnclear, PointUnknown
from jiugong.screening.models import Box, Leg, Packed, Point
from jiugong.screening.moments import moment_said
from jiugong.screening.queries.boxes import (
    box_called,
    boxes_of,
    counts_of,
    leg_for,
    legs_of,
    must_see_boxes,
    narrowed,
    packed_in,
    ways_of,
)
from jiugong.screening.queries.tubes import points_for
from jiugong.screening.words import BoxStage

MOST_BOXES = 500

router = Router(tags=["boxes"])


class BoxIn(Schema):
    park: str = ""
    client_id: str = Field(description="An id that the device made for this box.")
    code: str
    point: str
    opened_at: str = ""


class PutIn(Schema):
    """One tube into one box."""

    put_id: str
    box: str
    tube: str
    put_at: str = ""


class PutsIn(Schema):
    """Up to 500 tubes. Each row has the shape of `PutIn`; a row that has not is refused alone."""

    park: str = ""
    puts: list[dict[str, Any]]


class MomentIn(Schema):
    park: str = ""
    at: str = Field("", description="ISO moment; absent is now.")


class TakeOutIn(MomentIn):
    tube: str


class GiveIn(MomentIn):
    leg_id: str = Field(description="An id that the device made for this hand-over.")
    gave: int = Field(ge=0, le=1000, description="How many tubes you hand over.")
    to_whom: str = ""


class ReceiveIn(MomentIn):
    receipt_id: str = Field(description="An id that the device made for this receipt.")
    counted: int | None = Field(None, ge=0, le=1000, description="How many tubes you counted; absent: as many as you scanned.")
    scanned: list[str] = Field([], max_length=1000, description="The codes of the tubes that you scanned.")


class ExplainIn(Schema):
    park: str = ""
    text: str


@router.get("/boxes", summary="The boxes that you may see, the last one first")
def get_boxes(request: HttpRequest, park: str = "", stage: str = "", q: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    must_see_boxes(actor, here)
    listed = list(narrowed(boxes_of(actor, here), text=q.replace("\0", ""), stage=stage if stage in BoxStage.values else "")
                  [:MOST_BOXES])
    packed, legs = packed_in(listed), legs_of(listed)
    ways = ways_of(here, listed, packed)
    return {"boxes": [_as_data(box, packed.get(box.pk, []), legs.get(box.pk, []), ways[box.pk]) for box in listed]}


@router.post("/boxes", summary="Open a box at a point; the same id again is answered as the first time")
def post_box(request: HttpRequest, sent: BoxIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    return _told(here, open_box(here, sent.code, point=_point(actor, here, sent.point), client_id=sent.client_id, actor=actor,
                                at=_at(sent.opened_at, here)))


@router.post("/boxes/put", summary="Put up to 500 tubes into boxes; an answer for each, in the same order")
def post_puts(request: HttpRequest, sent: PutsIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    must_see_boxes(actor, here)
    read = [_put(row, here) for row in sent.puts]
    answers = iter(put_tubes(here, [each for each in read if isinstance(each, Put)], actor=actor))
    return {"answers": [asdict(next(answers) if isinstance(each, Put) else PutAnswer(
        put_id=str(row.get("put_id", ""))[:64], status="refused", code=each.code, message=str(each)))
        for each, row in zip(read, sent.puts, strict=True)], "now": clock.now()}


@router.get("/boxes/{code}", summary="What is in a box, who has it in hand, and every hand-over")
def get_box(request: HttpRequest, code: str, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    return _told(here, box_called(actor, here, code))


@router.post("/boxes/{code}/take-out", summary="Take a tube out of an open box")
def post_take_out(request: HttpRequest, code: str, sent: TakeOutIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    return _told(here, take_out(box, sent.tube, actor=actor, at=_at(sent.at, here)))


@router.post("/boxes/{code}/seal", summary="Seal a box; sealed already, nothing changes")
def post_box_seal(request: HttpRequest, code: str, sent: MomentIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    return _told(here, seal_box(box, actor=actor, at=_at(sent.at, here)))


@router.post("/boxes/{code}/drop", summary="Put away a box that was never filled")
def post_drop(request: HttpRequest, code: str, sent: MomentIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    return _told(here, drop_box(box, actor=actor))


@router.post("/boxes/{code}/hand-over", summary="Hand a box over and say how many tubes are in it")
def post_hand_over(request: HttpRequest, code: str, sent: GiveIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    hand_over(box, leg_id=sent.leg_id, gave=sent.gave, to_whom=sent.to_whom, actor=actor, at=_at(sent.at, here))
    return _told(here, box)


@router.post("/boxes/{code}/take-back", summary="Withdraw a hand-over that nobody has received")
def post_take_back(request: HttpRequest, code: str, sent: MomentIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    return _told(here, take_back(box, actor=actor))


@router.post("/boxes/{code}/take-along", summary="Receive a box to carry it on")
def post_take_along(request: HttpRequest, code: str, sent: ReceiveIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    take_along(box, receipt_id=sent.receipt_id, counted=sent.counted, scanned=sent.scanned, actor=actor, at=_at(sent.at, here))
    return _told(here, box)


@router.post("/boxes/{code}/deliver", summary="Receive a box at the laboratory")
def post_deliver(request: HttpRequest, code: str, sent: ReceiveIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    receive_at_laboratory(box, receipt_id=sent.receipt_id, counted=sent.counted, scanned=sent.scanned, actor=actor,
                          at=_at(sent.at, here))
    return _told(here, box)


@router.post("/boxes/{code}/legs/{leg}/explain", summary="Say why the counts of a hand-over did not agree")
def post_explain(request: HttpRequest, code: str, leg: int, sent: ExplainIn) -> dict[str, Any]:
    actor, here, box = _asked(request, sent.park, code)
    actor.must(Can.SETTLE_SAMPLING, over=box)
    explain(leg_for(box, leg), text=sent.text, actor=actor)
    return _told(here, box)


def _asked(request: HttpRequest, park: str, code: str) -> tuple[Actor, Park, Box]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    return actor, here, box_called(actor, here, code)


def _point(actor: Actor, park: Park, name: str) -> Point:
    """The point of this name at which the actor samples. Raises PointUnknown."""
    known = list(points_for(actor, park))
    found = next((point for point in known if point.key == name_key(name)), None)
    if found is None:
        actor.must_somewhere(Can.BIND_SPECIMENS, within=park)
        raise PointUnknown(point=name, known=", ".join(point.name for point in known) or "-")
    return found


def _at(text: str, park: Park) -> datetime | None:
    return moment_said(text, park) if text else None


def _put(row: dict[str, Any], park: Park) -> Put | Refusal:
    try:
        read = PutIn.model_validate(row)
        return Put(put_id=read.put_id, box=read.box, tube=read.tube, put_at=_at(read.put_at, park))
    except ValidationError as reason:
        return BoxMisshapen(field=".".join(map(str, reason.errors()[0]["loc"])) or "row")
    except MomentUnclear:
        return BoxMisshapen(field="put_at")


def _told(park: Park, box: Box) -> dict[str, Any]:
    found = Box.objects.select_related("point").filter(pk=box.pk).first()
    if found is None:
        raise BoxUnknown(box=box.code)
    packed, legs = packed_in([found]).get(found.pk, []), legs_of([found]).get(found.pk, [])
    return _as_data(found, packed, legs, ways_of(park, [found], {found.pk: packed})[found.pk])


def _as_data(box: Box, packed: list[Packed], legs: list[Leg], way: Any) -> dict[str, Any]:
    now = clock.now()
    return {"box": box.code, "point": box.point.name, "stage": box.stage, "holder": box.holder_name, "opened_at": box.opened_at,
            "sealed_at": box.sealed_at, "tubes": [each.code for each in packed], "oldest_swab_at": way.since,
            "limit_at": way.limit_at, "late": way.is_late(now), "legs": [_leg_as_data(leg, packed) for leg in legs]}


def _leg_as_data(leg: Leg, packed: list[Packed]) -> dict[str, Any]:
    told = counts_of(leg, packed)
    return {"leg": leg.pk, "leg_id": leg.leg_id, "given_by": leg.given_by_name, "given_at": leg.given_at, "gave": leg.gave,
            "to_whom": leg.to_whom, "withdrawn_at": leg.withdrawn_at, "received_by": leg.received_by_name,
            "received_at": leg.received_at, "counted": leg.counted, "at_laboratory": leg.at_laboratory, "differs": leg.differs,
            "missing": told.missing, "extra": told.extra, "unknown_which": told.unknown_which,
            "explanation": leg.explanation, "explained_by": leg.explained_by_name, "explained_at": leg.explained_at}
