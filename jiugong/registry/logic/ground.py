"""Reading ground: GeoJSON with the outlines of grids and the points of sites, or a sheet with longitude and latitude.

Everything that is wrong is said at once, each with the number of its feature and its name; then nothing is taken.
Coordinates are WGS 84, longitude first. GCJ-02 and BD-09, as many Chinese maps give them, lie some hundred metres
aside; a file that says it is in one of them is refused, and nothing is converted.

Long because three ways of saying where something lies end in one check of everything that may be wrong with it.
"""

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from jiugong.lib.sheets import Sheet, as_text, find_heading, is_blank, name_key, read_workbook, tidy_title
from jiugong.registry.logic.geometry import (
    Area,
    Polygon,
    Position,
    Ring,
    crossing,
    degrees,
    double_size,
    holds,
    whole,
)

MOST_BYTES = 2 * 1024 * 1024
MOST_FEATURES = 5_000
MOST_POSITIONS = 500                         # of one ring: a wall has fewer corners
LONGEST_NAME = 120
FARTHEST = 1.0                               # degrees from one end of a park to the other: some hundred kilometres
EARTH = (180, 90)
FEWEST_IN_A_RING = 4
LONGEST_SHOWN = 60

HEADINGS: Mapping[str, Sequence[str]] = {
    "name": ("企业名称", "名称", "厂区", "企业", "Name", "Enterprise"),
    "longitude": ("经度", "Longitude", "lon", "lng", "X"),
    "latitude": ("纬度", "Latitude", "lat", "Y"),
}
ASIDE = ("GCJ", "BD09", "BD-09", "火星", "百度")


@dataclass(frozen=True)
class Outline:
    """The outline of a grid, by the grid's name."""

    name: str
    area: Area


@dataclass(frozen=True)
class Spot:
    """Where a site lies, by the name of its enterprise."""

    name: str
    at: Position


@dataclass(frozen=True)
class Wrong:
    """What is wrong: in which feature or row, of which name, and why."""

    number: int
    name: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Ground:
    """What a file says of the ground, and everything that is wrong with it."""

    outlines: list[Outline] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


class _Bad(Exception):
    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts


