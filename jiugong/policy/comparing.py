"""Compare two releases day by day: where do they answer differently, since when, and who says so?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from jiugong.policy.citations import Words
from jiugong.policy.dated import Dated
from jiugong.policy.plain import Plain, plain
from jiugong.policy.release import Release

T = TypeVar("T")

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Days:
    """A stretch of days, both ends included; without a last day it is open."""

    first_day: date
    last_day: date | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One rule, the days on which the two releases differ in it, and the value on either side (none: no such rule)."""

    key: str
    title: Words
    days: Days
    left: Dated[Any] | None
    right: Dated[Any] | None

    def as_data(self) -> dict[str, Plain]:
        """The difference as plain data."""
        return {"key": self.key, "title": self.title.as_data(), **_days_as_data(self.days),
                "left": _side_as_data(self.left), "right": _side_as_data(self.right)}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two releases beside each other. Rules are compared on the days on which both releases hold."""

    left: str
    right: str
    only_left: tuple[Days, ...]
    only_right: tuple[Days, ...]
    differences: tuple[Difference, ...]

    def as_data(self) -> dict[str, Plain]:
        """The comparison as plain data."""
        return {"left": self.left, "right": self.right,
                "only_left": [_days_as_data(days) for days in self.only_left],
                "only_right": [_days_as_data(days) for days in self.only_right],
                "differences": [difference.as_data() for difference in self.differences]}


def compare(left: Release, right: Release) -> Comparison:
    """Where two releases differ, rule by rule and day by day. A release does not differ from itself."""
    both: list[Days] = []
    only: dict[str, list[tuple[Days, None]]] = {"left": [], "right": []}
    for days in _stretches(left, right):
        on_left, on_right = (release.pack.in_force_on(days.first_day) for release in (left, right))
        if on_left and on_right:
            both.append(days)
        elif on_left or on_right:
            only["left" if on_left else "right"].append((days, None))
    return Comparison(
        left=left.key, right=right.key,
        only_left=tuple(days for days, _ in _joined(only["left"])),
        only_right=tuple(days for days, _ in _joined(only["right"])),
        differences=tuple(
            difference for key in sorted({*left.rules, *right.rules}) for difference in _in_rule(left, right, key, both)
        ),
    )


def _stretches(left: Release, right: Release) -> list[Days]:
    """The calendar, cut wherever one of the two begins, ends or changes a value."""
    cuts: set[date] = set()
    for release in (left, right):
        cuts |= {release.pack.first_day} | ({release.pack.end} if release.pack.end else set())
        cuts |= {dated.first_day for rule in release.rules.values() for dated in rule.values}
    ordered = sorted(cuts)
    bounded = [Days(first_day=first, last_day=after - _A_DAY) for first, after in pairwise(ordered)]
    return [*bounded, Days(first_day=ordered[-1], last_day=None)]


def _in_rule(left: Release, right: Release, key: str, both: list[Days]) -> list[Difference]:
    title = (right.rules.get(key) or left.rules[key]).title
    sides = [(days, (_value(left, key, days.first_day), _value(right, key, days.first_day))) for days in both]
    differing = [
        (days, (on_left, on_right)) for days, (on_left, on_right) in sides
        if _effect(left, key, on_left) != _effect(right, key, on_right)
    ]
    return [Difference(key=key, title=title, days=days, left=on_left, right=on_right)
            for days, (on_left, on_right) in _joined(differing)]


def _value(release: Release, key: str, day: date) -> Dated[Any] | None:
    rule = release.rules.get(key)
    return rule.on(day) if rule else None


def _effect(release: Release, key: str, dated: Dated[Any] | None) -> Plain:
    """What a rule does on a day: its value and what it counts from, but none of its words."""
    return [{**release.rules[key].effect(), "values": None}, plain(dated.value)] if dated else None


def _joined(stretches: Iterable[tuple[Days, T]]) -> list[tuple[Days, T]]:
    """The same stretches, with neighbours joined that say the same."""
    joined: list[tuple[Days, T]] = []
    for days, said in stretches:
        before = joined[-1] if joined else None
        if before and before[1] == said and before[0].last_day == days.first_day - _A_DAY:
            joined[-1] = (Days(first_day=before[0].first_day, last_day=days.last_day), said)
        else:
            joined.append((days, said))
    return joined


def _days_as_data(days: Days) -> dict[str, Plain]:
    return {"first_day": str(days.first_day), "last_day": str(days.last_day) if days.last_day else None}


def _side_as_data(dated: Dated[Any] | None) -> Plain:
    return {"value": plain(dated.value), "basis": dated.basis.as_data()} if dated else None
