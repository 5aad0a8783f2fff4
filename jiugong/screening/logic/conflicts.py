"""Swabs that cannot all be right: facts in, conflicts out. What arrived first makes no difference."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_WRONG = timedelta(minutes=10)          # assumption: a phone that is off by less does no harm
LATE_BY = timedelta(hours=24)                # assumption: a day after a round everything of it has arrived
TWICE, OVERFULL, AFTER_SEAL, TWO_ROUNDS, CLOCK, WALK_IN = "twice", "overfull", "after_seal", "two_rounds", "clock", "walk_in"
LATE = "late"


@dataclass(frozen=True, kw_only=True)
class Swab:
    """A swab that counts, as far as conflicts go. `whose` is the same for two swabs of one person; None: of no person."""

    pk: int
    round: int
    tube: int
    capacity: int
    sealed_at: datetime | None
    whose: Hashable | None
    is_stranger: bool
    sampled_at: datetime
    device: str
    skew: timedelta | None
    is_late: bool = False                    # of another time than its round, as `is_of_another_time` says


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Swabs of which a person must say what is true: of one kind, about one thing of one round."""

    kind: str
    round: int
    about: Hashable
    swabs: tuple[int, ...]


def conflicts_among(swabs: Iterable[Swab]) -> list[Conflict]:
    """Every conflict among the swabs of some rounds; each names all the swabs that take part, by time."""
    ordered = sorted(swabs, key=lambda swab: (swab.sampled_at, swab.pk))
    found: dict[tuple[str, int, Hashable], list[int]] = defaultdict(list)
    of_person, of_tube = _by(ordered, lambda swab: (swab.round, swab.whose) if swab.whose is not None else None), _by(
        ordered, lambda swab: swab.tube)
    for mine in of_person.values():
        if len(mine) > 1:
            found[TWICE, mine[0].round, mine[0].whose] = [swab.pk for swab in mine]
    for inside in of_tube.values():
        first = min(swab.round for swab in inside)
        if len(inside) > inside[0].capacity:
            found[OVERFULL, first, inside[0].tube] = [swab.pk for swab in inside]
        if len({swab.round for swab in inside}) > 1:
            found[TWO_ROUNDS, first, inside[0].tube] = [swab.pk for swab in inside]
    for swab in ordered:
        if swab.sealed_at and swab.sampled_at > swab.sealed_at:
            found[AFTER_SEAL, swab.round, swab.tube].append(swab.pk)
        if swab.skew is not None and abs(swab.skew) > CLOCK_WRONG:
            found[CLOCK, swab.round, swab.device].append(swab.pk)
        if swab.is_late:
            found[LATE, swab.round, swab.device].append(swab.pk)
        if swab.is_stranger:
            found[WALK_IN, swab.round, swab.whose].append(swab.pk)
    return [Conflict(kind=kind, round=number, about=about, swabs=tuple(pks)) for (kind, number, about), pks in found.items()]


def is_of_another_time(*, opens_at: datetime, closes_at: datetime, received_at: datetime, device_at: datetime,
                       skew: timedelta | None) -> bool:
    """Did a swab arrive long after its round, or does a clock that nobody could compare say another day?"""
    if received_at > closes_at + LATE_BY:
        return True
    return skew is None and not opens_at - LATE_BY <= device_at <= closes_at + LATE_BY


def still_open(conflicts: Iterable[Conflict], settled: Mapping[str, set[int]]) -> list[Conflict]:
    """The conflicts in which there is a swab of which nobody has said anything yet. `settled` are swabs by kind."""
    return [each for each in conflicts if not settled.get(each.kind, set()).issuperset(each.swabs)]


def _by(swabs: Iterable[Swab], key: Callable[[Swab], Hashable | None]) -> dict[Hashable, list[Swab]]:
    groups: dict[Hashable, list[Swab]] = defaultdict(list)
    for swab in swabs:
        if (name := key(swab)) is not None:
            groups[name].append(swab)
    return groups
