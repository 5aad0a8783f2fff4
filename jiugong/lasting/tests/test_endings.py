"""An emergency ends by the word of two, and so does what was kept of people; one person never suffices."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.queries import actor_for
from jiugong.accounts.roles import AccountRole
from jiugong.chores import what_was_released
from jiugong.lasting.actions.endings import (
    confirm_ending,
    has_ended,
    propose_ending,
    propose_erasure,
    release_erasure,
    released,
    withdraw_ending,
)
from jiugong.lasting.actions.erasing import erase
from jiugong.lasting.errors import (
    AlreadyProposed,
    AuditorMissing,
    EmergencyGoesOn,
    EndsTooLate,
    KeysInOneHand,
    ListMoved,
    NothingProposed,
    OnePersonTwice,
    ReasonMissing,
)
from jiugong.lasting.logic.ending import End, end_of
from jiugong.lasting.models import Ending, Erasure, ErasureStage
from jiugong.lasting.queries.ending import listed
from jiugong.lasting.stages import NEXT, Stage
from jiugong.lib import clock, keeping
from jiugong.lib.acting import Actor, NotAllowed, operator
from jiugong.registry.models import Person
from tests.cast import DAY, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(town: Town, this_morning: datetime) -> Actor:
    return actor_for(town.users["lin"])


@pytest.fixture
def zhou(town: Town, this_morning: datetime) -> Actor:
    return actor_for(town.users["zhou"])


def ended(town: Town, lin: Actor, zhou: Actor) -> None:
    propose_ending(town.park, ended_on=DAY, reason="解除通知", actor=lin)
    confirm_ending(town.park, actor=zhou)


def test_an_emergency_has_ended_once_another_person_confirms_it(town: Town, lin: Actor, zhou: Actor) -> None:
    first = propose_ending(town.park, ended_on=DAY, reason="解除通知", actor=lin)
    assert propose_ending(town.park, ended_on=DAY, reason="解除通知", actor=lin) == first
    with pytest.raises(OnePersonTwice):
        confirm_ending(town.park, actor=lin)
    assert not has_ended(town.park)

    confirm_ending(town.park, actor=zhou)

    assert has_ended(town.park)
    assert confirm_ending(town.park, actor=zhou).confirmed_at                     # twice is once


def test_two_accounts_of_one_person_are_one_person(town: Town, lin: Actor, this_morning: datetime) -> None:
    person = Person.objects.get(park=town.park, name="林园")
    lin_again = create_user("lin2", name="别名", park=town.park, actor=lin)
    grant(lin_again, AccountRole.LEADER, park=town.park, actor=lin)
    for user in (town.users["lin"], lin_again):
        user.person = person
        user.save()
    propose_ending(town.park, ended_on=DAY, reason="解除通知", actor=lin)

    with pytest.raises(OnePersonTwice):
        confirm_ending(town.park, actor=actor_for(lin_again))
    assert not has_ended(town.park)


@pytest.mark.parametrize("giver", ["who proposes", "who releases"])
@pytest.mark.parametrize(("days", "refused"), [(6.99, True), (7, False), (7.01, False)])
def test_whose_account_the_other_held_the_keys_of_lately_is_no_second_person(
        town: Town, lin: Actor, this_morning: datetime, giver: str, days: float, refused: bool) -> None:
    gao = create_user("gao", name="高岗", park=town.park, actor=lin)
    grant(gao, AccountRole.DUTY_OFFICER, park=town.park, actor=lin)
    one, other = (lin, actor_for(gao)) if giver == "who proposes" else (actor_for(gao), lin)
    propose_ending(town.park, ended_on=DAY, reason="解除通知", actor=one)

    with clock.standing_at(this_morning + timedelta(days=days)):
        if refused:
            with pytest.raises(KeysInOneHand):
                confirm_ending(town.park, actor=other)
        else:
            confirm_ending(town.park, actor=other)

    assert has_ended(town.park) is not refused


@pytest.mark.parametrize("way", ["two that one made", "one that one's own made"])
def test_an_officer_who_makes_himself_two_accounts_is_not_two_people(
        town: Town, lin: Actor, this_morning: datetime, way: str) -> None:
    def made(name: str, by: Actor) -> Actor:
        user = create_user(name, name=f"同事{name}", park=town.park, actor=by)
        grant(user, AccountRole.DUTY_OFFICER, park=town.park, actor=by)
        return actor_for(user)

    one = made("gao", lin)
    other = made("he", lin if way == "two that one made" else one)
    first = one if way == "two that one made" else lin
    propose_ending(town.park, ended_on=DAY, reason="解除通知", actor=first)

    with pytest.raises(KeysInOneHand):
        confirm_ending(town.park, actor=other)

    assert not has_ended(town.park)


def test_two_to_whom_the_command_line_gave_their_accounts_are_two_people(town: Town, this_morning: datetime) -> None:
    one, other = (create_user(name, name=f"同事{name}", park=town.park, actor=operator()) for name in ("gao", "he"))
    for user in (one, other):
        grant(user, AccountRole.DUTY_OFFICER, park=town.park, actor=operator())
    propose_ending(town.park, ended_on=DAY, reason="解除通知", actor=actor_for(one))

    confirm_ending(town.park, actor=actor_for(other))

    assert has_ended(town.park)


@pytest.mark.parametrize("changed", ["proposed_by", "proposed_by_name", "released_by", "released_by_name", "auditor", "list_sha256",
                                     "uid", "done"])
def test_a_release_that_was_written_into_the_database_erases_nothing(
        changed: str, town: Town, lin: Actor, zhou: Actor, this_morning: datetime) -> None:
    ended(town, lin, zhou)
    proposed = propose_erasure(town.park, actor=lin)
    real = release_erasure(town.park, list_sha256=proposed.list_sha256, auditor="公证处", actor=zhou)
    assert released() == released(town.park) == real

    Erasure.objects.filter(pk=real.pk).update(**{changed: uuid4() if changed == "uid" else {} if changed == "done" else "user:7"})

    assert released() is None and released(town.park) is None
    assert what_was_released(this_morning) is False
    with pytest.raises(NothingProposed):
        erase(Erasure.objects.get(), actor=operator())
    assert (Erasure.objects.get().steps, Person.objects.filter(park=town.park).exists()) == ([], True)
    assert propose_erasure(town.park, actor=lin).stage == ErasureStage.PROPOSED          # whoever means it begins again


@pytest.mark.parametrize(("words", "refusal"), [
    ({"reason": " "}, ReasonMissing), ({"ended_on": DAY + timedelta(days=1)}, EndsTooLate)])
def test_an_end_without_a_reason_or_in_the_future_is_refused(
        words: dict[str, Any], refusal: type[Exception], town: Town, lin: Actor) -> None:
    with pytest.raises(refusal):
        propose_ending(town.park, ended_on=words.get("ended_on", DAY), reason=words.get("reason", "通知"), actor=lin)
    assert not Ending.objects.exists()


def test_who_may_not_decide_decides_nothing(town: Town, lin: Actor, zhou: Actor) -> None:
    tao, kai = actor_for(town.users["tao"]), actor_for(town.users["kai"])
    for nobody in (tao, kai, zhou):
        with pytest.raises(NotAllowed):
            propose_ending(town.park, ended_on=DAY, reason="通知", actor=nobody)
    propose_ending(town.park, ended_on=DAY, reason="通知", actor=lin)
    for nobody in (tao, kai):
        with pytest.raises(NotAllowed):
            confirm_ending(town.park, actor=nobody)
    assert not has_ended(town.park)


def test_nothing_is_erased_while_the_emergency_goes_on(town: Town, lin: Actor, zhou: Actor) -> None:
    with pytest.raises(EmergencyGoesOn):
        propose_erasure(town.park, actor=lin)
    propose_ending(town.park, ended_on=DAY, reason="通知", actor=lin)
    with pytest.raises(EmergencyGoesOn):
        propose_erasure(town.park, actor=lin)
    with pytest.raises(NothingProposed):
        release_erasure(town.park, list_sha256="", auditor="公证处", actor=zhou)
    assert not Erasure.objects.exists()


def test_an_erasure_is_released_by_another_person_for_the_list_that_both_saw(town: Town, lin: Actor, zhou: Actor) -> None:
    ended(town, lin, zhou)
    proposed = propose_erasure(town.park, actor=lin)

    with pytest.raises(OnePersonTwice):
        release_erasure(town.park, list_sha256=proposed.list_sha256, auditor="公证处", actor=lin)
    with pytest.raises(AuditorMissing):
        release_erasure(town.park, list_sha256=proposed.list_sha256, auditor=" ", actor=zhou)
    with pytest.raises(ListMoved):
        release_erasure(town.park, list_sha256="0" * 64, auditor="公证处", actor=zhou)
    Person.objects.create(park=town.park, name="新来的人")
    with pytest.raises(ListMoved):
        release_erasure(town.park, list_sha256=proposed.list_sha256, auditor="公证处", actor=zhou)
    assert not Erasure.objects.filter(stage=ErasureStage.RELEASED).exists()

    again = propose_erasure(town.park, actor=lin)
    released = release_erasure(town.park, list_sha256=again.list_sha256, auditor="公证处", actor=zhou)
    assert (released.stage, released.auditor, released.released_by_name) == (ErasureStage.RELEASED, "公证处", "周全")
    with pytest.raises(AlreadyProposed):
        propose_erasure(town.park, actor=lin)
    with pytest.raises(NothingProposed):
        withdraw_ending(town.park, actor=lin)                                     # what was released goes on
    assert Person.objects.filter(park=town.park).exists()                         # and is the worker's to do


def test_an_end_that_is_taken_back_takes_back_what_was_proposed(town: Town, lin: Actor, zhou: Actor) -> None:
    ended(town, lin, zhou)
    propose_erasure(town.park, actor=lin)

    withdraw_ending(town.park, actor=lin)

    assert not has_ended(town.park)
    assert set(Erasure.objects.values_list("stage", flat=True)) == {ErasureStage.WITHDRAWN}
    propose_ending(town.park, ended_on=DAY, reason="又一次", actor=lin)


def test_the_list_is_of_this_park_alone_and_names_nobody(town: Town, other_town: Town, this_morning: datetime) -> None:
    found = listed(town.park)

    assert found["tables"]["registry_person"]["rows"] == Person.objects.filter(park=town.park).count()
    assert found == listed(town.park)
    assert not any(person in str(found) for person in town.people)


def test_every_declared_table_ends_in_some_way_and_no_personal_column_stays(town: Town) -> None:
    for table in keeping.tables().values():
        end = end_of(table)
        assert end is not End.STAYS or not table.personal or table.name in ("lasting_ending", "lasting_erasure"), table.name
        assert end is not End.BLANKED or table.keep not in ("emergency", "working"), table.name


@pytest.mark.parametrize("stage", list(Stage))
def test_what_is_released_never_goes_back(stage: Stage) -> None:
    assert Stage.PROPOSED not in NEXT[stage]
    assert NEXT[Stage.RELEASED] == {Stage.DONE} and NEXT[Stage.DONE] == set()


def test_two_people_go_through_it_on_the_page(town: Town, this_morning: datetime) -> None:
    address = f"/parks/{town.park.uid}/data/end"
    lin, zhou = Client(), Client()
    lin.force_login(town.users["lin"])
    zhou.force_login(town.users["zhou"])

    assert lin.post(address, {"do": "propose_ending", "ended_on": "2022-07-22", "reason": ""}).status_code == 422
    lin.post(address, {"do": "propose_ending", "ended_on": "2022-07-22", "reason": "解除通知"})
    assert "confirm_ending" not in lin.get(address).content.decode()
    assert "confirm_ending" in zhou.get(address).content.decode()
    zhou.post(address, {"do": "confirm_ending"})
    lin.post(address, {"do": "propose_erasure"})
    number = Erasure.objects.get(stage="proposed").list_sha256
    assert number[:12] in zhou.get(address).content.decode()
    zhou.post(address, {"do": "release", "list_sha256": number, "auditor": "公证处"})

    assert Erasure.objects.get().stage == ErasureStage.RELEASED
    assert "2022-08-21" in lin.get(f"/parks/{town.park.uid}/data").content.decode()       # thirty days after the end
    assert date(2022, 8, 21) - date(2022, 7, 22) == timedelta(days=30)
