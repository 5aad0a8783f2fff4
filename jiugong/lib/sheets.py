"""People's sheets, read as they arrive and written as they expect them: Excel workbooks as rows of cells.

Reading repairs what is harmless and says so; what a cell means is the caller's business. Row and column numbers are
those that Excel shows: the first row is 1.
"""

import csv
import pickle
import re
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from jiugong.lib.refusal import Refusal
from jiugong.lib.sheet_reader import TOO_MUCH

Cell = object                      # what a sheet holds: str, int, float, bool, date, datetime, time or ""
MOST_ROWS = 200_000
MOST_MERGED = 5_000_000            # cells below others, in all: overlapping ones could be far more than a sheet has
MOST_UNPACKED = 400 * 2**20
READER = str(Path(__file__).with_name("sheet_reader.py"))
EXCEL_EPOCH = date(1899, 12, 30)
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
LONGEST_TOTAL = 12                 # a whole cell that says no more than "total", with its spaces and signs
TOTAL_WORDS = ("合计", "总计", "小计", "共计", "总数", "total")

_TEXT_DATE = re.compile(r"(\d{4})[.\-/年](\d{1,2})[.\-/月](\d{1,2})[日号]?")
_TIME_OF_DAY = re.compile(r"(?<=[\d日号])[T\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*$")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_HALF_WIDTH = {wide: wide - 0xFEE0 for span in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
               for wide in range(span[0], span[1] + 1)} | {ord(sign): half for sign, half in zip("（）／", "()/", strict=True)}
