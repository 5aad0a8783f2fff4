from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.policy.citations import Words
from jiugong.policy.controls import MODES, Control, Phase, read_control
from jiugong.policy.errors import BadPack
from jiugong.policy.reading import Entry

CONTROL = """
    title: {zh-hans: 试, en: Trial}
    reviewed_on: 2026-11-21
    counts_from: left_on
    values:
      2022-06-28:
        value: [PHASE]
        assumption: made up for a test
"""


def a_control(day_index_base: int) -> Control:
    return Control(key="control.trial", title=Words(zh_hans="试", en="Trial"), reviewed_on=date(2026, 11, 21),
                   values=(), counts_from="left_on", day_index_base=day_index_base)


@st.composite
def phases(draw: st.DrawFn) -> Phase:
    days = draw(st.integers(1, 30))
    tests = draw(st.sets(st.integers(1, days)))
    return Phase(mode=draw(st.sampled_from(MODES)), days=days, tests=tuple(sorted(tests)))


@given(st.lists(phases(), min_size=1).map(tuple), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_periods_follow_each_other_without_a_gap_and_hold_their_tests(
    written: tuple[Phase, ...], counted_from: date,
) -> None:
    periods = a_control(0).periods(written, counted_from)

    assert periods[0].first_day == counted_from + timedelta(days=1)
    assert all(one.last_day + timedelta(days=1) == after.first_day
               for one, after in zip(periods, periods[1:], strict=False))
    for phase, period in zip(written, periods, strict=True):
        assert (period.last_day - period.first_day).days + 1 == phase.days
        assert len(period.tests_on) == len(phase.tests)
        assert all(period.first_day <= day <= period.last_day for day in period.tests_on)


@pytest.mark.parametrize(("base", "first_day"), [(0, date(2022, 11, 11)), (1, date(2022, 11, 10))])
def test_the_base_says_which_number_the_counted_day_carries(base: int, first_day: date) -> None:
    written = (Phase(mode="home_isolation", days=3, tests=(1,)),)

    assert a_control(base).periods(written, date(2022, 11, 10))[0].first_day == first_day


@pytest.mark.parametrize("phase", [
    "{mode: house_arrest, days: 7, tests: []}",
    "{mode: home_isolation, days: 0, tests: []}",
    "{mode: home_isolation, days: 7, tests: [8]}",
    "{mode: home_isolation, days: 7, tests: [0, 1]}",
    "{mode: home_isolation, days: 7, tests: [2, 1]}",
    "{mode: home_isolation, days: 7, tests: [1, 1]}",
    "{mode: home_isolation, days: 7}",
])
def test_a_phase_that_nobody_could_keep_does_not_load(an_entry: Callable[[str], Entry], phase: str) -> None:
    with pytest.raises(BadPack):
        read_control("control.trial", an_entry(CONTROL.replace("PHASE", phase)), day_index_base=0)
