"""Results, what they tell, and the retests that follow."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.screening.actions.results import Report, import_results, read_result_file, report, report_all
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.walk_ins import match_walk_ins
from jiugong.screening.errors import ResultFromTheFuture, ResultUnknown, TooManyResults, TubeUnknown
from jiugong.screening.models import Result, Retest, Specimen, Tube
from jiugong.screening.queries.tubes import open_retests, with_last_result
from jiugong.screening.tests.conftest import MORNING, an_actor, minutes

EVERYWHERE = ("",)


def everything() -> Any:
    return [list(table.objects.order_by("pk").values()) for table in (Result, Retest, Tube)]


@pytest.fixture
def pool(park, boss, round_1, a_worker, a_scan) -> Any:
    """A tube with three people, taken at 07:30."""
    for number in (1, 2, 3):
        a_worker(number=number)
    bind(park, [a_scan(number, sampled_at=MORNING - minutes(30)) for number in (1, 2, 3)], actor=boss)
    return Tube.objects.get(code="T1")


def told(park, boss, value, *, after=-20, tube="T1") -> Any:
    return report(park, Report(tube=tube, value=value, reported_at=MORNING + minutes(after)), actor=boss)


@pytest.fixture
def alone(park, boss, a_scan) -> Any:
    """Sample somebody alone: `alone(1, after=-10)`."""
    def make(number, *, after, tube="") -> Any:
        tube = tube or f"S{number}"
        bind(park, [a_scan(number, tube=tube, sampled_at=MORNING + minutes(after))], actor=boss)
        return tube
    return make


@pytest.mark.parametrize("value", ["positive", "suspicious", "invalid"])
def test_a_tube_that_is_not_negative_opens_a_retest_for_each_member_once(park, boss, pool, value):
    told(park, boss, value)
    assert Retest.objects.count() == 3

    told(park, boss, value)
    told(park, boss, value, after=-19)

    assert Retest.objects.count() == 3
    assert Result.objects.count() == 2


def test_a_negative_tube_opens_nothing(park, boss, pool):
    told(park, boss, "negative")

    assert not Retest.objects.exists()


@pytest.mark.parametrize("value", ["negative", "positive", "suspicious"])
def test_the_result_of_a_tube_of_his_own_closes_a_retest(park, boss, pool, alone, value):
    told(park, boss, "positive")

    result = told(park, boss, value, tube=alone(1, after=-10), after=-5)

    closed = Retest.objects.get(closed_by=result)
    assert str(closed.specimen.person) == "工人1"
    assert Retest.objects.filter(closed_by=None).count() == 2


def test_an_invalid_tube_of_his_own_closes_nothing_and_opens_nothing(park, boss, pool, alone):
    told(park, boss, "positive")

    told(park, boss, "invalid", tube=alone(1, after=-10), after=-5)

    assert list(Retest.objects.values_list("closed_by", flat=True)) == [None] * 3


def test_another_pool_closes_no_retest(park, boss, pool, alone):
    told(park, boss, "positive")
    alone(1, after=-10, tube="P2")
    alone(2, after=-9, tube="P2")

    told(park, boss, "negative", tube="P2", after=-5)

    assert list(Retest.objects.values_list("closed_by", flat=True)) == [None] * 3


@pytest.mark.parametrize(("after", "closes"), [(-21, False), (-20, True), (-19, True)])
def test_a_swab_answers_a_retest_from_the_moment_in_which_it_was_opened(park, boss, pool, alone, after, closes):
    told(park, boss, "positive", after=-20)

    told(park, boss, "negative", tube=alone(1, after=after), after=-5)

    assert Retest.objects.filter(closed_by__isnull=False).exists() == closes


def test_somebody_in_two_positive_tubes_is_retested_once(park, boss, pool, alone):
    alone(1, after=-28, tube="P2")
    alone(9, after=-28, tube="P2")
    told(park, boss, "positive")

    told(park, boss, "positive", tube="P2", after=-19)

    assert Retest.objects.count() == 4
    assert len({retest.specimen.whose for retest in Retest.objects.all()}) == 4


def test_a_walk_in_is_retested_too_and_keeps_it_when_the_roster_knows_him(park, boss, pool, alone, a_worker):
    alone(8, after=-28, tube="P2")
    alone(9, after=-28, tube="P2")
    told(park, boss, "positive", tube="P2")
    assert Retest.objects.count() == 2

    told(park, boss, "negative", tube=alone(8, after=-10), after=-5)
    a_worker(number=9)
    match_walk_ins(park.pk, actor=boss)
    told(park, boss, "negative", tube=alone(9, after=-4), after=-3)

    assert Retest.objects.filter(closed_by=None).count() == 0


def test_what_a_laboratory_returns_at_once_is_told_in_the_order_of_its_times(park, boss, pool, alone):
    alone(1, after=-10)
    reports = [Report(tube=tube, value=value, reported_at=MORNING + minutes(after))
               for tube, value, after in (("S1", "negative", -5), ("T1", "positive", -20))]

    report_all(park, reports, actor=boss)

    assert Retest.objects.count() == 3
    assert str(Retest.objects.get(closed_by__isnull=False).specimen.person) == "工人1"


def test_a_correction_is_another_result_and_the_last_one_counts(park, boss, pool):
    told(park, boss, "suspicious", after=-20)
    told(park, boss, "negative", after=-10)

    def value(at) -> Any:
        tube: Any = with_last_result(Tube.objects.all(), MORNING + minutes(at)).get()
        return tube.value

    values = {at: value(at) for at in (-21, -20, -11, -10)}
    assert values == {-21: None, -20: "suspicious", -11: "suspicious", -10: "negative"}
    assert Result.objects.count() == 2


def test_a_result_seals_its_tube_and_keeps_an_earlier_seal(park, boss, pool):
    told(park, boss, "negative", after=-20)
    told(park, boss, "negative", after=-10)

    assert Tube.objects.get(code="T1").sealed_at == MORNING - minutes(20)


@pytest.mark.parametrize(("wrong", "refusal"), [
    ({"tube": "T9"}, TubeUnknown), ({"value": "maybe"}, ResultUnknown),
    ({"reported_at": MORNING + minutes(6)}, ResultFromTheFuture)])
def test_what_is_no_result_of_ours_is_refused(park, boss, pool, wrong, refusal):
    said = {"tube": "T1", "value": "positive", "reported_at": MORNING} | wrong
    before = everything()

    with pytest.raises(refusal):
        report(park, Report(**said), actor=boss)
    [answer] = report_all(park, [Report(**said)], actor=boss)

    assert (answer.status, answer.code) == ("refused", refusal.code)
    assert everything() == before


def test_a_laboratory_whose_clock_is_five_minutes_fast_is_believed(park, boss, pool):
    assert told(park, boss, "negative", after=5).value == "negative"


def test_reporting_asks_for_the_power(park, pool):
    before = everything()

    with pytest.raises(NotAllowed):
        told(park, an_actor(*park.branches, powers=(Can.BIND_SPECIMENS,)), "positive")

    assert everything() == before


@pytest.mark.parametrize(("count", "refused"), [(499, False), (500, False), (501, True)])
def test_five_hundred_results_are_taken_at_once(park, boss, pool, count, refused):
    reports = [Report(tube="T1", value="negative", reported_at=MORNING - minutes(number)) for number in range(count)]

    if refused:
        with pytest.raises(TooManyResults):
            report_all(park, reports, actor=boss)
        assert not Result.objects.exists()
    else:
        assert {answer.status for answer in report_all(park, reports, actor=boss)} == {"accepted"}


def test_a_laboratory_that_counted_other_swabs_hears_it(park, boss, pool):
    said = Report(tube="T1", value="negative", reported_at=MORNING, swabs=4)

    first, again = report_all(park, [said], actor=boss) + report_all(park, [said], actor=boss)

    assert (first.status, first.code, first.bound) == ("accepted", "screening.swabs_differ", 3)
    assert again.status == "repeat"


def test_the_number_of_queries_stays_flat(park, boss, round_1, a_scan):
    bind(park, [a_scan(number, tube=f"T{number}") for number in range(1, 23)], actor=boss)

    def reports(first, last) -> Any:
        return [Report(tube=f"T{number}", value="negative", reported_at=MORNING) for number in range(first, last)]

    with CaptureQueriesContext(connection) as one:
        report_all(park, reports(22, 23), actor=boss)
    with CaptureQueriesContext(connection) as many:
        report_all(park, reports(1, 22), actor=boss)

    assert len(many) == len(one)


def test_open_retests_are_seen_by_who_sees_the_people(park, boss, pool, alone, a_worker):
    a_worker(number=4, team="乙一班")
    alone(4, after=-28)
    told(park, boss, "positive")
    told(park, boss, "positive", tube="S4", after=-19)

    first, second = park.units.get(name="甲").path, park.units.get(name="乙").path

    reaches = (EVERYWHERE, park.branches, (first,), (second,), ())
    assert [open_retests(park, MORNING, reach).count() for reach in reaches] == [4, 4, 3, 1, 0]
    assert open_retests(park, MORNING - minutes(21), EVERYWHERE).count() == 0


def test_the_same_tube_code_in_two_parks_is_two_tubes(park, other_park, boss, a_round, a_scan):
    a_round()
    a_round(here=other_park)
    bind(park, [a_scan(1)], actor=boss)
    bind(other_park, [a_scan(1)], actor=boss)

    told(park, boss, "positive")

    assert set(Result.objects.values_list("tube__park", flat=True)) == {park.pk}
    assert set(Retest.objects.values_list("park", "specimen__park")) == {(park.pk, park.pk)}
    assert open_retests(other_park, MORNING, EVERYWHERE).count() == 0


SHEET = "试管编号,轮次,份数,报告时间,结果\n{rows}\n"


def test_the_laboratorys_file_is_taken_once_and_its_bad_rows_are_said(park, boss, pool):
    rows = "\n".join(("T1,1,3,2022-07-22 07:40,阳性", "T1,2,4,2022-07-22 07:50,阴性", "T9,1,3,2022-07-22 07:40,阴性",
                      "T1,1,3,2022-07-22 07:40,也许"))

    def take() -> Any:
        content = SHEET.format(rows=rows).encode()
        return import_results(park, read_result_file(content, name="results.csv", park=park), actor=boss)

    first = take().as_data()
    before = everything()
    again = take().as_data()

    assert (first["created"]["results"], first["refused"]) == (2, 2)
    assert {problem["code"] for problem in first["errors"]} == {"tube_unknown", "result_unknown"}
    assert {problem["code"] for problem in first["warnings"]} == {"swabs_differ", "round_differs"}
    assert (again["created"]["results"], again["unchanged"]) == (0, 2)
    assert everything() == before
    assert Retest.objects.count() == 3


def test_results_that_come_before_their_scans_change_nothing(park, boss):
    content = SHEET.format(rows="T1,1,3,2022-07-22 07:40,阳性").encode()

    taken = import_results(park, read_result_file(content, name="results.csv", park=park), actor=boss)

    assert (taken.refused, taken.records.errors[0].code) == (1, "tube_unknown")
    assert not Result.objects.exists()
    assert not Specimen.objects.exists()
