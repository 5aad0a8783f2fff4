"""Who may scan: where the park's rules ask for training first, live scans without it are refused; what happened is kept."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.lib import clock
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.supplements import end_supplement
from jiugong.rulebook.models import Supplement
from jiugong.screening.actions.permits import permitted
from jiugong.screening.actions.scan_files import import_scans, read_scan_file
from jiugong.screening.actions.scans import Scan
from jiugong.screening.logic.training import Trained, Training, by_person, trained
from jiugong.screening.models import Specimen, Tube
from jiugong.screening.queries.permits import training_is_needed
from jiugong.screening.tests.conftest import DAY, MORNING, id_number

A_DAY = timedelta(days=1)


@pytest.fixture
def shu(a_worker):
    return a_worker(number=90, name="舒航")


@pytest.fixture
def scanner(as_role, shu, a_point, round_1) -> Client:
    a_point(name="采样点")
    client: Client = as_role("scanner", person=shu)
    return client


def sent(client: Client, *numbers: int, **more: Any) -> list[dict[str, Any]]:
    scans = [{"scan_id": uuid4().hex, "round": 1, "tube": "T1", "point": "采样点", "resident_id": id_number(each), **more}
             for each in numbers]
    answers: list[dict[str, Any]] = client.post(
        "/api/v1/screening/scans", {"scans": scans}, content_type="application/json").json()["answers"]
    return answers


@pytest.mark.pure
@pytest.mark.parametrize(("day", "stands"), [
    (date(2022, 6, 30), Trained.LATER), (date(2022, 7, 1), Trained.YES), (date(2022, 7, 21), Trained.YES),
    (date(2022, 7, 22), Trained.YES), (date(2022, 7, 23), Trained.EXPIRED)])
def test_a_training_counts_from_its_day_to_its_last_day(day, stands):
    known = by_person([Training(person_id=1, role="scanner", held_on=date(2022, 7, 1), valid_until=date(2022, 7, 22))])

    assert trained(known, 1, "scanner", day) is stands
    assert trained(known, 1, "sampler", day) is Trained.NEVER
    assert trained(known, 2, "scanner", day) is Trained.NEVER


def test_where_the_rules_do_not_ask_everybody_scans(scanner, park, boss):
    assert sent(scanner, 1)[0]["status"] == "accepted"                  # no release at all
    adopt(park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=boss)
    assert sent(scanner, 2)[0]["status"] == "accepted"                  # a release that flags and does not refuse


@pytest.mark.parametrize(("until", "may"), [
    (DAY - A_DAY, False), (DAY, True), (DAY + A_DAY, True), (None, True)])
def test_a_live_scan_needs_a_training_that_counts_today(scanner, shu, train, training_needed, until, may):
    train(shu, until=until)

    [answer] = sent(scanner, 1)

    assert (answer["status"] == "accepted") is may
    assert Specimen.objects.exists() is may
    if not may:
        assert answer["code"] == "screening.scanner_untrained"
        assert "舒航" in answer["message"] and str(DAY) in answer["message"]


@pytest.mark.parametrize(("held_on", "may"), [(DAY + A_DAY, False), (DAY, True)])
def test_training_counts_on_the_day_on_which_it_is_held(scanner, shu, train, training_needed, held_on, may):
    train(shu, held_on=held_on)

    assert (sent(scanner, 1)[0]["status"] == "accepted") is may


def test_training_for_another_role_is_not_enough(scanner, shu, train, training_needed):
    train(shu, "sampler")

    assert sent(scanner, 1)[0]["code"] == "screening.scanner_untrained"
    assert not Specimen.objects.exists()


def test_an_account_that_is_nobody_on_the_roster_is_told_so(as_role, a_point, round_1, training_needed):
    a_point(name="采样点")

    assert sent(as_role("scanner"), 1)[0]["code"] == "screening.scanner_nobody"
    assert not Specimen.objects.exists()


def test_what_was_scanned_offline_is_kept(scanner, training_needed):
    assert sent(scanner, 1, offline=True)[0]["status"] == "accepted"


def test_a_scan_that_came_before_the_training_ended_is_answered_as_the_first_time(scanner, shu, train, training_needed):
    train(shu, until=DAY)
    first = sent(scanner, 1, scan_id="one")

    with clock.standing_at(MORNING + A_DAY):
        again = sent(scanner, 1, scan_id="one")
        fresh = sent(scanner, 2)

    assert (first[0]["status"], again[0]["status"], fresh[0]["status"]) == ("accepted", "repeat", "refused")
    assert Specimen.objects.count() == 1


def test_each_scan_is_judged_by_the_day_on_which_it_was_made(park, shu, train, training_needed, a_scan):
    train(shu, until=DAY)

    with clock.standing_at(MORNING + A_DAY):
        yesterday, today = permitted(park, [a_scan(1, sampled_at=MORNING), a_scan(2)], shu)

    assert isinstance(yesterday, Scan)
    assert not isinstance(today, Scan)


def test_sealing_needs_the_same_and_a_repeat_does_not(scanner, shu, train, training_needed, round_1, a_tube, page_of):
    tube = a_tube("T1", of=round_1)

    def seal() -> Any:
        return scanner.post("/api/v1/screening/tubes/T1/seal", "{}", content_type="application/json")

    assert seal().json()["refused"] == "screening.scanner_untrained"
    assert scanner.post(page_of("tube", "T1")).status_code == 422
    tube.refresh_from_db()
    assert tube.sealed_at is None

    train(shu, until=DAY)
    assert seal().json()["status"] == "sealed"
    with clock.standing_at(MORNING + A_DAY):
        assert seal().json()["status"] == "repeat"


def test_the_scan_page_says_it_before_and_refuses_without_scripts(scanner, training_needed, page_of):
    assert "The rules of this park ask for training before scanning" in scanner.get(page_of("scan")).content.decode()
    refused = scanner.post(page_of("scan"), {
        "round": 1, "point": "采样点", "tube": "T1", "id_number": id_number(1), "scan_id": "x"})

    assert refused.status_code == 422
    assert not Specimen.objects.exists()


def test_files_are_kept_whoever_scanned(park, boss, training_needed):
    rows = ["扫码ID,轮次,采样日期时间,采样点,试管编号,管内序号,身份证号,扫码员手机",
            f"f1,1,2022-07-22 07:00:00,采样点,T1,1,{id_number(1)},19900000001"]
    file = read_scan_file("\n".join(rows).encode("utf-8-sig"), name="s.csv", park=park)

    import_scans(park, file, actor=boss)

    assert Specimen.objects.count() == 1


def test_a_change_of_the_rules_is_heard_at_once(park, boss, training_needed):
    assert training_is_needed(park, DAY)
    assert not training_is_needed(park, DAY - A_DAY)                    # the local rule begins on the day itself

    end_supplement(Supplement.objects.get(), actor=boss, on=DAY)

    assert not training_is_needed(park, DAY)


def test_it_costs_one_question_for_a_batch_and_none_where_it_is_not_asked(park, other_park, shu, train, training_needed, a_scan):
    train(shu, until=DAY)
    scans = [a_scan(number) for number in range(1, 100)]
    for here, most in ((park, 1), (other_park, 0)):
        permitted(here, scans[:1], shu)
        with CaptureQueriesContext(connection) as questions:
            permitted(here, scans, shu)
        assert len(questions) == most
    assert not Tube.objects.exists()
