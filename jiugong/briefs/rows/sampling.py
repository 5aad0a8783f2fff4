"""Sampling points as they stand on the last day of the period, and the people of its rounds, each counted once."""

from collections.abc import Iterable

from django.db.models import QuerySet

from jiugong.briefs.rows.line import Line, in_order, posted
from jiugong.briefs.rows.rounds import rounds_asked
from jiugong.briefs.scope import Scope
from jiugong.registry.models import Posting
from jiugong.screening.logic.reading_points import hours_in_words
from jiugong.screening.models import Point
from jiugong.screening.queries.officers import Equipped, equipped
from jiugong.screening.queries.own import sampled_by_own
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


def self_sampled(scope: Scope) -> Iterable[Line]:
    """Everybody who was sampled at a point of his own enterprise, once, where he stood."""
    seen: set[int] = set()
    for posting in in_order(sampled_by_own(scope.park, scope.start, scope.end, scope.reach)):
        if posting.person_id not in seen:
            seen.add(posting.person_id)
            yield Line(facts=posted(posting), whose=posting.person)


def count_self_sampled(scope: Scope) -> int:
    return sampled_by_own(scope.park, scope.start, scope.end, scope.reach).order_by().values("person").distinct().count()


def _equipped(scope: Scope) -> list[Equipped]:
    return scope.once("equipped", lambda: equipped(scope.park, scope.last, scope.reach))


def _equipped_lines(found: Iterable[Equipped]) -> Iterable[Line]:
    for each in found:
        yield Line(facts={
            "enterprise": each.unit.name, "grid": str(each.grid or ""), "staff": each.people, "point": "、".join(each.points),
            "lacking": ",".join(each.lacking)})


def enterprises_with_point_due(scope: Scope) -> Iterable[Line]:
    """The enterprises that need a point by the rules of the last day, and what each lacks."""
    return _equipped_lines(_equipped(scope))


def count_enterprises_with_point_due(scope: Scope) -> int:
    return len(_equipped(scope))


def enterprises_short(scope: Scope) -> Iterable[Line]:
    """Those of them that lack a point, or a trained officer in a role."""
    return _equipped_lines(each for each in _equipped(scope) if each.lacking)


def count_enterprises_short(scope: Scope) -> int:
    return sum(bool(each.lacking) for each in _equipped(scope))
