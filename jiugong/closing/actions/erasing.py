"""Rows of closed days that end with their purpose: their seal stays and says that they were there."""

from collections.abc import Iterable
from datetime import date

from jiugong.closing.late import GONE, signed
from jiugong.closing.models import Afterword, AfterwordKind
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park


def erased(park: Park, tables: Iterable[str], days: Iterable[date], *, actor: Actor) -> int:
    """Say that the house erased every row of some tables on some closed days, so that verifying does not miss them.

    Called in the transaction that erases. A row that is still there afterwards must be as it was sealed.
    """
    actor.must(Can.CLOSE_DAYS, over=park)
    at, listed = clock.now(), list(tables)
    made = [signed(Afterword(park=park, table=table, row=0, what=AfterwordKind.ERASED.value, day=day, digest=GONE, at=at))
            for day in days for table in listed]
    Afterword.objects.bulk_create(made, batch_size=2000)
    return len(made)
