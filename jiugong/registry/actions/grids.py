"""Drawing grids and placing sites; from the day on, each site is counted in the grid in which it lies."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.actions.trees import DRAFT
from jiugong.registry.grounds_in_words import GroundWrong
from jiugong.registry.logic.ground import Ground, Wrong, as_geometry, as_point
from jiugong.registry.logic.siting import Lying, lying
from jiugong.registry.models import Park, Place, Siting
from jiugong.registry.queries.grids import drawn_grids, grids_named, placed_sites, sites_named, sitings_on
from jiugong.registry.words import PlaceKind

FARTHEST_AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Move:
    """A site that is counted in another grid from the day on; empty is none."""

    site: str
    before: str
    after: str


@dataclass
class Taken:
    """What a ground changed: grids drawn for the first time or anew, sites placed, moves; and what is to be looked at."""

    wrong: list[Wrong] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    overlapping: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return len(self.drawn) + len(self.placed) + len(self.moves)


@transaction.atomic
def take_ground(park: Park, ground: Ground, *, actor: Actor, on: date | None = None) -> Taken:
    """Take outlines and points, and count each site from a day on in the grid in which it lies. Raises GroundWrong.

    One thing that is wrong refuses all of it. What is there already changes nothing.
    """
    actor.must(Can.DRAW_GRIDS, over=park)
    now = clock.now()
    on = on or days.day_of(now, park.zone)
    taken = Taken(wrong=list(ground.wrong))
    if not days.is_counted(on) or on - days.day_of(now, park.zone) > FARTHEST_AHEAD:
        taken.wrong.append(Wrong(0, "", "day_far_away", {"most": FARTHEST_AHEAD.days}))
    _draw(park, ground, taken)
    found = _settle(park, taken, on) if not taken.wrong else Lying()
    if taken.wrong:
        raise GroundWrong(taken.wrong)

    if taken.changes:
        note("grids.drawn", actor=actor, at=now, park_id=park.pk, subject=f"park:{park.pk}", drawn=len(taken.drawn),
             placed=len(taken.placed), moved=len(found.moves), on=on.isoformat())
    return taken


def preview_ground(park: Park, ground: Ground, *, actor: Actor, on: date | None = None) -> Taken:
    """What taking it would change: it is taken and given back. What is wrong stands in the answer."""
    try:
        with transaction.atomic():
            taken = take_ground(park, ground, actor=actor, on=on)
            transaction.set_rollback(True)
    except GroundWrong as refused:
        return Taken(wrong=refused.wrong)
    return taken


@transaction.atomic
def erase(place: Place, *, actor: Actor) -> Place:
    """Take the outline of a grid or the point of a site away. Where sites are counted stays as it is."""
    actor.must(Can.DRAW_GRIDS, over=place.park)

    won = Place.objects.filter(pk=place.pk, outline__isnull=False).update(outline=None)      # compare and set
    place.refresh_from_db()

    if won:
        note("grid.erased", actor=actor, at=clock.now(), park_id=place.park_id, subject=f"place:{place.pk}", name=place.name)
    return place


def _draw(park: Park, ground: Ground, taken: Taken) -> None:
    """Keep outlines and points; grids that are not there yet are made, sites that are not there are wrong."""
    grids = grids_named(park, [name_key(each.name) for each in ground.outlines])
    sites = sites_named(park, [name_key(each.name) for each in ground.spots])
    shapes: list[tuple[Place, dict[str, object], list[str]]] = []
    for outline in ground.outlines:
        grid = grids.get(name_key(outline.name))
        if grid is None:
            if taken.wrong:
                continue                                           # nothing is taken: nothing need be made
            grid = _make_grid(park, outline.name)
            taken.created.append(grid.name)
        shapes.append((grid, as_geometry(outline.area), taken.drawn))
    for spot in ground.spots:
        site = sites.get(name_key(spot.name))
        if site is None:
            taken.wrong.append(Wrong(0, spot.name, "site_unknown"))
        else:
            shapes.append((site, as_point(spot.at), taken.placed))
    changed = []
    for place, geometry, told in shapes:
        if place.outline != geometry:
            place.outline = geometry
            changed.append(place)
            told.append(place.name)
    Place.objects.bulk_update(changed, ["outline"], batch_size=500)


def _make_grid(park: Park, name: str) -> Place:
    root = Place.objects.get(park=park, kind=PlaceKind.PARK, parent=None)
    grid = Place.objects.create(park=park, parent=root, kind=PlaceKind.GRID, name=name, key=name_key(name),
                                path=f"{DRAFT}{park.pk}/{root.pk}/{name_key(name)}")
    grid.path = f"{root.path}{grid.pk}/"
    grid.save(update_fields=["path"])
    return grid


def _settle(park: Park, taken: Taken, on: date) -> Lying:
    """Count each site in the grid in which it lies; say who lies outside and which grids lie on each other."""
    found = lying(drawn_grids(park), placed_sites(park), sitings_on(park, on))
    pairs = [each for pair in found.overlapping for each in pair]
    unclear = [each for three in found.between for each in three]
    names = dict(Place.objects.filter(park=park, kind__in=(PlaceKind.GRID, PlaceKind.SITE)).values_list("pk", "name")
                 ) if found.moves or found.outside or pairs or unclear else {}
    for site, one, other in found.between:
        taken.wrong.append(Wrong(0, names[site], "in_two_grids", {"one": names[one], "other": names[other]}))
    taken.outside = [names[each] for each in found.outside]
    taken.overlapping = [(names[one], names[other]) for one, other in found.overlapping]
    before = sitings_on(park, on) if found.moves else {}
    taken.moves = [Move(names[site], names.get(before.get(site) or 0, ""), names.get(grid or 0, ""))
                   for site, grid in found.moves.items()]
    _move(found.moves, on)
    return found


def _move(moves: dict[int, int | None], on: date) -> None:
    """End what reaches past the day, and begin what holds from it."""
    ended = []
    for siting in Siting.objects.filter(site__in=list(moves)):
        if siting.until is None or siting.until > on:
            siting.until = max(on, siting.since) if siting.since else on
            ended.append(siting)
    Siting.objects.bulk_update(ended, ["until"], batch_size=500)
    Siting.objects.bulk_create([Siting(site_id=site, grid_id=grid, since=on) for site, grid in moves.items() if grid],
                               batch_size=500)

