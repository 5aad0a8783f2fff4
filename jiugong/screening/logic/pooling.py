"""What a pool size costs and what it does to people: tests and retests, tubes that come back positive, people held.

Everybody is sampled into tubes of `size`; a negative tube clears all its members, every member of another is held and
sampled once more alone (Dorfman 1943). People of one team fall ill together: `clustering` says how much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

PER = 1_000                                  # people of whom the figures are told


@dataclass(frozen=True, kw_only=True)
class Pool:
    """What one pool size comes to, per person; exact."""

    size: int
    positive: Fraction                       # the chance that a tube comes back positive

    @property
    def tests(self) -> Fraction:
        """Tests for each person: the share of a tube, and one more alone where the tube was positive.

        So it is for a tube of one, too: nobody is a case before a second swab says so.
        """
        return Fraction(1, self.size) + self.positive

    @property
    def positive_tubes(self) -> Fraction:
        """Positive tubes for each person."""
        return self.positive / self.size

    @property
    def held(self) -> Fraction:
        """People held for each person sampled: all of a positive tube, each of whom is sampled again."""
        return self.positive


@dataclass(frozen=True, kw_only=True)
class Total:
    """What so many people come to: tubes, how many of them are expected positive, people held, tests."""

    tubes: int
    positive_tubes: Fraction
    held: Fraction

    @property
    def tests(self) -> Fraction:
        return self.tubes + self.held


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The pools that were compared, smallest first; the one that is recommended; and what is best if one is mistaken."""

    pools: tuple[Pool, ...]
    recommended: Pool
    if_rarer: Pool                           # were the prevalence a tenth of what is thought
    if_commoner: Pool                        # were it ten times that


def positive_tube(prevalence: Fraction, size: int, clustering: Fraction = Fraction(0)) -> Fraction:
    """The chance that a tube of `size` swabs holds at least one positive.

    `clustering` is the correlation of two swabs of one tube, as a beta-binomial has it: 0 is independent, which gives
    1 − (1 − p)^k; 1 is a tube whose members are all positive or all negative, which gives p whatever the size.
    """
    if clustering == 1:
        return prevalence
    free = 1 - clustering
    negative = Fraction(1)
    for earlier in range(size):              # each next swab is negative, given that all the earlier ones are
        negative *= ((1 - prevalence) * free + earlier * clustering) / (free + earlier * clustering)
    return 1 - negative


def total(people: int, prevalence: Fraction, size: int, clustering: Fraction = Fraction(0)) -> Total:
    """Everybody in tubes of `size`; who is left over shares a last tube that is not full."""
    full, rest = divmod(people, size)
    tubes = [(full, size), *([(1, rest)] if rest else [])]
    chances = [(count, swabs, positive_tube(prevalence, swabs, clustering)) for count, swabs in tubes]
    return Total(tubes=full + bool(rest), positive_tubes=sum((count * chance for count, _swabs, chance in chances), Fraction(0)),
                 held=sum((count * swabs * chance for count, swabs, chance in chances), Fraction(0)))


def advise(prevalence: Fraction, sizes: Sequence[int], clustering: Fraction = Fraction(0)) -> Advice:
    """Compare pool sizes. Recommended is the one with the fewest tests; of two alike the smaller, which holds fewer.

    Where no pool takes less than a test for each person, none saves anything, and the smallest holds the fewest.
    """
    return Advice(pools=tuple(_pools(prevalence, sizes, clustering)), recommended=_fewest(prevalence, sizes, clustering),
                  if_rarer=_fewest(prevalence / 10, sizes, clustering),
                  if_commoner=_fewest(min(prevalence * 10, Fraction(1)), sizes, clustering))


def _pools(prevalence: Fraction, sizes: Sequence[int], clustering: Fraction) -> list[Pool]:
    return [Pool(size=size, positive=positive_tube(prevalence, size, clustering)) for size in sorted(set(sizes))]


def _fewest(prevalence: Fraction, sizes: Sequence[int], clustering: Fraction) -> Pool:
    pools = _pools(prevalence, sizes, clustering)
    return min((pool for pool in pools if pool.tests < 1), key=lambda pool: (pool.tests, pool.size), default=pools[0])
