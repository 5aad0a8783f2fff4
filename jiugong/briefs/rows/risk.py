"""People flagged by other places in the period, those not acted on in time, and returnees of its last day without a verdict."""

from collections.abc import Callable, Iterable, Mapping

from django.db.models import F, Q, QuerySet

from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.lib import days, secrets
from jiugong.registry.queries.people import is_whole, roster_on
from jiugong.tracing.flagged_faces import outcome_in_words
from jiugong.tracing.models import Flagged
from jiugong.tracing.queries.returnees import Returnee, returnees_within
from jiugong.tracing.words import FlagStage


def _flagged(scope: Scope) -> QuerySet[Flagged]:
    """Who was taken in in the period; within a reach only who stands on the roster there and is found."""
    rows = Flagged.objects.filter(park=scope.park, imported_at__gte=scope.start, imported_at__lt=scope.end)
    if is_whole(scope.park, scope.reach):
        return rows
    return rows.exclude(stage=FlagStage.WAITING).filter(
        person__in=roster_on(scope.park, scope.last, scope.reach).values("person"))


def _late(scope: Scope) -> QuerySet[Flagged]:
    """Acted on after the time, or not at all though it is over; whoever was returned as nobody of ours is not late."""
    over = Q(acted_at=None, due_at__lt=scope.as_of) | Q(acted_at__gt=F("due_at"))
    return _flagged(scope).filter(over).exclude(stage__in=(FlagStage.WAITING, FlagStage.RETURNED))


def _lines(scope: Scope, rows: QuerySet[Flagged]) -> Iterable[Line]:
    ring = secrets.ring()
    for row in rows.select_related("person").order_by("due_at", "pk").iterator(chunk_size=500):
        yield Line(facts={"name": row.open_name(ring), "told_by": row.pushed_by, "reason": row.reason, "flag_stage": row.stage,
                          "due_at": days.local(row.due_at, scope.park.zone)[:16], "outcome": outcome_in_words(row.outcome)},
                   whose=row.person if row.stage != FlagStage.WAITING else None)


def flagged(scope: Scope) -> Iterable[Line]:
    """Each person of whom another place told, and what became of it."""
    return _lines(scope, _flagged(scope))


def count_flagged(scope: Scope) -> int:
    return _flagged(scope).count()


def flagged_late(scope: Scope) -> Iterable[Line]:
    """Each who was not acted on in time."""
    return _lines(scope, _late(scope))


def count_flagged_late(scope: Scope) -> int:
    return _late(scope).count()


def _unchecked(scope: Scope) -> list[Returnee]:
    return [each for each in scope.once("returnees", lambda: returnees_within(scope.park, scope.last, scope.as_of, scope.reach))
            if each.state != "decided"]


def returnees_unchecked(scope: Scope) -> Iterable[Line]:
    """Each who comes back and was not asked, or not decided."""
    for each in _unchecked(scope):
        yield Line(facts={"name": each.name, "from": each.origin, "arriving_on": str(each.arriving_on or ""),
                          "told": "；".join(stay.area for stay in each.stays)}, whose=each.person)


def count_returnees_unchecked(scope: Scope) -> int:
    return len(_unchecked(scope))


Pair = tuple[Callable[[Scope], Iterable[Line]], Callable[[Scope], int]]
AT_RISK: Mapping[str, Pair] = {
    "flagged": (flagged, count_flagged), "flagged_late": (flagged_late, count_flagged_late),
    "returnees_unchecked": (returnees_unchecked, count_returnees_unchecked)}
