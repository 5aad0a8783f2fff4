"""What a worker reports about himself: two taps, a fever answered at once, a test read in time, and nothing twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jiugong.duties.actions import record
from jiugong.duties.models import Evidence
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.standing.actions import himself
from tests.cast import MORNING, Town, a_phone

pytestmark = pytest.mark.django_db


def _at(badge: Badge, *rest: str) -> str:
    return "/".join(("/me", address_of(badge), *rest))


def _report(client: Client, badge: Badge, **words: Any) -> Any:
    return client.post(_at(badge, "report"), {"client_id": "a1", "temperature": "36.5", "well": "yes"} | words)


# reporting ----------------------------------------------------------------------------------------------------------

def test_two_taps_record_a_report_about_himself(town: Town, link: Badge, this_morning: datetime) -> None:
    answer = _report(Client(), link)

    told = Evidence.objects.get()
    assert answer.status_code == 303
    assert (told.person, told.kind, told.data) == (town.people["吴强"], "health_report", {"temperature": 36.5, "symptoms": []})
    assert told.recorded_by == f"person:{told.person_id}"


def test_the_same_report_twice_is_one(town: Town, link: Badge, this_morning: datetime) -> None:
    first, second = _report(Client(), link), _report(Client(), link)

    assert (first.status_code, second.status_code) == (303, 303)
    assert Evidence.objects.count() == 1


def test_another_report_under_the_same_id_changes_nothing(town: Town, link: Badge, this_morning: datetime) -> None:
    _report(Client(), link)

    answer = _report(Client(), link, temperature="36.9")

    assert answer.status_code == 422
    assert Evidence.objects.get().data["temperature"] == 36.5


@pytest.mark.parametrize(("temperature", "fever"), [("37.2", False), ("37.3", True), ("37.4", True)])
def test_a_fever_is_answered_at_once_with_what_to_do_and_whom_to_call(town: Town, link: Badge, this_morning: datetime,
                                                                      temperature: str, fever: bool) -> None:
    sent = {"client_id": "a1", "other": temperature, "well": "yes"}
    page = Client().post(_at(link, "report"), sent, follow=True).content.decode()

    assert ('id="advice"' in page) is fever
    assert page.count(f"tel:{a_phone(904)}") == (2 if fever else 1)
    assert Evidence.objects.get().data["temperature"] == float(temperature)


def test_symptoms_without_a_fever_are_answered_too(town: Town, link: Badge, this_morning: datetime) -> None:
    page = Client().post(_at(link, "report"), {"client_id": "a1", "temperature": "36.5", "symptoms": ["cough"]}, follow=True)

    assert 'id="advice"' in page.content.decode()
    assert Evidence.objects.get().data["symptoms"] == ["cough"]


@pytest.mark.parametrize("words", [
    {"temperature": ""}, {"other": "51"}, {"other": "33.9"}, {"other": "43.1"}, {"other": "warm"}, {"client_id": ""},
    {"client_id": "x" * 65}, {"well": None, "symptoms": ["plague"]}])
def test_what_cannot_be_is_refused_with_a_sentence_and_records_nothing(town: Town, link: Badge, this_morning: datetime,
                                                                       words: dict[str, Any]) -> None:
    sent = {"client_id": "a1", "temperature": "36.5", "well": "yes"} | words
    answer = Client().post(_at(link, "report"), {key: value for key, value in sent.items() if value is not None})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("written", "read"), [
    ("36,5", 36.5), ("36。5", 36.5), ("365", 36.5), ("36.5℃", 36.5), ("37", 37.0), ("３６．８", 36.8)])
def test_a_number_is_read_as_fingers_write_it(town: Town, link: Badge, this_morning: datetime, written: str, read: float) -> None:
    Client().post(_at(link, "report"), {"client_id": "a1", "other": written, "well": "yes"})

    assert Evidence.objects.get().data["temperature"] == read


def test_he_reports_about_himself_alone(town: Town, link: Badge, this_morning: datetime) -> None:
    with pytest.raises(NotAllowed):
        record(town.park, town.people["孙丽"], kind="health_report", data={"temperature": 36.5, "symptoms": []},
               happened_at=MORNING, client_id="x", actor=himself(town.people["吴强"]))

    assert not Evidence.objects.exists()


# antigen ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("seconds", "result", "recorded", "valid"), [
    (899, "negative", False, False), (900, "negative", True, True), (1200, "negative", True, True), (1201, "negative", True, False),
    (60, "positive", True, False), (1000, "positive", True, True), (1000, "invalid", True, False)])
def test_a_test_is_read_after_fifteen_to_twenty_minutes(town: Town, link: Badge, seconds: int, result: str, recorded: bool,
                                                        valid: bool) -> None:
    client = Client()
    with clock.standing_at(MORNING):
        client.post(_at(link, "antigen"), {"start": "now"})
    with clock.standing_at(MORNING + timedelta(seconds=seconds)):
        answer = client.post(_at(link, "antigen"), {"result": result})

    assert answer.status_code == (303 if recorded else 422)
    assert [each.valid for each in Evidence.objects.all()] == ([valid] if recorded else [])


def test_a_test_sent_twice_is_one(town: Town, link: Badge) -> None:
    client = Client()
    with clock.standing_at(MORNING):
        client.post(_at(link, "antigen"), {"start": "now"})
    kept = dict(client.cookies)
    for seconds in (960, 962):
        client.cookies.update(kept)
        with clock.standing_at(MORNING + timedelta(seconds=seconds)):
            assert client.post(_at(link, "antigen"), {"result": "negative"}).status_code == 303

    assert Evidence.objects.count() == 1


def test_a_test_without_a_start_is_not_recorded(town: Town, link: Badge, this_morning: datetime) -> None:
    assert Client().post(_at(link, "antigen"), {"result": "negative"}).status_code == 422
    assert Client().post(_at(link, "antigen"), {"start": "then", "started": "05:00"}).status_code == 422
    assert Client().post(_at(link, "antigen"), {"start": "then", "started": "08:20"}).status_code == 303
    assert not Evidence.objects.exists()


# programs -----------------------------------------------------------------------------------------------------------

def test_programs_report_by_code(town: Town, link: Badge, this_morning: datetime) -> None:
    address = f"/api/v1/me/{address_of(link)}"
    sent = {"client_id": "p1", "kind": "health_report", "data": {"temperature": 37.8, "symptoms": []}}

    told = [Client().post(f"{address}/evidence", sent, content_type="application/json").json() for _time in range(2)]

    assert [each["advice"][0]["code"] for each in told] == ["fever", "fever"]
    assert Evidence.objects.count() == 1
    shown = Client().get(address).json()
    assert shown["name"] == "吴强" and any(each["what"] == "done" for each in shown["holds"])


def test_programs_do_not_pass_the_door_of_a_badge(town: Town, card: Badge, this_morning: datetime) -> None:
    address = f"/api/v1/me/{address_of(card)}"

    assert Client().get(address).status_code == 403
    assert Client().get("/api/v1/me/nonsense").status_code == 404
    assert Client().post(f"{address}/evidence", {"client_id": "1", "data": {"temperature": 36.5}}, content_type="application/json"
                         ).status_code == 403
    assert not Evidence.objects.exists()
