"""A cadence says on which days something is owed, and in which windows of such a day."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from jiugong.lib import days as park_days
from jiugong.policy.reading import Entry
from jiugong.policy.windows import WHOLE_DAY, Hours, Window

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_MONTH = ("last_day", "skip")
LONGEST = 3650                  # days; what counts for longer is owed once
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class EveryDay:
    """Every day."""

    kind: str = field(default="every_day", init=False)

    def falls_on(self, day: date) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, kw_only=True)
class EveryFewDays:
    """Every so many days, in step with the day from which they are counted."""

    kind: str = field(default="every_days", init=False)
    days: int
    counted_from: date

    def falls_on(self, day: date) -> bool:
        """Is the day in step?"""
        return (day - self.counted_from).days % self.days == 0


@dataclass(frozen=True, kw_only=True)
class DaysOfMonth:
    """Days of the month. In a month without such a day it is the last day, or it is skipped, as the rule says."""

    kind: str = field(default="days_of_month", init=False)
    days: tuple[int, ...]
    in_short_month: str

    def falls_on(self, day: date) -> bool:
        """Is it one of these days, or the last of a month that lacks one?"""
        length = calendar.monthrange(day.year, day.month)[1]
        stands_in = self.in_short_month == "last_day" and day.day == length and self.days[-1] > length
        return day.day in self.days or stands_in


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """Certain days of the week; Monday is 0."""

    kind: str = field(default="weekly", init=False)
    weekdays: tuple[int, ...]

    def falls_on(self, day: date) -> bool:
        """Is it one of these weekdays?"""
        return day.weekday() in self.weekdays


@dataclass(frozen=True, kw_only=True)
class DaysAfter:
    """Numbered days after something happened to somebody; the day itself carries the number `day_index_base`."""

    kind: str = field(default="days_after", init=False)
    event: str
    days: tuple[int, ...]
    day_index_base: int

    def falls_on(self, day: date) -> bool:
        """Any day may be such a day for somebody: `event_days` says for whom."""
        return True

    def event_days(self, day: date) -> tuple[date, ...]:
        """On which days must it have happened, for something to be owed on this day?"""
        return tuple(day - timedelta(days=number - self.day_index_base) for number in self.days)


@dataclass(frozen=True, kw_only=True)
class WithinDays:
    """Owed on every day, and done if it was done within so many days, this one included."""

    kind: str = field(default="within_days", init=False)
    days: int

    def falls_on(self, day: date) -> bool:
        """Always: on each day it is asked whether the last time is recent enough."""
        return True

    def reaches_back_to(self, day: date) -> date:
        """The earliest day whose evidence still counts on this day: with 2 days it is yesterday."""
        return day - timedelta(days=self.days - 1)


@dataclass(frozen=True, kw_only=True)
class Once:
    """Owed on every day until it was done, ever."""

    kind: str = field(default="once", init=False)

    def falls_on(self, day: date) -> bool:
        """Always: on each day it is asked whether it was ever done."""
        return True

    def reaches_back_to(self, day: date) -> date:
        """A fixed day so long ago that everything since counts."""
        return park_days.FIRST


Days: TypeAlias = EveryDay | EveryFewDays | DaysOfMonth | Weekly | DaysAfter | WithinDays | Once


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """Days, and the hours of such a day, in order and apart from each other."""

    days: Days
    hours: tuple[Hours, ...]

    def windows_on(self, day: date, *, zone: ZoneInfo) -> tuple[Window, ...]:
        """The windows of a park day, in order. The zone is the park's."""
        if not self.days.falls_on(day):
            return ()
        since = self.reaches_back_to(day)
        return tuple(hours.on(day, number=number, zone=zone, since=since)
                     for number, hours in enumerate(self.hours, start=1))

    def reaches_back_to(self, day: date) -> date:
        """The day on which the windows of this day open: the day itself, unless evidence of earlier days counts."""
        return self.days.reaches_back_to(day) if isinstance(self.days, WithinDays | Once) else day

    def windows_between(self, since: datetime, until: datetime, *, zone: ZoneInfo) -> tuple[Window, ...]:
        """The windows of the days between two moments that are open at some moment between them, both included."""
        days = park_days.each(park_days.day_of(since, zone), park_days.day_of(until, zone))
        windows = (window for day in days for window in self.windows_on(day, zone=zone))
        return tuple(window for window in windows if window.start <= until and since < window.closes_at)


def read_cadence(entry: Entry, *, events: tuple[str, ...]) -> Cadence:
    """Read a cadence. `events` are the facts of the subject that are days."""
    kinds = entry.pairs()
    if "kind" not in kinds:
        entry.wrong("The cadence has no kind.", f"Add `kind:` with one of: {', '.join(_KINDS)}.")
    return _KINDS[kinds["kind"].one_of(tuple(_KINDS))](entry, events)


def _windows_a_day(entry: Entry, events: tuple[str, ...]) -> Cadence:
    said = entry.fields("kind", "windows")
    return Cadence(days=EveryDay(), hours=_read_hours(said["windows"]))


