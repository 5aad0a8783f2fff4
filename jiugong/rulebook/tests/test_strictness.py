"""Is a local rule stricter? Judged for each kind of rule, in each aspect, and left open where nobody can tell."""

from datetime import date
from typing import Any

import pytest

from jiugong import policy
from jiugong.policy.dated import Dated
from jiugong.policy.packs import AnyRule
from jiugong.rulebook.logic.local import read_rule
from jiugong.rulebook.logic.strictness import (
    HIGHER_IS_STRICTER,
    LOWER_IS_STRICTER,
    Aspect,
    Judgement,
    Side,
    judge,
)

pytestmark = pytest.mark.pure
SINCE = date(2022, 7, 1)
HEAD = {"title": {"zh-hans": "试", "en": "Trial"}, "reviewed_on": "2022-07-01"}
BASIS: dict[str, Any] = {"assumption": "made up for a test"}


def a_rule(key: str, value: Any, **head: Any) -> tuple[AnyRule, Dated[Any]]:
    rule = read_rule(key, {**HEAD, **head}, value, since=SINCE, until=None, basis=BASIS)
    dated = rule.on(SINCE)
    assert dated is not None
    return rule, dated


def a_duty(who: list[dict[str, Any]], cadence: dict[str, Any], *, on_site: bool = False,
           evidence: str = "specimen") -> tuple[AnyRule, Dated[Any]]:
    return a_rule("duties.trial", {"who": who, "cadence": cadence}, kind="duty", subject="person", evidence=evidence,
                  on_site=on_site)


def a_control(*phases: tuple[str, int, list[int]]) -> tuple[AnyRule, Dated[Any]]:
    return a_rule("control.trial", [{"mode": mode, "days": days, "tests": tests} for mode, days, tests in phases],
                  kind="control", counts_from="last_exposed_on")


def a_number(key: str, value: Any, holds: str = "whole_number") -> tuple[AnyRule, Dated[Any]]:
    return a_rule(key, value, kind="parameter", holds=holds)


def beside(local: tuple[AnyRule, Dated[Any]], national: tuple[AnyRule, Dated[Any]]) -> Judgement:
    return judge(*local, national=national[1], national_rule=national[0])


DAILY = {"kind": "windows_a_day", "windows": [["06:00", "10:00"]]}
TWICE = {"kind": "windows_a_day", "windows": [["06:00", "10:00"], ["16:00", "20:00"]]}
ON_DUTY, KEY = {"fact": "status", "is": "on_duty"}, {"fact": "key_post", "is": True}


@pytest.mark.parametrize(("local", "national", "whole", "aspect"), [
    (TWICE, DAILY, Side.STRICTER, Aspect.HOW_OFTEN),
    (DAILY, TWICE, Side.MILDER, Aspect.HOW_OFTEN),
    ({"kind": "within_days", "days": 2}, {"kind": "within_days", "days": 7}, Side.STRICTER, Aspect.HOW_OFTEN),
    ({"kind": "within_days", "days": 7}, {"kind": "weekly", "weekdays": ["monday", "thursday"]}, Side.MILDER, Aspect.HOW_OFTEN),
    ({"kind": "every_days", "days": 3, "counted_from": "2022-07-01"}, {"kind": "once"}, Side.STRICTER, Aspect.HOW_OFTEN),
    ({"kind": "windows_a_day", "windows": [["07:00", "09:00"]]}, DAILY, Side.STRICTER, Aspect.TIME),
    ({"kind": "windows_a_day", "windows": [["05:00", "12:00"]]}, DAILY, Side.MILDER, Aspect.TIME),
    ({"kind": "windows_a_day", "windows": [["08:00", "12:00"]]}, DAILY, Side.UNCLEAR, Aspect.TIME),
    ({"kind": "days_after", "event": "arrived_on", "days": [1, 3], "day_index_base": 0}, DAILY, Side.UNCLEAR, Aspect.HOW_OFTEN),
])
def test_a_duty_is_stricter_that_asks_more_often_or_leaves_less_time(local: Any, national: Any, whole: Side,
                                                                    aspect: Aspect) -> None:
    judged = beside(a_duty([ON_DUTY], local), a_duty([ON_DUTY], national))

    assert (judged.whole, (aspect, whole) in judged.aspects) == (whole, True)


@pytest.mark.parametrize(("local", "national", "whole"), [
    ([ON_DUTY], [ON_DUTY, KEY], Side.STRICTER), ([ON_DUTY, KEY], [ON_DUTY], Side.MILDER), ([ON_DUTY], [ON_DUTY], Side.SAME),
    ([{"fact": "area", "in": ["high", "medium"]}], [{"fact": "area", "is": "high"}], Side.STRICTER),
    ([{"fact": "area", "is": "medium"}], [{"fact": "area", "is": "high"}], Side.UNCLEAR), ([KEY], [ON_DUTY], Side.UNCLEAR)])
def test_a_duty_is_stricter_that_asks_more_people(local: Any, national: Any, whole: Side) -> None:
    assert beside(a_duty(local, DAILY), a_duty(national, DAILY)).whole is whole


