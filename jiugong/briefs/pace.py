"""When a round will be done, from the pace of the last hour: a plain sum, and silence where there is nothing to sum."""

from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
SHORTEST = timedelta(minutes=10)             # less than this of a round is no pace


def forecast(*, missing: int, taken: int, opens_at: datetime, at: datetime) -> datetime | None:
    """When the missing will be done if it goes on as in the last hour, to the minute.

    `taken` are those who were done in the hour before `at`, or since the opening where that was later. None where nobody
    is missing, where nobody came in that time, or where the round is open for less than ten minutes.
    """
    spell = min(HOUR, at - opens_at)
    if missing <= 0 or taken <= 0 or spell < SHORTEST:
        return None
    done = at + spell * missing / taken
    return done.replace(second=0, microsecond=0) + timedelta(minutes=1 if done.second or done.microsecond else 0)
