"""Sampling points as they stand on the last day of the period, and the people of its rounds, each counted once."""

from collections.abc import Iterable

from django.db.models import QuerySet

from jiugong.briefs.rows.line import Line, in_order, posted
from jiugong.briefs.rows.rounds import rounds_asked
from jiugong.briefs.scope import Scope
from jiugong.registry.models import Posting
from jiugong.screening.logic.reading_points import hours_in_words
from jiugong.screening.models import Point
from jiugong.screening.queries.points import points_standing
from jiugong.screening.words import PointKind


def _points(scope: Scope, kind: PointKind | None = None) -> QuerySet[Point]:
    found = points_standing(scope.park, scope.last, scope.reach)
    return found.filter(kind=kind) if kind else found


def _point_lines(points: QuerySet[Point]) -> Iterable[Line]:
    for each in points:
        yield Line(facts={
            "point": each.name, "point_kind": each.kind, "over": str(each.unit or each.place or ""),
            "hours": hours_in_words(each.opens, each.closes), "desks": each.desks or ""})


def points(scope: Scope) -> Iterable[Line]:
    """Each point that stands, its kind, hours and desks."""
    return _point_lines(_points(scope))


def count_points(scope: Scope) -> int:
    return _points(scope).count()


def points_at_enterprises(scope: Scope) -> Iterable[Line]:
    return _point_lines(_points(scope, PointKind.ENTERPRISE))


def count_points_at_enterprises(scope: Scope) -> int:
    return _points(scope, PointKind.ENTERPRISE).count()


def _people(scope: Scope, which: str) -> set[int]:
    """The people who owe in a round of the period, or who were sampled in one that they owed: each once."""
    def ask() -> set[int]:
        found: set[int] = set()
        for _round, asked in rounds_asked(scope):
            rows = asked.owed if which == "owed" else asked.done_rows()
            found.update(rows.order_by().values_list("person_id", flat=True))
        return found
    return scope.once(f"people_{which}", ask)


def _people_lines(scope: Scope, which: str) -> Iterable[Line]:
    """Each of these people where he stood in the last round of the period that concerns him, by enterprise and team."""
    seen: set[int] = set()
    for _round, asked in reversed(list(rounds_asked(scope))):
        rows: QuerySet[Posting] = asked.owed if which == "owed" else asked.done_rows()
        for posting in in_order(rows):
            if posting.person_id not in seen:
                seen.add(posting.person_id)
                yield Line(facts=posted(posting), whose=posting.person)


def people_owed(scope: Scope) -> Iterable[Line]:
    return _people_lines(scope, "owed")


def count_people_owed(scope: Scope) -> int:
    return len(_people(scope, "owed"))


def people_sampled(scope: Scope) -> Iterable[Line]:
    return _people_lines(scope, "done")


def count_people_sampled(scope: Scope) -> int:
    return len(_people(scope, "done"))
