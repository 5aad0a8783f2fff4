"""How long somebody waits after wrong answers: a few are free, then each wait is twice the last, up to a longest one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How many wrong answers are free within a while, the first wait after them, and the longest."""

    free: int
    within: timedelta
    first: timedelta
    longest: timedelta


BY_DEVICE = Patience(free=3, within=timedelta(days=1), first=timedelta(seconds=30), longest=timedelta(minutes=15))
BY_BADGE = Patience(free=10, within=timedelta(days=1), first=timedelta(seconds=30), longest=timedelta(hours=1))
BY_ADDRESS = Patience(free=100, within=timedelta(hours=1), first=timedelta(seconds=30), longest=timedelta(minutes=5))


def wait_until(patience: Patience, wrong: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next answer may be given, from the moments of the wrong ones, oldest first; None where it may be now.

    The end itself is free again.
    """
    counted = [at for at in wrong if at > now - patience.within]
    over = len(counted) - patience.free
    if over < 0 or not counted:
        return None
    wait = min(patience.first * 2 ** min(over, 16), patience.longest)
    end = counted[-1] + wait
    return end if end > now else None
