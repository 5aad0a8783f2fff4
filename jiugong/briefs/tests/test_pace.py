"""The pace of a round: its hours, and when it will be done as in the last one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiugong.accounts.queries import actor_for
from jiugong.briefs import board
from jiugong.briefs.pace import HOUR, forecast
from jiugong.lib import clock
from jiugong.screening.models import Specimen
from tests.cast import MORNING, Town

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
OPENS = datetime(2022, 7, 21, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(("missing", "taken", "minutes", "in_minutes"), [
    (60, 60, 120, 60), (60, 30, 120, 120), (60, 30, 30, 60), (1, 60, 120, 1),
    (60, 0, 120, None), (0, 60, 120, None), (60, 30, 9, None), (60, 30, 10, 20)])
def test_a_forecast_is_the_pace_of_the_last_hour_or_silence(missing: int, taken: int, minutes: int, in_minutes: int | None) -> None:
    at = OPENS + minutes * MINUTE

    done_at = forecast(missing=missing, taken=taken, opens_at=OPENS, at=at)

    assert done_at == (None if in_minutes is None else at + in_minutes * MINUTE)


@settings(max_examples=50)
@given(missing=st.integers(1, 30_000), taken=st.integers(1, 30_000), minutes=st.integers(10, 2000))
def test_a_faster_pace_is_never_done_later(missing: int, taken: int, minutes: int) -> None:
    at = OPENS + minutes * MINUTE
    slow, fast = (forecast(missing=missing, taken=many, opens_at=OPENS, at=at) for many in (taken, taken + 1))

    assert slow and fast and at <= fast <= slow


@pytest.mark.parametrize("taken", [
    {}, {OPENS: 2}, {OPENS: 1, OPENS + 90 * MINUTE: 3}, {OPENS - 3 * HOUR: 1, OPENS: 2}, {OPENS: 1, MORNING + 5 * HOUR: 2},
    {OPENS - 3 * HOUR: 4}])
def test_the_hours_of_a_round_are_counted_also_outside_of_it(town: Town, taken: dict[datetime, int]) -> None:
    assert town.round and town.tube
    Specimen.every.filter(person__isnull=False).delete()
    for at, (moment, count) in enumerate(taken.items()):
        Specimen.every.bulk_create([Specimen(
            park=town.park, scan_id=f"c{at}-{number}", round=town.round, tube=town.tube, position=number, kind="person",
            person=town.people["郑伟"], sampled_at=moment, device_at=moment, received_at=moment) for number in range(count)])

    with clock.standing_at(MORNING + 6 * HOUR):
        actor = actor_for(town.users["lin"])
        question = board.question_for(actor, town.park, "round:1", clock.now())
        curve = question and board.curve_of(actor, town.park, question, 3)

    first = min((moment.astimezone(town.park.zone).hour for moment in taken), default=0)
    last = max((moment.astimezone(town.park.zone).hour for moment in taken), default=-1)
    by_hour = {moment.astimezone(town.park.zone).hour: count for moment, count in taken.items()}
    assert curve
    assert curve.hours == [(hour, by_hour.get(hour, 0)) for hour in range(first, last + 1)]
