"""Duties for programs: evidence as phones send it, checks, excuses, remote work, lists of returnees and of training.

Everything may be sent twice: the second time is answered as the first. Times without an offset are the park's.
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field, ValidationError

from jiugong.duties.actions import MOST_PIECES, Answer, Piece, check, excuse, record_all, withdraw, work_from_home
from jiugong.duties.actions.training_files import import_training, read_training
from jiugong.duties.errors import EvidenceRowMisshapen, MomentUnclear, TooMuchEvidence
from jiugong.duties.models import Evidence, Excuse
from jiugong.duties.queries import Subjects, Whom, excuse_for
from jiugong.duties.queries.evidence import (
    STATES,
    Sought,
    doubts_about,
    evidence_for,
    evidence_listed,
    waiting_for_check,
)
from jiugong.duties.queries.excuses import EXCUSE_STATES, excuses_listed
from jiugong.duties.queries.returnees import before_each, changes_since, late_lists, latest_lists, returnees_on
from jiugong.duties.queries.subjects import subject_of
from jiugong.duties.queries.training import officers_untrained
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.forms import content_of
from jiugong.registry.models import Park, Person, Place
from jiugong.registry.queries.doors import park_meant

router = Router(tags=["duties"])
A_PAGE, LAST_PAGE = 200, 1_000_000


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


class EvidenceAsked(Schema):
    """How the list is narrowed: `first` and `last` are park days, `state` is unchecked, passed, failed or invalid."""

    park: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None
    state: str = ""
    q: str = ""
    page: int = Field(1, ge=1, le=LAST_PAGE)


class CheckIn(Schema):
    """Whether it is good; what is not needs a remark."""

    park: str = ""
    passed: bool
    remark: str = ""


class RemoteIn(Schema):
    """Who works from home, by the ids of their pages, from one park day to another, both included."""

    park: str = ""
    people: list[UUID]
    reason: str
    since: date
    until: date


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


@router.get("/evidence", summary="What was recorded, newest first, 200 at a time")
def get_evidence(request: HttpRequest, asked: Query[EvidenceAsked]) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, asked.park)
    rows = evidence_listed(actor, park, Sought(
        kind=asked.kind, first=asked.first, last=asked.last, text=asked.q.replace("\0", ""),
        state=asked.state if asked.state in STATES else ""))
    start = (asked.page - 1) * A_PAGE
    listed = list(rows[start:start + A_PAGE])
    _note_looks(actor, park, listed)
    doubts = doubts_about(listed)
    return {"count": rows.count(), "page": asked.page,
            "evidence": [_evidence_as_data(row) | {"doubts": list(doubts.get(row.pk, ()))} for row in listed]}


@router.get("/checks", summary="What waits for a check by somebody else, the oldest first, up to 200")
def get_checks(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    rows = waiting_for_check(actor, here, clock.now())
    return {"count": rows.count(), "evidence": [_evidence_as_data(row) for row in rows[:A_PAGE]]}


@router.post("/checks/{int:number}", summary="Check what somebody else did: good, or to be done again")
def post_check(request: HttpRequest, number: int, sent: CheckIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    made = check(evidence_for(actor, here, number), passed=sent.passed, remark=sent.remark, actor=actor)
    return {"id": number, "passed": made.passed, "remark": made.remark, "checked_by": made.checked_by_name,
            "checked_at": made.checked_at}


@router.post("/remote", summary="Let up to 500 people work from home; all of them or nobody; again changes nothing")
def post_remote(request: HttpRequest, sent: RemoteIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    given = work_from_home(here, sent.people, reason=sent.reason, since=sent.since, until=sent.until, actor=actor)
    return {"excuses": [_as_data(each) for each in given]}


@router.get("/returnees", summary="The latest list of each unit with what changed, and who is late with his list")
def get_returnees(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor, at = actor_of(request), clock.now()
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    reach = actor.reach(Can.SEE_PEOPLE)
    lists = list(latest_lists(here, at, reach)[:A_PAGE])
    before = before_each(lists)
    return {
        "lists": [{"id": each.pk, "unit": str(each.unit), "at": each.happened_at, "returnees": returnees_on(each),
                   **_delta_as_data(each, before.get(each.pk))} for each in lists],
        "late": [{"unit": str(each.unit), "unit_id": each.unit.uid, "due_on": each.due_on, "duty": each.key}
                 for each in late_lists(here, at, reach)]}


@router.get("/untrained", summary="Officers in charge on a day who are not trained for their role on it")
def get_untrained(request: HttpRequest, park: str = "", day: date | None = None) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    wanted = day or days.day_of(clock.now(), here.zone)
    charges = list(officers_untrained(here, wanted, actor.reach(Can.SEE_PEOPLE)))
    looked(actor=actor, park_id=here.pk, person_ids=dict.fromkeys(each.person_id for each in charges),
           fields=("list",), reason="opened a list of names", at=clock.now())
    return {"day": wanted, "officers": [{"person": each.person.uid, "name": each.person.name, "role": each.role,
                                         "over": str(each.unit or each.place)} for each in charges]}


@router.post("/files/training", summary="Take a list of training, as `jiugong import training` does")
def post_training_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    read = read_training(content_of(file), name=file.name or "", park=here)
    return import_training(here, read, actor=actor).as_data()


@router.get("/excuses", summary="Excuses, those that end last first, 200 at a time; `state` is now, to_come, over or empty")
def get_excuses(request: HttpRequest, park: str = "", state: str = "now", duty: str = "", q: str = "",
                page: int = 1) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    rows = excuses_listed(actor, here, clock.now(), state=state if state in EXCUSE_STATES else "", duty=duty, text=q)
    start = (min(max(page, 1), LAST_PAGE) - 1) * A_PAGE
    listed = list(rows[start:start + A_PAGE])
    _note_looks(actor, here, listed)
    return {"count": rows.count(), "excuses": [_as_data(each) | _about_as_data(each) for each in listed]}


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


def _evidence_as_data(row: Evidence) -> dict[str, Any]:
    made = getattr(row, "check_made", None)
    checked = {"passed": made.passed, "remark": made.remark, "checked_by": made.checked_by_name,
               "checked_at": made.checked_at} if made else None
    return {"id": row.pk, "client_id": row.client_id, "kind": row.kind, **_about_as_data(row), "data": row.data,
            "valid": row.valid, "happened_at": row.happened_at, "received_at": row.received_at, "check": checked}


def _about_as_data(row: Evidence | Excuse) -> dict[str, Any]:
    subject = subject_of(row)
    name = "person" if isinstance(subject, Person) else "place" if isinstance(subject, Place) else "unit"
    return {name: subject.pk if isinstance(subject, Place) else subject.uid, "name": str(subject)}


def _delta_as_data(row: Evidence, before: Evidence | None) -> dict[str, Any]:
    changes = changes_since(row, before)
    return {"new": list(changes.new), "gone": list(changes.gone),
            "changed": [{"before": was, "now": now} for was, now in changes.changed]}


def _note_looks(actor: Actor, park: Park, rows: list[Evidence] | list[Excuse]) -> None:
    looked(actor=actor, park_id=park.pk, fields=("evidence",), reason="opened a list of evidence", at=clock.now(),
           person_ids=dict.fromkeys(row.person_id for row in rows if row.person_id))
