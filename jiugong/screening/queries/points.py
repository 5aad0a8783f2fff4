"""Points of a park, with how many swabs each has taken."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from jiugong.registry.models import Park
from jiugong.screening.models import Point


def points_with_specimens(park: Park, at: datetime) -> QuerySet[Point]:
    """Every point by name, with `taken`: the swabs that had gone into its tubes by a moment."""
    taken = Count("tubes__specimens", filter=Q(tubes__specimens__sampled_at__lte=at))
    return Point.objects.filter(park=park).select_related("unit", "place").annotate(taken=taken).order_by("name")
