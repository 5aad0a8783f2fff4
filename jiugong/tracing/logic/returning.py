"""May somebody who comes back go to his post? Judged by the pack's rules of the day; a person decides.

`controls` answers for a level and a day of leaving which periods of control the rules of the day give, as `Period`s of the
pack: none where they have no such rule or have abolished it. What the rules do not say is not invented here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from jiugong.tracing.logic.areas import How, Match


class Verdict(StrEnum):
    ON_POST = "on_post"
    TEST_FIRST = "test_first"
    CONTROLLED = "controlled"


class Sign(StrEnum):
    """What else the house knows of him, that is not about areas."""

    CASE = "case"
    CONTACT = "contact"
    ORDER = "order"
    FLAGGED = "flagged"


class Span(Protocol):
    """A phase of control, as a pack counts it."""

    @property
    def last_day(self) -> date: ...


Controls = Callable[[str, date], Sequence[Span]]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the rules say of a returnee on a day, and each fact that it rests on, as plain data with words as keys."""

    verdict: Verdict | None                  # None: nothing was told, so that nothing can be said
    because: tuple[dict[str, Any], ...] = ()
    match: Match | None = None               # what is controlled
    until: date | None = None                # the last day of it


def judge(day: date, *, has_told: bool, matches: Iterable[Match], signs: Iterable[Sign], controls: Controls,
          low_tests: Sequence[int] = ()) -> Judged:
    """The verdict for a returnee: the strictest of what is known, with every reason.

    `low_tests`: so many tests in so many days after a low-risk area, where the rules of the day ask for them.
    """
    verdicts, because, held = list[Verdict](), list[dict[str, Any]](), list[tuple[date, Match]]()
    for match in matches:
        verdict, until = _of_match(day, match, controls, low_tests)
        because.append({"fact": match.how.value, "area": match.area.name, "level": match.area.level, "stay": match.stay.area,
                        "first_day": str(match.stay.first_day), "left_on": str(match.left_on),
                        "says": verdict.value, "until": str(until) if until else "", "tests": list(low_tests)})
        verdicts.append(verdict)
        if verdict is Verdict.CONTROLLED and until:
            held.append((until, match))
    for sign in signs:
        because.append({"fact": sign.value, "says": _of_sign(sign).value})
        verdicts.append(_of_sign(sign))
    if not verdicts and not has_told:
        return Judged(verdict=None)
    longest = max(held, key=lambda each: each[0], default=None)
    return Judged(verdict=max(verdicts, key=list(Verdict).index, default=Verdict.ON_POST), because=tuple(because),
                  match=longest[1] if longest else None, until=longest[0] if longest else None)


def _of_match(day: date, match: Match, controls: Controls, low_tests: Sequence[int]) -> tuple[Verdict, date | None]:
    """An area in which he may only have been asks for a test and for the exact place; no rule says so, it is our caution."""
    if match.area.level == "low":
        is_due = len(low_tests) == 2 and (day - match.left_on).days < low_tests[1]                      # noqa: PLR2004
        return Verdict.TEST_FIRST if is_due else Verdict.ON_POST, None
    periods = controls(match.area.level, match.left_on)
    if not periods or day > periods[-1].last_day:
        return Verdict.ON_POST, None
    return (Verdict.CONTROLLED, periods[-1].last_day) if match.how is How.INSIDE else (Verdict.TEST_FIRST, periods[-1].last_day)


def _of_sign(sign: Sign) -> Verdict:
    """A case, or an order that stands, keeps him from his post; a contact or a flag without an order is cleared first."""
    return Verdict.CONTROLLED if sign in (Sign.CASE, Sign.ORDER) else Verdict.TEST_FIRST
