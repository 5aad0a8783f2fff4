from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong import policy
from jiugong.lib import days as park_days
from jiugong.policy.errors import BadPack, FactMissing, FactUnreadable, NotInForce, UnknownPack, UnknownQuestion
from jiugong.policy.tests.conftest import change

APack = Callable[..., Path]

PARAMETER = """
    title: {zh-hans: 试, en: Trial}
    reviewed_on: 2026-11-21
    holds: whole_number
    values:
      FIRST:
        value: NUMBER
        assumption: made up for a test
"""


def a_parameter(first_day: str, number: int) -> str:
    return PARAMETER.replace("FIRST", first_day).replace("NUMBER", str(number))


def test_a_close_contact_of_november_2022_is_released_by_the_twenty_measures(packs: Path) -> None:
    periods = policy.load(packs, "cn-2022-20").periods(
        "close_contact", date(2022, 11, 12), counted_from=date(2022, 11, 10))

    assert [(one.mode, one.first_day.day, one.last_day.day, [day.day for day in one.tests_on]) for one in periods] == [
        ("central_quarantine", 11, 15, [11, 12, 13, 15]),
        ("home_isolation", 16, 18, [16, 18]),
    ]


def test_a_verdict_says_which_document_and_which_release(packs: Path) -> None:
    release = policy.load(packs, "cn-2022-20")

    verdict = release.ask("control.close_contact", day=date(2022, 11, 12), given={"last_exposed_on": "2022-11-10"})

    assert [(reason.fact, reason.found, reason.met) for reason in verdict.because] == [
        ("day", "2022-11-12", True), ("last_exposed_on", "2022-11-10", True),
    ]
    assert all("2022-11-11" in str(reason.by_which_document) for reason in verdict.because)
    assert (verdict.release, verdict.fingerprint) == ("cn-2022-20", release.fingerprint.effect)


def test_an_amendment_is_silent_wherever_it_does_not_hold_whatever_its_base_says(packs: Path) -> None:
    release = policy.load(packs, "cn-2022-20")

    def holds(question: str, day: date) -> bool:
        try:
            return bool(release.in_force(question, day))
        except NotInForce:
            return False

    ended = ("risk_area.medium_lowered_after_days", "risk_area.low_tests")          # with the medium-risk areas themselves
    later = ("area_testing.rounds_without_case", "area_testing.wait_days")          # with the annex of 21 November
    for day in park_days.each(date(2022, 6, 1), date(2023, 1, 31)):
        expected = date(2022, 11, 11) <= day <= date(2023, 1, 7)
        always = [question for question in release.rules if question not in (*ended, *later)]
        assert {holds(question, day) for question in always} == {expected}
        assert {holds(question, day) for question in later} == {date(2022, 11, 21) <= day <= date(2023, 1, 7)}
        assert not any(holds(question, day) for question in ended)


@pytest.mark.parametrize(("day", "levels"), [
    (date(2022, 6, 28), ("high", "medium", "low")), (date(2022, 11, 11), ("high", "medium", "low")),
    (date(2023, 1, 7), ("high", "medium", "low")),
])
def test_the_base_alone_keeps_its_own_text(packs: Path, day: date, levels: tuple[str, ...]) -> None:
    assert policy.load(packs, "cn-2022-v9").value("risk_area.levels", day) == levels


def test_a_decimal_is_exact_and_a_list_is_a_list(packs: Path) -> None:
    release = policy.load(packs, "cn-2022-v9")

    assert release.value("fever_from", date(2022, 7, 22)) == Decimal("37.3")
    assert release.value("pool.sizes", date(2022, 7, 22)) == (1, 5, 10, 20)


def test_an_amendment_that_begins_later_leaves_the_base_in_force_until_then(a_pack: APack) -> None:
    a_pack({"parameters/days.yaml": a_parameter("2026-01-01", 14)}, key="base")
    packs = a_pack({"parameters/days.yaml": a_parameter("2026-03-01", 7)}, key="change", amends="base",
                   first_day="2026-02-01")

    release = policy.load(packs, "change")

    assert release.value("days", date(2026, 2, 28)) == 14
    assert release.value("days", date(2026, 3, 1)) == 7
    with pytest.raises(NotInForce):
        release.value("days", date(2026, 1, 31))


