"""The rulebook for programs: what an adoption would change, plans, local rules, gradings and levels of areas."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant, place_for, unit_for
from jiugong.registry.queries.people import today_in
from jiugong.rulebook.actions.deciding import grade, zone
from jiugong.rulebook.actions.plans import approve, draft_plan, send_back, submit
from jiugong.rulebook.actions.supplements import heading_of, supplement
from jiugong.rulebook.errors import SupplementUnreadable
from jiugong.rulebook.models import EnterprisePlan, Supplement
from jiugong.rulebook.queries.decisions import gradings_on, zonings_on
from jiugong.rulebook.queries.impact import impact_of
from jiugong.rulebook.queries.plans import enterprises_with_plans
from jiugong.rulebook.queries.releases import in_force, release_on
from jiugong.rulebook.queries.supplements import Compared, compared_supplements
from jiugong.rulebook.saying import impact_as_data
from jiugong.rulebook.telling import judgement_in_words
from jiugong.rulebook.words import AreaLevel, Regime, Risk

router = Router(tags=["rulebook"])


class PlanIn(Schema):
    """An enterprise's plan: its regime, from when it shall hold, and the outline's sections by key."""

    park: str = ""
    regime: Regime
    since: date | None = None
    sections: dict[str, str] = {}


class DecisionIn(Schema):
    """What becomes of the open version of a plan: `submit`, `approve` or `return` with a reason."""

    park: str = ""
    do: str = Field(pattern="^(submit|approve|return)$")
    reason: str = ""


class GradingIn(Schema):
    park: str = ""
    enterprise: UUID
    risk: Risk
    reason: str
    since: date | None = None


class DocumentIn(Schema):
    """The document that says so; `published` is a day, or a month such as 2022-05."""

    park: str = ""
    title: str
    issuer: str
    published: str


class ZoningIn(DocumentIn):
    place: int = Field(ge=1, le=2**62)
    level: AreaLevel
    since: date | None = None


class SupplementIn(DocumentIn):
    """A local rule. `rule` is its heading as a pack writes it, and may be left out where the release has the rule."""

    key: str
    value: Any
    rule: dict[str, Any] = {}
    since: date
    until: date | None = None
    note: str = ""


@router.get("/impact", summary="What would change if the park adopted a release from a day on; nothing is changed")
def impact(request: HttpRequest, release: str = "", from_day: date | None = None, park: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must(Can.SEE_BOARD, over=here)
    return impact_as_data(impact_of(here, release, from_day or today_in(here)))


@router.get("/plans", summary="Every enterprise with its facts of a day and its newest plan")
def plans(request: HttpRequest, park: str = "", day: date | None = None) -> list[dict[str, Any]]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    rows = enterprises_with_plans(here, day or today_in(here), actor.reach(Can.SEE_BOARD))
    return [{"enterprise": str(unit.uid), "name": unit.name, "regime": unit.regime, "risk": unit.risk, "area": unit.area,
             "version": unit.plan_version, "stage": unit.plan_stage, "since": unit.plan_since, "due_on": unit.plan_due}
            for unit in rows]


@router.put("/plans/{uid}/draft", summary="Write the open version of an enterprise's plan, or begin the next")
def put_plan(request: HttpRequest, uid: UUID, sent: PlanIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    unit = _unit(request, park, uid, Can.DRAFT_PLANS)
    return _plan(draft_plan(unit, regime=sent.regime, since=sent.since, sections=sent.sections, actor=actor))


@router.post("/plans/{uid}/decisions", summary="Hand in, approve or return the open version of an enterprise's plan")
def decide(request: HttpRequest, uid: UUID, sent: DecisionIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    power = Can.DRAFT_PLANS if sent.do == "submit" else Can.APPROVE_PLANS
    unit = _unit(request, park, uid, power)
    plan = EnterprisePlan.objects.filter(unit=unit).select_related("unit", "park").order_by("-version").first()
    if plan is None:
        raise NotHere()
    if sent.do == "return":
        return _plan(send_back(plan, reason=sent.reason, actor=actor))
    return _plan((submit if sent.do == "submit" else approve)(plan, actor=actor))


@router.get("/gradings", summary="The enterprises that were graded, on a day")
def gradings(request: HttpRequest, park: str = "", day: date | None = None) -> list[dict[str, Any]]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    return [{"enterprise": str(each.unit.uid), "name": each.unit.name, "risk": each.risk, "since": each.since,
             "until": each.until, "reason": each.reason}
            for each in gradings_on(here, day or today_in(here), actor.reach(Can.SEE_BOARD))]


@router.post("/gradings", summary="Grade an enterprise from a day on; the same grade again changes nothing")
def post_grading(request: HttpRequest, sent: GradingIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    unit = _unit(request, park, sent.enterprise, Can.APPROVE_PLANS)
    given = grade(unit, sent.risk, reason=sent.reason, since=sent.since, actor=actor)
    return {"enterprise": str(unit.uid), "risk": given.risk if given else Risk.ORDINARY.value,
            "since": given.since if given else None}


@router.get("/zonings", summary="The levels of areas that hold on a day")
def zonings(request: HttpRequest, park: str = "", day: date | None = None) -> list[dict[str, Any]]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    return [{"id": each.pk, "place": each.place_id, "name": each.place.name, "level": each.level, "since": each.since,
             "title": each.title, "issuer": each.issuer, "published": each.published}
            for each in zonings_on(here, day or today_in(here))]


@router.post("/zonings", summary="Enter what a place was declared to be; the same level again changes nothing")
def post_zoning(request: HttpRequest, sent: ZoningIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    place = place_for(actor, sent.place, Can.APPROVE_PLANS)
    if place.park_id != park.pk:
        raise NotHere()
    given = zone(place, sent.level, title=sent.title, issuer=sent.issuer, published=sent.published, since=sent.since,
                 actor=actor)
    return {"id": given.pk, "place": place.pk, "level": given.level, "since": given.since}


@router.get("/supplements", summary="The local rules of a day beside the national ones, and which are stricter")
def supplements(request: HttpRequest, park: str = "", day: date | None = None) -> list[dict[str, Any]]:
    actor = actor_of(request)
    here = park_meant(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    return [_compared(each) for each in compared_supplements(here, day or today_in(here))]


@router.post("/supplements", summary="Let a local rule hold from a day on; the same rule again changes nothing")
def post_supplement(request: HttpRequest, sent: SupplementIn) -> dict[str, Any]:
    actor = actor_of(request)
    park = park_meant(actor, sent.park)
    actor.must(Can.ADOPT_POLICY, over=park)
    held = in_force(release_on(park, sent.since), sent.since).get(sent.key)
    if not sent.rule and held is None:
        raise SupplementUnreadable(what=sent.key, do="The release has no such rule: send its heading as `rule`.")
    given = supplement(park, sent.key, rule=sent.rule or heading_of(held.rule), value=sent.value, title=sent.title,  # type: ignore[union-attr]
                       issuer=sent.issuer, published=sent.published, since=sent.since, until=sent.until,
                       note_text=sent.note, actor=actor)
    return _supplement(given)


def _unit(request: HttpRequest, park: Park, uid: UUID, power: Can) -> Any:
    unit = unit_for(actor_of(request), uid, power)
    if unit.park_id != park.pk:
        raise NotHere()
    return unit


def _plan(plan: Any) -> dict[str, Any]:
    return {"enterprise": str(plan.unit.uid), "version": plan.version, "stage": plan.stage, "regime": plan.regime,
            "since": plan.since, "until": plan.until, "due_on": plan.due_on, "sections": plan.sections}


def _supplement(given: Supplement) -> dict[str, Any]:
    return {"id": given.pk, "key": given.key, "value": given.value, "since": given.since, "until": given.until,
            "title": given.title, "issuer": given.issuer, "published": given.published}


def _compared(each: Compared) -> dict[str, Any]:
    return {**_supplement(each.supplement), "judgement": each.judgement.whole.value, "words": judgement_in_words(each.judgement),
            "aspects": [{"aspect": aspect.value, "side": side.value} for aspect, side in each.judgement.aspects]}
