"""Ground: what lies where, exactly, and what a file may say of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.registry.logic.geometry import Area, Position, crossing, holds, holds_inside, overlap
from jiugong.registry.logic.ground import Ground, read_geojson, read_ground_file, read_lines
from jiugong.registry.logic.siting import lying

pytestmark = pytest.mark.pure

SMALL = st.integers(min_value=-6, max_value=6)
BOXES = st.tuples(SMALL, SMALL, st.integers(1, 6), st.integers(1, 6)).map(lambda box: a_box(*box))


def a_box(x: int, y: int, wide: int, high: int) -> Area:
    return ((((x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)),),)


def with_a_hole(area: Area, hole: Area) -> Area:
    return ((area[0][0], hole[0][0]),)


def moved(area: Area, x: int, y: int) -> Area:
    return tuple(tuple(tuple((px + x, py + y) for px, py in ring) for ring in polygon) for polygon in area)


# --- geometry ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("point", "on_it", "inside"), [
    ((5, 5), True, True), ((0, 5), True, False), ((0, 0), True, False), ((10, 10), True, False), ((11, 5), False, False),
    ((-1, 0), False, False)])
def test_the_boundary_belongs_to_an_area_and_is_not_its_inside(point: Position, on_it: bool, inside: bool) -> None:
    area = a_box(0, 0, 10, 10)

    assert (holds(area, point), holds_inside(area, point)) == (on_it, inside)


@pytest.mark.parametrize(("point", "on_it"), [((5, 5), False), ((2, 5), True), ((3, 5), False), ((1, 5), True)])
def test_a_hole_does_not_belong_to_an_area_and_its_rim_does(point: Position, on_it: bool) -> None:
    assert holds(with_a_hole(a_box(0, 0, 10, 10), a_box(2, 2, 6, 6)), point) is on_it


def test_neighbours_with_a_common_border_or_corner_do_not_overlap() -> None:
    area = a_box(0, 0, 10, 10)

    assert not overlap(area, a_box(10, 0, 5, 10))
    assert not overlap(area, a_box(10, 10, 5, 5))
    assert not overlap(area, a_box(10, 3, 5, 4))                         # shorter than the side that it touches
    assert overlap(area, a_box(9, 0, 5, 10))
    assert overlap(area, area)
    assert overlap(area, a_box(2, 2, 3, 3))
    assert overlap(a_box(2, 0, 3, 10), a_box(0, 2, 10, 3))               # a cross: no corner of one lies in the other


def test_what_lies_in_a_hole_shares_no_ground() -> None:
    ring = with_a_hole(a_box(0, 0, 10, 10), a_box(2, 2, 6, 6))

    assert not overlap(ring, a_box(2, 2, 6, 6))
    assert not overlap(ring, a_box(3, 3, 2, 2))
    assert overlap(ring, a_box(1, 1, 8, 8))


@given(one=BOXES, other=BOXES)
def test_overlapping_goes_both_ways(one: Area, other: Area) -> None:
    assert overlap(one, other) == overlap(other, one)


@given(one=BOXES, other=BOXES)
def test_two_areas_overlap_exactly_where_a_middle_of_a_cell_lies_in_both(one: Area, other: Area) -> None:
    doubled = [tuple(tuple(tuple((2 * x, 2 * y) for x, y in ring) for ring in polygon) for polygon in area)
               for area in (one, other)]
    middles = [(x, y) for x in range(-13, 26, 2) for y in range(-13, 26, 2)]

    assert overlap(one, other) == any(holds_inside(doubled[0], at) and holds_inside(doubled[1], at) for at in middles)


@given(area=BOXES, x=SMALL, y=SMALL, by=st.tuples(st.integers(-10**8, 10**8), st.integers(-10**8, 10**8)))
def test_where_a_park_lies_does_not_matter(area: Area, x: int, y: int, by: tuple[int, int]) -> None:
    assert holds(area, (x, y)) == holds(moved(area, *by), (x + by[0], y + by[1]))


@given(area=BOXES, x=SMALL, y=SMALL, turn=st.integers(0, 3))
def test_where_a_ring_begins_and_which_way_it_goes_does_not_matter(area: Area, x: int, y: int, turn: int) -> None:
    open_ring = area[0][0][:-1]
    turned = open_ring[turn:] + open_ring[:turn]
    other = (((*turned, turned[0])[::-1],),)

    assert holds(area, (x, y)) == holds(other, (x, y))


@given(columns=st.lists(st.integers(1, 5), min_size=1, max_size=4), rows=st.lists(st.integers(1, 5), min_size=1, max_size=4),
       x=st.integers(0, 20), y=st.integers(0, 20))
def test_every_point_inside_a_park_lies_in_one_grid_or_on_a_border(columns: list[int], rows: list[int], x: int, y: int) -> None:
    wests = [sum(columns[:at]) for at in range(len(columns))]
    souths = [sum(rows[:at]) for at in range(len(rows))]
    grids = [a_box(w, s, wide, high) for w, wide in zip(wests, columns, strict=True) for s, high in zip(souths, rows, strict=True)]
    park = a_box(0, 0, sum(columns), sum(rows))

    inside = sum(holds_inside(grid, (x, y)) for grid in grids)
    assert inside <= 1
    assert holds(park, (x, y)) == any(holds(grid, (x, y)) for grid in grids)


@pytest.mark.parametrize(("ring", "met"), [
    (((0, 0), (10, 0), (10, 10), (0, 10), (0, 0)), False),
    (((0, 0), (10, 10), (10, 0), (0, 10), (0, 0)), True),                # a bow tie
    (((0, 0), (10, 0), (5, 0), (5, 5), (0, 0)), True),                   # it runs back on itself
    (((0, 0), (10, 0), (10, 10), (5, 0), (0, 10), (0, 0)), True),        # it touches its own side
])
def test_an_outline_goes_around_once(ring: Any, met: bool) -> None:
    assert (crossing(ring) is not None) is met


# --- which grid -------------------------------------------------------------------------------------------------------

def test_a_site_on_a_common_border_stays_where_it_is_counted() -> None:
    outlines = {1: a_box(0, 0, 10, 10), 2: a_box(10, 0, 10, 10)}

    assert lying(outlines, {7: (10, 5)}, {7: 2}).moves == {}
    assert lying(outlines, {7: (10, 5)}, {7: 1}).moves == {}
    assert lying(outlines, {7: (10, 5)}, {}).moves == {7: 1}


def test_a_site_outside_leaves_a_grid_that_is_drawn_and_stays_in_one_that_is_not() -> None:
    found = lying({1: a_box(0, 0, 10, 10)}, {7: (20, 5), 8: (20, 6)}, {7: 1, 8: 2})

    assert (found.moves, found.outside) == ({7: None}, [7, 8])


def test_a_site_in_two_grids_is_said_and_not_moved() -> None:
    found = lying({1: a_box(0, 0, 10, 10), 2: a_box(5, 0, 10, 10)}, {7: (6, 5)}, {})

    assert (found.between, found.moves, found.overlapping) == ([(7, 1, 2)], {}, [(1, 2)])


# --- files ------------------------------------------------------------------------------------------------------------

def a_square(x: float, y: float, size: float = 0.01) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def a_feature(name: str, kind: str, coordinates: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": kind, "coordinates": coordinates}, **more}


def said(*features: Any, **more: Any) -> Ground:
    return read_geojson(json.dumps({"type": "FeatureCollection", "features": list(features), **more}))


BAD = {
    "not_closed": a_feature("g", "Polygon", [a_square(1, 2)[:-1]]),
    "crosses_itself": a_feature("g", "Polygon", [[[1, 2], [1.1, 2.1], [1.1, 2], [1, 2.1], [1, 2]]]),
    "too_few_positions": a_feature("g", "Polygon", [[[1, 2], [1.1, 2], [1, 2]]]),
    "position_twice": a_feature("g", "Polygon", [[[1, 2], [1, 2], [1.1, 2], [1.1, 2.1], [1, 2]]]),
    "latitude_first": a_feature("s", "Point", [33.6, 117.03]),
    "not_on_earth": a_feature("s", "Point", [200, 95]),
    "not_a_position": a_feature("s", "Point", ["117", 33]),
    "geometry_unknown": a_feature("l", "LineString", [[1, 2], [3, 4]]),
    "no_geometry": {"type": "Feature", "properties": {"name": "x"}, "geometry": None},
    "no_name": a_feature("", "Point", [1, 2]),
    "name_too_long": a_feature("长" * 121, "Point", [1, 2]),
    "hole_outside": a_feature("g", "Polygon", [a_square(1, 2), a_square(1.02, 2, 0.001)]),
    "too_large": a_feature("g", "Polygon", [a_square(1, 2, 1.1)]),
    "no_positions": a_feature("g", "Polygon", []),
    "other_coordinates": a_feature("s", "Point", [1, 2], crs={"properties": {"name": "GCJ-02"}}),
    "too_many_positions": a_feature("g", "Polygon", [[[1 + at / 1e6, 2] for at in range(501)] + [[1, 2.1], [1, 2]]]),
}


@pytest.mark.parametrize("code", BAD)
def test_what_is_wrong_with_a_feature_is_said_by_name(code: str) -> None:
    ground = said(BAD[code], a_feature("good", "Point", [1.005, 2.005]))

    assert [each.code for each in ground.wrong] == [code]


@pytest.mark.parametrize(("text", "code"), [
    ("no json", "not_json"), ("[1]", "not_features"), ('{"type": "Topology"}', "not_features"),
    ('{"type": "FeatureCollection", "features": []}', "no_features"), ("[" * 100_000, "not_json"),
    ('{"type": "FeatureCollection", "features": [], "crs": "BD09"}', "other_coordinates"),
    ('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "x"}, "geometry": '
     '{"type": "Point", "coordinates": [NaN, 1]}}]}', "not_json")])
def test_what_is_no_geojson_is_refused(text: str, code: str) -> None:
    assert [each.code for each in read_geojson(text).wrong] == [code]


def test_a_name_stands_once_and_everything_lies_in_one_park() -> None:
    assert [each.code for each in said(a_feature("A", "Point", [1, 2]), a_feature("a ", "Point", [1, 2.1])).wrong] == ["name_twice"]
    assert [each.code for each in said(a_feature("A", "Point", [1, 2]), a_feature("B", "Point", [3, 2])).wrong] == ["too_far_apart"]
    assert said(a_feature("A", "Point", [1, 2]), a_feature("B", "Point", [2, 2])).wrong == []


def test_the_size_of_a_ring_is_bounded_on_the_number_itself() -> None:
    ring = [[1 + at / 1e6, 2] for at in range(498)] + [[1.1, 2.1], [1, 2]]

    assert said(a_feature("g", "Polygon", [ring])).wrong == []                   # exactly 500 with its end


def test_a_sheet_places_sites_and_passes_over_rows_without_coordinates() -> None:
    rows = ("企业名称,经度,纬度", "东风木业有限公司,117.0301,33.6405", "南山家居有限公司,,", "西河门窗有限公司,北,33")
    content = "\n".join(rows).encode("gb18030")

    ground = read_ground_file(content, name="sites.csv")

    assert [spot.name for spot in ground.spots] == ["东风木业有限公司"]
    assert [(each.number, each.code) for each in ground.wrong] == [(4, "not_a_position")]
    assert [each.code for each in read_ground_file(b"a,b\n1,2", name="x.csv").wrong] == ["no_headings"]


@pytest.mark.parametrize(("kind", "lines", "code"), [
    ("grid", "1, 2\n1.1, 2", "too_few_positions"), ("site", "1, 2\n1.1, 2", "one_position"), ("grid", "1; 2", "not_a_position"),
    ("site", "", "one_position")])
def test_coordinates_that_were_typed_wrong_are_refused(kind: str, lines: str, code: str) -> None:
    assert [each.code for each in read_lines(kind, "x", lines).wrong] == [code]


def test_a_ring_is_closed_for_who_types_it() -> None:
    typed = read_lines("grid", "第9网格", "1, 2\n1.01, 2\n1.01，2.01")

    assert typed.outlines[0].area[0][0][0] == typed.outlines[0].area[0][0][-1] == (10_000_000, 20_000_000)
