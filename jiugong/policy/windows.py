"""A window is the time in which a duty can be done, and an outcome is what the duty is worth at a moment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Two times of a park day. The minute of `last` belongs to it."""

    first: time
    last: time

    def on(self, day: date, *, number: int, zone: ZoneInfo, since: date | None = None) -> "Window":
        """These hours on a day, as the window that comes in this place of the day's order.

        With `since` the window opens at its first hour on that earlier day; its key stays that of the day.
        """
        start = datetime.combine(since or day, self.first, tzinfo=zone).astimezone(UTC)
        end = datetime.combine(day, self.last, tzinfo=zone).astimezone(UTC)
        return Window(start=start, end=end, key=f"{day}/{number}")


WHOLE_DAY = Hours(first=time(0, 0), last=time(23, 59))


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of time in UTC in which a duty can be done, with a key that stays the same: `2022-07-22/1`.

    `end` is the closing minute, which still counts. In a query ask for `start <= x < closes_at`.
    """

    start: datetime
    end: datetime
    key: str

    @property
    def closes_at(self) -> datetime:
        """The first moment that is too late."""
        return self.end + _A_MINUTE

    def holds(self, moment: datetime) -> bool:
        """Does this moment lie in the window?"""
        return self.start <= moment < self.closes_at


class Outcome(StrEnum):
    """What a duty is worth at a moment."""

    NOT_YET = "not_yet"      # the window has not opened
    OPEN = "open"            # owed and not done; there is still time
    DONE = "done"
    MISSED = "missed"


def outcome(*, window: Window, done_at: datetime | None, at: datetime) -> Outcome:
    """Say what a duty is worth at a moment. The closing minute itself still counts: 10:00:00 meets 10:00."""
    if done_at is not None and done_at <= at and window.holds(done_at):
        return Outcome.DONE
    if at < window.start:
        return Outcome.NOT_YET
    return Outcome.OPEN if at < window.closes_at else Outcome.MISSED
