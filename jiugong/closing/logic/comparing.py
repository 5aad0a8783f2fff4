"""What differs between the rows that were sealed and the rows that are there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class What(StrEnum):
    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, kw_only=True, order=True)
class Difference:
    """One row that is not as it was sealed: of which day, in which table."""

    day: str
    table: str
    row: int
    what: What

    def as_data(self) -> dict[str, str | int]:
        return {"day": self.day, "table": self.table, "row": self.row, "what": self.what.value}


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of one table on one day: as sealed, as they are, and what the house itself wrote afterwards.

    `elsewhere` finds rows by number that are not among the day's any more; `sealed_elsewhere` says whether a row that is new
    here was sealed on another day, where it is missed. `later` are the digests that the house wrote down last, `late` the
    rows that it took in for this day after the seal.
    """

    sealed: Mapping[int, bytes]
    now: Mapping[int, bytes]
    later: Mapping[int, bytes | None] = field(default_factory=dict)      # None: the house removed it
    late: Iterable[int] = ()
    elsewhere: Callable[[set[int]], Mapping[int, bytes]] = lambda _rows: {}
    sealed_elsewhere: Callable[[int], bool] = lambda _row: False
    may_leave: bool = True                                                # a row whose parent moved left the day with it
    removed: bool = False                                                 # the house removed all rows of this day


def differences(rows: Rows) -> dict[int, What]:
    """Every row that was edited, deleted or inserted past the house."""
    absent = {row for row in {*rows.sealed, *rows.late} if row not in rows.now}
    there = {**(rows.elsewhere(absent) if absent else {}), **rows.now}
    found = {}
    for row in {*rows.sealed, *rows.late, *rows.now}:
        if what := _differs(row, rows, there.get(row)):
            found[row] = what
    return found


def _differs(row: int, rows: Rows, now: bytes | None) -> What | None:
    """What somebody did to one row: what the house wrote last holds, else what was sealed."""
    if row in rows.later:
        expected = rows.later[row]
        if now == expected:
            return None
        if expected is None:
            return What.INSERTED                                # the house removed it, and somebody put one in its place
        return What.DELETED if now is None else What.EDITED
    if row in rows.sealed:
        if now is None:
            return None if rows.removed else What.DELETED
        left = row not in rows.now and not rows.may_leave
        return What.EDITED if now != rows.sealed[row] or left else None
    return None if now is None or rows.sealed_elsewhere(row) else What.INSERTED
