"""Points of a park: which stand on a day, how they are found, and how many swabs each has taken."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from jiugong.lib import days
from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park, holds_on
from jiugong.screening.errors import PointUnknown
from jiugong.screening.models import Point, Specimen
from jiugong.screening.queries.rounds import must_see_rounds
from jiugong.screening.queries.tubes import on_branches
from jiugong.screening.words import PointKind


def points_of(park: Park, *, text: str = "", kind: str = "", standing: str = "", day: date | None = None) -> QuerySet[Point]:
    """The points of a park by name, narrowed by a part of a name, by kind, and by whether they stand on a day.

    `text` is looked for in the names of the point and of the enterprise or grid over which it is.
    """
    found = Point.objects.filter(park=park).select_related("park", "unit", "place").order_by("name", "pk")
    if text:
        key = name_key(text)
        found = found.filter(Q(key__contains=key) | Q(unit__key__contains=key) | Q(place__key__contains=key))
    if kind in PointKind.values:
        found = found.filter(kind=kind)
    if day and standing in ("yes", "no"):
        found = found.filter(holds_on(day)) if standing == "yes" else found.exclude(holds_on(day))
    return found


def points_standing(park: Park, day: date, reach: tuple[str, ...] = (EVERYTHING,)) -> QuerySet[Point]:
    """The points that stand on a day, within a reach, by name."""
    return points_of(park, standing="yes", day=day).filter(on_branches(reach, park))


def point_for(actor: Actor, park: Park, pk: int) -> Point:
    """The only door from a number in a URL to a Point. Raises PointUnknown, NotAllowed."""
    must_see_rounds(actor, park)
    point = points_of(park).filter(pk=pk).first()
    if point is None:
        raise PointUnknown(point=pk, known="-")
    return point


def taken_at(points: Iterable[Point], park: Park, at: datetime) -> dict[int, int]:
    """How many swabs went into the tubes of these points on the day of a moment until then, by the point's number."""
    start, _end = days.bounds(days.day_of(at, park.zone), park.zone)
    rows = (Specimen.objects.filter(park=park, tube__point__in=[point.pk for point in points], sampled_at__gte=start,
                                    sampled_at__lte=at)
            .order_by().values_list("tube__point").annotate(count=Count("pk")))
    return dict(rows)
