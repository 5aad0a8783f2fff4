"""The two small lists of the story: single retests, and when people did their part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jiugong.lib import sheets
from jiugong.lib.commanding import read_file
from jiugong.lib.identifiers import folded
from jiugong.lib.refusal import Refusal

TOLD, HELD, INFORMED, SENT, SETTLED = "接报", "暂时管控", "告知", "转运", "落位"
VALUES = {"阴性": "negative", "阳性": "positive", "可疑": "suspicious", "无效": "invalid"}
RETESTS: Mapping[str, Sequence[str]] = {
    "tube": ("试管编号",), "id_number": ("身份证号",), "sampled_at": ("单采时间",), "reported_at": ("报告时间",),
    "value": ("结果",)}
STEPS: Mapping[str, Sequence[str]] = {
    "step": ("步骤",), "id_number": ("身份证号",), "at": ("时间",), "phone": ("责任人手机",)}


class StepsUnreadable(Refusal):
    code = "story.steps_unreadable"
    message = "%(file)s row %(row)s cannot be read: %(column)s is %(value)s."


@dataclass(frozen=True, kw_only=True)
class RetestRow:
    """One member's single retest. Moments in UTC."""

    tube: str
    id_number: str
    sampled_at: datetime
    reported_at: datetime
    value: str


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """Somebody did his part: which step, for whom (empty: for all), when, and whose telephone says so."""

    step: str
    id_number: str
    at: datetime
    phone: str


def read_retests(path: Path, zone: ZoneInfo) -> list[RetestRow]:
    """The single retests, in the order in which they were reported. Raises FileMissing, StepsUnreadable."""
    rows = [RetestRow(tube=said["tube"], id_number=said["id_number"].upper(), value=_value(path, row, said["value"]),
                      sampled_at=_moment(path, row, "sampled_at", said, zone),
                      reported_at=_moment(path, row, "reported_at", said, zone))
            for row, said in _rows(path, RETESTS)]
    return sorted(rows, key=lambda each: each.reported_at)


def read_steps(path: Path, zone: ZoneInfo) -> list[StepRow]:
    """The steps, in the order of their times. Raises FileMissing, StepsUnreadable."""
    rows = [StepRow(step=said["step"], id_number=said["id_number"].upper(), at=_moment(path, row, "at", said, zone),
                    phone=said["phone"]) for row, said in _rows(path, STEPS)]
    return sorted(rows, key=lambda each: each.at)


def _rows(path: Path, columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    for sheet in sheets.as_sheets(read_file(str(path)), name=path.name):
        heading = sheets.find_heading(sheet, columns)
        missing = [names[0] for name, names in columns.items() if heading is None or name not in heading.columns]
        if heading is None or missing:
            raise StepsUnreadable(file=path.name, row=1, column=missing[0], value="–")
        for number, cells in enumerate(sheet.rows[heading.row:], start=heading.row + 1):
            if not sheets.is_blank(cells):
                said = {name: sheets.as_text(cells[at]) if at < len(cells) else "" for name, at in heading.columns.items()}
                yield number, {name: text if name.endswith("at") else folded(text) for name, text in said.items()}


def _moment(path: Path, row: int, column: str, said: Mapping[str, str], zone: ZoneInfo) -> datetime:
    try:
        read = sheets.as_moment(said[column])
    except sheets.NotADate as reason:
        raise StepsUnreadable(file=path.name, row=row, column=column, value=said[column]) from reason
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def _value(path: Path, row: int, text: str) -> str:
    if text not in VALUES:
        raise StepsUnreadable(file=path.name, row=row, column="结果", value=text)
    return VALUES[text]
