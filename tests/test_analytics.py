"""The SQL of the history answers what the plain definition answers, and its files hold what the contract says."""

from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet as parquet
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics import run
from analytics.engines import DuckDB, Engine
from jiugong.policy.exposures import KINDS
from jiugong.tracing.logic.contacts import Asked, Crew, Rule, Stay, meetings
from jiugong.tracing.queries.history import as_row
from jiugong.tracing.words import Source, SpotKind

pytestmark = pytest.mark.pure
CASES: list[dict[str, Any]] = yaml.safe_load((run.HERE / "cases" / "contacts.yaml").read_text("utf-8"))
DUCK = DuckDB(memory="256MB")
RULES = (
    Rule(ground="canteen_table", kind="canteen_table", contact="close_contact"),
    Rule(ground="next_table", kind="canteen_table", contact="close_contact", nearest=1, farthest=1),
    Rule(ground="enclosed_space", kind="enclosed_space", contact="close_contact", seconds=600),
    Rule(ground="team_shift", kind="workplace", contact="close_contact", same_crew=True),
    Rule(ground="rows", kind="ventilated_bus", contact="general_contact", nearest=0, farthest=3))
Question = tuple[list[Asked], list[Stay], tuple[Rule, ...], list[Crew]]


def question_of(case: dict[str, Any]) -> Question:
    """A case as the plain definition reads it."""
    rules = tuple(Rule(ground=each["ground"], kind=each["kind"], contact="close_contact", nearest=each.get("apart", [0, 0])[0],
                       farthest=each.get("apart", [0, 0])[1], same_crew=each.get("same_crew", False),
                       seconds=each.get("seconds", 0)) for each in case["rules"])
    stays = [Stay(who=who, kind=kind, hall=hall, number=number, entered=entered, left=left, spot=100 * hall + number,
                  source="other") for who, kind, hall, number, entered, left in case["stays"]]
    return ([Asked(who=who, since=since, until=until) for who, since, until in case["asked"]], stays, rules,
            [Crew(who=who, crew=crew, since=since, until=until) for who, crew, since, until in case.get("crews", ())])


def plainly(asked: list[Asked], stays: list[Stay], rules: tuple[Rule, ...], crews: list[Crew]) -> list[tuple[Any, ...]]:
    return [(each.asked, each.who, each.ground, each.spot, each.since, each.until, each.source, each.assumed)
            for each in meetings(asked, stays, rules, crews)]


def in_sql(engine: Engine, question: Question) -> list[tuple[Any, ...]]:
    asked, stays, rules, crews = question
    rows = run.presence(tables=[run.table("presence", map(as_row, stays))])
    windows = [(each.who, each.since, each.until) for each in asked]
    return sorted(run.contacts(
        engine, rows, asked=windows, own_stays=run.own(engine, rows, windows), rules=rules,
        crews=[(each.who, each.crew, each.since, each.until) for each in crews]))


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_each_case_is_answered_alike_by_the_definition_and_by_sql(case: dict[str, Any]) -> None:
    question = question_of(case)

    found = plainly(*question)

    assert sorted([asked, who, ground, since, until] for asked, who, ground, _spot, since, until, *_rest in found) == case["met"]
    assert in_sql(DUCK, question) == found


PEOPLE = st.integers(1, 6)
WHENCE = st.sampled_from([("canteen_table", 6), ("enclosed_space", 0), ("workplace", 0), ("ventilated_bus", 9)])
STAYS = st.lists(st.builds(
    lambda who, where, hall, number, entered, lasted, source, assumed: Stay(
        who=who, kind=where[0], hall=hall, number=number % (where[1] + 1), spot=10 * hall + number, entered=entered,
        left=entered + lasted, source=source, assumed=assumed),
    PEOPLE, WHENCE, st.integers(1, 2), st.integers(0, 9), st.integers(0, 5_000), st.integers(0, 1_500),
    st.sampled_from(["attendance", "canteen_card"]), st.booleans()), max_size=30)
