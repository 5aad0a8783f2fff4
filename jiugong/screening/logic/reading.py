"""From the files of a sampling day to facts: scans as CSV or Excel, results as the laboratory's workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from jiugong.lib import identifiers, sheets
from jiugong.lib.identifiers import Fault
from jiugong.lib.sheets import Heading, Problem, Sheet

SCANS: Mapping[str, Sequence[str]] = {
    "scan_id": ("扫码ID", "扫码编号", "Scan id"),
    "round": ("轮次", "采样轮次", "Round"),
    "sampled_at": ("采样日期时间", "采样时间", "Sampled at"),
    "point": ("采样点", "采样点名称", "Point"),
    "tube": ("试管编号", "试管条码", "试管码", "Tube"),
    "position": ("管内序号", "序号", "Position"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "ID number"),
    "scanner": ("扫码员手机", "扫码员手机号", "扫码员电话", "Scanner's phone"),
    "device": ("设备号", "设备编号", "Device"),
}
RESULTS: Mapping[str, Sequence[str]] = {
    "tube": ("试管编号", "试管条码", "试管码", "Tube"),
    "round": ("轮次", "采样轮次", "Round"),
    "swabs": ("份数", "样本份数", "Swabs"),
    "reported_at": ("报告时间", "检测时间", "出报告时间", "Reported at"),
    "value": ("结果", "检测结果", "Result"),
}
VALUES = {"阴性": "negative", "阳性": "positive", "可疑": "suspicious", "无效": "invalid"}
NEEDED_OF_SCANS = ("scan_id", "round", "sampled_at", "point", "tube", "id_number")
NEEDED_OF_RESULTS = ("tube", "reported_at", "value")
SIGNS = ("scan_id", "value", "kind")         # one of these columns tells a list of ours from any other sheet
LONGEST_CODE = 40


@dataclass(frozen=True, kw_only=True)
class ScanRow:
    """One person bound to a tube, as a device wrote it down. Moments in UTC; `position` 0 is "the next"."""

    row: int
    scan_id: str
    round: int
    sampled_at: datetime
    point: str
    tube: str
    position: int
    id_number: str
    scanner: str
    device: str


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """What a laboratory says of one tube."""

    row: int
    tube: str
    round: int | None
    swabs: int | None
    reported_at: datetime
    value: str


@dataclass(frozen=True, kw_only=True)
class PointRow:
    """A sampling point as a list writes it down. Hours are the park's; None is "not said"."""

    row: int
    name: str
    kind: str
    enterprise: str
    grid: str
    opens: time | None
    closes: time | None
    desks: int | None
    since: date | None
    until: date | None


@dataclass
class Records:
    """A file of scans, results or points that was read: good rows and bad cells. Nothing is in the database yet."""

    sheet: str = ""
    heading: Heading | None = None
    scans: list[ScanRow] = field(default_factory=list)
    results: list[ResultRow] = field(default_factory=list)
    points: list[PointRow] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    repaired: set[int] = field(default_factory=set)

    def error(self, row: int, column: str, code: str, value: str = "", **facts: object) -> None:
        self.errors.append(self._problem(row, column, code, value, facts))

    def warning(self, row: int, column: str, code: str, value: str = "", **facts: object) -> None:
        self.warnings.append(self._problem(row, column, code, value, facts))

    def _problem(self, row: int, column: str, code: str, value: str, facts: Mapping[str, object]) -> Problem:
        written = self.heading.written.get(column, column) if self.heading else column
        return Problem(sheet=self.sheet, row=row, column=written, code=code, value=value, facts=facts)

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.errors})


def read_scans(book: list[Sheet], *, zone: ZoneInfo, today: date) -> Records | None:
    """Understand a file of scans; None where no sheet has their headings. Times without an offset are the park's."""
    def read(row: "Row") -> None:
        scan = ScanRow(
            row=row.number, scan_id=row.code("scan_id", 64), round=row.whole("round", needed=True) or 0,
            sampled_at=row.moment("sampled_at", zone), point=row.name("point"), tube=row.code("tube", LONGEST_CODE),
            position=row.whole("position") or 0, id_number=row.id_number(today), scanner=row.phone("scanner"),
            device=sheets.as_text(row.cell("device"))[:60])
        if not row.bad:
            row.file.scans.append(scan)
    return read_rows(book, SCANS, NEEDED_OF_SCANS, read)


