"""From a list of who was trained to facts: name, phone, course, day, last day. Nothing is in the database yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jiugong.duties.logic.learning import role_of
from jiugong.lib import identifiers, sheets
from jiugong.lib.identifiers import Fault
from jiugong.lib.sheets import Heading, Problem, Sheet

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "名字", "Name"),
    "phone": ("手机号", "手机", "手机号码", "电话", "联系电话", "Phone"),
    "course": ("课程", "课程名称", "培训课程", "培训内容", "Course"),
    "held_on": ("培训日期", "培训时间", "日期", "Held on"),
    "valid_until": ("有效期至", "有效期", "有效日期", "Valid until"),
}
NEEDED = ("name", "phone", "course", "held_on")
LONGEST = {"name": 80, "course": 80}



@dataclass(frozen=True, kw_only=True)
class Trained:
    """Somebody was trained: who, known by name and phone, in what, when, until when it counts."""

    row: int
    name: str
    phone: str
    course: str
    held_on: date
    valid_until: date | None

    def as_data(self) -> dict[str, object]:
        """The row as evidence of training is sent."""
        return {"course": self.course, "held_on": self.held_on.isoformat(), "role": role_of(self.course),
                "valid_until": self.valid_until.isoformat() if self.valid_until else ""}


@dataclass
class TrainingFile:
    """A list of training that was read: good rows and bad cells."""

    sheet: str
    heading: Heading
    rows: list[Trained] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    repaired: set[int] = field(default_factory=set)
    count: int = 0

    def error(self, row: int, column: str, code: str, value: str = "", **facts: object) -> None:
        """Say what is wrong with a cell; a bad row is left out as a whole."""
        written = self.heading.written.get(column, COLUMNS.get(column, (column,))[0])
        self.errors.append(Problem(sheet=self.sheet, row=row, column=written, code=code, value=value, facts=facts))

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.errors})


def read_training_file(book: list[Sheet], *, today: date) -> TrainingFile | None:
    """Understand a list of training; None where no sheet has its headings."""
    for sheet in book:
        heading = sheets.find_heading(sheet, COLUMNS)
        if heading is None or not {"course", "name"} & set(heading.columns):
            continue
        file = TrainingFile(sheet=sheet.name, heading=heading)
        for column in NEEDED:
            if column not in heading.columns:
                file.error(heading.row, column, "column_missing")
        if not file.errors:
            for number, cells in enumerate(sheet.rows[heading.row:], start=heading.row + 1):
                if not sheets.is_blank(cells) and not sheets.is_total(cells):
                    _read_row(file, number, cells, today)
        return file
    return None


def _read_row(file: TrainingFile, number: int, cells: Sequence[object], today: date) -> None:
    file.count += 1
    before = len(file.errors)

    def cell(column: str) -> object:
        at = file.heading.columns.get(column)
        return cells[at] if at is not None and at < len(cells) else ""

    def name(column: str) -> str:
        raw = sheets.as_text(cell(column))
        tidy = sheets.tidy_name(raw)
        if not tidy or len(tidy) > LONGEST[column] or not tidy.isprintable():
            file.error(number, column, "missing" if not tidy else "too_long", raw[:120], longest=LONGEST[column])
        elif tidy != raw:
            file.repaired.add(number)
        return tidy

    def day(column: str) -> date | None:
        try:
            return sheets.as_day(cell(column))
        except sheets.NotADate:
            file.error(number, column, "day_impossible", sheets.as_text(cell(column))[:120])
            return None

    who, course, held_on, valid_until = name("name"), name("course"), day("held_on"), day("valid_until")
    raw = sheets.as_text(cell("phone"))
    phone = identifiers.read_phone(identifiers.folded(raw)) if raw else ""
    if isinstance(phone, Fault) or not phone:
        file.error(number, "phone", "phone_impossible" if raw else "missing", raw[:40])
    elif phone != raw:
        file.repaired.add(number)
    if held_on is None and not any(each.code == "day_impossible" for each in file.errors[before:]):
        file.error(number, "held_on", "missing")
    if held_on and held_on > today:
        file.error(number, "held_on", "to_come", held_on.isoformat())
    if held_on and valid_until and valid_until < held_on:
        file.error(number, "valid_until", "ends_before", valid_until.isoformat(), held_on=held_on.isoformat())
    if len(file.errors) == before and held_on and isinstance(phone, str):
        file.rows.append(Trained(row=number, name=who, phone=phone, course=course, held_on=held_on,
                                 valid_until=valid_until))
