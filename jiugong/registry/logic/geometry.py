"""Ground as plain geometry: is a point in an area, do two areas lie on each other, does a ring cross itself.

Positions are whole numbers of a ten-millionth of a degree (a centimetre), longitude first, so that every answer is
exact: no rounding decides in which grid somebody works. A park is small, so that the ground counts as flat.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

Position = tuple[int, int]                   # longitude, latitude
Ring = tuple[Position, ...]                  # closed: the last position is the first
Polygon = tuple[Ring, ...]                   # the outer ring, then its holes
Area = tuple[Polygon, ...]                   # one or more polygons
Edge = tuple[Position, Position]

PARTS_OF_A_DEGREE = 10_000_000


def whole(degrees: float) -> int:
    """A number of degrees as ten-millionths."""
    return round(degrees * PARTS_OF_A_DEGREE)


def degrees(position: Position) -> list[float]:
    """A position as GeoJSON writes it: longitude, latitude."""
    return [each / PARTS_OF_A_DEGREE for each in position]


def holds(area: Area, point: Position) -> bool:
    """Does a point lie in an area? Its boundary belongs to it, that of a hole too; the inside of a hole does not."""
    return any(_on_rings(polygon, point) or _within(polygon, point) for polygon in area)


def holds_inside(area: Area, point: Position) -> bool:
    """Does a point lie in an area and not on its boundary?"""
    return any(_within(polygon, point) and not _on_rings(polygon, point) for polygon in area)


def overlap(one: Area, other: Area) -> bool:
    """Do two areas share ground? A common border or corner is none."""
    return any(_overlap(mine, theirs) for mine in one for theirs in other if _boxes_meet(mine[0], theirs[0]))


def crossing(ring: Ring) -> Position | None:
    """Where a ring meets itself, if it does: crossing, touching or running back on itself; else None."""
    edges = list(edges_of(ring))
    last = len(edges) - 1
    by_west = sorted(range(len(edges)), key=lambda at: min(edges[at])[0])
    for rank, at in enumerate(by_west):
        one = edges[at]
        for later in by_west[rank + 1:]:
            other = edges[later]
            if min(other)[0] > max(one)[0]:
                break
            if abs(at - later) in (1, last):
                first, second = (one, other) if later - at in (1, -last) else (other, one)
                if _runs_back(first, second):
                    return second[0]
            elif _edges_meet(one, other):
                return other[0]
    return None


def _runs_back(one: Edge, following: Edge) -> bool:
    """Does an edge lie on the one before it?"""
    straight = _turn(one[0], one[1], following[1]) == 0
    return straight and (_on_edge(following[1], one) or _on_edge(one[0], following))


def double_size(ring: Ring) -> int:
    """Twice the area inside a ring; 0 for a line."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in edges_of(ring)))


def edges_of(ring: Ring) -> Iterator[Edge]:
    """The edges of a ring, in order."""
    return zip(ring, ring[1:], strict=False)


# --- points -----------------------------------------------------------------------------------------------------------

def _within(polygon: Polygon, point: Position) -> bool:
    """Even-odd over all rings; what lies exactly on a ring is asked of `_on_rings` first."""
    x, y = point
    odd = False
    for ring in polygon:
        for (ax, ay), (bx, by) in edges_of(ring):
            if (ay > y) != (by > y):
                turn = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
                odd ^= (turn > 0) == (by > ay)
    return odd


def _on_rings(polygon: Polygon, point: Position) -> bool:
    return any(_on_edge(point, edge) for ring in polygon for edge in edges_of(ring))


def _turn(a: Position, b: Position, c: Position) -> int:
    """Positive where the way from a over b to c turns left, 0 where it goes straight on or back."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _on_edge(point: Position, edge: Edge) -> bool:
    (ax, ay), (bx, by) = edge
    return (min(ax, bx) <= point[0] <= max(ax, bx) and min(ay, by) <= point[1] <= max(ay, by)
            and _turn(edge[0], edge[1], point) == 0)


def _edges_meet(one: Edge, other: Edge) -> bool:
    return _cross(one, other) or any(_on_edge(end, other) for end in one) or any(_on_edge(end, one) for end in other)


def _cross(one: Edge, other: Edge) -> bool:
    """Do two edges cross in a point that is the end of neither?"""
    sides = [_turn(*one, end) for end in other] + [_turn(*other, end) for end in one]
    return sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0


# --- areas ------------------------------------------------------------------------------------------------------------

def _boxes_meet(one: Ring, other: Ring) -> bool:
    return all(min(each[axis] for each in one) < max(each[axis] for each in other)
               and min(each[axis] for each in other) < max(each[axis] for each in one) for axis in (0, 1))


def _overlap(one: Polygon, other: Polygon) -> bool:
    """Where no edges cross, one lies wholly inside the other, or they share no ground: three kinds of points decide."""
    mine, theirs = _edges(one), _edges(other)
    if any(_cross(each, another) for each in mine for another in theirs):
        return True
    return (_enters(mine, theirs, other) or _enters(theirs, mine, one)
            or _holds_double(other, _some_point(one)) or _holds_double(one, _some_point(other)))


def _edges(polygon: Polygon) -> list[Edge]:
    return [edge for ring in polygon for edge in edges_of(ring)]


def _enters(mine: Sequence[Edge], theirs: Sequence[Edge], polygon: Polygon) -> bool:
    """Does the middle of a piece of my boundary, cut where it touches theirs, lie inside their polygon?"""
    corners = {end for edge in theirs for end in edge}
    for edge in mine:
        cuts = sorted({*edge, *(corner for corner in corners if _on_edge(corner, edge))})
        for a, b in zip(cuts, cuts[1:], strict=False):
            if _holds_double(polygon, (a[0] + b[0], a[1] + b[1])):
                return True
    return False


def _holds_double(polygon: Polygon, point: tuple[int, int] | tuple[Fraction, Fraction]) -> bool:
    """Does a polygon hold, not on its boundary, the point of which these are twice the coordinates?"""
    doubled = tuple(tuple((2 * x, 2 * y) for x, y in ring) for ring in polygon)
    return holds_inside((doubled,), point)                                     # type: ignore[arg-type]


def _some_point(polygon: Polygon) -> tuple[Fraction, Fraction]:
    """Twice the coordinates of a point that certainly lies inside: between two edges, between two heights of corners."""
    heights = sorted({y for ring in polygon for _x, y in ring})
    y = Fraction(heights[0] + heights[1], 2)
    meets = sorted(ax + (y - ay) * (bx - ax) / Fraction(by - ay)
                   for (ax, ay), (bx, by) in _edges(polygon) if (ay > y) != (by > y))
    return meets[0] + meets[1], 2 * y