def _every_hours(entry: Entry, events: tuple[str, ...]) -> Cadence:
    said = entry.fields("kind", "hours")
    hours = said["hours"].whole_number(at_least=1)
    if 24 % hours:
        said["hours"].wrong(f"{hours} hours do not fill a day evenly.", "Write 1, 2, 3, 4, 6, 8, 12 or 24, or windows.")
    return Cadence(days=EveryDay(), hours=tuple(
        Hours(first=time(start), last=time(start + hours - 1, 59)) for start in range(0, 24, hours)
    ))


def _every_days(entry: Entry, events: tuple[str, ...]) -> Cadence:
    said = entry.fields("kind", "days", "counted_from", optional=("windows",))
    every = EveryFewDays(days=said["days"].whole_number(at_least=1), counted_from=said["counted_from"].day())
    return Cadence(days=every, hours=_hours_of(entry))


def _days_of_month(entry: Entry, events: tuple[str, ...]) -> Cadence:
    said = entry.fields("kind", "days", "in_short_month", optional=("windows",))
    days = _read_numbers(said["days"], at_least=1)
    if days[-1] > 31:
        said["days"].wrong(f"No month has a day {days[-1]}.", "Write days from 1 to 31.")
    return Cadence(days=DaysOfMonth(days=days, in_short_month=said["in_short_month"].one_of(SHORT_MONTH)),
                   hours=_hours_of(entry))


def _weekly(entry: Entry, events: tuple[str, ...]) -> Cadence:
    said = entry.fields("kind", "weekdays", optional=("windows",))
    weekdays = tuple(WEEKDAYS.index(item.one_of(WEEKDAYS)) for item in said["weekdays"].items())
    return Cadence(days=Weekly(weekdays=weekdays), hours=_hours_of(entry))


def _days_after(entry: Entry, events: tuple[str, ...]) -> Cadence:
    said = entry.fields("kind", "event", "days", "day_index_base", optional=("windows",))
    base = said["day_index_base"].whole_number(at_least=0)
    after = DaysAfter(event=said["event"].one_of(events), days=_read_numbers(said["days"], at_least=base),
                      day_index_base=base)
    return Cadence(days=after, hours=_hours_of(entry))


def _within_days(entry: Entry, events: tuple[str, ...]) -> Cadence:
    said = entry.fields("kind", "days", optional=("windows",))
    days = said["days"].whole_number(at_least=1)
    if days > LONGEST:
        said["days"].wrong(f"{days} days are more than ten years.", f"Write at most {LONGEST}, or the kind `once`.")
    hours = _hours_of(entry)
    if len(hours) > 1:
        said["windows"].wrong("Windows that reach back would overlap.", "Write one window, or none for whole days.")
    return Cadence(days=WithinDays(days=days), hours=hours)


def _once(entry: Entry, events: tuple[str, ...]) -> Cadence:
    entry.fields("kind")
    return Cadence(days=Once(), hours=(WHOLE_DAY,))


_KINDS: dict[str, Callable[[Entry, tuple[str, ...]], Cadence]] = {
    "windows_a_day": _windows_a_day,
    "every_hours": _every_hours,
    "every_days": _every_days,
    "days_of_month": _days_of_month,
    "weekly": _weekly,
    "days_after": _days_after,
    "within_days": _within_days,
    "once": _once,
}


def _hours_of(entry: Entry) -> tuple[Hours, ...]:
    windows = entry.pairs().get("windows")
    return _read_hours(windows) if windows else (WHOLE_DAY,)


def _read_hours(entry: Entry) -> tuple[Hours, ...]:
    hours: list[Hours] = []
    for item in entry.items():
        ends = item.items()
        if len(ends) != 2:
            item.wrong("A window has two times.", 'Write ["06:00", "10:00"].')
        window = Hours(first=_read_time(ends[0]), last=_read_time(ends[1]))
        if window.last < window.first:
            item.wrong("The window closes before it opens.", "Split a window that crosses midnight into two.")
        if hours and window.first <= hours[-1].last:
            item.wrong("The window begins before the one above has closed.",
                       "Write windows in order; a closing minute still counts, so begin a minute later.")
        hours.append(window)
    if not hours:
        entry.wrong("There is no window.", 'Write at least one, such as [["06:00", "10:00"]].')
    return tuple(hours)


def _read_time(entry: Entry) -> time:
    if not _TIME.fullmatch(entry.text()):
        entry.wrong(f"{entry.text()} is not a time of day.", "Write hours and minutes such as 06:00, up to 23:59.")
    return time.fromisoformat(entry.text())


def _read_numbers(entry: Entry, *, at_least: int) -> tuple[int, ...]:
    numbers = tuple(item.whole_number(at_least=at_least) for item in entry.items())
    if not numbers or list(numbers) != sorted(set(numbers)):
        entry.wrong("These are not numbers in order.", "Write each number once, the smallest first.")
    return numbers
