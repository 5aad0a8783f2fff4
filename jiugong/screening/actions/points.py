"""Setting up a sampling point: at an enterprise, in public, or a team that goes from door to door."""

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.models import Park, Place, Unit
from jiugong.screening.errors import PointNeedsName, PointNeedsPlace
from jiugong.screening.models import Point
from jiugong.screening.words import PointKind


@transaction.atomic
def set_up_point(park: Park, name: str, *, kind: PointKind, actor: Actor, place: Place | None = None,
                 unit: Unit | None = None) -> Point:
    """Enter a point, or say anew what an entered one is. The same words again change nothing.

    A point at an enterprise names it; a team from door to door may name the grid or enterprise whose roster it works
    down. Raises PointNeedsName, PointNeedsPlace.
    """
    actor.must(Can.OPEN_ROUNDS, over=unit or place or park)
    name = tidy_title(name)[:120]
    if not name:
        raise PointNeedsName()
    if kind is PointKind.ENTERPRISE and unit is None:
        raise PointNeedsPlace()

    point = Point.objects.filter(park=park, key=name_key(name)).first() or Point(park=park, key=name_key(name))
    before = (point.pk, point.name, point.kind, point.place_id, point.unit_id)
    point.name, point.kind, point.place, point.unit = name, kind.value, place, unit
    if before == (point.pk, name, kind.value, place.pk if place else None, unit.pk if unit else None):
        return point
    if point.pk:
        actor.must(Can.OPEN_ROUNDS, over=Point.objects.get(pk=point.pk))
    point.save()

    note("point.set_up", actor=actor, at=clock.now(), park_id=park.pk, subject=f"point:{name}", kind=kind.value,
         over=str(unit or place or park))
    return point
