"""Lists of returnees: on the 15th and the 30th, what changed, and who is late."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.duties.actions import excuse, record
from jiugong.duties.models import Evidence
from jiugong.duties.queries.returnees import before_each, changes_since, late_lists, latest_lists
from jiugong.duties.tests.conftest import BEIJING
from jiugong.lib import clock

LI, WANG = ({"name": name, "from": "上海", "arriving_on": "2022-07-25", "by": "G1"} for name in ("李四", "王五"))
MONTHLY = "{kind: days_of_month, days: [15, 30], in_short_month: last_day}"


def on(month: int, day: int, hour: int = 9, minute: int = 0, *, year: int = 2022) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


@pytest.fixture
def asked(rules) -> Any:
    return rules("returnees", subject="unit", evidence="returnee_list", who="[{fact: kind, is: enterprise}]", cadence=MONTHLY)


@pytest.fixture
def hands_in(park, boss) -> Any:
    def hand_in(name: str, moment: datetime, *people: Any) -> Evidence:
        with clock.standing_at(moment):
            return record(park, park.units.get(name=name), kind="returnee_list", data={"returnees": list(people)},
                          happened_at=moment, client_id=f"{name}-{moment.isoformat()}", actor=boss)
    return hand_in


def late(park, moment) -> Any:
    return [(each.unit.name, each.due_on.isoformat()) for each in late_lists(park, moment)]


@pytest.mark.parametrize(("moment", "expected"), [
    (on(7, 15, 0), "2022-06-30"), (on(7, 15, 23, 59), "2022-06-30"), (on(7, 16, 0), "2022-07-15"),
    (on(7, 29), "2022-07-15"), (on(7, 30, 23, 59), "2022-07-15"), (on(7, 31, 0), "2022-07-30"), (on(8, 14), "2022-07-30"),
    (on(3, 1, 0), "2022-02-28"), (on(2, 28, 23, 59), "2022-02-15"), (on(2, 29, 12, year=2024), "2024-02-15"),
    (on(3, 1, 0, year=2024), "2024-02-29"), (on(3, 31), "2022-03-30")])
def test_a_list_is_late_once_its_day_is_over(park, asked, moment, expected):
    assert late(park, moment) == [("甲", expected), ("乙", expected)]


def test_who_hands_in_late_is_late_no_longer_and_who_was_early_still_owes(park, asked, hands_in):
    hands_in("甲", on(7, 14, 23), LI)
    hands_in("乙", on(7, 15, 8))
    assert late(park, on(7, 16)) == [("甲", "2022-07-15")]

    hands_in("甲", on(7, 17))

    assert late(park, on(7, 16)) == [("甲", "2022-07-15")]
    assert late(park, on(7, 17)) == []


def test_who_is_excused_is_not_late(park, boss, asked):
    excuse(park, park.units.get(name="甲"), reason="停产", since_at=on(7, 10), until_at=on(7, 20), actor=boss)

    assert late(park, on(7, 16)) == [("乙", "2022-07-15")]


def test_without_a_rule_nobody_is_late(park):
    assert late(park, on(7, 16)) == []


def test_late_lists_are_told_only_of_the_part_that_is_seen(park, asked):
    assert [each.unit.name for each in late_lists(park, on(7, 16), (park.units.get(name="乙").path,))] == ["乙"]


def test_the_latest_list_is_told_with_what_changed(park, hands_in):
    hands_in("甲", on(6, 30), LI)
    now = hands_in("甲", on(7, 15), LI | {"by": "自驾"}, WANG)

    [latest] = latest_lists(park, on(7, 16))
    changes = changes_since(latest, before_each([latest])[latest.pk])

    assert latest == now
    assert [each["name"] for each in changes.new] == ["王五"]
    assert [(was["by"], is_now["by"]) for was, is_now in changes.changed] == [("G1", "自驾")]
    assert list(latest_lists(park, on(7, 1))) != [now]


def test_an_empty_list_says_that_nobody_is_coming(park, asked, hands_in):
    hands_in("甲", on(7, 15)), hands_in("乙", on(7, 15))

    assert late(park, on(7, 16)) == []
    assert [row.data for row in latest_lists(park, on(7, 16))] == [{"returnees": []}] * 2


def test_the_number_of_queries_stays_flat(park, asked, hands_in):
    def cost(*lists: Evidence) -> int:
        with CaptureQueriesContext(connection) as queries:
            before = before_each(lists)
            [changes_since(each, before.get(each.pk)) for each in lists]
            late_lists(park, on(7, 16))
        return len(queries)

    lists = [hands_in("甲", on(7, 1, minute=minute), LI) for minute in range(21)]

    assert cost(lists[-1]) == cost(*lists)
