"""A parameter is one value that an authority set or that practice assumes: a number, a word, a list of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from jiugong.policy.citations import Basis
from jiugong.policy.dated import Judged, Rule, read_heading, read_values
from jiugong.policy.plain import plain
from jiugong.policy.reading import Entry

Value: TypeAlias = int | bool | Decimal | str | tuple[int, ...] | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Parameter(Rule[Value]):
    """One dated value. `holds` says what it is written as, `unit` what it counts."""

    holds: str
    unit: str | None = None

    def judge(self, value: Value, *, basis: Basis, day: date, given: Mapping[str, object]) -> Judged:
        """A parameter answers with its value; no fact changes it."""
        return Judged(answer=plain(value))


def read_parameter(key: str, entry: Entry) -> Parameter:
    """Read a parameter file."""
    heading = read_heading(key, entry, "holds", optional=("unit",))
    said = entry.pairs()
    holds = said["holds"].one_of(tuple(_HOLDS))
    unit = said["unit"].text() if "unit" in said else None
    return Parameter(**heading, holds=holds, unit=unit, values=read_values(entry, _HOLDS[holds]))


def _whole_number(entry: Entry) -> Value:
    return entry.whole_number(at_least=0)


def _whole_numbers(entry: Entry) -> Value:
    return tuple(item.whole_number(at_least=0) for item in entry.items())


def _texts(entry: Entry) -> Value:
    return tuple(item.text() for item in entry.items())


_HOLDS: dict[str, Callable[[Entry], Value]] = {
    "whole_number": _whole_number,
    "whole_numbers": _whole_numbers,
    "decimal": Entry.decimal,
    "yes_or_no": Entry.yes_or_no,
    "text": Entry.text,
    "texts": _texts,
}
