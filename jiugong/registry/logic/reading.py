"""From cells to facts: one pass over a roster workbook that repairs what is harmless and names what is wrong."""

from collections.abc import Mapping
from datetime import date

from jiugong.lib import identifiers, sheets
from jiugong.lib.identifiers import Fault
from jiugong.lib.sheets import Heading, Problem, Sheet
from jiugong.registry.logic.facts import (
    CHARGES,
    ENTERPRISES,
    PEOPLE,
    Absence,
    EnterpriseRow,
    Known,
    RosterFile,
    WorkerRow,
)
from jiugong.registry.logic.headings import KNOWN, REQUIRED, recognise
from jiugong.registry.logic.reading_charges import read_charges
from jiugong.registry.logic.regions import is_region
from jiugong.registry.logic.rows import Row, rows_of
from jiugong.registry.logic.words import ENTERPRISE_KINDS, SHIFTS, STATUSES, YES_NO


def read_roster(book: list[Sheet], *, known: Known, mapping: Mapping[str, Mapping[str, str]],
                today: date) -> RosterFile:
    """Understand a whole workbook. Sheets that are none of ours are left alone."""
    file = RosterFile(sheets=book)
    recognised = [(sheet, *found) for sheet in book if (found := recognise(sheet, mapping))]
    for kind, read in ((ENTERPRISES, _read_enterprises), (PEOPLE, _read_people), (CHARGES, read_charges)):
        for sheet, its_kind, heading in recognised:
            if its_kind == kind:
                file.headings[sheet.name] = heading
                if _has_its_columns(sheet, kind, heading, file):
                    read(sheet, heading, file, known, today)
        if kind == ENTERPRISES:
            _settle_names(file)
    return file


def _has_its_columns(sheet: Sheet, kind: str, heading: Heading, file: RosterFile) -> bool:
    missing = [field for field in REQUIRED[kind] if field not in heading.columns]
    for field in missing:
        file.errors.append(Problem(sheet=sheet.name, row=heading.row, column=KNOWN[kind][field][0],
                                   code="column_missing"))
    return not missing


# enterprises --------------------------------------------------------------------------------------------------------

def _read_enterprises(sheet: Sheet, heading: Heading, file: RosterFile, known: Known, today: date) -> None:
    names = {each.key: each.row for each in file.enterprises}
    codes = {each.credit_code: each.row for each in file.enterprises if each.credit_code}
    for row in rows_of(sheet, heading, file, ("name", "credit_code")):
        name = row.text("name", sheets.tidy_title)
        key = sheets.name_key(name)
        code = _credit_code(row)
        if not name:
            row.error("name", "missing")
        elif key in names:
            row.error("name", "enterprise_twice", earlier=names[key])
        if code and code in codes:
            row.error("credit_code", "credit_code_twice", earlier=codes[code])
        elif name and code:
            _recognise(row, key, code, file, known)
        found = EnterpriseRow(
            row=row.number, name=name, key=key, credit_code=code, grid=row.text("grid", sheets.tidy_title),
            address=row.prose("address", longest=200), kind=str(row.word("kind", ENTERPRISE_KINDS, "kind_unknown", "enterprise")),
            chief=row.text("chief", longest=80), chief_phone=row.phone("chief_phone"),
            remark=row.prose("remark", longest=500),
            given=frozenset(heading.columns))
        names.setdefault(key, row.number)
        codes.setdefault(code, row.number)
        file.grids.setdefault(sheets.name_key(found.grid), found.grid)
        if not row.bad:
            file.enterprises.append(found)
        elif name:
            file.named_only.setdefault(key, name)


def _recognise(row: Row, key: str, code: str, file: RosterFile, known: Known) -> None:
    """An enterprise that the park knows by its credit code under another name has been renamed."""
    before = known.codes.get(code, key)
    if before == key:
        return
    if key in known.enterprises:
        row.error("credit_code", "credit_code_taken", enterprise=known.names.get(before, before))
    else:
        file.same[before] = key


def _settle_names(file: RosterFile) -> None:
    """Which names mean the same enterprise: people may still write the old one, and a bad row renames nobody."""
    good = {each.key for each in file.enterprises}
    for before, after in list(file.same.items()):
        if after not in good:
            del file.same[before]
            file.same[after] = before
            file.named_only.pop(after, None)
        elif before in good:
            del file.same[before]
    for key in good:
        file.named_only.pop(key, None)


