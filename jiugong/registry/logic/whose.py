"""Whose roster a workbook is: the park that its 园区长 answers for."""

from jiugong.lib.sheets import Sheet, as_text, tidy_name, tidy_title
from jiugong.registry.logic.facts import CHARGES
from jiugong.registry.logic.headings import recognise


def park_in(book: list[Sheet]) -> str:
    """The park's name as the workbook itself says it; empty where nobody is its chief."""
    for sheet in book:
        found = recognise(sheet, {})
        if not found or found[0] != CHARGES:
            continue
        columns = found[1].columns
        for row in sheet.rows[found[1].row:]:
            if tidy_name(as_text(row[columns["role"]])) == "园区长":
                return tidy_title(as_text(row[columns["over"]]))
    return ""
