"""What tracing asks that another room keeps. `jiugong/sources.py` says who answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """Somebody was sampled; `value` is what the laboratory says last of his tube, empty while it says nothing."""

    person_id: int
    sampled_at: datetime
    value: str
    reported_at: datetime | None


Tests = Callable[[Iterable[int], datetime], Iterable[tuple[int, datetime, str, datetime | None]]]

_tests: Tests | None = None


def tests_of(person_ids: Iterable[int], since: datetime) -> list[Tested]:
    """The tests of these people since a moment, in their order."""
    if _tests is None:
        raise RuntimeError("Nobody answers who was tested: jiugong/sources.py was not read.")
    return [Tested(person_id=person, sampled_at=sampled, value=value, reported_at=reported)
            for person, sampled, value, reported in _tests(person_ids, since)]


def ask_tests_of(answer: Tests) -> None:
    global _tests
    _tests = answer
