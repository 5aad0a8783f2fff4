import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from jiugong import policy
from jiugong.policy.commands import add_parser
from jiugong.policy.tests.conftest import change

ASK = ["ask", "cn-2022-20", "control.close_contact", "--day", "2022-11-12"]
EXPOSED = ["--given", '{"last_exposed_on": "2022-11-10"}']

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(packs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a policy command over a copy of the packs; answers exit status, standard output and standard error."""
    monkeypatch.setattr(policy, "PACKS", packs)

    def typed(*words: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser(prog="jiugong")
        add_parser(parser.add_subparsers(required=True))
        try:
            arguments = parser.parse_args(["policy", *words])
            status = arguments.run(arguments)
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err
    return typed


def test_asking_prints_the_answer_and_its_reasons_and_nothing_else(run: Run) -> None:
    status, out, err = run(*ASK, *EXPOSED, "--json")

    printed = json.loads(out)
    assert (status, err) == (0, "")
    assert printed["answer"] == [
        {"mode": "central_quarantine", "first_day": "2022-11-11", "last_day": "2022-11-15",
         "tests_on": ["2022-11-11", "2022-11-12", "2022-11-13", "2022-11-15"]},
        {"mode": "home_isolation", "first_day": "2022-11-16", "last_day": "2022-11-18",
         "tests_on": ["2022-11-16", "2022-11-18"]},
    ]
    assert set(printed) == {"answer", "because"}
    assert printed["because"]


@pytest.mark.parametrize(("words", "code"), [
    (["ask", "cn-2022-20", "risk_area.levels", "--day", "2022-11-10"], "policy.not_in_force"),
    (["ask", "cn-2022-v9", "risk_area.levels", "--day", "2023-01-08"], "policy.not_in_force"),
    (["ask", "cn-1999", "risk_area.levels", "--day", "2022-11-12"], "policy.unknown_pack"),
    (["ask", "cn-2022-20", "moon.phase", "--day", "2022-11-12"], "policy.unknown_question"),
    ([*ASK], "policy.fact_missing"),
    ([*ASK, "--given", '{"last_exposed_on": "tenth"}'], "policy.fact_unreadable"),
    (["show", "cn-1999"], "policy.unknown_pack"),
    (["compare", "cn-2022-v9", "cn-1999"], "policy.unknown_pack"),
])
def test_what_is_refused_says_its_code_and_exits_with_1(run: Run, words: list[str], code: str) -> None:
    status, out, _ = run(*words, "--json")
    in_words, said_out, said = run(*words)

    printed = json.loads(out)
    assert (status, printed["refused"]) == (1, code)
    assert printed["message"]
    assert (in_words, said_out) == (1, "")
    assert code in said


@pytest.mark.parametrize("words", [
    [], ["sing"], ["show"], ["ask", "cn-2022-20", "risk_area.levels"],
    ["ask", "cn-2022-20", "risk_area.levels", "--day", "2022-11-31"],
    ["ask", "cn-2022-20", "risk_area.levels", "--day", "tomorrow"],
    [*ASK, "--given", "{"], [*ASK, "--given", "[]"],
])
def test_wrong_usage_exits_with_2(run: Run, words: list[str]) -> None:
    assert run(*words)[0] == 2


@pytest.mark.parametrize("words", [
    ["list"], ["show", "cn-2022-v9"], ["show", "cn-2022-20"], ["compare", "cn-2022-v9", "cn-2022-20"], ["check"],
    [*ASK, *EXPOSED],
])
def test_every_command_speaks_to_people_and_to_programs(run: Run, words: list[str]) -> None:
    status, out, _ = run(*words)
    json_status, json_out, _ = run(*words, "--json")

    assert (status, json_status) == (0, 0)
    assert any("一" <= sign <= "鿿" for sign in out)
    assert json.loads(json_out)


KEYS = [pack.key for pack in policy.available(policy.PACKS)]


@pytest.mark.parametrize("left", KEYS)
def test_every_pack_is_shown_and_compared_with_every_other(run: Run, left: str) -> None:
    assert run("show", left)[0] == 0
    assert run("show", left, "--json")[0] == 0
    for right in KEYS[KEYS.index(left):]:
        status, out, _ = run("compare", left, right, "--json")
        assert status == 0
        assert left != right or json.loads(out)["differences"] == []
        assert run("compare", left, right)[0] == 0


def test_checking_every_pack_takes_a_few_seconds_at_most(run: Run) -> None:
    began = monotonic()

    status, out, _ = run("check", "--json")

    assert status == 0
    assert {each["pack"] for each in json.loads(out)["packs"]} == set(KEYS)
    assert monotonic() - began < 5


def test_a_failing_case_is_told_and_exits_with_1(run: Run, packs: Path) -> None:
    change(packs, "cn-2022-v9/parameters/fever_from.yaml", "value: 37.3", "value: 37.5")

    status, out, _ = run("check")

    assert status == 1
    assert "应为 \"37.3\"" in out
    assert "实为 \"37.5\"" in out


def test_another_folder_of_packs_is_named_in_the_environment(packs: Path) -> None:
    change(packs, "cn-2022-20/parameters/risk_area/levels.yaml", "[high, low]", "[low]")
    ask = "from jiugong import policy; from datetime import date; " \
          "print(policy.load(policy.PACKS, 'cn-2022-20').value('risk_area.levels', date(2022, 11, 12)))"

    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True,
                          env={**os.environ, "JIUGONG_PACKS": str(packs)})

    assert done.stdout.strip() == "('low',)"
