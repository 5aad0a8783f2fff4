"""There is one clock. Nothing else in the house asks the machine for the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_shift: ContextVar[timedelta | None] = ContextVar("clock_shift", default=None)
_moment: ContextVar[datetime | None] = ContextVar("clock_moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    standing = _moment.get()
    if standing is not None:
        return standing
    shift = _shift.get()
    return machine_time() + shift if shift else machine_time()


def machine_time() -> datetime:
    """What the machine says, whatever this clock was set to: for leases and for the demo's clock control."""
    return datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Stop the clock at a moment: for tests, drills and replays."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs an offset; 10:00 alone is a different moment in every park.")
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)


@contextmanager
def shifted_by(shift: timedelta) -> Iterator[None]:
    """Let the clock run beside the machine's: for the demo, which lives in July 2022."""
    token = _shift.set(shift)
    try:
        yield
    finally:
        _shift.reset(token)
