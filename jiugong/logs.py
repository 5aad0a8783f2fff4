"""What the log says: one JSON object on a line of stderr (JIUGONG_LOG=text: a line for people), and nobody's data.

Numbers and codes are masked wherever they stand. What an exception says is left out unless it speaks of code and not of
what somebody entered; the way through our code stays, without values.
"""

import json
import logging
import os
import re
import sqlite3
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from jiugong.lib.refusal import Refusal

NUMBER: ContextVar[str] = ContextVar("request_number", default="")      # of the request that is answered
MASK = "…"
SIGNS = "0-9A-HJKMNP-TV-Za-hjkmnp-tv-z"
SECRETS = re.compile("|".join((
    r"(?<!\d)\d{17}[\dXx](?!\d)",                                      # an ID number
    r"(?<!\d)1[3-9]\d{9}(?!\d)",                                       # a mobile phone
    rf"[{SIGNS}]{{12}}\.[{SIGNS}]{{12}}",                              # a badge's or a link's code and signature
    r"(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{40,}",   # a token
    r"postgres(?:ql)?://\S+")))
WORDS_OF_PEOPLE = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff·]+")
SPEAKS_OF_CODE = (AttributeError, TypeError, NameError, ImportError, NotImplementedError, AssertionError, RecursionError)
MOST_FRAMES = 30


class Lines(logging.Formatter):
    """A record as one line, without personal data."""

    def __init__(self, as_json: bool = True) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "event": _event(record), **_facts(record)}
        if number := NUMBER.get():
            said["request"] = number
        if record.exc_info and record.exc_info[1]:
            said["error"] = what_broke(record.exc_info[1])
        return masked(json.dumps(said, ensure_ascii=False, default=str) if self.as_json else _for_people(said))


class ServerLines(Lines):
    """What the server (granian) says of itself, in the same words (`server_log.json`). Its parent process knows no Django."""

    def __init__(self) -> None:
        super().__init__(as_json=os.environ.get("JIUGONG_LOG") != "text")


class News(logging.Filter):
    """Django repeats what the line of the request says already; what broke is news."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name != "django.request" or bool(record.exc_info)


def masked(text: str) -> str:
    """The text without what could be somebody's number, code or token."""
    return SECRETS.sub(MASK, text)


def what_broke(reason: BaseException) -> list[dict[str, Any]]:
    """An exception and those behind it: of which kind, what may be said of it, and the way there."""
    chain: list[dict[str, Any]] = []
    behind: BaseException | None = reason
    while behind is not None and len(chain) < 5:
        frames = traceback.extract_tb(behind.__traceback__)[-MOST_FRAMES:]
        chain.append({"kind": f"{type(behind).__module__}.{type(behind).__qualname__}", "said": _said(behind),
                      "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]})
        behind = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
    return chain


def _said(reason: BaseException) -> str:
    """What may be repeated of an exception's words. A KeyError names its key, and a key may be somebody's name."""
    if isinstance(reason, Refusal):
        return reason.code
    if isinstance(reason, OSError):
        return reason.strerror or ""
    told = reason.__cause__ if _is_of_the_database(reason) else reason
    if isinstance(told, sqlite3.Error):
        return _without_words(str(told))                               # SQLite names tables and promises, never values
    state = getattr(told, "sqlstate", None)
    if state:
        diagnosis = getattr(told, "diag", None)
        return " ".join(filter(None, (state, getattr(diagnosis, "table_name", ""), getattr(diagnosis, "constraint_name", ""))))
    return _without_words(str(reason)) if isinstance(reason, SPEAKS_OF_CODE) else ""


def _is_of_the_database(reason: BaseException) -> bool:
    from django.db import Error  # only here: the server's parent process knows no Django

    return isinstance(reason, Error)


def _without_words(text: str) -> str:
    return WORDS_OF_PEOPLE.sub(MASK, text.partition("\n")[0][:300])


def _event(record: logging.LogRecord) -> str:
    return record.getMessage() if record.name.startswith("jiugong") and hasattr(record, "told") else record.name


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What a record tells. Django's own lines name the address of a request: its view's name stands there instead."""
    if hasattr(record, "told"):
        return dict(record.told)
    request = getattr(record, "request", None)
    if request is not None:
        from jiugong.watching import view_of

        return {"view": view_of(request), "status": getattr(record, "status_code", None)}
    return {"message": _without_words(record.getMessage())}


def _for_people(said: dict[str, Any]) -> str:
    broke = "".join(f"\n  {each['kind']}: {each['said']}" + "".join(f"\n    {way}" for way in each["at"])
                    for each in said.pop("error", []))
    facts = " ".join(f"{key}={value}" for key, value in said.items() if key not in ("time", "level", "event"))
    return f"{said['time']} {said['level']:<7} {said['event']} {facts}{broke}"