ASKED = st.lists(st.builds(lambda who, since, lasts: Asked(who=who, since=since, until=since + lasts), PEOPLE,
                           st.integers(0, 4_000), st.integers(0, 4_000)), min_size=1, max_size=3)
CREWS = st.lists(st.builds(lambda who, crew, since, lasts: Crew(who=who, crew=crew, since=since, until=since + lasts), PEOPLE,
                           st.integers(1, 2), st.integers(0, 4_000), st.integers(0, 4_000)), max_size=10)


@settings(max_examples=60)
@given(ASKED, STAYS, CREWS)
@example([Asked(who=1, since=0, until=9)], [], [])
def test_duckdb_answers_what_the_definition_answers(asked: list[Asked], stays: list[Stay], crews: list[Crew]) -> None:
    assert in_sql(DUCK, (asked, stays, RULES, crews)) == plainly(asked, stays, RULES, crews)


def test_rows_of_files_and_rows_in_memory_are_one_history(tmp_path: Path) -> None:
    _asked, stays, rules, _crews = question_of(CASES[0])
    rows = list(map(as_row, stays))
    parquet.write_table(run.table("presence", rows[:1]), tmp_path / "it's one.parquet")
    both = run.presence(files=[tmp_path / "it's one.parquet"], tables=[run.table("presence", rows[1:])])
    own = run.own(DUCK, both, [(1, 1000, 9000)])

    assert [row[:2] for row in run.contacts(DUCK, both, asked=[(1, 1000, 9000)], own_stays=own, rules=rules)] == [(1, 3)]


# the contract ---------------------------------------------------------------------------------------------------------

def test_no_column_may_identify_a_person() -> None:
    for name, said in run.contract().items():
        assert said["identifies"] == [], name


def test_every_column_of_text_that_is_kept_has_its_words_listed() -> None:
    columns = run.contract()["presence"]["columns"]

    assert {name for name, said in columns.items() if said["type"] == "text"} == {"kind", "source"}
    assert set(columns["kind"]["words"]) == set(SpotKind.values) == set(KINDS)
    assert set(columns["source"]["words"]) == set(Source.values)
    assert sorted(run.contract()["presence"]["order"]) == sorted(columns)


GOOD = (5, "bus", 7, 0, 70, 1_000, 2_000, "bus_scan", False)


@pytest.mark.parametrize(("changed", "audit"), [
    ({}, None), ({"left": 1_000}, None), ({"left": 999}, "left_before_entered"), ({"kind": "home"}, "unknown_word"),
    ({"source": "张三的手机"}, "unknown_word"), ({"who": 0}, "nobody"), ({"hall": None}, "nobody"), ({"number": -1}, "nobody")])
def test_an_audit_finds_what_must_not_be_in_a_file(changed: dict[str, Any], audit: str | None) -> None:
    row = tuple(changed.get(column, value) for column, value in zip(run.columns_of("presence"), GOOD, strict=True))

    found = run.wrong(DUCK, run.presence(tables=[run.table("presence", [row])]))

    assert list(found) == ([audit] if audit else [])


def test_an_audit_finds_a_stay_that_is_told_twice() -> None:
    assert list(run.wrong(DUCK, run.presence(tables=[run.table("presence", [GOOD, GOOD])]))) == ["told_twice"]


def test_the_same_question_is_asked_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question: dict[str, list[tuple[Any, ...]]] = {
        "presence": [GOOD, (6, *GOOD[1:])], "own": [GOOD], "asked": [(5, 0, 9_000)], "reach": [("bus", "bus", 0, False, 0)],
        "crews": []}
    for name, rows in question.items():
        table = run.table("presence" if name == "own" else name, rows)
        assert isinstance(table, pyarrow.Table)
        parquet.write_table(table, tmp_path / f"{name}.parquet")

    assert run.main(["contacts", *(f"{name}={tmp_path}/{name}.parquet" for name in question)]) == 0
    assert capsys.readouterr().out == '[5, 6, "bus", 70, 1000, 2000, "bus_scan", false]\n'
    assert run.main(["audits", f"presence={tmp_path}/presence.parquet"]) == 0
