"""How long a laboratory may take: from the hand-over of a tube until its first result. Plain Python."""

from datetime import datetime, timedelta


def due_at(started_at: datetime, hours: int) -> datetime:
    """Until when the first result is in time; the moment itself still is."""
    return started_at + timedelta(hours=hours)


def is_late(due: datetime, reported_at: datetime | None, at: datetime) -> bool:
    """Did the first result come after it was due, or is it due and not there at a moment?"""
    return (reported_at or at) > due


def hours_between(start: datetime, end: datetime) -> float:
    """How many hours lie between two moments, to a tenth."""
    return round((end - start) / timedelta(hours=1), 1)
