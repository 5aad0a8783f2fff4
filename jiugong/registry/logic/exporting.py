"""A park's roster as the workbook in which it came: three sheets, each with its title and its headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from jiugong.registry.logic.facts import CHARGES, ENTERPRISES, PEOPLE
from jiugong.registry.logic.headings import KNOWN
from jiugong.registry.logic.words import ENTERPRISE_KINDS, ROLES, SHIFTS, STATUSES, YES_NO

TITLES = {ENTERPRISES: "企业信息表", PEOPLE: "在厂人员台账", CHARGES: "疫情防控责任人名单"}
WIDTHS = {"number": 6, "credit_code": 22, "id_number": 22, "enterprise": 30, "over": 30, "address": 30, "body": 24,
          "phone": 14, "chief_phone": 14, "arrived_on": 12}
CLOSED: Mapping[str, Mapping[str, object]] = {
    "kind": ENTERPRISE_KINDS, "shift": SHIFTS, "status": STATUSES, "role": ROLES, "key_post": YES_NO}

Line = Mapping[str, object]                        # field -> what the registry keeps


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What goes out: the lines of the three sheets, by field as in `headings.KNOWN`."""

    park: str
    enterprises: Sequence[Line]
    people: Sequence[Line]
    charges: Sequence[Line]


def roster_workbook(roster: Roster) -> bytes:
    """Write the roster so that it can be imported again as it is."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        look = {
            "title": book.add_format({"bold": True, "align": "center", "font_size": 14}),
            "heading": book.add_format({"bold": True, "bottom": 1}),
            "text": book.add_format({"num_format": "@"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        }
        for kind, lines in ((ENTERPRISES, roster.enterprises), (PEOPLE, roster.people), (CHARGES, roster.charges)):
            _write_sheet(book.add_worksheet(kind), roster.park + TITLES[kind], KNOWN[kind], lines, look)
    return content.getvalue()


def _write_sheet(page: Any, title: str, known: Mapping[str, Sequence[str]], lines: Sequence[Line],
                 look: dict[str, Any]) -> None:
    for column, field in enumerate(known):
        page.set_column(column, column, WIDTHS.get(field, 12))
    page.merge_range(0, 0, 0, len(known) - 1, title, look["title"])
    for column, names in enumerate(known.values()):
        page.write_string(1, column, names[0], look["heading"])
    page.freeze_panes(2, 0)
    for number, line in enumerate(lines, start=1):
        page.write_number(number + 1, 0, number)
        for column, field in enumerate(known):
            value = line.get(field)
            if isinstance(value, date):
                page.write_datetime(number + 1, column, value, look["day"])
            elif value not in (None, ""):
                page.write_string(number + 1, column, _written(field, value), look["text"])


def _written(field: str, value: object) -> str:
    """A value as it stands in the sheet: the first spelling of a closed list, else itself."""
    return next((word for word, stored in CLOSED.get(field, {}).items() if stored == value), str(value))
