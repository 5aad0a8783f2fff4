"""Writing the many new rows of a roster at once, the quickest way that each database knows; meanwhile nobody else writes on SQLite.

The columns are those of the models; what the database promises it keeps here too.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Model

from jiugong.lib.keeping import rows_were_appended_after
from jiugong.registry.models import Park, Person


def append_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows, each the values of these columns, in the transaction that is open. Raises IntegrityError."""
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    last = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
    _write(table, names, columns, rows)
    rows_were_appended_after(table, last)


def _write(table: str, names: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            insert = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))})'      # noqa: S608 — our own names
            cursor.executemany(insert, [[_as_sqlite_keeps_it(value) for value in row] for row in rows])
            return
        with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def append_people(park: Park, people: Sequence[Person]) -> None:
    """Write new people and tell each his number."""
    if not people:
        return
    last = Person.objects.aggregate(last=Max("pk"))["last"] or 0
    columns = [field.attname for field in Person._meta.concrete_fields if not field.primary_key]
    append_rows(Person, columns, ([getattr(person, column) for column in columns] for person in people))
    numbers = dict(Person.objects.filter(park=park, pk__gt=last).order_by().values_list("uid", "pk"))
    for person in people:
        person.pk = numbers[person.uid]
        person._state.adding, person._state.db = False, connection.alias


def _as_sqlite_keeps_it(value: Any) -> Any:
    if type(value) is datetime:
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if type(value) is date:
        return value.isoformat()
    return value.hex if type(value) is UUID else value
