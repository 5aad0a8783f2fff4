"""What somebody types on a page or a program sends, checked as an import checks its cells: plain Python.

A fault is the code of a sentence in `errors.SENTENCES`, said of the field in which it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from jiugong.lib import identifiers, sheets
from jiugong.lib.identifiers import Fault
from jiugong.registry.logic.regions import is_region
from jiugong.registry.logic.words import SHIFTS, STATUSES

LONGEST = {"name": 80, "title": 120, "post": 60, "bed": 20, "address": 200, "remark": 500, "duty": 200, "duties": 2000}


class Unfit(Exception):
    """Something typed is wrong: in which field, and the code and facts of the sentence that says so."""

    def __init__(self, field: str, fault: str, **facts: object) -> None:
        super().__init__(f"{field}: {fault}")
        self.field, self.fault, self.facts = field, fault, facts


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who somebody is, as typed."""

    name: str
    id_number: str
    phone: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What somebody does: post, shift, whether it is a key post, status."""

    post: str = ""
    shift: str = ""
    key_post: bool = False
    status: str = "on_duty"


@dataclass(frozen=True, kw_only=True)
class Beds:
    """Where somebody sleeps, eats and rides, by name below the site of the enterprise; empty is nowhere."""

    dorm_room: str = ""
    bed: str = ""
    canteen_table: str = ""
    bus: str = ""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is to be different from a day on: None leaves a thing as it is."""

    name: str | None = None
    phone: str | None = None
    remark: str | None = None
    post: str | None = None
    shift: str | None = None
    key_post: bool | None = None
    status: str | None = None
    beds: Mapping[str, str] = field(default_factory=dict)        # of the fields of Beds, those that are to change


def read_text(field: str, text: str, *, longest: str, needed: bool = False) -> str:
    """A name or a word without stray spaces. Raises Unfit."""
    return _fitting(field, sheets.tidy_name(text), longest, needed)


def read_title(field: str, text: str, *, needed: bool = True) -> str:
    """The name of an enterprise, a team, a room, as it is printed. Raises Unfit."""
    return _fitting(field, sheets.tidy_title(text), "title", needed)


def read_prose(field: str, text: str, *, longest: str) -> str:
    """A remark or an address: as it was written, but for the spaces around it. Raises Unfit."""
    return _fitting(field, text.strip(), longest, False)


def read_id(field: str, text: str, *, today: date) -> str:
    """An ID number whose check digit and birth date are right. Raises Unfit."""
    bare = identifiers.folded(text).lstrip("'").upper()
    if not bare:
        raise Unfit(field, "missing")
    read = identifiers.read_id_number(bare, today=today)
    if isinstance(read, Fault):
        raise Unfit(field, f"id_number_{read.value}")
    return read.text


def strange_region(id_number: str) -> str:
    """The region of an ID number where GB/T 2260 has none like it: worth a second look, no reason to refuse."""
    region = id_number[:6]
    return "" if id_number[:2] in ("81", "82", "83") or id_number[:1] == "9" or is_region(region) else region


def read_phone(field: str, text: str) -> str:
    """A telephone number, or none. Raises Unfit."""
    bare = identifiers.folded(text)
    if not bare:
        return ""
    read = identifiers.read_phone(bare)
    if isinstance(read, Fault):
        raise Unfit(field, "phone")
    return read


def read_credit_code(field: str, text: str) -> str:
    """A unified social credit code, or none. Raises Unfit."""
    bare = identifiers.folded(text).upper()
    if not bare:
        return ""
    read = identifiers.read_credit_code(bare)
    if isinstance(read, Fault):
        raise Unfit(field, f"credit_code_{read.value}")
    return read


def read_word(field: str, text: str, known: Mapping[str, object], fault: str, *, needed: bool = False) -> str:
    """A word of a closed list as it is stored. Raises Unfit."""
    if not text and not needed:
        return ""
    if text not in known.values():
        raise Unfit(field, fault, known="、".join(str(value) for value in known.values()))
    return text


def read_day(field: str, day: date | None) -> date:
    """A day on which something may begin or end. Raises Unfit."""
    if day is None or not sheets.EARLIEST <= day <= sheets.LATEST:
        raise Unfit(field, "date_impossible")
    return day


def _fitting(field: str, text: str, longest: str, needed: bool) -> str:
    if needed and not text:
        raise Unfit(field, "missing")
    if len(text) > LONGEST[longest]:
        raise Unfit(field, "too_long", longest=LONGEST[longest])
    if not text.isprintable() and longest not in ("remark", "duties", "address"):
        raise Unfit(field, "not_readable")
    return text


def read_who(who: Who, *, today: date) -> Who:
    """Somebody's name, numbers and remark. Raises Unfit."""
    return Who(name=read_text("name", who.name, longest="name", needed=True),
               id_number=read_id("id_number", who.id_number, today=today), phone=read_phone("phone", who.phone),
               remark=read_prose("remark", who.remark, longest="remark"))


def read_work(work: Work) -> Work:
    """Post, shift and status. Raises Unfit."""
    return replace(work, post=read_text("post", work.post, longest="post"),
                   shift=read_word("shift", work.shift, SHIFTS, "shift_unknown"),
                   status=read_word("status", work.status, STATUSES, "status_unknown", needed=True))


def read_changes(changes: Changes) -> Changes:
    """What is to change, each thing as it is checked when somebody is added. Raises Unfit."""
    readers: Mapping[str, Callable[[str], str]] = {
        "name": lambda text: read_text("name", text, longest="name", needed=True),
        "phone": lambda text: read_phone("phone", text),
        "remark": lambda text: read_prose("remark", text, longest="remark"),
        "post": lambda text: read_text("post", text, longest="post"),
        "shift": lambda text: read_word("shift", text, SHIFTS, "shift_unknown"),
        "status": lambda text: read_word("status", text, STATUSES, "status_unknown", needed=True),
    }
    read: dict[str, Any] = {name: reader(given) for name, reader in readers.items()
                            if (given := getattr(changes, name)) is not None}
    return replace(changes, **read)
