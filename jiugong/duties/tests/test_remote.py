"""Who works from home owes nothing on site, for a while, and everything else as before; and the law still holds."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.duties.actions import check, record, withdraw, work_from_home
from jiugong.duties.errors import ExcuseNeedsReason, ExcuseTooLong, NobodyChosen, SubjectUnknown
from jiugong.duties.models import Check, Excuse
from jiugong.duties.queries import asked_by, due_for, excused_people
from jiugong.duties.queries.excuses import excuses_listed, working_from_home
from jiugong.duties.tests.conftest import DAY, MORNING, TWO_WINDOWS, an_actor, at
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import all_powers
from jiugong.lib.can import Can
from jiugong.registry.models import Place
from jiugong.registry.queries.coverage import Coverage

HEALTHY = {"temperature": 36.5, "symptoms": []}
WHOLE = '{kind: windows_a_day, windows: [["06:00", "22:00"]]}'
TAO = all_powers(key="user:tao", name="陶磊")


def due(park, key, moment) -> Any:
    """A duty that is sure to be due."""
    return due_for(park, key, moment)


def at_home(park, boss, *people, since=DAY, until=DAY, reason="居家办公") -> Any:
    return work_from_home(park, [each.uid for each in people], since=since, until=until, reason=reason, actor=boss)


@pytest.fixture
def covered(park, rules, tmp_path) -> Any:
    """What is owed on site and what is owed anywhere."""
    for key in ("anywhere", "site"):
        file = rules(key, cadence=WHOLE)
        if key == "site":
            file.write_text(file.read_text().replace("evidence: health_report", "evidence: health_report\non_site: true"))

    def coverage(key: str, moment: Any = MORNING) -> Coverage:
        return asked_by(park, due(park, key, moment), moment).coverage()
    return coverage


def test_who_works_from_home_is_excused_on_site_alone(park, boss, covered, a_worker):
    a_worker()
    at_home(park, boss, a_worker())

    assert covered("site") == Coverage(2, 0, 1)
    assert covered("anywhere") == Coverage(2, 0, 0)


@pytest.mark.parametrize(("day", "excused"), [(20, 0), (21, 1), (22, 1), (23, 0)])
def test_it_holds_from_its_first_day_to_its_last_and_ends(park, boss, covered, a_worker, day, excused):
    at_home(park, boss, a_worker(), since=date(2022, 7, 21), until=date(2022, 7, 22))

    assert covered("site", at(8, day=day)).excused == excused
    assert working_from_home(park, at(8, day=day)).count() == excused


def test_rounds_are_on_site(park, boss, a_worker):
    worker = a_worker()
    at_home(park, boss, worker)

    assert [each.person for each in excused_people(park.pk, "screening.round.3", MORNING)] == [worker]


def test_withdrawn_it_ends_now(park, boss, covered, a_worker):
    [given_] = at_home(park, boss, a_worker(), since=DAY, until=DAY + timedelta(days=3))
    withdraw(given_, actor=boss)

    assert covered("site", at(9)).excused == 0
    assert covered("site", at(7, 59)).excused == 1


def test_the_same_people_and_days_again_change_nothing(park, boss, a_worker):
    people = [a_worker(), a_worker()]
    first = at_home(park, boss, *people)
    before, entries = list(Excuse.objects.values()), Entry.objects.count()

    assert {each.pk for each in at_home(park, boss, *people)} == {each.pk for each in first}
    assert list(Excuse.objects.values()) == before
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(("wrong", "refusal"), [
    ({"reason": " "}, ExcuseNeedsReason), ({"until": DAY - timedelta(days=1)}, ExcuseTooLong),
    ({"until": DAY + timedelta(days=90)}, ExcuseTooLong)])
def test_it_has_a_reason_and_an_end_within_ninety_days(park, boss, a_worker, wrong, refusal):
    with pytest.raises(refusal):
        at_home(park, boss, a_worker(), **wrong)

    assert not Excuse.objects.exists()
    assert at_home(park, boss, a_worker(), until=DAY + timedelta(days=89))


def test_all_of_them_or_nobody(park, boss, a_worker):
    mine, theirs = a_worker(), a_worker(enterprise="乙")
    fang = an_actor(park.units.get(name="甲").path, powers=(Can.EXCUSE,))

    with pytest.raises(SubjectUnknown):
        at_home(park, fang, mine, theirs)
    with pytest.raises(NobodyChosen):
        at_home(park, boss)
    with pytest.raises(NobodyChosen):
        work_from_home(park, [uuid4() for _each in range(501)], since=DAY, until=DAY, reason="x", actor=boss)

    assert not Excuse.objects.exists()
    assert len(at_home(park, fang, mine)) == 1


def test_the_number_of_queries_stays_flat(park, boss, a_worker):
    people = [a_worker() for _each in range(22)]

    def cost(*some: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            at_home(park, boss, *some)
            [str(each.person) for each in excuses_listed(boss, park, MORNING, state="now")]
        return len(asked)

    assert cost(people[0]) == cost(*people[1:])


@pytest.mark.parametrize(("state", "moment", "found"), [
    ("now", at(8), 1), ("to_come", at(23, day=21), 1), ("over", at(0, day=23), 1), ("", at(8), 1), ("now", at(0, day=23), 0)])
def test_excuses_are_listed_by_their_state(park, boss, a_worker, state, moment, found):
    at_home(park, boss, a_worker())

    with clock.standing_at(max(moment, MORNING)):
        assert excuses_listed(boss, park, moment, state=state).count() == found
        assert excuses_listed(boss, park, moment, duty="other").count() == 0


def test_a_temperature_duty_is_met_by_a_health_report_and_not_the_other_way_round(park, boss, rules, a_worker):
    rules("warm", evidence="temperature", cadence=TWO_WINDOWS)
    rules("report", evidence="health_report", cadence=TWO_WINDOWS)
    one, other = a_worker(), a_worker()
    with clock.standing_at(at(9)):
        record(park, one, kind="health_report", data=HEALTHY, happened_at=at(7), client_id="a", actor=boss)
        record(park, other, kind="temperature", data={"temperature": 36.5}, happened_at=at(7), client_id="b", actor=boss)

    assert asked_by(park, due(park, "warm", at(9)), at(9)).coverage() == Coverage(2, 2, 0)
    assert asked_by(park, due(park, "report", at(9)), at(9)).coverage() == Coverage(2, 1, 0)


@pytest.mark.parametrize(("dose", "done"), [(1, 0), (2, 0), (3, 1), (4, 1)])
def test_a_vaccination_is_done_with_the_last_dose_that_the_rules_ask_for(park, boss, rules, a_worker, tmp_path, dose, done):
    rules("vaccine", evidence="vaccination", cadence="{kind: once}")
    doses = tmp_path / "trial" / "parameters" / "vaccination" / "doses.yaml"
    doses.parent.mkdir(parents=True)
    doses.write_text("""
