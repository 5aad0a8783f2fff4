"""Trying out what an import would do, without holding up anybody who writes meanwhile.

SQLite has one writer: an import that is tried and given back would keep every phone waiting while it lasts. So it is tried
on a copy of the registry's tables, in memory, as they stand at one moment. PostgreSQL lets others write beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from jiugong.registry.models import Upload


@contextmanager
def tried_out() -> Iterator[None]:
    """What is written inside is given back. Nothing of it is seen by anybody else."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or not Path(str(connection.settings_dict["NAME"])).is_file():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        return
    real, copy = connections["default"], _copied()
    connections["default"] = copy                               # of this thread alone
    try:
        with transaction.atomic():
            yield
    finally:
        connections["default"] = real
        copy.connection.close()


def _copied() -> DatabaseWrapper:
    """All tables, and in them what the registry knows: what a roster is compared with, and no waiting files."""
    path = Path(str(connection.settings_dict["NAME"]))
    copy = DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:", "OPTIONS": {}}, "default")
    copy.connect()
    wanted = {model._meta.db_table for model in apps.get_app_config("registry").get_models()} - {Upload._meta.db_table}
    with copy.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("ATTACH DATABASE %s AS kept", [f"{path.as_uri()}?mode=ro"])
        cursor.execute("BEGIN")                                  # one moment for all tables
        cursor.execute("SELECT type, name, sql FROM kept.sqlite_master WHERE sql IS NOT NULL")
        made = [each for each in cursor.fetchall() if not each[1].startswith("sqlite_")]
        for kind, name, sql in made:
            if kind == "table":
                cursor.execute(sql.replace("%", "%%"))
                if name in wanted:
                    cursor.execute(f'INSERT INTO main."{name}" SELECT * FROM kept."{name}"')     # noqa: S608 — our own tables
        for kind, _name, sql in made:
            if kind == "index":
                cursor.execute(sql.replace("%", "%%"))
        cursor.execute("COMMIT")
        cursor.execute("DETACH DATABASE kept")
    return copy
