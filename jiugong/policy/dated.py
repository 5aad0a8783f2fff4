"""A rule is a title and a row of dated values, each of which says what it rests on."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, Self, TypedDict, TypeVar

from jiugong.policy.citations import Basis, Words, read_basis, read_remark, read_words
from jiugong.policy.errors import FactMissing, FactUnreadable
from jiugong.policy.plain import Plain, plain
from jiugong.policy.reading import Entry, read_day
from jiugong.policy.verdict import Because

T = TypeVar("T")
YEARS = range(1900, 2200)                        # in which a given day may lie: far from the ends of the calendar


@dataclass(frozen=True, kw_only=True)
class Dated(Generic[T]):
    """A value from a day on, with what it rests on."""

    first_day: date
    value: T
    basis: Basis
    note: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Ended:
    """From this day on the rule says nothing any more."""

    first_day: date
    basis: Basis
    note: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What one rule answers, and the comparisons behind it."""

    answer: Plain
    because: tuple[Because, ...] = ()


class Heading(TypedDict):
    """What every rule has, of whatever kind."""

    key: str
    title: Words
    reviewed_on: date


@dataclass(frozen=True, kw_only=True)
class Rule(ABC, Generic[T]):
    """Something an authority decided, day by day. `reviewed_on` is when somebody last read the source again."""

    key: str
    title: Words
    reviewed_on: date
    values: tuple[Dated[T] | Ended, ...]

    @abstractmethod
    def judge(self, value: T, *, basis: Basis, day: date, given: Mapping[str, object]) -> Judged:
        """Answer with the value in force on a day, from the facts that were given."""

    def on(self, day: date) -> Dated[T] | None:
        """The value in force on a day. Before the first value and after an end there is none."""
        begun = [dated for dated in self.values if dated.first_day <= day]
        return begun[-1] if begun and isinstance(begun[-1], Dated) else None

    def last_day_of(self, dated: Dated[T]) -> date | None:
        """The last day on which a value holds; none if nothing follows it."""
        later = [one.first_day for one in self.values if one.first_day > dated.first_day]
        return min(later) - timedelta(days=1) if later else None

    def amended_by(self, amendment: Self) -> Self:
        """The rule of the amendment, with this one's values kept up to the amendment's first day."""
        kept = tuple(dated for dated in self.values if dated.first_day < amendment.values[0].first_day)
        return replace(amendment, values=kept + amendment.values)

    def since(self, day: date) -> Self:
        """The rule without the values that were over before a day."""
        over = [dated for dated in self.values if dated.first_day <= day][:-1]
        return replace(self, values=tuple(dated for dated in self.values if dated not in over))

    def effect(self) -> dict[str, Plain]:
        """What the rule does, without a word of what is said about it."""
        words = {"key", "title", "reviewed_on", "values"}
        head = {name: plain(kept) for name, kept in vars(self).items() if name not in words}
        values = {str(d.first_day): plain(d.value) if isinstance(d, Dated) else "end" for d in self.values}
        return {"kind": type(self).__name__, **head, "values": plain(values)}

    def words(self) -> dict[str, Plain]:
        """What is said about the rule: its titles, references, assumptions, notes and the day of its review."""
        said: dict[str, Plain] = {
            str(d.first_day): {"basis": d.basis.as_data(), "note": d.note.as_data() if d.note else None}
            for d in self.values
        }
        return {"title": self.title.as_data(), "reviewed_on": str(self.reviewed_on), "values": said}


def read_heading(key: str, entry: Entry, *own: str, optional: tuple[str, ...] = ()) -> Heading:
    """Read what every rule has; `own` and `optional` are the further keys that this kind of rule has."""
    said = entry.fields("title", "reviewed_on", *own, "values", optional=optional)
    return Heading(key=key, title=read_words(said["title"]), reviewed_on=said["reviewed_on"].day())


def read_values(entry: Entry, read_value: Callable[[Entry], T]) -> tuple[Dated[T] | Ended, ...]:
    """Read the dated values of a rule; `read_value` knows how this kind of rule writes one."""
    values: list[Dated[T] | Ended] = []
    for written, said in entry.pairs()["values"].pairs().items():
        dated = _read_dated(written, said, read_value)
        if values and dated.first_day <= values[-1].first_day:
            said.wrong(f"{written} stands after a later day.", "Write the days in their order.")
        values.append(dated)
    if not values:
        entry.pairs()["values"].wrong("The rule has no value.", "Write its first day and its value.")
    return tuple(values)


def _read_dated(written: str, said: Entry, read_value: Callable[[Entry], T]) -> Dated[T] | Ended:
    fields = said.fields(optional=("value", "end", "reference", "assumption", "note"))
    ends = "end" in fields and fields["end"].yes_or_no()
    if ends == ("value" in fields):
        said.wrong("A day has either a value or an end.", "Write `value:`, or `end: true`, and not both.")
    first_day = replace(said, content=written).day()
    basis, note = read_basis(said), read_remark(fields["note"]) if "note" in fields else None
    if ends:
        return Ended(first_day=first_day, basis=basis, note=note)
    return Dated(first_day=first_day, value=read_value(fields["value"]), basis=basis, note=note)


def given_day(given: Mapping[str, object], fact: str, *, question: str) -> date:
    """A day among the given facts. Raises FactMissing, FactUnreadable."""
    found = given.get(fact)
    if found is None:
        raise FactMissing(question=question, fact=fact)
    try:
        day = found if isinstance(found, date) else read_day(str(found))
    except ValueError:
        raise FactUnreadable(fact=fact, found=str(found), needed="2022-11-10") from None
    if day.year not in YEARS:
        raise FactUnreadable(fact=fact, found=str(found), needed="2022-11-10")
    return day
