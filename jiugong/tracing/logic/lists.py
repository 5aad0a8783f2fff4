"""What every list that comes as a file has: good rows, bad cells, cells worth a look. Nothing is in the database yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from jiugong.lib import sheets
from jiugong.lib.sheets import Heading, Problem, Sheet

Row = TypeVar("Row")
Columns = Mapping[str, Sequence[str]]


@dataclass
class ListFile(Generic[Row]):
    """A list that was read: good rows and bad cells, each by its heading as it stands in the file."""

    columns: Columns
    sheet: str = ""
    heading: Heading | None = None
    rows: list[Row] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    repaired: set[int] = field(default_factory=set)

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.errors})

    def error(self, row: int, column: str, code: str, value: str = "", **facts: object) -> None:
        self.errors.append(self._problem(row, column, code, value, facts))

    def warning(self, row: int, column: str, code: str, value: str = "", **facts: object) -> None:
        self.warnings.append(self._problem(row, column, code, value, facts))

    def _problem(self, row: int, column: str, code: str, value: str, facts: Mapping[str, object]) -> Problem:
        written = self.heading.written.get(column, self.columns[column][0]) if self.heading else column
        return Problem(sheet=self.sheet, row=row, column=written, code=code, value=value, facts=facts)


class Cells(Generic[Row]):
    """One row of a list: its cells by field, each read once, what is wrong said to the file."""

    def __init__(self, file: ListFile[Row], number: int, cells: Sequence[object]) -> None:
        self.file, self.number, self.cells, self.before = file, number, cells, len(file.errors)

    @property
    def is_good(self) -> bool:
        return len(self.file.errors) == self.before

    def raw(self, column: str) -> Any:
        at = self.file.heading.columns.get(column) if self.file.heading else None
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def text(self, column: str, *, longest: int, needed: bool = True, tidy: Callable[[str], str] = sheets.tidy_name) -> str:
        written = sheets.as_text(self.raw(column))
        text = tidy(written)
        if (needed and not text) or len(text) > longest:
            self.wrong(column, "too_long" if text else "missing", longest=longest)
        if text != written:
            self.file.repaired.add(self.number)
        return text

    def day(self, column: str, *, needed: bool = True) -> date | None:
        try:
            day = sheets.as_day(self.raw(column))
        except sheets.NotADate:
            self.wrong(column, "day_impossible")
            return None
        if day is None and needed:
            self.wrong(column, "missing")
        return day

    def moment(self, column: str, zone: ZoneInfo) -> datetime | None:
        if not sheets.as_text(self.raw(column)):
            self.wrong(column, "missing")
            return None
        try:
            return _moment(self.raw(column), zone)
        except sheets.NotADate:
            self.wrong(column, "moment_impossible")
            return None

    def wrong(self, column: str, code: str, **facts: object) -> None:
        self.file.error(self.number, column, code, sheets.as_text(self.raw(column)), **facts)


@lru_cache(maxsize=8192, typed=True)
def _moment(raw: Any, zone: ZoneInfo) -> datetime:
    """A moment in UTC; without an offset it is the zone's. The same moments stand in many rows."""
    read = sheets.as_moment(raw)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def read_list(book: list[Sheet], columns: Columns, *, known_by: str, needed: Sequence[str],
              read: Callable[[Cells[Row]], Row | None]) -> ListFile[Row] | None:
    """Understand the first sheet with these headings, `known_by` among them; None where no sheet has them."""
    for sheet in book:
        heading = sheets.find_heading(sheet, columns)
        if heading is None or known_by not in heading.columns:
            continue
        file: ListFile[Row] = ListFile(columns, sheet=sheet.name, heading=heading)
        for each in (column for column in needed if column not in heading.columns):
            file.error(heading.row, each, "column_missing")
        if not file.errors:
            for number, cells in enumerate(sheet.rows[heading.row:], start=heading.row + 1):
                if not sheets.is_blank(cells) and not sheets.is_total(cells):
                    row = read(Cells(file, number, cells))
                    file.rows += [row] if row is not None else []
        return file
    return None
