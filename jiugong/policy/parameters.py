"""A parameter is one value that an authority set or that practice assumes: a number, a word, a list of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from jiugong.policy.citations import Basis
from jiugong.policy.dated import Judged, Rule, read_heading, read_values
from jiugong.policy.errors import FactUnreadable
from jiugong.policy.plain import plain
from jiugong.policy.reading import Entry
from jiugong.policy.tables import (
    Agent,
    Band,
    Step,
    Threshold,
    band_of,
    read_agents,
    read_bands,
    read_steps,
    read_threshold,
)
from jiugong.policy.verdict import Because

Row: TypeAlias = Step | Agent | Band
Value: TypeAlias = int | bool | Decimal | str | tuple[int, ...] | tuple[str, ...] | Threshold | tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Parameter(Rule[Value]):
    """One dated value. `holds` says what it is written as, `unit` what it counts."""

    holds: str
    unit: str | None = None

    def judge(self, value: Value, *, basis: Basis, day: date, given: Mapping[str, object]) -> Judged:
        """A parameter answers with its value. Only bands are changed by a fact: given an index, they name its colour."""
        if self.holds != "bands" or "index" not in given:
            return Judged(answer=plain(value))
        index = _given_index(given["index"])
        bands = tuple(one for one in value if isinstance(one, Band)) if isinstance(value, tuple) else ()
        band = band_of(index, bands)
        reason = Because(fact="index", found=plain(index), needed={"at_least": plain(band.at_least)},
                         by_which_document=basis, met=True)
        return Judged(answer=band.colour, because=(reason,))


def read_parameter(key: str, entry: Entry) -> Parameter:
    """Read a parameter file."""
    heading = read_heading(key, entry, "holds", optional=("unit",))
    said = entry.pairs()
    holds = said["holds"].one_of(tuple(_HOLDS))
    unit = said["unit"].text() if "unit" in said else None
    return Parameter(**heading, holds=holds, unit=unit, values=read_values(entry, _HOLDS[holds]))


def _given_index(found: object) -> Decimal:
    try:
        index = Decimal(str(found))
    except InvalidOperation:
        index = Decimal(-1)
    if isinstance(found, bool) or not index.is_finite() or index < 0:
        raise FactUnreadable(fact="index", found=str(found), needed="7.5")
    return index


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
    "steps": read_steps,
    "threshold": read_threshold,
    "agents": read_agents,
    "bands": read_bands,
}
