"""Rounds and, over all rounds of the period, who owed a specimen, was sampled, was excused, was missing."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from jiugong.briefs.rows.line import WHO, Line, found, in_order, posted
from jiugong.briefs.scope import Scope
from jiugong.briefs.windows import rounds_of
from jiugong.lib import days
from jiugong.registry.queries.coverage import Asked, Coverage, total
from jiugong.screening.models import Round
from jiugong.screening.queries.rounds import asked_by


def _rounds(scope: Scope) -> QuerySet[Round]:
    return (Round.objects.filter(park=scope.park, day__gte=scope.first, day__lte=scope.last, opens_at__lte=scope.as_of)
            .select_related("park", "unit", "place").prefetch_related("enterprises").order_by("number"))


def rounds_asked(scope: Scope) -> Iterator[tuple[Round, Asked]]:
    """Each round of the period with who owes in it, who was sampled, who was excused."""
    for each in _rounds(scope):
        yield each, asked_by(each, scope.as_of, scope.reach)


def _covered(scope: Scope) -> Coverage:
    return total(each.covered for each in rounds_of(scope))


def rounds(scope: Scope) -> Iterable[Line]:
    """Each round with its window and how far it is."""
    zone = scope.park.zone
    for each, asked in rounds_asked(scope):
        covered = asked.coverage()
        yield Line(facts={
            "round": each.number, "day": each.day.isoformat(), "opens_at": days.local(each.opens_at, zone),
            "closes_at": days.local(each.closes_at, zone), "owed": covered.owed, "sampled": covered.done,
            "excused": covered.excused, "missing": covered.missing})


def count_rounds(scope: Scope) -> int:
    return _rounds(scope).count()


def _people(scope: Scope, which: str) -> Iterable[Line]:
    for each, asked in rounds_asked(scope):
        rows: QuerySet[Any] = asked.owed if which == "owed" else getattr(asked, which)()
        for posting in in_order(found(scope, rows, *WHO)):
            yield Line(facts={"round": each.number, **posted(posting)}, whose=posting.person)


def owed(scope: Scope) -> Iterable[Line]:
    return _people(scope, "owed")


def sampled(scope: Scope) -> Iterable[Line]:
    return _people(scope, "done_rows")


def excused(scope: Scope) -> Iterable[Line]:
    return _people(scope, "excused_rows")


def missing(scope: Scope) -> Iterable[Line]:
    return _people(scope, "missing")


def count_owed(scope: Scope) -> int:
    return _covered(scope).owed


def count_sampled(scope: Scope) -> int:
    return _covered(scope).done


def count_excused(scope: Scope) -> int:
    return _covered(scope).excused


def count_missing(scope: Scope) -> int:
    return _covered(scope).missing
