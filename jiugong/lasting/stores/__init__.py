"""The two databases, as a backup sees them: one consistent picture out, one picture in, or nothing.

A picture is a handful of named streams of bytes with the number of rows of each table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader


@dataclass(frozen=True)
class Picture:
    """What a database held at one moment: its steps, its rows by table, and its streams by name."""

    steps: Mapping[str, list[str]]
    tables: Mapping[str, int]
    members: Mapping[str, Callable[[], Iterator[bytes]]]
    columns: Mapping[str, list[str]] = field(default_factory=dict)     # by table, where the streams are rows


class Store(Protocol):
    """What a backup asks of a database. `drafts` is a folder for files that are gone afterwards."""

    def picture(self, database: Any, drafts: Path) -> AbstractContextManager[Picture]: ...

    def pour(self, picture: Picture, database: Any, drafts: Path) -> None: ...


def store_of(database: BaseDatabaseWrapper) -> Store:
    """The store behind a connection."""
    from jiugong.lasting.stores import postgresql, sqlite

    stores: Mapping[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
    known: Store = stores[database.vendor]
    return known


def steps_in(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The rows of `django_migrations` by room."""
    steps: dict[str, list[str]] = {}
    for room, step in sorted(rows):
        steps.setdefault(room, []).append(step)
    return steps


def steps_of_the_program() -> dict[str, list[str]]:
    """The steps that this program knows."""
    return steps_in(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
