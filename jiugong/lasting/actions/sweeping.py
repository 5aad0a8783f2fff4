"""Sweeping the store: what was deleted does not stay in the database's files as far as we can reach.

SQLite writes nothing over what it deletes unless it is told to, and keeps old pages in its journal; PostgreSQL keeps old
versions of rows, and samples of columns in its statistics. What the disk below keeps is beyond us: docs/concerns/data-that-ends.md.
"""

from collections.abc import Mapping
from time import sleep
from typing import Any

from django.db import DatabaseError

from jiugong.lasting.errors import StoreBusy

TRIES, LONGEST_TRIES, PAUSE = 20, 600, 0.5


def sweep(database: Any, tables: Mapping[str, list[str]]) -> dict[str, Any]:
    """Rewrite what held the deleted rows: tables with their columns that told of people. Returns what was done, in codes.

    Raises StoreBusy.
    """
    return _sweep_sqlite(database) if database.vendor == "sqlite" else _sweep_postgresql(database, tables)


def _sweep_sqlite(database: Any) -> dict[str, Any]:
    with database.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        for _try in range(TRIES):
            try:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                is_busy = cursor.fetchone()[0]
            except DatabaseError:
                is_busy = True
            if not is_busy:
                return {"store": "sqlite", "did": ["secure_delete", "vacuum", "wal_truncated"]}
            sleep(PAUSE)
    raise StoreBusy()


def _sweep_postgresql(database: Any, tables: Mapping[str, list[str]]) -> dict[str, Any]:
    did = ["vacuum_full", "statistics_dropped"]
    with database.cursor() as cursor:
        _wait_for_older_readers(cursor)
        for table, columns in sorted(tables.items()):
            _drop_statistics(cursor, table, columns)
            cursor.execute(f'VACUUM (FULL, ANALYZE) "{table}"')
        for statement, name in (("VACUUM FULL pg_statistic", "catalogue_rewritten"), ("CHECKPOINT", "checkpoint")):
            try:
                cursor.execute(statement)
                did.append(name)
            except DatabaseError:                                  # only the database's owner, or a superuser, may
                did.append(f"{name}_refused")
    return {"store": "postgresql", "did": did}


def _wait_for_older_readers(cursor: Any) -> None:
    """Whoever began before the rows went may still see them, and PostgreSQL keeps them for him. Raises StoreBusy.

    Also a write that goes on in another database of the same server: our own look at the store is as old as the oldest of them.
    """
    cursor.execute("SELECT pg_current_xact_id()::text")
    [ours] = cursor.fetchone()
    for _try in range(LONGEST_TRIES):
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) <= %s::xid8 OR EXISTS (SELECT 1 FROM pg_stat_activity "
                       "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                       "AND age(backend_xmin) >= age(%s::xid8::xid))", [ours, ours])
        if not cursor.fetchone()[0]:
            return
        sleep(PAUSE)
    raise StoreBusy()


def _drop_statistics(cursor: Any, table: str, columns: list[str]) -> None:
    """Samples of what stood in a column stay in the statistics of an empty table until its type is said again."""
    cursor.execute("SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = %s::regclass "
                   "AND a.attnum > 0 AND NOT a.attisdropped AND EXISTS (SELECT 1 FROM pg_statistic s WHERE s.starelid = "
                   "a.attrelid AND s.staattnum = a.attnum) AND a.attname = ANY(%s)", [f'"{table}"', columns])
    for column, kind in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind}')


def write_over_what_is_deleted(database: Any) -> None:
    """From now on this connection writes over what it deletes (SQLite)."""
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")

