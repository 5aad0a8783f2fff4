"""Duties by rule, day by day and window by window: each row is one window with its share."""

from collections.abc import Iterable, Iterator

from jiugong.briefs.language import in_language
from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.duties.queries import Due, asked_by
from jiugong.lib import days
from jiugong.registry.queries.coverage import Coverage
from jiugong.rulebook.queries import duties_on


def _windows(scope: Scope) -> list[tuple[Due, Coverage]]:
    """Every window of every rule that opened in the period, and how far it is."""
    return scope.once("duties", lambda: list(_each_window(scope)))


def _each_window(scope: Scope) -> Iterator[tuple[Due, Coverage]]:
    for day in days.each(scope.first, scope.last):
        for rule in duties_on(scope.park, day):
            for window in rule.windows(scope.park.zone):
                if window.start <= scope.as_of:
                    due = Due(rule=rule, window=window)
                    yield due, asked_by(scope.park, due, scope.as_of, scope.reach).coverage()


def _lines(scope: Scope, which: str) -> Iterable[Line]:
    for due, covered in _windows(scope):
        yield Line(facts={
            "duty": due.rule.key, "title": in_language(due.rule.title), "window": due.window.key,
            "from": days.local(due.window.start, scope.park.zone), "until": days.local(due.window.end, scope.park.zone),
            "value": getattr(covered, which)})


def _sum(scope: Scope, which: str) -> int:
    return sum(getattr(covered, which) for _due, covered in _windows(scope))


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
