"""The figures of sampling: points that stand on a day, and people of a period's rounds, each counted once."""

from datetime import date, timedelta
from typing import Any

import pytest

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.scope import scope_of
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.screening.actions.points import Standing, set_up_point
from jiugong.screening.actions.rounds import Target, open_round
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.words import PointKind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = pytest.mark.django_db


def figure(key: str, town: Town, first: date = DAY, last: date = DAY, **more: Any) -> tuple[int, list[dict[str, Any]]]:
    scope = scope_of(town.park, first, last, **more)
    rows = [dict(line.facts) for line in BY_KEY[key].rows(scope)]
    counted = BY_KEY[key].count(scope)
    assert counted == len(rows)
    return counted, rows


def test_points_count_on_the_days_on_which_they_stand(town: Town, this_morning: object) -> None:
    firm = town.firms["西河门窗有限公司"]
    set_up_point(town.park, "西河点", kind=PointKind.ENTERPRISE, unit=firm, actor=operator(),
                 standing=Standing(since=DAY, until=DAY + timedelta(days=2), desks=2))

    def counts(day: date) -> tuple[int, int]:
        return figure("screening.points", town, day, day)[0], figure("screening.points_at_enterprises", town, day, day)[0]

    days = [DAY + timedelta(days=step) for step in (-1, 0, 1, 2)]
    assert [counts(day) for day in days] == [(1, 0), (2, 1), (2, 1), (1, 0)]
    assert figure("screening.points_at_enterprises", town)[1] == [{
        "point": "西河点", "point_kind": "enterprise", "over": "西河门窗有限公司", "hours": "", "desks": 2}]
    assert figure("screening.points", town, reach=firm.branches)[0] == 1


def test_somebody_who_is_sampled_in_two_rounds_is_one_person(town: Town, this_morning: object) -> None:
    firm = town.firms["东风木业有限公司"]
    with clock.standing_at(MORNING + timedelta(hours=3)):
        again = open_round(town.park, opens_at=MORNING + timedelta(hours=2), closes_at=MORNING + timedelta(hours=4), pool_size=10,
                           actor=operator(), target=Target(enterprises=[firm], reason="阳性关联"))
        bind(town.park, [Scan(scan_id=f"again-{at}", round=again.number, tube="SY0002", point="第1网格采样点", id_number=an_id(at))
                         for at in (1, 3)], actor=operator())

        owed, rows = figure("screening.people_owed", town)
        sampled, names = figure("screening.people_sampled", town)
        times = BY_KEY["screening.sampled"].count(scope_of(town.park, DAY, DAY))

        assert (owed, sampled, times) == (8, 3, 4)
        assert {row["name"] for row in names} == {"吴强", "孙丽", "郑伟"}
        assert sum(row["enterprise"] == firm.name for row in rows) == 3
        assert figure("screening.people_owed", town, reach=firm.branches)[0] == 3
        assert figure("screening.people_sampled", town, DAY + timedelta(days=1), DAY + timedelta(days=1))[0] == 0
