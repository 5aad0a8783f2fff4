"""Asking the history: rows and files in, rows out. The same question on either engine.

    python -m analytics.run contacts --engine spark presence='history/*/presence/day=*/part.parquet' asked=asked.parquet …
    python -m analytics.run audits presence='history/*/presence/day=*/part.parquet'
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from glob import glob
from pathlib import Path
from typing import Any, Protocol

import yaml

from analytics.engines import DuckDB, Engine, Relation, Row, Spark

HERE = Path(__file__).parent
ROWS_OF_A_GROUP = 65_536
ENGINES: Mapping[str, Callable[[], Engine]] = {"duckdb": DuckDB, "spark": Spark}


class Ruled(Protocol):
    """A way of meeting, as the plain definition has it."""

    @property
    def ground(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def nearest(self) -> int: ...
    @property
    def farthest(self) -> int: ...
    @property
    def same_crew(self) -> bool: ...
    @property
    def seconds(self) -> int: ...


@lru_cache
def contract() -> Mapping[str, Any]:
    """The datasets of the history and what a question brings along, column by column."""
    said: Mapping[str, Any] = yaml.safe_load((HERE / "contract.yaml").read_text("utf-8"))
    return said


def columns_of(name: str) -> list[str]:
    return list(contract()[name]["columns"])


@lru_cache
def model(name: str) -> str:
    """The SQL of a question."""
    return (HERE / "models" / f"{name}.sql").read_text("utf-8")


@lru_cache
def audits() -> Mapping[str, str]:
    """The SQL of every audit, by its name: whatever it returns is wrong."""
    return {path.stem: path.read_text("utf-8") for path in sorted((HERE / "audits").glob("*.sql"))}


def schema(name: str) -> Any:
    """The columns of a dataset as Arrow has them."""
    import pyarrow

    types = {"bigint": pyarrow.int64(), "text": pyarrow.string(), "boolean": pyarrow.bool_()}
    return pyarrow.schema([(column, types[said["type"]]) for column, said in contract()[name]["columns"].items()])


def table(name: str, rows: Iterable[Sequence[Any]]) -> Any:
    """Rows of a dataset in memory, each in the order of the contract's columns."""
    import pyarrow

    listed = list(rows)
    made, columns = schema(name), list(zip(*listed, strict=True)) or [()] * len(columns_of(name))
    return pyarrow.Table.from_arrays([pyarrow.array(values, field.type) for values, field in zip(columns, made, strict=True)],
                                     schema=made)


def in_order(stays: Any) -> Any:
    """Stays each once, in the order of the contract: the same stays make the same file, whoever read them in which order."""
    once = stays.group_by(columns_of("presence"), use_threads=False).aggregate([]).select(columns_of("presence"))
    return once.sort_by([(column, "ascending") for column in contract()["presence"]["order"]]).cast(schema("presence"))


def write(stays: Any, path: Path) -> None:
    """Write stays that are in order as one file."""
    import pyarrow.parquet as parquet

    parquet.write_table(stays, path, compression="zstd", row_group_size=ROWS_OF_A_GROUP, use_dictionary=["kind", "source"])


def presence(*, files: Sequence[Path] = (), tables: Sequence[Any] = ()) -> Relation:
    """Stays that lie in files and stays in memory, as one relation."""
    return Relation(columns=columns_of("presence"), files=files, rows=None if files else table("presence", ()), more=tables)


def reach(rules: Iterable[Ruled]) -> list[Row]:
    """Rules at each distance that they reach, both ways."""
    return [(rule.ground, rule.kind, apart, rule.same_crew, rule.seconds) for rule in rules
            for apart in sorted({sign * far for far in range(rule.nearest, rule.farthest + 1) for sign in (1, -1)})]


def own(engine: Engine, stays: Relation, asked: Iterable[Row]) -> list[Row]:
    """The stays of those who are asked about, in their windows."""
    return engine.ask(model("own"), {"presence": stays, "asked": _small("asked", asked)})


def contacts(engine: Engine, stays: Relation, *, asked: Sequence[Row], own_stays: Iterable[Row], rules: Iterable[Ruled],
             crews: Iterable[Row] = ()) -> list[Row]:
    """Every meeting of those who are asked about: asked, who, ground, spot, since, until, source, assumed; in no order."""
    return engine.ask(model("contacts"), {
        "presence": stays, "asked": _small("asked", asked), "reach": _small("reach", reach(rules)), "crews": _small("crews", crews),
        "own": Relation(columns=columns_of("presence"), rows=table("presence", own_stays))})


def wrong(engine: Engine, stays: Relation) -> dict[str, list[Row]]:
    """What each audit finds, where it finds something."""
    import pyarrow

    words = [(column, word) for column, said in contract()["presence"]["columns"].items() for word in said.get("words", ())]
    listed = Relation(columns=("of_column", "word"), rows=pyarrow.table({
        "of_column": [column for column, _word in words], "word": [word for _column, word in words]}))
    found = {name: engine.ask(sql, {"presence": stays, "words": listed}) for name, sql in audits().items()}
    return {name: rows for name, rows in found.items() if rows}


def _small(name: str, rows: Iterable[Row]) -> Relation:
    return Relation(columns=columns_of(name), rows=table(name, rows))


def main(words: Sequence[str] | None = None) -> int:
    """Ask over files of Parquet, print each row as a line of JSON."""
    asking = argparse.ArgumentParser(prog="python -m analytics.run", description=__doc__)
    asking.add_argument("what", choices=("own", "contacts", "audits"))
    asking.add_argument("relations", nargs="+", metavar="NAME=FILES")
    asking.add_argument("--engine", choices=sorted(ENGINES), default="duckdb")
    given = asking.parse_args(words)
    named = dict(each.split("=", 1) for each in given.relations)
    relations = {name: Relation(columns=columns_of("presence" if name == "own" else name), files=sorted(map(Path, glob(files))))
                 for name, files in named.items()}
    engine = ENGINES[given.engine]()
    if given.what == "audits":
        found = wrong(engine, relations["presence"])
        sys.stdout.write(json.dumps({"ok": not found, "wrong": {name: len(rows) for name, rows in found.items()}}) + "\n")
        return 1 if found else 0
    for row in engine.ask(model(given.what), relations):
        sys.stdout.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
