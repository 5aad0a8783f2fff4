"""How a command speaks: one JSON document on standard output, or sentences for people; and how it reads its words."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jiugong.lib import clock, days
from jiugong.lib.refusal import Refusal

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


class FileMissing(Refusal):
    code = "command.file_missing"
    message = "%(file)s is not there or cannot be read. Check the path."


class FileNotWritten(Refusal):
    code = "command.file_not_written"
    message = "%(file)s cannot be written. Check that its folder is there and open to you."


class NotAMoment(Refusal):
    code = "command.not_a_moment"
    message = "%(text)s is not a day or a moment. Write it as 2022-07-22 or 2022-07-22T08:00."


def answer(data: Mapping[str, Any], *, as_json: bool, text: str = "") -> None:
    """Print what a command has to say: the data as one JSON document, or the sentences."""
    print(json.dumps(data, ensure_ascii=False, default=_plain) if as_json else text)


def complain(text: str) -> None:
    """Say something to whoever sits at the screen, beside the answer."""
    print(text, file=sys.stderr)


def read_file(path: str) -> bytes:
    """The content of a file. Raises FileMissing."""
    try:
        return Path(path).read_bytes()
    except OSError as reason:
        raise FileMissing(file=path) from reason


def write_file(path: str, content: bytes) -> None:
    """Write a file. Raises FileNotWritten."""
    try:
        Path(path).write_bytes(content)
    except OSError as reason:
        raise FileNotWritten(file=path) from reason


def moment_of(text: str | None, zone: ZoneInfo) -> datetime:
    """The moment that a command was given, or now. Without an offset it is the park's local time."""
    if not text:
        return clock.now()
    try:
        return days.moment(text, zone)
    except ValueError as reason:
        raise NotAMoment(text=text) from reason


def day_of(text: str | None, zone: ZoneInfo) -> date:
    """The park day that a command was given as a day or a moment, or today."""
    return days.day_of(moment_of(text, zone), zone)


def is_day(text: str) -> date:
    """For argparse: a day such as 2022-07-22, between 1900 and 2200."""
    try:
        day = date.fromisoformat(text)
    except ValueError as reason:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2022-07-22") from reason
    if not days.is_counted(day):
        raise argparse.ArgumentTypeError(f"{text!r} lies outside the years 1900 to 2200")
    return day


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
