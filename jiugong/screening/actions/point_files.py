"""Taking a list of sampling points: the good rows, each whole; the same file again changes nothing."""

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import as_sheets, name_key
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.queries.units import enterprises_of, grids_of
from jiugong.screening.actions.points import Standing, write_point
from jiugong.screening.actions.scan_files import Taken
from jiugong.screening.errors import NoPointsInFile
from jiugong.screening.logic.reading import PointRow, Records
from jiugong.screening.logic.reading_points import read_points
from jiugong.screening.models import Point
from jiugong.screening.words import PointKind


def read_point_file(content: bytes, *, name: str, park: Park) -> Records:
    """Understand a list of points of a park. Raises NotASheet, NoPointsInFile."""
    records = read_points(as_sheets(content, name=name))
    if records is None:
        raise NoPointsInFile(file=name)
    return records


@transaction.atomic
def import_points(park: Park, records: Records, *, actor: Actor) -> Taken:
    """Enter the points of a list that was read, and say anew what known ones are. Points that it leaves out stay."""
    actor.must(Can.IMPORT_RECORDS, over=park)
    actor.must(Can.OPEN_ROUNDS, over=park)
    park.one_at_a_time()
    known = {point.key: point for point in Point.objects.filter(park=park).select_related("unit", "place")}
    units = {unit.key: unit for unit in enterprises_of(park)}
    grids = {grid.key: grid for grid in grids_of(park)}
    new = changed = unchanged = 0
    for row in records.points:
        over = _over(row, units, grids, records)
        if over is None:
            continue
        point = known.get(name_key(row.name)) or Point(park=park)
        is_new = point.pk is None
        written = write_point(
            point, name=row.name, kind=PointKind(row.kind), unit=over[0], place=over[1],
            standing=Standing(opens=row.opens, closes=row.closes, desks=row.desks, since=row.since, until=row.until))
        known[point.key] = point
        new, changed, unchanged = new + is_new, changed + (written and not is_new), unchanged + (not written)

    records.errors.sort(key=lambda each: each.row)

    if new or changed:
        note("points.imported", actor=actor, at=clock.now(), park_id=park.pk, created=new, changed=changed,
             refused=records.bad_rows)
    return Taken(records=records, created={"points": new}, changed=changed, unchanged=unchanged, with_values=True)


def _over(row: PointRow, units: dict[str, Unit], grids: dict[str, Place],
          records: Records) -> tuple[Unit | None, Place | None] | None:
    """The enterprise or grid of a row; None, and an error, where the park has none of this name."""
    unit, grid = units.get(name_key(row.enterprise)), grids.get(name_key(row.grid))
    if row.enterprise and unit is None:
        records.error(row.row, "enterprise", "enterprise_unknown", row.enterprise)
        return None
    if row.grid and grid is None:
        records.error(row.row, "grid", "grid_unknown", row.grid)
        return None
    return unit, None if unit else grid
