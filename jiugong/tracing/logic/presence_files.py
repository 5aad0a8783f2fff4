"""From a file of whereabouts to facts: who was where, from when to when, by which log. Nothing is in the database yet."""

import gzip
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

from jiugong.lib import identifiers, sheets
from jiugong.lib.identifiers import Fault
from jiugong.lib.sheets import Heading, Problem, Sheet, TooLarge
from jiugong.tracing.logic.spots import kind_of, source_of

COLUMNS: Mapping[str, Sequence[str]] = {
    "id_number": ("身份证号", "身份证号码", "证件号码", "ID number"),
    "kind": ("场所类型", "类型", "Kind of place"),
    "spot": ("场所", "场所名称", "地点", "Place"),
    "entered_at": ("进入时间", "开始时间", "Entered at"),
    "left_at": ("离开时间", "结束时间", "Left at"),
    "source": ("来源", "数据来源", "Source"),
}
NEEDED = ("id_number", "kind", "spot", "entered_at")
LONGEST_NAME, LONGEST_NUMBER = 120, 40
SHORTEST_WHOLE = 15                          # signs of an ID number of old
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", re.ASCII)      # as most logs write a moment


@dataclass(frozen=True, kw_only=True, slots=True)
class PresenceRow:
    """One stay, as a log writes it. `left_at` None: nobody scanned out."""

    row: int
    id_number: str
    kind: str
    spot: str
    entered_at: datetime
    left_at: datetime | None
    source: str


@dataclass
class PresenceFile:
    """A file of whereabouts that was read: good rows and bad cells."""

    sheet: str = ""
    heading: Heading | None = None
    rows: list[PresenceRow] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    repaired: set[int] = field(default_factory=set)

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.errors})

    def error(self, row: int, column: str, code: str, value: str = "", **facts: object) -> None:
        self.errors.append(self._problem(row, column, code, value, facts))

    def warning(self, row: int, column: str, code: str, value: str = "", **facts: object) -> None:
        self.warnings.append(self._problem(row, column, code, value, facts))

    def _problem(self, row: int, column: str, code: str, value: str, facts: Mapping[str, object]) -> Problem:
        written = self.heading.written.get(column, COLUMNS[column][0]) if self.heading else column
        return Problem(sheet=self.sheet, row=row, column=written, code=code, value=value, facts=facts)


