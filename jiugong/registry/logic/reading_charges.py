"""The sheet of those who answer: who, in which role, over which part of the park."""

from collections.abc import Mapping
from datetime import date

from jiugong.lib import sheets
from jiugong.lib.sheets import Heading, Sheet
from jiugong.registry.logic.facts import ChargeRow, Known, RosterFile
from jiugong.registry.logic.rows import rows_of
from jiugong.registry.logic.words import OTHER_ROLE_SPELLINGS, ROLES

WHOLE_PARK = ("本园区", "园区", "全园", "全园区")
Over = tuple[str, ...]                       # ("park",), ("grid", key) or ("unit", enterprise key, …)


def read_charges(sheet: Sheet, heading: Heading, file: RosterFile, known: Known, today: date) -> None:
    """Read every row of the sheet; a charge over something that is nowhere is an error."""
    roles = {**ROLES, **OTHER_ROLE_SPELLINGS}
    things = _things(file, known)
    for row in rows_of(sheet, heading, file, ("name", "role", "over")):
        name, phone = row.text("name", longest=80), row.phone("phone")
        if not name:
            row.error("name", "missing")
        role = row.text("role")
        if role not in roles:
            row.error("role", "role_unknown", known="、".join(ROLES))
        over = things.get(sheets.name_key(row.text("over", sheets.tidy_title, longest=400).replace("\\", "/")))
        if over is None:
            row.error("over", "charge_over_unknown")
        body = row.text("body", sheets.tidy_title)
        if not row.bad and over:
            file.charges.append(ChargeRow(row=row.number, sheet=sheet.name, name=name, phone=phone, role=roles[role],
                                          over=over, body=body))


def _things(file: RosterFile, known: Known) -> Mapping[str, Over]:
    """Everything that somebody can answer for, by the way it is written: `enterprise/workshop/team` below enterprises.

    Of two things with one name the park comes before a grid, and a grid before an enterprise.
    """
    enterprises = {each.key for each in file.enterprises} | set(file.named_only) | known.enterprises
    parts = {(key,) for key in enterprises} | known.units
    things: dict[str, Over] = {}
    for part in parts:
        here = (file.same.get(part[0], part[0]), *part[1:])
        things["/".join(part)] = things["/".join(here)] = ("unit", *here)
    for written, key in file.same.items():
        things[written] = ("unit", key)
    for unit in file.units:
        things["/".join(unit)] = ("unit", *unit)
    for grid in file.grids.keys() | known.grids:
        things[grid] = ("grid", grid)
    for name in (known.park_name, *WHOLE_PARK):
        things[sheets.name_key(name)] = ("park",)
    things.pop("", None)
    return things
