"""Whereabouts for programs: rows as a gate, a canteen or a bus sends them, or a file."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import BaseModel, Field, ValidationError

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.lib.refusal import Refusal
from jiugong.registry.forms import content_of
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant, person_for
from jiugong.registry.queries.people import today_in
from jiugong.tracing.actions.looking import look_at_days, whom_he_met
from jiugong.tracing.actions.presence_files import import_presence, read_presence_file
from jiugong.tracing.actions.presence_rows import MOST_ROWS, Row, record_rows
from jiugong.tracing.actions.verifying import settle_doubt
from jiugong.tracing.doubt_faces import doubt_rows
from jiugong.tracing.errors import RowMisshapen
from jiugong.tracing.queries.doubts import kinds_counted, lines_of, open_doubts
from jiugong.tracing.whereabouts_faces import assigned_as_rows, days_as_rows, met_as_rows
from jiugong.tracing.words import DoubtKind

router = Router(tags=["whereabouts"])


class PresenceIn(BaseModel):
    """Somebody was somewhere: of an ID number (`resident_id`), whoever it is of, or of a person of the roster (`person`)."""

    client_id: str = Field(description="An id that the sender made for this stay; the same again changes nothing.")
    resident_id: str = ""
    person: UUID | None = None
    kind: str = Field(description="The kind of place: a word of the packs (`canteen_table`, `bus`) or of files (食堂餐桌, 班车).")
    spot: str = Field(description="The place as the log names it, such as 杨源食堂/033桌.")
    entered_at: str = Field(description="ISO moment, in the park's time where it has no offset.")
    left_at: str = Field("", description="Absent: nobody scanned out, and the end is assumed by the pack's dwell time.")
    source: str = Field("", description="Which log says so: attendance, canteen_card, bus_scan, gate, goods, or a word of its own.")


class DaysIn(Schema):
    reason: str = Field(description="Why: it is kept with your name and the time, and he reads it on his own page.")
    last: date | None = Field(None, description="The last of the 14 days; absent is today.")
    met: bool = Field(False, description="Whom he met by the rules of that day, too; the question is kept.")


class SettleIn(Schema):
    park: str = ""
    kind: DoubtKind
    about: str = Field(max_length=64, description="The line, as the list names it.")
    reason: str


class PresencesIn(Schema):
    """Up to 500 stays. A row that has not the shape of `PresenceIn` is refused alone."""

    park: str = Field("", description="Name or id. May be absent where you see exactly one park.")
    rows: list[dict[str, Any]]


@router.post("/presence", summary="Keep up to 500 stays; each is answered by itself, and the same again changes nothing")
def post_presence(request: HttpRequest, sent: PresencesIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    ids = [str(row.get("client_id", ""))[:64] for row in sent.rows]
    answers = record_rows(here, [_row(row, here) for row in sent.rows], ids, actor=actor)
    return {"answers": [answer.as_data() for answer in answers], "now": clock.now()}


@router.post("/people/{uid}/whereabouts", summary="A person's last 14 days, for a reason that is kept and shown to him")
def post_whereabouts(request: HttpRequest, uid: UUID, sent: DaysIn) -> dict[str, Any]:
    actor = actor_of(request)
    person = person_for(actor, uid, Can.TRACE_CONTACTS)
    last = min(sent.last or today_in(person.park), today_in(person.park))
    history = look_at_days(person, last, reason=sent.reason, actor=actor)
    told: dict[str, Any] = {"first": history.first, "last": history.last, "assigned": assigned_as_rows(history),
                            "days": [{"day": each["day"], "events": [_event(event) for event in each["events"]]}
                                     for each in days_as_rows(history, person.park)]}
    if sent.met:
        traced = whom_he_met(person, last, reason=sent.reason, actor=actor)
        told |= {"release": traced.trace.release, "met": [
            {"name": row["name"], "class": found.contact.value, "grounds": found.grounds, "meetings": row["meetings"]}
            for row, found in zip(met_as_rows(traced, person.park, named=True), traced.found, strict=True)]}
    return told


@router.get("/verify", summary="Where roster and records do not agree: who, what is odd, who answers")
def get_doubts(request: HttpRequest, park: str = "", kind: str = "", settled: bool = False, page: int = 1) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    day = today_in(here)
    found = open_doubts(actor, here, day, kind=kind if kind in DoubtKind.values else "", settled=settled)
    first = (min(max(page, 1), 10**6) - 1) * MOST_ROWS
    lines = lines_of(here, found[first:first + MOST_ROWS], day)
    looked(actor=actor, park_id=here.pk, person_ids={person.pk for line in lines for person in line.people}, fields=("list",),
           reason="opened what is to be verified", at=clock.now())
    return {"count": len(found), "kinds": kinds_counted(found), "lines": [
        {name: row[name] for name in ("kind", "about", "names", "says", "unit", "owner", "reason", "by")}
        for row in doubt_rows(lines, here, actor)]}


@router.post("/verify/settle", summary="Say that a line is settled, and why; twice is answered as once")
def post_settle(request: HttpRequest, sent: SettleIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    settled = settle_doubt(here, sent.kind, sent.about, reason=sent.reason, actor=actor)
    return {"kind": settled.kind, "about": settled.about, "reason": settled.reason, "settled_at": settled.settled_at}


@router.post("/files/presence", summary="Take a file of whereabouts, as `jiugong import presence` does")
def post_presence_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    read = read_presence_file(content_of(file), name=file.name or "", park=here)
    return import_presence(here, read, actor=actor).as_data()


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("what", "at", "words", "kind", "hours", "source", "assumed", "more")}


def _row(row: dict[str, Any], park: Park) -> Row | Refusal:
    """A row as a stay, or which field of it has not its shape."""
    try:
        read = PresenceIn.model_validate(row)
    except ValidationError as reason:
        return RowMisshapen(field=".".join(map(str, reason.errors()[0]["loc"])) or "row")
    moments = {}
    for name in ("entered_at", "left_at"):
        text = getattr(read, name)
        try:
            moments[name] = days.moment(text, park.zone) if text else None
        except (ValueError, OverflowError):
            return RowMisshapen(field=name)
    if moments["entered_at"] is None:
        return RowMisshapen(field="entered_at")
    return Row(client_id=read.client_id, id_number=read.resident_id, person=read.person, kind=read.kind, spot=read.spot,
               entered_at=moments["entered_at"], left_at=moments["left_at"], source=read.source)
