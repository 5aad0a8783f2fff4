"""Tubes, specimens, results and retests of a park, as they stood at a moment."""

from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.screening.models import Result, Retest, Specimen, Tube


def specimens_taken(park_id: int, start: datetime, end: datetime) -> QuerySet[Specimen]:
    """Every specimen, of people and of places, taken from one moment until just before another."""
    return Specimen.objects.filter(park_id=park_id, sampled_at__gte=start, sampled_at__lt=end)


def specimens_between(park: Park, start: datetime, end: datetime) -> QuerySet[Specimen]:
    """The swabs of people taken from one moment until just before another, walk-ins included."""
    return Specimen.objects.filter(park=park, kind="person", sampled_at__gte=start, sampled_at__lt=end)


def tubes_between(park: Park, start: datetime, end: datetime) -> QuerySet[Tube]:
    """The tubes into which a swab went in that time."""
    return Tube.objects.filter(pk__in=Specimen.objects.filter(
        park=park, sampled_at__gte=start, sampled_at__lt=end).values("tube"))


def with_last_result(tubes: QuerySet[Tube], at: datetime) -> QuerySet[Tube]:
    """Each tube with its last result's `value` and `reported_at` as they were known at a moment."""
    last = Result.objects.filter(tube=OuterRef("pk"), reported_at__lte=at).order_by("-reported_at", "-pk")
    return tubes.annotate(value=Subquery(last.values("value")[:1]), reported=Subquery(last.values("reported_at")[:1]),
                          bound=Count("specimens", filter=Q(specimens__sampled_at__lte=at)))


def tube_for(actor: Actor, park: Park, code: str) -> Tube | None:
    """The only door from a code in a URL to a Tube; None where it is hidden or absent."""
    tube = Tube.objects.filter(park=park, code=code).select_related("round", "point__unit", "point__place").first()
    if tube and (actor.may(Can.SEE_PEOPLE, over=park) or actor.may(Can.BIND_SPECIMENS, over=tube.point)):
        return tube
    return None


def open_retests(park: Park, at: datetime, reach: tuple[str, ...]) -> QuerySet[Retest]:
    """People who are to be sampled alone and were not, at a moment, within a reach."""
    waiting = Q(closed_by=None) | Q(closed_by__reported_at__gt=at)
    found = (Retest.objects.filter(waiting, specimen__park=park, opened_at__lte=at)
             .select_related("specimen__person", "specimen__tube", "because"))
    if EVERYTHING in reach or any(park.branches[1].startswith(root) for root in reach):
        return found
    branch = Q(pk__in=[])
    for root in reach:
        branch |= Q(specimen__person__postings__unit__path__startswith=root, specimen__person__postings__until=None)
    return found.filter(branch).distinct()