def test_more_often_of_fewer_people_is_not_judged_as_a_whole_and_both_aspects_are_shown() -> None:
    judged = beside(a_duty([ON_DUTY, KEY], TWICE), a_duty([ON_DUTY], DAILY))

    assert judged == Judgement(whole=Side.UNCLEAR, aspects=(
        (Aspect.HOW_OFTEN, Side.STRICTER), (Aspect.WHOM, Side.MILDER)))


def test_asking_also_who_works_from_home_is_stricter() -> None:
    assert beside(a_duty([], DAILY), a_duty([], DAILY, on_site=True)).whole is Side.STRICTER


NATIONAL = ("central_quarantine", 7, [1, 2, 3, 5, 7])


@pytest.mark.parametrize(("phases", "whole"), [
    ([NATIONAL], Side.SAME), ([("central_quarantine", 10, [1, 2, 3, 5, 7])], Side.STRICTER),
    ([("central_quarantine", 5, [1, 2, 3, 5])], Side.MILDER), ([("home_isolation", 7, [1, 2, 3, 5, 7])], Side.MILDER),
    ([("central_quarantine", 7, [1, 2, 3, 4, 5, 7])], Side.STRICTER), ([NATIONAL, ("home_monitoring", 3, [])], Side.STRICTER),
    ([("medical_observation", 7, [1, 2, 3, 5, 7])], Side.UNCLEAR), ([("home_isolation", 10, [1, 2, 3, 5, 7])], Side.UNCLEAR)])
def test_a_control_is_stricter_that_holds_longer_harder_or_tests_more(phases: Any, whole: Side) -> None:
    assert beside(a_control(*phases), a_control(NATIONAL)).whole is whole


def test_a_category_that_was_abolished_is_stricter_where_it_lives_on() -> None:
    assert beside(a_control(NATIONAL), a_control()).whole is Side.STRICTER


@pytest.mark.parametrize(("key", "local", "national", "holds", "whole"), [
    ("contacts.lookback_days", 4, 2, "whole_number", Side.STRICTER), ("contacts.lookback_days", 1, 2, "whole_number", Side.MILDER),
    ("contacts.lookback_days", 2, 2, "whole_number", Side.SAME), ("fever_from", "37.0", "37.3", "decimal", Side.STRICTER),
    ("fever_from", "37.5", "37.3", "decimal", Side.MILDER), ("pool.sizes", [5], [10], "whole_numbers", Side.UNCLEAR),
    ("some.number", 3, 2, "whole_number", Side.UNCLEAR)])
def test_a_number_is_judged_where_it_is_known_which_way_is_stricter(key: str, local: Any, national: Any, holds: str,
                                                                   whole: Side) -> None:
    assert beside(a_number(key, local, holds), a_number(key, national, holds)).whole is whole


def test_a_threshold_is_stricter_that_is_met_by_fewer_cases_or_in_a_longer_time() -> None:
    def threshold(count: int, window_days: int, scope: str = "enterprise") -> tuple[AnyRule, Dated[Any]]:
        return a_number("cluster", {"count": count, "window_days": window_days, "scope": scope}, "threshold")

    judged = [beside(threshold(*local), threshold(5, 7)).whole for local in (
        (2, 7), (5, 14), (2, 14), (10, 7), (2, 3), (5, 7), (5, 7, "workshop"))]

    assert judged == [Side.STRICTER, Side.STRICTER, Side.STRICTER, Side.MILDER, Side.UNCLEAR, Side.SAME, Side.UNCLEAR]


def test_a_duty_of_which_the_nation_knows_nothing_is_stricter_unless_a_national_one_asks_as_much() -> None:
    local = a_duty([ON_DUTY, KEY], DAILY)
    wider, rarer = a_duty([ON_DUTY], TWICE), a_duty([ON_DUTY], {"kind": "within_days", "days": 3})

    def alone(*national: tuple[Any, Dated[Any]]) -> Side:
        return judge(*local, national=None, beside=[(rule, dated.value) for rule, dated in national]).whole

    assert (alone(), alone(wider), alone(rarer)) == (Side.STRICTER, Side.SAME, Side.STRICTER)
    assert alone(a_duty([ON_DUTY], TWICE, evidence="antigen")) is Side.STRICTER


HOME, ELSEWHERE = {"fact": "in_dormitory", "is": True}, {"fact": "in_dormitory", "is": False}


def test_two_national_duties_that_share_people_out_ask_as_much_together() -> None:
    everybody = a_duty([ON_DUTY], DAILY, evidence="health_report")
    inside, outside = (a_duty([ON_DUTY, where], DAILY, evidence="health_report") for where in (HOME, ELSEWHERE))

    def alone(*national: tuple[Any, Dated[Any]]) -> Side:
        return judge(*everybody, national=None, beside=[(rule, dated.value) for rule, dated in national]).whole

    assert (alone(inside, outside), alone(inside), alone(outside)) == (Side.SAME, Side.STRICTER, Side.STRICTER)