def _credit_code(row: Row) -> str:
    raw = sheets.as_text(row.cell("credit_code"))
    if not raw:
        return ""
    code = identifiers.read_credit_code(identifiers.folded(raw).upper())
    if isinstance(code, Fault):
        row.error("credit_code", f"credit_code_{code.value}")
        return ""
    return row.repaired("credit_code", code)


# people -------------------------------------------------------------------------------------------------------------

def _read_people(sheet: Sheet, heading: Heading, file: RosterFile, known: Known, today: date) -> None:
    enterprises = {each.key for each in file.enterprises} | set(file.named_only) | known.enterprises
    regions: dict[str, list[int]] = {}
    for row in rows_of(sheet, heading, file, ("name", "id_number", "phone")):
        enterprise_name = row.text("enterprise", sheets.tidy_title)
        written = sheets.name_key(enterprise_name)
        enterprise = file.same.get(written, written)
        if enterprise not in enterprises:
            row.error("enterprise", "enterprise_unknown" if enterprise else "missing")
        name = row.text("name", longest=80)
        if not name:
            row.error("name", "missing")
        id_number = _id_number(row, today)
        earlier = _earlier(row, id_number.text, file) if id_number else ""
        if earlier:
            row.error("id_number", "id_number_twice", earlier=earlier)
        elif id_number and id_number.region and not is_region(id_number.region):
            regions.setdefault(id_number.region, []).append(row.number)
        worker = _worker(row, name, id_number.text if id_number else "", enterprise, enterprise_name)
        if enterprise in enterprises:
            file.spoken_for.add(enterprise)
        if row.bad:
            file.not_absent.append(Absence(enterprise, name, worker.id_number, worker.phone))
        else:
            file.workers.append(worker)
            below = [sheets.name_key(name) for name in (worker.workshop, worker.team) if name]
            file.units |= {(enterprise, *below[:depth]) for depth in range(1, len(below) + 1)}
    for region, numbers in regions.items():
        file.warnings.append(Problem(sheet=sheet.name, row=numbers[0], column=heading.written["id_number"],
                                     code="region_unknown", value=region,
                                     facts={"region": region, "rows": len(numbers)}))


def _earlier(row: Row, number: str, file: RosterFile) -> str:
    """The row in which this ID number stood before, with its sheet where that is another one; empty: nowhere."""
    sheet, first = file.numbers.setdefault(number, (row.sheet.name, row.number))
    if (sheet, first) == (row.sheet.name, row.number):
        return ""
    return str(first) if sheet == row.sheet.name else f"{first} ({sheet})"


def _id_number(row: Row, today: date) -> identifiers.IdNumber | None:
    cell = row.cell("id_number")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        row.error("id_number", "id_number_numeric")
        return None
    raw = sheets.as_text(cell)
    if not raw:
        row.error("id_number", "missing")
        return None
    read = identifiers.read_id_number(identifiers.folded(raw).lstrip("'").upper(), today=today)
    if isinstance(read, Fault):
        row.error("id_number", f"id_number_{read.value}")
        return None
    row.repaired("id_number", read.text)
    return read


def _worker(row: Row, name: str, id_number: str, enterprise: str, enterprise_name: str) -> WorkerRow:
    return WorkerRow(
        row=row.number, sheet=row.sheet.name, name=name, id_number=id_number, phone=row.phone("phone"),
        enterprise=enterprise, enterprise_name=enterprise_name,
        workshop=row.text("workshop", sheets.tidy_title), team=row.text("team", sheets.tidy_title),
        shift=str(row.word("shift", SHIFTS, "shift_unknown", "")), post=row.text("post", longest=60),
        key_post=bool(row.word("key_post", YES_NO, "yes_no_unknown", False)),
        dorm_room=row.text("dorm_room", sheets.tidy_title), bed=row.text("bed", longest=20),
        canteen_table=row.text("canteen_table"), bus=row.text("bus", sheets.tidy_title),
        status=str(row.word("status", STATUSES, "status_unknown", "on_duty")),
        arrived_on=row.day("arrived_on"), remark=row.prose("remark", longest=500),
        given=frozenset(row.heading.columns))
