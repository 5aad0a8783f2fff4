"""The rows of a day as the database itself writes them, and their digests.

The text of a row is made by the database, not read into Python and written again: whatever somebody puts into a column,
also what no field of ours could hold, changes it. An encrypted column stands for itself as "there" or "not there"; its
blind index is in the text, so that turning the keys changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import DateTimeField, Model, QuerySet, TextField
from django.db.models.expressions import RawSQL

from jiugong.closing.logic.sealing import row_digest
from jiugong.lib import days, keeping, secrets
from jiugong.lib.keeping import Table
from jiugong.registry.models import Park, holds_on

PART = 500                                   # as many numbers in one question
QUOTED = "quote(CASE WHEN instr({0}, char(0)) THEN CAST({0} AS BLOB) ELSE {0} END)"       # a text is quoted up to its first NUL


def sealed_tables() -> list[Table]:
    """Every table whose rows are part of their day's seal."""
    return sorted((table for table in keeping.tables().values() if table.is_sealed_by_day), key=lambda each: each.name)


@lru_cache(maxsize=1)
def _models() -> Mapping[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def model_of(table: str) -> type[Model]:
    return _models()[table]


def rows_of_day(table: Table, park: Park, day: date) -> QuerySet[Any]:
    """The rows of a park's table that happened on a day of the park, or held on it; of a state, every row."""
    rows = model_of(table.name)._base_manager.filter(**{table.park: park.pk})
    if table.stands:
        return rows
    if table.holds:
        return rows.filter(holds_on(day))
    if not is_moment(table):
        return rows.filter(**{table.happened: day})
    start, end = days.bounds(day, park.zone)
    return rows.filter(**{f"{table.happened}__gte": start, f"{table.happened}__lt": end})


def is_moment(table: Table) -> bool:
    """Does a table say when it happened, or only on which day?"""
    model = model_of(table.name)
    *steps, last = table.happened.split("__")
    for step in steps:
        model = model._meta.get_field(step).remote_field.model                # type: ignore[union-attr]
    return isinstance(model._meta.get_field(last), DateTimeField)


def digests(table: str, rows: QuerySet[Any]) -> dict[int, bytes]:
    """The digest of each of some rows, by its number."""
    key = secrets.ring().seal_key
    said = rows.order_by().annotate(written=_text(table)).values_list("pk", "written")
    return {pk: row_digest(key, table, pk, text) for pk, text in said.iterator(chunk_size=5000)}      # SQLite writes bytes


def digests_by_number(table: str, numbers: Iterable[int]) -> dict[int, bytes]:
    """The same of rows by their numbers, wherever they belong now."""
    found: dict[int, bytes] = {}
    for part in parts(numbers):
        found |= digests(table, model_of(table)._base_manager.filter(pk__in=part))
    return found


def parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    listed = sorted(numbers)
    return (listed[start:start + PART] for start in range(0, len(listed), PART))


def _text(table: str) -> RawSQL:
    return RawSQL(_expression(table, connection.vendor), (), output_field=TextField())      # noqa: S611 — our own names


@lru_cache(maxsize=128)
def _expression(table: str, vendor: str) -> str:
    declared, quoted = keeping.tables().get(table), connection.ops.quote_name
    sealed = declared.sealed_with if declared else {}
    columns = [str(field.column) for field in model_of(table)._meta.concrete_fields]
    named = [(column, f"{quoted(table)}.{quoted(column)}") for column in columns]
    read = [f"({name} IS NULL)" if column in sealed else name for column, name in named]
    if vendor == "postgresql":
        return f"row({', '.join(read)})::text"
    written = " || '|' || ".join(QUOTED.format(each) for each in read)
    return f"CAST({written} AS BLOB)"
