"""Invented people and the workbooks in which parks write them. Region code 349901 does not exist."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from jiugong.lib import secrets
from jiugong.lib.acting import Actor, operator
from jiugong.lib.can import Can
from jiugong.lib.identifiers import credit_check_digit, id_check_digit
from jiugong.registry.actions.parks import create_park
from jiugong.registry.actions.rosters import Taken, import_roster, read_roster_file
from jiugong.registry.logic.headings import KNOWN
from jiugong.registry.models import Park, Person, id_index

TITLES = {"企业信息": "某园企业信息表", "人员台账": "某园在厂人员台账", "责任人": "某园疫情防控责任人名单"}
Row = Mapping[str, Any]


def a_number(serial: int, *, born: str = "19900307", region: str = "349901") -> str:
    """The ID number of somebody who does not exist."""
    first = f"{region}{born}{serial % 1000:03}"
    return first + id_check_digit(first)


def a_code(serial: int) -> str:
    """The credit code of an enterprise that does not exist."""
    first = f"91349901MA{serial:07}"
    return first + credit_check_digit(first)


def a_phone(serial: int) -> str:
    return f"199{serial:08}"


def a_firm(serial: int = 1, **other: Any) -> Row:
    return {"name": f"测试{serial}厂（宿州）有限公司", "credit_code": a_code(serial),
            "grid": f"第{serial % 2 + 1}网格", "address": f"西区{serial}号", "kind": "企业",
            "chief": f"长{serial}", "chief_phone": a_phone(90_000 + serial), **other}


def a_worker(serial: int = 1, firm: int = 1, **other: Any) -> Row:
    return {"name": f"工{serial}", "id_number": a_number(serial), "phone": a_phone(serial),
            "enterprise": f"测试{firm}厂（宿州）有限公司", "workshop": "木工车间", "team": "木工1班", "shift": "白班",
            "post": "操作工", "key_post": "否", "status": "在岗", "arrived_on": date(2022, 7, 1), **other}


def a_charge(name: str, role: str, over: str, serial: int, **other: Any) -> Row:
    return {"name": name, "phone": a_phone(70_000 + serial), "role": role, "over": over, **other}


def a_workbook(firms: Sequence[Row] = (), people: Sequence[Row] = (), charges: Sequence[Row] = (), *,
               headings: Mapping[str, Mapping[str, str]] | None = None, shuffled: bool = False,
               sheets: Sequence[tuple[str, str, Sequence[Row]]] | None = None) -> bytes:
    """A workbook like a park's: a merged title, the headings, the rows. `headings` renames fields by sheet."""
    content = BytesIO()
    parts = sheets or [("企业信息", "企业信息", firms), ("人员台账", "人员台账", people), ("责任人", "责任人", charges)]
    with xlsxwriter.Workbook(content) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for kind, name, rows in parts:
            if not rows:
                continue
            page = book.add_worksheet(name)
            fields = [field for field in KNOWN[kind] if field != "number" and any(field in row for row in rows)]
            if shuffled:
                fields.reverse()
            page.merge_range(0, 0, 0, len(fields) - 1, TITLES[kind])
            for column, field in enumerate(fields):
                page.write_string(1, column, (headings or {}).get(kind, {}).get(field, KNOWN[kind][field][0]))
                for number, row in enumerate(rows, start=2):
                    value = row.get(field, "")
                    if isinstance(value, date):
                        page.write_datetime(number, column, value, day)
                    elif isinstance(value, int | float):
                        page.write_number(number, column, value)
                    else:
                        page.write_string(number, column, value)
    return content.getvalue()


def a_park(name: str = "试验园") -> Park:
    return create_park(name, actor=operator())


def take(park: Park, content: bytes, *, at: str | None = None, mapping: Any = None) -> Taken:
    """Read a workbook and take it, as every face does."""
    file = read_roster_file(content, name="roster.xlsx", park=park, park_name=park.name, mapping=mapping or {})
    return import_roster(park, file, actor=operator(), at=date.fromisoformat(at) if at else None)


def counts(taken: Taken) -> dict[str, int]:
    return {"people": taken.created_people, "enterprises": taken.created_enterprises, "changed": taken.changed,
            "unchanged": taken.unchanged, "left": taken.left, "refused": taken.refused}


def nothing_but(unchanged: int) -> dict[str, int]:
    return {"people": 0, "enterprises": 0, "changed": 0, "unchanged": unchanged, "left": 0, "refused": 0}


def person(park: Park, serial: int) -> Person:
    return Person.objects.get(park=park, id_index=id_index(park, a_number(serial), secrets.ring()))


def an_actor(*branches: str, powers: Sequence[Can] = tuple(Can)) -> Actor:
    return Actor(key="user:7", name="Fang", powers=dict.fromkeys(powers, branches))