def test_a_duty_beside_a_national_one_is_stricter_with_less_time_or_for_who_works_from_home() -> None:
    def alone(local: tuple[Any, Dated[Any]], national: tuple[Any, Dated[Any]]) -> Side:
        return judge(*local, national=None, beside=[(national[0], national[1].value)]).whole

    whole_day = {"kind": "windows_a_day", "windows": [["00:00", "23:59"]]}
    assert alone(a_duty([ON_DUTY], DAILY), a_duty([ON_DUTY], whole_day)) is Side.STRICTER
    assert alone(a_duty([ON_DUTY], whole_day), a_duty([ON_DUTY], DAILY)) is Side.SAME
    assert alone(a_duty([ON_DUTY], DAILY), a_duty([ON_DUTY], DAILY, on_site=True)) is Side.STRICTER
    assert alone(a_duty([ON_DUTY], DAILY, on_site=True), a_duty([ON_DUTY], DAILY)) is Side.SAME


def test_a_control_of_which_the_nation_knows_nothing_is_stricter_and_one_that_it_leaves_open_is_not_judged() -> None:
    local = a_control(("home_monitoring", 3, []))

    assert judge(*local, national=None).whole is Side.STRICTER
    assert judge(*local, national=None, silent=True).whole is Side.UNCLEAR
    assert judge(*a_control(), national=None).whole is Side.UNCLEAR
    assert judge(*a_duty([ON_DUTY], DAILY), national=None, silent=True).whole is Side.UNCLEAR


@pytest.mark.parametrize(("key", "local", "national", "holds", "whole"), [
    ("clock.report_case_hours", 1, 2, "whole_number", Side.STRICTER),
    ("clock.report_case_hours", 3, 2, "whole_number", Side.MILDER),
    ("dormitory.people_at_most", 4, 6, "whole_number", Side.STRICTER),
    ("stock.days_at_least", 21, 14, "whole_number", Side.STRICTER),
    ("testing.negative_proof_needed", True, False, "yes_or_no", Side.STRICTER),
    ("testing.negative_proof_needed", False, False, "yes_or_no", Side.SAME),
    ("quiet_period.days", [3, 5], [2, 3], "whole_numbers", Side.STRICTER),
    ("quiet_period.days", [1, 5], [2, 3], "whole_numbers", Side.UNCLEAR),
    ("training.roles", ["sampler", "scanner"], ["sampler"], "texts", Side.STRICTER),
    ("training.valid_days", 365, 180, "whole_number", Side.MILDER)])
def test_the_numbers_of_the_packs_are_judged_by_their_own_keys(key: str, local: Any, national: Any, holds: str,
                                                              whole: Side) -> None:
    assert beside(a_number(key, local, holds), a_number(key, national, holds)).whole is whole


# Nobody can say which way these are stricter: how many swabs a tube holds, when a kit is read, words that name places.
NOT_JUDGED = {"risk_area.low_tests", "antigen.read_minutes", "area_testing.wait_days", "breteau.repeat_days",
              "clock.release_wait_hours",
              "contacts.routine_from_last_negative", "incubation.days", "pool.sizes", "risk_area.drawn_by", "risk_area.levels",
              "symptoms.watched", "symptoms.with_fever", "zone.levels"}


def test_every_number_of_every_pack_is_judged_or_left_open_on_purpose() -> None:
    rules = {key: rule for pack in policy.available(policy.PACKS)
             for key, rule in policy.load(policy.PACKS, pack.key).rules.items()}
    numbers = {key for key, rule in rules.items() if isinstance(rule, policy.Parameter)
               and rule.holds in ("whole_number", "whole_numbers", "decimal", "yes_or_no", "texts")}

    assert {*HIGHER_IS_STRICTER, *LOWER_IS_STRICTER} <= set(rules)
    assert numbers == {*HIGHER_IS_STRICTER, *LOWER_IS_STRICTER} | NOT_JUDGED


def a_meeting(farthest: int, **more: Any) -> tuple[AnyRule, Dated[Any]]:
    value = {"kind": "ventilated_bus", "contact": "close_contact", "apart": [0, farthest], **more}
    return a_rule("contacts.exposures.trial", value, kind="exposure")


@pytest.mark.parametrize(("local", "whole"), [(2, Side.MILDER), (3, Side.SAME), (4, Side.STRICTER)])
def test_a_wider_circle_of_contacts_is_stricter(local: int, whole: Side) -> None:
    assert beside(a_meeting(local), a_meeting(3)).whole is whole


def test_where_a_meeting_differs_in_more_than_its_distance_nothing_is_said() -> None:
    assert beside(a_meeting(4, same_crew=True), a_meeting(3)).whole is Side.UNCLEAR


def test_a_meeting_that_the_national_text_does_not_know_is_stricter_and_unclear_where_there_is_no_text() -> None:
    assert judge(*a_meeting(3), national=None).whole is Side.STRICTER
    assert judge(*a_meeting(3), national=None, silent=True).whole is Side.UNCLEAR
