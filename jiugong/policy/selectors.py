"""A selector says who a rule is about: a short list of conditions that must all be met.

The comparisons are a closed list, so that another room can put the same conditions to its database. An absent fact
(none, or an empty text) meets no comparison except `exists: false`, as NULL does in SQL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from jiugong.policy.citations import Basis
from jiugong.policy.dated import given_day
from jiugong.policy.errors import FactMissing, FactUnreadable
from jiugong.policy.plain import plain
from jiugong.policy.reading import Entry
from jiugong.policy.verdict import Because

Fact: TypeAlias = str | bool | date
Needed: TypeAlias = Fact | tuple[Fact, ...]

Kind: TypeAlias = tuple[str, ...] | type[str] | type[bool] | type[date]

_ENTERPRISES = ("enterprise", "site", "incubator", "institute")

# What the park decided about the enterprise of a person or a unit, as it stands on the day.
_OF_THE_ENTERPRISE: Mapping[str, Kind] = {
    "regime": ("open", "semi_closed", "closed_loop", "point_style"),
    "risk": ("ordinary", "key"),
    "area": ("sealed", "controlled", "precaution", "high", "medium", "low"),
}

# For each kind of subject its facts: the words that are possible, or what kind of fact it is.
FACTS: Mapping[str, Mapping[str, Kind]] = {
    "person": {
        "status": ("on_duty", "on_leave", "off_post", "isolated"),
        "shift": ("day", "night", "middle", "regular_day"),
        "post": str,
        "key_post": bool,
        "in_dormitory": bool,
        "enterprise_kind": _ENTERPRISES,
        "arrived_on": date,
        **_OF_THE_ENTERPRISE,
    },
    "unit": {"kind": ("enterprise", "workshop", "team"), "enterprise_kind": _ENTERPRISES, **_OF_THE_ENTERPRISE},
    "place": {"kind": str},
}


class Comparison(StrEnum):
    """Every way in which a condition may compare. A rule that needs more is a named function, not a longer list."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXISTS = "exists"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One comparison of one fact with what is needed."""

    fact: str
    comparison: Comparison
    needed: Needed

    def met_by(self, found: Fact | None) -> bool:
        """Does what was found meet the condition?"""
        absent = found is None or found == ""
        if self.comparison is Comparison.EXISTS:
            return absent is not self.needed
        return not absent and _COMPARE[self.comparison](found, self.needed)


@dataclass(frozen=True, kw_only=True)
class Selector:
    """All conditions must be met. Without any condition everybody is meant."""

    conditions: tuple[Condition, ...] = ()

    def matches(self, facts: Mapping[str, Fact | None]) -> bool:
        """Is this subject meant?"""
        return all(condition.met_by(facts.get(condition.fact)) for condition in self.conditions)

    def because(self, facts: Mapping[str, Fact | None], *, basis: Basis) -> tuple[Because, ...]:
        """Every comparison, met or not."""
        return tuple(
            Because(fact=one.fact, found=plain(facts.get(one.fact)), needed={one.comparison.value: plain(one.needed)},
                    by_which_document=basis, met=one.met_by(facts.get(one.fact)))
            for one in self.conditions
        )

    def given_facts(self, given: Mapping[str, object], *, subject: str, question: str) -> dict[str, Fact | None]:
        """The facts that the conditions need, from what was given. Raises FactMissing, FactUnreadable."""
        return {one.fact: _given_fact(given, one.fact, subject, question) for one in self.conditions}


_COMPARE: dict[Comparison, Callable[..., bool]] = {
    Comparison.IS: lambda found, needed: found == needed,
    Comparison.IS_NOT: lambda found, needed: found != needed,
    Comparison.IN: lambda found, needed: found in needed,
    Comparison.NOT_IN: lambda found, needed: found not in needed,
    Comparison.AT_LEAST: lambda found, needed: found >= needed,
    Comparison.AT_MOST: lambda found, needed: found <= needed,
}


def read_selector(entry: Entry, *, subject: str) -> Selector:
    """Read the conditions of a rule about this kind of subject."""
    return Selector(conditions=tuple(_read_condition(item, subject) for item in entry.items()))


def _read_condition(entry: Entry, subject: str) -> Condition:
    said = entry.fields("fact", optional=tuple(Comparison))
    fact = said["fact"].one_of(tuple(FACTS[subject]))
    compared = [comparison for comparison in Comparison if comparison in said]
    if len(compared) != 1:
        entry.wrong("A condition has one comparison.", f"Use one of: {', '.join(Comparison)}.")
    if compared[0] in (Comparison.AT_LEAST, Comparison.AT_MOST) and FACTS[subject][fact] is not date:
        entry.wrong(f"{fact} has no order.", "Compare it with is, is_not, in, not_in or exists.")
    needed = _read_needed(said[compared[0]], compared[0], fact, subject)
    return Condition(fact=fact, comparison=compared[0], needed=needed)


def _read_needed(entry: Entry, comparison: Comparison, fact: str, subject: str) -> Needed:
    if comparison is Comparison.EXISTS:
        return entry.yes_or_no()
    if comparison in (Comparison.IN, Comparison.NOT_IN):
        return tuple(_read_fact(item, fact, subject) for item in entry.items())
    return _read_fact(entry, fact, subject)


def _read_fact(entry: Entry, fact: str, subject: str) -> Fact:
    kind = FACTS[subject][fact]
    if isinstance(kind, tuple):
        return entry.one_of(kind)
    if kind is bool:
        return entry.yes_or_no()
    return entry.day() if kind is date else entry.text()


def _given_fact(given: Mapping[str, object], fact: str, subject: str, question: str) -> Fact | None:
    if fact not in given:
        raise FactMissing(question=question, fact=fact)
    found, kind = given[fact], FACTS[subject][fact]
    if found is None or found == "":
        return None
    if kind is date:
        return given_day(given, fact, question=question)
    if kind is bool and isinstance(found, bool):
        return found
    if isinstance(found, str) and (kind is str or (isinstance(kind, tuple) and found in kind)):
        return found
    raise FactUnreadable(fact=fact, found=str(found), needed=_as_written(kind))


def _as_written(kind: Kind) -> str:
    if isinstance(kind, tuple):
        return " | ".join(kind)
    return "true | false" if kind is bool else "…"
