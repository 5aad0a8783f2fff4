from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.policy.errors import BadPack, FactMissing, FactUnreadable
from jiugong.policy.reading import Entry
from jiugong.policy.selectors import Comparison, Condition, Fact, Selector, read_selector

AnEntry = Callable[[str], Entry]


@pytest.fixture
def who(an_entry: AnEntry) -> Callable[..., Selector]:
    def read(text: str, *, subject: str = "person") -> Selector:
        return read_selector(an_entry(text), subject=subject)
    return read


@pytest.mark.parametrize(("condition", "meets", "fails"), [
    ("{fact: status, is: on_duty}", "on_duty", "on_leave"),
    ("{fact: status, is_not: isolated}", "on_duty", "isolated"),
    ("{fact: shift, in: [day, night]}", "night", "middle"),
    ("{fact: shift, not_in: [day, night]}", "middle", "day"),
    ("{fact: key_post, is: true}", True, False),
    ("{fact: post, is: 叉车司机}", "叉车司机", "保安"),
])
def test_each_comparison_tells_apart(who: Callable[..., Selector], condition: str, meets: Fact, fails: Fact) -> None:
    selector = who(f"[{condition}]")
    fact = selector.conditions[0].fact

    assert selector.matches({fact: meets})
    assert not selector.matches({fact: fails})


@pytest.mark.parametrize(("comparison", "before", "on", "after"), [
    ("at_least", False, True, True), ("at_most", True, True, False),
])
def test_days_are_compared_on_both_sides_and_on_the_day(
    who: Callable[..., Selector], comparison: str, before: bool, on: bool, after: bool,
) -> None:
    selector = who(f"[{{fact: arrived_on, {comparison}: 2022-07-22}}]")

    found = [selector.matches({"arrived_on": date(2022, 7, day)}) for day in (21, 22, 23)]

    assert found == [before, on, after]


@given(st.sampled_from([one for one in Comparison if one is not Comparison.EXISTS]), st.sampled_from([None, ""]))
def test_an_absent_fact_meets_no_comparison(comparison: Comparison, absent: Fact | None) -> None:
    assert not Condition(fact="post", comparison=comparison, needed=("x",)).met_by(absent)


@pytest.mark.parametrize(("found", "exists"), [(None, False), ("", False), ("保安", True), (False, True)])
def test_only_exists_asks_whether_a_fact_is_there(found: Fact | None, exists: bool) -> None:
    assert Condition(fact="post", comparison=Comparison.EXISTS, needed=True).met_by(found) is exists
    assert Condition(fact="post", comparison=Comparison.EXISTS, needed=False).met_by(found) is not exists


def test_without_conditions_everybody_is_meant(who: Callable[..., Selector]) -> None:
    assert who("[]").matches({})


@pytest.mark.parametrize("text", [
    "[{fact: mood, is: good}]",
    "[{fact: status, is: onduty}]",
    "[{fact: status, like: on}]",
    "[{fact: status}]",
    "[{fact: status, is: on_duty, is_not: isolated}]",
    "[{fact: key_post, is: yes}]",
    "[{fact: status, at_least: on_duty}]",
    "[{fact: arrived_on, at_least: yesterday}]",
])
def test_a_condition_outside_the_closed_list_does_not_load(who: Callable[..., Selector], text: str) -> None:
    with pytest.raises(BadPack):
        who(text)


@pytest.mark.parametrize("subject", ["person", "unit"])
@pytest.mark.parametrize(("condition", "meets", "fails"), [
    ("{fact: regime, in: [closed_loop, semi_closed]}", "closed_loop", "open"),
    ("{fact: risk, is: key}", "key", "ordinary"),
    ("{fact: area, in: [sealed, high]}", "high", "precaution"),
])
def test_a_rule_may_ask_for_regime_risk_and_area_of_the_enterprise(
    who: Callable[..., Selector], subject: str, condition: str, meets: Fact, fails: Fact,
) -> None:
    selector = who(f"[{condition}]", subject=subject)
    fact = selector.conditions[0].fact

    assert selector.matches({fact: meets})
    assert not selector.matches({fact: fails})
    assert not selector.matches({fact: None})


@pytest.mark.parametrize(("subject", "text"), [
    ("person", "[{fact: regime, is: closed}]"), ("unit", "[{fact: risk, is: high}]"),
    ("person", "[{fact: area, is: key}]"), ("place", "[{fact: area, is: high}]"),
])
def test_regime_risk_and_area_are_closed_lists(who: Callable[..., Selector], subject: str, text: str) -> None:
    with pytest.raises(BadPack):
        who(text, subject=subject)


def test_a_unit_has_no_shift(who: Callable[..., Selector]) -> None:
    with pytest.raises(BadPack):
        who("[{fact: shift, is: day}]", subject="unit")


def test_a_needed_fact_must_be_given_and_readable(who: Callable[..., Selector]) -> None:
    selector = who("[{fact: key_post, is: true}, {fact: arrived_on, exists: true}]")

    with pytest.raises(FactMissing) as missing:
        selector.given_facts({"key_post": True}, subject="person", question="duties.trial")
    with pytest.raises(FactUnreadable) as unreadable:
        selector.given_facts({"key_post": "true", "arrived_on": None}, subject="person", question="duties.trial")
    assert missing.value.facts["fact"] == "arrived_on"
    assert unreadable.value.facts["fact"] == "key_post"
