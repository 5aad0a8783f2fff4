"""Who owes what at a moment, who has done it, who is missing."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.duties.actions import excuse, record
from jiugong.duties.errors import DutyUnknown
from jiugong.duties.queries import asked_by, due_at, due_for
from jiugong.duties.tests.conftest import DAY, MORNING, TWO_WINDOWS, at
from jiugong.lib import clock
from jiugong.registry.queries.coverage import Coverage

HEALTHY = {"temperature": 36.5, "symptoms": []}


@pytest.fixture
def reports(park, boss) -> Any:
    """Somebody reports his health at a moment."""
    def report(subject, moment, kind="health_report", data=None) -> Any:
        with clock.standing_at(max(moment, MORNING)):
            return record(park, subject, kind=kind, data=data or HEALTHY, happened_at=moment,
                          client_id=f"{subject.pk}-{type(subject).__name__}-{moment.isoformat()}", actor=boss)
    return report


def due(park, key, moment) -> Any:
    return due_for(park, key, moment)


def coverage(park, moment, key="report", reach=("",), **only) -> Any:
    return asked_by(park, due(park, key, moment), moment, reach, **only).coverage()


@pytest.mark.parametrize(("moment", "windows"), [
    (at(5, 59, 59, microsecond=999_999), []), (at(6), ["2022-07-22/1"]), (at(10), ["2022-07-22/1"]),
    (at(10, 0, 59), ["2022-07-22/1"]), (at(10, 1), ["2022-07-22/1"]), (at(15, 59, 59), ["2022-07-22/1"]),
    (at(16), ["2022-07-22/2"]), (at(23, 59, 59), ["2022-07-22/2"]), (at(0, day=23), [])])
def test_the_window_that_opened_last_today_is_the_one_that_is_asked(park, rules, moment, windows):
    rules("report")

    assert [due.window.key for due in due_at(park, moment)] == windows


@pytest.mark.parametrize(("moment", "late"), [(at(10), False), (at(10, 0, 59), False), (at(10, 1), True)])
def test_a_duty_is_late_after_its_closing_minute(park, rules, moment, late):
    rules("report")

    assert due(park, "report", moment).is_late(moment) == late


@pytest.mark.parametrize(("happened", "done"), [
    (at(5, 59, 59), 0), (at(6), 1), (at(9, 59, 59), 1), (at(10), 1), (at(10, 0, 59), 1), (at(10, 1), 0)])
def test_the_closing_minute_itself_still_counts(park, rules, a_worker, reports, happened, done):
    rules("report")
    reports(a_worker(), happened)

    assert coverage(park, at(12)) == Coverage(1, done, 0)


def test_somebody_is_done_from_the_very_moment(park, rules, a_worker, reports):
    rules("report")
    reports(a_worker(), at(7))

    assert coverage(park, at(6, 59, 59)).done == 0
    assert coverage(park, at(7)).done == 1


def test_a_report_of_the_morning_is_none_for_the_evening(park, rules, a_worker, reports):
    rules("report")
    reports(a_worker(), at(7))

    assert coverage(park, at(17)) == Coverage(1, 0, 0)


def test_evidence_of_another_kind_or_that_does_not_count_is_none(park, rules, a_worker, reports):
    rules("test", evidence="antigen")
    early = {"result": "negative", "started_at": at(7).isoformat(), "read_at": at(7, 10).isoformat()}
    worker = a_worker()
    reports(worker, at(7))
    reports(worker, at(7, 10), "antigen", early)
    assert coverage(park, at(8), "test").done == 0

    reports(worker, at(7, 20), "antigen", early | {"read_at": at(7, 20).isoformat()})

    assert coverage(park, at(8), "test").done == 1


def test_a_rule_that_nobody_knows_says_which_hold(park, rules):
    rules("report")

    with pytest.raises(DutyUnknown) as refused:
        due_for(park, "horoscope", MORNING)

    assert refused.value.facts == {"duty": "horoscope", "day": "2022-07-22", "known": "report"}


def test_without_a_release_nothing_is_owed(park, a_worker):
    a_worker()

    assert due_at(park, MORNING) == []


def test_a_release_of_one_park_obliges_nobody_in_another(park, other_park, rules, a_worker, reports):
    rules("report")
    a_worker(number=1), a_worker(number=1, here=other_park)

    assert due_at(other_park, MORNING) == []
    assert coverage(park, MORNING).owed == 1


@pytest.mark.parametrize(("who", "names"), [
    ("[{fact: status, is: on_duty}]", {"在岗", "宿舍", "重点", "今天到"}),
    ("[{fact: status, in: [isolated, on_leave]}]", {"隔离"}),
    ("[{fact: status, is_not: on_duty}]", {"隔离"}),
    ("[{fact: in_dormitory, is: true}]", {"宿舍"}),
    ("[{fact: in_dormitory, is: false}, {fact: status, is: on_duty}]", {"在岗", "重点", "今天到"}),
    ("[{fact: key_post, is: true}]", {"重点"}),
    ("[{fact: post, exists: true}]", {"重点"}),
    ("[{fact: shift, exists: false}, {fact: status, is: on_duty}]", {"宿舍", "重点", "今天到"}),
    ("[{fact: shift, is_not: day}]", set()),
    ("[{fact: arrived_on, at_least: 2022-07-22}]", {"今天到"})])
def test_a_rule_names_who_owes_it(park, rules, a_worker, who, names):
    rules("report", who=who)
    a_worker(name="在岗", shift="day"), a_worker(name="宿舍", in_dormitory=True)
    a_worker(name="隔离", status="isolated")
    a_worker(name="重点", key_post=True, post="司机")
    a_worker(name="今天到", since=date(2022, 7, 22), arrived_on=date(2022, 7, 22))
    a_worker(name="明天到", since=date(2022, 7, 23), arrived_on=date(2022, 7, 23))

    owed = asked_by(park, due(park, "report", MORNING), MORNING).owed

    assert set(owed.values_list("person__name", flat=True)) == names


def test_changing_one_value_in_the_pack_changes_who_owes(park, rules, a_worker):
    file = rules("report")
    a_worker(name="在岗"), a_worker(name="隔离", status="isolated")
    assert coverage(park, MORNING).owed == 1

    def names() -> Any:
        asked = asked_by(park, due(park, "report", MORNING), MORNING)
        return set(asked.missing().values_list("person__name", flat=True))

    assert names() == {"在岗"}
    file.write_text(file.read_text().replace("is: on_duty", "is: isolated"))
    assert names() == {"隔离"}


def test_changing_the_hours_in_the_pack_changes_the_window(park, rules):
    file = rules("report")
    assert due_at(park, at(5)) == []

    file.write_text(file.read_text().replace("06:00", "05:00"))

    assert [due.window.start for due in due_at(park, at(5))] == [at(5)]


def test_a_duty_of_units_is_done_by_the_unit(park, rules, reports):
    rules("drill", subject="unit", who="[{fact: kind, is: enterprise}]")
    first, second = park.units.get(name="甲"), park.units.get(name="乙")
    reports(first, at(7))

    assert coverage(park, at(8), "drill") == Coverage(2, 1, 0)
    assert coverage(park, at(8), "drill", (second.path,)) == Coverage(1, 0, 0)
    assert list(asked_by(park, due(park, "drill", at(8)), at(8)).missing()) == [second]


def test_a_duty_of_places_is_done_at_the_place_and_can_be_excused(park, boss, rules, reports):
    rules("disinfect", subject="place", who="[{fact: kind, is: dorm_room}]")
    room = park.places.get(name="101")
    assert coverage(park, at(8), "disinfect") == Coverage(1, 0, 0)

    excuse(park, room, reason="停用", since_at=at(0), until_at=at(0, day=23), actor=boss)
    assert coverage(park, at(8), "disinfect") == Coverage(1, 0, 1)

    reports(room, at(7))
    assert coverage(park, at(8), "disinfect") == Coverage(1, 1, 0)


@pytest.mark.parametrize(("moment", "done"), [(at(5, 59, 59), 0), (at(6), 1), (at(10, 0, 59), 1), (at(10, 1), 0)])
def test_a_duty_whose_evidence_is_a_swab_is_answered_by_screening(park, rules, a_worker, moment, done):
    rules("swab", evidence="specimen")
    worker = a_worker()
    of, point, tube = (apps.get_model("screening", name).objects for name in ("Round", "Point", "Tube"))
    of = of.create(park=park, number=1, day=DAY, opens_at=at(6), closes_at=at(10), pool_size=20)
    point = point.create(park=park, name="点", key="点", kind="public")
    tube = tube.create(park=park, code="T1", round=of, point=point, capacity=20, opened_at=at(6))
    apps.get_model("screening", "Specimen").objects.create(
        park=park, scan_id="s1", round=of, tube=tube, position=1, kind="person", person=worker, sampled_at=moment,
        device_at=moment, received_at=moment)

    assert coverage(park, at(12), "swab") == Coverage(1, done, 0)


def test_the_number_of_queries_stays_flat(park, rules, a_worker, reports):
    rules("report")
    asked_due = due(park, "report", MORNING)

    def cost() -> Any:
        with CaptureQueriesContext(connection) as asked:
            asked_by(park, asked_due, MORNING).coverage()
            asked_by(park, asked_due, MORNING).coverage_by("enterprise_id")
        return len(asked)

    a_worker()
    one = cost()
    for number in range(2, 23):
        reports(a_worker(number=number), at(7))

    assert cost() == one


# enterprise, status, the hour of a report, the first hour and the length of an excuse
somebody = st.tuples(st.sampled_from(["甲", "乙"]), st.sampled_from(["on_duty", "isolated"]),
                     st.none() | st.integers(5, 21), st.none() | st.tuples(st.integers(5, 12), st.integers(1, 12)))


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(people=st.lists(somebody, max_size=6), hour=st.integers(6, 23), scope=st.sampled_from(["", "甲", "乙"]))
def test_owed_is_done_plus_excused_plus_missing(park, boss, rules_once, a_worker, reports, people, hour, scope):
    park.evidence.all().delete(), park.excuses.all().delete(), park.postings.all().delete(), park.people.all().delete()
    for enterprise, status, reported, excused in people:
        worker = a_worker(enterprise=enterprise, status=status)
        if reported is not None:
            reports(worker, at(reported))
        if excused:
            excuse(park, worker, reason="请假", since_at=at(excused[0]), until_at=at(min(sum(excused), 23)), actor=boss)
    reach = (park.units.get(name=scope).path,) if scope else ("",)

    asked = asked_by(park, due(park, "report", at(hour)), at(hour), reach)

    covered = asked.coverage()
    parts = [set(rows.values_list("person", flat=True))
             for rows in (asked.done_rows(), asked.excused_rows(), asked.missing())]
    everybody = set(asked.owed.values_list("person", flat=True))
    assert parts[0] | parts[1] | parts[2] == everybody
    assert (covered.owed, covered.done, covered.excused, covered.missing) == (len(everybody), *map(len, parts))
    assert sum(asked.coverage_by("enterprise_id").values(), Coverage()) == covered


@pytest.fixture
def rules_once(rules) -> Any:
    return rules("report", cadence=TWO_WINDOWS)
