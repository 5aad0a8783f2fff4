"""Who met a case on which ground: the definition, in plain Python, that the SQL of `analytics/` must agree with.

Moments are whole seconds since 1970 (UTC). Two stays meet where they overlap for longer than nothing, inside the window.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONG_AGO, FOR_EVER = 0, 2**40


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """Somebody was somewhere. `hall` and `number` say where: numbers of one hall stand in a row; 0 where there is no row."""

    who: int
    kind: str
    hall: int
    number: int
    entered: int
    left: int
    spot: int = 0                        # which spot it was, to name it
    source: str = ""
    assumed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A way of meeting: in a kind of place, numbers `apart` from and to, at least `seconds` (0: any overlap)."""

    ground: str
    kind: str
    contact: str                         # close_contact, general_contact, venue_exposure
    nearest: int = 0
    farthest: int = 0
    same_crew: bool = False
    seconds: int = 0
    onward: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Whose contacts are looked for, in which window."""

    who: int
    since: int
    until: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """Somebody belonged to a crew (enterprise, team and shift) from a moment to another."""

    who: int
    crew: int
    since: int
    until: int


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Meeting:
    """Two people met: the one who was asked about, whom, on which ground, where, from when to when."""

    asked: int
    who: int
    ground: str
    spot: int
    since: int
    until: int
    source: str = ""
    assumed: bool = False


def meetings(asked: Iterable[Asked], stays: Iterable[Stay], rules: Sequence[Rule], crews: Iterable[Crew] = ()) -> list[Meeting]:
    """Everybody who met one of those asked about, meeting by meeting, in order; the order of the stays does not matter."""
    stays = list(stays)
    by_place: dict[tuple[str, int, int], list[Stay]] = defaultdict(list)
    for stay in stays:
        by_place[stay.kind, stay.hall, stay.number].append(stay)
    crew_of = _crews(crews)
    windows: dict[int, list[Asked]] = defaultdict(list)
    for each in asked:
        windows[each.who].append(each)
    found = {meeting
             for mine in stays if mine.who in windows
             for window in windows[mine.who]
             for rule in rules if rule.kind == mine.kind
             for number in _numbers(mine.number, rule)
             for theirs in by_place.get((mine.kind, mine.hall, number), ())
             for meeting in _met(window, mine, theirs, rule, crew_of)}
    return sorted(found)


def _numbers(number: int, rule: Rule) -> set[int]:
    """The numbers of a hall that are as near as a rule says. Without numbers only the same place is near."""
    if number == 0:
        return {0} if rule.nearest == 0 else set()
    apart = range(rule.nearest, rule.farthest + 1)
    return {number + far for far in apart} | {number - far for far in apart if number > far}


def _met(window: Asked, mine: Stay, theirs: Stay, rule: Rule, crew_of: Mapping[int, list[Crew]]) -> Iterable[Meeting]:
    since, until = max(mine.entered, theirs.entered, window.since), min(mine.left, theirs.left, window.until)
    if theirs.who == mine.who or until <= since or until - since < rule.seconds:
        return
    if rule.same_crew and not _one_crew(crew_of, mine.who, theirs.who, since, until):
        return
    yield Meeting(asked=mine.who, who=theirs.who, ground=rule.ground, spot=theirs.spot, since=since, until=until,
                  source=theirs.source, assumed=mine.assumed or theirs.assumed)


def _crews(crews: Iterable[Crew]) -> dict[int, list[Crew]]:
    found: dict[int, list[Crew]] = defaultdict(list)
    for each in crews:
        found[each.who].append(each)
    return found


def _one_crew(crew_of: Mapping[int, list[Crew]], one: int, other: int, since: int, until: int) -> bool:
    """Were both of one crew at some moment of the meeting?"""
    return any(mine.crew == theirs.crew
               and min(mine.until, theirs.until, until) > max(mine.since, theirs.since, since)
               for mine in crew_of.get(one, ()) for theirs in crew_of.get(other, ()))
