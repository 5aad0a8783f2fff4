"""Erasing: step after step, each safe to interrupt and to repeat, until nothing of the park's people is left but the report.

Rows go in batches of their own transactions, so that another park goes on scanning meanwhile. Whatever kills us, the next call
goes on where this one stopped: what a batch did is counted in the transaction of the batch.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from jiugong.accounts.models import Membership, User
from jiugong.accounts.remembering import forget
from jiugong.lasting.actions.backing_up import (
    back_up,
    backups_folder,
    destroy,
    drafts,
    named_by_the_moment,
    wipe_folder,
)
from jiugong.lasting.actions.endings import is_by_our_word
from jiugong.lasting.actions.reporting import write_report
from jiugong.lasting.actions.sweeping import sweep, write_over_what_is_deleted
from jiugong.lasting.errors import NothingProposed
from jiugong.lasting.happenings import RowsErased
from jiugong.lasting.logic.ending import ACCOUNTS, KEYS_THAT_STAY, End, columns_that_end, keeps_keys
from jiugong.lasting.models import Erasure, ErasureStage
from jiugong.lasting.queries.backups import kept_backups
from jiugong.lasting.queries.ending import (
    accounts_of,
    blank_of,
    days_of,
    ends,
    leads_to,
    model_of,
    rows_that_end,
    that_tell,
)
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.lib.keeping import FILES, Table, rows_end
from jiugong.lib.wiping import wipe_file
from jiugong.registry.actions.keys import rotate_keys
from jiugong.registry.actions.parks import ANYWHERE
from jiugong.registry.models import Park, Person

BATCH = 1000


def erase(erasure: Erasure, *, actor: Actor) -> Erasure:
    """Do what was released, or go on with it. Returns it done, with its report. Raises StoreBusy; then call it again.

    Raises NothingProposed where the row says that it was released and nobody here released it.
    """
    actor.must(Can.RUN_SERVER, over=ANYWHERE)
    if erasure.stage == ErasureStage.RELEASED and not is_by_our_word(erasure):
        raise NothingProposed()
    write_over_what_is_deleted(connection)
    for name, step in STEPS:
        erasure.refresh_from_db()
        if erasure.stage == ErasureStage.RELEASED and name not in erasure.steps:
            step(erasure, actor)
            with transaction.atomic():
                erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
                erasure.steps = [*erasure.steps, name]
                erasure.save(update_fields=["steps"])
    erasure.refresh_from_db()
    return erasure


# rows -----------------------------------------------------------------------------------------------------------------

def count_the_days(erasure: Erasure, actor: Actor) -> None:
    """Keep the figures that stay, before what they count goes."""
    if "days" not in erasure.done:
        _keep(erasure, "days", days_of(erasure.park))


def end_rows(erasure: Erasure, actor: Actor) -> None:
    """Delete rows, or blank what they tell; those that lead to others first."""
    park, but = erasure.park, _deciders(erasure)
    found = ends(park, but=but)
    deleted = [name for name, (_table, end) in found.items() if end is End.DELETED]
    with transaction.atomic():
        tell(RowsErased(park_id=park.pk, tables=tuple(deleted)))
    _close_accounts(park, but)
    for name in _blanked_first(found):
        _blank(erasure, found[name][0], rows_that_end(found[name][0], park, but=but))
    for name in in_order(deleted):
        _let_go(found[name][0], park, but)
        _delete(erasure, found[name][0], park, but)


def _deciders(erasure: Erasure) -> tuple[int, ...]:
    """The accounts of the two who decided: they can still fetch the report, whose names it holds."""
    keys = (erasure.proposed_by, erasure.released_by)
    return tuple(int(key.removeprefix("user:")) for key in keys if key.startswith("user:"))


def _blanked_first(found: dict[str, tuple[Table, End]]) -> list[str]:
    """Accounts last: which they are is read from what else stands there."""
    names = [name for name, (_table, end) in found.items() if end is End.BLANKED]
    return sorted(names, key=lambda name: (name == ACCOUNTS, name))


def _close_accounts(park: Park, but: tuple[int, ...]) -> None:
    """Nobody of this park alone signs in any more."""
    now, gone = clock.now(), list(accounts_of(park, but=but).values_list("pk", flat=True))
    with transaction.atomic():
        User.objects.filter(pk__in=gone).update(is_active=False)
        Membership.objects.filter(user__in=gone, until_at=None).update(until_at=now)
        transaction.on_commit(forget)


def _blank(erasure: Erasure, table: Table, rows: QuerySet[Any] | None) -> None:
    """Take out of rows that stay what they tell of somebody."""
    if rows is None or not table.personal:
        return
    fields = {field.column: field for field in rows.model._meta.concrete_fields if field.column in table.personal}
    numbers = list(that_tell(rows, table).order_by("pk").values_list("pk", flat=True))
    for part in _parts(numbers):
        with transaction.atomic():
            for column, field in fields.items():
                _blank_column(rows.model, field, part, keys_stay=keeps_keys(table.personal[column]))
            _count(erasure, table.name, "blanked", part)


def _blank_column(model: type[Model], field: Any, part: list[Any], *, keys_stay: bool) -> None:
    held: QuerySet[Any] = QuerySet(model).filter(pk__in=part)
    if keys_stay:
        held = held.exclude(**{f"{field.name}__regex": KEYS_THAT_STAY})
    if field.unique and not field.null:
        for number in held.values_list("pk", flat=True):
            QuerySet(model).filter(pk=number).update(**{field.name: blank_of(field, number)})
    else:
        held.update(**{field.name: blank_of(field)})


def in_order(names: Iterable[str]) -> list[str]:
    """The tables so that whoever leads to another's rows comes before it."""
    left, ordered = {name: model_of(name) for name in sorted(names)}, []
    while left:
        free = [name for name, model in left.items()
                if not any(each is not model and each._meta.db_table in left for each, _column in leads_to(model))]
        for name in free or list(left):
            ordered.append(name)
            del left[name]
    return ordered


