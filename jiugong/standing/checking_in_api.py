"""Checking in and out for a worker's own page: the code in the address is the key, as on the whole of that page."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.lib import clock, days
from jiugong.standing.actions import himself
from jiugong.standing.views.checking_in import told_in_words
from jiugong.standing.worker_api import opened
from jiugong.tracing.actions.checking_in import CheckedIn, check_in, check_out
from jiugong.tracing.actions.presence_rows import LONGEST_ID

router = Router(tags=["own page"], auth=None)


class CheckInIn(Schema):
    """What was scanned at a door. The same `client_id` again is answered as the first."""

    client_id: str = Field(max_length=LONGEST_ID)
    text: str = Field(max_length=300, description="What the picture says: the address, or V1.….")
    device_at: str = Field("", description="When it was scanned, by the phone's own clock: it may come hours later.")
    device_now: str = Field("", description="What that clock says when it is sent, so that a wrong one is set right.")


class CheckOutIn(Schema):
    client_id: str = Field(max_length=LONGEST_ID)
    stay: str = Field(max_length=LONGEST_ID, description="The `client_id` under which he checked in.")
    device_at: str = ""
    device_now: str = ""


@router.post("/{code}/check-ins", url_name="check_in_own",
             summary="Check in where a code hangs; the same place again, two minutes later, is leaving it")
def post_check_in(request: HttpRequest, code: str, sent: CheckInIn) -> dict[str, Any]:
    badge, now = opened(request, code), clock.now()
    at = days.set_right(sent.device_at, sent.device_now, now)
    told = check_in(badge.person, sent.text, client_id=sent.client_id, at=at, actor=himself(badge.person))
    return _told(told, sent.client_id, badge.park.zone)


@router.post("/{code}/check-outs", url_name="check_out_own", summary="Say that one has left where one checked in")
def post_check_out(request: HttpRequest, code: str, sent: CheckOutIn) -> dict[str, Any]:
    badge, now = opened(request, code), clock.now()
    at = days.set_right(sent.device_at, sent.device_now, now)
    told = check_out(badge.person, sent.stay, client_id=sent.client_id, at=at, actor=himself(badge.person))
    return _told(told, sent.client_id, badge.park.zone)


def _told(told: CheckedIn, client_id: str, zone: Any) -> dict[str, Any]:
    stay = told.presence
    return {"client_id": client_id, "status": told.status, "stay": stay.client_id, "place": stay.spot.name,
            "entered_at": stay.entered_at, "left_at": stay.left_at, "assumed": stay.assumed,
            "message": told_in_words(told, zone), "now": clock.now()}
