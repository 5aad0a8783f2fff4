"""Duties by rule, day by day and window by window: each row is one window with its share."""

from collections.abc import Iterable

from jiugong.briefs.language import in_language
from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.briefs.windows import duties_of
from jiugong.lib import days


def _lines(scope: Scope, which: str) -> Iterable[Line]:
    for each in duties_of(scope):
        yield Line(facts={
            "duty": each.of.partition(":")[2], "title": in_language(each.title), "window": each.window.key,
            "from": days.local(each.window.start, scope.park.zone), "until": days.local(each.window.end, scope.park.zone),
            "value": getattr(each.covered, which)})


def _sum(scope: Scope, which: str) -> int:
    return sum(getattr(each.covered, which) for each in duties_of(scope))


def duties_owed(scope: Scope) -> Iterable[Line]:
    return _lines(scope, "owed")


def duties_done(scope: Scope) -> Iterable[Line]:
    return _lines(scope, "done")


def duties_excused(scope: Scope) -> Iterable[Line]:
    return _lines(scope, "excused")


def duties_missing(scope: Scope) -> Iterable[Line]:
    return _lines(scope, "missing")


def count_duties_owed(scope: Scope) -> int:
    return _sum(scope, "owed")


def count_duties_done(scope: Scope) -> int:
    return _sum(scope, "done")


def count_duties_excused(scope: Scope) -> int:
    return _sum(scope, "excused")


def count_duties_missing(scope: Scope) -> int:
    return _sum(scope, "missing")
