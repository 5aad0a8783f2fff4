"""When something that was not sent is tried again: later and later, not all at once, and never before the gateway wants it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

# assumption: no source says how long a gateway needs; with these the last try lies about four hours after the first
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
MOST_TRIES = 9
MOST_ASKED_FOR = timedelta(days=1)


def pause_after(tries: int, *, key: str, asked_for: timedelta | None = None) -> timedelta:
    """How long to wait after so many tries. The jitter, half to one and a half, comes from the key: the same each time it is asked.

    What the gateway asked for (Retry-After) is waited for in full, up to a day.
    """
    doubled: int = 2 ** min(max(tries, 1) - 1, 20)
    grown = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    share = int.from_bytes(sha256(f"{key}:{tries}".encode()).digest()[:4]) / 2**32
    pause = grown * (0.5 + share)
    return max(pause, min(asked_for, MOST_ASKED_FOR)) if asked_for else pause


def asked_pause(header: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds, or a date. None where it says neither, or what is over."""
    text = header.strip()
    if text.isdecimal() and len(text) < 10:
        return timedelta(seconds=int(text)) or None
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    pause = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return pause if pause > timedelta(0) else None
