"""A pack may say nothing about fever: practice stands in, and nobody's report is refused for it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from jiugong.lib.acting import operator
from jiugong.rulebook.actions import adopt
from jiugong.standing.queries import parameters_on
from jiugong.standing.team import fever_limit
from tests.cast import Town

LATER = datetime(2026, 11, 22, 8, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_limit_of_practice_stands_in_where_the_pack_is_silent(town: Town) -> None:
    adopt(town.park, "cn-noro", from_day=date(2026, 11, 22), actor=operator())

    assert parameters_on(town.park, LATER) == {}
    assert fever_limit(town.park, LATER) == 37.3
