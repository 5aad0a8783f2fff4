"""Making the seal of a day: its tables row by row, its counts, and the seal before it, in one line under the seal key."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from typing import Any

from jiugong.closing.actions.settling import Settled
from jiugong.closing.heads import Head
from jiugong.closing.logic import sealing
from jiugong.closing.models import Closing, Count, Miss, Seal, SealedTable
from jiugong.closing.rows import digests, rows_of_day, sealed_tables
from jiugong.lib import progress, secrets
from jiugong.registry.models import Park

OWN = ("closing_closing", "closing_count", "closing_miss")      # rows of the seal itself


def read_day(park: Park, day: date) -> dict[str, dict[int, bytes]]:
    """The digest of every row of a day, by table."""
    found, tables = {}, sealed_tables()
    for at, table in enumerate(tables, start=1):
        found[table.name] = digests(table.name, rows_of_day(table, park, day))
        progress.step(at, len(tables) + 1)
    return found


def rows_of_seal(table: str, seal: Seal) -> Any:
    """The rows that belong to a seal rather than to its day."""
    if table == "closing_closing":
        return Closing.objects.filter(pk=seal.closing_id)
    return Count.objects.filter(seal=seal) if table == "closing_count" else Miss.objects.filter(count__seal=seal)


def keep_counts(seal: Seal, settled: Sequence[Settled]) -> None:
    """Write what the day came to, and every miss."""
    counts = Count.objects.bulk_create([Count(
        seal=seal, kind=each.kind.value, key=each.key, window=each.window, subject=each.subject, title_zh=each.zh[:200],
        title_en=each.en[:200], owed=each.covered.owed, done=each.covered.done, excused=each.covered.excused,
        missed=each.covered.missing) for each in settled])
    Miss.objects.bulk_create([
        Miss(count=count, person_id=missed.person_id, unit_id=missed.unit_id, place_id=missed.place_id)
        for count, each in zip(counts, settled, strict=True) for missed in each.misses], batch_size=4000)


def keep_tables(seal: Seal, found: dict[str, dict[int, bytes]]) -> list[SealedTable]:
    """Write the digests of the day's rows, and of the seal's own."""
    for table in OWN:
        found = {**found, table: digests(table, rows_of_seal(table, seal))}
    return SealedTable.objects.bulk_create([
        SealedTable(seal=seal, table=table, rows=len(rows), blob=(blob := sealing.packed(rows)),
                    digest=digest_of(seal, table, blob)) for table, rows in sorted(found.items()) if rows])


def digest_of(seal: Seal, table: str, blob: bytes) -> bytes:
    return sealing.mac(secrets.ring().seal_key, "table", str(seal.park.uid), str(seal.day), table, blob)


def content_of(seal: Seal, tables: Iterable[SealedTable], before: Seal | None) -> str:
    """What a seal says. Every column of its row is in it, so that none can be changed alone."""
    listed = sorted(tables, key=lambda each: each.table)
    return sealing.written({
        "park": str(seal.park.uid), "row": seal.pk, "closing": seal.closing_id, "day": str(seal.day), "number": seal.number,
        "release": seal.release, "sealed_at": seal.sealed_at.astimezone(UTC).isoformat(), "sealed_by": seal.sealed_by,
        "sealed_by_name": mark_of_name(seal),
        "previous": [before.pk, str(before.day), bytes(before.mac).hex()] if before else None,
        "tables": [[each.pk, each.table, each.rows, bytes(each.digest).hex()] for each in listed]})


def mark_of_name(seal: Seal) -> str:
    """Whose name stands in the seal, without telling it: what is kept of people ends one day, and the seal stays."""
    return sealing.mac(secrets.ring().seal_key, "name", str(seal.park.uid), seal.sealed_by_name).hex()[:24]


def mac_of(seal: Seal) -> bytes:
    return sealing.mac(secrets.ring().seal_key, "seal", seal.content)


def mac_of_closing(park: Park, day: date) -> bytes:
    """That the house began to close a day."""
    return sealing.mac(secrets.ring().seal_key, "closing", str(park.uid), str(day))


def head_of(seal: Seal, tables: Iterable[SealedTable]) -> Head:
    """What is remembered of a seal beside the keys."""
    alike = sealing.likeness(secrets.ring().seal_key, str(seal.park.uid), str(seal.day), (
        (each.table, bytes(each.digest)) for each in tables if each.table not in OWN))
    return Head(number=seal.number, day=str(seal.day), row=seal.pk, mac=bytes(seal.mac).hex(), likeness=alike)
