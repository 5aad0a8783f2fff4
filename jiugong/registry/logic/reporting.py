"""The workbook given back: each bad cell marked, the reason beside it, and a sheet that lists all that was found.

It can be imported again: the added column and the added sheet are none of ours and are passed over.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from jiugong.lib.sheets import Cell, Heading, Problem, Sheet, as_text
from jiugong.registry.logic.facts import RosterFile

PROBLEMS, REPORT = "问题", "导入报告"
ERROR, WARNING, REPAIR = "错误", "提醒", "已修正"
COLUMNS = ("工作表", "行", "列", "内容", "类别", "说明")
WIDEST = 40
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}         # merged titles, too

Say = Callable[[Problem], str]


def marked_workbook(file: RosterFile, say: Say) -> bytes:
    """The workbook that was read, with what is wrong in it. `say` puts a problem into a sentence."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", **AS_TEXT}) as book:
        look = _formats(book)
        problems = _by_place(file.errors)
        for sheet in file.sheets:
            if sheet.name != REPORT:
                _write_sheet(book.add_worksheet(sheet.name), sheet, file.headings.get(sheet.name),
                             problems[sheet.name], look, say)
        _write_report(book.add_worksheet(REPORT), file, look, say)
    return content.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "align": "center", "font_size": 14}),
        "heading": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        "bad": book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "@"}),
        "bad day": book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "yyyy-mm-dd"}),
        "reason": book.add_format({"font_color": "#9C0006"}),
    }


def _by_place(problems: Sequence[Problem]) -> dict[str, dict[int, list[Problem]]]:
    places: dict[str, dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        places[problem.sheet][problem.row].append(problem)
    return places


def _write_sheet(page: Any, sheet: Sheet, heading: Heading | None, problems: dict[int, list[Problem]],
                 look: dict[str, Any], say: Say) -> None:
    columns = {heading.written[field]: column for field, column in heading.columns.items()} if heading else {}
    beside = _beside(sheet, heading)
    titles = {first_row: (left, right) for first_row, left, last_row, right in sheet.merged
              if heading and first_row == last_row < heading.row - 1}
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    if heading:
        page.set_column(beside, beside, WIDEST)
        page.freeze_panes(heading.row, 0)
    for number, cells in enumerate(sheet.rows, start=1):
        wrong = {columns.get(problem.column, beside): problem for problem in problems.get(number, ())}
        merged = titles.get(number - 1)
        for column, cell in enumerate(cells):
            if merged and merged[0] <= column <= merged[1]:
                if column == merged[0]:
                    page.merge_range(number - 1, merged[0], number - 1, merged[1], as_text(cell), look["title"])
            elif column != beside:
                is_heading = heading is not None and number == heading.row
                _write_cell(page, number - 1, column, cell, look, bad=column in wrong, is_heading=is_heading)
        if heading and number == heading.row:
            page.write_string(number - 1, beside, PROBLEMS, look["heading"])
        elif wrong:
            page.write_string(number - 1, beside, "；".join(_reason(each, say) for each in problems[number]),
                              look["reason"])
        for column, problem in wrong.items():
            page.write_comment(number - 1, column, say(problem), {"x_scale": 2})


def _beside(sheet: Sheet, heading: Heading | None) -> int:
    """The column for the reasons: the one that an earlier report added, else the first free one."""
    if heading:
        for column, cell in enumerate(sheet.rows[heading.row - 1]):
            if as_text(cell) == PROBLEMS:
                return column
    return max((len(row) for row in sheet.rows), default=0)


def _widths(sheet: Sheet) -> list[int]:
    """How wide each column must be for what stands in its first rows: Chinese signs take twice the room."""
    widths: dict[int, int] = defaultdict(lambda: 8)
    for row in sheet.rows[1:60]:
        for column, cell in enumerate(row):
            text = as_text(cell)
            widths[column] = min(WIDEST, max(widths[column], 2 + sum(2 if sign > "\u2e80" else 1 for sign in text)))
    return [widths[column] for column in range(max(widths, default=-1) + 1)]


def _reason(problem: Problem, say: Say) -> str:
    return f"{problem.column}：{say(problem)}" if problem.column else say(problem)


def _write_cell(page: Any, row: int, column: int, cell: Cell, look: dict[str, Any], *, bad: bool,
                is_heading: bool) -> None:
    """A cell as it came: text stays text, so that no ID number loses a digit; days stay days."""
    style = look["heading" if is_heading else "bad" if bad else "text"]
    if cell is None or cell == "":
        if bad:
            page.write_blank(row, column, None, style)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, style)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, look["bad"] if bad else None)
    elif isinstance(cell, datetime) and cell.time() != time.min:
        page.write_datetime(row, column, cell, look["moment"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, look["bad day" if bad else "day"])
    elif isinstance(cell, time | timedelta):
        page.write_string(row, column, str(cell), style)
    else:
        page.write_string(row, column, str(cell), style)


def _write_report(page: Any, file: RosterFile, look: dict[str, Any], say: Say) -> None:
    for column, (name, width) in enumerate(zip(COLUMNS, (14, 8, 18, 26, 10, 80), strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, name, look["heading"])
    page.freeze_panes(1, 0)
    rows = [(each.sheet, each.row, each.column, each.value, kind, say(each))
            for kind, problems in ((ERROR, file.errors), (WARNING, file.warnings)) for each in problems]
    rows += [(each.sheet, each.row, each.column, each.before, REPAIR, f"按“{each.after}”读取") for each in file.repairs]
    for number, (sheet, row, *texts) in enumerate(rows, start=1):
        page.write_string(number, 0, sheet)
        page.write_number(number, 1, row)
        for column, text in enumerate(texts, start=2):
            page.write_string(number, column, text, look["text"])
