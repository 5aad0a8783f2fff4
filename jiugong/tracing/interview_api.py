"""The interview of a case for programs: what he told, his tracks beside the logs, who was with him."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant
from jiugong.tracing.actions.interviews import LONGEST, Told, Track, as_facts, decide_track, tell_track, write_interview
from jiugong.tracing.actions.presence_rows import LONGEST_ID
from jiugong.tracing.models import Case, Presence
from jiugong.tracing.queries.incidents import incident_for
from jiugong.tracing.queries.interviews import case_to_interview, told_tracks, track_for
from jiugong.tracing.words import SpotKind

router = Router(tags=["interviews"])


class InterviewIn(Schema):
    """What a case tells of himself. The same again changes nothing."""

    park: str = ""
    onset_on: date | None = None
    symptoms: str = Field("", max_length=300)
    home: str = Field("", max_length=LONGEST)
    care: str = Field("", max_length=LONGEST)
    exposure: str = Field("", max_length=LONGEST)
    source: str = Field("", max_length=LONGEST)
    chain: str = Field("", max_length=LONGEST)
    measures: str = Field("", max_length=LONGEST)


class TrackIn(Schema):
    """Where he says that he was. The same `client_id` again is answered as the first."""

    park: str = ""
    client_id: str = Field(max_length=LONGEST_ID)
    kind: SpotKind
    place: str
    since: datetime
    until: datetime
    companions: str = Field("", max_length=LONGEST)
    transport: str = Field("", max_length=LONGEST)
    seat: str = Field("", max_length=LONGEST)
    mask: str = Field("", max_length=LONGEST)
    remark: str = Field("", max_length=300)


class HoldsIn(Schema):
    park: str = ""
    holds: Literal["recall", "log", "both"]
    reason: str


@router.get("/incidents/{number}/cases/{case}/interview", summary="What a case told, each track beside the logs of that time")
def get_interview(request: HttpRequest, number: int, case: int, park: str = "") -> dict[str, Any]:
    actor, found = _case(request, park, number, case)
    if found.who.person_id:
        looked(actor=actor, park_id=found.incident.park_id, person_ids=[found.who.person_id], fields=("whereabouts",),
               reason="opened a case's interview", at=clock.now())
    return _told(found)


@router.post("/incidents/{number}/cases/{case}/interview",
             summary="Keep what a case tells of himself; another onset counts the window again")
def post_interview(request: HttpRequest, number: int, case: int, sent: InterviewIn) -> dict[str, Any]:
    actor, found = _case(request, sent.park, number, case)
    told = sent.dict()
    onset_on, symptoms = told.pop("onset_on"), told.pop("symptoms")
    return _told(write_interview(found, Told(onset_on=onset_on, symptoms=symptoms, more=told), actor=actor))


@router.post("/incidents/{number}/cases/{case}/tracks", summary="Keep where a case says that he was, and list his contacts again")
def post_track(request: HttpRequest, number: int, case: int, sent: TrackIn) -> dict[str, Any]:
    actor, found = _case(request, sent.park, number, case)
    zone = found.incident.park.zone
    since, until = (at if at.tzinfo else at.replace(tzinfo=zone) for at in (sent.since, sent.until))
    more = {key: getattr(sent, key) for key in ("companions", "transport", "seat", "mask")}
    kept = tell_track(found, Track(client_id=sent.client_id, kind=sent.kind, place=sent.place, since=since, until=until,
                                   remark=sent.remark, more=more), actor=actor)
    return {"track": kept.pk, "second": kept.second, "client_id": kept.client_id}


@router.post("/incidents/{number}/cases/{case}/tracks/{track}/decide",
             summary="Say which holds where recall and a log do not agree")
def post_decide(request: HttpRequest, number: int, case: int, track: int, sent: HoldsIn) -> dict[str, Any]:
    actor, found = _case(request, sent.park, number, case)
    kept = decide_track(track_for(found, track), sent.holds, reason=sent.reason, actor=actor)
    return {"track": kept.pk, "decided": kept.told["decided"]}


def _case(request: HttpRequest, park: str, number: int, case: int) -> tuple[Actor, Case]:
    actor = actor_of(request)
    here: Park = park_meant(actor, park)
    return actor, case_to_interview(actor, incident_for(actor, here, number), case)


def _told(case: Case) -> dict[str, Any]:
    return {**as_facts(case), "since": case.since, "until": case.until, "window_because": case.window_because, "tracks": [
        {"track": each.track.pk, **_stay(each.track), "remark": each.track.remark, **each.track.told,
         "second": each.agrees.source if each.agrees else "", "against": [_stay(log) for log in each.against],
         "is_open": each.is_open} for each in told_tracks(case)]}


def _stay(stay: Presence) -> dict[str, Any]:
    return {"place": stay.spot.name, "kind": stay.spot.kind, "since": stay.entered_at, "until": stay.left_at, "source": stay.source}
