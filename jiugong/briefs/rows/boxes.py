"""The boxes of the period: those that were sent, those that were late, and hand-overs whose counts do not agree."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q

from jiugong.briefs.rows.line import Line
from jiugong.briefs.scope import Scope
from jiugong.lib import days
from jiugong.screening.box_faces import in_hours, in_words
from jiugong.screening.models import Box, Leg
from jiugong.screening.queries.boxes import boxes_between, counts_of, late_boxes, packed_in, ways_of
from jiugong.screening.queries.tubes import on_branches


def _boxes(scope: Scope) -> Any:
    return boxes_between(scope.park, scope.start, scope.end).filter(on_branches(scope.reach, scope.park, "point__"))


def boxes(scope: Scope) -> Iterable[Line]:
    """Each box, where it is, how long its swabs were on their way."""
    listed = list(_boxes(scope))
    packed = packed_in(listed)
    ways = ways_of(scope.park, listed, packed)
    for box in listed:
        yield _line(box, len(packed.get(box.pk, ())), ways[box.pk], scope)


def _line(box: Box, tubes: int, way: Any, scope: Scope) -> Line:
    return Line(facts={
        "box": box.code, "point": box.point.name, "box_stage": box.stage, "tubes": tubes, "holder": box.holder_name,
        "opened_at": days.local(box.opened_at, scope.park.zone), "oldest_at": days.local(way.since, scope.park.zone),
        "arrived_at": days.local(way.arrived, scope.park.zone) if way.arrived else "",
        "limit_at": days.local(way.limit_at, scope.park.zone) if way.limit_at else "", "lasted": in_hours(way.lasted(scope.as_of))})


def count_boxes(scope: Scope) -> int:
    return int(_boxes(scope).count())


def boxes_late(scope: Scope) -> Iterable[Line]:
    late = late_boxes(scope.park, _boxes(scope), scope.as_of)
    packed = packed_in([box for box, _way in late])
    for box, way in late:
        yield _line(box, len(packed.get(box.pk, ())), way, scope)


def count_boxes_late(scope: Scope) -> int:
    return len(late_boxes(scope.park, _boxes(scope), scope.as_of))


def _differing(scope: Scope) -> Any:
    """Hand-overs of the period that did not agree and were not explained by its end."""
    open_still = Q(explained_at=None) | Q(explained_at__gt=scope.as_of)
    return (Leg.objects.filter(open_still, park=scope.park, differs=True, withdrawn_at=None, given_at__gte=scope.start,
                               given_at__lt=scope.end)
            .filter(on_branches(scope.reach, scope.park, "box__point__")).select_related("box__point").order_by("given_at", "pk"))


def boxes_differing(scope: Scope) -> Iterable[Line]:
    """What the two sides counted, and what does not agree, in words."""
    legs = list(_differing(scope))
    packed = packed_in({leg.box_id: leg.box for leg in legs}.values())
    for leg in legs:
        yield Line(facts={
            "box": leg.box.code, "point": leg.box.point.name, "given_by": leg.given_by_name,
            "given_at": days.local(leg.given_at, scope.park.zone), "gave": leg.gave, "got_by": leg.received_by_name,
            "got_at": days.local(leg.received_at, scope.park.zone) if leg.received_at else "",
            "counted": "" if leg.counted is None else leg.counted,
            "difference": "; ".join(in_words(counts_of(leg, packed.get(leg.box_id, []))))})


def count_boxes_differing(scope: Scope) -> int:
    return int(_differing(scope).count())


Pair = tuple[Callable[[Scope], Iterable[Line]], Callable[[Scope], int]]
BOXES: Mapping[str, Pair] = {
    "boxes": (boxes, count_boxes), "boxes_late": (boxes_late, count_boxes_late),
    "boxes_differing": (boxes_differing, count_boxes_differing)}
