"""A day is the park's day: moments are stored in UTC, and only here does one become the other."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)           # what people count with; beyond lie the ends of the calendar

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

    Raises ValueError where the text is neither, or lies outside 1900–2200.
    """
    read = datetime.fromisoformat(text.strip())
    if not is_counted(read.date()):
        raise ValueError(text)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def is_counted(day: date) -> bool:
    """Does a day lie where a day has a day before it and one after it, whatever the zone?"""
    return FIRST <= day <= LAST


def set_right(told: str, device_now: str, received: datetime) -> datetime:
    """When something happened that a device tells by its own clock, which may be wrong; never after it was received.

    `device_now` is what that clock said when it sent. Without both, or where they cannot be read, it happened when it came.
    """
    try:
        happened, sent = (datetime.fromisoformat(text.strip()) for text in (told, device_now))
        return min(received - (sent - happened), received)
    except (ValueError, TypeError, OverflowError):               # a moment without offset, or beyond the calendar
        return received


def local(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people in the park write it, to the second."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
