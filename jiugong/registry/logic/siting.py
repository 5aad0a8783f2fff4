"""In which grid each site lies: plain facts in, moves out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jiugong.registry.logic.geometry import Area, Position, holds, holds_inside, overlap


@dataclass
class Lying:
    """Where sites lie: the grid of each site that is to be in another one (None: in none), and what is unclear.

    `outside` lie in no outline, `between` in two at once; `overlapping` are outlines that share ground.
    """

    moves: dict[int, int | None] = field(default_factory=dict)
    outside: list[int] = field(default_factory=list)
    between: list[tuple[int, int, int]] = field(default_factory=list)
    overlapping: list[tuple[int, int]] = field(default_factory=list)


def lying(outlines: Mapping[int, Area], spots: Mapping[int, Position], now: Mapping[int, int | None]) -> Lying:
    """Say in which outline each spot lies. `now` is the grid in which each site is counted today.

    A spot on a common border stays where it is counted, if that is one of the two; else it goes to the one drawn first
    in `outlines`. A spot in no outline leaves a grid that has an outline, and stays in a grid that has none yet.
    """
    found = Lying()
    for site, spot in spots.items():
        grids = [grid for grid, area in outlines.items() if holds(area, spot)]
        inside = [grid for grid in grids if holds_inside(outlines[grid], spot)]
        counted = now.get(site)
        if len(inside) > 1:
            found.between.append((site, inside[0], inside[1]))
            continue
        if not grids:
            found.outside.append(site)
            lies_in = None if counted in outlines else counted
        else:
            lies_in = inside[0] if inside else counted if counted in grids else grids[0]
        if lies_in != counted:
            found.moves[site] = lies_in
    drawn = list(outlines.items())
    for at, (grid, area) in enumerate(drawn):
        found.overlapping += [(grid, other) for other, another in drawn[at + 1:] if overlap(area, another)]
    return found
