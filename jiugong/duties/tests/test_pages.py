"""The pages of duties: what is owed today, recording on a phone, checking, excusing, lists and workbooks."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.duties.actions import record
from jiugong.duties.forms import FORMS
from jiugong.duties.logic import KINDS
from jiugong.duties.models import Check, Evidence, Excuse
from jiugong.duties.tests.conftest import MORNING, at
from jiugong.journal.models import LookUp
from jiugong.lib.acting import all_powers

TAO = all_powers(key="user:tao", name="陶磊")
CHLORINE = {"agent": "chlorine", "use": "surfaces", "concentration": "500", "contact_minutes": "30", "way": "wipe",
            "operator": "王保洁", "what": "电梯", "happened_at": "2022-07-22T07:30"}
SENT: dict[str, Any] = {
    "health_report": {"temperature": "36.5", "symptoms": ["cough"], "happened_at": "2022-07-22T07:30"},
    "temperature": {"temperature": "36.5", "happened_at": "2022-07-22T07:30"},
    "antigen": {"result": "negative", "started_at": "2022-07-22T07:00", "read_at": "2022-07-22T07:15"},
    "vaccination": {"dose": "3", "product": "灭活", "on": "2022-07-01"},
    "training": {"course": "采样专员培训", "held_on": "2022-07-01", "valid_until": "", "class": "officers", "level": "park"},
    "disinfection": CHLORINE,
    "drill": {"title": "阳性处置", "class": "full", "level": "enterprise", "held_on": "2022-07-01", "participants": "40",
              "absent": "2", "findings": "门口拥挤"},
    "hygiene_check": {"seen": "20", "masks_right": "20", "hands_washed": "20", "happened_at": "2022-07-22T07:30"},
    "standing_water": {"spots_found": "3", "spots_cleared": "3", "remark": "", "happened_at": "2022-07-22T07:30"},
    "waste_transfer": {"kind": "protective", "kg": "12.5", "bags": "", "from": "隔离点", "carrier": "洁源", "received_by": "王某",
                       "happened_at": "2022-07-22T07:30"},
    "returnee_list": {"name": ["李四", ""], "from": ["上海", ""], "arriving_on": ["2022-07-25", ""], "by": ["G1", ""],
                      "pasted": "王五\t合肥\t2022.7.26\t自驾\n赵六，南京，2022年7月27日"}}


@pytest.fixture
def officer(as_role) -> Any:
    return as_role("duty_officer")


@pytest.fixture
def here(park) -> str:
    return f"/parks/{park.uid}/duties/"


@pytest.fixture
def about(park, a_worker) -> Any:
    """The subject of a kind as its address names it."""
    worker = a_worker(number=1, name="吴强")

    def reference(kind: str) -> dict[str, Any]:
        return {"person": {"person": worker.uid}, "unit": {"unit": park.units.get(name="甲").uid},
                "place": {"place": park.places.get(name="101").pk}}[KINDS[kind].about]
    return reference


def test_every_kind_has_a_form_and_an_example():
    assert set(FORMS) == set(KINDS) == set(SENT)


@pytest.mark.parametrize("kind", SENT)
def test_each_kind_is_recorded_on_its_page_and_twice_is_once(officer, here, about, kind):
    address, sent = f"{here}record/{kind}/", {**about(kind), **SENT[kind], "client_id": "c1"}
    assert b"client_id" in officer.get(address, about(kind)).content

    first, again = officer.post(address, sent), officer.post(address, sent)

    assert (first.status_code, again.status_code) == (302, 302), first.content.decode()
    kept = Evidence.objects.get()
    assert kept.valid
    assert kept.kind == kind
    if kind == "returnee_list":
        assert [(each["name"], each["arriving_on"]) for each in kept.data["returnees"]] == [
            ("李四", "2022-07-25"), ("王五", "2022-07-26"), ("赵六", "2022-07-27")]


@pytest.mark.parametrize(("kind", "wrong", "said"), [
    ("temperature", {"temperature": "50"}, "measure again"), ("temperature", {"temperature": ""}, "required"),
    ("temperature", {"temperature": "36.5", "happened_at": "2022-07-23T07:30"}, "still to come"),
    ("disinfection", {"concentration": "5"}, "mix it anew"), ("hygiene_check", {"masks_right": "21"}, "count again"),
    ("waste_transfer", {"kg": ""}, "kilograms or a number of bags"),
    ("returnee_list", {"pasted": "王五,合肥"}, "Person 2 · Arriving on: needs a day")])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(officer, here, about, kind, wrong, said):
    answer = officer.post(f"{here}record/{kind}/", {**about(kind), **SENT[kind], "client_id": "c1", **wrong})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_fever_is_answered_at_once_with_what_to_do(officer, here, about):
    sent = {**about("temperature"), **SENT["temperature"], "temperature": "37.3", "client_id": "c1"}

    page = officer.post(f"{here}record/temperature/", sent, follow=True).content.decode()

    assert "Do not go to work" in page
    assert Evidence.objects.get().data == {"temperature": 37.3}


def test_the_next_form_remembers_agent_and_place(officer, here, about):
    officer.post(f"{here}record/disinfection/", {**about("disinfection"), **CHLORINE, "client_id": "c1"})

    choose = officer.get(f"{here}record/disinfection/").content.decode()
    form = officer.get(f"{here}record/disinfection/", about("disinfection")).content.decode()

    assert "101" in choose.partition("The last ones")[2]
    assert 'value="王保洁"' in form
    assert re.search(r'value="chlorine"[^>]*checked', form)


@pytest.mark.parametrize("reference", [{"place": "x"}, {"place": "999999"}, {"person": "x"}, {"unit": str(uuid4())},
                                       {"place": "9" * 30}])
def test_what_is_not_there_cannot_be_recorded_about(officer, here, reference):
    assert officer.get(f"{here}record/disinfection/", reference).status_code == 404
    assert officer.get(f"{here}record/horoscope/").status_code == 404


def test_a_leader_of_one_enterprise_finds_and_records_only_his_own(as_role, park, here, a_worker):
    a_worker(name="吴强"), a_worker(name="吴刚", enterprise="乙")
    fang = as_role("prevention_officer", unit=park.units.get(name="甲"))

    found = fang.get(f"{here}record/temperature/", {"q": "吴"}).content.decode()

    assert "吴强" in found
    assert "吴刚" not in found
    assert fang.get(f"{here}record/drill/", {"unit": park.units.get(name="乙").uid}).status_code == 404


def test_the_duties_page_says_what_is_owed_by_whom_and_where_to_enter_it(officer, here, park, rules, a_worker):
    rules("drill", subject="unit", evidence="drill", who="[{fact: kind, is: enterprise}]")
    rules("clean", subject="place", evidence="disinfection", who="[{fact: kind, is: dorm_room}]")
    rules("report")
    a_worker()

    page = officer.get(here).content.decode()

    assert "/duties/record/drill/" in page
    assert "/duties/record/disinfection/" in page
    assert 'href="/parks/' + str(park.uid) + '/names/?of=duty:report&amp;show=missing"' in page
    listed = officer.get(f"{here}owed/drill/").content.decode()
    assert "甲" in listed and "乙" in listed
    assert f"unit={park.units.get(name='甲').uid}" in listed


@pytest.mark.parametrize(("show", "expected"), [("missing", {"乙"}), ("done", {"甲"}), ("owed", {"甲", "乙"}), ("excused", set())])
def test_a_duty_of_units_is_listed_by_state(officer, here, park, boss, rules, show, expected):
    rules("look", subject="unit", evidence="hygiene_check", who="[{fact: kind, is: enterprise}]")
    record(park, park.units.get(name="甲"), kind="hygiene_check", data={"seen": 2, "masks_right": 2, "hands_washed": 2},
           happened_at=at(7), client_id="h", actor=boss)

    page = officer.get(f"{here}owed/look/", {"show": show}).context

    assert {row["name"] for row in page["rows"]} == expected


def test_key_posts_are_asked_to_be_vaccinated_first_then_dormitories(officer, here, rules, a_worker):
    rules("vaccine", evidence="vaccination", cadence="{kind: once}")
    a_worker(name="丙"), a_worker(name="乙", in_dormitory=True), a_worker(name="甲", key_post=True)

    assert [row["name"] for row in officer.get(f"{here}owed/vaccine/").context["rows"]] == ["甲", "乙", "丙"]
    assert LookUp.objects.count() == 3


def test_an_unknown_duty_leads_back_to_the_duties(officer, here):
    assert officer.get(f"{here}owed/horoscope/").status_code == 302


def test_a_check_is_made_on_the_page_by_somebody_else(officer, as_role, here, park):
    row = record(park, park.places.get(name="101"), kind="disinfection", happened_at=at(7), client_id="c", actor=TAO, data={
        **CHLORINE, "concentration": 500, "contact_minutes": 30})
    assert f"/duties/checks/{row.pk}/" in officer.get(f"{here}checks/").content.decode()

    refused = officer.post(f"{here}checks/{row.pk}/", {"passed": "no", "remark": ""})
    assert refused.status_code == 422
    assert not Check.objects.exists()

    officer.post(f"{here}checks/{row.pk}/", {"passed": "no", "remark": "桌面未擦"})
    assert Check.objects.get().remark == "桌面未擦"
    assert f"/duties/checks/{row.pk}/" not in officer.get(f"{here}checks/").content.decode()


def test_excuses_are_listed_and_withdrawn_on_the_page(officer, here, a_worker):
    worker = a_worker(name="吴强")
    officer.post(f"{here}remote/", {"person": [worker.uid], "since": "2022-07-22", "until": "2022-07-24", "reason": "居家"})
    given = Excuse.objects.get()
    assert "吴强" in officer.get(f"{here}excuses/").content.decode()

    officer.post(f"{here}excuses/{given.pk}/withdraw/")

    given.refresh_from_db()
    assert given.withdrawn_at == MORNING
    assert officer.get(f"{here}excuses/").context["rows"] == []
    assert [row["name"] for row in officer.get(f"{here}excuses/", {"state": "over"}).context["rows"]] == ["吴强"]


@pytest.mark.parametrize("wrong", [{"person": []}, {"reason": ""}, {"until": "soon"}])
def test_remote_work_that_makes_no_sense_changes_nothing(officer, here, a_worker, wrong):
    sent = {"person": [a_worker().uid], "since": "2022-07-22", "until": "2022-07-24", "reason": "居家"} | wrong

    assert officer.post(f"{here}remote/", sent).status_code == 422
    assert not Excuse.objects.exists()


def test_the_list_is_narrowed_by_its_address_and_goes_out_as_a_workbook(officer, here, park, boss, a_worker):
    worker = a_worker(name="=吴强()")
    for number, kind in enumerate(("temperature", "health_report")):
        record(park, worker, kind=kind, data={"temperature": 36.5, "symptoms": []} if number else {"temperature": 37.5},
               happened_at=at(7), client_id=kind, actor=boss)

    page = officer.get(f"{here}evidence/", {"kind": "temperature"})
    book = openpyxl.load_workbook(BytesIO(officer.get(f"{here}evidence/", {"kind": "temperature", "format": "xlsx"}).content))

    assert [row["kind"] for row in page.context["rows"]] == ["Temperature"]
    [heading, line] = list(book.active.iter_rows(values_only=True))
    assert line[1] == "=吴强()"
    assert 37.5 in line
    assert len(heading) == len(line)
    assert LookUp.objects.filter(reason="exported a list of evidence").count() == 1


@pytest.mark.parametrize("junk", [{"kind": "x"}, {"state": "x"}, {"from": "x", "to": "9999-99-99"}, {"page": "-1"}, {"q": "'"}])
def test_an_address_that_somebody_mistyped_shows_a_list_all_the_same(officer, here, junk):
    assert officer.get(f"{here}evidence/", junk).status_code == 200
    assert officer.get(f"{here}excuses/", junk).status_code == 200


def test_pages_ask_as_much_for_one_row_as_for_twenty_one(officer, here, park, boss, rules, a_worker):
    rules("report"), rules("vaccine", evidence="vaccination", cadence="{kind: once}")
    rules("clean", subject="place", evidence="disinfection", who="[{fact: kind, is: dorm_room}]")
    pages = ("", "owed/vaccine/", "evidence/", "excuses/", "remote/", "returnees/", "checks/", "record/vaccination/",
             "record/disinfection/", "evidence/?q=1")

    def fill(number: int) -> None:
        worker = a_worker(number=number)
        record(park, worker, kind="temperature", data={"temperature": 36.5}, happened_at=at(7), client_id=f"t{number}", actor=boss)
        record(park, park.places.get(name="101"), kind="disinfection", happened_at=at(7) + timedelta(minutes=number),
               client_id=f"c{number}", actor=TAO, data={**CHLORINE, "concentration": 500, "contact_minutes": 30})
        officer.post(f"{here}remote/", {"person": [worker.uid], "since": "2022-07-22", "until": "2022-07-24", "reason": "居家"})

    def cost() -> dict[str, int]:
        found = {}
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert officer.get(here + page).status_code == 200
            found[page] = len(asked)
        return found

    fill(1)
    cost()
    one = cost()
    for number in range(2, 22):
        fill(number)

    assert cost() == one


def test_programs_check_and_list_as_pages_do(officer, park, about):
    row = record(park, park.places.get(name="101"), kind="disinfection", happened_at=at(7), client_id="c", actor=TAO, data={
        **CHLORINE, "concentration": 500, "contact_minutes": 30})
    [waiting] = officer.get("/api/v1/duties/checks").json()["evidence"]
    assert (waiting["id"], waiting["check"]) == (row.pk, None)

    first = officer.post(f"/api/v1/duties/checks/{row.pk}", {"passed": True}, content_type="application/json").json()
    again = officer.post(f"/api/v1/duties/checks/{row.pk}", {"passed": True}, content_type="application/json").json()

    assert first == again
    [listed] = officer.get("/api/v1/duties/evidence", {"kind": "disinfection"}).json()["evidence"]
    assert listed["check"]["passed"] is True
    assert officer.post(f"/api/v1/duties/checks/{row.pk}", {"passed": False, "remark": "x"},
                        content_type="application/json").status_code == 409
    assert officer.post("/api/v1/duties/checks/999", {"passed": True}, content_type="application/json").status_code == 404


def test_programs_let_people_work_from_home(officer, a_worker):
    worker = a_worker()
    sent = {"people": [str(worker.uid)], "since": "2022-07-22", "until": "2022-07-23", "reason": "居家"}

    first = officer.post("/api/v1/duties/remote", sent, content_type="application/json").json()
    again = officer.post("/api/v1/duties/remote", sent, content_type="application/json").json()

    assert first == again
    assert first["excuses"][0]["duty"] == "on_site"
    assert officer.get("/api/v1/duties/excuses").json()["count"] == 1


def test_programs_hear_who_is_late_and_who_is_untrained(officer, park):
    assert officer.get("/api/v1/duties/returnees").json() == {"lists": [], "late": []}
    assert officer.get("/api/v1/duties/untrained", {"day": "2022-05-19"}).json() == {"day": "2022-05-19", "officers": []}
