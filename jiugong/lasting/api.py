"""What is kept, the end of it, and objections, for programs."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lasting.actions.objecting import answer
from jiugong.lasting.models import Objection
from jiugong.lasting.purposes import purpose_in_words, register
from jiugong.lasting.queries.ending import listed
from jiugong.lasting.queries.objections import objection_for, objections_in
from jiugong.lasting.queries.reports import report_for, reports_of
from jiugong.lasting.report_paper import report_as_file
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_meant

router = Router(tags=["lasting"])
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PurposeOut(Schema):
    """One purpose: what is kept for it, on what ground, who sees it, until when, in the reader's language."""

    key: str
    title: str
    kinds: list[str]
    ground: str
    assumption: str
    who: list[str]
    until: list[str]


class ListOut(Schema):
    """What an erasure would take: rows and columns of each table. Nobody is named."""

    park: str
    tables: dict[str, Any]
    list_sha256: str
    rows: int


class ReportOut(Schema):
    """An erasure that is done; its signature is the one in the document."""

    uid: UUID
    ended_at: datetime | None
    list_sha256: str
    signature: str


class ObjectionOut(Schema):
    number: int
    person: str
    purpose: str
    text: str
    written_at: datetime
    due_on: date
    granted: bool | None
    answer: str


class AnswerIn(Schema):
    """Yes or no, and why."""

    park: str = ""
    granted: bool
    answer: str


@router.get("/kept", response=list[PurposeOut], summary="What is kept, why, who sees it, until when")
def kept(request: HttpRequest, park: str = "") -> list[Any]:
    here = park_meant(actor_of(request), park)
    return list(register(here, clock.now()))


@router.get("/erasure", response=ListOut, summary="What an erasure of the park would take; nothing is changed")
def dry_run(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.RELEASE_ERASURE, over=here)
    return listed(here)


@router.get("/reports", response=list[ReportOut], summary="The signed reports of erasures, the latest first")
def reports(request: HttpRequest, park: str = "") -> list[Any]:
    actor = actor_of(request)
    return [{"uid": each.uid, "ended_at": each.ended_at, "list_sha256": each.list_sha256,
             "signature": (each.report or {}).get("signature", "")} for each in reports_of(actor, park_meant(actor, park))]


@router.get("/reports/{uid}/papers/{kind}", summary="One report: the signed JSON document, or the same as PDF")
def report_paper(request: HttpRequest, uid: UUID, kind: Literal["json", "pdf"], park: str = "") -> HttpResponse:
    actor = actor_of(request)
    return report_as_file(report_for(actor, park_meant(actor, park), uid), as_pdf=kind == "pdf")


@router.get("/objections", response=list[ObjectionOut], summary="Who objects to what, the open ones first")
def objections(request: HttpRequest, park: str = "", open_only: bool = False) -> list[Any]:
    actor = actor_of(request)
    rows = objections_in(actor, park_meant(actor, park))
    return [_told(each) for each in (rows.filter(granted=None) if open_only else rows)]


@router.post("/objections/{number}", response=ObjectionOut, summary="Answer an objection, with a reason")
def answer_one(request: HttpRequest, said: AnswerIn, number: Number) -> dict[str, Any]:
    actor = actor_of(request)
    found = objection_for(actor, park_meant(actor, said.park), number)
    return _told(answer(found, granted=said.granted, reason=said.answer, actor=actor))


def _told(each: Objection) -> dict[str, Any]:
    return {"number": each.number, "person": each.person.name, "purpose": purpose_in_words(each.purpose), "text": each.text,
            "written_at": each.written_at, "due_on": each.due_on, "granted": each.granted, "answer": each.answer}
