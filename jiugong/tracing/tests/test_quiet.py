"""The quiet period of arrivals: proposed for all who came, decided by two people, checked each day, over by itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.actions.postings import hire
from jiugong.registry.logic.entries import Who, Work
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.supplements import supplement
from jiugong.tracing.actions.quiet import check_quiet, decide_quiet, propose_quiet
from jiugong.tracing.actions.releasing import lapse_orders
from jiugong.tracing.errors import OrderTakesTwo, QuietCheckUnclear, QuietPeriodUnknown
from jiugong.tracing.models import Order, QuietCheck
from jiugong.tracing.queries.quiet import arrivals_on, days_of, quiet_on, unchecked
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = pytest.mark.usefixtures("this_morning")
A_DAY = timedelta(days=1)


def actor(town: Town, who: str) -> Any:
    return actor_for(town.users[who])


@pytest.fixture
def arrived(town: Town) -> Town:
    """The ninth edition holds, and 甲 and 乙 came today: one to an enterprise of grid 1, one of grid 2."""
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    for number, (name, firm) in enumerate((("甲", "东风木业有限公司"), ("乙", "西河门窗有限公司")), start=301):
        town.people[name] = hire(town.firms[firm], Who(name=name, id_number=an_id(number)), Work(), since=DAY, actor=operator())
    return town


def ordered(town: Town) -> list[Order]:
    propose_quiet(town.park, DAY, actor=actor(town, "lin"))
    for who in ("lin", "zhou"):
        decide_quiet(town.park, actor=actor(town, who))
    return list(Order.objects.filter(park=town.park).order_by("number"))


def test_who_came_on_a_day_are_its_arrivals(arrived: Town) -> None:
    assert [posting.person.name for posting in arrivals_on(arrived.park, DAY)] == ["甲", "乙"]
    assert not arrivals_on(arrived.park, DAY + A_DAY).exists()


def test_it_is_proposed_once_for_each_and_decided_by_two(arrived: Town) -> None:
    made = propose_quiet(arrived.park, DAY, actor=actor(arrived, "lin"))
    assert propose_quiet(arrived.park, DAY, actor=actor(arrived, "lin")) == []

    assert [(order.kind, order.stage, order.rule, days_of(order)) for order in made] == [
        ("quiet_period", "proposed", "clock.quiet_period_days", (DAY, DAY + 6 * A_DAY))] * 2
    assert decide_quiet(arrived.park, actor=actor(arrived, "lin")) == 2
    with pytest.raises(OrderTakesTwo):
        decide_quiet(arrived.park, actor=actor(arrived, "lin"))
    assert set(Order.objects.values_list("stage", flat=True)) == {"seen"}
    decide_quiet(arrived.park, actor=actor(arrived, "zhou"))
    assert set(Order.objects.values_list("stage", "seen_by_name", "ordered_by_name")) == {("ordered", "林园", "周全")}


def test_the_local_rule_goes_before_the_nations(arrived: Town) -> None:
    supplement(arrived.park, "clock.quiet_period_days", actor=operator(), since=DAY, title="通知", issuer="区指挥部",
               published="2022-07", value=3, rule={
                   "kind": "parameter", "title": {"zh-hans": "静默", "en": "Quiet"}, "reviewed_on": "2022-07-22",
                   "holds": "whole_number"})

    assert [days_of(order)[1] for order in propose_quiet(arrived.park, DAY, actor=operator())] == [DAY + 2 * A_DAY] * 2


def test_without_a_rule_nothing_is_proposed(town: Town) -> None:
    hire(town.firms["东风木业有限公司"], Who(name="甲", id_number=an_id(301)), Work(), since=DAY, actor=operator())

    with pytest.raises(QuietPeriodUnknown):
        propose_quiet(town.park, DAY, actor=operator())
    assert not Order.objects.exists()


def test_only_the_office_proposes_and_only_two_decide(arrived: Town) -> None:
    for who in ("fang", "tao", "zhou"):
        with pytest.raises(NotAllowed):
            propose_quiet(arrived.park, DAY, actor=actor(arrived, who))
    propose_quiet(arrived.park, DAY, actor=actor(arrived, "lin"))
    with pytest.raises(NotAllowed):
        decide_quiet(arrived.park, actor=actor(arrived, "fang"))


def test_each_is_checked_every_day_and_the_latest_word_counts(arrived: Town) -> None:
    first, second = ordered(arrived)
    assert [order.who.name for order in unchecked(arrived.park, DAY)] == ["甲", "乙"]

    row = check_quiet(first, day=DAY, present=True, client_id="c1", actor=actor(arrived, "fang"))
    assert check_quiet(first, day=DAY, present=True, client_id="c1", actor=actor(arrived, "fang")) == row

    assert [order.who.name for order in unchecked(arrived.park, DAY)] == ["乙"]
    assert [order.who.name for order in unchecked(arrived.park, DAY + A_DAY)] == ["甲", "乙"]
    assert Entry.objects.filter(verb="quiet.checked").count() == 1
    with pytest.raises(NotAllowed):
        check_quiet(second, day=DAY, present=True, client_id="c2", actor=actor(arrived, "fang"))


@pytest.mark.parametrize("day", [DAY - A_DAY, DAY + A_DAY, DAY + 7 * A_DAY])
def test_a_day_that_is_not_its_own_or_to_come_is_not_checked(arrived: Town, day: date) -> None:
    order = ordered(arrived)[0]

    with pytest.raises(QuietCheckUnclear):
        check_quiet(order, day=day, present=True, client_id="c", actor=operator())
    assert not QuietCheck.objects.exists()


def test_it_is_over_by_itself_after_its_last_day(arrived: Town) -> None:
    order = ordered(arrived)[0]
    with clock.standing_at(order.until - timedelta(seconds=1)):
        assert lapse_orders(arrived.park, actor=operator()) == 0
        assert unchecked(arrived.park, DAY + 6 * A_DAY).count() == 2
    with clock.standing_at(order.until):
        assert lapse_orders(arrived.park, actor=operator()) == 2
        assert quiet_on(operator(), arrived.park, DAY + 7 * A_DAY).count() == 0
    order.refresh_from_db()
    assert (order.stage, order.ended_because) == ("lapsed", "time_over")


def test_an_officer_sees_his_own_people_and_another_park_nothing(arrived: Town, other_town: Town) -> None:
    ordered(arrived)

    assert [order.who.name for order in quiet_on(actor(arrived, "fang"), arrived.park, DAY)] == ["甲"]
    with pytest.raises(NotAllowed):
        quiet_on(actor(other_town, "ines"), arrived.park, DAY)
    with clock.standing_at(MORNING):
        assert quiet_on(actor(other_town, "ines"), other_town.park, DAY).count() == 0
