"""Turning the keys: a fresh key, everything sealed under it, and the old keys gone once nothing needs them.

Safe to interrupt and to repeat: a ring with more than one key is a rotation that was not finished, and is finished
first. Blind indexes stay, because their key would have to change everywhere at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.secrets import KeyRing
from jiugong.registry.actions.parks import ANYWHERE
from jiugong.registry.errors import SealedColumnForgotten
from jiugong.registry.models import Park
from jiugong.registry.sealed import SEALED, SealedColumn, forgotten_columns

BATCH = 500


@dataclass(frozen=True)
class Turned:
    """What a rotation did: the number of the current key, how many values were sealed anew, how many keys went."""

    current: int
    resealed: int
    dropped: int


def rotate_keys(*, actor: Actor) -> Turned:
    """Seal every secret under a fresh key, and drop the old keys. Each batch is a transaction of its own.

    Raises SealedColumnForgotten, before anything is done.
    """
    actor.must(Can.RUN_SERVER, over=ANYWHERE)
    if forgotten := forgotten_columns():
        raise SealedColumnForgotten(columns=", ".join(forgotten))

    if len(secrets.ring().keys) == 1:
        secrets.write_ring(secrets.ring().turned(), settings.KEY_RING_FILE)

    ring = secrets.ring()
    resealed = sum(_reseal(column, ring) for column in SEALED)
    resealed += _drop_old_keys(ring)

    dropped = len(ring.keys) - len(secrets.ring().keys)
    note("keys.rotated", actor=actor, at=clock.now(), resealed=resealed, dropped=dropped)
    return Turned(ring.current, resealed, dropped)


@transaction.atomic
def _drop_old_keys(ring: KeyRing) -> int:
    """Look once more while nobody else can write, seal the stragglers anew, and keep the current key alone."""
    list(Park.objects.select_for_update().order_by("pk"))            # no import is under way
    if connection.vendor == "postgresql":
        tables = ", ".join(sorted({connection.ops.quote_name(column.model._meta.db_table) for column in SEALED}))
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
    resealed = sum(_reseal(column, ring) for column in SEALED)
    secrets.write_ring(ring.without_old_keys(), settings.KEY_RING_FILE)
    return resealed


def _reseal(column: SealedColumn, ring: KeyRing) -> int:
    """Seal what stands under an old key under the current one. Returns the number of values."""
    keys = _under_old_keys(column, ring)
    return sum(_reseal_rows(column, keys[first:first + BATCH], ring) for first in range(0, len(keys), BATCH))


def _under_old_keys(column: SealedColumn, ring: KeyRing) -> list[Any]:
    rows: Iterator[tuple[Any, bytes]] = (
        column.model._default_manager.filter(**{f"{column.column}__isnull": False})
        .order_by("pk").values_list("pk", column.column).iterator(chunk_size=5000))
    return [key for key, sealed in rows if not ring.is_current(sealed)]


@transaction.atomic
def _reseal_rows(column: SealedColumn, keys: list[Any], ring: KeyRing) -> int:
    rows: list[Model] = []
    held = column.model._default_manager.select_for_update().filter(pk__in=keys)
    for row in held.only("pk", column.key, column.column):
        sealed = bytes(getattr(row, column.column) or b"")
        if sealed and not ring.is_current(sealed):
            where = column.where_of(row)
            setattr(row, column.column, ring.seal(ring.open(sealed, where=where), where=where))
            rows.append(row)
    column.model._default_manager.bulk_update(rows, [column.column], batch_size=BATCH)
    return len(rows)
