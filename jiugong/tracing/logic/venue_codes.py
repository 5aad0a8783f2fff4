"""What a venue's code says at a moment: the venue, and a mark that changes with time, so that a picture of it grows old.

`V1.<code>.<slice>.<mark>`: which venue, which slice of time (0: printed, it never changes), and a signature of both. The
slice stands in it, so that what was scanned without a connection can be judged by the time at which it was scanned.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = 1                                    # slices: who scans at the last second, or whose clock is a little off
SIGNS = 12
PRINTED, SECONDS = 0, (30, 60, 120, 300)     # how long one picture is good; a printed one never changes
_TEXT = re.compile(r"(?:.*/V/)?V1\.([0-9A-Z]{10,20})\.([0-9]{1,12})\.([0-9A-Z]{12})", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What somebody scanned: which venue's code, of which slice, with which mark."""

    code: str
    slice: int
    mark: str


def slice_at(at: datetime, seconds: int) -> int:
    """Which slice of time a moment lies in; 0 for a code that never changes."""
    return int(at.timestamp()) // seconds if seconds else 0


def text_at(code: str, secret: str, seconds: int, at: datetime) -> str:
    """What is shown at a moment."""
    part = slice_at(at, seconds)
    return f"V1.{code}.{part}.{mark_of(secret, code, part)}"


def changes_at(at: datetime, seconds: int) -> datetime:
    """When what is shown at a moment changes."""
    return at + timedelta(seconds=seconds - at.timestamp() % seconds)


def mark_of(secret: str, code: str, part: int) -> str:
    """The changing part: nobody makes it without the secret, and one slice's says nothing of another's."""
    digest = hmac.new(secret.encode(), f"{code}.{part}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:SIGNS]


def screen_key(secret: str, code: str) -> str:
    """What opens the picture of a code on the screen at the door, and nothing else; another code has another."""
    digest = hmac.new(secret.encode(), f"screen.{code}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:2 * SIGNS]


def read(text: str) -> Shown | None:
    """What was scanned or typed, or the address that holds it; None where it is no venue's code."""
    found = _TEXT.fullmatch("".join(text.split()).replace("。", ".").upper())
    return Shown(code=found[1], slice=int(found[2]), mark=found[3]) if found else None


def is_genuine(shown: Shown, secret: str) -> bool:
    return hmac.compare_digest(shown.mark, mark_of(secret, shown.code, shown.slice))


def was_shown_at(shown: Shown, seconds: int, at: datetime) -> bool:
    """Was this the picture at a moment, or the one before it? A code that never changes is always shown."""
    if not seconds:
        return shown.slice == 0
    return 0 <= slice_at(at, seconds) - shown.slice <= GRACE
