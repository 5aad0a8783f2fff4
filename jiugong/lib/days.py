"""A day is the park's day: moments are stored in UTC, and only here does one become the other."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The park day on which a moment falls."""
    return moment.astimezone(zone).date()


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a park day and the first moment of the next one, in UTC: use `start <= x < end`."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def span(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the first moment after the last day, both days included."""
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def each(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    while first <= last:
        yield first
        first += timedelta(days=1)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO moment. Without an offset it is the park's local time; a bare date is its midnight.

    Raises ValueError where the text is neither.
    """
    read = datetime.fromisoformat(text.strip())
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def local(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people in the park write it, to the second."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
