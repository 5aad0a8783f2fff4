"""Tiers of testing: who stands in which, who moved between two days, and what had changed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from jiugong.lib.acting import operator
from jiugong.registry.models import Assignment, Posting
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.deciding import grade, zone
from jiugong.rulebook.models import EnterprisePlan, Supplement
from jiugong.rulebook.queries.tiers import counts_by_enterprise, moves, people_in_tier, people_who_moved, tiers_on
from jiugong.rulebook.words import AreaLevel, Regime, Risk
from tests.cast import DAY, Town

ONE, TWO = "东风木业有限公司", "南山家居有限公司"
A_DAY = timedelta(days=1)
PAPER: dict[str, Any] = {"title": "通告", "issuer": "区指挥部", "published": "2022-07-20"}
KEY = [{"fact": "risk", "is": "key"}]
pytestmark = pytest.mark.usefixtures("this_morning")


def moved(town: Town, start: date = DAY - A_DAY, end: date = DAY) -> list[tuple[str, tuple[str, ...], tuple[str, ...], int]]:
    names = {firm.pk: name for name, firm in town.firms.items()}
    return [(names[each.enterprise_id], each.after, each.because, each.count)
            for each in moves(town.park, tiers_on(town.park, start), tiers_on(town.park, end))]


def test_a_tier_counts_by_enterprise_and_names_whom_it_counts(town: Town, a_local_duty: Callable[..., Supplement]) -> None:
    a_local_duty(KEY)
    grade(town.firms[ONE], Risk.KEY, reason="涉外订单", actor=operator())
    tiers = tiers_on(town.park, DAY)

    counted = {row["enterprise__name"]: (row["people"], row["tier_0"], row["none"])
               for row in counts_by_enterprise(town.park, tiers)}

    assert counted == {ONE: (3, 3, 0), TWO: (2, 0, 2), "西河门窗有限公司": (3, 0, 3)}
    assert people_in_tier(town.park, tiers, "duties.local_specimen").count() == 3
    assert people_in_tier(town.park, tiers, "").count() == 5
    assert people_in_tier(town.park, tiers, "duties.nothing").count() == 0


def test_who_moves_by_risk_by_area_by_regime_is_told_so(
        town: Town, a_local_duty: Callable[..., Supplement], a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    long_ago = DAY - 10 * A_DAY
    a_local_duty(KEY, key="duties.a", since=long_ago)
    a_local_duty([{"fact": "area", "is": "high"}], key="duties.b", since=long_ago)
    a_local_duty([{"fact": "regime", "is": "open"}], key="duties.c", since=long_ago)
    grade(town.firms[ONE], Risk.KEY, reason="涉外订单", actor=operator())
    zone(town.grids["第2网格"], AreaLevel.HIGH, actor=operator(), **PAPER)
    a_plan_in_force(town.firms[TWO], Regime.CLOSED_LOOP)

    assert sorted(moved(town)) == sorted([
        (ONE, ("duties.a", "duties.c"), ("risk",), 3), (TWO, (), ("regime",), 2),
        ("西河门窗有限公司", ("duties.b", "duties.c"), ("area",), 3)])
    assert moved(town, DAY - 2 * A_DAY, DAY - A_DAY) == []
    assert moved(town, DAY, DAY + A_DAY) == []


def test_who_moves_by_a_local_rule_or_by_a_release_is_told_so(town: Town, a_local_duty: Callable[..., Supplement]) -> None:
    Posting.objects.filter(person=town.people["吴强"]).update(key_post=True)
    a_local_duty([{"fact": "status", "is": "on_duty"}], since=DAY + 5 * A_DAY)
    adopt(town.park, "cn-2022-v9", from_day=DAY, actor=operator())

    by_release = moved(town)
    by_supplement = moved(town, DAY + 4 * A_DAY, DAY + 5 * A_DAY)

    assert [(name, because, count) for name, _after, because, count in by_release] == [(ONE, ("release",), 1)]
    assert {because for _name, _after, because, _count in by_supplement} == {("supplement",)}
    assert sum(count for *_others, count in by_supplement) == 8


def test_who_moves_by_his_own_posting_or_bed_is_told_so(town: Town, a_local_duty: Callable[..., Supplement]) -> None:
    long_ago = DAY - 10 * A_DAY
    a_local_duty([{"fact": "key_post", "is": True}], key="duties.a", since=long_ago)
    a_local_duty([{"fact": "in_dormitory", "is": False}], key="duties.b", since=long_ago)
    before = Posting.objects.get(person=town.people["吴强"])
    Posting.objects.filter(pk=before.pk).update(until=DAY)
    Posting.objects.create(park=town.park, person=before.person, unit=before.unit, enterprise=before.enterprise,
                           post=before.post, shift=before.shift, key_post=True, status=before.status,
                           arrived_on=before.arrived_on, since=DAY)
    Posting.objects.filter(person=town.people["孙丽"]).update(until=DAY)
    Assignment.objects.filter(person=town.people["钱进"], kind="dorm_room").update(until=DAY)

    assert sorted(moved(town)) == sorted([(ONE, ("duties.a",), ("key_post",), 1), (TWO, ("duties.b",), ("in_dormitory",), 1)])


def test_the_people_behind_each_number_are_as_many(town: Town, a_local_duty: Callable[..., Supplement]) -> None:
    a_local_duty(KEY, since=DAY - A_DAY)
    grade(town.firms[ONE], Risk.KEY, reason="涉外订单", actor=operator())
    start, end = tiers_on(town.park, DAY - A_DAY), tiers_on(town.park, DAY)

    for each in moves(town.park, start, end):
        found = people_who_moved(town.park, start, end, ("",), enterprise_id=each.enterprise_id, marks=each.marks)
        assert found.count() == each.count == 3
    assert people_who_moved(town.park, start, end, ("",)).count() == 3


def test_it_takes_as_many_questions_for_one_enterprise_as_for_three(
        town: Town, a_local_duty: Callable[..., Supplement], django_assert_num_queries: Callable[..., Any]) -> None:
    a_local_duty(KEY, since=DAY - A_DAY)
    start = tiers_on(town.park, DAY - A_DAY)

    for number, firm in enumerate(town.firms.values(), start=1):
        grade(firm, Risk.KEY, reason="涉外订单", actor=operator())
        end = tiers_on(town.park, DAY)
        with django_assert_num_queries(3):
            assert len(moves(town.park, start, end)) == number


def test_somebody_stands_in_a_tier_of_numbered_days_only_on_these_days_and_moves_by_the_day_of_arrival(
        town: Town, a_local_duty: Callable[..., Supplement]) -> None:
    Posting.objects.update(arrived_on=None)
    Posting.objects.filter(person=town.people["吴强"]).update(arrived_on=DAY)
    a_local_duty([{"fact": "status", "is": "on_duty"}], since=DAY - A_DAY,
                 cadence={"kind": "days_after", "event": "arrived_on", "days": [1, 2], "day_index_base": 1})

    tiers = [tiers_on(town.park, DAY + by * A_DAY) for by in (-1, 0, 1, 2)]
    in_tier = [people_in_tier(town.park, each, "duties.local_specimen").count() for each in tiers]
    assert in_tier == [0, 1, 1, 0]
    assert moved(town) == [(ONE, ("duties.local_specimen",), ("arrived_on",), 1)]
    assert moved(town, DAY, DAY + A_DAY) == []
    assert moved(town, DAY + A_DAY, DAY + 2 * A_DAY) == [(ONE, (), ("arrived_on",), 1)]


# pages --------------------------------------------------------------------------------------------------------------

def test_lin_sees_who_moved_opens_the_names_and_goes_on_to_a_round_for_them(
        town: Town, client: Client, a_local_duty: Callable[..., Supplement]) -> None:
    a_local_duty(KEY, since=DAY - A_DAY)
    grade(town.firms[ONE], Risk.KEY, reason="涉外订单", actor=operator())
    client.force_login(town.users["lin"])
    address = f"/parks/{town.park.uid}/tiers"

    page = client.get(address)
    move = page.context["moves"][0]
    names = client.get(f"{address}/names?{move['query']}")
    onward = client.get(f"{address}/round", {"tier": "duties.local_specimen"})

    assert (move["enterprise"].name, move["count"]) == (ONE, 3)
    assert {each.person.name for each in names.context["page"]} == {"吴强", "孙丽", "郑伟"}
    assert f"enterprises={town.firms[ONE].uid}&" in onward.headers["Location"]
    assert client.get(onward.headers["Location"]).status_code == 200


def test_tao_sees_his_grid_alone(town: Town, client: Client, a_local_duty: Callable[..., Supplement]) -> None:
    a_local_duty([])
    client.force_login(town.users["tao"])

    page = client.get(f"/parks/{town.park.uid}/tiers")

    assert page.context["people"] == 5
    assert {row["name"] for row in page.context["rows"]} == {ONE, TWO}
