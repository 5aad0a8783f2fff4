"""From a list of sampling points to facts, and back: the headings are the same in both directions. Plain Python."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from io import BytesIO

import xlsxwriter

from jiugong.lib import sheets
from jiugong.lib.sheets import Sheet
from jiugong.screening.logic.reading import PointRow, Records, Row, read_rows

POINTS: Mapping[str, Sequence[str]] = {
    "point": ("采样点", "采样点名称", "名称", "Point"),
    "kind": ("类型", "采样点类型", "Kind"),
    "enterprise": ("企业", "企业名称", "所属企业", "Enterprise"),
    "hours": ("开放时间", "开放时段", "采样时间", "Hours"),
    "desks": ("台数", "采样台数", "Desks"),
    "grid": ("网格", "所属网格", "Grid"),
    "since": ("启用日期", "Since"),
    "until": ("停用日期", "Until"),
}
NEEDED = ("point", "kind")
KINDS = {"企业": "enterprise", "公共": "public", "上门": "door_to_door"}
MOST_DESKS = 999
ALL_DAY = ("全天", "24小时")
LAST_MINUTE = time(23, 59)                       # a clock has no 24:00

_HOURS = re.compile(r"(\d{1,2}):(\d{2})(?:[-–—~]+|至|到)(\d{1,2}):(\d{2})")


def read_points(book: list[Sheet]) -> Records | None:
    """Understand a list of points; None where no sheet has its headings. The same point twice is taken once."""
    first: dict[str, PointRow] = {}

    def read(row: Row) -> None:
        opens, closes = _hours(row)
        point = PointRow(
            row=row.number, name=row.name("point"), kind=_kind(row), enterprise=_title(row, "enterprise"),
            grid=_title(row, "grid"), opens=opens, closes=closes, desks=_desks(row), since=row.day("since"),
            until=row.day("until"))
        if point.kind == "enterprise" and not point.enterprise:
            row.error("enterprise", "enterprise_missing")
        if point.since and point.until and point.until < point.since:
            row.error("until", "until_before_since")
        before = first.setdefault(sheets.name_key(point.name), point)
        if before.row != point.row and _facts(before) != _facts(point):
            row.error("point", "point_twice", earlier=before.row)
        if not row.bad:
            row.file.points.append(point)
    return read_rows(book, POINTS, NEEDED, read)


def write_points(points: Iterable[PointRow], *, title: str) -> bytes:
    """The list as the workbook that `read_points` takes."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, [names[0] for names in POINTS.values()])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 2, 30)
        sheet.set_column(3, len(POINTS) - 1, 14)
        words = {kind: word for word, kind in KINDS.items()}
        for number, each in enumerate(points, start=1):
            days = [day.isoformat() if day else "" for day in (each.since, each.until)]
            texts = [each.name, words[each.kind], each.enterprise, hours_in_words(each.opens, each.closes),
                     "" if each.desks is None else str(each.desks), each.grid, *days]
            for column, text in enumerate(texts):
                sheet.write_string(number, column, text)
    return content.getvalue()


def hours_in_words(opens: time | None, closes: time | None) -> str:
    """`06:00-10:00`, or nothing where nobody said."""
    return f"{opens:%H:%M}-{closes:%H:%M}" if opens and closes else ""


def _facts(point: PointRow) -> tuple[object, ...]:
    return (point.kind, sheets.name_key(point.enterprise), sheets.name_key(point.grid), point.opens, point.closes,
            point.desks, point.since, point.until)


def _title(row: Row, column: str) -> str:
    return sheets.tidy_title(sheets.as_text(row.cell(column)))


def _kind(row: Row) -> str:
    word = sheets.tidy_name(sheets.as_text(row.cell("kind")))
    kind = KINDS.get(word.removesuffix("采样点"), "") or (word if word in KINDS.values() else "")
    if not kind:
        row.error("kind", "kind_unknown" if word else "missing", known="、".join(KINDS))
    return kind


def _hours(row: Row) -> tuple[time | None, time | None]:
    text = "".join(unicodedata.normalize("NFKC", sheets.as_text(row.cell("hours"))).split())
    if text in ALL_DAY:
        return time.min, LAST_MINUTE
    found = _HOURS.fullmatch(text)
    if found is None:
        if text:
            row.error("hours", "hours_impossible")
        return None, None
    hour, minute, last_hour, last_minute = map(int, found.groups())
    try:
        opens = time(hour, minute)
        closes = LAST_MINUTE if (last_hour, last_minute) == (24, 0) else time(last_hour, last_minute)
    except ValueError:
        opens = closes = time.min
    if opens == closes:
        row.error("hours", "hours_impossible")
    return opens, closes


def _desks(row: Row) -> int | None:
    text = sheets.as_text(row.cell("desks")).strip().removesuffix("台")
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text[:6]) <= MOST_DESKS or len(text) > 6:
        row.error("desks", "desks_impossible", most=MOST_DESKS)
        return None
    return int(text)
