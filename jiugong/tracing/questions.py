"""What tracing asks that another room keeps. `jiugong/sources.py` says who answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from jiugong.registry.models import Park


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """Somebody was sampled; `value` is what the laboratory says last of his tube, empty while it says nothing."""

    person_id: int
    sampled_at: datetime
    value: str
    reported_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Announced:
    """Somebody of whom a unit says that he comes back: by name, as lists of returnees write him."""

    unit_id: int
    path: str                                # the unit's branch
    name: str
    origin: str
    arriving_on: date


Announcements = Callable[[Park, datetime, tuple[str, ...]], Iterable[tuple[int, str, str, str, date]]]
Tests = Callable[[Iterable[int], datetime], Iterable[tuple[int, datetime, str, datetime | None]]]

_tests: Tests | None = None
_is_closed: Callable[[int, date], bool] | None = None
_announced: Announcements | None = None


def tests_of(person_ids: Iterable[int], since: datetime) -> list[Tested]:
    """The tests of these people since a moment, in their order."""
    if _tests is None:
        raise RuntimeError("Nobody answers who was tested: jiugong/sources.py was not read.")
    return [Tested(person_id=person, sampled_at=sampled, value=value, reported_at=reported)
            for person, sampled, value, reported in _tests(person_ids, since)]


def ask_tests_of(answer: Tests) -> None:
    global _tests
    _tests = answer


def is_closed(park_id: int, day: date) -> bool:
    """Is a day of a park closed and sealed?"""
    if _is_closed is None:
        raise RuntimeError("Nobody answers which days are closed: jiugong/sources.py was not read.")
    return _is_closed(park_id, day)


def ask_whether_closed_of(answer: Callable[[int, date], bool]) -> None:
    global _is_closed
    _is_closed = answer


def announced(park: Park, at: datetime, reach: tuple[str, ...]) -> list[Announced]:
    """Everybody whom the latest list of a unit within a reach announces."""
    if _announced is None:
        raise RuntimeError("Nobody answers who was announced: jiugong/sources.py was not read.")
    return [Announced(unit_id=unit, path=path, name=name, origin=origin, arriving_on=arriving_on)
            for unit, path, name, origin, arriving_on in _announced(park, at, reach)]


def ask_announced_of(answer: Announcements) -> None:
    global _announced
    _announced = answer