def read_ground_file(content: bytes, *, name: str) -> Ground:
    """Understand a file by what it holds: GeoJSON, else a workbook or a CSV. Raises sheets.NotASheet."""
    if len(content) > MOST_BYTES:
        return _nothing("too_many_bytes", most=MOST_BYTES // 1024 // 1024)
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        return read_sheet(read_workbook(content, name=name))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    if text.lstrip()[:1] in ("{", "["):
        return read_geojson(text)
    try:
        return read_sheet([Sheet(name, list(csv.reader(StringIO(text.replace("\0", "")))))])
    except csv.Error:
        return _nothing("no_headings")


def read_geojson(text: str) -> Ground:
    """Understand a FeatureCollection, or a single Feature. What is wrong is listed in the answer."""
    ground = Ground()
    try:
        said = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return _nothing("not_json")
    kind = said.get("type") if isinstance(said, dict) else None
    features = said.get("features") if kind == "FeatureCollection" else [said] if kind == "Feature" else None
    if not isinstance(features, list):
        return _nothing("not_features")
    if len(features) > MOST_FEATURES:
        return _nothing("too_many_features", count=len(features), most=MOST_FEATURES)
    if _is_aside(said.get("crs")):
        return _nothing("other_coordinates", crs=_short(said.get("crs")))
    if not features:
        return _nothing("no_features")
    for number, feature in enumerate(features, start=1):
        _take(ground, number, _name_in(feature), lambda feature=feature: _read_feature(feature))
    return _checked(ground)


def read_sheet(book: Sequence[Sheet]) -> Ground:
    """Understand a sheet with a name, a longitude and a latitude in each row."""
    ground = Ground()
    found = next(((sheet, heading) for sheet in book if (heading := find_heading(sheet, HEADINGS))
                  and set(heading.columns) == set(HEADINGS)), None)
    if found is None:
        return _nothing("no_headings")
    sheet, heading = found
    for number, row in enumerate(sheet.rows[heading.row:], start=heading.row + 1):
        if is_blank(row):
            continue
        cells = {name: as_text(row[column]) if column < len(row) else "" for name, column in heading.columns.items()}
        if not cells["longitude"] and not cells["latitude"]:
            continue                                               # not placed yet: nothing is said of it
        _take(ground, number, cells["name"], lambda cells=cells: (
            "site", _position([_number(cells["longitude"]), _number(cells["latitude"])])))
    return _checked(ground)


def read_lines(kind: str, name: str, lines: str) -> Ground:
    """Understand coordinates as somebody types them: one position a line, longitude first; a grid needs three."""
    ground = Ground()

    def read() -> tuple[str, Any]:
        typed = [_position([_number(part) for part in line.replace("，", ",").replace("\t", ",").split(",") if part.strip()])
                 for line in lines.splitlines() if line.strip()]
        if kind != "grid":
            if len(typed) != 1:
                raise _Bad("one_position", count=len(typed))
            return "site", typed[0]
        ring = tuple(typed) if typed and typed[0] == typed[-1] else (*typed, *typed[:1])
        return "grid", (_rings([ring]),)
    _take(ground, 1, name, read)
    return _checked(ground)


def as_geometry(area: Area) -> dict[str, Any]:
    """An outline as GeoJSON writes it."""
    polygons = [[[degrees(each) for each in ring] for ring in polygon] for polygon in area]
    return ({"type": "Polygon", "coordinates": polygons[0]} if len(polygons) == 1
            else {"type": "MultiPolygon", "coordinates": polygons})


def as_point(at: Position) -> dict[str, Any]:
    return {"type": "Point", "coordinates": degrees(at)}


def area_of(geometry: Mapping[str, Any] | None) -> Area:
    """The area of an outline that was kept; nothing for one that was not drawn."""
    if not geometry or geometry["type"] not in ("Polygon", "MultiPolygon"):
        return ()
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return tuple(tuple(tuple((whole(x), whole(y)) for x, y in ring) for ring in polygon) for polygon in polygons)


def point_of(geometry: Mapping[str, Any] | None) -> Position | None:
    """The point of a site that was kept."""
    if not geometry or geometry["type"] != "Point":
        return None
    x, y = geometry["coordinates"]
    return whole(x), whole(y)


# --- one feature ------------------------------------------------------------------------------------------------------

def _take(ground: Ground, number: int, name: str, read: Any) -> None:
    """Take one feature, or note why not."""
    try:
        tidy = tidy_title(name)
        if not tidy:
            raise _Bad("no_name")
        if len(tidy) > LONGEST_NAME or not tidy.isprintable():
            raise _Bad("name_too_long", most=LONGEST_NAME)
        kind, shape = read()
    except _Bad as bad:
        ground.wrong.append(Wrong(number, name[:LONGEST_SHOWN], bad.code, bad.facts))
        return
    if kind == "grid":
        ground.outlines.append(Outline(tidy, shape))
    else:
        ground.spots.append(Spot(tidy, shape))


def _name_in(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("name", properties.get("名称", "")) if isinstance(properties, dict) else ""
    return str(name) if isinstance(name, str | int) else ""


def _read_feature(feature: Any) -> tuple[str, Any]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        raise _Bad("no_geometry")
    if _is_aside(feature.get("crs")) or _is_aside(geometry.get("crs")):
        raise _Bad("other_coordinates", crs=_short(feature.get("crs") or geometry.get("crs")))
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        return "site", _position(coordinates)
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Bad("geometry_unknown", kind=_short(kind))
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _Bad("no_positions")
    return "grid", tuple(_rings([_ring(each) for each in _listed(polygon)]) for polygon in polygons)


def _listed(said: Any) -> list[Any]:
    if not isinstance(said, list) or not said:
        raise _Bad("no_positions")
    return said


def _ring(said: Any) -> Ring:
    return tuple(_position(each) for each in _listed(said))


def _rings(rings: Sequence[Ring]) -> Polygon:
    """A polygon whose rings are closed, enclose ground, do not meet themselves, and whose holes lie inside."""
    for ring in rings:
        if len(ring) > MOST_POSITIONS:
            raise _Bad("too_many_positions", count=len(ring), most=MOST_POSITIONS)
        if len(set(ring)) < FEWEST_IN_A_RING - 1:
            raise _Bad("too_few_positions", count=len(set(ring)))
        if ring[0] != ring[-1]:
            raise _Bad("not_closed")
        if any(one == other for one, other in zip(ring, ring[1:], strict=False)):
            raise _Bad("position_twice")
        met = crossing(ring)
        if met is not None or not double_size(ring):
            raise _Bad("crosses_itself", at=_said(met or ring[0]))
        for axis in (0, 1):
            reach = max(each[axis] for each in ring) - min(each[axis] for each in ring)
            if reach > whole(FARTHEST):
                raise _Bad("too_large", most=FARTHEST)
    outer, *holes = rings
    for hole in holes:
        if not all(holds(((outer,),), each) for each in hole):
            raise _Bad("hole_outside")
    return tuple(rings)


def _position(said: Any) -> Position:
    """A position: longitude and latitude; a height is passed over."""
    if not isinstance(said, list) or len(said) not in (2, 3) or any(
            isinstance(each, bool) or not isinstance(each, int | float) or not math.isfinite(each) for each in said):
        raise _Bad("not_a_position", found=_short(said))
    x, y = said[:2]
    if abs(y) > EARTH[1] and abs(x) <= EARTH[1] and abs(y) <= EARTH[0]:
        raise _Bad("latitude_first", found=f"{x}, {y}")
    if abs(x) > EARTH[0] or abs(y) > EARTH[1]:
        raise _Bad("not_on_earth", found=_short(f"{x}, {y}"))
    return whole(x), whole(y)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _Bad("not_a_position", found=_short(text)) from None


# --- the whole --------------------------------------------------------------------------------------------------------

def _checked(ground: Ground) -> Ground:
    """Names stand once, and everything lies in one park."""
    for kind in (ground.outlines, ground.spots):
        seen: set[str] = set()
        for each in kind:
            if name_key(each.name) in seen:
                ground.wrong.append(Wrong(0, each.name, "name_twice"))
            seen.add(name_key(each.name))
    positions = list(_positions(ground))
    for axis in (0, 1):
        if positions and max(each[axis] for each in positions) - min(each[axis] for each in positions) > whole(FARTHEST):
            ground.wrong.append(Wrong(0, "", "too_far_apart", {"most": FARTHEST}))
            break
    if not ground.outlines and not ground.spots and not ground.wrong:
        ground.wrong.append(Wrong(0, "", "no_features"))
    return ground


def _positions(ground: Ground) -> Iterator[Position]:
    for outline in ground.outlines:
        for polygon in outline.area:
            yield from polygon[0]
    for spot in ground.spots:
        yield spot.at


def _nothing(code: str, **facts: object) -> Ground:
    return Ground(wrong=[Wrong(0, "", code, facts)])


def _is_aside(crs: Any) -> bool:
    said = json.dumps(crs, ensure_ascii=False).upper() if crs else ""
    return bool(crs) and (any(word in said for word in ASIDE) or not any(
        known in said for known in ("CRS84", "4326", "WGS84", "WGS 84", "4490", "CGCS2000")))


def _short(said: Any) -> str:
    return str(said)[:LONGEST_SHOWN]


def _said(position: Position) -> str:
    return ", ".join(f"{each:.7f}".rstrip("0").rstrip(".") for each in degrees(position))


def _no_number(said: str) -> None:
    raise ValueError(said)
