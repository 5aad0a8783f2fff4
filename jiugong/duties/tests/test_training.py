"""Lists of training: matched by name and phone, taken once; and which officers are not trained."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.duties.actions import record
from jiugong.duties.actions.training_files import import_training, read_training
from jiugong.duties.commands import add_import
from jiugong.duties.errors import NotATrainingFile
from jiugong.duties.models import Evidence
from jiugong.duties.queries.owing import asked_by, due_for
from jiugong.duties.queries.training import officers_untrained, people_trained, trainings_of
from jiugong.duties.tests.conftest import MORNING, an_actor
from jiugong.duties.tests.conftest import at as moment
from jiugong.journal.models import Entry
from jiugong.lib import clock, secrets
from jiugong.lib.acting import NotAllowed
from jiugong.lib.sheets import NotASheet
from jiugong.registry.models import Charge, Person
from jiugong.registry.queries.coverage import Coverage

HEADING = "姓名,手机号,课程,培训日期,有效期至"
FANG, TAO = "19900000001", "19900000002"


@pytest.fixture
def an_officer(park) -> Any:
    """Somebody in charge: `an_officer("方敏", FANG, "prevention_officer")`."""
    def make(name: str, phone: str, role: str, **dates: date) -> Person:
        person = Person(park=park, name=name)
        person.keep_phone(phone, secrets.ring()).save()
        Charge.objects.create(park=park, person=person, role=role, unit=park.units.get(name="甲"), **dates)
        return person
    return make


@pytest.fixture
def officers(an_officer) -> Any:
    return {"方敏": an_officer("方敏", FANG, "prevention_officer"), "陶磊": an_officer("陶磊", TAO, "scanner")}


def a_list(*lines: str, encoding: str = "utf-8-sig") -> bytes:
    return "\n".join((HEADING, *lines)).encode(encoding)


GOOD = (f"方敏,{FANG},防疫专员培训,2022-04-15,2022-09-16", f"陶磊,{TAO},扫码专员培训,2022年4月18日,2022.9.16")


def take(park, boss, content: bytes) -> Any:
    return import_training(park, read_training(content, name="training.csv", park=park), actor=boss).as_data()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_list_is_taken_in_whatever_excel_wrote_it(park, boss, officers, encoding):
    taken = take(park, boss, a_list(*GOOD, encoding=encoding))

    assert (taken["rows"], taken["accepted"], taken["repeated"], taken["errors"]) == (2, 2, 0, [])
    kept = Evidence.objects.get(person=officers["陶磊"])
    assert kept.data["role"] == "scanner"
    assert (kept.data["held_on"], kept.data["valid_until"]) == ("2022-04-18", "2022-09-16")
    assert not officers_untrained(park, date(2022, 5, 19)).exists()


def test_the_same_list_again_changes_nothing(park, boss, officers):
    take(park, boss, a_list(*GOOD))
    before, entries = list(Evidence.objects.values()), Entry.objects.count()

    again = take(park, boss, a_list(*GOOD, GOOD[0]))

    assert (again["rows"], again["accepted"], again["repeated"], again["unchanged"]) == (3, 0, 3, 3)
    assert list(Evidence.objects.values()) == before
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(("line", "column", "code"), [
    (f",{FANG},防疫专员培训,2022-04-15,", "姓名", "missing"), ("方敏,,防疫专员培训,2022-04-15,", "手机号", "missing"),
    ("方敏,12345,防疫专员培训,2022-04-15,", "手机号", "phone_impossible"),
    (f"方敏,{FANG},,2022-04-15,", "课程", "missing"), (f"方敏,{FANG},防疫专员培训,,", "培训日期", "missing"),
    (f"方敏,{FANG},防疫专员培训,2022-02-30,", "培训日期", "day_impossible"),
    (f"方敏,{FANG},防疫专员培训,2022-07-23,", "培训日期", "to_come"),
    (f"方敏,{FANG},防疫专员培训,2022-04-15,2022-04-14", "有效期至", "ends_before"),
    ("方敏,19900009999,防疫专员培训,2022-04-15,", "手机号", "person_unknown"),
    (f"方某,{FANG},防疫专员培训,2022-04-15,", "姓名", "name_differs"),
    (f"方敏,{FANG},{'课' * 81},2022-04-15,", "课程", "too_long")])
def test_a_bad_row_is_told_with_its_row_column_value_and_what_to_do(park, boss, officers, line, column, code):
    taken = take(park, boss, a_list(GOOD[1], line))

    [error] = taken["errors"]
    assert (error["row"], error["column"], error["code"]) == (3, column, code)
    assert error["message"]
    assert set(error) == {"sheet", "row", "column", "value", "code", "message"}
    assert (taken["accepted"], taken["refused"]) == (1, 1)
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("line", [
    f"方敏,{FANG},防疫专员培训,2022-07-22,2022-07-22", " 方 敏 ,1990 000 0001,防疫专员培训,2022/4/15,"])
def test_a_training_of_today_and_harmless_mess_are_taken(park, boss, officers, line):
    assert take(park, boss, a_list(line))["accepted"] == 1


def test_a_list_without_a_column_is_refused_as_a_whole(park, boss, officers):
    taken = take(park, boss, "姓名,课程,培训日期\n方敏,防疫专员培训,2022-04-15".encode())

    assert [(error["column"], error["code"]) for error in taken["errors"]] == [("手机号", "column_missing")]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("content", "refusal"), [
    (b"\xff\xfe\x00", NotASheet), (b"", NotATrainingFile), (b"a,b\n1,2", NotATrainingFile)])
def test_what_is_no_list_of_training_is_refused(park, content, refusal):
    with pytest.raises(refusal):
        read_training(content, name="x.csv", park=park)


def test_taking_a_list_asks_for_the_power(park, officers):
    file = read_training(a_list(*GOOD), name="x.csv", park=park)

    with pytest.raises(NotAllowed):
        import_training(park, file, actor=an_actor(park.units.get(name="甲").path))

    assert not Evidence.objects.exists()


def test_the_command_answers_with_one_document(park, officers, tmp_path, capsys):
    file = tmp_path / "training.csv"
    file.write_bytes(a_list(*GOOD, "某某,19900009999,防疫专员培训,2022-04-15,"))

    tree = ArgumentParser()
    add_import(tree.add_subparsers())
    given = tree.parse_args(["training", str(file), "--park", park.name, "--json"])
    status = given.run(given)

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (told["rows"], told["accepted"], told["repeated"], told["errors"][0]["row"]) == (3, 2, 0, 4)
    assert FANG not in json.dumps(told)


def test_page_and_program_take_the_same_list(park, as_role, officers):
    officer = as_role("duty_officer")

    page = officer.post(f"/parks/{park.uid}/duties/training/import/", {"file": SimpleUploadedFile("t.csv", a_list(*GOOD))})
    told = officer.post("/api/v1/duties/files/training", {"file": SimpleUploadedFile("t.csv", a_list(*GOOD))}).json()

    assert page.status_code == 200
    assert (told["accepted"], told["repeated"]) == (0, 2)


@pytest.mark.parametrize(("day", "untrained"), [
    (date(2022, 4, 14), ["方敏"]), (date(2022, 4, 15), []), (date(2022, 9, 15), []), (date(2022, 9, 16), []),
    (date(2022, 9, 17), ["方敏"])])
def test_a_training_counts_from_its_day_to_its_last_day(park, boss, an_officer, day, untrained):
    an_officer("方敏", FANG, "prevention_officer")
    take(park, boss, a_list(GOOD[0]))

    assert [charge.person.name for charge in officers_untrained(park, day)] == untrained


def test_a_training_for_one_role_is_none_for_another(park, boss, an_officer):
    fang = an_officer("方敏", FANG, "sampler")
    an_officer("陶磊", TAO, "grid_leader")
    take(park, boss, a_list(GOOD[0]))

    assert [charge.role for charge in officers_untrained(park, date(2022, 5, 19))] == ["sampler"]
    assert list(people_trained(park, date(2022, 5, 19))) == [fang]
    assert [row.data["course"] for row in trainings_of(fang, date(2022, 5, 19))] == ["防疫专员培训"]


def test_only_charges_in_force_on_the_day_are_asked(park, an_officer):
    an_officer("方敏", FANG, "prevention_officer", until=date(2022, 5, 19))

    assert officers_untrained(park, date(2022, 5, 18)).count() == 1
    assert officers_untrained(park, date(2022, 5, 19)).count() == 0


def test_the_number_of_queries_stays_flat(park, boss, an_officer):
    lines = [f"方敏{at},1990000{at:04},防疫专员培训,2022-04-15," for at in range(21)]
    for at in range(21):
        an_officer(f"方敏{at}", f"1990000{at:04}", "prevention_officer")

    def cost(*some: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            take(park, boss, a_list(*some))
            list(officers_untrained(park, date(2022, 5, 19)))
        return len(asked)

    assert cost(lines[0]) == cost(*lines[1:])


def test_training_in_the_app_is_dated_by_its_own_day(park, boss, a_worker):
    kept = record(park, a_worker(), kind="training", data={"course": "消防培训", "held_on": "2022-07-01"}, happened_at=MORNING,
                  client_id="t", actor=boss)

    assert kept.happened_at.isoformat() == "2022-06-30T16:00:00+00:00"
    assert kept.data["class"] == "all_staff"


@pytest.mark.parametrize(("day", "done"), [(21, 1), (22, 1), (23, 0)])
def test_a_training_that_is_owed_once_is_owed_again_when_it_has_expired(park, boss, rules, a_worker, day, done):
    rules("learn", evidence="training", cadence="{kind: once}")
    worker = a_worker()
    record(park, worker, kind="training", data={"course": "上岗培训", "held_on": "2022-01-10", "valid_until": "2022-07-22"},
           happened_at=MORNING, client_id="old", actor=boss)

    def coverage(at: Any) -> Coverage:
        owed = due_for(park, "learn", at)
        assert owed is not None
        return asked_by(park, owed, at).coverage()

    assert coverage(moment(9, day=day)) == Coverage(1, done, 0)

    with clock.standing_at(moment(9, day=23)):
        record(park, worker, kind="training", data={"course": "上岗培训", "held_on": "2022-07-23", "valid_until": ""},
               happened_at=moment(8, day=23), client_id="new", actor=boss)
    assert coverage(moment(9, day=24)) == Coverage(1, 1, 0)
