"""What the two sides of a hand-over counted, beside what is on record; and how long swabs have been on their way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Counts:
    """One hand-over: how many tubes are on record, were given, were counted; and which, as far as they were scanned."""

    packed: int
    gave: int
    counted: int | None
    missing: tuple[str, ...] = ()            # on record, and not among those that the receiver scanned
    extra: tuple[str, ...] = ()              # scanned, and not on record
    unknown_which: int = 0                   # so many are missing, and nobody scanned enough to say which

    @property
    def agree(self) -> bool:
        """Do the giver, the receiver and the record say the same? Not yet received is no difference with the receiver."""
        return self.gave == self.packed and self.counted in (None, self.packed) and not (self.missing or self.extra)


def compare(packed: Collection[str], *, gave: int, counted: int | None, scanned: Collection[str] = ()) -> Counts:
    """Say what agrees and what does not, and name the tubes as far as they are known.

    Which ones are missing is known only where the receiver scanned as many as he counted. What he scanned and nobody
    packed is known in any case.
    """
    seen = set(scanned)
    whole = bool(seen) and counted is not None and len(seen) >= counted
    missing = tuple(sorted(set(packed) - seen)) if whole else ()
    extra = tuple(sorted(seen - set(packed)))
    short = 0 if counted is None or whole else max(len(set(packed)) + len(extra) - counted, 0)
    return Counts(packed=len(set(packed)), gave=gave, counted=counted, missing=missing, extra=extra, unknown_which=short)


@dataclass(frozen=True, kw_only=True)
class Way:
    """How long the swabs of a box have been on their way: since the oldest one, until they were at the laboratory."""

    since: datetime
    arrived: datetime | None
    limit_at: datetime | None                # None: no rule says

    def is_late(self, at: datetime) -> bool:
        """Has the limit passed, under way or before arrival? Arriving in its last minute is in time."""
        return self.limit_at is not None and min(self.arrived or at, at) > self.limit_at

    def lasted(self, at: datetime) -> timedelta:
        return max(min(self.arrived or at, at) - self.since, timedelta())


def not_before(moment: datetime, opens_at: datetime, zone: ZoneInfo) -> datetime:
    """A swab's moment, or its round's opening where a clock says a day before: nothing of a round waits since before it."""
    return moment if moment.astimezone(zone).date() >= opens_at.astimezone(zone).date() else opens_at


def way_of(*, oldest: datetime | None, opened: datetime, arrived: datetime | None, hours: int | None) -> Way:
    """The way of a box. Where no scan of its tubes has arrived, it counts from when the box was opened."""
    since = min(oldest, opened) if oldest else opened
    return Way(since=since, arrived=arrived, limit_at=since + timedelta(hours=hours) if hours is not None else None)
