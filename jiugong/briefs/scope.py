"""What a figure is asked about: a park, from one day to another, as it was known at a moment, within a reach."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from jiugong.lib import clock, days
from jiugong.lib.acting import EVERYTHING
from jiugong.registry.models import Park

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """`first` and `last` are park days, both included. Nothing that happened after `at` is counted."""

    park: Park
    first: date
    last: date
    at: datetime
    reach: tuple[str, ...] = (EVERYTHING,)
    text: str = ""                                              # what is looked for in the rows; figures never ask it
    asked: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)     # whatever the days and the reach

    def once(self, question: str, ask: Callable[[], T]) -> T:
        """What four figures of one brief need is asked once."""
        if question not in self.asked:
            self.asked[question] = ask()
        return cast(T, self.asked[question])

    def always(self, question: str, ask: Callable[[], T]) -> T:
        """What is the same for today's brief and for yesterday's is asked once for both; the question names its day."""
        if question not in self.known:
            self.known[question] = ask()
        return cast(T, self.known[question])

    @property
    def start(self) -> datetime:
        return days.bounds(self.first, self.park.zone)[0]

    @property
    def end(self) -> datetime:
        """The first moment that no longer counts."""
        return min(days.bounds(self.last, self.park.zone)[1], self.at + timedelta(microseconds=1))

    @property
    def as_of(self) -> datetime:
        """The last moment that counts."""
        return self.end - timedelta(microseconds=1)

    @property
    def is_over(self) -> bool:
        """Has the last day ended, so that only what is written about it can still change it?"""
        return self.at >= days.bounds(self.last, self.park.zone)[1]

    def until_the_day_before(self) -> "Scope":
        """What yesterday's brief said: the same beginning one day shorter, or the day before a single day."""
        yesterday = self.last - timedelta(days=1)
        first = min(self.first, yesterday)
        return replace(self, first=first, last=yesterday, asked={})


def scope_of(park: Park, first: date, last: date, *, reach: tuple[str, ...] = (EVERYTHING,)) -> Scope:
    return Scope(park=park, first=first, last=last, at=clock.now(), reach=reach)
