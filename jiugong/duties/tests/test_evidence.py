"""Evidence: what was done, and what is refused."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiugong.duties.actions import Piece, record, record_all
from jiugong.duties.errors import (
    ClientIdReused,
    EvidenceKindUnknown,
    EvidenceMisshapen,
    EvidenceRowMisshapen,
    FutureEvidence,
    TooMuchEvidence,
)
from jiugong.duties.models import Evidence
from jiugong.duties.queries import Whom
from jiugong.duties.tests.conftest import MORNING, an_actor, at, id_number, minutes
from jiugong.lib.acting import NotAllowed

HEALTHY = {"temperature": 36.5, "symptoms": []}


def everything() -> Any:
    return list(Evidence.objects.order_by("pk").values())


@pytest.fixture
def told(park, boss, a_worker) -> Any:
    worker = a_worker(number=1, name="林一")

    def told(data=None, *, kind="health_report", client_id="e1", happened_at=MORNING, actor=boss, who=worker) -> Any:
        return record(park, who, kind=kind, data=HEALTHY if data is None else data, happened_at=happened_at,
                      client_id=client_id, actor=actor)
    return told


def antigen(minutes_to_read, result="negative") -> Any:
    read_at = at(7) + minutes(minutes_to_read)
    return {"result": result, "started_at": at(7).isoformat(), "read_at": read_at.isoformat()}


@pytest.mark.parametrize("temperature", [34, 34.0, 36.5, 43])
def test_a_health_report_is_kept(told, temperature):
    assert told({"temperature": temperature, "symptoms": ["cough", "fever", "cough"]}).data == {
        "temperature": float(temperature), "symptoms": ["cough", "fever"]}


@pytest.mark.parametrize("data", [
    {}, {"temperature": 33.9}, {"temperature": 43.1}, {"temperature": "36.5"}, {"temperature": True},
    {"temperature": float("nan")}, {"temperature": 36.5, "symptoms": "none"},
    {"temperature": 36.5, "symptoms": ["sad"]}])
def test_a_health_report_that_makes_no_sense_is_refused(told, data):
    with pytest.raises(EvidenceMisshapen):
        told(data)

    assert not everything()


@pytest.mark.parametrize(("after", "valid"), [(14, False), (15, True), (17, True), (20, True), (21, False)])
def test_an_antigen_test_counts_when_it_was_read_after_15_to_20_minutes(told, after, valid):
    assert told(antigen(after), kind="antigen").valid == valid


def test_an_invalid_antigen_test_is_kept_and_does_not_count(told):
    assert told(antigen(17, "invalid"), kind="antigen").valid is False


@pytest.mark.parametrize("data", [
    {}, antigen(17) | {"result": "maybe"}, antigen(-1), antigen(17) | {"read_at": "2022-07-22T07:17"},
    antigen(17) | {"started_at": "yesterday"}])
def test_an_antigen_test_that_makes_no_sense_is_refused(told, data):
    with pytest.raises(EvidenceMisshapen):
        told(data, kind="antigen")

    assert not everything()


def test_a_kind_that_we_do_not_know_is_refused(told):
    with pytest.raises(EvidenceKindUnknown):
        told(kind="horoscope")

    assert not everything()


def test_the_same_evidence_again_is_answered_as_the_first_time(told):
    first = told()
    before = everything()

    assert told() == first
    assert everything() == before


def test_other_words_under_the_same_id_are_refused(told, a_worker):
    told()
    before = everything()

    for other in ({"data": {"temperature": 38.5}}, {"kind": "antigen", "data": antigen(17)},
                  {"who": a_worker(number=2)}):
        with pytest.raises(ClientIdReused):
            told(**other)
    assert everything() == before


@pytest.mark.parametrize("client_id", ["", "x" * 65, "a\0b"])
def test_an_id_that_our_tables_cannot_hold_is_refused(told, client_id):
    with pytest.raises(EvidenceRowMisshapen):
        told(client_id=client_id)

    assert not everything()


@pytest.mark.parametrize("fast", [0, 1, 5])
def test_a_phone_whose_clock_is_a_little_fast_is_believed_up_to_now(told, fast):
    assert told(happened_at=MORNING + minutes(fast)).happened_at == MORNING


def test_what_is_still_to_come_is_no_evidence(told):
    with pytest.raises(FutureEvidence):
        told(happened_at=MORNING + minutes(6))

    assert not everything()


def test_recording_asks_for_the_power_where_the_person_stands(told, park):
    told(actor=an_actor(park.units.get(name="甲").path))
    before = everything()

    with pytest.raises(NotAllowed):
        told(actor=an_actor(park.units.get(name="乙").path), client_id="e2")

    assert everything() == before


def pieces(*numbers, **more) -> Any:
    return [Piece(client_id=f"e{number}", kind="health_report", data=HEALTHY, whom=Whom(resident_id=id_number(number)),
                  **more) for number in numbers]


def test_many_are_answered_one_by_one_in_the_same_order(park, boss, a_worker):
    person, unit = a_worker(number=1, name="林一"), park.units.get(name="甲")
    room = park.places.get(name="101")
    whom = [Whom(resident_id=id_number(1)), Whom(person=person.uid), Whom(unit=unit.uid), Whom(place=room.pk),
            Whom(resident_id=id_number(9)), Whom(), Whom(person=person.uid, place=room.pk)]

    answers = record_all(park, [Piece(client_id=f"e{at}", kind="health_report", data=HEALTHY, whom=each)
                                for at, each in enumerate(whom)], actor=boss)

    assert [(answer.status, answer.code, answer.name) for answer in answers] == [
        ("accepted", "", "林一"), ("accepted", "", "林一"), ("accepted", "", "甲"), ("accepted", "", "101"),
        ("refused", "duties.subject_unknown", ""), ("refused", "duties.subject_unclear", ""),
        ("refused", "duties.subject_unclear", "")]
    assert Evidence.objects.count() == 4


def test_the_same_batch_again_and_within_itself_changes_nothing(park, boss, a_worker):
    a_worker(number=1), a_worker(number=2)
    record_all(park, pieces(1, 2, 1), actor=boss)
    before = everything()

    answers = record_all(park, pieces(2, 1), actor=boss)

    assert len(before) == 2
    assert [answer.status for answer in answers] == ["repeat", "repeat"]
    assert everything() == before


@pytest.mark.parametrize(("number", "refused"), [(500, False), (501, True)])
def test_five_hundred_are_the_most(park, boss, a_worker, number, refused):
    a_worker(number=1)
    many = [Piece(client_id=f"e{each}", kind="health_report", data=HEALTHY, whom=Whom(resident_id=id_number(1)))
            for each in range(number)]

    if refused:
        with pytest.raises(TooMuchEvidence):
            record_all(park, many, actor=boss)
    else:
        record_all(park, many, actor=boss)
    assert Evidence.objects.count() == (0 if refused else number)


def test_who_leads_one_enterprise_records_for_its_people_only(park, a_worker):
    a_worker(number=1), a_worker(number=2, enterprise="乙")

    answers = record_all(park, pieces(1, 2), actor=an_actor(park.units.get(name="甲").path))

    assert [answer.code for answer in answers] == ["", "duties.subject_unknown"]


def test_the_number_of_queries_stays_flat(park, boss, a_worker):
    for number in range(1, 23):
        a_worker(number=number)

    for actor in (boss, an_actor(park.units.get(name="甲").path)):
        Evidence.objects.all().delete()
        with CaptureQueriesContext(connection) as one:
            record_all(park, pieces(22), actor=actor)
        with CaptureQueriesContext(connection) as many:
            record_all(park, pieces(*range(1, 22)), actor=actor)
        assert len(many) == len(one)


def test_two_parks_with_the_same_people_and_ids_do_not_see_each_other(park, other_park, boss, a_worker):
    a_worker(number=1, name="林一"), a_worker(number=1, name="林壹", here=other_park)

    [here], [there] = record_all(park, pieces(1), actor=boss), record_all(other_park, pieces(1), actor=boss)

    assert [(answer.status, answer.name) for answer in (here, there)] == [("accepted", "林一"), ("accepted", "林壹")]
    elsewhere = [Whom(unit=other_park.units.get(name="甲").uid), Whom(place=other_park.places.get(name="101").pk)]
    answers = record_all(park, [Piece(client_id=f"x{at}", kind="health_report", data=HEALTHY, whom=each)
                                for at, each in enumerate(elsewhere)], actor=boss)
    assert {answer.code for answer in answers} == {"duties.subject_unknown"}
