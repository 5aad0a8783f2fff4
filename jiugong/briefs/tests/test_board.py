"""The board: squares at every depth add up, lead to names, and are asked at a flat cost."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.accounts.queries import actor_for
from jiugong.briefs import board
from jiugong.briefs.errors import QuestionUnknown
from jiugong.duties.models import Excuse
from jiugong.journal.models import LookUp
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.queries.coverage import Coverage
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import MORNING, Town, an_id

pytestmark = pytest.mark.django_db


def _question(town: Town, who: str = "lin", of: str = "") -> board.Question:
    found = board.question_for(actor_for(town.users[who]), town.park, of, clock.now())
    assert found
    return found


def test_the_squares_of_every_depth_add_up_to_the_one_above(town: Town, this_morning: datetime) -> None:
    question, actor = _question(town), actor_for(town.users["lin"])
    whole = question.asked().coverage()

    grids = board.grids(question, town.park, actor)

    assert sum((each.covered for each in grids), Coverage()) == whole == Coverage(owed=8, done=2, excused=0)
    for square in grids:
        firms = board.enterprises(question, town.park, square.thing)                      # type: ignore[arg-type]
        assert sum((each.covered for each in firms), Coverage()) == square.covered
        for firm in firms:
            teams = board.teams(question, firm.thing)                                     # type: ignore[arg-type]
            assert sum((each.covered for each in teams), Coverage()) == firm.covered


def test_a_square_names_who_answers_for_it(town: Town, this_morning: datetime) -> None:
    grids = board.grids(_question(town), town.park, actor_for(town.users["lin"]))

    assert [(each.name, each.answering[0].person.name) for each in grids] == [("第1网格", "陶磊"), ("第2网格", "柏青")]


def test_a_grid_leader_sees_his_grid_alone(town: Town, this_morning: datetime) -> None:
    grids = board.grids(_question(town, "tao"), town.park, actor_for(town.users["tao"]))

    assert [each.name for each in grids] == ["第1网格"]


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_whoever_is_missing_after_the_closing_moment_is_late(town: Town, seconds: int, late: bool) -> None:
    assert town.round
    with clock.standing_at(town.round.closes_at + timedelta(seconds=seconds)):
        assert _question(town).is_late is late


@pytest.mark.parametrize("of", ["duty:health_report", "round:9", "nonsense", "round:x"])
def test_what_nobody_owes_is_refused(town: Town, this_morning: datetime, of: str) -> None:
    with pytest.raises(Exception) as refused:
        _question(town, of=of)

    assert getattr(refused.value, "code", "") in (QuestionUnknown.code, "screening.round_unknown", "duties.duty_unknown")


def test_a_scan_moves_somebody_from_missing_to_done(town: Town, this_morning: datetime) -> None:
    question = _question(town)
    before = [posting.person.name for posting in board.names(question, "missing")]

    bind(town.park, [Scan(scan_id="late-comer", round=1, tube="SY0001", point="第1网格采样点", id_number=an_id(3))],
         actor=operator())

    assert "郑伟" in before
    assert "郑伟" not in [posting.person.name for posting in board.names(question, "missing")]
    assert "郑伟" in [posting.person.name for posting in board.names(question, "done")]


def test_an_officer_excuses_people_from_the_list_with_a_reason_and_an_end(town: Town, this_morning: datetime) -> None:
    client = Client()
    client.force_login(town.users["tao"])
    address = f"/parks/{town.park.uid}/names/excuse/"
    words = {"of": "round:1", "reason": "家中有事", "until": "2022-07-22", "person": [str(town.people["郑伟"].uid)]}

    without_reason = client.post(address, words | {"reason": ""})
    assert (without_reason.status_code, Excuse.objects.count()) == (302, 0)
    client.post(address, words)
    client.post(address, words)                                    # the second click

    given = Excuse.objects.get()
    assert (given.person, given.reason, given.duty) == (town.people["郑伟"], "家中有事", "screening.round.1")
    assert [posting.person.name for posting in board.names(_question(town), "excused")] == ["郑伟"]


def test_nobody_excuses_people_of_another_grid(town: Town, this_morning: datetime) -> None:
    client = Client()
    client.force_login(town.users["bo"])

    answer = client.post(f"/parks/{town.park.uid}/names/excuse/", {
        "of": "round:1", "reason": "x", "until": "2022-07-22", "person": [str(town.people["郑伟"].uid)]})

    assert (answer.status_code, Excuse.objects.count()) == (404, 0)


def test_opening_a_list_of_names_is_a_look_at_each_of_them(town: Town, this_morning: datetime) -> None:
    client = Client()
    client.force_login(town.users["lin"])

    client.get(f"/parks/{town.park.uid}/names/", {"of": "round:1", "show": "missing"})

    assert LookUp.objects.filter(actor=f"user:{town.users['lin'].pk}").count() == 6


def test_the_board_costs_the_same_when_more_people_are_sampled(town: Town, this_morning: datetime) -> None:
    client = Client()
    client.force_login(town.users["lin"])
    address = f"/parks/{town.park.uid}/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    bind(town.park, [Scan(scan_id=f"m{at}", round=1, tube="SY0003", point="门口", id_number=an_id(at)) for at in range(3, 8)],
         actor=operator())
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(few) == len(many)


def test_a_park_without_anything_owed_says_what_to_do_first(other_town: Town) -> None:
    client = Client()
    client.force_login(other_town.users["ines"])

    page = client.get(f"/parks/{other_town.park.uid}/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "Nothing is owed yet" in page.content.decode()


def test_the_moment_of_the_board_is_the_moment_of_the_question(town: Town) -> None:
    with clock.standing_at(MORNING - timedelta(minutes=1)):
        assert _question(town).asked().coverage().done == 0
    with clock.standing_at(MORNING):
        assert _question(town).asked().coverage().done == 2
