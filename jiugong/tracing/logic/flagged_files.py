"""From a list of people flagged by other places (外地推送) to facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jiugong.lib import identifiers, sheets
from jiugong.lib.identifiers import Fault
from jiugong.lib.sheets import Sheet
from jiugong.tracing.logic.lists import Cells, ListFile, read_list

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "人员姓名", "Name"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "证件号", "ID number"),
    "phone": ("手机号", "手机号码", "联系电话", "电话", "手机", "Phone"),
    "pushed_by": ("推送单位", "推送地区", "推送地", "来源单位", "Told by"),
    "pushed_at": ("推送时间", "推送日期", "Told at"),
    "reason": ("风险原因", "推送原因", "风险类型", "原因", "Reason"),
    "left_on": ("离开日期", "离开风险区日期", "离开时间", "Left on"),
}
NEEDED = ("name", "pushed_by", "pushed_at", "reason")
LONGEST_NAME, LONGEST_NUMBER, LONGEST_UNIT, LONGEST_REASON = 80, 40, 120, 300


@dataclass(frozen=True, kw_only=True, slots=True)
class FlaggedRow:
    """Somebody of whom another place told. Without an ID number he can only be found by name and phone."""

    row: int
    name: str
    id_number: str
    phone: str
    pushed_by: str
    pushed_at: datetime
    reason: str
    left_on: date | None

    def meaning(self) -> str:
        """What makes two lines the same, in whichever file they stand."""
        parts = (sheets.name_key(self.name), self.id_number, self.phone, sheets.name_key(self.pushed_by),
                 self.pushed_at.isoformat(), sheets.name_key(self.reason), str(self.left_on or ""))
        return "\x1f".join(parts)


def read_flagged(book: list[Sheet], *, zone: ZoneInfo, today: date) -> ListFile[FlaggedRow] | None:
    """Understand a list of flagged people; None where no sheet has its headings. Times without an offset are the park's."""
    return read_list(book, COLUMNS, known_by="pushed_by", needed=NEEDED, read=lambda cells: _row(cells, zone, today))


def _row(cells: Cells[FlaggedRow], zone: ZoneInfo, today: date) -> FlaggedRow | None:
    name = cells.text("name", longest=LONGEST_NAME)
    id_number, phone = _id_number(cells, today), _phone(cells)
    if not id_number and not phone and cells.is_good:
        cells.wrong("id_number", "nothing_to_match")
    pushed_by = cells.text("pushed_by", longest=LONGEST_UNIT, tidy=sheets.tidy_title)
    pushed_at = cells.moment("pushed_at", zone)
    reason = cells.text("reason", longest=LONGEST_REASON)
    left_on = cells.day("left_on", needed=False)
    if left_on and pushed_at and left_on > pushed_at.astimezone(zone).date():
        cells.wrong("left_on", "left_after_told")
    if not cells.is_good or pushed_at is None:
        return None
    return FlaggedRow(row=cells.number, name=name, id_number=id_number, phone=phone, pushed_by=pushed_by, pushed_at=pushed_at,
                      reason=reason, left_on=left_on)


def _id_number(cells: Cells[FlaggedRow], today: date) -> str:
    """The number as it is kept. One that cannot be right finds nobody, and is said; the line is kept all the same."""
    cell = cells.raw("id_number")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cells.wrong("id_number", "id_number_numeric")
        return ""
    raw = sheets.as_text(cell)
    text = identifiers.folded(raw).lstrip("'").upper()
    if len(text) > LONGEST_NUMBER:
        cells.wrong("id_number", "too_long", longest=LONGEST_NUMBER)
        return ""
    if text != raw:
        cells.file.repaired.add(cells.number)
    if text and isinstance(identifiers.read_id_number(text, today=today), Fault):
        cells.file.warning(cells.number, "id_number", "flagged_number_doubtful", identifiers.masked_id(text))
    return text


def _phone(cells: Cells[FlaggedRow]) -> str:
    raw = sheets.as_text(cells.raw("phone"))
    if not raw:
        return ""
    phone = identifiers.read_phone(identifiers.folded(raw).lstrip("'"))
    if isinstance(phone, Fault):
        cells.file.warning(cells.number, "phone", "phone_doubtful", identifiers.masked_phone(raw))
        return ""
    return phone
