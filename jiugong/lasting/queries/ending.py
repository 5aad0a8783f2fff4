"""What of a park ends: which rows of which table, and the list of it."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.functions import TruncDate

from jiugong.accounts.models import Membership, User
from jiugong.lasting.logic.ending import (
    ACCOUNTS,
    GOES,
    KEYS_THAT_STAY,
    WRITES_ON,
    End,
    columns_that_end,
    end_of,
    keeps_keys,
    list_hash,
    rows_hash,
)
from jiugong.lib import keeping
from jiugong.lib.keeping import Table
from jiugong.registry.models import Park


def model_of(name: str) -> type[Model]:
    """The model of a table, those between two others included."""
    return next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == name)


def ends(park: Park, *, but: tuple[int, ...] = ()) -> dict[str, tuple[Table, End]]:
    """The tables of which something ends with a park, by name."""
    return {name: (table, end) for name, table in sorted(keeping.tables().items())
            if (end := end_of(table)) is not End.STAYS and rows_that_end(table, park, but=but) is not None}


def rows_that_end(table: Table, park: Park, *, but: tuple[int, ...] = ()) -> QuerySet[Any] | None:
    """The rows of a park in a table. None: the table is not a park's.

    `but` are the accounts of those who decide: they go last, by hand. What is in hand for everybody (sessions, jobs) goes whole:
    it is made anew, and nobody can tell whose it is without opening it.
    """
    model = model_of(table.name)
    rows: QuerySet[Any] = QuerySet(model)
    if table.name == ACCOUNTS:
        return rows.filter(pk__in=accounts_of(park, but=but))
    if table.park:
        return rows.filter(**{table.park: park.pk}) if table.park != "pk" else rows.filter(pk=park.pk)
    first, _way, rest = table.person.partition("__")
    if first == "user" or rest.startswith("user"):
        way = "user" if first == "user" else f"{first}__user"
        return rows.filter(**{f"{way}__in": accounts_of(park, but=but)})
    if table.person:
        return rows.filter(**{f"{table.person}__park": park.pk})
    return rows if table.keep == "working" else None


def that_tell(rows: QuerySet[Any], table: Table) -> QuerySet[Any]:
    """Of rows that are to be blanked, those that tell of somebody."""
    tells = Q(pk__in=[])
    for field in rows.model._meta.concrete_fields:
        if field.column not in table.personal:
            continue
        kind = field.get_internal_type()
        blank = Q(**{f"{field.name}__isnull": True}) if field.null else Q(pk__in=[])
        if kind == "JSONField":
            blank |= Q(**{field.name: {}}) | Q(**{field.name: []})
        elif kind == "BinaryField":
            blank |= Q(**{field.name: b""})
        elif field.unique:
            blank |= Q(**{f"{field.name}__startswith": "erased-"})
        else:
            blank |= Q(**{field.name: ""})
        if keeps_keys(table.personal[field.column]):
            blank |= Q(**{f"{field.name}__regex": KEYS_THAT_STAY})
        tells |= ~blank
    return rows.filter(tells)


def accounts_of(park: Park, *, but: tuple[int, ...] = ()) -> QuerySet[User]:
    """The accounts that are of this park alone: who holds or held a role elsewhere stays there."""
    elsewhere = Membership.objects.exclude(park=park).values("user")
    here = Q(memberships__park=park) | Q(person__park=park)
    return User.objects.filter(here).exclude(pk__in=elsewhere).exclude(pk__in=but).distinct()


def listed(park: Park, *, but: tuple[int, ...] = ()) -> dict[str, Any]:
    """The list that two people agree on: each table, how many rows, which columns, what becomes of them. It names nobody."""
    tables: dict[str, dict[str, Any]] = {}
    for name, (table, end) in ends(park, but=but).items():
        rows = rows_that_end(table, park, but=but)
        rows = that_tell(rows, table) if rows is not None and end is End.BLANKED else rows
        numbers = list(rows.order_by("pk").values_list("pk", flat=True)) if rows is not None else []
        if numbers:
            tables[name] = {"rows": len(numbers), "columns": columns_that_end(table), "what": end.value,
                            "purpose": table.purpose, "rows_sha256": rows_hash(numbers)}
    writes_on = {name for name in tables if keeping.tables()[name].keep in WRITES_ON or not keeping.tables()[name].park}
    return {"park": park.name, "tables": tables, "list_sha256": list_hash(tables, writes_on),
            "rows": sum(said["rows"] for said in tables.values()), "not_in_hash": sorted(writes_on)}


def days_of(park: Park) -> dict[str, dict[str, int]]:
    """The figures that stay: how many rows of each table there were on each day."""
    counts: dict[str, dict[str, int]] = {}
    for name, table in sorted(keeping.tables().items()):
        if table.keep not in GOES or not table.park or not table.happened:
            continue
        rows: QuerySet[Any] = QuerySet(model_of(name)).filter(**{table.park: park.pk})
        is_day = _field(model_of(name), table.happened).get_internal_type() == "DateField"
        day: Any = F(table.happened) if is_day else TruncDate(table.happened, tzinfo=park.zone)
        found = rows.order_by().annotate(_on=day).values("_on").annotate(rows=Count("pk"))
        if told := {str(each["_on"]): each["rows"] for each in found}:
            counts[name] = dict(sorted(told.items()))
    return counts


def _field(model: type[Model], path: str) -> Any:
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model                  # type: ignore[assignment]
    return model._meta.get_field(last)


def blank_of(field: Any, number: Any = None) -> Any:
    """What stands in a column that told of somebody."""
    if field.null:
        return None
    if field.unique:
        return f"erased-{number}"
    kind = field.get_internal_type()
    return {"BinaryField": b"", "JSONField": field.get_default() if field.has_default() else {}}.get(kind, "")


def leads_to(model: type[Model]) -> Mapping[tuple[type[Model], str], bool]:
    """The columns that lead to a table's rows: (model, column name) → may it be empty?"""
    back: list[Any] = [each for each in model._meta.get_fields(include_hidden=True)
                       if (each.one_to_many or each.one_to_one) and each.auto_created and not each.concrete]
    return {(each.related_model, each.field.name): each.field.null for each in back}
