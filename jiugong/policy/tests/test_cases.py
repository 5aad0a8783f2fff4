from pathlib import Path

import pytest

from jiugong import policy
from jiugong.policy.cases import check
from jiugong.policy.errors import BadPack
from jiugong.policy.tests.conftest import change


@pytest.mark.parametrize("key", [pack.key for pack in policy.available(policy.PACKS)])
def test_every_pack_passes_its_own_cases_and_lacks_none(packs: Path, key: str) -> None:
    report = check(policy.load(packs, key), packs)

    assert (report.failures, report.missing) == ((), ())
    assert report.passed


def test_a_changed_value_fails_the_cases_that_know_the_old_one(packs: Path) -> None:
    change(packs, "cn-2022-20/parameters/risk_area/levels.yaml", "[high, low]", "[high, medium, low]")

    report = check(policy.load(packs, "cn-2022-20"), packs)

    assert not report.passed
    assert {(failure.name, str(failure.day)) for failure in report.failures} == {
        ("Risk areas are high or low", "2022-11-11"), ("Risk areas are high or low", "2023-01-07"),
    }
    assert report.failures[0].where == "cn-2022-20/cases/parameters.yaml:1"
    assert report.failures[0].found == ["high", "medium", "low"]


def test_a_refusal_that_does_not_come_is_a_failure(packs: Path) -> None:
    change(packs, "cn-2022-20/pack.yaml", "end: 2023-01-08", "end: 2023-01-09")

    found = [failure.found for failure in check(policy.load(packs, "cn-2022-20"), packs).failures]

    assert ["high", "low"] in found


def test_a_value_without_a_case_is_reported(packs: Path) -> None:
    change(packs, "cn-2022-20/cases/parameters.yaml", "low\n  days: [2022-11-11, 2023-01-07]",
           "low\n  days: [2022-12-24]")

    report = check(policy.load(packs, "cn-2022-20"), packs)

    assert report.failures == ()
    assert report.missing == ("risk_area.levels on 2022-11-11", "risk_area.levels on 2023-01-07")
    assert not report.passed


@pytest.mark.parametrize(("old", "new"), [
    ("  expect: [high, low]", "  expect: [high, low]\n  expect_refused: policy.not_in_force"),
    ("  expect: [high, low]", ""),
    ("  days: [2022-11-11, 2023-01-07]", ""),
])
def test_a_case_that_says_too_much_or_too_little_does_not_load(packs: Path, old: str, new: str) -> None:
    change(packs, "cn-2022-20/cases/parameters.yaml", old, new)

    with pytest.raises(BadPack):
        check(policy.load(packs, "cn-2022-20"), packs)
