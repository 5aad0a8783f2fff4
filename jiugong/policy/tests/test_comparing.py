from datetime import date
from pathlib import Path

import pytest

from jiugong import policy
from jiugong.lib import days as park_days
from jiugong.policy.comparing import Days, compare
from jiugong.policy.plain import plain
from jiugong.policy.tests.conftest import change


@pytest.mark.parametrize("key", [pack.key for pack in policy.available(policy.PACKS)])
def test_a_release_does_not_differ_from_itself(packs: Path, key: str) -> None:
    comparison = compare(policy.load(packs, key), policy.load(packs, key))

    assert (comparison.differences, comparison.only_left, comparison.only_right) == ((), (), ())


def test_the_twenty_measures_change_these_rules_of_the_ninth_edition(packs: Path) -> None:
    comparison = compare(policy.load(packs, "cn-2022-v9"), policy.load(packs, "cn-2022-20"))

    both = Days(first_day=date(2022, 11, 11), last_day=date(2023, 1, 7))
    from_the_annex = Days(first_day=date(2022, 11, 21), last_day=date(2023, 1, 7))
    assert [(one.key, one.days) for one in comparison.differences] == [
        ("area_testing.rounds_without_case", from_the_annex), ("area_testing.wait_days", from_the_annex),
        ("control.close_contact", both), ("control.contact_of_contact", both), ("control.high_risk_area", both),
        ("control.inbound", both), ("control.key_post", both), ("control.medium_risk_area", both),
        ("risk_area.drawn_by", both), ("risk_area.high_lowered_after_days", both), ("risk_area.levels", both),
        ("risk_area.low_tests", both), ("risk_area.medium_lowered_after_days", both),
    ]
    assert comparison.only_left == (Days(first_day=date(2022, 6, 28), last_day=date(2022, 11, 10)),)
    assert comparison.only_right == ()


def test_both_sides_say_their_documents(packs: Path) -> None:
    comparison = compare(policy.load(packs, "cn-2022-v9"), policy.load(packs, "cn-2022-20"))

    (levels,) = (one for one in comparison.differences if one.key == "risk_area.levels")
    assert levels.left and levels.right
    assert "第九版" in str(levels.left.basis)
    assert "进一步优化" in str(levels.right.basis)


def test_other_words_are_no_difference(packs: Path) -> None:
    before = policy.load(packs, "cn-2022-v9")
    change(packs, "cn-2022-v9/control/inbound.yaml", "入境人员管控", "入境者管控")

    assert compare(before, policy.load(packs, "cn-2022-v9")).differences == ()


def test_a_difference_covers_exactly_the_days_that_differ(packs: Path) -> None:
    before = policy.load(packs, "cn-2022-v9")
    in_august = "  2022-06-28: {value: 2, assumption: a}\n  2022-08-01: {value: 4, assumption: b}\n  2022-09-01:\n"
    change(packs, "cn-2022-v9/contacts/lookback_days.yaml", "  2022-06-28:\n", in_august)
    after = policy.load(packs, "cn-2022-v9")

    found = compare(before, after).differences

    differing = [day for day in park_days.each(date(2022, 6, 28), date(2023, 1, 7))
                 if before.value("contacts.lookback_days", day) != after.value("contacts.lookback_days", day)]
    assert [(one.key, one.days) for one in found] == [
        ("contacts.lookback_days", Days(first_day=differing[0], last_day=differing[-1])),
    ]
    assert len(differing) == 31


def test_a_rule_that_only_one_release_has_is_a_difference(packs: Path) -> None:
    before = policy.load(packs, "cn-2022-v9")
    (packs / "cn-2022-v9/duties/antigen.yaml").unlink()

    (difference,) = compare(before, policy.load(packs, "cn-2022-v9")).differences

    assert difference.key == "duties.antigen"
    assert difference.left and plain(difference.left.value)
    assert difference.right is None
