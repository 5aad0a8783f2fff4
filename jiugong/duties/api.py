"""Duties for programs: evidence as phones send it, and excuses.

Everything may be sent twice: the second time is answered as the first. Times without an offset are the park's.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, ValidationError

from jiugong.duties.actions import MOST_PIECES, Answer, Piece, excuse, record_all, withdraw
from jiugong.duties.errors import EvidenceRowMisshapen, MomentUnclear, TooMuchEvidence
from jiugong.duties.models import Excuse
from jiugong.duties.queries import Subjects, Whom, excuse_for
from jiugong.http import actor_of
from jiugong.lib import days
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant

router = Router(tags=["duties"])


class WhomIn(Schema):
    """Exactly one: a person by ID number or by the id of his page, a unit by its id, a place by its number."""

    resident_id: str = Field("", max_length=40)
    person: UUID | None = None
    unit: UUID | None = None
    place: int | None = Field(None, ge=1, le=2**62)

    def whom(self) -> Whom:
        return Whom(resident_id=self.resident_id, person=self.person, unit=self.unit, place=self.place)


class PieceIn(WhomIn):
    """One piece of evidence: its kind, and the data in the shape of its kind."""

    client_id: str
    kind: str
    data: dict[str, Any] = {}
    happened_at: str = Field("", description="ISO moment; absent is now.")


class EvidenceIn(Schema):
    """Up to 500 pieces. Each row has the shape of `PieceIn`; a row that has not is refused alone."""

    park: str = Field("", description="Name or id. May be absent where you see exactly one park.")
    evidence: list[dict[str, Any]]


class ExcuseIn(WhomIn):
    park: str = ""
    duty: str = Field("", description="A duty's key, `screening.round.3` for a round, or empty for every duty.")
    reason: str
    since_at: str
    until_at: str


@router.post("/evidence", summary="Record up to 500 pieces of evidence; an answer for each, in the same order")
def post_evidence(request: HttpRequest, sent: EvidenceIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    if len(sent.evidence) > MOST_PIECES:
        raise TooMuchEvidence(count=len(sent.evidence), most=MOST_PIECES)
    read = [_piece(row, park) for row in sent.evidence]
    recorded = iter(record_all(park, [each for each in read if isinstance(each, Piece)], actor=actor))
    answers = [next(recorded) if isinstance(each, Piece) else
               Answer(client_id=str(row.get("client_id", ""))[:64], status="refused", code=each.code, message=str(each))
               for each, row in zip(read, sent.evidence, strict=True)]
    return {"answers": [asdict(answer) for answer in answers]}


@router.post("/excuses", summary="Excuse somebody for a while; the same excuse again changes nothing")
def post_excuse(request: HttpRequest, sent: ExcuseIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    subject = Subjects(actor, park, Can.EXCUSE, [sent.whom()]).one(sent.whom())
    return _as_data(excuse(park, subject, duty=sent.duty, reason=sent.reason, since_at=_moment(sent.since_at, park),
                           until_at=_moment(sent.until_at, park), actor=actor))


@router.delete("/excuses/{int:number}", summary="Withdraw an excuse now; what it excused until now stays excused")
def delete_excuse(request: HttpRequest, number: int) -> dict[str, Any]:
    actor = actor_of(request)
    return _as_data(withdraw(excuse_for(actor, number), actor=actor))


def _piece(row: dict[str, Any], park: Park) -> Piece | EvidenceRowMisshapen:
    try:
        read = PieceIn.model_validate(row)
        happened_at = _moment(read.happened_at, park) if read.happened_at else None
    except ValidationError as reason:
        return EvidenceRowMisshapen(field=".".join(map(str, reason.errors()[0]["loc"])) or "row")
    except MomentUnclear:
        return EvidenceRowMisshapen(field="happened_at")
    return Piece(client_id=read.client_id, kind=read.kind, whom=read.whom(), data=read.data, happened_at=happened_at)


def _moment(text: str, park: Park) -> datetime:
    try:
        moment = days.moment(text, park.zone)
        days.day_of(moment, park.zone)                           # the last hours of the calendar have no day here
        return moment
    except (ValueError, OverflowError):
        raise MomentUnclear(text=text) from None


def _as_data(given: Excuse) -> dict[str, Any]:
    return {"id": given.pk, "duty": given.duty, "reason": given.reason, "since_at": given.since_at,
            "until_at": given.until_at, "withdrawn_at": given.withdrawn_at, "decided_by": given.decided_by_name}
