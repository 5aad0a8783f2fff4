"""Quiet hours: from a time of day until another, perhaps across midnight. The first minute is quiet, the last is not."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(moment: datetime, zone: ZoneInfo, start: time, end: time) -> datetime | None:
    """When the quiet hours end in which a moment lies; None where it lies in none. From 22:00 until 22:00 is never quiet."""
    here = moment.astimezone(zone)
    at = here.time()
    if start == end:
        return None
    through_midnight = start > end
    if not ((at >= start or at < end) if through_midnight else start <= at < end):
        return None
    day = here.date() + timedelta(days=1 if through_midnight and at >= start else 0)
    return datetime.combine(day, end, tzinfo=zone).astimezone(moment.tzinfo)


def read_hours(text: str) -> tuple[time, time]:
    """`22:00-07:00` as two times. Raises ValueError."""
    start, _dash, end = text.partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
