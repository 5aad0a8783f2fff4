"""One row of a sheet while it is read: repaired where that is harmless, reported where it is wrong."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from jiugong.lib import identifiers, sheets
from jiugong.lib.identifiers import Fault
from jiugong.lib.sheets import Cell, Heading, Problem, Sheet
from jiugong.registry.logic.facts import Repair, RosterFile


class Row:
    """One row while it is read: its cells by field, and where to report what they hold."""

    def __init__(self, sheet: Sheet, heading: Heading, number: int, cells: list[Cell], file: RosterFile) -> None:
        self.sheet, self.heading, self.number, self.cells, self.file = sheet, heading, number, cells, file
        self.wrong: set[str] = set()                       # fields that hold an error

    @property
    def bad(self) -> bool:
        return bool(self.wrong)

    def cell(self, field: str) -> Cell:
        column = self.heading.columns.get(field)
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def error(self, field: str, code: str, **facts: object) -> None:
        """Report what is wrong in a cell: the first thing found says it, a second one would only repeat it."""
        if field not in self.wrong:
            self.wrong.add(field)
            self.file.errors.append(self._problem(field, code, facts))

    def warning(self, field: str, code: str, **facts: object) -> None:
        self.file.warnings.append(self._problem(field, code, facts))

    def _problem(self, field: str, code: str, facts: Mapping[str, object]) -> Problem:
        return Problem(sheet=self.sheet.name, row=self.number, column=self.heading.written.get(field, ""), code=code,
                       value=sheets.as_text(self.cell(field)), facts=facts)

    def repaired(self, field: str, after: str) -> str:
        """Note a repair where the cell did not already read like this, and hand the repaired text on."""
        before = self.cell(field)
        if isinstance(before, str) and before != after:
            self.file.repairs.append(Repair(self.sheet.name, self.number, self.heading.written[field], before, after))
        return after

    def text(self, field: str, tidy: Callable[[str], str] = sheets.tidy_name, *, longest: int = 120) -> str:
        cell = self.cell(field)
        if cell == "":
            return ""
        raw = sheets.as_text(cell)
        return self._fitting(field, self.repaired(field, tidy(raw)), longest) if raw else ""

    def prose(self, field: str, *, longest: int) -> str:
        """A remark or an address: as it was written, but for the spaces around it."""
        return self._fitting(field, sheets.as_text(self.cell(field)), longest)

    def _fitting(self, field: str, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        self.error(field, "too_long", longest=longest)
        return ""

    def phone(self, field: str) -> str:
        raw = sheets.as_text(self.cell(field))
        if not raw:
            return ""
        phone = identifiers.read_phone(identifiers.folded(raw))
        if isinstance(phone, Fault):
            self.error(field, "phone")
            return ""
        return self.repaired(field, phone)

    def word(self, field: str, closed_list: Mapping[str, object], code: str, default: object) -> object:
        """A word of a closed list; an empty cell is the default."""
        cell = self.cell(field)
        if isinstance(cell, str) and cell in closed_list:              # as it nearly always is
            return closed_list[cell]
        raw = self.text(field)
        if raw and raw not in closed_list:
            self.error(field, code, known="、".join(closed_list))
        return closed_list.get(raw, default)

    def day(self, field: str) -> date | None:
        cell = self.cell(field)
        try:
            day = sheets.as_day(cell)
        except sheets.NotADate:
            self.error(field, "date_impossible")
            return None
        if day and isinstance(cell, str) and unicodedata.normalize("NFKC", cell).strip() != cell:
            self.repaired(field, day.isoformat())
        return day


def rows_of(sheet: Sheet, heading: Heading, file: RosterFile, told_by: tuple[str, ...]) -> list[Row]:
    """The rows that speak of somebody or something: blank rows, totals and rows with nothing but a number are not."""
    rows = []
    for number, cells in enumerate(sheet.rows[heading.row:], start=heading.row + 1):
        row = Row(sheet, heading, number, list(cells), file)
        if sheets.is_blank(cells) or sheets.is_total(cells) or _is_heading_again(row):
            continue
        speaks = any(sheets.as_text(row.cell(field)) for field in told_by)
        if speaks or sum(bool(sheets.as_text(cell)) for cell in cells) > 2:
            rows.append(row)
        elif not sheets.as_text(row.cell("number")).isdigit():
            row.warning("number", "row_ignored")
    return rows


def _is_heading_again(row: Row) -> bool:
    return all(sheets.as_text(row.cell(field)) == written for field, written in row.heading.written.items())
