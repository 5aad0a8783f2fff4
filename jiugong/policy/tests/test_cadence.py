from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.lib import days as park_days
from jiugong.policy.cadence import (
    Cadence,
    DaysAfter,
    DaysOfMonth,
    EveryDay,
    EveryFewDays,
    Once,
    Weekly,
    WithinDays,
    read_cadence,
)
from jiugong.policy.errors import BadPack
from jiugong.policy.reading import Entry
from jiugong.policy.windows import WHOLE_DAY, Hours, Outcome, Window, outcome

AnEntry = Callable[[str], Entry]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return park_days.moment(text, SHANGHAI)


@pytest.fixture
def cadence(an_entry: AnEntry) -> Callable[[str], Cadence]:
    return lambda text: read_cadence(an_entry(text), events=("arrived_on",))


@st.composite
def hours(draw: st.DrawFn) -> tuple[Hours, ...]:
    """Times of a day, two for each window, in order and apart."""
    minutes = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=12)))
    times = [time(minute // 60, minute % 60) for minute in minutes]
    return tuple(Hours(first=first, last=last) for first, last in zip(times[::2], times[1::2], strict=False))


some_days = st.one_of(
    st.just(EveryDay()),
    st.builds(EveryFewDays, days=st.integers(1, 40), counted_from=st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    st.builds(DaysOfMonth, days=st.sets(st.integers(1, 31), min_size=1).map(lambda days: tuple(sorted(days))),
              in_short_month=st.sampled_from(["last_day", "skip"])),
    st.builds(Weekly, weekdays=st.sets(st.integers(0, 6), min_size=1).map(tuple)),
    st.just(DaysAfter(event="arrived_on", days=(1, 3), day_index_base=0)),
)
cadences = st.builds(Cadence, days=some_days, hours=hours())
one_window = hours().filter(bool).map(lambda all_hours: all_hours[:1])
reaching_back = st.one_of(
    st.builds(Cadence, days=st.builds(WithinDays, days=st.integers(1, 400)), hours=one_window),
    st.just(Cadence(days=Once(), hours=(WHOLE_DAY,))),
)
park_day = st.dates(date(2020, 1, 1), date(2030, 1, 1))
zones = st.sampled_from([SHANGHAI, ZoneInfo("Asia/Urumqi"), ZoneInfo("UTC")])


@given(cadences, park_day, zones)
def test_the_windows_of_a_day_lie_in_the_day_and_never_overlap(cadence: Cadence, day: date, zone: ZoneInfo) -> None:
    windows = cadence.windows_on(day, zone=zone)
    begins, ends = park_days.bounds(day, zone)

    assert all(begins <= window.start < window.closes_at <= ends for window in windows)
    assert all(one.closes_at <= after.start for one, after in zip(windows, windows[1:], strict=False))
    assert [window.key for window in windows] == [f"{day}/{number}" for number in range(1, len(windows) + 1)]
    assert all(window.start.tzinfo is UTC for window in windows)


@given(cadences, park_day, st.integers(0, 60))
def test_windows_between_two_moments_are_those_of_the_days_between(cadence: Cadence, day: date, length: int) -> None:
    last = day + timedelta(days=length)
    since, after = park_days.span(day, last, SHANGHAI)

    windows = cadence.windows_between(since, after - timedelta(microseconds=1), zone=SHANGHAI)

    each = park_days.each(day, last)
    assert windows == tuple(window for one in each for window in cadence.windows_on(one, zone=SHANGHAI))
    assert len({window.key for window in windows}) == len(windows)


def test_a_window_is_between_two_moments_if_it_is_open_at_either(cadence: Callable[[str], Cadence]) -> None:
    morning = cadence('{kind: windows_a_day, windows: [["06:00", "10:00"]]}')

    def found(since: str, until: str) -> int:
        return len(morning.windows_between(local(since), local(until), zone=SHANGHAI))

    assert found("2022-07-22 10:00:59", "2022-07-22 12:00") == 1
    assert found("2022-07-22 10:01:00", "2022-07-22 12:00") == 0
    assert found("2022-07-22 00:00", "2022-07-22 06:00") == 1
    assert found("2022-07-22 00:00", "2022-07-22 05:59:59") == 0


def test_park_hours_are_given_in_utc(cadence: Callable[[str], Cadence]) -> None:
    windows = cadence('{kind: windows_a_day, windows: [["06:00", "10:00"], ["16:00", "20:00"]]}').windows_on(
        date(2022, 7, 22), zone=SHANGHAI)

    assert [window.start for window in windows] == [
        datetime(2022, 7, 21, 22, tzinfo=UTC), datetime(2022, 7, 22, 8, tzinfo=UTC),
    ]
    assert [window.key for window in windows] == ["2022-07-22/1", "2022-07-22/2"]


@pytest.mark.parametrize(("done_at", "at", "expected"), [
    (None, "05:59:59", Outcome.NOT_YET),
    (None, "06:00:00", Outcome.OPEN),
    ("05:59:59", "06:00:00", Outcome.OPEN),
    ("06:00:00", "06:00:00", Outcome.DONE),
    ("06:00:01", "06:00:00", Outcome.OPEN),
    (None, "10:00:00", Outcome.OPEN),
    ("10:00:00", "12:00:00", Outcome.DONE),
    ("10:00:59", "12:00:00", Outcome.DONE),
    ("10:01:00", "12:00:00", Outcome.MISSED),
    (None, "10:01:00", Outcome.MISSED),
])
def test_the_closing_minute_still_counts(done_at: str | None, at: str, expected: Outcome) -> None:
    day = date(2022, 7, 22)
    morning = Hours(first=time(6), last=time(10))

    worth = outcome(window=morning.on(day, number=1, zone=SHANGHAI), at=local(f"{day} {at}"),
                    done_at=local(f"{day} {done_at}") if done_at else None)

    assert worth is expected


def test_every_few_hours_fill_the_day(cadence: Callable[[str], Cadence]) -> None:
    windows = cadence("{kind: every_hours, hours: 8}").windows_on(date(2022, 7, 22), zone=SHANGHAI)

    assert [window.start for window in windows] == [local(f"2022-07-22 {hour}:00") for hour in ("00", "08", "16")]
    assert [window.closes_at for window in windows][:2] == [window.start for window in windows][1:]


def test_every_few_days_keep_step_over_the_end_of_a_month(cadence: Callable[[str], Cadence]) -> None:
    every_two = cadence("{kind: every_days, days: 2, counted_from: 2022-07-30}")

    owed = [day for day in park_days.each(date(2022, 7, 28), date(2022, 8, 3)) if every_two.days.falls_on(day)]

    assert owed == [date(2022, 7, 28), date(2022, 7, 30), date(2022, 8, 1), date(2022, 8, 3)]
    assert every_two.hours == (WHOLE_DAY,)


@pytest.mark.parametrize(("in_short_month", "february"), [("last_day", [15, 28]), ("skip", [15])])
def test_the_30th_in_february_is_as_the_rule_says(
    cadence: Callable[[str], Cadence], in_short_month: str, february: list[int],
) -> None:
    monthly = cadence(f"{{kind: days_of_month, days: [15, 30], in_short_month: {in_short_month}}}")

    def owed(first: date, last: date) -> list[int]:
        return [day.day for day in park_days.each(first, last) if monthly.days.falls_on(day)]

    assert owed(date(2022, 2, 1), date(2022, 2, 28)) == february
    assert owed(date(2022, 7, 1), date(2022, 7, 31)) == [15, 30]


def test_weekly_names_its_weekdays(cadence: Callable[[str], Cadence]) -> None:
    weekly = cadence("{kind: weekly, weekdays: [monday, thursday]}")

    owed = [day.day for day in park_days.each(date(2022, 7, 18), date(2022, 7, 24)) if weekly.days.falls_on(day)]

    assert owed == [18, 21]


@pytest.mark.parametrize(("base", "arrivals"), [(0, [21, 19]), (1, [22, 20])])
def test_days_after_an_event_count_from_the_base(
    cadence: Callable[[str], Cadence], base: int, arrivals: list[int],
) -> None:
    after = cadence(f"{{kind: days_after, event: arrived_on, days: [1, 3], day_index_base: {base}}}")

    assert isinstance(after.days, DaysAfter)
    assert [day.day for day in after.days.event_days(date(2022, 7, 22))] == arrivals


def window_of(cadence: Cadence, day: date) -> Window:
    (window,) = cadence.windows_on(day, zone=SHANGHAI)
    return window


@pytest.mark.parametrize(("happened", "counts"), [
    ("2022-07-19 23:59:59", False), ("2022-07-20 00:00:00", True), ("2022-07-22 23:59:59", True),
    ("2022-07-23 00:00:00", False),
])
def test_within_three_days_counts_today_and_the_two_days_before(
    cadence: Callable[[str], Cadence], happened: str, counts: bool,
) -> None:
    window = window_of(cadence("{kind: within_days, days: 3}"), date(2022, 7, 22))

    assert window.holds(local(happened)) is counts
    assert window.key == "2022-07-22/1"


@pytest.mark.parametrize(("happened", "counts"), [
    ("2022-07-21 05:59:59", False), ("2022-07-21 06:00:00", True), ("2022-07-22 05:00:00", True),
    ("2022-07-22 18:00:59", True), ("2022-07-22 18:01:00", False),
])
def test_within_days_closes_with_its_last_hour_and_opens_with_its_first(
    cadence: Callable[[str], Cadence], happened: str, counts: bool,
) -> None:
    within_two = cadence('{kind: within_days, days: 2, windows: [["06:00", "18:00"]]}')

    assert window_of(within_two, date(2022, 7, 22)).holds(local(happened)) is counts


@given(st.integers(1, 400), park_day, st.integers(0, 500))
def test_within_n_days_is_owed_anew_n_days_after_it_was_done(number: int, day: date, later: int) -> None:
    within = Cadence(days=WithinDays(days=number), hours=(WHOLE_DAY,))
    done_at = park_days.bounds(day, SHANGHAI)[0] + timedelta(hours=12)

    assert window_of(within, day + timedelta(days=later)).holds(done_at) is (later < number)


@given(park_day, one_window)
def test_within_one_day_is_the_same_as_every_day(day: date, all_hours: tuple[Hours, ...]) -> None:
    within_one, every_day = (Cadence(days=days, hours=all_hours) for days in (WithinDays(days=1), EveryDay()))

    assert within_one.windows_on(day, zone=SHANGHAI) == every_day.windows_on(day, zone=SHANGHAI)


@given(reaching_back, park_day, st.integers(1, 60))
def test_what_counts_on_one_day_and_still_lies_in_reach_counts_on_a_later_one(
    cadence: Cadence, day: date, later: int,
) -> None:
    window, after = window_of(cadence, day), window_of(cadence, day + timedelta(days=later))

    assert window.start <= after.start
    assert window.closes_at < after.closes_at
    assert window.key != after.key
    if isinstance(cadence.days, Once):
        assert window.start == after.start


@pytest.mark.parametrize(("happened", "counts"), [
    ("1999-01-01 08:00", True), ("2022-07-22 23:59:59", True), ("2022-07-23 00:00", False),
])
def test_what_is_owed_once_was_done_if_it_ever_was_by_the_end_of_the_day(
    cadence: Callable[[str], Cadence], happened: str, counts: bool,
) -> None:
    window = window_of(cadence("{kind: once}"), date(2022, 7, 22))

    assert window.holds(local(happened)) is counts
    assert window.key == "2022-07-22/1"


@pytest.mark.parametrize("text", [
    "{kind: within_days}",
    "{kind: within_days, days: 0}",
    "{kind: within_days, days: 3651}",
    '{kind: within_days, days: 2, windows: [["06:00", "10:00"], ["16:00", "20:00"]]}',
    "{kind: once, days: 1}",
    '{kind: once, windows: [["06:00", "10:00"]]}',
    "{windows: []}",
    "{kind: hourly}",
    "{kind: windows_a_day, windows: []}",
    '{kind: windows_a_day, windows: [["10:00", "06:00"]]}',
    '{kind: windows_a_day, windows: [["22:00", "24:00"]]}',
    '{kind: windows_a_day, windows: [["6:00", "10:00"]]}',
    '{kind: windows_a_day, windows: [["06:00", "10:00"], ["10:00", "12:00"]]}',
    '{kind: windows_a_day, windows: [["06:00"]]}',
    "{kind: every_hours, hours: 5}",
    "{kind: every_days, days: 0, counted_from: 2022-07-01}",
    "{kind: days_of_month, days: [30, 15], in_short_month: skip}",
    "{kind: days_of_month, days: [32], in_short_month: skip}",
    "{kind: days_of_month, days: [15]}",
    "{kind: weekly, weekdays: [Montag]}",
    "{kind: days_after, event: hired_on, days: [1], day_index_base: 0}",
    "{kind: days_after, event: arrived_on, days: [0], day_index_base: 1}",
])
def test_a_cadence_that_cannot_be_kept_does_not_load(cadence: Callable[[str], Cadence], text: str) -> None:
    with pytest.raises(BadPack):
        cadence(text)
