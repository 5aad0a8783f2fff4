"""The duties in force on the last day of the period, and the local rules that are stricter than the national ones."""

from collections.abc import Iterable

from jiugong.briefs.language import in_language
from jiugong.briefs.rows.line import Line
from jiugong.briefs.rules import duties_in_force, stricter_rules
from jiugong.briefs.scope import Scope


def duties_in_rulebook(scope: Scope) -> Iterable[Line]:
    for each in duties_in_force(scope):
        yield Line(facts={"duty": each.key, "title": in_language(each.title), "subject": each.subject,
                          "windows": len(each.windows(scope.park.zone)), "basis": str(each.basis)})


def stricter(scope: Scope) -> Iterable[Line]:
    for each in stricter_rules(scope):
        yield Line(facts={"rule": each.key, "title": in_language(each.title), "national": each.national,
                          "local": each.local, "basis": each.basis})


def count_duties_in_rulebook(scope: Scope) -> int:
    return len(duties_in_force(scope))


def count_stricter(scope: Scope) -> int:
    return len(stricter_rules(scope))
