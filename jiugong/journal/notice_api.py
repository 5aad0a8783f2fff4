"""Notices and deliveries for programs: send, see who has read, remind; what could not be sent, and send it again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.accounts.models import User
from jiugong.http import actor_of
from jiugong.journal.actions.deciding import say_arrived, send_again
from jiugong.journal.actions.notices import Words, acknowledge, open_notice, remind_rest, send_notice
from jiugong.journal.errors import KeeperCannotSee, NoticeMisshapen
from jiugong.journal.faces import RECIPIENT_STATES, narrowed, notice_rows, recipient_rows
from jiugong.journal.logic.reach import Reach
from jiugong.journal.models import Delivery
from jiugong.journal.queries.channels import deliveries_of, delivery_for
from jiugong.journal.queries.notices import keepers_offered, notice_for, notices_of, own_notice, recipients_of
from jiugong.journal.sending_words import reason_of_delivery
from jiugong.lib import clock, days
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_meant

router = Router(tags=["journal"])
MOST = 500


class NoticeIn(Schema):
    """A notice: its words, whom it is for within what the sender may reach, and who makes sure of it (a username)."""

    client_id: str = Field(min_length=6, max_length=80)
    kind: str
    title: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1, max_length=20_000)
    title_en: str = Field("", max_length=120)
    text_en: str = Field("", max_length=20_000)
    must_acknowledge: bool = False
    deadline_at: str = ""
    keeper: str = ""
    units: list[str] = Field([], max_length=MOST)
    grids: list[int] = Field([], max_length=MOST)
    workers: bool = True
    posts: list[str] = Field([], max_length=MOST)
    key_posts: bool = False
    roles: list[str] = Field([], max_length=20)
    park: str = ""


class RemindIn(Schema):
    remind_id: str = Field(min_length=6, max_length=64)
    park: str = ""


class DecideIn(Schema):
    arrived: bool = False
    park: str = ""


class ParkIn(Schema):
    park: str = ""


@router.get("/notices", url_name="notices", summary="Notices of which one may see who has read them, with their figures")
def get_notices(request: HttpRequest, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    return {"notices": notice_rows(list(notices_of(actor, here)[:MOST]), here, clock.now())}


@router.post("/notices", url_name="notice_new", summary="Send a notice; the same client_id again is the same notice")
def post_notice(request: HttpRequest, sent: NoticeIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    actor.must_somewhere(Can.SEND_NOTICES, within=here)
    keeper = next((each for each in keepers_offered(actor, here)
                   if (each.username == sent.keeper if sent.keeper else f"user:{each.pk}" == actor.key)), None)
    if keeper is None:
        raise KeeperCannotSee(name=sent.keeper or actor.name)
    words = Words(kind=sent.kind, title_zh=sent.title, text_zh=sent.text, title_en=sent.title_en, text_en=sent.text_en,
                  must_acknowledge=sent.must_acknowledge, deadline_at=_moment(sent.deadline_at, here.zone))
    reach = Reach(units=tuple(sent.units), grids=tuple(sent.grids), workers=sent.workers, posts=tuple(sent.posts),
                  key_posts=sent.key_posts, roles=tuple(sent.roles))
    notice = send_notice(here, words, reach, client_id=sent.client_id, keeper=keeper, actor=actor)
    return notice_rows([notice], here, clock.now())[0]


def _moment(text: str, zone: Any) -> datetime | None:
    try:
        return days.moment(text, zone) if text else None
    except ValueError as reason:
        raise NoticeMisshapen(field="deadline_at") from reason


@router.get("/notices/{uid}", url_name="notice", summary="One notice: its figures, and whom it reached (`state` narrows)")
def get_notice(request: HttpRequest, uid: UUID, park: str = "", state: str = "open") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    notice = notice_for(actor, here, uid)
    rows = narrowed(notice, recipients_of(notice), state if state in RECIPIENT_STATES else "", "")
    return notice_rows([notice], here, clock.now())[0] | {"people": recipient_rows(list(rows[:MOST]), here)}


@router.post("/notices/{uid}/remind", url_name="notice_remind", summary="Remind the rest; the same remind_id reminds nobody again")
def post_remind(request: HttpRequest, uid: UUID, sent: RemindIn) -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, sent.park)
    return {"reminded": remind_rest(notice_for(actor, here, uid), remind_id=sent.remind_id, actor=actor)}


@router.post("/notices/{uid}/read", url_name="notice_read", summary="Whoever it was written to has read it")
def post_read(request: HttpRequest, uid: UUID, sent: ParkIn) -> dict[str, Any]:
    return {"read_at": open_notice(own_notice(uid, user=_user(request), park=park_meant(actor_of(request), sent.park))).read_at}


@router.post("/notices/{uid}/acknowledge", url_name="notice_acknowledge", summary="He has read and understood it")
def post_acknowledge(request: HttpRequest, uid: UUID, sent: ParkIn) -> dict[str, Any]:
    message = acknowledge(own_notice(uid, user=_user(request), park=park_meant(actor_of(request), sent.park)))
    return {"acknowledged_at": message.acknowledged_at}


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise KeeperCannotSee(name="?")
    return request.user


@router.get("/deliveries", url_name="deliveries", summary="What leaves the house, the newest first; never an address")
def get_deliveries(request: HttpRequest, park: str = "", stage: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    rows = deliveries_of(actor, park_meant(actor, park))
    return {"deliveries": [delivery_as_data(each) for each in (rows.filter(stage=stage) if stage else rows)[:MOST]]}


@router.post("/deliveries/{uid}/decide", url_name="delivery_decide", summary="Send it again, or say that it arrived; twice is once")
def post_decide(request: HttpRequest, uid: UUID, sent: DecideIn) -> dict[str, Any]:
    actor = actor_of(request)
    delivery = delivery_for(actor, park_meant(actor, sent.park), uid)
    changed = (say_arrived if sent.arrived else send_again)(delivery, actor=actor)
    delivery.refresh_from_db()
    return {"changed": changed, **delivery_as_data(delivery)}


def delivery_as_data(each: Delivery) -> dict[str, Any]:
    """A delivery for programs."""
    return {"key": str(each.key), "channel": each.channel.name, "about": each.message.about, "stage": each.stage,
            "reason": reason_of_delivery(each.reason), "tries": each.tries, "not_before": each.not_before, "sent_at": each.sent_at,
            "delivered_at": each.delivered_at}
