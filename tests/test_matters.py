"""What the rooms tell the board: late lists, work to be checked, plans to be written anew, each for whom it concerns."""

from datetime import datetime, timedelta

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.duties.actions import record
from jiugong.duties.matters import matters as of_duties
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.matters import Matter
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.matters import matters as of_plans
from tests.cast import DAY, MORNING, Town

pytestmark = pytest.mark.django_db


def told(town: Town, who: str, at: datetime) -> list[Matter]:
    actor = actor_for(town.users[who], at)
    return [*of_duties(actor, town.park, at), *of_plans(actor, town.park, at)]


@pytest.fixture
def ruled(town: Town) -> Town:
    with clock.standing_at(MORNING - timedelta(days=10)):
        adopt(town.park, "cn-2022-v9", from_day=DAY - timedelta(days=10), actor=operator())
    return town


def test_nothing_waits_in_a_park_that_owes_nothing(town: Town, this_morning: datetime) -> None:
    assert told(town, "lin", MORNING) == []


def test_the_parks_plans_wait_for_who_approves_plans_and_become_late(ruled: Town, this_morning: datetime) -> None:
    plans = [each for each in told(ruled, "lin", MORNING) if "/plans/" in each.url]

    assert {each.state for each in plans} <= {"late", "missing"} and len(plans) == 2
    assert all((each.since is None) == (each.state == "missing") for each in plans)
    assert all((each.until is None) == (each.state == "late") for each in plans)
    assert not [each for each in told(ruled, "tao", MORNING) if "/plans/" in each.url]


def test_late_lists_concern_who_sees_the_enterprise(ruled: Town) -> None:
    at = datetime.fromisoformat("2022-07-16T12:00:00+08:00")
    with clock.standing_at(at):
        mine, all_of_them = ([each for each in told(ruled, who, at) if "returnees" in each.url] for who in ("bo", "lin"))

    firm = {ruled.firms["西河门窗有限公司"].pk}
    assert [set(each.enterprises) for each in mine] in ([], [firm])
    assert len(all_of_them) == len(mine)
    assert all(firm < set(each.enterprises) for each in all_of_them)


def test_work_that_nobody_checked_waits_for_who_may_check(ruled: Town, this_morning: datetime) -> None:
    place = ruled.firms["东风木业有限公司"].site
    assert place
    record(ruled.park, place, kind="disinfection", client_id="d1", happened_at=MORNING - timedelta(hours=1), actor=operator(),
           data={"agent": "chlorine", "concentration": 500, "contact_minutes": 30, "way": "wipe",
                 "operator": "吴强", "what": "走廊"})

    waiting = [each for each in told(ruled, "tao", MORNING) if "checks" in each.url]

    assert [(each.since, each.state) for each in waiting] == [(MORNING - timedelta(hours=1), "missing")]
    assert not [each for each in told(ruled, "kai", MORNING) if "checks" in each.url]
