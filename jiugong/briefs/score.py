"""The score of every enterprise on a day: what its people and it owed, what was done in time, and why it is red.

The score is the share of what was owed on the day, less what was excused, that was done in its window. Only windows
that have closed count, so that nobody is red for what can still be done. Rounds count as the duties do.
"""

from dataclasses import dataclass

from jiugong.briefs.logic import Bounds, Colour, colour, score
from jiugong.briefs.scope import Scope
from jiugong.briefs.windows import NO_ENTERPRISE, Asking, of_the_last_day
from jiugong.policy import NotInForce, UnknownQuestion
from jiugong.registry.models import Place, Unit
from jiugong.registry.queries.coverage import Coverage, total
from jiugong.registry.queries.units import grids_on
from jiugong.rulebook.queries import value_on

GREEN_FROM, RED_BELOW = "score.green_from", "score.red_below"
WORST_FIRST = (Colour.RED, Colour.AMBER, Colour.UNDER_WAY, Colour.GREEN, Colour.NOTHING)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one enterprise owed in one window."""

    asking: Asking
    covered: Coverage
    is_closed: bool
    hours: str

    @property
    def state(self) -> str:
        """How the board names it: done, missing, or late once the window has closed."""
        if not self.covered.missing:
            return "done"
        return "late" if self.is_closed else "missing"


@dataclass(frozen=True, kw_only=True)
class Scored:
    """An enterprise on a day: what it owed window by window, its score and its colour."""

    enterprise: Unit
    grid: Place | None
    cells: tuple[Cell, ...]
    percent: int | None                                          # of what has closed; of all that opened while under way
    colour: Colour

    @property
    def reasons(self) -> tuple[Cell, ...]:
        """What was missing when its window closed, the most first."""
        late = [cell for cell in self.cells if cell.is_closed and cell.covered.missing]
        return tuple(sorted(late, key=lambda cell: -cell.covered.missing))

    @property
    def covered(self) -> Coverage:
        """Everything that was owed in the windows that have opened."""
        return total(cell.covered for cell in self.cells)


def bounds_of(scope: Scope) -> Bounds:
    """From what a score is green and below what it is red: as the park's release says, else as we assume."""
    return scope.always(f"bounds on {scope.last}", lambda: _bounds(scope))


def _bounds(scope: Scope) -> Bounds:
    try:
        green, red = (value_on(scope.park, key, scope.last) for key in (GREEN_FROM, RED_BELOW))
    except (UnknownQuestion, NotInForce):
        return Bounds()
    return Bounds(green_from=int(str(green)), red_below=int(str(red)), assumed=False)


def scores(scope: Scope) -> list[Scored]:
    """Every enterprise within reach that owed anything on the last day of the period, the worst first."""
    return scope.once("scores", lambda: _scores(scope))


def _scores(scope: Scope) -> list[Scored]:
    asked, bounds = [(each, each.is_closed(scope), each.hours(scope)) for each in of_the_last_day(scope)], bounds_of(scope)
    numbers = {number for each, _closed, _hours in asked for number in each.by_enterprise} - {NO_ENTERPRISE}
    grids = scope.always(f"grids on {scope.last}", lambda: grids_on(scope.park, scope.last))
    found = [_scored(unit, grids.get(unit.pk), asked, bounds)
             for unit in Unit.objects.filter(pk__in=numbers).select_related("park")]
    return sorted(found, key=lambda each: (WORST_FIRST.index(each.colour), each.percent or 0, each.enterprise.name))


def _scored(enterprise: Unit, grid: Place | None, asked: list[tuple[Asking, bool, str]], bounds: Bounds) -> Scored:
    cells = tuple(Cell(asking=each, covered=each.by_enterprise[enterprise.pk], is_closed=is_closed, hours=hours)
                  for each, is_closed, hours in asked if enterprise.pk in each.by_enterprise)
    closed = total(cell.covered for cell in cells if cell.is_closed)
    opened = total(cell.covered for cell in cells)
    due = closed.owed - closed.excused
    judged = colour(done=closed.done, asked=due, bounds=bounds)
    if judged is Colour.NOTHING and opened.owed > opened.excused:
        judged = Colour.UNDER_WAY
    shown = closed if due > 0 else opened
    return Scored(enterprise=enterprise, grid=grid, cells=cells, colour=judged,
                  percent=score(done=shown.done, asked=shown.owed - shown.excused))
