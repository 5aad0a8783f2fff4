"""The two advisers as they are asked: on the command line, by a program, on a page."""

import json
from typing import Any

import pytest
from django.test import Client

from jiugong.cli import main
from jiugong.screening.models import Point
from tests.cast import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask the command line: `ask(0, "advise", "pool", …)` gives the one document that it prints."""
    def asked(status: int, *words: str) -> dict[str, Any]:
        assert main([*words, "--json"]) == status
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told
    return asked


@pytest.fixture
def lin(town: Town) -> Client:
    client = Client()
    client.force_login(town.users["lin"])
    return client


def test_the_command_compares_pool_sizes(ask: Any) -> None:
    told = ask(0, "advise", "pool", "--prevalence", "0.001")

    assert told["recommended"] == 20 and [each["size"] for each in told["sizes"]] == [1, 5, 10, 20]
    assert {each["size"]: round(each["tests_per_person"], 3) for each in told["sizes"]} == {1: 1.001, 5: 0.205, 10: 0.11, 20: 0.07}
    assert [each["held_per_positive_tube"] for each in told["sizes"]] == [1, 5, 10, 20]
    assert told["why"] and told["trade_off"] and told["alone"] and told["basis"]
    chosen = ask(0, "advise", "pool", "--prevalence", "0.001", "--sizes", "5,10", "--people", "1020", "--clustering", "0.3")
    assert chosen["recommended"] == 10 and chosen["sizes"][1]["total"]["tubes"] == 102


@pytest.mark.parametrize(("words", "code"), [
    (("pool", "--prevalence=0"), "screening.prevalence_impossible"),
    (("pool", "--prevalence=nan"), "screening.prevalence_impossible"),
    (("pool", "--prevalence=0.001", "--sizes", "30"), "screening.pool_not_validated"),
    (("pool", "--prevalence=0.001", "--sizes", "5,,10"), "screening.pool_sizes_missing"),
    (("pool", "--prevalence=0.001", "--clustering=2"), "screening.clustering_impossible"),
    (("points", "--people=0", "--hours=4"), "screening.people_impossible"),
    (("points", "--people=100", "--hours=0"), "screening.hours_impossible"),
    (("points", "--people=100", "--hours=721"), "screening.hours_impossible"),
    (("points", "--people=100"), "screening.sizing_needs_people"), (("points", "--hours=4"), "screening.sizing_needs_people"),
    (("points", "--round=1"), "screening.sizing_needs_people"), (("points", "--park=别处", "--round=1"), "registry.park_unknown")])
def test_nonsense_is_refused_in_words(words: tuple[str, ...], code: str, ask: Any) -> None:
    told = ask(1, "advise", *words)

    assert told["refused"] == code and told["message"]


def test_the_command_counts_points_and_shows_where_each_rate_comes_from(ask: Any) -> None:
    told = ask(0, "advise", "points", "--people", "18893", "--hours", "4")

    assert (told["people"], told["hours"], told["points"], told["desks"], told["samplers"]) == (18893, 4, 11, 53, 105)
    assert all(told["because"][thing]["why"] for thing in ("points", "desks", "samplers"))
    assert all(rate["reference"] or rate["assumption"] for rate in told["rates"])


def test_the_command_says_what_a_park_lacks_for_a_round(town: Town, ask: Any) -> None:
    Point.objects.filter(park=town.park).update(desks=2)

    told = ask(0, "advise", "points", "--park", town.park.name, "--round", "1")

    assert told["people"] == sum(each["people"] for each in told["park"]["grids"]) > 0
    assert told["people"] == sum(each["people"] for each in told["park"]["enterprises"])
    assert told["park"]["there"]["points"] == len(told["park"]["standing"]) == Point.objects.filter(park=town.park).count()
    assert told["park"]["lacking"] == {"points": 0, "desks": 0} and told["park"]["sentences"]
    assert ask(1, "advise", "points", "--park", town.park.name, "--round", "99")["refused"] == "screening.round_unknown"


def test_programs_and_the_command_hear_the_same(town: Town, lin: Client, ask: Any) -> None:
    park = str(town.park.uid)
    pool = lin.get("/api/v1/screening/advice/pool", {"park": park, "prevalence": "0.01", "sizes": "10,20"})
    points = lin.get("/api/v1/screening/advice/points", {"park": park, "round": "1"})

    assert pool.json()["recommended"] == ask(0, "advise", "pool", "--prevalence", "0.01", "--sizes", "10,20")["recommended"] == 10
    assert points.json()["park"]["grids"] == ask(
        0, "advise", "points", "--park", town.park.name, "--round", "1")["park"]["grids"]
    refused = lin.get("/api/v1/screening/advice/pool", {"park": park, "prevalence": "0.01", "sizes": "8"})
    assert (refused.status_code, refused.json()["refused"]) == (422, "screening.pool_not_validated")


def test_the_pages_begin_empty_answer_and_say_what_is_wrong(town: Town, lin: Client) -> None:
    pool, points = (f"/parks/{town.park.uid}/advice/{name}" for name in ("pool", "points"))

    for address, words, shown in ((pool, {"prevalence": "0.001", "sizes": ["5", "10"], "people": "1020"}, "69.8"),
                                  (points, {"round": "1"}, "第1网格"), (points, {"people": "18893", "hours": "4"}, "105")):
        empty, answered = lin.get(address), lin.get(address, words, headers={"accept-language": "zh-hans"})
        assert (empty.status_code, answered.status_code) == (200, 200)
        assert "nothing" in empty.content.decode() and "nothing" not in answered.content.decode()
        assert (shown in answered.content.decode()) is (shown != "69.8")          # tubes of 20 were not chosen
    for address, words in ((pool, {"prevalence": "1"}), (pool, {"prevalence": "0.1", "sizes": "30"}),
                           (points, {"people": "0", "hours": "4"}), (points, {"people": "5"}), (points, {"round": "99"})):
        wrong = lin.get(address, words)
        assert wrong.status_code == 422 and "field-errors" in wrong.content.decode(), words


def test_a_park_without_rounds_is_asked_for_people_and_hours(other_town: Town) -> None:
    ines = Client()
    ines.force_login(other_town.users["ines"])
    address = f"/parks/{other_town.park.uid}/advice/points"

    assert ines.get(address).status_code == 200
    assert "105" in ines.get(address, {"people": "18893", "hours": "4"}).content.decode()


def test_everything_that_is_wrong_is_named_at_once(ask: Any, lin: Client, town: Town) -> None:
    told = ask(1, "advise", "pool", "--prevalence", "2", "--clustering", "3", "--sizes", "5,7,9", "--people", "x")
    points = ask(1, "advise", "points", "--people", "x", "--hours", "0")
    page = lin.get(f"/parks/{town.park.uid}/advice/pool", {"prevalence": "2", "clustering": "3", "people": "x"}).context["form"]

    assert told["refused"] == points["refused"] == "screening.advice_wrong"
    assert [each["refused"].partition(".")[2] for each in told["wrong"]] == [
        "prevalence_impossible", "clustering_impossible", "pool_not_validated", "people_impossible"]
    assert "7, 9" in told["message"] and len(points["wrong"]) == 2
    assert set(page.errors) == {"prevalence", "clustering", "people"}
    assert ask(1, "advise", "pool", "--prevalence", "0.1", "--sizes", ",,")["refused"] == "screening.pool_sizes_missing"
