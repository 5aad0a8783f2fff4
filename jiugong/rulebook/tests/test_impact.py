"""What changes if we adopt this on that day: counted before, adopted after, on the page. By command: tests/test_impact.py."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from jiugong.journal.models import LookUp
from jiugong.lib.acting import operator
from jiugong.registry.models import Posting
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.models import Adoption, EnterprisePlan, Supplement
from jiugong.rulebook.queries import owing
from jiugong.rulebook.queries.impact import affected_rows, changes_between, impact_of
from jiugong.rulebook.queries.releases import duties_on, release_called
from tests.cast import DAY, Town

V9, TWENTY, TWENTY_BEGINS = "cn-2022-v9", "cn-2022-20", date(2022, 11, 11)
ONE = "东风木业有限公司"
pytestmark = pytest.mark.usefixtures("this_morning")


def test_the_first_release_adds_its_rules_and_everybody_in_a_dormitory_reports(town: Town) -> None:
    impact = impact_of(town.park, V9, DAY)
    counts = {each.key: each.counts for each in impact.duties}

    assert {each.kind for each in impact.changes} == {"added"}
    assert counts["health_report_in_dormitory"] == {"new": 8, "gone": 0, "differs": 0}
    assert counts["antigen"] == {"new": 0, "gone": 0, "differs": 0}
    assert impact.enterprises == {firm.pk for firm in town.firms.values()}
    assert not Adoption.objects.exists()


def test_what_is_counted_as_new_is_what_is_owed_once_it_is_adopted(town: Town) -> None:
    promised = {each.key: each.counts["new"] for each in impact_of(town.park, V9, DAY).duties if each.subject == "person"}
    adopt(town.park, V9, from_day=DAY, actor=operator())

    assert promised == {duty.key: owing(town.park, duty).count() for duty in duties_on(town.park, DAY)
                        if duty.subject == "person"}


def test_adopting_what_already_holds_changes_nothing(town: Town) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    impact = impact_of(town.park, V9, DAY + timedelta(days=1))

    assert (impact.changes, impact.duties, impact.plans, impact.park_plans) == ((), (), (), {})


def test_an_amendment_changes_a_control_and_leaves_the_duties_that_it_does_not_name(town: Town) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    impact = impact_of(town.park, TWENTY, TWENTY_BEGINS)

    assert next(each.kind for each in impact.changes if each.key == "control.close_contact") == "changed"
    assert "duties.health_report_in_dormitory" not in {each.key for each in impact.changes}
    assert "health_report_in_dormitory" not in {each.key for each in impact.duties}


def test_a_local_rule_that_is_kept_is_no_change(town: Town, a_local_duty: Callable[..., Supplement]) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    a_local_duty([{"fact": "status", "is": "isolated"}], key="duties.antigen", evidence="antigen")

    changes = changes_between(town.park, release_called(V9), None, DAY)

    assert {each.key for each in changes if each.after} == set()
    assert "duties.antigen" not in {each.key for each in changes}


def test_each_number_opens_to_exactly_its_names(town: Town) -> None:
    for duty in impact_of(town.park, V9, DAY).duties:
        if duty.subject == "person":
            rows = affected_rows(town.park, duty.change, "new", DAY, ("",))
            assert rows.count() == duty.counts["new"]


def test_the_impact_of_an_end_is_that_all_owe_no_longer_and_those_who_owe_otherwise_are_told(
        town: Town, a_local_duty: Callable[..., Supplement]) -> None:
    adopt(town.park, V9, from_day=DAY, actor=operator())
    gone = {each.key: each for each in changes_between(town.park, release_called(V9), None, DAY)}
    rows = affected_rows(town.park, gone["duties.health_report_in_dormitory"], "gone", DAY, ("",))

    assert gone["duties.health_report_in_dormitory"].kind == "removed"
    assert rows.count() == 8


def test_it_takes_as_many_questions_for_one_enterprise_as_for_three(
        town: Town, a_plan_in_force: Callable[..., EnterprisePlan]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as many:
        impact_of(town.park, V9, DAY)
    Posting.objects.exclude(enterprise=town.firms[ONE]).delete()
    with CaptureQueriesContext(connection) as one:
        impact_of(town.park, V9, DAY)

    assert len(many) == len(one) <= 8


# page -------------------------------------------------------------------------------------------------

def test_lin_looks_first_and_adopts_then(town: Town, client: Client) -> None:
    client.force_login(town.users["lin"])
    address, asked = f"/parks/{town.park.uid}/rules/adopting", {"release": V9, "from_day": "2022-07-22"}

    page = client.get(address, asked)
    assert sum(count for each in page.context["duties"] for how, count, _query in each["numbers"] if how == "new") >= 8
    assert not Adoption.objects.exists()

    client.post(address, asked)
    assert Adoption.objects.get().release == V9


def test_the_names_behind_a_number_are_of_the_readers_own_part_and_journalled(town: Town, client: Client) -> None:
    address = f"/parks/{town.park.uid}/rules/adopting/names"
    asked = {"release": V9, "from_day": "2022-07-22", "duty": "duties.health_report_in_dormitory", "how": "new"}
    client.force_login(town.users["lin"])
    assert client.get(address, asked).context["page"].paginator.count == 8
    assert LookUp.objects.count() == 8

    client.force_login(town.users["fang"])
    assert client.get(address, asked).context["page"].paginator.count == 3


def test_a_silent_release_or_a_day_that_is_none_is_said(town: Town, client: Client) -> None:
    client.force_login(town.users["lin"])
    address = f"/parks/{town.park.uid}/rules/adopting"

    assert client.get(address, {"release": TWENTY, "from_day": "2022-07-22"}).status_code == 422
    assert client.get(address, {"release": V9, "from_day": "gestern"}).status_code == 422
    assert client.get(address, {"release": "cn-1999", "from_day": "2022-07-22"}).status_code == 422
