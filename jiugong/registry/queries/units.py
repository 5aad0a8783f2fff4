"""The trees of a park on a day: its enterprises, what lies below them, and the grid in which each of them lies."""

from collections.abc import Sequence
from datetime import date

from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.functions import Length

from jiugong.registry.models import Park, Place, Posting, Unit, holds_on
from jiugong.registry.queries.people import EVERYWHERE, within
from jiugong.registry.words import PlaceKind, UnitKind


def enterprises_of(park: Park, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Unit]:
    """The enterprises of a park, in the order in which they were entered."""
    return (Unit.objects.filter(within(reach, "path"), park=park, kind=UnitKind.ENTERPRISE)
            .select_related("site").order_by("pk"))


def grids_of(park: Park, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Place]:
    """The grids of a park, in the order in which they were entered."""
    return Place.objects.filter(within(reach, "path"), park=park, kind=PlaceKind.GRID).order_by("pk")


def parts_of(unit: Unit) -> QuerySet[Unit]:
    """What stands directly below a unit: the workshops of an enterprise, the teams of a workshop."""
    return Unit.objects.filter(parent=unit).order_by("kind", "name")


def above(unit: Unit) -> QuerySet[Unit]:
    """The way up from a unit: itself first, the park office last."""
    way = Q(pk__in=steps(unit.path)) | Q(path=f"u/{unit.park_id}/")
    return Unit.objects.filter(way).order_by(Length("path").desc())


def steps(path: str) -> list[int]:
    """The numbers of the rows on the way down a path, the root aside: `p/1/` and `u/1/` carry the park's number."""
    return [int(step) for step in path.strip("/").split("/")[2:]]


def grids_on(park: Park, day: date) -> dict[int, Place | None]:
    """In which grid each enterprise lies on a day, by the enterprise's number; None where it lies in none."""
    rows = (Unit.objects.filter(park=park, kind=UnitKind.ENTERPRISE)
            .annotate(sited=FilteredRelation("site__sitings", condition=Q(holds_on(day, "site__sitings__"))))
            .values_list("pk", *(f"sited__grid__{field}" for field in _PLACE)))
    return {enterprise: _place(park, grid) for enterprise, *grid in rows}


def units_with_people(park: Park, day: date, reach: Sequence[str] = EVERYWHERE) -> set[int]:
    """The units, up to the enterprises, in which anybody is on the roster on a day."""
    paths = (Posting.objects.filter(holds_on(day), within(reach), park=park)
             .order_by().values_list("unit__path", flat=True).distinct())
    return {step for path in paths for step in steps(path)}


_PLACE = ("pk", "parent_id", "kind", "name", "key", "address", "path")


def _place(park: Park, fields: Sequence[object]) -> Place | None:
    return Place(park=park, **dict(zip(_PLACE, fields, strict=True))) if fields[0] else None
