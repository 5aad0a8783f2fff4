"""Setting up and changing sampling points: at an enterprise, in public, or a team that goes from door to door."""

from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key, tidy_title
from jiugong.registry.models import Park, Place, Unit
from jiugong.screening.errors import PointEndsTooEarly, PointExists, PointHoursHalf, PointNeedsName, PointNeedsPlace
from jiugong.screening.models import Point
from jiugong.screening.words import PointKind


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a point is run: its hours (the park's time of day; past midnight if it closes before it opens), its desks,
    and the days on which it stands, `until` being the first without it. None is "not said", "from the beginning",
    "until further notice".
    """

    opens: time | None = None
    closes: time | None = None
    desks: int | None = None
    since: date | None = None
    until: date | None = None


UNSAID = Standing()


@transaction.atomic
def set_up_point(park: Park, name: str, *, kind: PointKind, actor: Actor, place: Place | None = None,
                 unit: Unit | None = None, standing: Standing = UNSAID) -> Point:
    """Enter a point, or say anew what an entered one is. The same words again change nothing.

    A point at an enterprise names it; a team from door to door may name the grid or enterprise whose roster it works
    down. Raises PointNeedsName, PointNeedsPlace, PointHoursHalf, PointEndsTooEarly.
    """
    park.one_at_a_time()
    key = name_key(tidy_title(name)[:120])
    point = Point.objects.filter(park=park, key=key).first() or Point(park=park)
    return _say(point, name, kind, place, unit, standing, actor)


@transaction.atomic
def change_point(point: Point, *, name: str, kind: PointKind, actor: Actor, place: Place | None = None,
                 unit: Unit | None = None, standing: Standing = UNSAID) -> Point:
    """Say anew what a point is, its name too; its tubes stay with it. The same words again change nothing.

    Raises PointExists where another point has the name, and what `set_up_point` raises.
    """
    other = Point.objects.filter(park_id=point.park_id, key=name_key(tidy_title(name)[:120])).exclude(pk=point.pk).first()
    if other:
        raise PointExists(point=other.name)
    return _say(point, name, kind, place, unit, standing, actor)


def _say(point: Point, name: str, kind: PointKind, place: Place | None, unit: Unit | None, standing: Standing,
         actor: Actor) -> Point:
    actor.must(Can.OPEN_ROUNDS, over=unit or place or point.park)
    if point.pk:
        actor.must(Can.OPEN_ROUNDS, over=Point.objects.get(pk=point.pk))
    name = tidy_title(name)[:120]
    if not name:
        raise PointNeedsName()
    if kind is PointKind.ENTERPRISE and unit is None:
        raise PointNeedsPlace()
    if (standing.opens is None) != (standing.closes is None):
        raise PointHoursHalf()
    if standing.since and standing.until and standing.until < standing.since:
        raise PointEndsTooEarly()

    if not write_point(point, name=name, kind=kind, place=place, unit=unit, standing=standing):
        return point

    note("point.set_up", actor=actor, at=clock.now(), park_id=point.park_id, subject=f"point:{name}", kind=kind.value,
         over=str(unit or place or point.park))
    return point


def write_point(point: Point, *, name: str, kind: PointKind, place: Place | None, unit: Unit | None,
                standing: Standing) -> bool:
    """Put these words into a point's row; False where they stand there already."""
    before = _facts(point) if point.pk else None
    point.name, point.key, point.kind, point.place, point.unit = name, name_key(name), kind.value, place, unit
    for field, value in vars(standing).items():
        setattr(point, field, value)
    if before == _facts(point):
        return False
    point.save()
    return True


def _facts(point: Point) -> tuple[object, ...]:
    return (point.name, point.kind, point.place_id, point.unit_id, point.opens, point.closes, point.desks, point.since,
            point.until)