title: {zh-hans: 试, en: Trial}
reviewed_on: 2022-01-01
holds: whole_number
values:
  2022-01-01: {value: 3, assumption: made up for a test}
""", encoding="utf-8")
    record(park, a_worker(), kind="vaccination", data={"dose": dose, "product": "灭活", "on": "2022-07-01"},
           happened_at=MORNING, client_id="v", actor=boss)

    assert asked_by(park, due(park, "vaccine", MORNING), MORNING).coverage() == Coverage(1, done, 0)


# the law --------------------------------------------------------------------------------------------------------------

# for each room: the hour of its disinfection, whether its check was good and when, whether it is excused
a_room = st.tuples(st.none() | st.integers(6, 20), st.none() | st.tuples(st.booleans(), st.integers(1, 3)))
# for each person: from which to which hour he works from home (days of July), and the hour of his report
a_person = st.tuples(st.none() | st.tuples(st.integers(20, 23), st.integers(0, 2)), st.none() | st.integers(6, 21))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rooms=st.lists(a_room, max_size=4), people=st.lists(a_person, max_size=4), hour=st.integers(6, 23))
def test_owed_is_done_plus_excused_plus_missing_with_checks_and_remote_work(park, boss, the_rules, a_worker, rooms, people, hour):
    Check.objects.all().delete(), park.evidence.all().delete(), park.excuses.all().delete()
    park.postings.all().delete(), park.people.all().delete()
    park.places.filter(kind="building").delete()
    moment, good = at(hour), 0
    for number, (cleaned, checked) in enumerate(rooms):
        place = Place.objects.create(park=park, parent=park.places.get(parent=None), kind="building", name=f"楼{number}",
                                     key=f"楼{number}", path=f"p/{park.pk}/b{number}/")
        if cleaned is None:
            continue
        with clock.standing_at(at(23)):
            row = record(park, place, kind="disinfection", happened_at=at(cleaned), client_id=f"r{number}", actor=boss, data={
                "agent": "chlorine", "concentration": 500, "contact_minutes": 30, "way": "wipe", "operator": "王", "what": "门"})
        if checked and cleaned + checked[1] < 24:
            with clock.standing_at(at(cleaned + checked[1])):
                check(row, passed=checked[0], remark="脏", actor=TAO)
            good += checked[0] and cleaned + checked[1] <= hour
    for number, (home, reported) in enumerate(people):
        worker = a_worker(number=number + 1)
        if home:
            first = date(2022, 7, home[0])
            work_from_home(park, [worker.uid], since=first, until=first + timedelta(days=home[1]), reason="居家", actor=boss)
        if reported is not None:
            with clock.standing_at(at(23)):
                record(park, worker, kind="health_report", data=HEALTHY, happened_at=at(reported), client_id=f"p{number}",
                       actor=boss)

    for key, everybody in (("clean", len(rooms)), ("site", len(people))):
        asked = asked_by(park, due(park, key, moment), moment)
        covered = asked.coverage()
        parts = [set(rows.values_list("pk", flat=True)) for rows in (asked.done_rows(), asked.excused_rows(), asked.missing())]
        assert covered.owed == everybody == sum(map(len, parts))
        assert (covered.done, covered.excused, covered.missing) == tuple(map(len, parts))
        if key == "clean":
            assert covered.done == good


@pytest.fixture
def the_rules(rules) -> Any:
    rules("clean", subject="place", who="[{fact: kind, is: building}]", evidence="disinfection", cadence=WHOLE)
    file = rules("site", cadence=WHOLE)
    file.write_text(file.read_text().replace("evidence: health_report", "evidence: health_report\non_site: true"))
    return file
