"""Story A by the commands that other programs run: exactly the contacts that were worked out elsewhere, with their grounds."""

import csv
import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios.a.replay import INPUTS
from tests.commands import Home
from tests.installed import installed

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "data/story-a.expected.json").read_text())
PARK, TUBE = EXPECTED["park"], EXPECTED["positive_tube"]
SINCE, UNTIL = EXPECTED["window"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Story A in a home of its own, told once; tests only read it."""
    with Home(installed(tmp_path_factory.mktemp("story-a"))) as home:
        home.figures = home.ask_alone("story", "a")["figures"]                    # type: ignore[attr-defined]
        yield home


def contacts_of(home: Home, **changed: str) -> dict[str, list[str]]:
    said = {"person": EXPECTED["case"], "since": SINCE, "until": UNTIL, "pack": "cn-2022-20", "reason": "test of the story",
            **changed}
    words = [word for name, text in said.items() for word in (f"--{name}", text)]
    answer = home.ask("trace", "--park", PARK, *words)
    assert {each["class"] for each in answer["contacts"]} <= {"close_contact"}
    return {each["resident_id"]: each["grounds"] for each in answer["contacts"]}


def test_story_a_gives_its_published_figures(told: Home) -> None:
    figures = told.figures                                                        # type: ignore[attr-defined]

    assert figures["tracing.close_contacts"] == EXPECTED["close_contacts"] == 52
    assert figures["tracing.minutes_to_control"] == EXPECTED["minutes_to_control"] == 173
    assert figures["registry.people_at_building_sites"] == EXPECTED["site_workers"] == 7012
    assert figures["tracing.cases"] == figures["tracing.incidents"] == 1


def test_the_contacts_are_exactly_those_with_exactly_their_grounds(told: Home) -> None:
    assert contacts_of(told) == {number: sorted(grounds) for number, grounds in EXPECTED["contacts"].items()}


def test_the_clock_says_who_did_each_step_and_when(told: Home) -> None:
    clock = told.ask("incident", "--park", PARK, "--latest")
    steps = {step["step"]: step for step in clock["steps"]}

    assert clock["tube"] == TUBE and clock["close_contacts"] == 52 and clock["minutes_to_control"] == 173
    assert steps["told"]["met"] == "2022-11-12T08:19:00+00:00"
    assert steps["controlled"]["due"] == "2022-11-12T11:19:00+00:00" and not steps["controlled"]["late"]
    assert all(steps[name]["met"] and steps[name]["started"] <= steps[name]["met"]
               for name in ("held", "retested", "decided", "traced", "ordered", "informed", "controlled"))


def test_telling_the_story_again_changes_nothing(told: Home) -> None:
    before = told.ask("incident", "--park", PARK, "--latest")

    again = told.ask_alone("story", "a")["figures"]

    assert again["tracing.close_contacts"] == 52 and again["tracing.incidents"] == 1
    assert told.ask("incident", "--park", PARK, "--latest") == before


def test_a_park_that_was_only_imported_can_trace(tmp_path: Path) -> None:
    with Home(installed(tmp_path)) as home:
        home.ask("import", "roster", str(INPUTS / "roster.xlsx"), "--park", PARK, "--create-park", "--at", "2022-11-12")
        home.ask("import", "scans", str(INPUTS / "scans.csv"), "--park", PARK)
        first = home.ask("import", "presence", str(INPUTS / "presence.csv.gz"), "--park", PARK)
        second = home.ask("import", "presence", str(INPUTS / "presence.csv.gz"), "--park", PARK)

        assert first["created"]["presences"] == EXPECTED["presence_rows"] and first["refused"] == 0
        assert second["created"]["presences"] == 0 and second["unchanged"] == EXPECTED["presence_rows"]
        assert contacts_of(home) == {number: sorted(grounds) for number, grounds in EXPECTED["contacts"].items()}

        home.ask("result", "--park", PARK, "--tube", TUBE, "--result", "positive", "--at", EXPECTED["told_at"])
        for row in csv.DictReader((INPUTS / "retests.csv").read_text("utf-8-sig").splitlines()):
            home.ask("retest", "--park", PARK, "--tube", TUBE, "--person", row["身份证号"], "--at", row["报告时间"],
                     "--result", "positive" if row["结果"] == "阳性" else "negative")
        clock = home.ask("incident", "--park", PARK, "--latest")
        assert clock["members"] == len(EXPECTED["members"]) and clock["cases"] == 1
        assert clock["orders"] == {"withdrawn": 9, "proposed": 1}


def test_another_folder_gives_its_own_contacts(tmp_path: Path) -> None:
    """Without the bus and with the order of all other rows turned round, those who met him on the bus only are no contacts."""
    folder = tmp_path / "inputs"
    shutil.copytree(INPUTS, folder)
    rows = gzip.decompress((INPUTS / "presence.csv.gz").read_bytes()).decode("utf-8-sig").splitlines()
    kept = [row for row in reversed(rows[1:]) if ",bus," not in row]
    (folder / "presence.csv.gz").write_bytes(gzip.compress("\n".join([rows[0], *kept]).encode()))
    with Home(installed(tmp_path)) as home:
        figures = home.ask_alone("story", "a", "--inputs", str(folder))["figures"]

        expected = {number: sorted({*grounds} - {"bus"}) for number, grounds in EXPECTED["contacts"].items()
                    if {*grounds} - {"bus"}}
        assert contacts_of(home) == expected
        assert figures["tracing.close_contacts"] == len(expected)
