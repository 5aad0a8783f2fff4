"""Screening for programs: phones that scan, laboratories that report, offices that open rounds.

Everything may be sent twice: the second time is answered as the first. Rows are answered one by one, so that one bad
row never holds up the others of a phone. Times without an offset are the park's local time.

Long because a program that scans should find every call it makes on one page.
"""

from dataclasses import asdict
from datetime import date, time
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import BaseModel, Field, ValidationError

from jiugong.accounts.remembering import remembered
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.errors import NotHere
from jiugong.registry.forms import content_of
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant, place_for, unit_for
from jiugong.screening.actions.permits import permit_sealing
from jiugong.screening.actions.point_files import import_points, read_point_file
from jiugong.screening.actions.points import Standing, set_up_point
from jiugong.screening.actions.results import (
    MOST_RESULTS,
    Report,
    Reported,
    import_results,
    read_result_file,
    report_all,
)
from jiugong.screening.actions.rounds import Target, open_round, withdraw_round
from jiugong.screening.actions.scan_files import import_scans, read_scan_file
from jiugong.screening.actions.tubes import seal
from jiugong.screening.actions.undoing import undo_scan
from jiugong.screening.errors import (
    MomentUnclear,
    ResultMisshapen,
    TooManyResults,
    TubeAlreadySealed,
)
from jiugong.screening.logic.reading import VALUES
from jiugong.screening.logic.reading_points import MOST_DESKS, hours_in_words
from jiugong.screening.models import Point, Round, Specimen
from jiugong.screening.queries.points import points_of
from jiugong.screening.queries.rounds import (
    any_round_for,
    coverage_of,
    enterprises_chosen,
    must_see_rounds,
    reach_into,
    rounds_of,
)
from jiugong.screening.queries.tubes import tube_for
from jiugong.screening.receiving import ScansIn, moment, receive
from jiugong.screening.words import PointKind

Row = TypeVar("Row", bound=BaseModel)

router = Router(tags=["screening"])


class UndoIn(Schema):
    """A scan of your own to be undone, while its tube is open. Sent twice, it is undone once."""

    park: str = ""
    scan_id: str
    undo_id: str = Field(description="An id that the device made for this undo.")
    reason: str = ""


class RoundIn(Schema):
    park: str = ""
    number: int | None = Field(None, ge=1, le=99_999)
    opens_at: str
    closes_at: str
    pool_size: int = 20
    place: int | None = Field(None, ge=1, le=2**62, description="A grid, by its number: only its enterprises owe.")
    unit: UUID | None = Field(None, description="An enterprise, by its id: only its people owe.")
    enterprises: list[UUID] = Field([], max_length=5_000, description="Chosen enterprises, by id: only their people owe.")
    posts: list[str] = Field([], max_length=500, description="Chosen posts, by name: only who has one of them owes.")
    key_posts_only: bool = False
    reason: str = Field("", max_length=300, description="Why these; needed where enterprises or posts are chosen.")


class WithdrawalIn(Schema):
    park: str = ""
    reason: str = Field(max_length=300, description="Why, in a few words.")


class PointIn(Schema):
    park: str = ""
    name: str = Field(max_length=120)
    kind: Literal["enterprise", "public", "door_to_door"]
    place: int | None = Field(None, ge=1, le=2**62, description="The grid whose roster it works down, by its number.")
    unit: UUID | None = Field(None, description="The enterprise at which it stands, by its id.")
    opens: time | None = Field(None, description="The park's time of day. What is not said is not known.")
    closes: time | None = None
    desks: int | None = Field(None, ge=1, le=MOST_DESKS)
    since: date | None = Field(None, description="The first day on which it stands.")
    until: date | None = Field(None, description="The first day without it.")


class SealIn(Schema):
    park: str = ""


class ResultIn(Schema):
    """What the laboratory says of one tube: negative, positive, suspicious or invalid (or 阴性, 阳性, 可疑, 无效)."""

    tube: str
    value: str
    reported_at: str
    swabs: int | None = Field(None, ge=0, le=1000)


