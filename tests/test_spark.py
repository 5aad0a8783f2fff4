"""Spark, with two workers of its own, answers the very same SQL with the very same rows.

    SPARK_ROWS=200000 python -m pytest tests/test_spark.py       the long form
"""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as parquet
import pytest

from analytics import run
from analytics.engines import Spark
from jiugong.tracing.logic.contacts import Asked, Crew, Stay
from jiugong.tracing.queries.history import as_row
from tests.test_analytics import CASES, DUCK, RULES, in_sql, plainly, question_of

pytestmark = [pytest.mark.pure, pytest.mark.slow]
ROWS = int(os.environ.get("SPARK_ROWS", "3000"))
KINDS = (("canteen_table", 40), ("enclosed_space", 0), ("workplace", 0), ("ventilated_bus", 12))


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    """One session for all: it takes most of the time."""
    engine = Spark(master="local-cluster[2,1,1024]")
    engine.session()
    yield engine
    engine.stop()


def a_park(rows: int) -> tuple[list[Asked], list[Stay], list[Crew]]:
    """Whereabouts of some hundred people on three days, always the same."""
    chance, people = Random(6), max(rows // 30, 5)                                # noqa: S311
    stays = []
    for _row in range(rows):
        kind, numbers = chance.choice(KINDS)
        entered, number = chance.randrange(3 * 86_400), chance.randint(1, numbers) if numbers else 0
        hall = chance.randint(1, max(rows // 500, 2))
        stays.append(Stay(who=chance.randint(1, people), kind=kind, hall=hall, number=number, spot=1000 * hall + number,
                          entered=entered, left=entered + chance.randrange(9_000), source=chance.choice(["attendance", "other"]),
                          assumed=chance.random() < 0.1))
    crews = [Crew(who=who, crew=who % 9, since=0, until=chance.choice([86_400, 2**40])) for who in range(1, people + 1)]
    return [Asked(who=who, since=20_000, until=200_000) for who in (1, 2, 3)], stays, crews


def test_spark_answers_a_park_as_duckdb_and_the_definition_do(spark: Spark, tmp_path: Path) -> None:
    asked, stays, crews = a_park(ROWS)
    rows = list(map(as_row, stays))
    half = len(rows) // 2
    for at, part in enumerate((rows[:half // 2], rows[half // 2:half])):
        parquet.write_table(run.table("presence", part), tmp_path / f"part-{at}.parquet")
    history = run.presence(files=sorted(tmp_path.glob("*.parquet")), tables=[run.table("presence", rows[half:])])
    windows = [(each.who, each.since, each.until) for each in asked]

    own = run.own(spark, history, windows)
    found = sorted(run.contacts(spark, history, asked=windows, own_stays=own, rules=RULES,
                                crews=[(each.who, each.crew, each.since, each.until) for each in crews]))

    assert found == in_sql(DUCK, (asked, stays, RULES, crews)) == plainly(asked, stays, RULES, crews)
    assert {row[2] for row in found} == {rule.ground for rule in RULES}
    assert run.wrong(spark, history) == run.wrong(DUCK, history)


def test_spark_answers_every_case(spark: Spark) -> None:
    """All cases at once, each on its own ground: a question of Spark costs a second."""
    asked: list[Any] = []
    stays: list[Any] = []
    crews: list[Any] = []
    rules: dict[str, Any] = {}
    for at, case in enumerate(CASES):
        far, his = 1000 * (at + 1), question_of(case)
        asked += [Asked(who=each.who + far, since=each.since, until=each.until) for each in his[0]]
        stays += [Stay(who=each.who + far, kind=each.kind, hall=each.hall + far, number=each.number, spot=each.spot + 100 * far,
                       entered=each.entered, left=each.left, source=each.source) for each in his[1]]
        rules |= {rule.ground: rule for rule in his[2]}
        crews += [Crew(who=each.who + far, crew=each.crew + far, since=each.since, until=each.until) for each in his[3]]
    every = tuple(rules.values())

    assert in_sql(spark, (asked, stays, every, crews)) == plainly(asked, stays, every, crews)
