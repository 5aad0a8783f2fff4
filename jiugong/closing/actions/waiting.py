"""Between "this day is being closed" and its seal: whoever wrote before is waited for, and the rows are read as of one moment.

A writer looks whether its day is closed after it has written. So whoever did not see the closing had written when it was
committed, and is among those who are waited for here. SQLite has one writer: there is nobody to wait for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import connection, transaction

from jiugong.closing.errors import StillBeingWritten

LONGEST = 30                                                    # seconds
A_WHILE = 0.02
# A day's rows are newer than what PostgreSQL has counted of its tables: it believes them few, and would read all of them anew for
# each of 20,000 people. Whole days are read here, which is joined by hashing whatever it believes.
WHOLE_DAYS = "SET LOCAL enable_nestloop = off"
WRITING = ("SELECT pid, backend_xid::text FROM pg_stat_activity WHERE datname = current_database()"
           " AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL")


def wait_for_writers() -> None:
    """Wait until every transaction that is writing now has ended. Raises StillBeingWritten."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    until, before = monotonic() + LONGEST, _writing()
    while before & _writing():
        if monotonic() > until:
            raise StillBeingWritten()
        sleep(A_WHILE)


def _writing() -> set[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(WRITING)
        return set(cursor.fetchall())


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything inside as it stood at one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute(WHOLE_DAYS)
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")                    # Django's own would hold up everybody who writes
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
