"""Tubes, specimens, results and retests of a park, as they stood at a moment."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Posting, holds_on
from jiugong.registry.queries.people import today_in, within
from jiugong.screening.errors import TubeUnknown
from jiugong.screening.models import Point, Result, Retest, Round, Specimen, Tube
from jiugong.screening.queries.rounds import reach_into


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


def with_last_result(tubes: QuerySet[Tube], at: datetime) -> QuerySet[Any]:
    """Each tube with its last result's `value` and `reported_at` as they were known at a moment."""
    last = Result.objects.filter(tube=OuterRef("pk"), reported_at__lte=at).order_by("-reported_at", "-pk")
    return tubes.annotate(value=Subquery(last.values("value")[:1]), reported=Subquery(last.values("reported_at")[:1]),
                          bound=Count("specimens", filter=Q(specimens__sampled_at__lte=at, specimens__undo__isnull=True)),
                          after_seal=Count("specimens", filter=Q(
                              round__imported=False, specimens__received_at__gt=F("sealed_at"), specimens__received_at__lte=at,
                              specimens__undo__isnull=True)))


def tube_for(actor: Actor, park: Park, code: str) -> Tube:
    """The only door from a code in a URL to a Tube. Raises TubeUnknown, also for what the actor may not see.

    Open to who samples or sees people where the tube stands, and to who sees one of the people in it.
    """
    if not code.isprintable():
        raise TubeUnknown(tube=code)
    tube = (Tube.objects.filter(park=park, code=code)
            .select_related("park", "round", "point__park", "point__unit", "point__place").first())
    if tube and (sees_all_of(actor, tube) or members_seen(actor, tube)):
        return tube
    raise TubeUnknown(tube=code)


def sees_all_of(actor: Actor, tube: Tube) -> bool:
    """May the actor see everybody in a tube, because it stands on his ground?"""
    return actor.may(Can.SEE_PEOPLE, over=tube.point) or actor.may(Can.BIND_SPECIMENS, over=tube.point)


def members_seen(actor: Actor, tube: Tube) -> set[int]:
    """The numbers of the specimens in a tube whose people the actor may see."""
    if sees_all_of(actor, tube):
        return set(Specimen.objects.filter(tube=tube).values_list("pk", flat=True))
    reach = reach_into(actor, Can.SEE_PEOPLE, tube.park)
    if not reach:
        return set()
    posted = Posting.objects.filter(holds_on(tube.round.day), within(reach), park=tube.park)
    return set(Specimen.objects.filter(tube=tube, person__in=posted.values("person")).values_list("pk", flat=True))


def members_of(tube: Tube, at: datetime) -> QuerySet[Specimen]:
    """The specimens of a tube in order, as they were at a moment, each with who took it and whether it is retested."""
    return (Specimen.objects.filter(tube=tube, sampled_at__lte=at)
            .select_related("tube__round", "person", "place", "scanner", "retest__because", "retest__closed_by__tube")
            .order_by("position", "pk"))


def results_of(tube: Tube, at: datetime) -> QuerySet[Result]:
    """What the laboratory said of a tube until a moment, newest first: the first one counts."""
    return tube.results.filter(reported_at__lte=at).select_related("laboratory").order_by("-reported_at", "-pk")


def tubes_of(actor: Actor, the_round: Round, at: datetime) -> QuerySet[Tube]:
    """The tubes of a round that the actor may see, by the time of their first swab."""
    return Tube.objects.filter(_standing(actor, the_round.park, Can.SEE_BOARD) | _standing(
        actor, the_round.park, Can.BIND_SPECIMENS), round=the_round, opened_at__lte=at).order_by("opened_at", "code")


