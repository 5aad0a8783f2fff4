"""The compilers of this database, with a look at closed days."""

from django.db.backends.postgresql.compiler import SQLAggregateCompiler, SQLCompiler
from django.db.backends.postgresql.compiler import SQLDeleteCompiler as Deletes
from django.db.backends.postgresql.compiler import SQLInsertCompiler as Inserts
from django.db.backends.postgresql.compiler import SQLUpdateCompiler as Updates

from jiugong.closing.compilers import Deleting, Inserting, Updating

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLInsertCompiler(Inserting, Inserts):                      # type: ignore[misc]
    pass


class SQLUpdateCompiler(Updating, Updates):                      # type: ignore[misc]
    pass


class SQLDeleteCompiler(Deleting, Deletes):                      # type: ignore[misc]
    pass
