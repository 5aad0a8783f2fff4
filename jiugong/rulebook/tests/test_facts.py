"""Regime, risk and area of an enterprise on a day, and the duties that follow from them, on both sides of each date."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.rulebook.actions.deciding import grade, lift, zone
from jiugong.rulebook.errors import ReasonMissing, ReferenceMissing
from jiugong.rulebook.models import EnterprisePlan, Grading, Supplement, Zoning
from jiugong.rulebook.queries import duties_on, owing
from jiugong.rulebook.queries.facts import facts_on
from jiugong.rulebook.words import AreaLevel, Regime, Risk
from tests.cast import DAY, Town

ONE, TWO, THREE = "东风木业有限公司", "南山家居有限公司", "西河门窗有限公司"
PAPER: dict[str, Any] = {"title": "通告", "issuer": "区指挥部", "published": "2022-07-20"}
A_DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("this_morning")


def fact(town: Town, firm: str, name: str, day: date = DAY) -> str:
    return str(getattr(facts_on(town.park, day)[town.firms[firm].pk], name))


def owe(town: Town, day: date, key: str = "local_specimen") -> set[str]:
    rule = next(each for each in duties_on(town.park, day) if each.key == key)
    return set(owing(town.park, rule).values_list("enterprise__name", flat=True))


def test_an_enterprise_of_which_nothing_was_decided_is_open_ordinary_and_in_no_area(town: Town) -> None:
    assert [fact(town, ONE, name) for name in ("regime", "risk", "area")] == ["open", "ordinary", ""]


@pytest.mark.parametrize(("by", "risk"), [(-1, "ordinary"), (0, "key"), (1, "key")])
def test_a_grade_holds_from_its_very_day(town: Town, by: int, risk: str) -> None:
    grade(town.firms[ONE], Risk.KEY, reason="涉外订单", actor=operator())

    assert fact(town, ONE, "risk", DAY + by * A_DAY) == risk
    assert fact(town, TWO, "risk", DAY + by * A_DAY) == "ordinary"


def test_graded_back_it_is_ordinary_from_that_day_and_was_key_before(town: Town) -> None:
    grade(town.firms[ONE], Risk.KEY, reason="涉外订单", since=DAY, actor=operator())
    grade(town.firms[ONE], Risk.ORDINARY, reason="订单结束", since=DAY + 3 * A_DAY, actor=operator())

    assert [fact(town, ONE, "risk", DAY + by * A_DAY) for by in (2, 3)] == ["key", "ordinary"]


def test_the_same_grade_again_changes_nothing_and_a_grade_without_a_reason_is_refused(town: Town) -> None:
    first = grade(town.firms[ONE], Risk.KEY, reason="涉外订单", actor=operator())

    assert grade(town.firms[ONE], Risk.KEY, reason="", actor=operator()) == first
    with pytest.raises(ReasonMissing):
        grade(town.firms[TWO], Risk.KEY, reason="  ", actor=operator())
    with pytest.raises(DatesOutOfOrder):
        grade(town.firms[ONE], Risk.ORDINARY, reason="订单结束", since=DAY - A_DAY, actor=operator())
    assert Grading.objects.count() == 1


def test_the_nearest_area_counts_the_site_before_the_grid_and_the_grid_before_the_park(town: Town) -> None:
    site = town.firms[ONE].site
    assert site is not None
    zone(town.park.places.get(kind="park"), AreaLevel.LOW, actor=operator(), **PAPER)
    zone(town.grids["第1网格"], AreaLevel.CONTROLLED, actor=operator(), **PAPER)
    zone(site, AreaLevel.SEALED, actor=operator(), **PAPER)

    assert [fact(town, firm, "area") for firm in (ONE, TWO, THREE)] == ["sealed", "controlled", "low"]


def test_a_level_holds_until_it_is_lifted_and_is_cited(town: Town) -> None:
    held = zone(town.grids["第1网格"], AreaLevel.HIGH, actor=operator(), **PAPER)
    lift(held, on=DAY + 2 * A_DAY, actor=operator())

    assert [fact(town, ONE, "area", DAY + by * A_DAY) for by in (-1, 0, 1, 2)] == ["", "high", "high", ""]
    with pytest.raises(ReferenceMissing):
        zone(town.grids["第2网格"], AreaLevel.HIGH, title="", issuer="x", published="2022-07", actor=operator())
    assert Zoning.objects.count() == 1


def test_who_owes_follows_from_risk_area_and_regime(town: Town, a_local_duty: Callable[..., Supplement],
                                                    a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    a_local_duty([{"fact": "risk", "is": "key"}], key="duties.local_a")
    a_local_duty([{"fact": "area", "in": ["sealed", "controlled"]}], key="duties.local_b")
    a_local_duty([{"fact": "regime", "is_not": "open"}], key="duties.local_c")
    a_local_duty([{"fact": "risk", "is": "ordinary"}, {"fact": "area", "exists": False}], key="duties.local_d")

    grade(town.firms[ONE], Risk.KEY, reason="涉外订单", actor=operator())
    zone(town.grids["第1网格"], AreaLevel.CONTROLLED, actor=operator(), **PAPER)
    a_plan_in_force(town.firms[THREE], Regime.POINT_STYLE)

    assert owe(town, DAY, "local_a") == {ONE}
    assert owe(town, DAY, "local_b") == {ONE, TWO}
    assert owe(town, DAY, "local_c") == {THREE}
    assert owe(town, DAY, "local_d") == {THREE}


def test_a_regime_decided_for_later_does_not_hold_today(town: Town, a_local_duty: Callable[..., Supplement],
                                                       a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    a_local_duty([{"fact": "regime", "is": "closed_loop"}])
    a_plan_in_force(town.firms[ONE], since=DAY + 2 * A_DAY)

    assert [owe(town, DAY + by * A_DAY) for by in (0, 1, 2)] == [set(), set(), {ONE}]


def test_asking_for_the_facts_takes_one_question_for_any_number_of_enterprises(
        town: Town, django_assert_num_queries: Callable[..., object]) -> None:
    for firm in (ONE, TWO, THREE):
        grade(town.firms[firm], Risk.KEY, reason="涉外订单", actor=operator())

    with django_assert_num_queries(1):                                  # type: ignore[attr-defined]
        assert {each.risk for each in facts_on(town.park, DAY).values()} == {"key", "ordinary"}


def test_a_grading_tomorrow_is_decided_today(town: Town) -> None:
    with clock.standing_at(datetime.combine(DAY, datetime.min.time(), tzinfo=town.park.zone)):
        given = grade(town.firms[ONE], Risk.KEY, reason="涉外订单", since=DAY + A_DAY, actor=operator())

    assert given is not None
    assert [fact(town, ONE, "risk", DAY + by * A_DAY) for by in (0, 1)] == ["ordinary", "key"]