def read_results(book: list[Sheet], *, zone: ZoneInfo) -> Records | None:
    """Understand a laboratory's workbook; None where no sheet has its headings."""
    def read(row: "Row") -> None:
        result = ResultRow(
            row=row.number, tube=row.code("tube", LONGEST_CODE), round=row.whole("round"), swabs=row.whole("swabs"),
            reported_at=row.moment("reported_at", zone), value=row.value())
        if not row.bad:
            row.file.results.append(result)
    return read_rows(book, RESULTS, NEEDED_OF_RESULTS, read)


def read_rows(book: list[Sheet], known: Mapping[str, Sequence[str]], needed: Sequence[str],
              read: Callable[["Row"], None]) -> Records | None:
    for sheet in book:
        heading = sheets.find_heading(sheet, known)
        if heading is None or not any(each in heading.columns for each in SIGNS):
            continue
        file = Records(sheet=sheet.name, heading=heading)
        for each in (column for column in needed if column not in heading.columns):
            file.error(heading.row, known[each][0], "column_missing")
        if file.errors:
            return file
        for number, cells in enumerate(sheet.rows[heading.row:], start=heading.row + 1):
            if not sheets.is_blank(cells) and not sheets.is_total(cells):
                read(Row(file, number, cells))
        return file
    return None


class Row:
    """One row while it is read."""

    def __init__(self, file: Records, number: int, cells: Sequence[object]) -> None:
        self.file, self.number, self.cells, self.bad = file, number, cells, False

    def cell(self, column: str) -> object:
        at = self.file.heading.columns.get(column) if self.file.heading else None
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def error(self, column: str, code: str, **facts: object) -> None:
        self.bad = True
        self.file.error(self.number, column, code, sheets.as_text(self.cell(column)), **facts)

    def code(self, column: str, longest: int) -> str:
        raw = sheets.as_text(self.cell(column))
        text = identifiers.folded(raw)
        if not text:
            self.error(column, "missing")
        elif len(text) > longest:
            self.error(column, "too_long", longest=longest)
        elif text != raw:
            self.file.repaired.add(self.number)
        return text

    def name(self, column: str) -> str:
        text = sheets.tidy_title(sheets.as_text(self.cell(column)))[:120]
        if not text:
            self.error(column, "missing")
        return text

    def whole(self, column: str, *, needed: bool = False) -> int | None:
        text = identifiers.folded(sheets.as_text(self.cell(column))).removeprefix("第").removesuffix("轮")
        if text.isdecimal() and len(text.lstrip("0")) <= 5:
            return int(text)
        if text or needed:
            self.error(column, "not_a_number" if text else "missing")
        return None

    def moment(self, column: str, zone: ZoneInfo) -> datetime:
        try:
            read = sheets.as_moment(self.cell(column))
        except sheets.NotADate:
            self.error(column, "moment_impossible")
            return datetime.min.replace(tzinfo=UTC)
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)

    def day(self, column: str) -> date | None:
        try:
            return sheets.as_day(self.cell(column))
        except sheets.NotADate:
            self.error(column, "day_impossible")
            return None

    def phone(self, column: str) -> str:
        raw = identifiers.folded(sheets.as_text(self.cell(column)))
        phone = identifiers.read_phone(raw) if raw else ""
        return raw[:20] if isinstance(phone, Fault) else phone

    def id_number(self, today: date) -> str:
        """The number that was scanned. A swab whose number cannot be right is kept, flagged, and matched by people."""
        cell = self.cell("id_number")
        if isinstance(cell, int | float):
            self.error("id_number", "id_number_numeric")
            return ""
        raw = sheets.as_text(cell)
        text = identifiers.folded(raw).lstrip("'").upper()
        if not text or len(text) > 40:
            self.error("id_number", "missing" if not text else "too_long", longest=40)
            return ""
        if isinstance(identifiers.read_id_number(text, today=today), Fault):
            self.file.warning(self.number, "id_number", "id_number_doubtful", identifiers.masked_id(text))
        if text != raw:
            self.file.repaired.add(self.number)
        return text

    def value(self) -> str:
        raw = identifiers.folded(sheets.as_text(self.cell("value")))
        if raw not in VALUES:
            self.error("value", "result_unknown", known="、".join(VALUES))
        return VALUES.get(raw, "")
