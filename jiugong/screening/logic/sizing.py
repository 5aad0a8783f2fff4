"""How many points, desks and samplers a round needs: by the rule of thumb, and by what hands can do in so many hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from jiugong.screening.logic.rates import (
    DESKS_PER_POINT,
    PEOPLE_PER_DESK,
    PEOPLE_PER_POINT,
    PEOPLE_PER_SAMPLER,
    SAMPLERS_PER_DESK,
    SWABS_PER_HOUR,
    Rate,
)


@dataclass(frozen=True, kw_only=True)
class Span:
    """A count and between which counts it lies, as the figures behind it may be taken."""

    taken: int
    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class Need:
    """How many of one thing: by the rule of thumb, by what hands can do in the hours, and which of the two binds."""

    by_rule: Span
    by_rate: Span

    @property
    def binds(self) -> str:
        return "rate" if self.by_rate.taken > self.by_rule.taken else "rule"

    @property
    def need(self) -> int:
        return max(self.by_rule.taken, self.by_rate.taken)


@dataclass(frozen=True, kw_only=True)
class Sizing:
    """What n people in t hours need."""

    people: int
    hours: Fraction
    points: Need
    desks: Need
    samplers: Need


def size_up(people: int, hours: Fraction) -> Sizing:
    """What so many people in so many hours need; both are above nothing.

    Hours decide how many hands, hands how many desks, desks how many points. The rules decide however long it lasts, so
    that in eight hours (where a sampler's day of 360 swabs ends) the two meet, and after that the rules bind.
    """
    samplers = _over(people, SWABS_PER_HOUR, hours)
    desks = _shared(samplers, SAMPLERS_PER_DESK)
    return Sizing(people=people, hours=hours,
                  points=Need(by_rule=_over(people, PEOPLE_PER_POINT), by_rate=_shared(desks, DESKS_PER_POINT)),
                  desks=Need(by_rule=_over(people, PEOPLE_PER_DESK), by_rate=desks),
                  samplers=Need(by_rule=_over(people, PEOPLE_PER_SAMPLER), by_rate=samplers))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A point that is there: how many desks (None: not said) and for how many of the round's hours it is open."""

    name: str
    desks: int | None
    hours: Fraction


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What is there and what is lacking. A desk that is open for a part of the hours counts for that part."""

    points: int
    desks: Fraction
    desks_unsaid: int                        # points that do not say how many desks they have: taken as one
    points_lacking: int
    desks_lacking: int


def lack(sizing: Sizing, standing: Sequence[Standing]) -> Lack:
    """Compare what a round needs with the points that stand; one that is closed during the round is not there."""
    there = [point for point in standing if point.hours > 0]
    desks = sum((Fraction(point.desks or 1) * min(point.hours / sizing.hours, Fraction(1)) for point in there), Fraction(0))
    short = sizing.desks.need - desks
    return Lack(points=len(there), desks=desks, desks_unsaid=sum(point.desks is None for point in there),
                points_lacking=max(sizing.points.need - len(there), 0), desks_lacking=max(-(-short // 1), 0))


def _over(people: int, rate: Rate, hours: Fraction = Fraction(1)) -> Span:
    """People over a rate, rounded up: a part of a desk is a desk."""
    return Span(**{name: -(-people // (each * hours)) for name, each in
                   (("taken", rate.taken), ("least", rate.most), ("most", rate.least))})


def _shared(span: Span, rate: Rate) -> Span:
    """How many of the next larger thing hold so many of this one."""
    return Span(**{name: -(-count // rate.taken) for name, count in vars(span).items()})
