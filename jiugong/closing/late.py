"""What the house writes of a day that is closed is written down, in the same transaction, under the key of the seal.

So evidence that arrives late is kept and marked, and what an action rightly changes later (a walk-in gets his name, a tube
its seal) is told from what somebody changed past the house. The look is taken after the write: whoever closes the day waits for
writers that began before (`actions/waiting.py`), so that a row is in the seal or late, never neither. A row of today costs
no question.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, transaction
from django.db.models import Model, QuerySet
from django.db.models.sql import Query

from jiugong.closing.happenings import ClosedDayTouched
from jiugong.closing.logic.sealing import mac
from jiugong.closing.models import Afterword, AfterwordKind, Closing
from jiugong.closing.rows import digests_by_number, is_moment, model_of, parts
from jiugong.lib import clock, days, keeping, secrets
from jiugong.lib.acting import tell
from jiugong.lib.keeping import Table
from jiugong.registry.models import Park

ALWAYS = date.min                                               # since when a state stands
NEVER = {"closing_afterword"}                                   # it speaks for itself
GONE = b"\0" * 12
ONCE = 8                                                        # bytes of a mac by which one afterword is told from another


@dataclass(frozen=True, kw_only=True)
class Stood:
    """Where a row stood: in which park, on which day it happened, or since when it holds."""

    park_id: int | None
    day: date | None


def is_watched(model: type[Model]) -> bool:
    """Is it a table that days seal? A migration's own model of it is not."""
    table = keeping.tables().get(model._meta.db_table)
    return table is not None and table.is_sealed_by_day and table.name not in NEVER and model_of(table.name) is model


def only_ciphertexts(query: Any) -> bool:
    """Does an update only seal anew what was sealed, as turning the keys does?"""
    sealed = keeping.tables()[query.model._meta.db_table].sealed_with
    return bool(sealed) and {field.column for field, _model, _value in query.values} <= set(sealed)


# --- before and after a write ---------------------------------------------------------------------------------------

def rows_of(query: Any) -> dict[int, Stood]:
    """Where the rows stand that a query is about to change."""
    asked: Any = query.chain(klass=Query)
    asked.select_related = False
    asked.clear_ordering(force=True)
    asked.clear_select_clause()
    return _stand(QuerySet(model=query.model, query=asked))


def rows_were_inserted(model: type[Model], made: Sequence[Any], returning: Any, rows: Sequence[Any]) -> None:
    """Objects were inserted: those of a closed day are late."""
    table = keeping.tables()[model._meta.db_table]
    if table.stands:
        return                                                  # the next seal has it
    stood = [(at, where) for at, each in enumerate(made) if (where := _stood(table, each)).day is not None]
    past = {at: where for at, where in stood if not _is_today_or_later(where)}
    if not past or not (closed := _closed_of(table, past.values())):
        return
    place = next((at for at, field in enumerate(returning or ()) if field.primary_key), None)
    numbers: dict[int, Any] = {
        at: made[at].pk or (rows[at][place] if place is not None and rows else _found(model, made[at])) for at in past}
    _write(table, {numbers[at]: where for at, where in past.items() if numbers[at]}, closed, AfterwordKind.LATE)


def rows_were_appended(name: str, park_id: int, zone: ZoneInfo, key: str, moments: Mapping[str, datetime]) -> None:
    """Rows were inserted by SQL of a room's own."""
    _zones[park_id] = zone
    table = keeping.tables()[name]
    today = days.bounds(_today(zone), zone)[0]
    past = [each for each, at in moments.items() if at < today]
    if past and _closed_of(table, [Stood(park_id=park_id, day=days.day_of(moments[each], zone)) for each in past]):
        rows = model_of(name)._base_manager.filter(**{table.park: park_id, f"{key}__in": past})
        before = _stand(rows)
        _write(table, before, _closed_of(table, before.values()), AfterwordKind.LATE)


def rows_were_appended_after(name: str, last: int) -> None:
    """The same of many rows whose numbers nobody told."""
    table = keeping.tables().get(name)
    if table and table.is_sealed_by_day and not table.stands and Closing.objects.exists():
        before = _stand(model_of(name)._base_manager.filter(pk__gt=last))
        _write(table, before, _closed_of(table, before.values()), AfterwordKind.LATE)


def rows_were_changed(model: type[Model], before: Mapping[int, Stood]) -> None:
    """Rows were updated; where they stood or stand on a closed day, what they are now is written down."""
    table = keeping.tables()[model._meta.db_table]
    now: dict[int, Stood] = {}
    for part in parts(before):
        now |= _stand(model._base_manager.filter(pk__in=part))
    if closed := _closed_of(table, [*before.values(), *now.values()]):
        moved = {row: where for row, where in now.items() if where != before[row] and table.happened}
        _write(table, {row: where for row, where in now.items() if row in moved}, closed, AfterwordKind.LATE)
        _write(table, {row: where for row, where in before.items() if row in now}, closed, AfterwordKind.CHANGED)


def rows_were_removed(model: type[Model], before: Mapping[int, Stood]) -> None:
    """Rows were deleted by the house."""
    table = keeping.tables()[model._meta.db_table]
    _write(table, before, _closed_of(table, before.values()), AfterwordKind.REMOVED)


