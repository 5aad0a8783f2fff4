"""Rounds: who owes, who was sampled, who is excused, who is missing."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.models import Siting
from jiugong.registry.queries.coverage import Coverage
from jiugong.screening.actions.rounds import open_round
from jiugong.screening.actions.scans import bind
from jiugong.screening.errors import PoolNotValidated, RoundExists, RoundTooShort, RoundUnknown
from jiugong.screening.models import Round
from jiugong.screening.queries.rounds import asked_by, coverage_of, latest_first, round_at, round_for, rounds_of
from jiugong.screening.tests.conftest import CLOSES, DAY, MORNING, OPENS, an_actor, minutes


def coverage(the_round, at=MORNING, reach=("",)) -> Any:
    return asked_by(the_round, at, reach).coverage()


def missing(the_round, at=MORNING) -> Any:
    return sorted(asked_by(the_round, at).missing().values_list("person__name", flat=True))


def test_a_round_asks_everybody_who_is_on_duty_that_day(round_1, a_worker):
    a_worker(name="在岗")
    a_worker(name="今天到", since=DAY)
    a_worker(name="明天到", since=date(2022, 7, 23))
    a_worker(name="今天起离开", until=DAY)
    a_worker(name="明天起离开", until=date(2022, 7, 23))
    for status in ("on_leave", "off_post", "isolated"):
        a_worker(status=status)

    assert missing(round_1) == sorted(["在岗", "今天到", "明天起离开"])


def test_somebody_is_done_from_the_second_of_his_swab(park, boss, round_1, a_worker, a_scan):
    a_worker(number=1)
    bind(park, [a_scan(1, sampled_at=MORNING)], actor=boss)

    assert coverage(round_1, MORNING - minutes(1)) == Coverage(1, 0, 0)
    assert coverage(round_1, MORNING) == Coverage(1, 1, 0)


def test_a_swab_of_another_round_does_not_count(park, boss, a_round, a_worker, a_scan):
    first, second = a_round(), a_round(opens_at=OPENS + minutes(1))
    a_worker(number=1)
    bind(park, [a_scan(1, round=2)], actor=boss)

    assert (coverage(first).done, coverage(second).done) == (0, 1)


@pytest.mark.parametrize(("until", "excused"), [(CLOSES - minutes(1), 0), (CLOSES, 0), (CLOSES + minutes(1), 1)])
def test_an_excuse_counts_after_the_close_if_it_outlasts_it(excuse, round_1, a_worker, until, excused):
    excuse(a_worker(), until_at=until)

    assert coverage(round_1, MORNING).excused == 1
    assert coverage(round_1, CLOSES + minutes(60)).excused == excused


def test_who_was_sampled_although_excused_is_done(park, boss, excuse, round_1, a_worker, a_scan):
    excuse(a_worker(number=1))
    bind(park, [a_scan(1)], actor=boss)

    assert coverage(round_1) == Coverage(1, 1, 0)


def test_an_excuse_from_one_round_is_none_from_the_next(excuse, a_round, a_worker):
    first, second = a_round(), a_round(opens_at=OPENS + minutes(1))
    excuse(a_worker(), duty=first.duty_key)

    assert (coverage(first).excused, coverage(second).excused) == (1, 0)


def test_an_enterprises_round_asks_only_its_people(park, a_round, a_worker):
    a_worker(name="甲人"), a_worker(name="乙人", team="乙一班")

    assert missing(a_round(unit=park.units.get(name="乙"))) == ["乙人"]


def test_a_grids_round_asks_the_enterprises_that_lie_in_it_that_day(park, a_round, a_worker):
    a_worker(name="甲人"), a_worker(name="乙人", team="乙一班")
    grid_1, grid_2 = park.places.get(name="1网格"), park.places.get(name="2网格")
    siting = Siting.objects.get(site__name="乙")
    siting.until = DAY
    siting.save()
    Siting.objects.create(site=siting.site, grid=grid_1, since=DAY)

    assert missing(a_round(place=grid_1)) == sorted(["甲人", "乙人"])
    assert missing(a_round(place=grid_2, opens_at=OPENS + minutes(1))) == []


def test_figures_of_many_rounds_are_those_of_each(park, boss, excuse, a_round, a_worker, a_scan):
    rounds = [a_round(), a_round(opens_at=OPENS + minutes(1)), a_round(unit=park.units.get(name="乙"))]
    for number in range(1, 5):
        a_worker(number=number)
    excuse(a_worker(number=5, team="乙一班"))
    bind(park, [a_scan(1), a_scan(2), a_scan(1, round=2, tube="T2")], actor=boss)

    for reach in (("",), (park.units.get(name="甲").path,), ()):
        assert coverage_of(rounds, MORNING, reach) == {each.number: coverage(each, reach=reach) for each in rounds}
    assert coverage_of([], MORNING, ("",)) == {}


def test_the_figures_of_21_rounds_cost_one_query(park, a_round, a_worker, boss):
    a_worker()
    for number in range(21):
        a_round(opens_at=OPENS + minutes(number))
    rounds = list(rounds_of(boss, park))

    for some in (rounds[:1], rounds):
        with CaptureQueriesContext(connection) as asked:
            coverage_of(some, MORNING, ("",))
        assert len(asked) == 1


def test_opening_the_same_round_again_is_answered_as_the_first_time(park, a_round):
    first = a_round()

    assert a_round() == first
    assert a_round(number=1) == first
    assert Round.objects.count() == 1


@pytest.mark.parametrize(("wrong", "refusal"), [
    ({"number": 1, "opens_at": OPENS + minutes(1)}, RoundExists), ({"closes_at": OPENS}, RoundTooShort),
    ({"closes_at": OPENS - minutes(1)}, RoundTooShort), ({"pool_size": 7}, PoolNotValidated),
    ({"pool_size": 21}, PoolNotValidated)])
def test_a_round_that_makes_no_sense_is_not_opened(park, a_round, wrong, refusal):
    a_round()

    with pytest.raises(refusal):
        a_round(**wrong)

    assert Round.objects.count() == 1


def test_the_shortest_round_is_open_for_a_moment(a_round):
    assert a_round(closes_at=OPENS + minutes(1)).number == 1


def test_opening_a_round_asks_for_the_power_over_what_it_asks(park):
    enterprise = park.units.get(name="甲")
    officer = an_actor(enterprise.path, powers=(Can.OPEN_ROUNDS,))
    asked: dict[str, Any] = {"opens_at": OPENS, "closes_at": CLOSES, "pool_size": 20, "actor": officer}

    with pytest.raises(NotAllowed):
        open_round(park, **asked)
    assert not Round.objects.exists()

    assert open_round(park, unit=enterprise, **asked).unit == enterprise


def test_who_holds_nothing_in_a_park_sees_no_round_of_it(park, other_park, round_1):
    laboratory = an_actor(*park.branches, powers=(Can.REPORT_RESULTS,))
    elsewhere = an_actor(*other_park.branches, powers=(Can.SEE_BOARD, Can.BIND_SPECIMENS))

    assert [rounds_of(actor, park).count() for actor in (laboratory, elsewhere, an_actor(*park.branches))] == [0, 0, 1]
    with pytest.raises(RoundUnknown):
        round_for(elsewhere, park, 1)


@pytest.mark.parametrize(("after", "number"), [(-60, 1), (29, 1), (30, 2), (31, 2)])
def test_the_park_is_in_the_round_that_opened_last(park, a_round, after, number):
    a_round(), a_round(opens_at=OPENS + minutes(30))

    found: Any = round_at(park, OPENS + minutes(after))
    assert found.number == number


def test_rounds_to_come_stand_at_the_end_of_the_list(park, boss, a_round):
    for after in (0, 30, 300, 600):
        a_round(opens_at=OPENS + minutes(after), closes_at=OPENS + minutes(after + 60))

    listed = latest_first(rounds_of(boss, park), MORNING)

    assert [each.number for each in listed] == [2, 1, 4, 3]
