"""Parameters with columns: what loads, what does not, and how it is asked for."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong import policy
from jiugong.policy import Agent, Band, Step, Threshold
from jiugong.policy.errors import BadPack, FactUnreadable
from jiugong.policy.tables import band_of

APack = Callable[..., Path]

PARAMETER = """
    title: {zh-hans: 试, en: Trial}
    reviewed_on: 2026-11-22
    holds: HOLDS
    values:
      2026-03-01:
        value: VALUE
        assumption: made up for a test
"""
A_DAY = date(2026, 3, 12)


@pytest.fixture
def release(a_pack: APack) -> Callable[[str, str], policy.Release]:
    def load(holds: str, value: str) -> policy.Release:
        text = PARAMETER.replace("HOLDS", holds).replace("VALUE", value)
        return policy.load(a_pack({"parameters/trial/table.yaml": text}), "trial")
    return load


def test_the_steps_of_an_escalation_are_given_as_rows(release: Callable[[str, str], policy.Release]) -> None:
    trial = release("steps", "[{after_minutes: 0, to: person}, {after_minutes: 30, to: team_leader}]")

    assert trial.value("trial.table", A_DAY) == (
        Step(after_minutes=0, to="person"), Step(after_minutes=30, to="team_leader"))


def test_a_disinfectant_is_accepted_with_measures_or_refused(release: Callable[[str, str], policy.Release]) -> None:
    trial = release("agents", "[{agent: alcohol, use: surfaces, accepted: false}, "
                              "{agent: chlorine, use: vomit, accepted: true, at_least: 5000, at_most: 10000, "
                              "unit: mg_per_litre, minutes: 30}]")

    assert trial.value("trial.table", A_DAY) == (
        Agent(agent="alcohol", use="surfaces", accepted=False),
        Agent(agent="chlorine", use="vomit", accepted=True, at_least=Decimal(5000), at_most=Decimal(10000),
              unit="mg_per_litre", minutes=30))


def test_a_threshold_is_one_row(release: Callable[[str, str], policy.Release]) -> None:
    trial = release("threshold", "{count: 10, window_days: 7, scope: enterprise}")

    assert trial.value("trial.table", A_DAY) == Threshold(count=10, window_days=7, scope="enterprise")
    assert trial.ask("trial.table", day=A_DAY, given={}).answer == {
        "count": 10, "window_days": 7, "scope": "enterprise"}


@pytest.mark.parametrize(("number", "colour"), [
    ("0", "green"), ("4.99", "green"), ("5", "yellow"), ("9.99", "yellow"), ("10", "orange"), ("20", "red"), ("90", "red"),
])
def test_an_index_has_the_colour_of_the_highest_band_that_it_reaches(
    release: Callable[[str, str], policy.Release], number: str, colour: str,
) -> None:
    trial = release("bands", "[{at_least: 0, colour: green}, {at_least: 5, colour: yellow}, "
                             "{at_least: 10, colour: orange}, {at_least: 20, colour: red}]")

    verdict = trial.ask("trial.table", day=A_DAY, given={"index": number})

    assert verdict.answer == colour
    assert [reason.fact for reason in verdict.because] == ["day", "index"]


@pytest.mark.parametrize("index", ["", "many", "-1", -0.5, True, None, "NaN", "Infinity"])
def test_an_index_that_is_no_number_is_refused(release: Callable[[str, str], policy.Release], index: object) -> None:
    trial = release("bands", "[{at_least: 0, colour: green}]")

    with pytest.raises(FactUnreadable):
        trial.ask("trial.table", day=A_DAY, given={"index": index})


@given(st.decimals(0, 10**6, allow_nan=False), st.decimals(0, 10**6, allow_nan=False))
def test_a_higher_index_never_has_a_calmer_colour(one: Decimal, other: Decimal) -> None:
    bands = tuple(Band(at_least=Decimal(number), colour=colour)
                  for number, colour in ((0, "green"), (5, "yellow"), (10, "orange"), (20, "red")))
    low, high = sorted((one, other))

    assert bands.index(band_of(low, bands)) <= bands.index(band_of(high, bands))


@pytest.mark.parametrize(("holds", "value"), [
    ("steps", "[]"),
    ("steps", "[{after_minutes: 30, to: person}, {after_minutes: 30, to: team_leader}]"),
    ("steps", "[{after_minutes: 0, to: mayor}]"),
    ("steps", "[{after_minutes: -1, to: person}]"),
    ("threshold", "{count: 0, window_days: 7, scope: enterprise}"),
    ("threshold", "{count: 5, window_days: 0, scope: enterprise}"),
    ("threshold", "{count: 5, window_days: 7, scope: planet}"),
    ("threshold", "{count: 5, window_days: 7}"),
    ("agents", "[{agent: vinegar, use: surfaces, accepted: true}]"),
    ("agents", "[{agent: alcohol, use: surfaces, accepted: false, minutes: 5}]"),
    ("agents", "[{agent: alcohol, use: surfaces, accepted: true, at_least: 75}]"),
    ("agents", "[{agent: chlorine, use: vomit, accepted: true, at_least: 500, at_most: 250, unit: mg_per_litre}]"),
    ("agents", "[{agent: alcohol, use: hands, accepted: true}, {agent: alcohol, use: hands, accepted: false}]"),
    ("bands", "[{at_least: 5, colour: yellow}]"),
    ("bands", "[{at_least: 0, colour: green}, {at_least: 0, colour: red}]"),
    ("bands", "[{at_least: 0, colour: blue}]"),
])
def test_a_table_that_says_what_cannot_be_does_not_load(
    release: Callable[[str, str], policy.Release], holds: str, value: str,
) -> None:
    with pytest.raises(BadPack):
        release(holds, value)
