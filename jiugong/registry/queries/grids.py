"""The ground of a park: outlines of grids, points of sites, in which grid each site is counted on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.logic.geometry import Area, Position
from jiugong.registry.logic.ground import area_of, point_of
from jiugong.registry.models import Park, Place, Siting, holds_on
from jiugong.registry.queries.listed import must_see_some
from jiugong.registry.queries.people import within
from jiugong.registry.queries.units import grids_of
from jiugong.registry.words import PlaceKind


def drawn_grids(park: Park) -> dict[int, Area]:
    """The outlines of a park's grids, in the order in which the grids were entered."""
    rows = Place.objects.filter(park=park, kind=PlaceKind.GRID, outline__isnull=False).order_by("pk")
    return {pk: area for pk, outline in rows.values_list("pk", "outline") if (area := area_of(outline))}


def placed_sites(park: Park) -> dict[int, Position]:
    """Where the sites of a park lie, of which this is known."""
    rows = Place.objects.filter(park=park, kind=PlaceKind.SITE, outline__isnull=False).order_by("pk")
    return {pk: at for pk, outline in rows.values_list("pk", "outline") if (at := point_of(outline))}


def sitings_on(park: Park, day: date) -> dict[int, int | None]:
    """In which grid each site is counted on a day."""
    return dict(Siting.objects.filter(holds_on(day), site__park=park).values_list("site_id", "grid_id"))


def sites_on(actor: Actor, park: Park, day: date) -> QuerySet[Any]:
    """The sites that the actor sees, each with the number of its grid on a day (`in_grid`), by name."""
    reach = must_see_some(actor, park, Can.SEE_BOARD)
    return (Place.objects.filter(within(reach, "path"), park=park, kind=PlaceKind.SITE)
            .annotate(counted=FilteredRelation("sitings", condition=Q(holds_on(day, "sitings__"))))
            .annotate(in_grid=F("counted__grid_id"), grid_name=F("counted__grid__name")).order_by("name", "pk"))


@dataclass(frozen=True)
class Drawn:
    """A grid as the page of the map lists it: how many sites are counted in it, how many of them are placed."""

    grid: Place
    sites: int
    placed: int


def grids_drawn(actor: Actor, park: Park, day: date) -> list[Drawn]:
    """The grids that the actor sees, drawn or not."""
    reach = must_see_some(actor, park, Can.SEE_BOARD)
    rows = (Siting.objects.filter(holds_on(day), site__park=park).order_by().values("grid_id")
            .annotate(sites=Count("pk"), placed=Count("pk", filter=Q(site__outline__isnull=False))))
    counts = {row["grid_id"]: (row["sites"], row["placed"]) for row in rows}
    return [Drawn(grid, *counts.get(grid.pk, (0, 0))) for grid in grids_of(park, reach)]


def ground_of(actor: Actor, park: Park, day: date) -> dict[str, Any]:
    """What is drawn and placed, as GeoJSON in WGS 84: what `import ground` takes again."""
    reach = must_see_some(actor, park, Can.SEE_BOARD)
    grids = [_feature(grid, {"kind": "grid", "id": grid.pk}) for grid in grids_of(park, reach) if grid.outline]
    sites = [_feature(site, {"kind": "site", "id": site.pk, "grid": site.in_grid})
             for site in sites_on(actor, park, day) if site.outline]
    return {"type": "FeatureCollection", "features": [*grids, *sites]}


def grids_named(park: Park, keys: Sequence[str]) -> dict[str, Place]:
    """The grids of these names, by the key of the name."""
    return {each.key: each for each in Place.objects.filter(park=park, kind=PlaceKind.GRID, key__in=keys)}


def sites_named(park: Park, keys: Sequence[str]) -> dict[str, Place]:
    """The sites of these names, or of the enterprises of these names that stand on them, by the key of the name."""
    rows = (Place.objects.filter(park=park, kind=PlaceKind.SITE)
            .annotate(occupant=F("occupants__key")).filter(Q(key__in=keys) | Q(occupants__key__in=keys)).order_by("pk"))
    found: dict[str, Place] = {}
    for site in rows:
        for key in (site.key, site.occupant):
            if key in keys:
                found.setdefault(key, site)
    return found


def place_drawn(park: Park, pk: int) -> Place | None:
    """A grid or a site of a park by its number."""
    return Place.objects.filter(park=park, pk=pk, kind__in=(PlaceKind.GRID, PlaceKind.SITE)).first()


def _feature(place: Place, said: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": place.outline, "properties": {"name": place.name, **said}}