class ResultsIn(Schema):
    """Up to 500 results. Each row has the shape of `ResultIn`; a row that has not is refused alone."""

    park: str = ""
    results: list[dict[str, Any]]


@router.post("/scans", summary="Bind up to 500 swabs to their tubes; an answer for each, in the same order")
def post_scans(request: HttpRequest, sent: ScansIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = remembered(("park", actor.key, sent.park), lambda: park_meant(actor, sent.park))
    return receive(park, sent, actor=actor, scanner=getattr(request.user, "person", None))


@router.post("/scans/undo", summary="Undo a scan of your own while its tube is open; the same again changes nothing")
def post_undo(request: HttpRequest, sent: UndoIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    return asdict(undo_scan(park, sent.scan_id, undo_id=sent.undo_id, reason=sent.reason, actor=actor))


@router.get("/rounds", summary="The rounds of a park and how far they are")
def get_rounds(request: HttpRequest, park: str = "", at: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    must_see_rounds(actor, here)
    when = moment(at, here) if at else clock.now()
    rounds = list(rounds_of(actor, here))
    figures = coverage_of(rounds, when, reach_into(actor, Can.SEE_BOARD, here))
    return {"rounds": [_round_as_data(each) | {
        "owed": figures[each.number].owed, "done": figures[each.number].done, "excused": figures[each.number].excused,
        "missing": figures[each.number].missing} for each in rounds]}


@router.post("/rounds", summary="Open a round; the same round again is answered as the first time")
def post_round(request: HttpRequest, sent: RoundIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    place = place_for(actor, sent.place, Can.OPEN_ROUNDS) if sent.place else None
    unit = unit_for(actor, sent.unit, Can.OPEN_OWN_ROUNDS) if sent.unit else None
    chosen = enterprises_chosen(actor, park, sent.enterprises)
    if any(thing and thing.park_id != park.pk for thing in (place, unit)):
        raise NotHere()
    return _round_as_data(open_round(
        park, number=sent.number, opens_at=moment(sent.opens_at, park), closes_at=moment(sent.closes_at, park),
        pool_size=sent.pool_size, place=place, unit=unit, actor=actor, target=Target(
            enterprises=chosen, posts=sent.posts, key_posts_only=sent.key_posts_only, reason=sent.reason)))


@router.post("/rounds/{number}/withdraw", summary="Take back a round that was opened by mistake and has no swab")
def post_round_withdrawal(request: HttpRequest, number: int, sent: WithdrawalIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    withdrawn = withdraw_round(any_round_for(actor, here, number), reason=sent.reason, actor=actor)
    return {"number": withdrawn.number, "withdrawn_at": withdrawn.withdrawn_at}


@router.get("/points", summary="The sampling points of a park")
def get_points(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    must_see_rounds(actor, here)
    return {"points": [_point_as_data(each) for each in points_of(here)]}


@router.post("/points", summary="Set up a sampling point; the same words again change nothing")
def post_point(request: HttpRequest, sent: PointIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    place = place_for(actor, sent.place, Can.OPEN_ROUNDS) if sent.place else None
    unit = unit_for(actor, sent.unit, Can.OPEN_ROUNDS) if sent.unit else None
    if any(thing and thing.park_id != park.pk for thing in (place, unit)):
        raise NotHere()
    standing = Standing(opens=sent.opens, closes=sent.closes, desks=sent.desks, since=sent.since, until=sent.until)
    return _point_as_data(set_up_point(park, sent.name, kind=PointKind(sent.kind), place=place, unit=unit, actor=actor,
                                       standing=standing))


def _point_as_data(point: Point) -> dict[str, Any]:
    return {"point": point.pk, "name": point.name, "kind": point.kind, "over": str(point.unit or point.place or ""),
            "hours": hours_in_words(point.opens, point.closes), "desks": point.desks, "since": point.since,
            "until": point.until}


@router.post("/tubes/{path:code}/seal", summary="Seal a tube, so that nobody can be bound to it any more")
def post_seal(request: HttpRequest, code: str, sent: SealIn | None = None) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park if sent else "")
    tube = tube_for(actor, park, code)
    actor.must(Can.BIND_SPECIMENS, over=tube.point)
    permit_sealing(tube, getattr(request.user, "person", None))
    try:
        seal(tube, actor=actor)
        status = "sealed"
    except TubeAlreadySealed:                                    # also by another device at this very moment
        status = "repeat"
    return {"tube": tube.code, "status": status, "sealed_at": tube.sealed_at,
            "bound": Specimen.objects.filter(tube=tube).count(), "capacity": tube.capacity}


@router.get("/tubes/{path:code}", summary="How full a tube is, and whether it is sealed")
def get_tube(request: HttpRequest, code: str, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    tube = tube_for(actor, park_meant(actor, park), code)
    return {"tube": tube.code, "round": tube.round.number, "point": tube.point.name, "capacity": tube.capacity,
            "bound": Specimen.objects.filter(tube=tube).count(), "sealed_at": tube.sealed_at}


@router.post("/results", summary="Report the results of up to 500 tubes; an answer for each, in the same order")
def post_results(request: HttpRequest, sent: ResultsIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    if len(sent.results) > MOST_RESULTS:
        raise TooManyResults(count=len(sent.results), most=MOST_RESULTS)
    reports = [_read(row, ResultIn, ResultMisshapen) for row in sent.results]
    read = [_report(row, park) if isinstance(row, ResultIn) else row for row in reports]
    good = [each for each in read if isinstance(each, Report)]
    recorded = iter(report_all(park, good, actor=actor))
    answers = [next(recorded) if isinstance(each, Report) else
               Reported(tube=str(row.get("tube", ""))[:40], status="refused", code=each.code, message=str(each))
               for each, row in zip(read, sent.results, strict=True)]
    return {"answers": [asdict(answer) for answer in answers]}


@router.post("/files/scans", summary="Take a file of scans, as `jiugong import scans` does")
def post_scan_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    records = read_scan_file(content_of(file), name=file.name or "", park=here)
    return import_scans(here, records, actor=actor).as_data()


@router.post("/files/results", summary="Take a laboratory's workbook, as `jiugong import results` does")
def post_result_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    records = read_result_file(content_of(file), name=file.name or "", park=here)
    return import_results(here, records, actor=actor).as_data()


@router.post("/files/points", summary="Take a list of sampling points, as `jiugong import points` does")
def post_point_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    records = read_point_file(content_of(file), name=file.name or "", park=here)
    return import_points(here, records, actor=actor).as_data()


def _read(row: dict[str, Any], shape: type[Row], wrong: type[Refusal]) -> Row | Refusal:
    try:
        return shape.model_validate(row)
    except ValidationError as reason:
        first = reason.errors()[0]["loc"]
        return wrong(field=".".join(map(str, first)) or "row")


def _report(row: ResultIn, park: Park) -> Report | Refusal:
    try:
        reported_at = moment(row.reported_at, park)
    except MomentUnclear:
        return ResultMisshapen(field="reported_at")
    return Report(tube=row.tube.strip(), value=VALUES.get(row.value, row.value), reported_at=reported_at,
                  swabs=row.swabs)


def _round_as_data(the_round: Round) -> dict[str, Any]:
    return {"number": the_round.number, "day": the_round.day, "opens_at": the_round.opens_at,
            "closes_at": the_round.closes_at, "pool_size": the_round.pool_size, "place": the_round.place_id,
            "unit": the_round.unit.uid if the_round.unit else None,
            "enterprises": [each.uid for each in the_round.enterprises.all()], "posts": the_round.posts,
            "key_posts_only": the_round.key_posts_only, "reason": the_round.reason}
