"""People flagged by other places and areas at risk, for programs: what the pages do, with the same powers."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.forms import content_of
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant
from jiugong.registry.queries.people import today_in
from jiugong.tracing.actions.flag_deeds import act_on, confirm_match, mark_found, refuse_match, return_unmatched
from jiugong.tracing.actions.flagged import import_flagged, read_flagged_file
from jiugong.tracing.actions.risk_areas import import_risk_areas, must_keep_areas, read_risk_area_file
from jiugong.tracing.flagged_faces import as_data, flagged_rows
from jiugong.tracing.models import Flagged
from jiugong.tracing.queries.flagged import STATES, counts, flagged_for, flagged_seen, in_order, of_state
from jiugong.tracing.queries.risk_areas import areas_on

MOST = 1000
router = Router(tags=["flagged people"])


class DeedIn(Schema):
    park: str = ""
    deed: str = Field(description="order_proposed, tested, at_home, on_leave or no_risk.")
    words: str = ""


class ReturnIn(Schema):
    park: str = ""
    reason: str


@router.get("/flagged", summary="People flagged by other places whom the caller may see, what is late first")
def get_flagged(request: HttpRequest, park: str = "", state: str = "", offset: int = 0) -> dict[str, Any]:
    actor, at = actor_of(request), clock.now()
    here = park_meant(actor, park)
    seen = flagged_seen(actor, here)
    found = in_order(seen.filter(of_state(state, at)) if state in STATES else seen, at)
    start = min(max(offset, 0), 10_000_000)
    rows = list(found[start:start + MOST])
    _look(request, here, rows)
    return {"counts": counts(seen, at), "flagged": [as_data(row) for row in flagged_rows(rows, here, at)],
            "next_offset": start + MOST if len(rows) == MOST else None}


@router.post("/files/flagged", summary="Take a list of flagged people, as `jiugong import flagged` does")
def post_flagged_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    return import_flagged(here, read_flagged_file(content_of(file), name=file.name or "", park=here), actor=actor).as_data()


@router.post("/flagged/{number}/confirm", summary="Name and phone mean the person whom they propose")
def post_confirm(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    here, row = _one(request, park, number)
    return _told(request, here, confirm_match(row, actor=actor_of(request)))


@router.post("/flagged/{number}/refuse", summary="It is somebody else: the line stands among those to be returned")
def post_refuse(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    here, row = _one(request, park, number)
    return _told(request, here, refuse_match(row, actor=actor_of(request)))


@router.post("/flagged/{number}/found", summary="He was found; the same again changes nothing")
def post_found(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    here, row = _one(request, park, number)
    return _told(request, here, mark_found(row, actor=actor_of(request)))


@router.post("/flagged/{number}/act", summary="What was done with him; control by the rules of the day is only proposed")
def post_act(request: HttpRequest, number: int, sent: DeedIn) -> dict[str, Any]:
    here, row = _one(request, sent.park, number)
    return _told(request, here, act_on(row, sent.deed, words=sent.words, actor=actor_of(request)))


@router.post("/flagged/return", summary="Return every line that found nobody, with one reason")
def post_return(request: HttpRequest, sent: ReturnIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    return {"returned": return_unmatched(here, reason=sent.reason, actor=actor)}


@router.get("/risk-areas", summary="Which areas are at risk on a day")
def get_risk_areas(request: HttpRequest, park: str = "", day: date | None = None, level: str = "",
                   text: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_INCIDENTS, within=here)
    asked = day or today_in(here)
    return {"day": asked, "areas": [
        {"name": area.name, "code": area.code, "level": area.level, "since": area.since, "until": area.until, "source": area.source}
        for area in areas_on(asked, level=level, text=text)]}


@router.post("/files/risk-areas", summary="Take a list of areas at risk for every park, as `jiugong import risk-areas` does")
def post_risk_area_file(request: HttpRequest, file: File[UploadedFile], park: Form[str] = "", on: Form[date | None] = None,
                        complete: Form[bool] = False) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    must_keep_areas(actor)
    return import_risk_areas(read_risk_area_file(content_of(file), name=file.name or ""), day=on or today_in(here),
                             is_complete=complete, actor=actor).as_data()


def _one(request: HttpRequest, named: str, number: int) -> tuple[Park, Flagged]:
    actor = actor_of(request)
    here = park_meant(actor, named)
    return here, flagged_for(actor, here, number)


def _told(request: HttpRequest, park: Park, row: Flagged) -> dict[str, Any]:
    _look(request, park, [row])
    return as_data(flagged_rows([row], park, clock.now())[0])


def _look(request: HttpRequest, park: Park, rows: list[Flagged]) -> None:
    looked(actor=actor_of(request), park_id=park.pk, fields=("list",), reason="opened the people flagged by other places",
           at=clock.now(), person_ids={row.person_id for row in rows if row.person_id})
