"""PostgreSQL: all tables copied in one transaction that sees one moment, and written back in one transaction.

No program of PostgreSQL's is needed, so that no version has to fit: rows leave and enter by COPY, and the tables are made
by the steps (migrations) that the backup had taken.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DataError, IntegrityError

from jiugong.lasting.logic.sealing import Damaged
from jiugong.lasting.stores import Picture, steps_in


@contextmanager
def picture(database: Any, drafts: Path) -> Iterator[Picture]:
    """Every table as it is at one moment, on a connection of its own; nobody waits for it."""
    other = database.copy()
    try:
        other.ensure_connection()
        with other.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            columns = _columns(cursor)
            counts = {table: _count(cursor, table) for table in columns}
            yield Picture(_steps(cursor), counts, {
                member_of(table): _copied(cursor, table, names) for table, names in columns.items()}, columns)
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def member_of(table: str) -> str:
    return f"tables/{table}.copy"


def pour(picture: Picture, database: Any, drafts: Path) -> None:
    """Make the tables as they were, write the rows, take the steps that came after: all of it, or nothing.

    Raises Damaged.
    """
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        if _steps(cursor) != picture.steps:
            for table in _columns(cursor):
                cursor.execute(f'DROP TABLE "{table}" CASCADE')
            executor = MigrationExecutor(database)
            executor.migrate(_last_steps(executor, picture.steps))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")           # a step may have asked for it otherwise
        _write(cursor, picture)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _go_on_counting(cursor)
        _bring_up_to_date(database)


def _write(cursor: Any, picture: Picture) -> None:
    made = _columns(cursor)
    if made.keys() != picture.tables.keys() or any(set(made[table]) != set(picture.columns[table]) for table in made):
        raise Damaged("columns")
    cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in made))
    for table, count in picture.tables.items():
        try:
            with cursor.copy(f'COPY "{table}" ({_listed(picture.columns[table])}) FROM STDIN') as lines:
                for piece in picture.members[member_of(table)]():
                    lines.write(piece)
        except (DataError, IntegrityError) as reason:
            raise Damaged(table) from reason
        if _count(cursor, table) != count:
            raise Damaged(table)


def _copied(cursor: Any, table: str, names: list[str]) -> Callable[[], Iterator[bytes]]:
    def stream() -> Iterator[bytes]:
        with cursor.copy(f'COPY "{table}" ({_listed(names)}) TO STDOUT') as lines:
            for line in lines:
                yield bytes(line)
    return stream


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _columns(cursor: Any) -> dict[str, list[str]]:
    """The tables of our schema with their columns; what the database computes is computed again."""
    cursor.execute("SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t "
                   "ON t.table_schema = c.table_schema AND t.table_name = c.table_name "
                   "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' "
                   "ORDER BY c.table_name, c.ordinal_position")
    columns: dict[str, list[str]] = {}
    for table, name in cursor.fetchall():
        columns.setdefault(table, []).append(name)
    return columns


def _steps(cursor: Any) -> dict[str, list[str]]:
    cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return {}
    cursor.execute("SELECT app, name FROM django_migrations")
    return steps_in(cursor.fetchall())


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')                                              # noqa: S608
    return int(cursor.fetchone()[0])


def _last_steps(executor: MigrationExecutor, steps: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Where the backup stood: the steps after which it had taken no other of the same room."""
    taken = {(room, step) for room, names in steps.items() for step in names}
    graph = executor.loader.graph
    return sorted(node for node in taken if node in graph.nodes and not any(
        child.key in taken and child.key[0] == node[0] for child in graph.node_map[node].children))


def _go_on_counting(cursor: Any) -> None:
    """Let each table number its next row after its last one."""
    cursor.execute("SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) "
                   "FROM information_schema.columns WHERE table_schema = current_schema() AND (is_identity = 'YES' "
                   "OR column_default LIKE 'nextval%%')")
    for table, column, sequence in cursor.fetchall():
        cursor.execute(f'SELECT setval(%s, COALESCE(max("{column}"), 0) + 1, false) FROM "{table}"', [sequence])    # noqa: S608


def _bring_up_to_date(database: Any) -> None:
    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())