def unpacked(content: bytes, *, name: str) -> bytes:
    """The content of a .gz, or the content as it is. Raises TooLarge, NotASheet."""
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
            plain = packed.read(sheets.MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as reason:
        raise sheets.NotASheet(file=name) from reason
    if len(plain) > sheets.MOST_UNPACKED:
        raise TooLarge(file=name, megabytes=len(plain) // 2**20, most=sheets.MOST_UNPACKED // 2**20)
    return plain


def read_presence(book: list[Sheet], *, zone: ZoneInfo, today: date) -> PresenceFile | None:
    """Understand a file of whereabouts; None where no sheet has its headings. Times without an offset are the park's."""
    for sheet in book:
        heading = sheets.find_heading(sheet, COLUMNS)
        if heading is None or "kind" not in heading.columns:
            continue
        file = PresenceFile(sheet=sheet.name, heading=heading)
        for each in (column for column in NEEDED if column not in heading.columns):
            file.error(heading.row, each, "column_missing")
        if not file.errors:
            reader = _Reader(file, heading, zone, today)
            for number, cells in enumerate(sheet.rows[heading.row:], start=heading.row + 1):
                if reader.is_stay(cells) or not (sheets.is_blank(cells) or sheets.is_total(cells)):
                    reader.read(number, cells)
        return file
    return None


class _Reader:
    """Reads row after row. Numbers, places and moments repeat ten thousandfold: each is understood once."""

    def __init__(self, file: PresenceFile, heading: Heading, zone: ZoneInfo, today: date) -> None:
        self.file, self.columns, self.zone, self.today = file, heading.columns, zone, today
        self.number = lru_cache(maxsize=2**17)(self._number)
        self.moment = lru_cache(maxsize=2**16)(self._moment)

    def is_stay(self, cells: Sequence[object]) -> bool:
        """Whoever stands there with a whole number of his own is no sum and no blank: most rows need not be looked at for it."""
        number = self._cell(cells, "id_number")
        return isinstance(number, str) and len(number) >= SHORTEST_WHOLE

    def read(self, number: int, cells: Sequence[object]) -> None:
        """Understand one row, or say what is wrong in it."""
        before = len(self.file.errors)
        id_number = self._id(number, cells)
        kind = self._kind(number, cells)
        spot = sheets.tidy_title(sheets.as_text(self._cell(cells, "spot")))
        if not spot or len(spot) > LONGEST_NAME:
            self._wrong(number, cells, "spot", "too_long" if spot else "missing", longest=LONGEST_NAME)
        entered_at = self._when(number, cells, "entered_at", needed=True)
        left_at = self._when(number, cells, "left_at", needed=False)
        if entered_at and left_at and left_at < entered_at:
            self._wrong(number, cells, "left_at", "left_before_entered")
        if len(self.file.errors) == before and entered_at:
            self.file.rows.append(PresenceRow(
                row=number, id_number=id_number, kind=kind, spot=spot, entered_at=entered_at, left_at=left_at,
                source=source_of(sheets.as_text(self._cell(cells, "source")))))

    def _cell(self, cells: Sequence[object], column: str) -> object:
        at = self.columns.get(column)
        return cells[at] if at is not None and at < len(cells) else ""

    def _wrong(self, row: int, cells: Sequence[object], column: str, code: str, **facts: object) -> None:
        self.file.error(row, column, code, sheets.as_text(self._cell(cells, column)), **facts)

    def _id(self, row: int, cells: Sequence[object]) -> str:
        """The number as it is kept. One that cannot be right is kept too, and stands on the list of what is to be verified."""
        cell = self._cell(cells, "id_number")
        if isinstance(cell, int | float):
            self._wrong(row, cells, "id_number", "id_number_numeric")
            return ""
        text, doubtful, repaired = self.number(sheets.as_text(cell))
        if not text or len(text) > LONGEST_NUMBER:
            self._wrong(row, cells, "id_number", "too_long" if text else "missing", longest=LONGEST_NUMBER)
            return ""
        if doubtful:
            self.file.warning(row, "id_number", "id_number_doubtful", identifiers.masked_id(text))
        if repaired:
            self.file.repaired.add(row)
        return text

    def _number(self, raw: str) -> tuple[str, bool, bool]:
        text = identifiers.folded(raw).lstrip("'").upper()
        return text, isinstance(identifiers.read_id_number(text, today=self.today), Fault), text != raw

    def _kind(self, row: int, cells: Sequence[object]) -> str:
        raw = sheets.as_text(self._cell(cells, "kind"))
        kind = kind_of(raw)
        if not raw:
            self._wrong(row, cells, "kind", "missing")
        elif kind is None:
            self.file.warning(row, "kind", "kind_unknown", raw)
        return kind or "venue"

    def _when(self, row: int, cells: Sequence[object], column: str, *, needed: bool) -> datetime | None:
        raw = self._cell(cells, column)
        if raw is None or raw == "":
            if needed:
                self._wrong(row, cells, column, "missing")
            return None
        moment = self.moment(raw)
        if moment is None:
            self._wrong(row, cells, column, "moment_impossible")
        return moment

    def _moment(self, raw: object) -> datetime | None:
        try:
            read = datetime.fromisoformat(raw) if isinstance(raw, str) and _PLAIN.fullmatch(raw) else sheets.as_moment(raw)
            sheets.as_moment(read)                              # also what is plain lies in a year that we count
        except (ValueError, sheets.NotADate):
            return None
        return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(UTC)

