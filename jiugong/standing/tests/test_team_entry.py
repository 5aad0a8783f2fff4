"""A team's entry: everybody at once, exceptions only, nothing invented, and nothing twice."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiugong.duties.actions import excuse, record
from jiugong.duties.models import Evidence
from jiugong.duties.queries import asked_by, due_for
from jiugong.journal.models import LookUp
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.models import Person, Posting, Unit
from jiugong.rulebook.actions import adopt
from jiugong.standing.team import members_of
from tests.cast import MORNING, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(town: Town) -> Unit:
    return Unit.objects.get(enterprise=town.firms["东风木业有限公司"], kind="team")


@pytest.fixture
def qin(town: Town) -> Client:
    client = Client()
    client.force_login(town.users["qin"])
    return client


def _entry(town: Town, team: Unit, exceptions: dict[str, Any] | None = None, *, absent: tuple[str, ...] = (),
           batch: str = "b1") -> dict[str, Any]:
    """What the page sends: everybody here but the absent."""
    names = ("吴强", "孙丽", "郑伟")
    sent: dict[str, Any] = {"batch": batch, "measured": "yes"}
    sent |= {f"who-{town.people[name].pk}": "absent" if name in absent else "here" for name in names}
    return sent | (exceptions or {})


def _address(town: Town, team: Unit) -> str:
    return reverse("team-entry", args=[town.park.uid, team.uid])


def test_everybody_present_is_recorded_as_measured_and_no_value_is_invented(town: Town, team: Unit, qin: Client,
                                                                            this_morning: datetime) -> None:
    answer = qin.post(_address(town, team), _entry(town, team, absent=("郑伟",)))

    assert answer.status_code == 302
    assert dict(Evidence.objects.values_list("person__name", "data")) == {
        "吴强": {"below": 37.3, "symptoms": []}, "孙丽": {"below": 37.3, "symptoms": []}}


def test_an_entry_does_the_duty_of_those_who_are_in_it(town: Town, team: Unit, qin: Client, this_morning: datetime) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    qin.post(_address(town, team), _entry(town, team, absent=("郑伟",)))

    dues = [due_for(town.park, key, MORNING) for key in ("health_report", "health_report_in_dormitory")]
    missing = {row.person.name for due in dues if due
               for row in asked_by(town.park, due, MORNING, (team.path,)).missing().select_related("person")}

    assert missing == {"郑伟"}


def test_the_same_entry_twice_changes_nothing(town: Town, team: Unit, qin: Client, this_morning: datetime) -> None:
    for _time in range(2):
        assert qin.post(_address(town, team), _entry(town, team)).status_code == 302

    assert Evidence.objects.count() == 3


def test_a_second_entry_from_another_phone_records_nobody_again(town: Town, team: Unit, qin: Client,
                                                                this_morning: datetime) -> None:
    qin.post(_address(town, team), _entry(town, team, absent=("郑伟",)))

    qin.post(_address(town, team), _entry(town, team, batch="b2"))

    assert Evidence.objects.count() == 3
    assert Evidence.objects.filter(person__name="郑伟").count() == 1


def test_exceptions_are_recorded_as_they_were_written(town: Town, team: Unit, qin: Client, this_morning: datetime) -> None:
    wu, sun = town.people["吴强"], town.people["孙丽"]
    page = qin.post(_address(town, team), _entry(town, team, {
        f"temperature-{wu.pk}": "37,8", f"symptoms-{sun.pk}": ["cough"]}), follow=True).content.decode()

    assert Evidence.objects.get(person=wu).data == {"temperature": 37.8, "symptoms": []}
    assert Evidence.objects.get(person=sun).data == {"below": 37.3, "symptoms": ["cough"]}
    assert 'id="alarms"' in page and "37.8" in page


@pytest.mark.parametrize("value", ["51", "warm", "33.9"])
def test_one_value_that_cannot_be_records_nobody_and_says_where(town: Town, team: Unit, qin: Client, this_morning: datetime,
                                                                value: str) -> None:
    wu = town.people["吴强"]

    answer = qin.post(_address(town, team), _entry(town, team, {f"temperature-{wu.pk}": value}))

    assert answer.status_code == 422
    assert f'id="error-{wu.pk}"' in answer.content.decode() and f'value="{value}"' in answer.content.decode()
    assert not Evidence.objects.exists()


def test_nobody_is_recorded_where_the_leader_does_not_say_that_he_measured(town: Town, team: Unit, qin: Client,
                                                                           this_morning: datetime) -> None:
    sent = _entry(town, team)
    del sent["measured"]

    assert qin.post(_address(town, team), sent).status_code == 422
    assert qin.post(_address(town, team), _entry(town, team, absent=("吴强", "孙丽", "郑伟"))).status_code == 422
    assert not Evidence.objects.exists()


def test_people_of_another_team_are_not_entered_here(town: Town, team: Unit, qin: Client, this_morning: datetime) -> None:
    sent = _entry(town, team) | {f"who-{town.people['钱进'].pk}": "here"}

    qin.post(_address(town, team), sent)

    assert not Evidence.objects.filter(person__name="钱进").exists()
    other = Unit.objects.get(enterprise=town.firms["南山家居有限公司"], kind="team")
    assert qin.get(_address(town, other)).status_code == 404


def test_who_is_excused_is_taken_to_be_absent_and_who_reported_himself_is_done(town: Town, team: Unit,
                                                                               this_morning: datetime) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    excuse(town.park, town.people["郑伟"], reason="leave", since_at=MORNING - timedelta(hours=1),
           until_at=MORNING + timedelta(days=1), actor=operator())
    record(town.park, town.people["吴强"], kind="health_report", data={"temperature": 36.5, "symptoms": []}, happened_at=MORNING,
           client_id="x", actor=operator())

    shown = {each.person.name: (each.is_here, each.reported is not None) for each in members_of(team, MORNING)}

    assert shown == {"吴强": (True, True), "孙丽": (True, False), "郑伟": (False, False)}


def test_the_next_window_asks_again(town: Town, team: Unit, qin: Client, this_morning: datetime) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    qin.post(_address(town, team), _entry(town, team))

    with clock.standing_at(MORNING + timedelta(hours=9)):                            # 17:42, the afternoon's window
        assert not any(each.reported for each in members_of(team, clock.now()))


def test_a_team_leader_goes_straight_to_his_team_and_opening_it_is_a_look(town: Town, team: Unit, qin: Client,
                                                                          this_morning: datetime) -> None:
    answer = qin.get(reverse("team-entries", args=[town.park.uid]))

    assert answer.status_code == 302 and answer["Location"] == _address(town, team)
    qin.get(_address(town, team))
    assert LookUp.objects.filter(reason="opened a team's entry").count() == 3


def test_an_entry_asks_as_much_for_one_as_for_twenty_one(town: Town, team: Unit, qin: Client, this_morning: datetime) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())

    def asked(batch: str) -> tuple[int, int]:
        qin.get(_address(town, team))
        with CaptureQueriesContext(connection) as reading:
            qin.get(_address(town, team))
        members = members_of(team, MORNING)
        sent = {"batch": batch, "measured": "yes"} | {f"who-{each.person.pk}": "here" for each in members}
        with CaptureQueriesContext(connection) as writing:
            assert qin.post(_address(town, team), sent).status_code == 302
        return len(reading), len(writing)

    few = asked("b1")
    for number in range(21):
        person = Person.objects.create(park=town.park, name=f"新人{number}")
        Posting.objects.create(park=town.park, person=person, unit=team, enterprise=town.firms["东风木业有限公司"],
                               status="on_duty", since=date(2022, 7, 1))
    assert asked("b2") == few
