"""The journal's pages: filters in the URL, words instead of codes, fifty a page, the auditor's own eyes."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from jiugong.accounts.queries import actor_for
from jiugong.journal.words import facts_in_words, verb_in_words
from jiugong.lib.acting import looked, note, operator
from jiugong.registry.actions.looking import show_in_full
from tests.cast import MORNING, Town


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


@pytest.fixture
def kai(town: Town, client: Client) -> Client:
    client.force_login(town.users["kai"])
    return client


def at(town: Town, rest: str = "") -> str:
    return f"/parks/{town.park.uid}/journal{rest}"


def verbs_on(page: object) -> set[str]:
    return {row["verb"] for row in page.context["rows"]}                              # type: ignore[attr-defined]


def test_the_auditor_reads_what_was_done(town: Town, kai: Client) -> None:
    assert {"roster.imported", "role.granted", "round.opened"} <= verbs_on(kai.get(at(town)))


def test_the_journal_is_narrowed_by_verb_actor_and_day(town: Town, kai: Client) -> None:
    note("tube.sealed", actor=actor_for(town.users["shu"]), at=MORNING, park_id=town.park.pk, subject="tube:1")

    assert verbs_on(kai.get(at(town), {"verb": "tube.sealed"})) == {"tube.sealed"}
    assert verbs_on(kai.get(at(town), {"actor": f"user:{town.users['shu'].pk}"})) == {"tube.sealed"}
    assert "roster.imported" not in verbs_on(kai.get(at(town), {"day": "2022-07-22"}))
    assert "roster.imported" in verbs_on(kai.get(at(town), {"day": "2022-07-01"}))
    assert verbs_on(kai.get(at(town), {"day": "2022-07-20"})) == set()


@pytest.mark.parametrize("asked", [{"day": "yesterday"}, {"page": "999"}, {"verb": "nothing.known"}, {"actor": "x"}])
def test_a_filter_that_makes_no_sense_is_as_good_as_none(town: Town, kai: Client, asked: dict[str, str]) -> None:
    page = kai.get(at(town), asked)

    assert page.status_code == 200
    assert verbs_on(page)


def test_there_are_fifty_entries_on_a_page(town: Town, kai: Client) -> None:
    for number in range(120):
        note("tube.sealed", actor=operator(), at=MORNING + timedelta(seconds=number), park_id=town.park.pk)

    page = kai.get(at(town), {"verb": "tube.sealed", "page": "3"})

    assert len(page.context["rows"]) == 20
    assert len(kai.get(at(town)).context["rows"]) == 50


def test_who_looked_at_whom_stands_there_with_the_reason(town: Town, kai: Client) -> None:
    show_in_full(town.people["吴强"], actor=actor_for(town.users["fang"]), reason="核对证件")

    page = kai.get(at(town, "/looks")).content.decode()

    assert all(text in page for text in ("方敏", "吴强", "核对证件"))
    assert "核对证件" in kai.get(at(town, "/looks"), {"q": "吴"}).content.decode()
    assert "核对证件" in kai.get(at(town, "/looks"), {"q": "证件"}).content.decode()
    assert "吴强" not in kai.get(at(town, "/looks"), {"q": "卫红"}).content.decode()
    assert "吴强" not in kai.get(at(town, "/looks"), {"day": "2022-07-21"}).content.decode()


def test_a_look_at_many_is_one_row_that_opens(town: Town, kai: Client) -> None:
    people = [town.people[name].pk for name in ("吴强", "孙丽", "郑伟")]
    looked(actor=operator(), park_id=town.park.pk, person_ids=people, fields=("phone",), reason="备份", at=MORNING)

    together = kai.get(at(town, "/looks"))
    opened = kai.get(at(town, "/looks"), {"at": together.context["looks"][0]["moment"], "actor": "operator"})

    assert [look["people"] for look in together.context["looks"]] == [3]
    assert {look["person"].name for look in opened.context["looks"]} == {"吴强", "孙丽", "郑伟"}


@pytest.mark.parametrize("rest", ["", "/looks"])
def test_nobody_else_and_no_other_park_reads_it(town: Town, other_town: Town, client: Client, rest: str) -> None:
    for name in ("tao", "fang", "zhou", "shu", "yan"):
        client.force_login(town.users[name])
        assert client.get(at(town, rest)).status_code == 403
    client.force_login(other_town.users["ines"])
    assert client.get(at(town, rest)).status_code == 404


def test_a_verb_without_words_stands_as_it_was_written() -> None:
    assert verb_in_words("moon.landed") == "moon.landed"
    assert facts_in_words({"crater": 7, "effect": "abc", "empty": ""}) == [("crater", "7")]


def test_values_that_higher_rooms_note_are_read_in_words() -> None:
    with translation.override("en"):
        said = [value for _name, value in facts_in_words({"kind": "disinfection", "level": "sealed", "passed": True,
                                                          "again": False, "over": "a name"})]

    assert said == ["disinfection", "Sealed area", "yes", "no", "a name"]


def test_every_verb_that_the_house_notes_has_words(request: pytest.FixtureRequest) -> None:
    import re

    said = {verb for file in (request.config.rootpath / "jiugong").rglob("*.py") if "tests" not in file.parts
            for verb in re.findall(r'\bnote\("([a-z_.]+)"', file.read_text())}

    assert {verb for verb in said if verb_in_words(verb) == verb} == set()
