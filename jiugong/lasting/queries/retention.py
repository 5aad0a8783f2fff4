"""What is past its time: logs and what is in hand, by the days that a park's rules say."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from jiugong.lasting.queries.ending import leads_to, model_of
from jiugong.lib import days, keeping
from jiugong.lib.keeping import RETENTIONS, Table
from jiugong.policy.errors import NotInForce
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import value_on

LEAST = {"log": 180}               # the legal least (网络安全法 art. 21): no rule of a park goes below it
ENDS = ("until_at", "until", "last_at", "ended_at")        # a row that goes on is not past its time


def days_kept(keep: str, park: Park | None, day: date) -> int | None:
    """For how many days a class of data is kept. None: until the emergency ends, or for good."""
    said = RETENTIONS[keep].days
    if said is None:
        return None
    if park:
        with suppress(NotInForce):                         # then the house's own number, which says that it is assumed
            said = int(str(value_on(park, f"retention.{keep}_days", day)))
    return max(said, LEAST.get(keep, 0))


def days_until_erased(park: Park, day: date) -> tuple[int, bool]:
    """Within how many days of the end of an emergency data is erased; and whether the rules say so."""
    try:
        return int(str(value_on(park, "retention.after_emergency_days", day))), True
    except NotInForce:
        return 30, False


def past_its_time(table: Table, park: Park | None, at: datetime) -> QuerySet[Any] | None:
    """The rows of a table that may go. None: its rows have no time of their own."""
    day = days.day_of(at, park.zone) if park else at.date()
    kept = days_kept(table.keep, park, day)
    if kept is None or not table.happened or bool(table.park) != bool(park):
        return None
    model, since = model_of(table.name), at - timedelta(days=kept)
    rows: QuerySet[Any] = QuerySet(model)
    if park:
        rows = rows.filter(**{table.park: park.pk})
    kinds = {field.name: field.get_internal_type() for field in model._meta.concrete_fields}
    for name in {table.happened, *[each for each in ENDS if each in kinds][:1]}:
        is_day = kinds.get(name) == "DateField"
        rows = rows.filter(**{f"{name}__lt": since.date() if is_day else since})
    for other, column in leads_to(model):
        rows = rows.exclude(pk__in=QuerySet(other).filter(**{f"{column}__isnull": False}).values(column))
    return rows


def all_past(park: Park | None, at: datetime) -> dict[str, int]:
    """How many rows of each table go with the next pass: listed before they go."""
    told = {}
    for name, table in sorted(keeping.tables().items()):
        rows = past_its_time(table, park, at)
        if rows is not None and (count := rows.count()):
            told[name] = count
    return told
