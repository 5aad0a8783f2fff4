"""What changes if we adopt this on that day: counted before, adopted after, on the page. By command: tests/test_impact.py."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.journal.models import LookUp
from jiugong.lib.acting import operator
from jiugong.registry.models import Assignment, Park, Posting, Siting
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.models import Adoption, EnterprisePlan, Grading, Supplement, Zoning
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


# the law --------------------------------------------------------------------------------------------------------------

# from which release to which, on which day: the first days of texts, the day before, and a day well inside
STEPS = [(None, "cn-2021-v8", date(2022, 3, 10)), (None, "cn-2021-v8", date(2022, 3, 11)),
         ("cn-2021-v8", "cn-sh-2022-04", date(2022, 4, 16)), ("cn-2021-v8", "cn-sh-2022-04", date(2022, 5, 3)),
         ("cn-2021-v8", "cn-sh-2022-04", date(2022, 5, 22)), ("cn-2021-v8", V9, date(2022, 6, 28)), (None, V9, DAY),
         (V9, TWENTY, TWENTY_BEGINS), (TWENTY, "cn-2022-10", date(2022, 12, 7)), (TWENTY, "cn-2022-10", date(2022, 12, 8)),
         ("cn-2022-10", "cn-2023-b", date(2023, 1, 8)), (V9, "cn-2023-b", date(2023, 1, 8)), (None, "cn-noro", date(2025, 11, 7))]
# of each person: status, key post, a bed, days since arriving; of each enterprise: risk, regime, level of its site
somebody = st.tuples(st.sampled_from(["on_duty", "on_leave", "isolated"]), st.booleans(), st.booleans(),
                     st.none() | st.integers(0, 4))
some_firm = st.tuples(st.sampled_from(["ordinary", "key"]), st.sampled_from(["open", "closed_loop", "point_style"]),
                      st.sampled_from([None, "sealed", "controlled", "precaution", "high", "low"]))


def owed_sets(park: Park, day: date) -> dict[str, set[int]]:
    return {duty.key: set(owing(park, duty).values_list("pk", flat=True)) for duty in duties_on(park, day)}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(step=st.sampled_from(STEPS), people=st.lists(somebody, min_size=8, max_size=8), local=st.booleans(),
       firms=st.lists(some_firm, min_size=3, max_size=3))
def test_what_is_promised_is_the_difference_of_what_is_owed_before_and_after(
        town: Town, a_local_duty: Callable[..., Supplement], step: tuple[str | None, str, date], people: list[Any],
        firms: list[Any], local: bool) -> None:
    before, after, day = step
    long_ago = date(2022, 1, 1)
    for kept in (EnterprisePlan.objects, Grading.objects, Zoning.objects, Supplement.objects):
        kept.filter(park=town.park).delete()
    town.park.park_plans.all().delete(), Adoption.objects.all().delete()
    Assignment.objects.update(since=long_ago, until=None), Siting.objects.update(since=long_ago)
    for posting, (status, key_post, bed, arrived) in zip(Posting.objects.order_by("pk"), people, strict=True):
        Posting.objects.filter(pk=posting.pk).update(
            since=long_ago, status=status, key_post=key_post, arrived_on=None if arrived is None else day - timedelta(days=arrived))
        Assignment.objects.filter(person=posting.person_id, kind="dorm_room").update(until=None if bed else date(2022, 1, 2))
    about: dict[str, Any] = {"park": town.park, "since": long_ago, "decided_by": "-", "decided_at": "2022-01-01T00:00Z"}
    plan: dict[str, Any] = {**about, "version": 1, "stage": "approved", "drafted_at": "2022-01-01T00:00Z"}
    for firm, (risk, regime, level) in zip(town.firms.values(), firms, strict=True):
        Grading.objects.create(unit=firm, risk=risk, reason="x", **about)
        EnterprisePlan.objects.create(unit=firm, regime=regime, **plan)
        if level and firm.site:
            Zoning.objects.create(place=firm.site, level=level, title="通告", issuer="指挥部", published="2022", **about)
    if local:
        a_local_duty([{"fact": "status", "is": "isolated"}], key="duties.antigen", evidence="antigen", since=long_ago)
    if before:
        adopt(town.park, before, from_day=day - timedelta(days=1), actor=operator())

    impact, owed = impact_of(town.park, after, day), owed_sets(town.park, day)
    adopt(town.park, after, from_day=day, actor=operator())
    then = owed_sets(town.park, day)

    promised = {duty.key: (duty.counts["new"], duty.counts["gone"]) for duty in impact.duties}
    found = {key: (owed.get(key, set()), then.get(key, set())) for key in {*owed, *then}}
    assert promised == {key: (len(there - was), len(was - there)) for key, (was, there) in found.items() if key in promised}
    assert {key for key, (was, there) in found.items() if was != there} <= set(promised)
    assert all(duty.counts["differs"] in (0, len(found[duty.key][0] & found[duty.key][1])) for duty in impact.duties)


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
