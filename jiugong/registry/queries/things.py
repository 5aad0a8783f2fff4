"""Finding a grid or an enterprise by the name people use for it."""

from jiugong.lib.sheets import name_key
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.words import PlaceKind, UnitKind


def thing_named(park: Park, name: str) -> tuple[Place | None, Unit | None]:
    """A grid or an enterprise of a park: one of the two is given. Raises NotHere."""
    key = name_key(name)
    place = Place.objects.filter(park=park, kind=PlaceKind.GRID, key=key).first()
    unit = None if place else Unit.objects.filter(park=park, kind=UnitKind.ENTERPRISE, key=key).first()
    if place is None and unit is None:
        raise NotHere()
    return place, unit
