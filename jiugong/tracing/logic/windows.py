"""From when to when others may have met a case, and why so: the pack gives the days, the case gives the facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class WindowFacts:
    """What is known of a case. `onset_at` is the first moment of the day on which symptoms began."""

    found_by: str
    sampled_at: datetime                 # of the sample that turned positive
    told_at: datetime
    onset_at: datetime | None = None
    last_negative_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Window:
    """Contacts count from `since` until `until`; `counted_from` names the fact that the beginning was counted from."""

    since: datetime
    until: datetime
    counted_from: str


def window_of(facts: WindowFacts, *, lookback_days: int, from_last_negative: bool) -> Window:
    """The window of a case: from its last negative test where it was found by routine screening and the text says so,
    else so many days before onset or sampling, whichever was earlier; until the park was told."""
    back = timedelta(days=lookback_days)
    if (facts.found_by == "routine_screening" and from_last_negative and facts.last_negative_at
            and facts.last_negative_at < facts.sampled_at):
        since, counted_from = facts.last_negative_at, "last_negative_at"
    elif facts.onset_at and facts.onset_at < facts.sampled_at:
        since, counted_from = facts.onset_at - back, "onset_at"
    else:
        since, counted_from = facts.sampled_at - back, "sampled_at"
    return Window(since=since, until=max(facts.told_at, since), counted_from=counted_from)
