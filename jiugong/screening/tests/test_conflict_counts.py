"""The board counts conflicts in the database: as many as are found with their swabs, since the same moment, in the same firms."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from jiugong.lib import clock
from jiugong.lib.acting import EVERYTHING
from jiugong.screening.models import Result, Retest, Round, SettledSwab, Settlement, Specimen, Tube, Undo
from jiugong.screening.queries.conflict_counts import Counted, count_waiting
from jiugong.screening.queries.conflicts import waiting_conflicts
from jiugong.screening.tests.conftest import CLOSES, MORNING, OPENS
from jiugong.screening.words import ConflictKind, Verdict

ALL = (EVERYTHING,)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def found(park, rounds, reach) -> Counted:
    """The same by way of every swab."""
    listed = waiting_conflicts(park, rounds, reach)
    firms = {point.unit.enterprise_id for each in listed for point in each.points if point.unit}
    return Counted(len(listed), min((each.since for each in listed), default=None), tuple(sorted(firm for firm in firms if firm)))


@pytest.fixture
def a_mess(park, other_park, a_round, a_point, a_worker):
    """Rounds of three days with swabs of every kind, some undone, some settled, by chance: always the same for a number."""
    def make(number: int) -> Random:
        chance = Random(number)
        rounds = [a_round(opens_at=OPENS + shift, closes_at=CLOSES + shift, pool_size=chance.choice([1, 5]))
                  for shift in (-2 * DAY, -DAY, timedelta(0), HOUR)]
        Round.objects.filter(pk=chance.choice(rounds).pk).update(imported=True)
        points = [a_point(), *(a_point(enterprise=each, name=each) for each in ("甲", "乙")), a_point(grid="1网格", name="网点")]
        people = [a_worker(number=each) for each in range(1, 7)]
        tubes = [Tube.objects.create(
            park=park, code=f"T{at}", round=chance.choice(rounds), point=chance.choice(points), capacity=chance.choice([1, 1, 5]),
            opened_at=MORNING, sealed_at=chance.choice([None, None, MORNING - HOUR])) for at in range(10)]
        swabs = [_swab(chance, at, people, tubes, rounds) for at in range(36)]
        for swab in chance.sample(swabs, 4):
            Undo.objects.create(park=park, undo_id=swab.scan_id, specimen=swab, reason="x", undone_at=MORNING, undone_by="user:1")
        result = Result.objects.create(park=park, tube=tubes[0], value="positive", reported_at=MORNING, received_at=MORNING,
                                       reported_by="user:1")
        for swab in chance.sample(swabs, 5):
            Retest.objects.create(park=park, specimen=swab, because=result,
                                  opened_at=swab.sampled_at + chance.choice([timedelta(0), HOUR]))
        for at in range(12):
            settled = Settlement.objects.create(
                park=park, settle_id=f"d{at}", round=rounds[0], kind=chance.choice(ConflictKind.values), reason="x",
                verdict=chance.choice([Verdict.REAL, Verdict.REAL, Verdict.STRUCK]), settled_at=MORNING)
            SettledSwab.objects.bulk_create([SettledSwab(settlement=settled, specimen=each) for each in chance.sample(swabs, 8)])
        return chance
    return make


def _swab(chance: Random, at: int, people: list[Any], tubes: list[Tube], rounds: list[Round]) -> Specimen:
    tube = chance.choice(tubes)
    whose: dict[str, Any] = chance.choice([
        *[{"person": each} for each in people], {"person": people[0], "id_index": b"9" * 32}, {"id_index": b"1" * 32},
        {"id_index": b"2" * 32}, {"id_index": b"9" * 32}, {}, {"kind": "lot", "lot": "L1"}])
    taken: datetime = (tube.round if chance.random() < .8 else chance.choice(rounds)).opens_at + chance.choice(
        [-DAY, -HOUR, HOUR, HOUR + timedelta(minutes=at), DAY])
    return Specimen.every.create(
        park=tube.park, scan_id=f"s{at}", round=tube.round if chance.random() < .8 else chance.choice(rounds), tube=tube,
        position=at, sampled_at=taken, device=chance.choice(["one", "two"]), skew_seconds=chance.choice([None, 0, 0, 600, -601]),
        device_at=taken + chance.choice([timedelta(0), 2 * DAY]), received_at=taken + chance.choice([timedelta(0), 3 * DAY]),
        **{"kind": "person"} | whose)


@pytest.mark.parametrize("number", range(5))
def test_as_many_are_counted_as_are_found_whatever_happened(park, other_park, a_mess, number):
    chance = a_mess(number)
    firm, grid = park.units.get(kind="enterprise", name="甲"), park.places.get(kind="grid", name="1网格")
    every = list(Round.objects.filter(park=park))

    for at in (MORNING, MORNING + 9 * DAY):
        with clock.standing_at(at):
            for rounds in (every, every[2:], chance.sample(every, 2)):
                for reach in (ALL, park.branches, (firm.path,), (grid.path,), other_park.branches, ()):
                    assert count_waiting(park, rounds, reach) == found(park, rounds, reach)


def test_every_kind_is_counted_in_that_mess(park, a_mess):
    a_mess(4)
    with clock.standing_at(MORNING + 9 * DAY):
        assert {each.kind for each in waiting_conflicts(park, Round.objects.filter(park=park), ALL)} == set(ConflictKind.values)


def test_where_nobody_samples_nothing_is_counted(park, other_park, a_mess, django_assert_num_queries):
    a_mess(4)
    assert count_waiting(park, [], ALL) == count_waiting(other_park, Round.objects.filter(park=other_park), ALL) == Counted()


def test_counting_asks_the_same_few_questions_of_one_and_of_many(park, a_mess, django_assert_num_queries):
    rounds = list(Round.objects.filter(park=park))
    with django_assert_num_queries(1):
        count_waiting(park, rounds, ALL)
    a_mess(4)
    rounds = list(Round.objects.filter(park=park))
    with django_assert_num_queries(2):
        assert count_waiting(park, rounds, ALL).conflicts > 10
