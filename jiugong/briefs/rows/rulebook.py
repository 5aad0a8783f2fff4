"""Plans, gradings and local rules, as they stand on the last day of the period."""

from collections.abc import Iterable

from jiugong.briefs.language import in_language
from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.rulebook.queries.decisions import key_enterprises as key_ones
from jiugong.rulebook.queries.plans import plans_in_force, revisions_due
from jiugong.rulebook.queries.releases import rule_of, supplements_on


def plans(scope: Scope) -> Iterable[Line]:
    for plan in plans_in_force(scope.park, scope.last, scope.reach):
        yield Line(facts={"enterprise": plan.unit.name, "regime": plan.regime, "version": plan.version,
                          "since": str(plan.since)})


def count_plans(scope: Scope) -> int:
    return plans_in_force(scope.park, scope.last, scope.reach).count()


def plans_due(scope: Scope) -> Iterable[Line]:
    """Plans to be revised because of an adoption, as they stand now: a stage keeps no history of its own."""
    for plan in revisions_due(scope.park, scope.reach).filter(because__adopted_at__lt=scope.end):
        yield Line(facts={"enterprise": plan.unit.name, "stage": plan.stage, "version": plan.version,
                          "due_on": str(plan.due_on)})


def count_plans_due(scope: Scope) -> int:
    return revisions_due(scope.park, scope.reach).filter(because__adopted_at__lt=scope.end).count()


def key_enterprises(scope: Scope) -> Iterable[Line]:
    for grading in key_ones(scope.park, scope.last, scope.reach):
        yield Line(facts={"enterprise": grading.unit.name, "since": str(grading.since), "reason": grading.reason,
                          "decided_by": grading.decided_by_name})


def count_key_enterprises(scope: Scope) -> int:
    return key_ones(scope.park, scope.last, scope.reach).count()


def supplements(scope: Scope) -> Iterable[Line]:
    for each in supplements_on(scope.park, scope.last):
        yield Line(facts={"rule": each.key, "title": in_language(rule_of(each).title), "since": str(each.since),
                          "basis": f"《{each.title}》", "issuer": each.issuer})


def count_supplements(scope: Scope) -> int:
    return supplements_on(scope.park, scope.last).count()
