"""What many tests stand on is made once by each worker and from then on laid down as rows: a park costs 80 ms to make.

    @pytest.fixture
    def town(groundwork: Groundwork) -> Town:
        return groundwork.lay(_lins_park)

The first time `_lins_park` does what it says, and what it wrote and answered is kept. Every further test finds the same rows
with the same keys, in a transaction of its own as ever, and a copy of the answer. This holds on the same ground alone: where
a test wrote rows of its own before, or laid other things, the maker is called again and nothing is kept. What was sealed with
one key ring is laid under that ring alone; some tests turn it.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import pytest
from django.apps import apps
from django.db import connection, transaction

from jiugong.lib import secrets

Made = TypeVar("Made")
Rows = list[Any]


@dataclass(frozen=True)
class Kept:
    """What a maker answered and wrote, and the tables that it wrote to as it found them."""

    answer: bytes
    found: dict[str, int]                              # how many rows
    replaced: dict[str, Rows]                          # the rows, where it changed some
    written: dict[str, Rows]


KEPT: dict[tuple[str, ...], Kept] = {}
NOT_KEPT = "made anew"


class Groundwork:
    """What one test stands on, from the bottom up."""

    def __init__(self) -> None:
        self.laid: tuple[str, ...] = ()

    def lay(self, make: Callable[..., Made], *on: Any) -> Made:
        """What `make` makes of what was laid before; its rows from memory where this worker made it before."""
        key = self.laid = (*(self.laid or (_keys_at_hand(),)), f"{make.__module__}.{make.__qualname__}")
        if NOT_KEPT in key:
            return make(*on)
        if key not in KEPT:
            return _make_and_keep(key, make, on)
        if not _finds_its_ground(KEPT[key]):
            self.laid = (*key, NOT_KEPT)
            return make(*on)
        _write(KEPT[key])
        made: Made = pickle.loads(KEPT[key].answer)
        return made


def _keys_at_hand() -> str:
    try:
        ring = secrets.ring()
    except secrets.NoKeys:
        return "no keys"
    return f"{ring.current} of {sorted(ring.keys.items())}, {ring.index_key!r}"


@pytest.fixture
def groundwork(db: None) -> Groundwork:
    return Groundwork()


def _make_and_keep(key: tuple[str, ...], make: Callable[..., Made], on: tuple[Any, ...]) -> Made:
    before = {table: _rows(table) for table in _columns()}
    made = make(*on)
    found: dict[str, int] = {}
    replaced: dict[str, Rows] = {}
    written: dict[str, Rows] = {}
    for table, old in before.items():
        new = _rows(table)
        if new == old:
            continue
        found[table] = len(old)
        if new[:len(old)] == old:
            written[table] = new[len(old):]
        else:
            replaced[table], written[table] = old, new
    KEPT[key] = Kept(pickle.dumps(made), found, replaced, written)
    return made


def _finds_its_ground(kept: Kept) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 0" + "".join(f", (SELECT count(*) FROM {_quoted(table)})" for table in kept.found))
        return cursor.fetchone()[1:] == tuple(kept.found.values()) and all(
            _rows(table) == rows for table, rows in kept.replaced.items())


# rows, as each store hands them out and takes them back unchanged -------------------------------------------------------

@cache
def _columns() -> dict[str, tuple[str, ...]]:
    """The columns of every table; what the database computes is computed again."""
    return {model._meta.db_table: tuple(_quoted(field.column) for field in model._meta.concrete_fields
                                       if field.column and not field.generated)
            for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy}


def _rows(table: str) -> Rows:
    columns = _columns()[table]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":              # the plus: as it is stored, not as Python would read it
            cursor.execute(f"SELECT {', '.join(f'+{each}' for each in columns)} FROM {_quoted(table)} ORDER BY 1")
            return list(cursor.fetchall())
        with cursor.copy(f"COPY (SELECT {', '.join(columns)} FROM {_quoted(table)} ORDER BY 1) TO STDOUT") as lines:
            return b"".join(bytes(line) for line in lines).splitlines(keepends=True)


def _write(kept: Kept) -> None:
    with transaction.atomic(), connection.cursor() as cursor, _checked_before(cursor):
        for table in kept.replaced:
            cursor.execute(f"DELETE FROM {_quoted(table)}")
        for table, rows in kept.written.items():
            columns = ", ".join(_columns()[table])
            if connection.vendor == "sqlite":
                places = ", ".join(["%s"] * len(_columns()[table]))
                cursor.executemany(f"INSERT INTO {_quoted(table)} ({columns}) VALUES ({places})", rows)
            else:
                with cursor.copy(f"COPY {_quoted(table)} ({columns}) FROM STDIN") as lines:
                    lines.write(b"".join(rows))


@contextmanager
def _checked_before(cursor: Any) -> Iterator[None]:
    """PostgreSQL need not follow each foreign key again: the rows were right when they were made."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = origin")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
