"""A worker's own page for programs: the code in the address is the key, and there is no account.

The code of a link opens at once; the code of a badge needs the cookie of a device that passed the door of the page.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from jiugong.duties.actions.evidence import LONGEST_ID
from jiugong.duties.sentences import advice_in_words
from jiugong.journal.actions import keep_letting_go
from jiugong.journal.api import LetGoIn
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import badge_shown
from jiugong.standing.actions import himself, report_own
from jiugong.standing.cookies import is_open, shut
from jiugong.standing.errors import DoorClosed
from jiugong.standing.logic import Holding
from jiugong.standing.queries import own_results, standing_of
from jiugong.standing.wording import shown, titles_on
from jiugong.tracing.actions.objecting import object_to
from jiugong.tracing.queries.own import own_order_for, own_orders

router = Router(tags=["own page"], auth=None)


class ReportIn(Schema):
    """What somebody reports about himself, in the shape of its kind. The same `client_id` again is answered as the first."""

    client_id: str = Field(max_length=LONGEST_ID)
    kind: str = "health_report"
    data: dict[str, Any]
    device_at: str = Field("", description="When it was reported, by the phone's own clock: it may come hours later.")
    device_now: str = Field("", description="What that clock says when it is sent, so that a wrong one is set right.")


class ObjectionIn(Schema):
    """What somebody says against an order over himself."""

    words: str = Field(max_length=500)


@router.get("/{code}", summary="What its holder owes, until when, and his last results")
def own(request: HttpRequest, code: str) -> dict[str, Any]:
    badge, at = opened(request, code), clock.now()
    person = badge.person
    looked(actor=himself(person), park_id=person.park_id, person_ids=[person.pk], fields=("own_page",),
           reason="opened his own page", at=at)
    titles = titles_on(person.park, days.day_of(at, person.park.zone))
    return {"name": person.name, "at": at, "holds": [
        {"what": each.what.value, "key": each.about, "about": shown(each, titles)["about"], "until": each.until, "late": each.late}
        for each in standing_of(person, at) if each.what is not Holding.LAST_RESULT],
        "results": [{"round": each.round, "sampled_at": each.sampled_at, "value": each.value, "reported_at": each.reported_at}
                    for each in own_results(person, at)],
        "orders": [{"uid": each.order.uid, "kind": each.order.kind, "reason": each.reason, "rule": each.rule, "basis": each.basis,
                    "since": each.order.since, "until": each.order.until, "place": each.order.place, "decided_by": each.decided_by,
                    "grounds": [vars(one) for one in each.grounds],
                    "tests": [{"on": test.on, "number": test.number, "state": test.state} for test in each.tests],
                    "objection": each.order.objection, "answer": each.order.objection_answer}
                   for each in own_orders(person, at)]}


@router.post("/{code}/orders/{uid}/object", url_name="object_own",
             summary="Object to what restricts oneself, in one's own words; the same words again change nothing")
def object_to_order(request: HttpRequest, code: str, uid: UUID, sent: ObjectionIn) -> dict[str, Any]:
    badge = opened(request, code)
    order = object_to(own_order_for(badge.person, uid), words=sent.words, actor=himself(badge.person))
    return {"uid": order.uid, "objection": order.objection, "objected_at": order.objected_at}


@router.post("/{code}/evidence", url_name="own_report",
             summary="Report about oneself; what is out of range is answered with what to do")
def report(request: HttpRequest, code: str, sent: ReportIn) -> dict[str, Any]:
    badge, now = opened(request, code), clock.now()
    at = days.set_right(sent.device_at, sent.device_now, now)
    told = report_own(badge.person, kind=sent.kind, data=sent.data, client_id=sent.client_id, at=at)
    return {"client_id": sent.client_id, "valid": told.evidence.valid, "happened_at": told.evidence.happened_at, "now": now,
            "advice": [{"code": each.code, "level": each.level, "message": advice_in_words(each)} for each in told.advice]}


@router.post("/{code}/let-go", url_name="let_go_own",
             summary="Tell that one let go of what was refused; the same id again changes nothing")
def let_go(request: HttpRequest, code: str, sent: LetGoIn) -> dict[str, Any]:
    badge, now = opened(request, code), clock.now()
    kept = keep_letting_go(badge.park, sent.thing(), at=days.set_right(sent.device_at, sent.device_now, now),
                           actor=himself(badge.person))
    return {"let_go_id": sent.let_go_id, "status": "accepted" if kept else "repeat", "now": now}


@router.post("/{code}/forget", url_name="forget_own",
             summary="End what this device keeps of its holder: the door is shut and asks again; sent twice, it stays shut")
def forget(request: HttpRequest, response: HttpResponse, code: str) -> dict[str, Any]:
    shut(response, badge_shown(code))
    return {"forgotten": True, "now": clock.now()}


def opened(request: HttpRequest, code: str) -> Badge:
    badge = badge_shown(code)
    if not is_open(request, badge):
        raise DoorClosed()
    return badge
