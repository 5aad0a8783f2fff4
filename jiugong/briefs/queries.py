"""Figures with their values and rows, the gaps of a round or duty, and the brief of a period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from jiugong.briefs.errors import DaysOutOfOrder, FigureUnknown, PeriodTooLong
from jiugong.briefs.figures import BY_KEY, FIGURES, Figure
from jiugong.briefs.rows import Line, with_numbers
from jiugong.briefs.scope import Scope, scope_of
from jiugong.lib.acting import Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.models import Park

LONGEST_PERIOD_DAYS = 400


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A figure with its value and its rows."""

    figure: Figure
    value: int
    rows: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """Every figure of a period, and what each was in yesterday's brief."""

    scope: Scope
    figures: Mapping[str, int]
    before: Mapping[str, int]

    def difference(self, key: str) -> int:
        return self.figures[key] - self.before[key]


def scope_for(actor: Actor, park: Park, first: date, last: date) -> Scope:
    """The period as this actor may see it. Raises NotAllowed, DaysOutOfOrder, PeriodTooLong."""
    reach = tuple(root for root in actor.reach(Can.SEE_BOARD))
    if last < first:
        raise DaysOutOfOrder(first=str(first), last=str(last))
    if (last - first).days > LONGEST_PERIOD_DAYS:
        raise PeriodTooLong(most=LONGEST_PERIOD_DAYS)
    return scope_of(park, first, last, reach=reach)


def figure(key: str) -> Figure:
    """One figure by its name. Raises FigureUnknown."""
    if key not in BY_KEY:
        raise FigureUnknown(figure=key, known=", ".join(BY_KEY))
    return BY_KEY[key]


class Rows(Sequence[Line]):
    """The rows behind a figure as the actor may see them, page by page: only those that are shown are fetched.

    Whoever sees figures of the whole park and names of one grid alone is told the names of that grid.
    """

    def __init__(self, actor: Actor, named: Figure, scope: Scope) -> None:
        first = next(iter(named.rows(scope)), None)
        self.name_people = bool(first and first.whose)
        self.may_see = not self.name_people or actor.may_somewhere(Can.SEE_PEOPLE, within=scope.park)
        reach = actor.reach(Can.SEE_PEOPLE)
        self.named, self.scope = named, replace(scope, reach=reach, asked={}) if self.name_people else scope
        self.share = bool(first and "value" in first.facts)

    def __len__(self) -> int:
        """How many rows there are. Those that carry a share of the value are few, and are listed."""
        if not self.may_see:
            return 0
        return sum(1 for _line in self) if self.share else self.named.count(self.scope)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.named.rows(self.scope)) if self.may_see else iter(())

    def __getitem__(self, wanted: Any) -> Any:
        if isinstance(wanted, slice):
            return list(islice(self, wanted.start, wanted.stop))
        return next(islice(self, wanted, None))


def opened(actor: Actor, key: str, scope: Scope, *, reason: str = "") -> Opened:
    """Open a figure: its rows, and the value that they count or sum to. Raises NotAllowed where they name people."""
    named = figure(key)
    lines = Rows(actor, named, scope)
    if not lines.may_see:
        raise NotAllowed(actor=actor.name, power=Can.SEE_PEOPLE.value)
    rows = with_numbers(scope.park, lines, actor=actor, reason=reason)
    value = sum(row["value"] for row in rows) if rows and "value" in rows[0] else len(rows)
    return Opened(figure=named, value=value, rows=rows)


def brief(scope: Scope) -> Brief:
    """Every figure of a period, beside what it was a day before."""
    yesterday = scope.until_the_day_before()
    return Brief(scope=scope, figures={each.key: each.count(scope) for each in FIGURES},
                 before={each.key: each.count(yesterday) for each in FIGURES})
