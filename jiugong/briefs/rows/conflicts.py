"""Conflicts between the scans of the period's rounds that nobody has settled."""

from collections.abc import Iterable

from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.lib import days
from jiugong.screening.conflict_faces import says
from jiugong.screening.queries.conflict_counts import count_waiting
from jiugong.screening.queries.conflicts import rounds_between, waiting_conflicts, with_swabs


def conflicts(scope: Scope) -> Iterable[Line]:
    """What each of them is, with the tube and the first and last swab that take part."""
    for each in with_swabs(waiting_conflicts(scope.park, rounds_between(scope.park, scope.first, scope.last), scope.reach)):
        first, last = each.swabs[0], each.swabs[-1]
        yield Line(facts={
            "conflict_kind": each.kind, "round": first.round.number, "difference": says(each, scope.park, scope.reach),
            "tube": "、".join(dict.fromkeys(swab.tube.code for swab in each.swabs)), "specimens": len(each.swabs),
            "point": first.tube.point.name, "from": days.local(first.sampled_at, scope.park.zone),
            "until": days.local(last.sampled_at, scope.park.zone)})


def count_conflicts(scope: Scope) -> int:
    """Counted without looking for each: most briefs show the number and no row."""
    return count_waiting(scope.park, rounds_between(scope.park, scope.first, scope.last), scope.reach).conflicts
