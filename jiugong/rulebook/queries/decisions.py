"""Gradings and levels of areas as lists show them, and the doors to them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Place, Unit, holds_on
from jiugong.registry.queries.people import within
from jiugong.registry.words import PlaceKind, UnitKind
from jiugong.rulebook.models import Grading, Zoning
from jiugong.rulebook.words import Risk

ZONED = (PlaceKind.PARK, PlaceKind.GRID, PlaceKind.SITE)        # of what an enterprise stands on


def key_enterprises(park: Park, day: date, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[Grading]:
    """The gradings by which an enterprise is a key one on a day."""
    return gradings_on(park, day, reach).filter(risk=Risk.KEY.value)


def gradings_on(park: Park, day: date, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[Grading]:
    """The gradings that hold on a day, by enterprise."""
    return (Grading.objects.filter(holds_on(day), within(reach, "unit__path"), park=park).select_related("unit")
            .order_by("-risk", "unit__name"))


def gradings_of(park: Park, reach: Sequence[str] = (EVERYTHING,)) -> QuerySet[Grading]:
    """Every grading there ever was, the latest first."""
    return Grading.objects.filter(within(reach, "unit__path"), park=park).select_related("unit").order_by("-since", "-pk")


def zonings_of(park: Park) -> QuerySet[Zoning]:
    """Every level that a place of the park ever had, the latest first."""
    return Zoning.objects.filter(park=park).select_related("place").order_by("-since", "-pk")


def zonings_on(park: Park, day: date) -> QuerySet[Zoning]:
    """The levels of areas that hold on a day."""
    return Zoning.objects.filter(holds_on(day), park=park).select_related("place").order_by("place__name")


def zoning_for(actor: Actor, park: Park, pk: int) -> Zoning:
    """The only door from a number in a URL to a Zoning. Raises NotHere."""
    found = Zoning.objects.filter(pk=pk, park=park).select_related("place__park", "park").first()
    if found is None or not actor.may(Can.APPROVE_PLANS, over=found.place):
        raise NotHere()
    return found


def places_to_zone(park: Park) -> QuerySet[Place]:
    """The park, its grids and its sites, in this order."""
    return Place.objects.filter(park=park, kind__in=ZONED).order_by("kind", "name")


def enterprises_to_grade(actor: Actor, park: Park) -> QuerySet[Unit]:
    """The enterprises over which the actor may decide."""
    return Unit.objects.filter(within(actor.reach(Can.APPROVE_PLANS), "path"), park=park, kind=UnitKind.ENTERPRISE).order_by("name")
