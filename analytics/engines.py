"""What runs the SQL: DuckDB inside this process, or Spark beside it. Both read Parquet files and rows in memory (Arrow).

The heavy libraries are imported when an engine is first asked, not before.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

Row = tuple[Any, ...]
MEMORY = "512MB"


@dataclass(frozen=True, kw_only=True)
class Relation:
    """What one name in the SQL stands for: the rows of some files and some rows in memory, in the order of `columns`."""

    columns: Sequence[str]
    files: Sequence[Path] = ()
    rows: Any = None                                # a table of Arrow
    more: Sequence[Any] = field(default=())         # further ones of the same columns


class Engine(Protocol):
    """Answers one statement over named relations."""

    def ask(self, sql: str, relations: Mapping[str, Relation]) -> list[Row]: ...


class DuckDB:
    """In this process: one database in memory, a cursor for each question. It writes nothing to disk."""

    def __init__(self, *, memory: str = MEMORY, threads: int = 0) -> None:
        self.memory, self.threads = memory, threads
        self._lock, self._of_process = threading.Lock(), 0
        self._database: Any = None

    def ask(self, sql: str, relations: Mapping[str, Relation]) -> list[Row]:
        with self._connected().cursor() as cursor:
            for name, relation in relations.items():
                parts = []
                for at, table in enumerate(filter(lambda each: each is not None, (relation.rows, *relation.more))):
                    cursor.register(f"{name}_rows_{at}", table)
                    parts.append(f"SELECT {_listed(relation)} FROM {name}_rows_{at}")          # noqa: S608 — our own names
                if relation.files:
                    paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in relation.files)
                    files = f"read_parquet([{paths}], hive_partitioning = false)"
                    parts.append(f"SELECT {_listed(relation)} FROM {files}")                        # noqa: S608
                cursor.execute(f"CREATE TEMP VIEW {name} AS {' UNION ALL '.join(parts)}")
            found: list[Row] = cursor.execute(sql).fetchall()
            return found

    def _connected(self) -> Any:
        """The database of this process: a fork has one of its own."""
        import duckdb

        with self._lock:
            if self._database is None or self._of_process != os.getpid():
                limits: dict[str, Any] = {
                    "memory_limit": self.memory, "temp_directory": "", "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false", "preserve_insertion_order": "false"}
                if self.threads:
                    limits["threads"] = str(self.threads)
                self._database, self._of_process = duckdb.connect(":memory:", config=limits), os.getpid()
            return self._database


class Spark:
    """Beside this process, on as many machines as its master knows; the files must be where its workers see them."""

    def __init__(self, *, master: str = "local-cluster[2,1,1024]", partitions: int = 4) -> None:
        self.master, self.partitions = master, partitions
        self._session: Any = None

    def ask(self, sql: str, relations: Mapping[str, Relation]) -> list[Row]:
        session = self.session()
        for name, relation in relations.items():
            frames = [session.createDataFrame(table.select(list(relation.columns)))
                      for table in (relation.rows, *relation.more) if table is not None]
            if relation.files:
                frames.append(session.read.parquet(*map(str, relation.files)).select(*relation.columns))
            whole = frames[0]
            for frame in frames[1:]:
                whole = whole.unionByName(frame)
            whole.createOrReplaceTempView(name)
        return [tuple(row) for row in session.sql(sql).collect()]

    def session(self) -> Any:
        """The session, begun when it is first asked for. Needs Java and the extra `spark`."""
        if self._session is None:
            from pyspark.sql import SparkSession

            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            self._session = (
                SparkSession.builder.master(self.master).appName("jiugong")
                .config("spark.ui.enabled", "false").config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1").config("spark.sql.shuffle.partitions", str(self.partitions))
                .config("spark.sql.session.timeZone", "UTC").config("spark.ui.showConsoleProgress", "false")
                .config("spark.log.level", "ERROR").getOrCreate())
        return self._session

    def stop(self) -> None:
        if self._session is not None:
            self._session.stop()
            self._session = None


def _listed(relation: Relation) -> str:
    return ", ".join(f'"{column}"' for column in relation.columns)
