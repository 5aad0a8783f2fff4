"""Adopting a release, and what an adoption opens: revisions of the plans that it touches, and a task for who must act."""

from datetime import date, timedelta

from django.db import transaction

from jiugong import policy
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import MessageKind
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.rulebook.errors import AdoptedOtherwise, ReleaseSilent
from jiugong.rulebook.happenings import RulesChanged
from jiugong.rulebook.models import Adoption, EnterprisePlan, ParkPlan
from jiugong.rulebook.queries.impact import Impact, impact_of
from jiugong.rulebook.queries.plans import newest_park_plans
from jiugong.rulebook.queries.whom import duty_officers, officers_of
from jiugong.rulebook.stages import Stage
from jiugong.rulebook.words import ParkPlanKind

REVISE_WITHIN = timedelta(days=1)            # the parks of November 2022 had to plan anew within a day


@transaction.atomic
def adopt(park: Park, key: str, *, from_day: date, actor: Actor) -> Adoption:
    """Let a release hold in a park from a day on; the plans that it touches are to be revised by then.

    The same adoption again changes nothing. Raises UnknownPack, ReleaseSilent, AdoptedOtherwise.
    """
    actor.must(Can.ADOPT_POLICY, over=park)
    release = policy.load(policy.PACKS, key)
    if not release.pack.in_force_on(from_day):
        raise ReleaseSilent(release=key, day=str(from_day), held=str(release.pack.first_day))
    park.one_at_a_time()
    before = Adoption.objects.filter(park=park, from_day=from_day).first()
    if before and before.release == key:
        return before
    if before:
        raise AdoptedOtherwise(day=str(from_day), release=before.release)

    now = clock.now()
    impact = impact_of(park, key, from_day)
    adoption = Adoption.objects.create(
        park=park, release=key, from_day=from_day, effect_fingerprint=release.fingerprint.effect,
        words_fingerprint=release.fingerprint.words, adopted_at=now, adopted_by=actor.key)

    note("policy.adopted", actor=actor, at=now, park_id=park.pk, subject=f"release:{key}", from_day=str(from_day),
         effect=release.fingerprint.effect)
    tell(RulesChanged(park_id=park.pk))
    today = days.day_of(now, park.zone)
    if impact.until is None or impact.until > today:
        due_on = max(from_day, today + REVISE_WITHIN)
        _revise_the_parks_plans(adoption, impact, due_on, actor)
        _revise_enterprise_plans(adoption, impact, due_on, actor)
    return adoption


def _revise_the_parks_plans(adoption: Adoption, impact: Impact, due_on: date, actor: Actor) -> None:
    """Open the next version of each of the park's own plans, or call for the one that is being written."""
    park, newest = adoption.park, newest_park_plans(adoption.park)
    if not impact.park_plans:
        return
    for kind, sections in impact.park_plans.items():
        plan = newest.get(kind)
        if plan and plan.is_open:
            _call_for(plan, adoption, sections, due_on)
            plan.save()
        else:
            ParkPlan.objects.create(
                park=park, kind=kind, version=plan.version + 1 if plan else 1, sections=plan.sections if plan else {},
                **_opened(adoption, sections, due_on, actor))

    note("plans.park_revision_due", actor=actor, at=adoption.adopted_at, park_id=park.pk,
         subject=f"release:{adoption.release}", plans=len(impact.park_plans), due_on=str(due_on))
    write_messages(park, [
        Draft(once=f"adoption:{adoption.pk}:park-plan:{kind}:{user.pk}", kind=MessageKind.TASK, about=f"park-plan:{kind}",
              to_user=user, facts=_told(adoption, due_on, kind=str(ParkPlanKind(kind).value)))
        for kind in impact.park_plans for user in duty_officers(park, adoption.adopted_at)], actor=actor)


def _revise_enterprise_plans(adoption: Adoption, impact: Impact, due_on: date, actor: Actor) -> None:
    """The same for every enterprise plan that is touched, all at once."""
    if not impact.plans:
        return
    park, new, called = adoption.park, list[EnterprisePlan](), list[EnterprisePlan]()
    for each in impact.plans:
        plan = each.plan
        if plan.is_open:
            _call_for(plan, adoption, each.sections, due_on)
            called.append(plan)
        else:
            new.append(EnterprisePlan(
                park=park, unit=plan.unit, regime=plan.regime, version=plan.version + 1, sections=plan.sections,
                **_opened(adoption, each.sections, due_on, actor)))
    EnterprisePlan.objects.bulk_create(new, batch_size=500)
    EnterprisePlan.objects.bulk_update(called, ["stage", "because", "touched", "due_on", "since", "release"], batch_size=200)

    note("plans.revision_due", actor=actor, at=adoption.adopted_at, park_id=park.pk,
         subject=f"release:{adoption.release}", enterprises=len(impact.plans), due_on=str(due_on))
    officers = officers_of([each.plan.unit_id for each in impact.plans], due_on)
    write_messages(park, [
        Draft(once=f"adoption:{adoption.pk}:plan:{each.plan.unit_id}:{person.pk}", kind=MessageKind.TASK,
              about=f"plan:{each.plan.unit.uid}", to_person=person,
              facts=_told(adoption, due_on, enterprise=each.plan.unit.name))
        for each in impact.plans for person in officers.get(each.plan.unit_id, ())], actor=actor)


def _call_for(plan: EnterprisePlan | ParkPlan, adoption: Adoption, sections: tuple[str, ...], due_on: date) -> None:
    """What is being written or read is to answer the new release as well."""
    plan.stage, plan.because, plan.due_on = Stage.REVISION_DUE.value, adoption, due_on
    plan.touched = sorted({*plan.touched, *sections})
    plan.since, plan.release = adoption.from_day, adoption.release


def _opened(adoption: Adoption, sections: tuple[str, ...], due_on: date, actor: Actor) -> dict[str, object]:
    return {"stage": Stage.REVISION_DUE.value, "because": adoption, "touched": list(sections), "due_on": due_on,
            "since": adoption.from_day, "release": adoption.release, "drafted_by": actor.key, "drafted_by_name": actor.name,
            "drafted_at": adoption.adopted_at}


def _told(adoption: Adoption, due_on: date, **which: str) -> dict[str, object]:
    return {"release": adoption.release, "from_day": str(adoption.from_day), "due_on": str(due_on), **which}