_CJK_SPACE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One cell of a file that is wrong, or worth a warning: where it stands and what is the matter."""

    sheet: str
    row: int                       # as Excel counts
    column: str                    # the heading as it stands in the file
    code: str
    value: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class NotASheet(Refusal):
    code = "sheets.not_a_workbook"
    message = "%(file)s cannot be read as an Excel workbook. Save it as .xlsx and send it again."


class TooManyRows(Refusal):
    code = "sheets.too_many_rows"
    message = "Sheet %(sheet)s has %(rows)s rows; %(most)s are read at once. Split the file."


class TooLarge(Refusal):
    code = "sheets.too_large"
    message = ("%(file)s becomes larger than any list when it is opened; up to %(most)s MB are read. Send the list alone, "
               "without pictures and empty columns.")


class NotADate(ValueError):
    """A text that should be a day and is none."""


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its name and its cells, row by row, merged cells filled downward."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: Sequence[tuple[int, int, int, int]] = ()          # first row, first column, last row, last column; from 0


@dataclass(frozen=True)
class Heading:
    """Where the heading row stands and which column holds which field."""

    row: int                                                   # Excel row
    columns: Mapping[str, int]                                 # field -> column from 0
    written: Mapping[str, str]                                 # field -> heading as it stands in the file
    unknown: Sequence[str] = field(default_factory=tuple)


def read_workbook(source: bytes, *, name: str) -> list[Sheet]:
    """Read every worksheet, in a process of its own (`sheet_reader.py`). Raises NotASheet, TooManyRows, TooLarge."""
    _refuse_bombs(source, name)
    reading = subprocess.run([sys.executable, "-I", READER, str(MOST_ROWS)], input=source,           # noqa: S603 — our own
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if reading.returncode in (TOO_MUCH, -signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL):
        raise TooLarge(file=name, most=MOST_UNPACKED // 2**20)
    if reading.returncode:
        raise NotASheet(file=name)
    return [_sheet(*told) for told in pickle.loads(reading.stdout)]                                  # noqa: S301 — from our own


def _refuse_bombs(source: bytes, name: str) -> None:
    """A small file that says that it unpacks to a huge one is no roster. Raises TooLarge."""
    try:
        with ZipFile(BytesIO(source)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except BadZipFile:
        return                                           # an old .xls, or nothing we read: the reader will say
    if unpacked > MOST_UNPACKED:
        raise TooLarge(file=name, most=MOST_UNPACKED // 2**20)


def _sheet(name: str, rows: list[list[Cell]] | int, merged: Sequence[Sequence[tuple[int, int]]] | None) -> Sheet:
    """A sheet as the reader tells it: a merged cell fills those below it. Raises TooManyRows, TooLarge."""
    if isinstance(rows, int):
        raise TooManyRows(sheet=name, rows=rows, most=MOST_ROWS)
    ranges = [(*first, *last) for first, last in merged or ()]
    if sum(min(bottom, len(rows)) - top for top, _left, bottom, _right in ranges) > MOST_MERGED:
        raise TooLarge(file=name, most=MOST_UNPACKED // 2**20)
    for top, left, bottom, _right in ranges:
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
    return Sheet(name, rows, ranges)


def as_sheets(content: bytes, *, name: str) -> list[Sheet]:
    """A CSV (UTF-8, or Excel's GB18030 or UTF-16) or a workbook as sheets. Raises NotASheet, TooManyRows, TooLarge."""
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        return read_workbook(content, name=name)
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        dialect = "excel-tab" if "\t" in text.split("\n", 1)[0] else "excel"
        try:
            rows = list(islice(csv.reader(StringIO(text.replace("\0", "")), dialect), MOST_ROWS + 1))
        except csv.Error:                                    # a cell longer than any sheet has
            break
        if len(rows) > MOST_ROWS:
            raise TooManyRows(sheet=name, rows=text.count("\n") + 1, most=MOST_ROWS)
        return [Sheet(name, rows)]
    raise NotASheet(file=name)


def find_heading(sheet: Sheet, known: Mapping[str, Sequence[str]], *, within: int = 25) -> Heading | None:
    """Find the row that names the most columns. `known` gives each field the headings under which it is met.

    At least two headings, and a third of those asked for, must be there; else None.
    """
    by_key = {heading_key(name): field_name for field_name, names in known.items() for name in names}
    best: Heading | None = None
    for number, row in enumerate(sheet.rows[:within], start=1):
        columns: dict[str, int] = {}
        written: dict[str, str] = {}
        unknown: list[str] = []
        for column, cell in enumerate(row):
            text = as_text(cell)
            field_name = by_key.get(heading_key(text))
            if field_name and field_name not in columns:
                columns[field_name], written[field_name] = column, text
            elif text:
                unknown.append(text)
        if len(columns) > (len(best.columns) if best else 1):
            best = Heading(number, columns, written, tuple(unknown))
    return best if best and len(best.columns) * 3 >= min(len(known), 9) else None


@lru_cache(maxsize=8192)
def heading_key(text: str) -> str:
    """A heading without what people add to it: spaces, stars, brackets and their content, width and case."""
    half = unicodedata.normalize("NFKC", text)
    return re.sub(r"\(.*?\)|[\s*:：/、_\-]", "", half).casefold()


def as_text(cell: Cell) -> str:
    """A cell as text: whole numbers without `.0`, days as ISO, spaces at the ends taken away."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return str(cell).strip()


@lru_cache(maxsize=8192)
def tidy_name(text: str) -> str:
    """A name without the spaces that typing left in it; one space stays between foreign words."""
    return _CJK_SPACE.sub("", " ".join(text.translate(_HALF_WIDTH).split()))


@lru_cache(maxsize=8192)
def tidy_title(text: str) -> str:
    """An enterprise's or place's name as it is printed: no stray spaces, Chinese brackets around Chinese."""
    tidy = tidy_name(text)
    return tidy.replace("(", "（").replace(")", "）") if re.search(r"[\u3400-\u9fff]", tidy) else tidy


@lru_cache(maxsize=8192)
def name_key(text: str) -> str:
    """What makes two spellings of one name equal: width, case, brackets and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_blank(row: Sequence[Cell]) -> bool:
    return all(cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row)


def is_total(row: Sequence[Cell]) -> bool:
    """Does the row only sum up the rows above it? Its first text says so, or, where columns were moved, a whole cell."""
    first = next((cell for cell in row if cell is not None and cell != "" and str(cell).strip()), "")
    if isinstance(first, str) and heading_key(first).startswith(TOTAL_WORDS):
        return True
    return any(isinstance(cell, str) and len(cell) <= LONGEST_TOTAL and heading_key(cell) in TOTAL_WORDS for cell in row)


def as_day(cell: Cell) -> date | None:
    """A cell as a day: an Excel date, a serial number, or a text such as 2022.7.20 and 2022年7月20日. Empty is None.

    Raises NotADate for a day that does not exist or that lies outside 1990–2100.
    """
    if cell is None or cell == "":
        return None
    day = _day_in(cell)
    if not EARLIEST <= day <= LATEST:
        raise NotADate(str(cell))
    return day


@lru_cache(maxsize=8192, typed=True)                      # typed: 1, 1.0 and TRUE are three different cells
def _day_in(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 < cell < 100_000:
        return EXCEL_EPOCH + timedelta(days=int(cell))
    text = "".join(_TIME_OF_DAY.sub("", unicodedata.normalize("NFKC", as_text(cell))).split())
    found = _TEXT_DATE.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text)
    if not found:
        raise NotADate(text)
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError as reason:
        raise NotADate(text) from reason


def as_moment(cell: Cell) -> datetime:
    """A cell as a naive moment: an Excel date with its time, or a text such as `2022-07-20 06:30:06`.

    Raises NotADate for a moment that does not exist or that lies outside 1990–2100. A moment with an offset keeps it.
    """
    moment = _moment_in(cell)
    if not EARLIEST <= moment.date() <= LATEST:
        raise NotADate(str(cell))
    return moment


def _moment_in(cell: Cell) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 10_000 < cell < 100_000:
        return datetime(1899, 12, 30) + timedelta(seconds=round(cell * 86_400))
    text = unicodedata.normalize("NFKC", as_text(cell))
    text = re.sub(r"(\d{4})[./年-](\d{1,2})[./月-](\d{1,2})日?",
                  lambda part: f"{part[1]}-{int(part[2]):02}-{int(part[3]):02}", text)
    text = re.sub(r"(?<=[ T])(\d):", r"0\1:", text.strip())
    try:
        return datetime.fromisoformat(text)
    except ValueError as reason:
        raise NotADate(text) from reason


