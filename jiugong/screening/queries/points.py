"""Points of a park, with how many swabs each has taken."""

from django.db.models import Count, QuerySet

from jiugong.registry.models import Park
from jiugong.screening.models import Point


def points_with_specimens(park: Park) -> QuerySet[Point]:
    """Every point by name, with `taken`: the swabs that went into its tubes."""
    return (Point.objects.filter(park=park).select_related("unit", "place").annotate(taken=Count("tubes__specimens"))
            .order_by("name"))
