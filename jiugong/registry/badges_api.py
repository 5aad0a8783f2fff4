"""Badges and links for programs: given, taken back; a code says whose it is."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.actions.badges import MOST_BADGES, issue_badges, issue_link, reissue_badge, withdraw_badge
from jiugong.registry.errors import NotHere, TooManyBadges
from jiugong.registry.models import Badge, Person
from jiugong.registry.queries.badges import address_of, badge_for, people_in, text_of
from jiugong.registry.queries.doors import park_meant, person_for, unit_for
from jiugong.registry.queries.people import people_seen, today_in

router = Router(tags=["registry"])


class BadgesIn(Schema):
    """For whom: people by the ids of their pages, or everybody of a unit by its id; up to 400 at once."""

    park: str = Field("", description="Name or id. May be absent where you see exactly one park.")
    people: list[UUID] = []
    unit: UUID | None = None
    first: int = Field(1, ge=1, description="Of a unit: from which person on, team by team, by name.")


class LostIn(Schema):
    reason: str


class ReissueIn(LostIn):
    number: int | None = Field(None, description="Which badge was lost: sent again, the one in its place stays.")


class LinkIn(Schema):
    days: int = 7


@router.post("/badges", summary="Give up to 400 people a badge; whoever holds one keeps it")
def post_badges(request: HttpRequest, sent: BadgesIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    actor.must_somewhere(Can.ISSUE_BADGES, within=park)
    if len(sent.people) > MOST_BADGES:
        raise TooManyBadges(count=len(sent.people), most=MOST_BADGES)
    if sent.unit:
        unit = unit_for(actor, sent.unit, Can.ISSUE_BADGES)
        if unit.park_id != park.pk:
            raise NotHere()
        people = list(people_in(actor, unit, today_in(park))[sent.first - 1:sent.first - 1 + MOST_BADGES])
    else:
        people = list(people_seen(actor, park, Can.ISSUE_BADGES).filter(uid__in=sent.people).order_by("name", "pk"))
        if len(people) != len(set(sent.people)):
            raise NotHere()
    given = issue_badges(park, people, actor=actor)
    looked(actor=actor, park_id=park.pk, person_ids=[each.pk for each in people], fields=("badge",), reason="api", at=clock.now())
    return {"badges": [_badge(each, person) for each, person in zip(given, people, strict=True)]}


@router.post("/badges/{int:number}/withdraw", summary="Take back a badge or a link; doing so again changes nothing")
def post_withdraw(request: HttpRequest, number: int, sent: LostIn) -> dict[str, Any]:
    actor = actor_of(request)
    badge = withdraw_badge(badge_for(actor, number), reason=sent.reason, actor=actor)
    return {"number": badge.pk, "kind": badge.kind, "withdrawn_at": badge.withdrawn_at, "reason": badge.withdrawn_because}


@router.post("/people/{uid}/badge", summary="A badge was lost: it is withdrawn with the reason, and another is given")
def post_reissue(request: HttpRequest, uid: UUID, sent: ReissueIn) -> dict[str, Any]:
    actor = actor_of(request)
    person = person_for(actor, uid, Can.ISSUE_BADGES)
    return _badge(reissue_badge(person, reason=sent.reason, number=sent.number, actor=actor), person)


@router.post("/people/{uid}/link", summary="A link to somebody's own page for some days; the one before it ends")
def post_link(request: HttpRequest, uid: UUID, sent: LinkIn) -> dict[str, Any]:
    actor = actor_of(request)
    person = person_for(actor, uid, Can.ISSUE_BADGES)
    link = issue_link(person, days=sent.days, actor=actor)
    return _badge(link, person) | {"address": request.build_absolute_uri(f"/me/{address_of(link)}")}


def _badge(badge: Badge, person: Person) -> dict[str, Any]:
    return {"number": badge.pk, "person": str(person.uid), "name": person.name, "kind": badge.kind, "text": text_of(badge),
            "issued_at": badge.issued_at, "expires_at": badge.expires_at}
