"""SQLite: its backup API copies a picture while others write, and writes one in a single transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from jiugong.lasting.logic.sealing import PIECE, Damaged
from jiugong.lasting.stores import Picture, steps_in, steps_of_the_program
from jiugong.lib.wiping import wipe_file

MEMBER, DRAFT = "database.sqlite3", "restoring"


@contextmanager
def picture(database: Any, drafts: Path) -> Iterator[Picture]:
    """A copy of the whole database as it is at one moment; scans are written meanwhile."""
    copy = drafts / "copy.sqlite3"
    try:
        database.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            copy.chmod(0o600)
            target.execute("PRAGMA journal_mode=OFF")
            database.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            steps, tables = _steps(target), _counts(target)
        yield Picture(steps, tables, {MEMBER: lambda: _read(copy)})
    finally:
        _gone(copy)


def pour(picture: Picture, database: Any, drafts: Path) -> None:
    """Write a picture in place of an empty database. It is proved and made as new as the program beside it first.

    Raises Damaged, and then nothing has changed.
    """
    draft = drafts / "restoring.sqlite3"
    try:
        with draft.open("xb") as file:
            draft.chmod(0o600)
            for piece in picture.members[MEMBER]():
                file.write(piece)
        with closing(sqlite3.connect(draft)) as found:
            _prove(found, picture)
        if picture.steps != steps_of_the_program():
            _bring_up_to_date(draft)
        with closing(sqlite3.connect(draft)) as source:
            database.ensure_connection()
            source.backup(database.connection)
    finally:
        _gone(draft)


def _prove(found: sqlite3.Connection, picture: Picture) -> None:
    try:
        whole = found.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        agrees = _counts(found) == picture.tables and _steps(found) == picture.steps
    except sqlite3.DatabaseError as reason:
        raise Damaged(MEMBER) from reason
    if not whole or not agrees:
        raise Damaged(MEMBER)


def _bring_up_to_date(draft: Path) -> None:
    """Take the steps that came after the backup, on the draft."""
    connections.databases[DRAFT] = {**connections.databases["default"], "NAME": draft}
    try:
        call_command("migrate", database=DRAFT, verbosity=0, interactive=False)
    finally:
        connections[DRAFT].close()
        del connections[DRAFT], connections.databases[DRAFT]


def _steps(found: sqlite3.Connection) -> dict[str, list[str]]:
    return steps_in(found.execute("SELECT app, name FROM django_migrations").fetchall())


def _counts(found: sqlite3.Connection) -> dict[str, int]:
    tables = [name for (name,) in found.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name")]
    return {name: found.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}     # noqa: S608


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _gone(path: Path) -> None:
    for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))):
        wipe_file(each)
