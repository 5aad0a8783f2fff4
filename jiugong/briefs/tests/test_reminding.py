"""Reminding: once to whoever is missing, then up the chain exactly when the release says, one message for each leader."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.accounts.queries import actor_for
from jiugong.briefs import board
from jiugong.briefs.errors import ReminderTooEarly
from jiugong.briefs.reminding import Reminded, remind, remind_when_due, sent_to, steps_of
from jiugong.journal.models import Entry, Message
from jiugong.journal.queries import messages_to
from jiugong.journal.tidings import sentence_of
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.actions.charges import put_in_charge
from jiugong.registry.models import Person, Unit
from jiugong.registry.words import Role
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = pytest.mark.django_db

MISSING = {"郑伟", "钱进", "冯雪", "褚亮", "卫红", "蒋明"}


@pytest.fixture
def ruled(town: Town) -> Town:
    """Lin's park goes by the ninth edition: after the close the person, then team leader, prevention officer, grid leader."""
    adopt(town.park, "cn-2022-v9", from_day=DAY - timedelta(days=10), actor=operator())
    return town


def the_round(town: Town, who: str = "lin") -> board.Question:
    found = board.question_for(actor_for(town.users[who]), town.park, "round:1", clock.now())
    assert found
    return found


def press(town: Town, who: str = "lin", **only: Any) -> Reminded:
    return remind(town.park, the_round(town, who), actor=actor_for(town.users[who]), only=only)


def reminded(town: Town) -> set[str]:
    to_the_missing = Message.objects.filter(park=town.park, kind="reminder", step=0)
    return {message.to_person.name for message in to_the_missing if message.to_person}


def written() -> int:
    """How many reminders there are; adopting a release writes tasks of its own."""
    return Message.objects.filter(kind="reminder").count()


def after_the_close(town: Town, minutes: int, seconds: int = 0) -> Any:
    assert town.round
    return clock.standing_at(town.round.closes_at + timedelta(minutes=minutes, seconds=seconds))


def test_one_press_reminds_everybody_who_is_missing_and_nobody_else(town: Town, this_morning: datetime) -> None:
    done = press(town)

    assert (done.people, done.before, done.told) == (6, 0, {})
    assert reminded(town) == MISSING
    assert Entry.objects.filter(verb="people.reminded").count() == 1


def test_a_second_press_sends_nobody_a_second_message(town: Town, this_morning: datetime) -> None:
    press(town)

    done = press(town)

    assert (done.people, done.before) == (0, 6)
    assert written() == 6
    assert Entry.objects.filter(verb="people.reminded").count() == 1


def test_who_is_sampled_in_between_is_not_reminded(town: Town, this_morning: datetime) -> None:
    bind(town.park, [Scan(scan_id="late-comer", round=1, tube="SY0001", point="第1网格采样点", id_number=an_id(3))],
         actor=operator())

    press(town)

    assert reminded(town) == MISSING - {"郑伟"}


def test_a_grid_leader_reminds_his_grid_and_a_team_leader_his_team(town: Town, this_morning: datetime) -> None:
    press(town, "tao")
    assert reminded(town) == {"郑伟", "钱进", "冯雪"}

    assert press(town, "qin").people == 0                                # the only one of hers was reminded already


@pytest.mark.parametrize("who", ["zhou", "shu", "yan", "kai"])
def test_who_may_not_remind_writes_nothing(town: Town, this_morning: datetime, who: str) -> None:
    with pytest.raises(NotAllowed):
        remind(town.park, the_round(town), actor=actor_for(town.users[who]))

    assert written() == 0


@pytest.mark.parametrize(("seconds", "too_early"), [(-1, True), (0, False), (1, False)])
def test_nobody_is_reminded_before_the_window_opens(town: Town, seconds: int, too_early: bool) -> None:
    assert town.round
    with clock.standing_at(town.round.opens_at + timedelta(seconds=seconds)):
        question = the_round(town)
        if too_early:
            with pytest.raises(ReminderTooEarly):
                remind(town.park, question, actor=operator())
            assert written() == 0
        else:
            assert remind(town.park, question, actor=operator()).people == 8


def test_without_a_release_only_the_missing_are_told(town: Town) -> None:
    with after_the_close(town, 600):
        assert steps_of(town.park, the_round(town)) == ()
        done = press(town)

    assert (done.people, done.told, done.next_at) == (6, {}, None)


@pytest.mark.parametrize(("minutes", "seconds", "told"), [
    (59, 59, set()), (60, 0, {"方敏"}), (119, 59, {"方敏"}), (120, 0, {"方敏", "陶磊", "柏青"}),
    (120, 1, {"方敏", "陶磊", "柏青"})])
def test_a_step_is_due_exactly_on_its_minute(ruled: Town, minutes: int, seconds: int, told: set[str]) -> None:
    with after_the_close(ruled, minutes, seconds):
        done = remind_when_due(ruled.park, the_round(ruled), actor=operator())

    assert set(done.told) == told
    assert done.people == 6


@pytest.mark.parametrize(("seconds", "people"), [(-1, 0), (0, 6), (1, 6)])
def test_by_the_clock_the_missing_are_told_from_the_closing_moment_on(ruled: Town, seconds: int, people: int) -> None:
    with after_the_close(ruled, 0, seconds):
        done = remind_when_due(ruled.park, the_round(ruled), actor=operator())

    assert done.people == people


def test_a_leader_gets_one_message_with_all_of_his(ruled: Town) -> None:
    with after_the_close(ruled, 121):
        press(ruled)
        tao = messages_to(Person.objects.get(park=ruled.park, name="陶磊")).get()

    assert (tao.step, tao.facts["count"], tao.concerns) == (4, 3, None)
    assert sorted(tao.facts["people"]) == sorted(ruled.people[name].pk for name in ("郑伟", "钱进", "冯雪"))
    assert "3" in sentence_of(tao, ruled.park)