def test_what_was_over_before_an_amendment_is_no_part_of_its_effect(packs: Path) -> None:
    before = policy.load(packs, "cn-2022-20").fingerprint
    change(packs, "cn-2022-v9/control/close_contact.yaml", "days: 7", "days: 9")

    assert policy.load(packs, "cn-2022-20").fingerprint == before


def test_changing_one_value_in_a_copy_changes_the_answer_and_the_effect(packs: Path) -> None:
    before = policy.load(packs, "cn-2022-20")
    change(packs, "cn-2022-20/control/close_contact.yaml", "days: 5", "days: 6")

    after = policy.load(packs, "cn-2022-20")

    then, now = (release.periods("close_contact", date(2022, 11, 12), counted_from=date(2022, 11, 10))
                 for release in (before, after))
    assert (then[0].last_day, now[0].last_day) == (date(2022, 11, 15), date(2022, 11, 16))
    assert after.fingerprint.effect != before.fingerprint.effect
    assert after.fingerprint.words == before.fingerprint.words


@pytest.mark.parametrize(("file", "old", "new"), [
    ("control/close_contact.yaml", "密切接触者管控", "密接管控"),
    ("control/close_contact.yaml", "reviewed_on: 2026-11-21", "reviewed_on: 2026-12-01"),
    ("control/close_contact.yaml", "published: 2022-11-11", "published: 2022-11"),
    ("control/close_contact.yaml", "赋码管理", "赋码"),
    ("pack.yaml", "Twenty measures", "20 measures"),
])
def test_changing_words_changes_only_the_fingerprint_of_words(packs: Path, file: str, old: str, new: str) -> None:
    before = policy.load(packs, "cn-2022-20").fingerprint
    change(packs, f"cn-2022-20/{file}", old, new)

    after = policy.load(packs, "cn-2022-20").fingerprint

    assert after.effect == before.effect
    assert after.words != before.words


@pytest.mark.parametrize(("file", "old", "new"), [
    ("pack.yaml", "day_index_base: 0", "day_index_base: 1"),
    ("pack.yaml", "end: 2023-01-08", "end: 2023-01-09"),
    ("control/close_contact.yaml", "tests: [1, 3]", "tests: [3]"),
    ("control/close_contact.yaml", "counts_from: last_exposed_on", "counts_from: left_on"),
    ("parameters/risk_area/levels.yaml", "[high, low]", "[low, high]"),
])
def test_changing_what_a_release_does_changes_only_the_fingerprint_of_effect(
    packs: Path, file: str, old: str, new: str,
) -> None:
    before = policy.load(packs, "cn-2022-20").fingerprint
    change(packs, f"cn-2022-20/{file}", old, new)

    after = policy.load(packs, "cn-2022-20").fingerprint

    assert after.effect != before.effect
    assert after.words == before.words


def test_a_duty_changes_with_its_pack(packs: Path) -> None:
    change(packs, "cn-2022-v9/duties/antigen.yaml", "is: isolated", "is: on_duty")

    duties = {duty.key: duty for duty in policy.load(packs, "cn-2022-v9").duties_on(date(2022, 7, 22))}

    assert duties["antigen"].who.matches({"status": "on_duty"})
    assert not duties["antigen"].who.matches({"status": "isolated"})


@pytest.mark.parametrize("day", [date(2022, 6, 27), date(2023, 1, 8)])
def test_duties_and_grounds_are_refused_where_the_release_is_silent(packs: Path, day: date) -> None:
    release = policy.load(packs, "cn-2022-v9")

    with pytest.raises(NotInForce):
        release.duties_on(day)
    with pytest.raises(NotInForce):
        release.grounds_on(day)


def test_the_nine_grounds_are_listed(packs: Path) -> None:
    grounds = policy.load(packs, "cn-2022-v9").grounds_on(date(2022, 7, 22))

    numbers = [found.value.number for ground in grounds if (found := ground.on(date(2022, 7, 22)))]
    assert sorted(numbers) == list(range(1, 10))


