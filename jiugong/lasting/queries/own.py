"""What is kept about one person, row by row, as he may read it and take it with him."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jiugong.lasting.queries.ending import model_of
from jiugong.lib import keeping
from jiugong.lib.keeping import Personal, Table
from jiugong.registry.models import Person

HIDDEN = (Personal.INDEX, Personal.SEALED)         # made of his numbers for our use; files that hold others, too
SECRETS = {"secret", "key"}                        # what opens a door is nobody's to read
MOST = 5000


def counts_about(person: Person) -> dict[str, int]:
    """How many rows of each table are about somebody."""
    return {table.name: count for table in _tables() if (count := _rows(table, person).count())}


def copy_of(person: Person) -> dict[str, list[dict[str, str]]]:
    """Every row about somebody, by table; his own numbers masked, for whoever gave him a link could read them there without
    the reason that a look at them takes.
    """
    return {table.name: [_told(table, row, person) for row in _rows(table, person).order_by("pk")[:MOST]]
            for table in _tables() if _rows(table, person).exists()}


def _tables() -> list[Table]:
    return [table for _name, table in sorted(keeping.tables().items()) if table.person and "user" not in table.person]


def _rows(table: Table, person: Person) -> QuerySet[Any]:
    rows: QuerySet[Any] = QuerySet(model_of(table.name))
    return rows.filter(**{table.person: person.pk})


def _told(table: Table, row: Any, person: Person) -> dict[str, str]:
    told: dict[str, str] = {}
    for field in row._meta.concrete_fields:
        kind, value = table.personal.get(field.column), getattr(row, field.attname)
        if value in (None, "") or kind in HIDDEN or (kind and kind.value in SECRETS) or field.name in ("id", "uid"):
            continue
        if kind in (Personal.NUMBER, Personal.PHONE):
            told |= _opened(table, field.column, person)
        elif not isinstance(value, bytes | memoryview) and not field.is_relation:
            told[field.name] = value.isoformat() if isinstance(value, datetime) else str(value)
        elif field.is_relation and value != person.pk:
            told[field.name] = str(getattr(row, field.name)) if field.related_model is not Person else ""
    return {name: value for name, value in told.items() if value}


def _opened(table: Table, column: str, person: Person) -> Mapping[str, str]:
    """His own numbers stand on his own row; elsewhere they are the same."""
    if table.name != "registry_person":
        return {}
    return {"id_number": person.masked_id} if column == "id_sealed" else {"phone": person.masked_phone}
