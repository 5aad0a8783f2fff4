"""Which tests an order owes by day, and whether it may be released: facts in, reasons out.

A release waits for results, not for the calendar alone: a swab of the last day whose result is out only the day after still counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

FIRST_TESTS = 2                              # of a linked close contact, which decide about those who met him (9th edition)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A swab of the person, on the park's day; `value` empty while the laboratory says nothing."""

    on: date
    value: str


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A test that an order owes: on which day, the how-manieth day of which phase, and what became of it.

    `state` is one of later, owed, missed, waiting, negative, positive, unclear.
    """

    on: date
    number: int
    mode: str
    state: str


def owed_tests(phases: Sequence[Mapping[str, Any]], taken: Sequence[Taken], today: date) -> list[Owed]:
    """Every test of an order's phases, in order."""
    by_day: dict[date, list[str]] = {}
    for swab in taken:
        by_day.setdefault(swab.on, []).append(swab.value)
    owed = []
    for phase in phases:
        first = date.fromisoformat(phase["first_day"])
        for text in phase.get("tests_on", ()):
            on = date.fromisoformat(text)
            owed.append(Owed(on=on, number=(on - first).days + 1, mode=phase["mode"], state=_state(by_day.get(on, []), on, today)))
    return owed


def _state(values: Sequence[str], on: date, today: date) -> str:
    if "positive" in values:
        return "positive"
    if "negative" in values:
        return "negative"
    if any(values):
        return "unclear"
    if values:
        return "waiting"
    return "later" if on > today else "owed" if on == today else "missed"


def why_not_yet(phases: Sequence[Mapping[str, Any]], owed: Sequence[Owed], today: date, *,
                linked: Sequence[Owed] | None = None) -> list[tuple[str, Mapping[str, Any]]]:
    """Why an order may not be released yet, as words of `sentences.py` with their facts; empty: it may.

    `linked` are the tests of the close contact through whom somebody is a contact: the first two of them must be negative.
    """
    reasons: list[tuple[str, Mapping[str, Any]]] = []
    last_day = date.fromisoformat(phases[-1]["last_day"]) if phases else today
    ends_with_a_test = any(each.on == last_day and each.state == "negative" for each in owed)
    if today < last_day or (today == last_day and not ends_with_a_test):
        reasons.append(("not_over", {"last_day": str(last_day)}))
    for each in owed:
        if each.state in ("missed", "owed", "waiting", "unclear", "positive") and each.on <= today:
            reasons.append((f"test_{each.state}", {"on": str(each.on), "number": each.number}))
    for each in list(linked or ())[:FIRST_TESTS]:
        if each.state != "negative":
            reasons.append((f"linked_{'positive' if each.state == 'positive' else 'waiting'}", {"on": str(each.on)}))
    return reasons


def ends_by_itself_at(until: datetime, wait: timedelta) -> datetime:
    """When an order is over although nobody released it: nobody is kept waiting longer for a result that never comes."""
    return until + wait