def test_a_question_nobody_wrote_is_refused(packs: Path) -> None:
    release = policy.load(packs, "cn-2022-v9")
    day = date(2022, 7, 22)

    with pytest.raises(UnknownQuestion):
        release.ask("control.tourist", day=day, given={})
    with pytest.raises(UnknownQuestion):
        release.value("control.close_contact", day)
    with pytest.raises(UnknownPack):
        policy.load(packs, "cn-2022-v10")


@pytest.mark.parametrize(("given", "refusal"), [
    ({}, FactMissing), ({"last_exposed_on": None}, FactMissing), ({"last_exposed_on": "10 Nov"}, FactUnreadable),
    ({"last_exposed_on": "9999-12-31"}, FactUnreadable),
    ({"last_exposed_on": 20221110}, FactUnreadable),
])
def test_a_needed_day_must_be_given_as_a_day(packs: Path, given: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        policy.load(packs, "cn-2022-v9").ask("control.close_contact", day=date(2022, 7, 22), given=given)


@pytest.mark.parametrize(("file", "old", "new"), [
    ("control/close_contact.yaml", "    reference:", "    refrence:"),
    ("contacts/enclosed_room_minutes.yaml", "    value: 10", "    value: ten"),
    ("contacts/grounds/same_vehicle.yaml", "contacts.vehicle_metres", "contacts.vehicle_miles"),
    ("parameters/risk_area/levels.yaml", "zh-hans: 风险区等级, en", "en"),
    ("pack.yaml", "key: cn-2022-v9", "key: cn-2022-v8"),
    ("pack.yaml", "end: 2023-01-08", ""),
])
def test_a_pack_with_a_mistake_does_not_load(packs: Path, file: str, old: str, new: str) -> None:
    change(packs, f"cn-2022-v9/{file}", old, new)

    with pytest.raises(BadPack) as caught:
        policy.load(packs, "cn-2022-v9")
    assert caught.value.facts["file"].startswith("cn-2022-v9/")
    assert caught.value.facts["line"] >= 1


def test_a_value_that_rests_on_nothing_does_not_load(a_pack: APack) -> None:
    text = a_parameter("2026-01-01", 14).replace("        assumption: made up for a test\n", "")

    with pytest.raises(BadPack) as caught:
        policy.load(a_pack({"parameters/days.yaml": text}), "trial")
    assert "rests on nothing" in str(caught.value)


def test_a_rule_in_a_folder_nobody_reads_does_not_load(a_pack: APack) -> None:
    with pytest.raises(BadPack):
        policy.load(a_pack({"paramters/days.yaml": a_parameter("2026-01-01", 14)}), "trial")


def test_packs_that_amend_each_other_do_not_load(a_pack: APack) -> None:
    a_pack({}, key="one", amends="other")
    packs = a_pack({}, key="other", amends="one")

    with pytest.raises(BadPack):
        policy.load(packs, "one")


def test_packs_are_listed_the_oldest_text_first(packs: Path) -> None:
    found = policy.available(packs)

    assert [pack.first_day for pack in found] == sorted(pack.first_day for pack in found)
    assert [pack.key for pack in found][:3] == ["cn-2020-v5", "cn-2021-v8", "cn-sh-2022-04"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(numbers=st.lists(st.integers(0, 9), min_size=1, max_size=6), day=st.integers(0, 80))
def test_the_value_of_a_day_is_the_last_one_that_has_begun(a_pack: APack, numbers: list[int], day: int) -> None:
    first = date(2026, 1, 1)
    text = PARAMETER.split("      FIRST")[0] + "".join(
        f"      {first + timedelta(days=10 * place)}: {{value: {number}, assumption: made up}}\n"
        for place, number in enumerate(numbers)
    )

    release = policy.load(a_pack({"parameters/days.yaml": text}), "trial")

    assert release.value("days", first + timedelta(days=day)) == numbers[min(day // 10, len(numbers) - 1)]
