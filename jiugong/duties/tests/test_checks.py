"""A disinfection is done once somebody else has looked: not before, not by himself, and not where it was bad."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.duties.actions import check, record
from jiugong.duties.errors import CheckedBefore, CheckNeedsRemark, CheckOneself, EvidenceMisshapen, NothingToCheck
from jiugong.duties.models import Check, Evidence
from jiugong.duties.queries import asked_by, due_for
from jiugong.duties.queries.evidence import Sought, doubts_about, evidence_listed, waiting_for_check
from jiugong.duties.tests.conftest import DAY, MORNING, an_actor, at
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import Actor, NotAllowed, all_powers
from jiugong.registry.queries.coverage import Coverage

CHLORINE = {"agent": "chlorine", "concentration": 500, "contact_minutes": 30, "way": "wipe", "operator": "王保洁", "what": "走廊"}
TAO, FANG = all_powers(key="user:tao", name="陶磊"), all_powers(key="user:fang", name="方敏")


def due(park, key, moment) -> Any:
    """A duty that is sure to be due."""
    return due_for(park, key, moment)


@pytest.fixture
def cleaned(park) -> Any:
    """The room is disinfected at a moment, and Fang writes it down."""
    def clean(moment=MORNING, *, actor: Actor = FANG, **more) -> Evidence:
        with clock.standing_at(max(moment, MORNING)):
            return record(park, park.places.get(name="101"), kind="disinfection", data=CHLORINE | more, happened_at=moment,
                          client_id=f"c-{moment.isoformat()}-{len(more)}-{actor.key}", actor=actor)
    return clean


@pytest.fixture
def covered(park, rules) -> Any:
    rules("clean", subject="place", who="[{fact: kind, is: dorm_room}]", evidence="disinfection",
          cadence='{kind: windows_a_day, windows: [["06:00", "22:00"]]}')

    def coverage(moment) -> Coverage:
        return asked_by(park, due(park, "clean", moment), moment).coverage()
    return coverage


def test_a_disinfection_is_done_from_its_check_on(cleaned, covered):
    row = cleaned(at(8))
    assert covered(at(9)) == Coverage(1, 0, 0)

    with clock.standing_at(at(10)):
        check(row, passed=True, actor=TAO)

    assert covered(at(9, 59, 59)) == Coverage(1, 0, 0)
    assert covered(at(10)) == Coverage(1, 1, 0)


def test_what_was_bad_is_owed_until_it_is_done_again_and_checked(cleaned, covered):
    with clock.standing_at(at(9)):
        check(cleaned(at(8)), passed=False, remark="桌面未擦", actor=TAO)
    assert covered(at(9)) == Coverage(1, 0, 0)

    with clock.standing_at(at(11)):
        check(cleaned(at(10)), passed=True, actor=TAO)

    assert covered(at(11)) == Coverage(1, 1, 0)


@pytest.mark.parametrize("oneself", [FANG, all_powers(key="user:9", name="王保洁")])
def test_whoever_did_or_recorded_it_does_not_check_it(cleaned, oneself):
    row, before = cleaned(), Entry.objects.count()

    with pytest.raises(CheckOneself):
        check(row, passed=True, actor=oneself)

    assert not Check.objects.exists()
    assert Entry.objects.count() == before


def test_the_same_check_again_changes_nothing_and_another_is_refused(cleaned):
    row = cleaned()
    made = check(row, passed=True, actor=TAO)
    entries = Entry.objects.count()

    assert check(row, passed=True, actor=TAO) == made
    for passed, remark, actor in ((False, "脏", TAO), (True, "", all_powers(key="user:8", name="林园"))):
        with pytest.raises(CheckedBefore):
            check(row, passed=passed, remark=remark, actor=actor)
    assert Check.objects.get().passed
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("remark", ["", "   ", "x" * 301, "a\0b"])
def test_what_is_to_be_done_again_says_why(cleaned, remark):
    with pytest.raises(CheckNeedsRemark):
        check(cleaned(), passed=False, remark=remark, actor=TAO)

    assert not Check.objects.exists()


def test_only_what_must_be_checked_is_checked(park, a_worker):
    report = record(park, a_worker(), kind="temperature", data={"temperature": 36.5}, happened_at=MORNING, client_id="t",
                    actor=FANG)

    with pytest.raises(NothingToCheck):
        check(report, passed=True, actor=TAO)


def test_checking_asks_for_the_power_over_the_place(park, cleaned):
    row = cleaned()

    with pytest.raises(NotAllowed):
        check(row, passed=True, actor=an_actor(park.units.get(name="甲").path))

    assert not Check.objects.exists()


def test_alcohol_is_refused_where_the_rules_are_those_of_norovirus(park, cleaned, rules, tmp_path):
    rules("clean", subject="place", evidence="disinfection", who="[]")
    agents = tmp_path / "trial" / "parameters" / "disinfection" / "agents.yaml"
    agents.parent.mkdir(parents=True)
    agents.write_text("""
title: {zh-hans: 试, en: Trial}
reviewed_on: 2022-01-01
holds: agents
values:
  2022-07-22:
    value: [{agent: alcohol, use: surfaces, accepted: false}, {agent: chlorine, use: surfaces, accepted: true}]
    assumption: made up for a test
""", encoding="utf-8")
    alcohol = {"agent": "alcohol", "concentration": 75, "contact_minutes": 5}

    with pytest.raises(EvidenceMisshapen) as refused:
        cleaned(at(7), **alcohol)

    assert "Chlorine" in str(refused.value) or "含氯" in str(refused.value)
    assert not Evidence.objects.exists()
    assert cleaned(at(7, day=21), **alcohol).valid                       # the day before the rule began


def test_what_waits_is_listed_oldest_first_and_only_to_whom_it_concerns(park, cleaned):
    late, early = cleaned(at(7, 30)), cleaned(at(7))
    short = cleaned(at(7, 45), contact_minutes=29)

    assert list(waiting_for_check(TAO, park, at(8))) == [early, late]
    assert not waiting_for_check(an_actor(park.units.get(name="甲").path), park, at(8)).exists()
    assert short.valid is False

    check(early, passed=True, actor=TAO)
    assert list(waiting_for_check(TAO, park, at(8))) == [late]


def test_two_rooms_at_once_by_one_pair_of_hands_are_worth_a_look(park, cleaned):
    first = cleaned(at(7))
    gate = park.places.get(parent=None)
    second = record(park, gate, kind="disinfection", data=CHLORINE, happened_at=at(7, 0, 30), client_id="x", actor=FANG)

    assert {pk: set(said) for pk, said in doubts_about([first]).items()} == {first.pk: {"two_places"}}
    assert doubts_about([second])[second.pk] == ("two_places",)


def test_the_lists_ask_as_much_for_one_row_as_for_twenty_one(park, cleaned):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            rows = list(evidence_listed(TAO, park, Sought(kind="disinfection", first=DAY, last=DAY)))
            doubts_about(rows)
            assert {(str(row.place), getattr(row, "check_made", None)) for row in rows} == {("101", None)}
            list(waiting_for_check(TAO, park, at(8)))
        return len(asked)

    cleaned(at(6))
    one = cost()
    for minute in range(1, 21):
        cleaned(at(6, minute))

    assert cost() == one
    assert evidence_listed(TAO, park, Sought(state="unchecked")).count() == 21
