"""Growing the two trees: places and units are found by name among their siblings, or made."""

from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.words import PlaceKind, UnitKind

DRAFT = "new/"                                     # a path that is written once the row has its number
PlaceName = tuple[Place, str, str]                 # parent, kind, name
UnitName = tuple[Unit, str, str]
Spot = tuple[int | None, str, str]                 # parent's number, kind, key


class Trees:
    """The trees of one park, loaded once, grown in batches while a roster is taken."""

    def __init__(self, park: Park) -> None:
        self.park = park
        self._keys: dict[str, str] = {}              # names stand in many rows
        self.places: dict[Spot, Place] = {
            (each.parent_id, each.kind, each.key): each for each in Place.objects.filter(park=park)}
        self.units: dict[Spot, Unit] = {
            (each.parent_id, each.kind, each.key): each for each in Unit.objects.filter(park=park)}
        self._enterprises = {unit.pk: unit for unit in self.units.values() if unit.kind == UnitKind.ENTERPRISE}
        by_pk = {place.pk: place for place in self.places.values()}
        for unit in self._enterprises.values():
            if unit.site_id:
                unit.site = by_pk[unit.site_id]
        self.known = frozenset(by_pk) | frozenset(-unit.pk for unit in self.units.values())
        self.ground = self.places[None, PlaceKind.PARK.value, name_key(park.name)]
        self.office = self.units[None, UnitKind.PARK_OFFICE.value, name_key(park.name)]

    def key(self, name: str) -> str:
        """The key of a name, found once."""
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = name_key(name)
        return known

    def was_here(self, thing: Place | Unit) -> bool:
        """Did the park have it before this file?"""
        return (thing.pk if isinstance(thing, Place) else -thing.pk) in self.known

    def place(self, parent: Place, kind: str, name: str) -> Place | None:
        return self.places.get((parent.pk, kind, self.key(name)))

    def unit(self, parent: Unit, kind: str, name: str) -> Unit | None:
        return self.units.get((parent.pk, kind, self.key(name)))

    def grid(self, key: str) -> Place:
        return self.places[self.ground.pk, PlaceKind.GRID.value, key]

    def enterprise(self, key: str) -> Unit | None:
        return self.units.get((self.office.pk, UnitKind.ENTERPRISE.value, key))

    def enterprises(self) -> list[Unit]:
        return list(self._enterprises.values())

    def down(self, keys: tuple[str, ...]) -> Unit:
        """The unit at the end of a way down: enterprise, workshop, team. Raises KeyError."""
        unit = self.units[self.office.pk, UnitKind.ENTERPRISE.value, keys[0]]
        for key in keys[1:]:
            workshop = self.units.get((unit.pk, UnitKind.WORKSHOP.value, key))
            unit = workshop or self.units[unit.pk, UnitKind.TEAM.value, key]
        return unit

    def grow_places(self, wanted: Iterable[PlaceName]) -> None:
        """Make the places that are not there yet. Their parents must be."""
        new: dict[Spot, tuple[Place, Place]] = {}
        for parent, kind, name in wanted:
            spot = (parent.pk, kind, self.key(name))
            if name and spot not in self.places and spot not in new:
                draft = f"{DRAFT}{self.park.pk}/{parent.pk}/{len(new)}"
                new[spot] = parent, Place(park=self.park, parent=parent, kind=kind, name=name, key=spot[2], path=draft)
        made = [place for _, place in new.values()]
        Place.objects.bulk_create(made, batch_size=2000)
        for parent, place in new.values():
            place.path = f"{parent.path}{place.pk}/"
        _write_paths(Place, self.park)
        self.places.update(zip(new, made, strict=True))

    def grow_units(self, wanted: Iterable[UnitName]) -> None:
        """Make the units that are not there yet. Their parents must be."""
        new: dict[Spot, tuple[Unit, Unit]] = {}
        for parent, kind, name in wanted:
            spot = (parent.pk, kind, self.key(name))
            if name and spot not in self.units and spot not in new:
                draft = f"{DRAFT}{self.park.pk}/{parent.pk}/{len(new)}"
                new[spot] = parent, Unit(park=self.park, parent=parent, kind=kind, name=name, key=spot[2], path=draft,
                                         enterprise=parent.enterprise)
        made = [unit for _, unit in new.values()]
        Unit.objects.bulk_create(made, batch_size=2000)
        for parent, unit in new.values():
            unit.path = f"{parent.path}{unit.pk}/"
            if unit.kind == UnitKind.ENTERPRISE:
                unit.enterprise = self._enterprises[unit.pk] = unit
        _write_paths(Unit, self.park)
        Unit.objects.filter(park=self.park, kind=UnitKind.ENTERPRISE, enterprise=None).update(enterprise=F("pk"))
        self.units.update(zip(new, made, strict=True))

    def go_on(self, unit: Unit, at: date) -> None:
        """A unit that had ended by then, and of which a file speaks, goes on."""
        if unit.until and unit.until <= at:
            unit.until = None
            unit.save(update_fields=["until"])

    def rename(self, unit: Unit, name: str) -> None:
        """Give an enterprise another name, and its site with it."""
        self.units.pop((unit.parent_id, unit.kind, unit.key))
        unit.name, unit.key = name, name_key(name)
        unit.save(update_fields=["name", "key"])
        self.units[unit.parent_id, unit.kind, unit.key] = unit
        site = unit.site
        if site and not self.place(self.ground, site.kind, name):
            self.places.pop((site.parent_id, site.kind, site.key))
            site.name, site.key = name, unit.key
            site.save(update_fields=["name", "key"])
            self.places[site.parent_id, site.kind, site.key] = site


def _write_paths(model: type[Place] | type[Unit], park: Park) -> None:
    """Give every new row its way down: its parent's path and its own number, all of them in one statement."""
    above = model._default_manager.filter(pk=OuterRef("parent_id")).values("path")[:1]
    model._default_manager.filter(park=park, path__startswith=f"{DRAFT}{park.pk}/").update(
        path=Concat(Subquery(above), Cast("pk", CharField()), Value("/")))