def _let_go(table: Table, park: Park, but: tuple[int, ...]) -> None:
    """Rows that stay, or that lead to each other, lead nowhere any more, where they may."""
    model = model_of(table.name)
    for (other, column), may_be_empty in leads_to(model).items():
        if may_be_empty:
            rows = rows_that_end(table, park, but=but)
            QuerySet(other).filter(**{f"{column}__in": rows}).update(**{column: None})


def _delete(erasure: Erasure, table: Table, park: Park, but: tuple[int, ...]) -> None:
    """Delete the rows of a table in batches. A row to which one that stays must lead is left blank instead."""
    rows = rows_that_end(table, park, but=but)
    if rows is None:
        return
    model = rows.model
    needed: set[Any] = set()
    for (other, column), may_be_empty in leads_to(model).items():
        if not may_be_empty:
            needed |= set(QuerySet(other).filter(**{f"{column}__in": rows}).values_list(column, flat=True))
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    gone = [number for number in numbers if number not in needed]
    for part in _parts(gone):
        with transaction.atomic(), connection.cursor() as cursor:
            rows_end(table.name, part)                          # what a closed day sealed of them is known to have ended
            places = ", ".join(["%s"] * len(part))
            key = model._meta.pk
            cursor.execute(f'DELETE FROM "{table.name}" WHERE "{key.column}" IN ({places})',                # noqa: S608
                           [key.get_db_prep_value(each, connection) for each in part])
            _count(erasure, table.name, "deleted", part)
    _blank(erasure, table, QuerySet(model).filter(pk__in=needed.intersection(numbers)))


def _parts(numbers: list[Any]) -> Iterable[list[Any]]:
    return (numbers[first:first + BATCH] for first in range(0, len(numbers), BATCH))


def _count(erasure: Erasure, table: str, what: str, part: list[Any]) -> None:
    """Count in the transaction of the batch what it did: a kill neither loses a row of the count nor counts it twice."""
    held = Erasure.objects.select_for_update().get(pk=erasure.pk)
    told = held.done.setdefault("rows", {}).setdefault(table, {})
    told[what] = told.get(what, 0) + len(part)
    held.save(update_fields=["done"])


# files, backups, keys, the store --------------------------------------------------------------------------------------

def wipe_files(erasure: Erasure, actor: Actor) -> None:
    """What stands of this park's people beside the database: after their rows, so that nobody makes it again."""
    for kept in FILES:
        before, mark, _after = kept.path.partition("{park}")
        if mark:
            wipe_folder(settings.HOME / before / str(erasure.park.uid))


def destroy_backups(erasure: Erasure, actor: Actor) -> None:
    """Every file that this installation wrote goes, whatever park it holds: nobody can take one park out of it."""
    with drafts():                           # one that is being made now is on the list then, and what a killed one left goes
        pass
    told = list((erasure.done or {}).get("backups", []))
    for backup in kept_backups():
        destroy(backup, because="erasure", actor=actor)
        told.append({"sha256": backup.sha256, "made_at": backup.made_at.isoformat(), "opened_by_passphrase": backup.has_keys})
        _keep(erasure, "backups", told)


def destroy_keys(erasure: Erasure, actor: Actor) -> None:
    """A fresh key seals what stays, and all older keys go: what they sealed anywhere opens nowhere any more."""
    dropped = 0
    if len(secrets.ring().keys) > 1:                                 # a rotation that was not finished
        dropped += rotate_keys(actor=actor).dropped
    dropped += rotate_keys(actor=actor).dropped
    for path in settings.KEYS.glob("*.before-restore"):
        wipe_file(path)
    _keep(erasure, "keys", {"dropped": dropped})


def sweep_the_store(erasure: Erasure, actor: Actor) -> None:
    """Nothing of what was deleted stays in the file of the database or beside it."""
    told = {name: columns_that_end(table) for name, (table, _end) in ends(erasure.park).items()}
    _keep(erasure, "store", sweep(connection, told))


def report(erasure: Erasure, actor: Actor) -> None:
    """Write and sign what was done. From here on it is done."""
    write_report(erasure)
    note("erasure.done", actor=actor, at=clock.now(), park_id=erasure.park_id, subject=f"erasure:{erasure.uid}",
         list_sha256=erasure.list_sha256)


def back_up_the_others(erasure: Erasure, actor: Actor) -> None:
    """The other parks' backups went with this one's: they get a new one at once."""
    if (erasure.done or {}).get("backups") and Person.objects.exclude(park=erasure.park).exists():
        backups_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        back_up(named_by_the_moment(), actor=actor)


def _keep(erasure: Erasure, what: str, told: Any) -> None:
    with transaction.atomic():
        held = Erasure.objects.select_for_update().get(pk=erasure.pk)
        held.done[what] = told
        held.save(update_fields=["done"])
    erasure.done = held.done


STEPS: tuple[tuple[str, Callable[[Erasure, Actor], None]], ...] = (
    ("days", count_the_days), ("rows", end_rows), ("files", wipe_files), ("backups", destroy_backups), ("keys", destroy_keys),
    ("store", sweep_the_store), ("others", back_up_the_others), ("report", report))