def rows_end(name: str, numbers: Iterable[int]) -> None:
    """Rows are about to be removed by SQL of a room's own: those that a seal covers are written down."""
    table = keeping.tables().get(name)
    if table is None or not Closing.objects.exists():
        return
    for part in parts(numbers):
        rows = model_of(name)._base_manager.filter(pk__in=part)
        if name == "closing_miss":
            stood = {pk: Stood(park_id=park_id, day=day) for pk, park_id, day in rows.values_list(
                "pk", "count__seal__park", "count__seal__day")}
        else:
            stood = _stand(rows) if table.is_sealed_by_day and name not in NEVER else {}
        _write(table, stood, _closed_of(table, stood.values()), AfterwordKind.REMOVED)


# --- which of them stand on a closed day -----------------------------------------------------------------------------

_zones: dict[int, ZoneInfo] = {}


def _zone(park_id: int) -> ZoneInfo:
    if park_id not in _zones:
        _zones[park_id] = Park.objects.get(pk=park_id).zone
    return _zones[park_id]


def forget_zones() -> None:
    """For tests, whose parks come and go under the same number."""
    _zones.clear()


def _is_today_or_later(where: Stood) -> bool:
    """A day is closed when it is over: on the house's clock, or the machine's where the house's stands in the past."""
    if where.park_id is None or where.day is None:
        return True
    return where.day >= _today(_zone(where.park_id))


def _today(zone: ZoneInfo) -> date:
    return max(days.day_of(clock.now(), zone), days.day_of(clock.machine_time(), zone))


def _stood(table: Table, made: Any) -> Stood:
    """Where an object that was just written stands."""
    park_id = _along(made, table.park, "_id")
    when = _along(made, "since" if table.holds else table.happened)
    when = ALWAYS if when is None and table.holds else when
    if isinstance(when, str):
        when = datetime.fromisoformat(when) if len(when) > len("2022-07-22") else date.fromisoformat(when)
    if isinstance(when, datetime) and park_id is not None:
        when = days.day_of(when if when.tzinfo else when.replace(tzinfo=UTC), _zone(park_id))
    return Stood(park_id=park_id, day=when if park_id is not None and isinstance(when, date) else None)


def _along(made: Any, path: str, tail: str = "") -> Any:
    *steps, last = path.split("__")
    for step in steps:
        made = getattr(made, step)
    return getattr(made, last + tail)


def _stand(rows: QuerySet[Any]) -> dict[int, Stood]:
    table = keeping.tables()[rows.model._meta.db_table]
    if table.stands:
        return {pk: Stood(park_id=park_id, day=ALWAYS) for pk, park_id in rows.values_list("pk", table.park)}
    when = "since" if table.holds else table.happened
    found, moment = {}, not table.holds and is_moment(table)
    for pk, park_id, at in rows.values_list("pk", table.park, when):
        day: date | None = ALWAYS if at is None and not moment else at
        if moment and park_id is not None and at is not None:
            day = days.day_of(at, _zone(park_id))
        found[pk] = Stood(park_id=park_id, day=day)
    return found


def _closed_of(table: Table, stood: Iterable[Stood]) -> set[tuple[int, date]]:
    """The closed days among those on which rows stand; for rows that hold, each day from which one is closed."""
    wanted = {(each.park_id, each.day) for each in stood if each.park_id is not None and each.day is not None}
    past = {each for each in wanted if not _is_today_or_later(Stood(park_id=each[0], day=each[1]))}
    if not past:
        return set()
    first, last = min(day for _park, day in past), max(day for _park, day in past)
    closings = Closing.objects.filter(park_id__in={park for park, _day in past}, day__gte=first)
    if table.happened:
        return past & set(closings.filter(day__lte=last).values_list("park_id", "day"))
    closed = set(closings.values_list("park_id", "day"))
    return {each for each in past if any(park == each[0] and day >= each[1] for park, day in closed)}


def _found(model: type[Model], made: Any) -> int | None:
    """The number of a row that a database did not tell, as where a row that is there already is passed over."""
    kept = {field.attname: getattr(made, field.attname) for field in model._meta.concrete_fields if not field.primary_key}
    plain = {name: value for name, value in kept.items() if not isinstance(value, dict | list)}
    return model._base_manager.filter(**plain).values_list("pk", flat=True).first()


# --- writing it down -------------------------------------------------------------------------------------------------

def _write(table: Table, rows: Mapping[int, Stood], closed: set[tuple[int, date]], what: AfterwordKind) -> None:
    mine = {row: where for row, where in rows.items() if (where.park_id, where.day) in closed}
    if not mine:
        return
    there = {} if what is AfterwordKind.REMOVED else digests_by_number(table.name, mine)
    at, parks = clock.now(), Park.objects.in_bulk({where.park_id for where in mine.values() if where.park_id is not None})
    with transaction.atomic(using=connections["default"].alias):
        Afterword.objects.bulk_create([
            signed(Afterword(park=parks[where.park_id], table=table.name, row=row, what=what.value, at=at,
                             day=where.day if table.happened else None, digest=there.get(row, GONE)))
            for row, where in mine.items() if where.park_id is not None], batch_size=2000)
        if table.touches_are_told:
            for park_id, day in sorted({(where.park_id or 0, where.day or ALWAYS) for where in mine.values()}):
                tell(ClosedDayTouched(park_id=park_id, day=day, removed=what is AfterwordKind.REMOVED))


def signed(word: Afterword) -> Afterword:
    """The same under the key of the seal; no two are alike, so that an older one that is copied is known for a copy."""
    word.mac = mac_of(word, os.urandom(ONCE))
    return word


def mac_of(word: Afterword, once: bytes) -> bytes:
    made = mac(secrets.ring().seal_key, "afterword", once, str(word.park.uid), word.table, str(word.row), word.what,
               str(word.day or ""), bytes(word.digest), word.at.astimezone(UTC).isoformat())
    return once + made[ONCE:]