def test_pressing_again_and_again_tells_each_leader_once(ruled: Town) -> None:
    for minutes in (60, 60, 61, 120, 121, 180):
        with after_the_close(ruled, minutes):
            press(ruled)

    by_leader = Message.objects.filter(park=ruled.park, step__gt=0).values_list("to_person__name", flat=True)
    assert sorted(by_leader) == sorted(["方敏", "陶磊", "柏青"])


def test_whoever_goes_missing_later_is_told_of_alone(ruled: Town) -> None:
    """Somebody reminds one person first; the others of the same leader come in a message of their own."""
    with after_the_close(ruled, 121):
        press(ruled, person=ruled.people["钱进"])
        press(ruled)

    tao = Message.objects.filter(park=ruled.park, to_person__name="陶磊").order_by("pk")
    assert [message.facts["count"] for message in tao] == [1, 2]


def test_nobody_is_told_of_himself(ruled: Town) -> None:
    team = Unit.objects.get(park=ruled.park, enterprise=ruled.firms["南山家居有限公司"], kind="team")
    put_in_charge(ruled.people["钱进"], team, Role.TEAM_LEADER, actor=operator(), since=DAY - timedelta(days=5))

    with after_the_close(ruled, 31):
        done = press(ruled)

    assert done.told == {"钱进": 1}                                       # of Feng, and not of himself
    assert done.nobody == 5


def test_the_next_step_is_announced(ruled: Town, this_morning: datetime) -> None:
    assert ruled.round
    assert press(ruled).next_at == ruled.round.closes_at
    with after_the_close(ruled, 60):
        assert press(ruled).next_at == ruled.round.closes_at + timedelta(minutes=120)
    with after_the_close(ruled, 120):
        assert press(ruled).next_at is None


def test_who_was_reminded_when_by_whom_and_how_far_up(ruled: Town, this_morning: datetime) -> None:
    wei = ruled.people["郑伟"].pk
    press(ruled, "tao")
    with after_the_close(ruled, 61):
        press(ruled)
        sent = sent_to(ruled.park, the_round(ruled), [wei])[wei]

    assert [(each.by, each.to, each.role) for each in sent] == [("陶磊", "郑伟", ""), ("林园", "方敏", "prevention_officer")]
    assert sent[0].at == MORNING


def test_reminders_of_one_round_are_not_those_of_a_duty(ruled: Town, this_morning: datetime) -> None:
    press(ruled)
    health = board.question_for(operator(), ruled.park, "duty:health_report", clock.now())
    assert health and sent_to(ruled.park, health, [ruled.people["郑伟"].pk]) == {}


def test_reminding_costs_the_same_for_six_as_for_one(ruled: Town) -> None:
    with after_the_close(ruled, 121):
        question = the_round(ruled)
        with CaptureQueriesContext(connection) as one:
            remind(ruled.park, question, actor=operator(), only={"person": ruled.people["褚亮"]})
        with CaptureQueriesContext(connection) as many:
            remind(ruled.park, question, actor=operator())

    assert len(many) <= len(one)


# --- pages and commands -----------------------------------------------------------------------------------------------

def a_client(town: Town, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.users[who])
    return client


def test_an_officer_reminds_those_whom_he_ticked_and_sees_when(ruled: Town, this_morning: datetime) -> None:
    client, names = a_client(ruled, "lin"), f"/parks/{ruled.park.uid}/names/"
    picked = [str(ruled.people[name].uid) for name in ("郑伟", "钱进")]

    answer = client.post(f"{names}remind/", {"of": "round:1", "person": picked, "back": "of=round:1&show=missing"}, follow=True)

    assert reminded(ruled) == {"郑伟", "钱进"}
    assert answer.redirect_chain[0][0] == f"{names}?of=round:1&show=missing"
    assert "2 people were reminded." in answer.content.decode()
    assert answer.content.decode().count("reminded 08:42 by 林园") == 2


def test_today_reminds_all_with_one_press(ruled: Town, this_morning: datetime) -> None:
    client = a_client(ruled, "lin")
    page = client.get(f"/parks/{ruled.park.uid}/?of=round:1").content.decode()
    assert "Remind 6 missing people" in page

    client.post(f"/parks/{ruled.park.uid}/names/remind/", {"of": "round:1", "all": "yes", "from": "today"})

    assert reminded(ruled) == MISSING


@pytest.mark.parametrize("body", [{"of": "round:1"}, {"of": "round:1", "person": "no-id"}, {"of": "duty:nothing", "all": "yes"}])
def test_a_press_that_means_nobody_writes_nothing(ruled: Town, this_morning: datetime, body: dict[str, str]) -> None:
    answer = a_client(ruled, "lin").post(f"/parks/{ruled.park.uid}/names/remind/", body)

    assert answer.status_code in (302, 404, 422)
    assert written() == 0


def test_nobody_reminds_people_of_another_grid(ruled: Town, this_morning: datetime) -> None:
    answer = a_client(ruled, "bo").post(f"/parks/{ruled.park.uid}/names/remind/", {
        "of": "round:1", "person": [str(ruled.people["郑伟"].uid)]})

    assert (answer.status_code, written()) == (404, 0)


def test_a_program_reminds_twice_and_one_message_is_written(ruled: Town, this_morning: datetime) -> None:
    client = a_client(ruled, "lin")
    first, second = (client.post("/api/v1/briefs/reminders", {"park": str(ruled.park.uid), "of": "round:1"},
                                 content_type="application/json").json() for _again in range(2))

    assert (first["people"], second["people"], second["before"]) == (6, 0, 6)
    assert written() == 6
