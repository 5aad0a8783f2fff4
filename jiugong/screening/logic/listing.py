"""A list as a workbook to keep: one sheet, its headings, its rows as they are read on the page. Plain Python."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
WIDTH = 16


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The list as .xlsx. Whole numbers stay numbers; everything else is written as text, never as a formula."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title.translate(NOT_IN_SHEET_NAMES)[:LONGEST_SHEET_NAME])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, WIDTH)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, str(heading))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int) and not isinstance(cell, bool):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, str(cell))
    return content.getvalue()
