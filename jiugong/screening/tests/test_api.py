"""What programs hear."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiugong.accounts.actions import grant
from jiugong.accounts.models import User
from jiugong.accounts.roles import AccountRole
from jiugong.registry.models import Person
from jiugong.screening.models import Result, Round, Specimen, Tube
from jiugong.screening.tests.conftest import MORNING, id_number

SCANS, ROUNDS, RESULTS = "/api/v1/screening/scans", "/api/v1/screening/rounds", "/api/v1/screening/results"


def post(browser, url, **sent) -> Any:
    return browser.post(url, json.dumps(sent), content_type="application/json")


def a_row(number=1, **more) -> Any:
    row = {"scan_id": f"s{number}", "round": 1, "tube": "T1", "point": "采样点", "resident_id": id_number(number)}
    return row | more


@pytest.fixture
def phone(as_role, round_1, a_point) -> Any:
    a_point()
    return as_role("scanner")


def test_a_phone_hears_an_answer_for_each_scan_in_the_same_order(phone, a_worker):
    a_worker(number=1, name="林一")

    answer = post(phone, SCANS, scans=[a_row(2, round=9), a_row(1)])

    assert answer.status_code == 200
    refused, bound = answer.json()["answers"]
    assert (refused["scan_id"], refused["status"], refused["code"]) == ("s2", "refused", "screening.round_unknown")
    assert bound == {"scan_id": "s1", "status": "accepted", "code": "", "message": "", "name": "林一", "tube": "T1",
                     "position": 1, "bound": 1, "capacity": 20}


def test_nothing_that_a_phone_hears_holds_an_id_number(phone, a_worker):
    a_worker(number=1)

    said = post(phone, SCANS, scans=[a_row(1), a_row(2), a_row(3, tube="")]).content.decode()

    assert not [number for number in (1, 2, 3) if id_number(number) in said]


@pytest.mark.parametrize("row", [
    {"scan_id": 7}, {"round": "x"}, {"position": None}, {"person": "nobody"}, {"place": 0}, {"sampled_at": "yesterday"},
    {"sampled_at": "0001-01-01"}, {"sampled_at": "9999-12-31T23:59Z"}, {"tube": None}, {"scan_id": ["s"]}])
def test_one_misshapen_row_does_not_hold_up_the_others(phone, row):
    bad, good = post(phone, SCANS, scans=[a_row(1) | row, a_row(2)]).json()["answers"]

    assert (bad["status"], bad["code"]) == ("refused", "screening.scan_misshapen")
    assert good["status"] == "accepted"
    assert Specimen.objects.count() == 1


def test_a_time_without_an_offset_is_the_parks_own(phone):
    post(phone, SCANS, scans=[a_row(1, sampled_at="2022-07-22T07:00"), a_row(2, sampled_at="2022-07-21T23:30Z")])

    assert [str(at) for at in Specimen.objects.order_by("position").values_list("sampled_at", flat=True)] == [
        "2022-07-21 23:00:00+00:00", "2022-07-21 23:30:00+00:00"]


@pytest.mark.parametrize(("count", "status"), [(500, 200), (501, 413)])
def test_five_hundred_scans_are_the_most(phone, count, status):
    answer = post(phone, SCANS, scans=[a_row(number, tube=f"T{number // 20}") for number in range(count)])

    assert answer.status_code == status
    assert Specimen.objects.count() == (count if status == 200 else 0)


def test_the_scanner_who_holds_the_phone_is_kept(phone, park):
    person = Person.objects.create(park=park, name="扫码员")
    user = phone.session["_auth_user_id"]
    User.objects.filter(pk=user).update(person=person)

    post(phone, SCANS, scans=[a_row(1)])

    assert Specimen.objects.get().scanner == person


def test_who_works_in_two_parks_says_which(boss, as_role, park, other_park, a_round, a_point):
    a_round(), a_round(here=other_park), a_point(), a_point(here=other_park)
    phone = as_role("scanner")
    grant(User.objects.get(), AccountRole.SCANNER, park=other_park, actor=boss)

    unclear = post(phone, SCANS, scans=[a_row(1)])
    assert (unclear.status_code, unclear.json()["refused"]) == (422, "registry.park_unclear")
    assert not Specimen.objects.exists()

    for named in (str(park.uid), "二号园"):
        assert post(phone, SCANS, park=named, scans=[a_row(1)]).json()["answers"][0]["status"] == "accepted"


def test_another_park_looks_like_none(as_role, park, other_park, round_1):
    stranger = as_role("duty_officer", here=other_park)

    for answer in (post(stranger, SCANS, park=park.name, scans=[a_row(1)]), stranger.get(ROUNDS, {"park": park.uid}),
                   post(stranger, RESULTS, park=park.name, results=[]),
                   post(stranger, "/api/v1/screening/tubes/T1/seal", park=park.name)):
        assert (answer.status_code, answer.json()["refused"]) == (404, "registry.park_unknown")


def test_who_is_not_signed_in_hears_it_as_json(client):
    assert post(client, SCANS, scans=[]).status_code == 401


def test_a_round_is_opened_and_listed_with_its_figures(as_role, a_worker):
    officer = as_role("duty_officer")
    a_worker(number=1), a_worker(number=2)
    asked = {"opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30", "pool_size": 10}

    first, again = post(officer, ROUNDS, **asked), post(officer, ROUNDS, **asked)
    post(officer, SCANS, scans=[a_row(1)])

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    [listed] = officer.get(ROUNDS).json()["rounds"]
    assert {name: listed[name] for name in ("number", "day", "owed", "done", "excused", "missing")} == {
        "number": 1, "day": "2022-07-22", "owed": 2, "done": 1, "excused": 0, "missing": 1}
    assert officer.get(ROUNDS, {"at": "2022-07-22T07:59:59"}).json()["rounds"][0]["done"] == 0


@pytest.mark.parametrize(("wrong", "status", "code"), [
    ({"pool_size": 7}, 422, "screening.pool_not_validated"), ({"closes_at": "2022-07-22T06:30"}, 422,
                                                              "screening.round_too_short"),
    ({"opens_at": "soon"}, 422, "screening.moment_unclear"), ({"opens_at": "9999-12-31T23:59Z"}, 422,
                                                              "screening.moment_unclear"),
    ({"place": 2**61}, 404, "registry.not_here"), ({"number": 0}, 422, "api.malformed")])
def test_a_round_that_makes_no_sense_is_refused(as_role, park, wrong, status, code):
    asked = {"opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30"} | wrong

    answer = post(as_role("duty_officer"), ROUNDS, **asked)

    assert (answer.status_code, answer.json()["refused"]) == (status, code)
    assert not Round.objects.exists()


def test_a_tube_is_sealed_once_and_answers_again(phone):
    post(phone, SCANS, scans=[a_row(1)])

    first = post(phone, "/api/v1/screening/tubes/T1/seal").json()
    again = post(phone, "/api/v1/screening/tubes/T1/seal").json()

    assert (first["status"], again["status"]) == ("sealed", "repeat")
    assert {**again, "status": "sealed"} == first
    assert Tube.objects.get().sealed_at == MORNING


def test_a_tube_that_is_not_here_cannot_be_sealed(phone):
    answer = post(phone, "/api/v1/screening/tubes/T9/seal")

    assert (answer.status_code, answer.json()["refused"]) == (404, "screening.tube_unknown")


def test_a_laboratory_reports_in_english_or_chinese(phone, as_role):
    post(phone, SCANS, scans=[a_row(1), a_row(2, tube="T2")])
    laboratory = as_role("laboratory")
    rows = [{"tube": "T1", "value": "negative", "reported_at": "2022-07-22T07:50", "swabs": 2},
            {"tube": "T2", "value": "阳性", "reported_at": "2022-07-22T07:50"},
            {"tube": "T3", "value": "阳性", "reported_at": "2022-07-22T07:50"}, {"tube": "T1"}]

    answers = post(laboratory, RESULTS, results=rows).json()["answers"]
    again = post(laboratory, RESULTS, results=rows).json()["answers"]

    assert [(each["status"], each["code"]) for each in answers] == [
        ("accepted", "screening.swabs_differ"), ("accepted", ""), ("refused", "screening.tube_unknown"),
        ("refused", "screening.result_misshapen")]
    assert [each["status"] for each in again] == ["repeat", "repeat", "refused", "refused"]
    assert sorted(Result.objects.values_list("tube__code", "value")) == [("T1", "negative"), ("T2", "positive")]


def test_who_may_not_report_is_told_so(phone):
    post(phone, SCANS, scans=[a_row(1)])

    answer = post(phone, RESULTS, results=[{"tube": "T1", "value": "negative", "reported_at": "2022-07-22T07:50"}])

    assert (answer.status_code, answer.json()["refused"]) == (403, "accounts.not_allowed")
    assert not Result.objects.exists()


def test_files_answer_as_the_command_line_does(as_role):
    officer = as_role("duty_officer")
    scans = ("扫码ID,轮次,采样日期时间,采样点,试管编号,身份证号\n" f"s1,1,2022-07-22 07:00,甲采样点,T1,{id_number(1)}\n"
             f"s2,1,?,甲采样点,T1,{id_number(2)}\n")
    results = "试管编号,报告时间,结果\nT1,2022-07-22 07:40,阴性\n"

    def send(kind, text) -> Any:
        return officer.post(f"/api/v1/screening/files/{kind}", {"file": SimpleUploadedFile("a.csv", text.encode())})

    first, again = send("scans", scans).json(), send("scans", scans).json()
    taken = send("results", results).json()

    assert first["created"] == {"people": 0, "enterprises": 0, "rounds": 1, "points": 1, "tubes": 1, "specimens": 1}
    assert (first["refused"], first["errors"][0]["code"], first["errors"][0]["row"]) == (1, "moment_impossible", 3)
    assert (again["created"]["specimens"], again["unchanged"]) == (0, 1)
    assert taken["created"]["results"] == 1
    assert set(first) == set(taken) == {
        "created", "changed", "unchanged", "left", "repaired", "refused", "errors", "warnings"}


@pytest.mark.parametrize("content", [b"", b"\0\1", b"PK\3\4 no workbook", "甲,乙\n1,2\n".encode()])
def test_a_file_that_is_none_of_ours_is_refused(as_role, content):
    officer = as_role("duty_officer")

    for kind in ("scans", "results"):
        answer = officer.post(f"/api/v1/screening/files/{kind}", {"file": SimpleUploadedFile("a.csv", content)})
        assert answer.status_code == 422, answer.content
        assert answer.json()["refused"]
    assert not Tube.objects.exists()


def test_a_file_of_who_may_not_import_takes_nothing(phone):
    answer = phone.post("/api/v1/screening/files/scans", {"file": SimpleUploadedFile("a.csv", (
        "扫码ID,轮次,采样日期时间,采样点,试管编号,身份证号\n" f"s1,1,2022-07-22 07:00,甲,T1,{id_number(1)}").encode())})

    assert (answer.status_code, answer.json()["refused"]) == (403, "accounts.not_allowed")
    assert not Specimen.objects.exists()
