"""Closed days of the period, who missed what on them as it was sealed, and what arrived for them afterwards."""

from collections.abc import Callable, Iterable, Mapping

from django.db.models import QuerySet

from jiugong.briefs.rows.line import Line, found
from jiugong.briefs.scope import Scope
from jiugong.closing.models import Afterword, Miss, Seal
from jiugong.closing.queries.days import late_rows, misses_between, rows_of_days, seals_of, title_of
from jiugong.lib import days
from jiugong.registry.queries.people import is_whole

AT_ONCE = 500


def _closed(scope: Scope) -> QuerySet[Seal]:
    return seals_of(scope.park, scope.first, scope.last).filter(sealed_at__lte=scope.at)


def days_closed(scope: Scope) -> Iterable[Line]:
    """Each closed day with its seal; what it came to is of the whole park, and told to whoever sees all of it."""
    whole = is_whole(scope.park, scope.reach)
    for row in rows_of_days(scope.park, _closed(scope).order_by("day").values_list("day", flat=True)):
        if row.seal:
            yield Line(facts={
                "day": str(row.day), "seal": row.seal.short, "closed_by": row.seal.sealed_by_name,
                "closed_at": days.local(row.seal.sealed_at, scope.park.zone),
                **({name: row.sums.get(name, 0) for name in ("owed", "done", "excused", "missed")} if whole else {})})


def count_days_closed(scope: Scope) -> int:
    return _closed(scope).count()


def _misses(scope: Scope) -> QuerySet[Miss]:
    return misses_between(scope.park, scope.first, scope.last, scope.reach).filter(count__seal__sealed_at__lte=scope.at)


def missed(scope: Scope) -> Iterable[Line]:
    """Who or what missed a duty or round of a closed day."""
    wanted = (found(scope, _misses(scope), "person__name", "unit__name", "place__name", "unit__enterprise__name")
              .select_related("count__seal", "person", "unit__enterprise", "place").order_by("count__seal__day", "count", "pk"))
    for each in wanted.iterator(chunk_size=AT_ONCE):
        unit, thing = each.unit, each.person or each.unit or each.place
        yield Line(whose=each.person, facts={
            "day": str(each.count.seal.day), "title": title_of(each.count), "window": each.count.window.rpartition("/")[2],
            "name": thing.name if thing else "", "enterprise": unit.enterprise.name if unit and unit.enterprise else ""})


def count_missed(scope: Scope) -> int:
    return _misses(scope).count()


def _late(scope: Scope) -> QuerySet[Afterword]:
    """A row that came late says neither whose it is nor where: it is counted for whoever sees the whole park."""
    rows = late_rows(scope.park, scope.first, scope.last).filter(at__lte=scope.at)
    return rows if is_whole(scope.park, scope.reach) else rows.none()


def late(scope: Scope) -> Iterable[Line]:
    """Each row that arrived after its day was closed: in which table, which number, when."""
    for each in _late(scope).iterator(chunk_size=AT_ONCE):
        yield Line(facts={"day": str(each.day), "table": each.table, "row": each.row,
                          "arrived_late_at": days.local(each.at, scope.park.zone)})


def count_late(scope: Scope) -> int:
    return _late(scope).count()


Pair = tuple[Callable[[Scope], Iterable[Line]], Callable[[Scope], int]]
CLOSED: Mapping[str, Pair] = {"days_closed": (days_closed, count_days_closed), "missed": (missed, count_missed),
                              "late": (late, count_late)}
