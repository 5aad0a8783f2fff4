"""Appending many specimens at once, the quickest way that each database knows: COPY, or one statement for many rows.

The same columns as `Specimen`; what the database promises (once, of one subject) it keeps here too.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from django.db import connection

from jiugong.screening.models import Specimen


class SpecimenRow(NamedTuple):
    """One swab, in the order of the table's columns below."""

    park_id: int
    scan_id: str
    round_id: int
    tube_id: int
    position: int
    kind: str
    person_id: int | None
    id_sealed: bytes | None
    id_index: bytes | None
    place_id: int | None
    lot: str
    scanner_id: int | None
    scanner_sealed: bytes | None
    scanner_index: bytes | None
    device: str
    sampled_at: datetime
    device_at: datetime
    received_at: datetime
    skew_seconds: int | None
    again: bool
    bound_by: str


COLUMNS = ", ".join(SpecimenRow._fields)
TABLE = Specimen._meta.db_table
INSERT = f"INSERT INTO {TABLE} ({COLUMNS}) VALUES ({', '.join(['%s'] * len(SpecimenRow._fields))})"      # noqa: S608 — our own names
FEW = 40                                     # rows for which COPY does not pay
COPY = f"COPY {TABLE} ({COLUMNS}) FROM STDIN"


def append_specimens(rows: Sequence[SpecimenRow]) -> None:
    """Write the rows in the transaction that is open. Raises IntegrityError where one of the scans is there already."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            texts = _as_sqlite_keeps_it(rows)
            cursor.executemany(INSERT, [[texts.get(value, value) for value in row] for row in rows])
        elif len(rows) < FEW:
            with connection.wrap_database_errors:
                psycopg.Cursor(connection.connection).executemany(INSERT, rows)        # on one way there and back
        else:
            with connection.wrap_database_errors, cursor.copy(COPY) as copy:
                for row in rows:
                    copy.write_row(row)


def _as_sqlite_keeps_it(rows: Sequence[SpecimenRow]) -> dict[Any, Any]:
    """Each moment of these rows as text; most rows of one sending share theirs."""
    moments = {moment for row in rows for moment in (row.sampled_at, row.device_at, row.received_at)}
    return {moment: connection.ops.adapt_datetimefield_value(moment) for moment in moments}
