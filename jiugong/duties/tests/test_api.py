"""What programs hear."""

import json
from typing import Any

import pytest

from jiugong.duties.models import Evidence, Excuse
from jiugong.duties.tests.conftest import id_number

EVIDENCE, EXCUSES = "/api/v1/duties/evidence", "/api/v1/duties/excuses"


def post(browser, url, **sent) -> Any:
    return browser.post(url, json.dumps(sent), content_type="application/json")


def a_row(number=1, **more) -> Any:
    return {"client_id": f"e{number}", "kind": "health_report", "data": {"temperature": 36.5},
            "resident_id": id_number(number)} | more


def an_excuse(number=1, **more) -> Any:
    return {"resident_id": id_number(number), "reason": "请假", "since_at": "2022-07-22T08:00",
            "until_at": "2022-07-23T08:00"} | more


def test_evidence_is_answered_row_by_row_and_twice_the_same(as_role, a_worker):
    a_worker(number=1, name="林一")
    officer = as_role("duty_officer")
    rows = [a_row(1, happened_at="2022-07-22T07:00"), a_row(2), a_row(1, client_id="e3", kind="horoscope"),
            a_row(1, client_id="e4", data={"temperature": 50}), {"client_id": "e5"}, a_row(1, happened_at="soon")]

    first = post(officer, EVIDENCE, evidence=rows).json()["answers"]
    again = post(officer, EVIDENCE, evidence=rows).json()["answers"]

    assert [(each["status"], each["code"]) for each in first] == [
        ("accepted", ""), ("refused", "duties.subject_unknown"), ("refused", "duties.evidence_kind_unknown"),
        ("refused", "duties.evidence_misshapen"), ("refused", "duties.evidence_row_misshapen"),
        ("refused", "duties.evidence_row_misshapen")]
    assert (first[0]["name"], first[0]["valid"]) == ("林一", True)
    assert [each["status"] for each in again] == ["repeat"] + ["refused"] * 5
    assert str(Evidence.objects.get().happened_at) == "2022-07-21 23:00:00+00:00"


@pytest.mark.parametrize(("number", "status"), [(500, 200), (501, 422)])
def test_five_hundred_are_the_most(as_role, a_worker, number, status):
    a_worker(number=1)

    answer = post(as_role("duty_officer"), EVIDENCE, evidence=[a_row(1, client_id=f"e{at}") for at in range(number)])

    assert answer.status_code in (status, 413)
    assert Evidence.objects.count() == (number if status == 200 else 0)


def test_an_excuse_is_given_and_withdrawn(as_role, a_worker):
    a_worker(number=1)
    officer = as_role("duty_officer")

    first, again = post(officer, EXCUSES, **an_excuse()).json(), post(officer, EXCUSES, **an_excuse()).json()
    assert first == again
    assert first["withdrawn_at"] is None

    gone = officer.delete(f"{EXCUSES}/{first['id']}").json()
    assert gone["withdrawn_at"]
    assert officer.delete(f"{EXCUSES}/{first['id']}").json() == gone


@pytest.mark.parametrize(("wrong", "status", "code"), [
    ({"reason": " "}, 422, "duties.excuse_needs_reason"), ({"until_at": "2022-07-22T08:00"}, 422,
                                                          "duties.excuse_out_of_order"),
    ({"since_at": "9999-12-31T23:59Z", "until_at": "0001-01-01"}, 422, "duties.moment_unclear"),
    ({"resident_id": id_number(9)}, 422, "duties.subject_unknown"), ({"place": 1}, 422, "duties.subject_unclear"),
    ({"place": "x"}, 422, "api.malformed")])
def test_an_excuse_that_makes_no_sense_is_refused(as_role, a_worker, wrong, status, code):
    a_worker(number=1)

    answer = post(as_role("duty_officer"), EXCUSES, **an_excuse(**wrong))

    assert (answer.status_code, answer.json()["refused"]) == (status, code)
    assert not Excuse.objects.exists()


def test_who_answers_for_another_enterprise_can_do_nothing(as_role, park, a_worker):
    a_worker(number=1)
    mine = as_role("prevention_officer", unit=park.units.get(name="甲"))
    theirs = as_role("prevention_officer", unit=park.units.get(name="乙"))
    given = post(mine, EXCUSES, **an_excuse()).json()

    assert post(theirs, EXCUSES, **an_excuse(duty="x")).json()["refused"] == "duties.subject_unknown"
    assert post(theirs, EVIDENCE, evidence=[a_row(1)]).json()["answers"][0]["code"] == "duties.subject_unknown"
    assert theirs.delete(f"{EXCUSES}/{given['id']}").status_code == 404
    assert Excuse.objects.get().withdrawn_at is None
    assert not Evidence.objects.exists()


def test_another_park_looks_like_none(as_role, park, other_park, a_worker):
    a_worker(number=1)
    given = post(as_role("duty_officer"), EXCUSES, **an_excuse()).json()
    stranger = as_role("duty_officer", here=other_park)

    assert post(stranger, EVIDENCE, park=park.name, evidence=[a_row(1)]).status_code == 404
    assert post(stranger, EXCUSES, **an_excuse()).json()["refused"] == "duties.subject_unknown"
    assert stranger.delete(f"{EXCUSES}/{given['id']}").status_code == 404


def test_nothing_that_a_program_hears_holds_an_id_number(as_role, a_worker):
    a_worker(number=1)
    officer = as_role("duty_officer")

    answers = (post(officer, EVIDENCE, evidence=[a_row(1), a_row(2)]), post(officer, EXCUSES, **an_excuse()))

    said = "".join(answer.content.decode() for answer in answers)
    assert id_number(1) not in said
    assert id_number(2) not in said
