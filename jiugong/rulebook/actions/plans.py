"""The life of a plan: written, handed in, approved or returned. What is approved is not edited; the next version follows."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from django.db import transaction

from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import MessageKind
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Unit
from jiugong.registry.words import UnitKind
from jiugong.rulebook.errors import (
    NotAnEnterprise,
    PlanIncomplete,
    PlanMoved,
    PlanNotWritable,
    PlanTooLong,
    ReasonMissing,
)
from jiugong.rulebook.logic.outlines import ENTERPRISE, outline
from jiugong.rulebook.models import AnyPlan, EnterprisePlan, ParkPlan
from jiugong.rulebook.queries.releases import adoption_on
from jiugong.rulebook.queries.whom import duty_officers, officers_of
from jiugong.rulebook.stages import NEXT, WRITABLE, Stage
from jiugong.rulebook.words import ParkPlanKind, PlanStage, Regime

P = TypeVar("P", EnterprisePlan, ParkPlan)

LONGEST_SECTION, LONGEST_REASON = 4000, 500


@transaction.atomic
def draft_plan(unit: Unit, *, regime: Regime, sections: Mapping[str, str], actor: Actor, since: date | None = None
               ) -> EnterprisePlan:
    """Write the open version of an enterprise's plan, or begin the next one. The same text again changes nothing.

    Raises NotAnEnterprise, PlanNotWritable, PlanTooLong.
    """
    actor.must(Can.DRAFT_PLANS, over=unit)
    if unit.kind != UnitKind.ENTERPRISE:
        raise NotAnEnterprise(unit=unit.name)
    unit.park.one_at_a_time()
    newest = EnterprisePlan.objects.select_for_update().filter(unit=unit).order_by("-version").first()
    plan = newest if newest and newest.is_open else EnterprisePlan(
        park=unit.park, unit=unit, version=newest.version + 1 if newest else 1,
        sections=dict(newest.sections) if newest else {}, stage=Stage.DRAFT.value)
    return _written(plan, sections, since, actor, unit.park, regime)


@transaction.atomic
def draft_park_plan(park: Park, kind: ParkPlanKind, *, sections: Mapping[str, str], actor: Actor,
                    since: date | None = None) -> ParkPlan:
    """Write the open version of one of the park's own plans, or begin the next one.

    Raises PlanNotWritable, PlanTooLong.
    """
    actor.must(Can.DRAFT_PLANS, over=park)
    park.one_at_a_time()
    newest = ParkPlan.objects.select_for_update().filter(park=park, kind=kind).order_by("-version").first()
    plan = newest if newest and newest.is_open else ParkPlan(
        park=park, kind=kind, version=newest.version + 1 if newest else 1,
        sections=dict(newest.sections) if newest else {}, stage=Stage.DRAFT.value)
    return _written(plan, sections, since, actor, park)


@transaction.atomic
def submit(plan: AnyPlan, *, actor: Actor) -> AnyPlan:
    """Hand a plan in: from now on it is read and not changed. Raises PlanIncomplete, PlanMoved."""
    actor.must(Can.DRAFT_PLANS, over=plan)
    if plan.stage == Stage.IN_REVIEW:
        return plan
    silent = [str(section.title.zh_hans) for section in outline(outline_of(plan)) if not plan.sections.get(section.key)]
    if silent:
        raise PlanIncomplete(sections="、".join(silent))
    now = clock.now()

    _move(plan, Stage.IN_REVIEW, submitted_at=now, returned_because="")

    note("plan.submitted", actor=actor, at=now, park_id=plan.park_id, subject=subject_of(plan), version=plan.version)
    write_messages(plan.park, [
        Draft(once=f"{subject_of(plan)}:{plan.version}:read:{now.isoformat()}:{user.pk}", kind=MessageKind.TASK,
              about=subject_of(plan), to_user=user, facts={**_which(plan), "stage": plan.stage})
        for user in duty_officers(plan.park, now)], actor=actor)
    return plan


@transaction.atomic
def approve(plan: AnyPlan, *, actor: Actor) -> AnyPlan:
    """Let a plan hold from its first day, today at the earliest; the version before ends on that day. Raises PlanMoved."""
    actor.must(Can.APPROVE_PLANS, over=plan)
    if plan.stage == Stage.APPROVED:
        return plan
    now = clock.now()
    since = max(plan.since or date.min, days.day_of(now, plan.park.zone))
    _must_follow(plan, Stage.APPROVED)

    for held in _held(plan):
        held.until = max(since, held.since or since)
        held.save(update_fields=["until"])
    _move(plan, Stage.APPROVED, since=since, decided_by=actor.key, decided_by_name=actor.name, decided_at=now)

    facts = {"regime": plan.regime} if isinstance(plan, EnterprisePlan) else {}
    note("plan.approved", actor=actor, at=now, park_id=plan.park_id, subject=subject_of(plan), version=plan.version,
         since=str(since), **facts)
    _tell_who_wrote(plan, actor)
    return plan


@transaction.atomic
def send_back(plan: AnyPlan, *, reason: str, actor: Actor) -> AnyPlan:
    """Return a plan to who wrote it, with what is missing. Raises ReasonMissing, PlanMoved."""
    actor.must(Can.APPROVE_PLANS, over=plan)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise ReasonMissing(most=LONGEST_REASON)
    now = clock.now()

    _move(plan, Stage.RETURNED, returned_because=reason, decided_by=actor.key, decided_by_name=actor.name, decided_at=now)

    note("plan.returned", actor=actor, at=now, park_id=plan.park_id, subject=subject_of(plan), version=plan.version,
         reason=reason)
    _tell_who_wrote(plan, actor)
    return plan


def outline_of(plan: AnyPlan) -> str:
    """The name of the outline that a plan answers."""
    return ENTERPRISE if isinstance(plan, EnterprisePlan) else plan.kind


def subject_of(plan: AnyPlan) -> str:
    """How the journal and messages name a plan."""
    return f"plan:{plan.unit.uid}" if isinstance(plan, EnterprisePlan) else f"park-plan:{plan.kind}"


def _written(plan: P, sections: Mapping[str, str], since: date | None, actor: Actor, park: Park,
             regime: Regime | None = None) -> P:
    if Stage(plan.stage) not in WRITABLE:
        raise PlanNotWritable(version=plan.version)
    known = {section.key for section in outline(outline_of(plan))}
    said = {key: text.replace("\r\n", "\n").strip() for key, text in sections.items() if key in known}
    if any(len(text) > LONGEST_SECTION or "\0" in text for text in said.values()):
        raise PlanTooLong(most=LONGEST_SECTION)
    before = (plan.pk, dict(plan.sections), plan.since, getattr(plan, "regime", None))
    plan.sections = {**plan.sections, **said}
    plan.since = since
    if isinstance(plan, EnterprisePlan) and regime:
        plan.regime = regime.value
    if before == (plan.pk, plan.sections, plan.since, getattr(plan, "regime", None)) and plan.pk:
        return plan

    now = clock.now()
    holds = adoption_on(park, since or days.day_of(now, park.zone))
    plan.release = holds.release if holds else ""
    plan.drafted_by, plan.drafted_by_name, plan.drafted_at = actor.key, actor.name, now
    plan.save()

    note("plan.drafted", actor=actor, at=now, park_id=park.pk, subject=subject_of(plan), version=plan.version)
    return plan


def _must_follow(plan: AnyPlan, stage: Stage) -> None:
    if stage not in NEXT[Stage(plan.stage)]:
        raise PlanMoved(stage=str(PlanStage(plan.stage).label))


def _move(plan: AnyPlan, stage: Stage, **facts: object) -> None:
    """Move a plan to its next stage, if it still stands where it was read. Raises PlanMoved."""
    _must_follow(plan, stage)
    won = type(plan)._default_manager.filter(pk=plan.pk, stage=plan.stage).update(stage=stage.value, **facts)
    plan.refresh_from_db()
    if not won:
        raise PlanMoved(stage=str(PlanStage(plan.stage).label))


def _held(plan: AnyPlan) -> list[AnyPlan]:
    """The versions that hold until this one takes their place."""
    if isinstance(plan, EnterprisePlan):
        return list(EnterprisePlan.objects.filter(unit=plan.unit, stage=Stage.APPROVED.value, until=None))
    return list(ParkPlan.objects.filter(park=plan.park, kind=plan.kind, stage=Stage.APPROVED.value, until=None))


def _which(plan: AnyPlan) -> dict[str, object]:
    return {"enterprise": plan.unit.name} if isinstance(plan, EnterprisePlan) else {"kind": plan.kind}


def _tell_who_wrote(plan: AnyPlan, actor: Actor) -> None:
    if not isinstance(plan, EnterprisePlan):
        return
    officers = officers_of([plan.unit_id], days.day_of(clock.now(), plan.park.zone)).get(plan.unit_id, [])
    kind = MessageKind.NOTICE if plan.stage == Stage.APPROVED else MessageKind.TASK
    write_messages(plan.park, [
        Draft(once=f"{subject_of(plan)}:{plan.version}:{plan.stage}:{plan.decided_at}:{person.pk}", kind=kind,
              about=subject_of(plan), to_person=person,
              facts={**_which(plan), "stage": plan.stage, "reason": plan.returned_because}) for person in officers], actor=actor)
