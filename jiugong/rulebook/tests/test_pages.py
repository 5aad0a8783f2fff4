"""The rulebook's pages: what holds today in plain words, with the document or the assumption beside it."""

from datetime import date, datetime

import pytest
from django.test import Client
from django.utils import translation

from jiugong import policy
from jiugong.lib.acting import operator
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.models import Adoption
from jiugong.rulebook.wording import rules_of
from tests.cast import Town

V9, TWENTY = "cn-2022-v9", "cn-2022-20"


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


@pytest.fixture
def lin(town: Town, client: Client) -> Client:
    client.force_login(town.users["lin"])
    return client


def at(town: Town, rest: str = "") -> str:
    return f"/parks/{town.park.uid}/rules{rest}"


def test_with_nothing_adopted_the_page_says_what_to_do(town: Town, lin: Client) -> None:
    page = lin.get(at(town))

    assert page.context["duties"] == []
    assert page.context["form"] is not None


def test_lin_adopts_a_release_and_sees_its_duties(town: Town, lin: Client) -> None:
    answer = lin.post(at(town), {"release": V9, "from_day": "2022-07-22"})
    page = lin.get(at(town))

    assert answer.headers["Location"] == at(town)
    assert page.context["adoption"].release == V9
    assert len(page.context["duties"]) == len(policy.load(policy.PACKS, V9).duties_on(date(2022, 7, 22)))


def test_the_page_answers_for_the_day_that_is_asked(town: Town, lin: Client) -> None:
    adopt(town.park, V9, from_day=date(2022, 7, 20), actor=operator())

    assert lin.get(at(town), {"day": "2022-07-19"}).context["adoption"] is None
    assert lin.get(at(town), {"day": "2022-07-20"}).context["adoption"].release == V9
    assert lin.get(at(town), {"day": "2023-01-07"}).context["silent"] is False
    assert lin.get(at(town), {"day": "2023-01-08"}).context["silent"] is True


def test_a_silent_release_is_refused_in_words_and_nothing_is_adopted(town: Town, lin: Client) -> None:
    answer = lin.post(at(town), {"release": TWENTY, "from_day": "2022-07-22"})

    assert answer.status_code == 422
    assert "rulebook.release_silent" in answer.content.decode()
    assert not Adoption.objects.exists()


def test_an_assumption_is_shown_as_such(town: Town, lin: Client) -> None:
    adopt(town.park, V9, from_day=date(2022, 7, 20), actor=operator())

    assumed = [said for _title, said, _local in lin.get(at(town)).context["duties"] if said.assumption]

    assert assumed
    assert all(said.assumption in lin.get(at(town)).content.decode() for said in assumed)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("key", [V9, TWENTY])
def test_every_rule_of_every_pack_has_words_and_a_basis(key: str, language: str) -> None:
    with translation.override(language):
        rules = rules_of(policy.load(policy.PACKS, key), date(2022, 11, 12))

    for rule in rules:
        assert rule.title
        assert rule.values
        for said in rule.values:
            assert said.text
            assert "(" not in said.text[:1]
            assert said.references or said.assumption


def test_a_rule_reads_in_plain_words() -> None:
    with translation.override("en"):
        said = {rule.key: rule.current for rule in rules_of(policy.load(policy.PACKS, V9), date(2022, 7, 22))}

    duty, control = said["duties.health_report_in_dormitory"], said["control.close_contact"]
    assert duty is not None
    assert control is not None
    assert duty.text == ("Who: people on duty, who live in a dormitory. What: health report. "
                         "When: every day, 06:00–10:00, 16:00–20:00.")
    assert control.text == (
        "central quarantine for 7 days, tests on days 1, 2, 3, 5, 7; then health monitoring at home for 3 days, "
        "a test on day 3 (counted from the last exposure; that day is day 0)")


def test_a_pack_shows_each_rule_and_is_searched(town: Town, lin: Client) -> None:
    whole = lin.get(at(town, f"/{V9}"))
    found = lin.get(at(town, f"/{V9}"), {"q": "close_contact"})

    assert len(whole.context["rules"]) == len(policy.load(policy.PACKS, V9).rules)
    assert [rule.key for rule in found.context["rules"]] == ["control.close_contact"]


def test_a_pack_that_does_not_exist_is_a_refusal_in_words(town: Town, lin: Client) -> None:
    assert lin.get(at(town, "/cn-1999")).status_code in (404, 422)


def test_everybody_in_the_park_reads_the_rules_and_only_lin_adopts(town: Town, other_town: Town,
                                                                   client: Client) -> None:
    for name in ("tao", "fang", "zhou", "kai"):
        client.force_login(town.users[name])
        assert client.get(at(town)).context["form"] is None
        assert client.post(at(town), {"release": V9, "from_day": "2022-07-22"}).status_code == 403
    client.force_login(other_town.users["ines"])
    assert client.get(at(town)).status_code == 404
    assert client.get(at(town, f"/{V9}")).status_code == 404

    assert not Adoption.objects.exists()
