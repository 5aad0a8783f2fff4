"""Figures with their values and rows, the gaps of a round or duty, and the brief of a period."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from jiugong.briefs.errors import DaysOutOfOrder, FigureUnknown, PeriodTooLong
from jiugong.briefs.figures import BY_KEY, Figure
from jiugong.briefs.rows import Line, with_numbers
from jiugong.briefs.scope import Scope, scope_of
from jiugong.lib import progress
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
class Composed:
    """The figures of a period, and what each was in yesterday's brief."""

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

    def __init__(self, actor: Actor, named: Figure, scope: Scope, text: str = "") -> None:
        first = next(iter(named.rows(scope)), None)
        self.name_people = bool(first and first.whose)
        self.may_see = not self.name_people or actor.may_somewhere(Can.SEE_PEOPLE, within=scope.park)
        reach = actor.reach(Can.SEE_PEOPLE) if self.name_people else scope.reach
        narrowed = self.name_people or bool(text)
        self.named, self.text = named, text.casefold()
        narrowed = narrowed and (reach, text) != (scope.reach, scope.text)
        self.scope = replace(scope, reach=reach, text=text, asked={}) if narrowed else scope
        self.share = bool(first and "value" in first.facts)

    def __len__(self) -> int:
        """How many rows there are. Those that carry a share of the value are few, and are listed."""
        if not self.may_see:
            return 0
        return sum(1 for _line in self) if self.share or self.text else self.named.count(self.scope)

    def __iter__(self) -> Iterator[Line]:
        """The rows in which what is looked for stands; those that know how look for it in the tables."""
        lines = iter(self.named.rows(self.scope)) if self.may_see else iter(())
        return (line for line in lines if self._says(line)) if self.text else lines

    def _says(self, line: Line) -> bool:
        return any(self.text in str(value).casefold() for value in line.facts.values())

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


def brief(scope: Scope, keys: Iterable[str] = BY_KEY) -> Composed:
    """The figures of a period, beside what they were a day before: all of them, or those that are asked for."""
    yesterday, keys = scope.until_the_day_before(), list(keys)
    figures, before = {}, {}
    for number, key in enumerate(keys):
        progress.step(number, len(keys))
        figures[key], before[key] = BY_KEY[key].count(scope), BY_KEY[key].count(yesterday)
    return Composed(scope=scope, figures=figures, before=before)
