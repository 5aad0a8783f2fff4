"""Reading one field of a piece of evidence: a number, a text, a day, a word of a closed list, or what is wrong with it.

What is wrong is a code with facts; `duties/sentences.py` says it in the reader's language.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Data = Mapping[str, object]
Parameters = Mapping[str, object]            # values of the park's release on the day, by their keys in the pack
LONGEST_TEXT = 300
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


class Misshapen(ValueError):
    """Evidence that does not have the shape of its kind: which field, what is wrong with it, and the facts of that."""

    def __init__(self, field: str, wrong: str, **facts: object) -> None:
        super().__init__(f"{field}: {wrong}")
        self.field, self.wrong, self.facts = field, wrong, facts


@dataclass(frozen=True, kw_only=True)
class Read:
    """Evidence that was read: its data in the shape of its kind, and whether it counts as done.

    `day` is the day on which it happened, where the evidence names one itself; it then stands for the moment. `at` is the
    last moment of which it speaks: that cannot be to come.
    """

    data: Data
    valid: bool = True
    day: date | None = None
    at: datetime | None = None


def number(data: Data, field: str, *, at_least: float, at_most: float) -> float:
    """A number between two bounds, both included."""
    found = data.get(field)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise Misshapen(field, "number")
    if not at_least <= found <= at_most:
        raise Misshapen(field, "range", found=_plain(found), at_least=_plain(at_least), at_most=_plain(at_most))
    return float(found)


def whole(data: Data, field: str, *, at_least: int = 0, at_most: int = 100_000, needed: bool = True) -> int | None:
    """A whole number between two bounds; None where it may be left out."""
    found = data.get(field)
    if found in (None, "") and not needed:
        return None
    if isinstance(found, bool) or not isinstance(found, int):
        raise Misshapen(field, "whole")
    if not at_least <= found <= at_most:
        raise Misshapen(field, "range", found=found, at_least=at_least, at_most=at_most)
    return found


def count(data: Data, field: str, *, at_least: int = 0, at_most: int = 100_000) -> int:
    """A whole number that must be there."""
    return whole(data, field, at_least=at_least, at_most=at_most) or 0


def text(data: Data, field: str, *, longest: int = LONGEST_TEXT, needed: bool = True) -> str:
    """A text of one or more lines, without signs that no table holds."""
    found = data.get(field, "")
    said = " ".join(found.split()) if isinstance(found, str) else None
    if said is None or not said.isprintable():
        raise Misshapen(field, "text")
    if needed and not said:
        raise Misshapen(field, "missing")
    if len(said) > longest:
        raise Misshapen(field, "too_long", longest=longest)
    return said


def day(data: Data, field: str, *, needed: bool = True) -> date | None:
    """A day as YYYY-MM-DD, between 1990 and 2100."""
    found = data.get(field)
    if found in (None, "") and not needed:
        return None
    try:
        read = date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        read = None
    if read is None or not EARLIEST <= read <= LATEST:
        raise Misshapen(field, "day")
    return read


def the_day(data: Data, field: str) -> date:
    """A day that must be there."""
    read = day(data, field)
    if read is None:
        raise Misshapen(field, "day")
    return read


def moment(data: Data, field: str) -> datetime:
    """An ISO moment with its offset, between 1990 and 2100."""
    try:
        read = datetime.fromisoformat(str(data.get(field, "")))
    except ValueError as reason:
        raise Misshapen(field, "moment") from reason
    if not EARLIEST <= read.date() <= LATEST:
        raise Misshapen(field, "moment")
    if read.tzinfo is None:
        raise Misshapen(field, "offset")
    return read


def word(data: Data, field: str, known: Sequence[str], *, needed: bool = True) -> str:
    """A word of a closed list."""
    found = data.get(field, "")
    if found in (None, "") and not needed:
        return ""
    if not isinstance(found, str) or found not in known:
        raise Misshapen(field, "word", known=", ".join(known))
    return found


def words(data: Data, field: str, known: Sequence[str]) -> list[str]:
    """Words of a closed list, each once; absent is none."""
    found = data.get(field, [])
    if not isinstance(found, list) or not all(isinstance(each, str) and each in known for each in found):
        raise Misshapen(field, "words", known=", ".join(known))
    return sorted(set(found))


def _plain(value: float) -> float | int:
    return int(value) if float(value).is_integer() and abs(value) >= 100 else value
