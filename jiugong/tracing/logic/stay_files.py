"""From a list of where returnees were (旅居史) to facts: who, which area, from which day to which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jiugong.lib import identifiers, sheets
from jiugong.lib.sheets import Sheet
from jiugong.tracing.logic.lists import Cells, ListFile, read_list

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "人员姓名", "Name"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "证件号", "ID number"),
    "area": ("旅居地", "旅居地区", "到访地区", "地区", "来自何地", "去过哪里", "Where"),
    "first_day": ("到达日期", "开始日期", "到访日期", "Arrived on"),
    "last_day": ("离开日期", "结束日期", "Left on"),
}
NEEDED = ("id_number", "area", "last_day")
LONGEST_NUMBER, LONGEST_AREA = 40, 200


@dataclass(frozen=True, kw_only=True, slots=True)
class StayRow:
    """Somebody was somewhere, from a day to the day on which he left."""

    row: int
    id_number: str
    area: str
    first_day: date
    last_day: date


def read_stays(book: list[Sheet], *, today: date) -> ListFile[StayRow] | None:
    """Understand a list of stays; None where no sheet has its headings."""
    return read_list(book, COLUMNS, known_by="area", needed=NEEDED, read=lambda cells: _row(cells, today))


def _row(cells: Cells[StayRow], today: date) -> StayRow | None:
    if isinstance(cells.raw("id_number"), int | float):
        cells.wrong("id_number", "id_number_numeric")
    number = cells.text("id_number", longest=LONGEST_NUMBER, tidy=lambda text: identifiers.folded(text).lstrip("'").upper())
    area = cells.text("area", longest=LONGEST_AREA, tidy=sheets.tidy_title)
    last_day, first_day = cells.day("last_day"), cells.day("first_day", needed=False)
    if last_day and first_day and first_day > last_day:
        cells.wrong("last_day", "left_before_arrived")
    if last_day and last_day > today:
        cells.wrong("last_day", "not_yet")
    if not cells.is_good or last_day is None:
        return None
    return StayRow(row=cells.number, id_number=number, area=area, first_day=first_day or last_day, last_day=last_day)
