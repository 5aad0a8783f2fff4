"""The board: squares at every depth add up, lead to names, and are asked at a flat cost."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.accounts.queries import actor_for
from jiugong.briefs import board, questions
from jiugong.briefs.errors import QuestionUnknown
from jiugong.duties.models import Excuse
from jiugong.journal.models import LookUp
from jiugong.lib import clock
from jiugong.lib.acting import Actor, operator
from jiugong.lib.matters import Matter
from jiugong.registry.models import Park
from jiugong.registry.queries.coverage import Coverage
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, MORNING, Town, an_id

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


# --- views, things, forecast, matters ---------------------------------------------------------------------------------

def _page(town: Town, path: str = "", who: str = "lin") -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.users[who])
    return client.get(f"/parks/{town.park.uid}/{path}").content.decode()


def test_squares_table_and_map_show_the_same_figures(town: Town, this_morning: datetime) -> None:
    squares = re.findall(r"<b>(\d+)</b><span class=\"of\">/(\d+)</span>", _page(town))
    rows = re.findall(r'data-owed="(\d+)" data-done="(\d+)"', _page(town, "?view=table"))
    labels = re.findall(r'data-owed="(\d+)" data-done="(\d+)"', _page(town, "?view=map"))

    assert [(owed, done) for done, owed in squares] == rows == labels == [("5", "2"), ("3", "0")]


def test_the_map_is_asked_for_only_where_it_is_shown(town: Town, this_morning: datetime) -> None:
    assert "map.js" not in _page(town)
    assert "map.js" in _page(town, "?view=map")




def test_the_board_says_when_a_round_will_be_done(town: Town, this_morning: datetime) -> None:
    page = _page(town)                                       # two were done in the last hour, six are missing: three hours

    assert "At the pace of the last hour done at 11:42, 1 h 12 min after the end" in page


def test_without_a_pace_nothing_is_forecast(town: Town) -> None:
    with clock.standing_at(MORNING + timedelta(hours=1, seconds=1)):
        assert "At the pace" not in _page(town)


def test_what_the_same_people_owe_is_looked_for_once(town: Town, this_morning: datetime) -> None:
    question = _question(town)
    same = [replace(question, of=f"duty:{number}", whom="everybody on duty") for number in range(5)]
    nobodys = replace(question, of="duty:none", owed=question.asked().owed.none, whom="nobody")

    with CaptureQueriesContext(connection) as asked:
        assert board.owing([*same, nobodys, question]) == [*same, question]
    assert len(asked) == 2


def test_a_closed_round_needs_somebody_with_a_clock(town: Town) -> None:
    assert town.round
    with clock.standing_at(town.round.closes_at):
        assert "is closed" not in _page(town)
    with clock.standing_at(town.round.closes_at + timedelta(seconds=1)):
        page = _page(town)
        assert "Round 1 is closed: 6 people are late" in page
        assert "since 10:30" in page


def test_a_square_glows_while_a_tube_in_it_is_to_be_retested(town: Town, this_morning: datetime) -> None:
    report(town.park, Report(tube="SY0001", value="suspicious", reported_at=MORNING), actor=operator())

    page = _page(town)
    assert page.count("1 tube to be retested") == 2                     # read and seen, on the square of grid 1 alone
    assert "2 people are to be sampled alone" in page
    assert "tube to be retested" in _page(town, f"grids/{town.grids['第1网格'].pk}/")
    assert "tube to be retested" not in _page(town, who="bo")


def test_other_rooms_tell_the_board_what_needs_somebody(town: Town, this_morning: datetime) -> None:
    def told(actor: Actor, park: Park, at: datetime) -> list[Matter]:
        return [Matter(text="A list is late", url="/somewhere", state="late", owner="林园", until=MORNING)]

    questions.ask_for_matters(told)
    try:
        page = _page(town)
    finally:
        questions._answers.remove(told)

    assert "A list is late" in page
    assert "until 08:42" in page
    assert "A list is late" not in _page(town)


def test_what_units_owe_is_a_list_of_units(town: Town) -> None:
    adopt(town.park, "cn-2022-v9", from_day=DAY - timedelta(days=9), actor=operator())
    with clock.standing_at(MORNING.replace(hour=14)):
        found = [each for each in board.questions_of(operator(), town.park, clock.now()) if each.subject != "person"]
        for question in found:
            whole = question.asked().coverage()
            for path in (f"?of={question.of}", f"things/?of={question.of}&show=owed"):
                page = _page(town, path)
                assert page.count('<th scope="row">') == (whole.missing if "things" not in path else whole.owed)
    assert found, "The ninth edition asks units or places for something."


def test_the_levels_can_be_read_as_a_table(town: Town, this_morning: datetime) -> None:
    page = _page(town, f"grids/{town.grids['第1网格'].pk}/?view=table")

    assert re.findall(r'data-owed="(\d+)" data-done="(\d+)"', page) == [("3", "2"), ("2", "0")]


def test_a_wall_screen_names_nobody(town: Town, this_morning: datetime) -> None:
    page = _page(town, "wall/")

    assert "陶磊" not in page and "柏青" not in page
    assert "陶" in page
    assert "Remind" not in page
