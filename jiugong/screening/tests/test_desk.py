"""The desk: one writer for all who wait, a line with a bound, and nobody who pays for another's mistake."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction

from jiugong.lib import clock
from jiugong.screening.actions.scans import Answer, Sending, bind
from jiugong.screening.desk import MOST_WAITING, Desk, Visit, bind_at_desk
from jiugong.screening.errors import TooManyScans
from jiugong.screening.models import Specimen
from tests.skips import only_where_two_write


class Somebody(Visit):
    """Who waits at the desk in these tests."""

    def __init__(self, park: Any, sending: Any) -> None:
        self.park, self.sending = park, sending
        self.answers: list[Answer] | None = None
        self.reason: Exception | None = None

    def read(self) -> Any:
        if isinstance(self.sending, Exception):
            raise self.sending
        return self.park, self.sending

    def answer(self, answers: list[Answer]) -> None:
        self.answers = answers

    def fail(self, reason: Exception) -> None:
        self.reason = reason


def sending(boss: Any, *scans: Any) -> Sending:
    return Sending(scans=scans, actor=boss, received_at=clock.now())


def written(desk: Desk, *visits: Visit) -> None:
    """Let the writer write these, here and now."""
    waiting = list(visits)
    while waiting:
        waiting = desk._write(waiting)


def test_all_who_wait_are_written_together_and_each_hears_his_own(park, boss, round_1, a_scan):
    told: list[Any] = []
    desk = Desk(told.append)
    visits = [Somebody(park, sending(boss, a_scan(number))) for number in (1, 2, 3)]

    written(desk, *visits)

    assert [visit.answers[0].position for visit in visits if visit.answers] == [1, 2, 3]
    assert told == [visits]
    assert Specimen.objects.count() == 3


def test_who_cannot_be_read_fails_alone(park, boss, round_1, a_scan):
    desk = Desk(lambda visits: None)
    good, bad = Somebody(park, sending(boss, a_scan(1))), Somebody(park, TooManyScans(count=501, most=500))

    written(desk, bad, good)

    assert isinstance(bad.reason, TooManyScans)
    assert good.answers and good.answers[0].status == "accepted"


@pytest.mark.parametrize("scans", [500, 501])
def test_nobody_pays_for_anothers_mistake(park, boss, round_1, a_scan, scans):
    desk = Desk(lambda visits: None)
    good = Somebody(park, sending(boss, a_scan(1)))
    other = Somebody(park, sending(boss, *[a_scan(2, scan_id=f"many{at}", tube=f"M{at}") for at in range(scans)]))

    written(desk, other, good)

    assert good.answers and good.answers[0].status == "accepted"
    assert (other.reason is None) == (scans == 500)
    assert Specimen.objects.count() == 1 + (500 if scans == 500 else 0)


def test_two_parks_are_written_one_after_the_other(park, boss, a_round, a_scan):
    from jiugong.screening.tests.conftest import _a_park

    other = _a_park("二号园", boss)
    a_round()
    a_round(here=other)
    desk = Desk(lambda visits: None)
    visits = [Somebody(where, sending(boss, a_scan(number))) for number, where in enumerate((park, other, park), 1)]

    written(desk, *visits)

    assert [visit.answers[0].status for visit in visits if visit.answers] == ["accepted"] * 3
    assert (Specimen.objects.filter(park=park).count(), Specimen.objects.filter(park=other).count()) == (2, 1)


@pytest.mark.parametrize(("standing", "taken"), [(MOST_WAITING - 1, True), (MOST_WAITING, False), (MOST_WAITING + 1, False)])
def test_the_line_has_a_bound(park, boss, standing, taken):
    desk = Desk(lambda visits: None)
    for _each in range(standing):
        desk.join(Somebody(park, sending(boss)))

    assert desk.join(Somebody(park, sending(boss))) is taken
    assert desk.waiting == min(standing + taken, MOST_WAITING)
    assert desk.is_full


def test_a_desk_that_closes_takes_nobody_and_writes_who_is_in_line(park, boss):
    heard = threading.Event()
    desk = Desk(lambda visits: heard.set())
    last = Somebody(park, TooManyScans(count=501, most=500))
    desk.join(last)

    desk.close()
    writer = desk.open()
    writer.join(10)

    assert not writer.is_alive()
    assert heard.is_set() and last.reason
    assert not desk.join(Somebody(park, sending(boss)))


def test_as_many_as_came_together_last_are_waited_for(park):
    heard = threading.Semaphore(0)
    desk = Desk(lambda visits: heard.release(len(visits)), gathers=60)
    several = [Somebody(park, TooManyScans(count=501, most=500)) for _each in range(4)]
    for visit in several[:2]:
        desk.join(visit)
    writer = desk.open()
    assert heard.acquire(timeout=10) and heard.acquire(timeout=10)

    desk.join(several[2])
    assert not heard.acquire(timeout=0.1)                    # he came back, the other has not yet
    desk.join(several[3])

    assert heard.acquire(timeout=10) and heard.acquire(timeout=10)
    assert all(visit.reason for visit in several)
    desk.close()
    writer.join(10)
    assert not writer.is_alive()


def test_whoever_comes_alone_after_many_is_not_kept_waiting(park):
    heard = threading.Semaphore(0)
    desk = Desk(lambda visits: heard.release(len(visits)))
    several = [Somebody(park, TooManyScans(count=501, most=500)) for _each in range(3)]
    for visit in several[:2]:
        desk.join(visit)
    desk.open()
    assert heard.acquire(timeout=10) and heard.acquire(timeout=10)

    desk.join(several[2])

    assert heard.acquire(timeout=10)
    assert several[2].reason
    desk.close()


def test_a_desk_that_waits_for_others_is_closed_at_once(park):
    heard = threading.Semaphore(0)
    desk = Desk(lambda visits: heard.release(len(visits)), gathers=60)
    first, second, alone = (Somebody(park, TooManyScans(count=501, most=500)) for _each in range(3))
    desk.join(first)
    desk.join(second)
    writer = desk.open()
    assert heard.acquire(timeout=10) and heard.acquire(timeout=10)
    desk.join(alone)

    desk.close()
    writer.join(10)

    assert not writer.is_alive()
    assert alone.reason


def test_one_sending_at_the_desk_is_answered_as_ever(park, boss, round_1, a_scan):
    [answer] = bind_at_desk(park, sending(boss, a_scan(1)))

    assert (answer.status, answer.position) == ("accepted", 1)


@only_where_two_write
@pytest.mark.django_db(transaction=True)
def test_what_a_phone_sent_again_while_it_was_written_is_a_repeat(park, boss, round_1, a_scan):
    """It hung up before it heard. The second sending waits for the first one's tube, and its other tube stands only then."""
    bind(park, [a_scan(1)], actor=boss)
    sent, written_but_not_told = [a_scan(2), a_scan(3, tube="T2")], threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                bind(park, sent, actor=boss)
                written_but_not_told.set()
                time.sleep(0.3)
        finally:
            connection.close()
    phone = threading.Thread(target=first)
    phone.start()
    written_but_not_told.wait(10)

    answers = bind(park, sent, actor=boss)

    phone.join()
    assert [(answer.status, answer.tube) for answer in answers] == [("repeat", "T1"), ("repeat", "T2")]
    assert Specimen.objects.count() == 3
