from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jiugong import policy
from jiugong.policy.errors import BadPack

SHANGHAI = ZoneInfo("Asia/Shanghai")

DUTY = """
    title: {zh-hans: 返岗检测, en: Tests after arriving}
    reviewed_on: 2026-11-21
    subject: person
    evidence: specimen
    values:
      2026-03-01:
        value:
          who: [{fact: status, is: on_duty}]
          cadence: {kind: days_after, event: arrived_on, days: [1, 3], day_index_base: 0}
        assumption: made up for a test
      2026-04-01:
        end: true
        assumption: made up for a test
"""

APack = Callable[..., Path]


@pytest.fixture
def release(a_pack: APack) -> policy.Release:
    return policy.load(a_pack({"duties/arrival_tests.yaml": DUTY}), "trial")


@pytest.mark.parametrize(("day", "keys"), [
    (date(2026, 2, 28), []), (date(2026, 3, 1), ["arrival_tests"]),
    (date(2026, 3, 31), ["arrival_tests"]), (date(2026, 4, 1), []),
])
def test_a_duty_is_in_force_from_its_first_to_its_last_day(release: policy.Release, day: date, keys: list[str]) -> None:
    assert [duty.key for duty in release.duties_on(day)] == keys


@pytest.mark.parametrize(("arrived_on", "owes"), [
    (date(2026, 3, 8), False), (date(2026, 3, 9), True), (date(2026, 3, 10), False), (date(2026, 3, 11), True),
    (date(2026, 3, 12), False), (None, False),
])
def test_days_after_arriving_become_a_condition_of_the_day(
    release: policy.Release, arrived_on: date | None, owes: bool,
) -> None:
    (duty,) = release.duties_on(date(2026, 3, 12))

    assert duty.who.matches({"status": "on_duty", "arrived_on": arrived_on}) is owes
    assert [window.key for window in duty.windows(SHANGHAI)] == ["2026-03-12/1"]


def test_a_selector_gives_its_conditions_as_data_for_another_room_to_translate(release: policy.Release) -> None:
    (duty,) = release.duties_on(date(2026, 3, 12))

    assert [(one.fact, one.comparison.value, one.needed) for one in duty.who.conditions] == [
        ("status", "is", "on_duty"),
        ("arrived_on", "in", (date(2026, 3, 11), date(2026, 3, 9))),
    ]


def test_asking_for_a_duty_tells_every_comparison_met_or_not(release: policy.Release) -> None:
    given = {"status": "on_leave", "arrived_on": "2026-03-11"}

    verdict = release.ask("duties.arrival_tests", day=date(2026, 3, 12), given=given)

    assert verdict.answer == []
    assert [(reason.fact, reason.met) for reason in verdict.because] == [
        ("day", True), ("status", False), ("arrived_on", True),
    ]


@pytest.mark.parametrize(("said", "on_site"), [("", False), ("    on_site: false\n", False), ("    on_site: true\n", True)])
def test_what_is_owed_on_site_says_so(a_pack: APack, said: str, on_site: bool) -> None:
    text = DUTY.replace("    evidence: specimen\n", f"    evidence: specimen\n{said}")
    (duty,) = policy.load(a_pack({"duties/arrival_tests.yaml": text}), "trial").duties_on(date(2026, 3, 12))

    assert duty.on_site is on_site


def test_whether_a_duty_is_owed_on_site_is_part_of_its_effect(a_pack: APack) -> None:
    anywhere = policy.load(a_pack({"duties/arrival_tests.yaml": DUTY}), "trial").fingerprint
    text = DUTY.replace("evidence: specimen", "evidence: specimen\n    on_site: true")
    on_site = policy.load(a_pack({"duties/arrival_tests.yaml": text}), "trial").fingerprint

    assert (anywhere.effect == on_site.effect, anywhere.words == on_site.words) == (False, True)


@pytest.mark.parametrize(("cadence", "answer"), [
    ("{kind: within_days, days: 2}", [
        {"key": "2026-03-12/1", "since": "2026-03-11", "from": "00:00", "until": "23:59"}]),
    ("{kind: within_days, days: 1}", [{"key": "2026-03-12/1", "from": "00:00", "until": "23:59"}]),
    ("{kind: once}", [{"key": "2026-03-12/1", "since": "1900-01-01", "from": "00:00", "until": "23:59"}]),
])
def test_a_duty_for_which_earlier_days_count_says_since_when(
    a_pack: APack, cadence: str, answer: list[dict[str, str]],
) -> None:
    text = DUTY.replace("{kind: days_after, event: arrived_on, days: [1, 3], day_index_base: 0}", cadence)
    release = policy.load(a_pack({"duties/arrival_tests.yaml": text}), "trial")

    assert release.ask("duties.arrival_tests", day=date(2026, 3, 12), given={"status": "on_duty"}).answer == answer


@pytest.mark.parametrize(("old", "new"), [
    ("evidence: specimen", "evidence: specimen\n    on_site: yes"),
    ("subject: person", "subject: vehicle"),
    ("subject: person", "subject: unit"),
    ("evidence: specimen", "evidence: Nasal swab"),
    ("        assumption: made up for a test\n      2026-04", "      2026-04"),
    ("end: true", "end: false"),
    ("2026-04-01", "2026-02-01"),
])
def test_a_duty_that_says_what_cannot_be_does_not_load(a_pack: APack, old: str, new: str) -> None:
    assert old in DUTY

    with pytest.raises(BadPack):
        policy.load(a_pack({"duties/arrival_tests.yaml": DUTY.replace(old, new)}), "trial")
