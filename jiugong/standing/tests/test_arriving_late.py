"""What was reported without a connection and arrives hours later: once, in its maker's name, at the time when it happened."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jiugong.duties.models import Evidence
from jiugong.lib import days
from jiugong.registry.models import Badge, Unit
from jiugong.registry.queries.badges import address_of
from tests.cast import MORNING, Town

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)


@pytest.fixture
def team(town: Town) -> Unit:
    return Unit.objects.get(enterprise=town.firms["东风木业有限公司"], kind="team")


def _post(client: Client, address: str, sent: dict[str, Any], **headers: str) -> Any:
    return client.post(address, json.dumps(sent), content_type="application/json", headers=headers)


@pytest.mark.parametrize(("told", "device_now", "ago"), [
    (-2 * HOURS, 0 * HOURS, 2 * HOURS),                              # a right clock
    (3 * HOURS, 5 * HOURS, 2 * HOURS),                               # five hours fast
    (-9 * HOURS, -7 * HOURS, 2 * HOURS),                             # seven hours slow
    (1 * HOURS, 0 * HOURS, 0 * HOURS)])                              # made after it was sent: it happened when it came
def test_a_wrong_clock_is_set_right(told: timedelta, device_now: timedelta, ago: timedelta) -> None:
    assert days.set_right((MORNING + told).isoformat(), (MORNING + device_now).isoformat(), MORNING) == MORNING - ago


@pytest.mark.parametrize(("told", "device_now"), [("", ""), ("yesterday", MORNING.isoformat()), (MORNING.isoformat(), ""),
                                                  ("2022-07-22T08:00", MORNING.isoformat())])
def test_a_time_that_cannot_be_read_is_the_time_of_arrival(told: str, device_now: str) -> None:
    assert days.set_right(told, device_now, MORNING) == MORNING


def test_a_late_report_happened_when_it_was_made_and_is_recorded_once(town: Town, link: Badge, this_morning: datetime) -> None:
    sent = {"client_id": "late-1", "data": {"temperature": 36.5, "symptoms": []},
            "device_at": (this_morning + 3 * HOURS).isoformat(), "device_now": (this_morning + 5 * HOURS).isoformat()}

    answers = [_post(Client(), f"/api/v1/me/{address_of(link)}/evidence", sent | {"offline": True}) for _twice in range(2)]

    told = Evidence.objects.get()
    assert [each.status_code for each in answers] == [200, 200]
    assert (told.happened_at, told.received_at) == (this_morning - 2 * HOURS, this_morning)


def test_a_test_whose_answer_was_lost_is_the_same_test(town: Town, link: Badge, this_morning: datetime) -> None:
    began = this_morning - timedelta(minutes=16)
    for seconds in (0, 2):
        read = (this_morning - timedelta(seconds=seconds)).isoformat()
        answer = _post(Client(), f"/api/v1/me/{address_of(link)}/evidence", {"client_id": "t1", "kind": "antigen", "data": {
            "result": "negative", "started_at": began.isoformat(), "read_at": read}})
        assert answer.status_code == 200

    other = _post(Client(), f"/api/v1/me/{address_of(link)}/evidence", {"client_id": "t1", "kind": "antigen", "data": {
        "result": "positive", "started_at": began.isoformat(), "read_at": this_morning.isoformat()}})
    assert other.status_code == 409
    assert Evidence.objects.get().data["result"] == "negative"


def test_a_late_entry_of_a_team_is_recorded_once(town: Town, team: Unit, this_morning: datetime) -> None:
    client, wu = Client(), town.people["吴强"]
    client.force_login(town.users["qin"])
    sent = {"batch": "b1", "measured": True, "members": [{"person": str(wu.uid), "temperature": "36,7"}],
            "device_at": (this_morning - HOURS).isoformat(), "device_now": this_morning.isoformat()}

    answers = [_post(client, f"/api/v1/standing/teams/{team.uid}/entry", sent) for _twice in range(2)]

    assert [each.json()["recorded"] for each in answers] == [1, 1]
    assert Evidence.objects.get().happened_at == this_morning - HOURS


@pytest.mark.parametrize(("more", "code"), [
    ({"members": [{"temperature": "77"}]}, "standing.entry_wrong"),
    ({"measured": False, "members": [{"temperature": ""}]}, "standing.not_all_measured")])
def test_an_entry_that_cannot_be_right_changes_nothing(town: Town, team: Unit, this_morning: datetime, more: dict[str, Any],
                                                       code: str) -> None:
    client = Client()
    client.force_login(town.users["qin"])
    sent: dict[str, Any] = {"batch": "b1", "measured": True} | more
    sent["members"] = [each | {"person": str(town.people["吴强"].uid)} for each in sent["members"]]

    assert _post(client, f"/api/v1/standing/teams/{team.uid}/entry", sent).json()["refused"] == code
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("maker", "status"), [("qin", 200), ("lin", 409)])
def test_nothing_is_sent_in_another_name(town: Town, team: Unit, this_morning: datetime, maker: str, status: int) -> None:
    client = Client()
    client.force_login(town.users["qin"])

    answer = _post(client, f"/api/v1/standing/teams/{team.uid}/entry", {"batch": "b1", "measured": True, "members": [
        {"person": str(town.people["吴强"].uid)}]}, **{"X-Made-By": f"user:{town.users[maker].pk}"})

    assert answer.status_code == status
    assert Evidence.objects.count() == (status == 200)
