"""Advice before a round: which tubes, and how many points, desks and samplers. What is asked is judged here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from jiugong.lib import days
from jiugong.lib.acting import EVERYTHING
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Place, Unit
from jiugong.registry.queries.units import grids_on
from jiugong.screening.errors import (
    AdviceWrong,
    ClusteringImpossible,
    HoursImpossible,
    PeopleImpossible,
    PoolNotValidated,
    PoolSizesMissing,
    PrevalenceImpossible,
    SizingNeedsPeople,
)
from jiugong.screening.logic import pooling, sizing
from jiugong.screening.logic.pools import POOL_SIZES
from jiugong.screening.models import Point, Round
from jiugong.screening.queries.points import points_standing
from jiugong.screening.queries.rounds import owed_in

MOST_PEOPLE, MOST_HOURS = 100_000_000, 720
LONGEST_NUMBER = 40                          # signs; a longer one is no figure that anybody knows
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class PoolQuestion:
    """Which pool size, where this part of the people is positive and tubes fall ill together so much?"""

    prevalence: Fraction
    clustering: Fraction
    sizes: tuple[int, ...]
    people: int | None

    def advice(self) -> pooling.Advice:
        return pooling.advise(self.prevalence, self.sizes, self.clustering)


def pool_question(prevalence: str, *, clustering: str = "", sizes: Sequence[str] = (), people: str = "") -> PoolQuestion:
    """What was asked, as it was written; everything that is wrong is said at once.

    Raises PrevalenceImpossible, ClusteringImpossible, PoolNotValidated, PoolSizesMissing, PeopleImpossible, AdviceWrong.
    """
    part, together = _number(prevalence), _number(clustering or "0")
    wrong: list[Refusal] = []
    if part is None or not 0 < part < 1:
        wrong.append(PrevalenceImpossible(given=prevalence))
    if together is None or not 0 <= together <= 1:
        wrong.append(ClusteringImpossible(given=clustering))
    named = [size for size in sizes if size.strip()]
    if len(named) < len(sizes):
        wrong.append(PoolSizesMissing())
    if strange := [size for size in named if not size.isdecimal() or int(size[:LONGEST_NUMBER]) not in POOL_SIZES]:
        wrong.append(PoolNotValidated(size=", ".join(strange)))
    if people and not _is_people(people):
        wrong.append(PeopleImpossible(given=people, most=MOST_PEOPLE))
    _refuse(wrong)
    return PoolQuestion(prevalence=part or Fraction(0), clustering=together or Fraction(0),
                        sizes=tuple(map(int, named)) or POOL_SIZES, people=int(people) if people else None)


def sizing_question(people: str, hours: str, the_round: Round | None = None,
                    reach: tuple[str, ...] = (EVERYTHING,)) -> sizing.Sizing:
    """Points, desks and samplers for what was asked; a round says by itself how many owe and how long it lasts.

    Raises PeopleImpossible, HoursImpossible, SizingNeedsPeople, AdviceWrong.
    """
    if the_round:
        people = people or str(owed_in(the_round, reach).count())
        hours = hours or str(hours_of(the_round.opens_at, the_round.closes_at))
    if not people or not hours:
        raise SizingNeedsPeople()
    length = _number(hours)
    wrong: list[Refusal] = []
    if length is None or not 0 < length <= MOST_HOURS:
        wrong.append(HoursImpossible(given=hours, most=MOST_HOURS))
    if not _is_people(people):
        wrong.append(PeopleImpossible(given=people, most=MOST_PEOPLE))
    _refuse(wrong)
    return sizing.size_up(int(people), length or Fraction(0))


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Who owes a round, by grid and by enterprise (most people first), and the points that stand during it."""

    by_grid: list[tuple[Place | None, int]]
    by_enterprise: list[tuple[Unit, Place | None, int]]
    points: list[tuple[Point, sizing.Standing]]


def ground_of(the_round: Round, reach: tuple[str, ...] = (EVERYTHING,)) -> Ground:
    """What a park brings to a round: the people whom a reach shows, where they work, and the points on their ground."""
    owing = Counter(pk for pk in owed_in(the_round, reach).order_by().values_list("enterprise", flat=True) if pk)
    grids = grids_on(the_round.park, the_round.day)
    enterprises = Unit.objects.in_bulk(list(owing))
    in_grids: Counter[Place | None] = Counter()
    for enterprise, people in owing.items():
        in_grids[grids.get(enterprise)] += people
    return Ground(
        by_grid=sorted(in_grids.items(), key=lambda each: (each[0] is None, each[0].pk if each[0] else 0)),
        by_enterprise=sorted(((enterprises[pk], grids.get(pk), people) for pk, people in owing.items()),
                             key=lambda each: (-each[2], each[0].name)),
        points=[(point, _standing(point, the_round)) for point in points_standing(the_round.park, the_round.day, reach)])


def hours_of(opens: datetime, closes: datetime) -> Fraction:
    """Hours between two moments, exact."""
    return Fraction((closes - opens) // timedelta(seconds=1), 3600)


def _standing(point: Point, the_round: Round) -> sizing.Standing:
    """How much of a round a point is open. One that does not say its hours is open as long as the round."""
    start, end = the_round.opens_at, the_round.closes_at
    if point.opens is None or point.closes is None:
        return sizing.Standing(name=point.name, desks=point.desks, hours=hours_of(start, end))
    zone, opened = the_round.park.zone, Fraction(0)
    first, last = (days.day_of(moment, zone) for moment in (start - timedelta(days=1), end))
    day = first
    while day <= last:                       # also the evening before: a point may be open past midnight
        opens = datetime.combine(day, point.opens, zone)
        later = timedelta(days=1) if point.closes <= point.opens else timedelta()
        closes = datetime.combine(day + later, point.closes, zone)
        opened += max(hours_of(max(opens, start), min(closes, end)), Fraction(0))
        day += timedelta(days=1)
    return sizing.Standing(name=point.name, desks=point.desks, hours=opened)


def _refuse(wrong: Sequence[Refusal]) -> None:
    """Refuse what is wrong: one thing as itself, several with all their sentences. Raises AdviceWrong."""
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise AdviceWrong(reasons=" ".join(map(str, wrong)), wrong=[each.as_data() for each in wrong])


def _is_people(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_NUMBER and 0 < int(text) <= MOST_PEOPLE


def _number(text: str) -> Fraction | None:
    """A finite number as it was written, exact; None where it is none. 1e-3 is one, 1/1000 too."""
    try:
        return Fraction(text) if len(text) <= LONGEST_NUMBER and _is_small(text) else None
    except (ValueError, ZeroDivisionError):
        return None


def _is_small(text: str) -> bool:
    """Is its power of ten one that a figure of people can have? `1e999999999` would be a number of a billion digits."""
    power = text.lower().partition("e")[2].lstrip("+-")
    return not power or (power.isdecimal() and len(power) <= 2)