def in_stage(tubes: QuerySet[Tube], stage: str, at: datetime) -> QuerySet[Any]:
    """The tubes that are `open`, `sealed` and without a result, or whose last result is one of ours."""
    last = Result.objects.filter(tube=OuterRef("pk"), reported_at__lte=at).order_by("-reported_at", "-pk")
    if stage in ("open", "sealed"):
        is_sealed = Q(sealed_at__isnull=False, sealed_at__lte=at)
        return tubes.filter(is_sealed if stage == "sealed" else ~is_sealed).exclude(Exists(last))
    return tubes.annotate(last=Subquery(last.values("value")[:1])).filter(last=stage)


def stages_of(tubes: QuerySet[Tube], at: datetime) -> dict[str, int]:
    """How many of these tubes are open, sealed and without a result, negative, positive, suspicious, invalid."""
    last = Result.objects.filter(tube=OuterRef("pk"), reported_at__lte=at).order_by("-reported_at", "-pk")
    is_open = ExpressionWrapper(Q(sealed_at__isnull=True) | Q(sealed_at__gt=at), output_field=BooleanField())
    rows = (tubes.order_by().annotate(last=Subquery(last.values("value")[:1]), is_open=is_open)
            .values_list("last", "is_open").annotate(count=Count("pk")))
    found: dict[str, int] = {}
    for value, still_open, count in rows:
        stage = value or ("open" if still_open else "sealed")
        found[stage] = found.get(stage, 0) + count
    return found


def described(tubes: Iterable[Tube], at: datetime) -> list[Any]:
    """These tubes, as a page lists them, with their point, last result and how many swabs are in them."""
    listed = list(tubes)
    known = with_last_result(Tube.objects.filter(pk__in=[tube.pk for tube in listed]).select_related("point"), at).in_bulk()
    return [known[tube.pk] for tube in listed]


def points_for(actor: Actor, park: Park) -> QuerySet[Point]:
    """The points at which the actor may bind specimens, by name. Those that are closed for good, or not yet, come along
    only where a device names them.
    """
    reach = reach_into(actor, Can.BIND_SPECIMENS, park)
    return (Point.objects.filter(on_branches(reach, park), holds_on(today_in(park)), park=park)
            .select_related("unit", "place").order_by("kind", "name"))


def scanners_of(tubes: Iterable[Tube]) -> dict[int, list[str]]:
    """Who scanned the swabs of each tube, by the tube's number; an unknown telephone stands as an empty name."""
    rows = (Specimen.objects.filter(tube__in=[tube.pk for tube in tubes])
            .exclude(scanner=None, scanner_index=None).order_by("tube_id", "scanner__name")
            .values_list("tube_id", "scanner__name").distinct())
    by_tube: dict[int, list[str]] = defaultdict(list)
    for tube_id, name in rows:
        by_tube[tube_id].append(name or "")
    return by_tube


def _standing(actor: Actor, park: Park, power: Can) -> Q:
    return on_branches(reach_into(actor, power, park), park, "point__")


def on_branches(reach: tuple[str, ...], park: Park, prefix: str = "") -> Q:
    """Points on one of these branches. A point that belongs to nobody is the whole park's."""
    if any(root == EVERYTHING or root in park.branches for root in reach):
        return ~Q(pk__in=[])                 # everything, also beside an "or": an empty Q would be left out there
    inside = Q(pk__in=[])
    for root in reach:
        inside |= Q(**{f"{prefix}unit__path__startswith": root}) | Q(**{f"{prefix}place__path__startswith": root})
    return inside


def open_retests(park: Park, at: datetime, reach: tuple[str, ...]) -> QuerySet[Retest]:
    """People who are to be sampled alone and were not, at a moment, within a reach."""
    waiting = Q(closed_by=None) | Q(closed_by__reported_at__gt=at)
    found = (Retest.objects.filter(waiting, park=park, specimen__undo__isnull=True, opened_at__lte=at)
             .select_related("specimen__person", "specimen__tube", "because"))
    if EVERYTHING in reach or any(park.branches[1].startswith(root) for root in reach):
        return found
    posted = Posting.objects.filter(within(reach), park=park, until__isnull=True)
    return found.filter(specimen__person__in=posted.values("person"))
