"""Day 0, day 1 and the last day of control, by the ninth edition and by the twenty measures."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jiugong.lib import days
from jiugong.tracing.actions.proposing import periods_of
from jiugong.tracing.words import OrderKind

pytestmark = pytest.mark.pure
ZONE = ZoneInfo("Asia/Shanghai")
V9 = ("cn-2022-v9", date(2022, 7, 22), (7, 3), [1, 2, 3, 5, 7, 10])
TWENTY = ("cn-2022-20", date(2022, 11, 12), (5, 3), [1, 2, 3, 5, 6, 8])


@pytest.mark.parametrize(("release", "day_0", "lasts", "tests"), [V9, TWENTY])
def test_a_close_contact_is_controlled_from_day_1_to_the_end_of_the_last_day(release: str, day_0: date, lasts: tuple[int, int],
                                                                             tests: list[int]) -> None:
    phases = periods_of(release, OrderKind.CLOSE_CONTACT, day_0, on=day_0)
    last = day_0 + timedelta(days=sum(lasts))

    assert phases[0].first_day == day_0 + timedelta(days=1)                     # the day of the last exposure is day 0
    assert [(each.last_day - each.first_day).days + 1 for each in phases] == list(lasts)
    assert phases[-1].last_day == last
    assert [(day - day_0).days for each in phases for day in each.tests_on] == tests
    until = days.bounds(phases[-1].last_day, ZONE)[1]
    assert datetime.combine(last, datetime.max.time(), tzinfo=ZONE) < until     # the last second of the last day is inside
    assert datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=ZONE) == until


@pytest.mark.parametrize(("release", "day", "is_controlled"), [("cn-2022-v9", date(2022, 7, 22), True),
                                                               ("cn-2022-20", date(2022, 11, 11), False)])
def test_contacts_of_contacts_are_controlled_by_the_text_that_knows_them(release: str, day: date, is_controlled: bool) -> None:
    assert bool(periods_of(release, OrderKind.CONTACT_OF_CONTACT, day, on=day)) is is_controlled
