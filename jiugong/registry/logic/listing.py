"""A list as a workbook: what stands on a page, every row of it, in the reader's words. Numbers stay masked."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO

import xlsxwriter

WIDEST = 40


def list_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write one sheet: headings in the first row, frozen and filterable; days as days, everything else as text or number."""
    content = BytesIO()
    widths = [_width(heading) for heading in headings]
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        page = book.add_worksheet(_sheet_name(title))
        bold, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        for column, heading in enumerate(headings):
            page.set_column(column, column, max(12, widths[column]))
            page.write_string(0, column, heading, bold)
        page.freeze_panes(1, 0)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(last, column, value, day)
                elif isinstance(value, int) and not isinstance(value, bool):
                    page.write_number(last, column, value)
                elif value not in (None, ""):
                    page.write_string(last, column, str(value))
        page.autofilter(0, 0, last, max(0, len(headings) - 1))
    return content.getvalue()


def _width(text: str) -> int:
    """Chinese signs take twice the room."""
    return min(WIDEST, 4 + sum(2 if sign > "\u2e80" else 1 for sign in text))


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\")[:31] or "1"
