"""What people see."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiugong.journal.models import LookUp
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.scans import bind
from jiugong.screening.models import Round, Specimen, Tube
from jiugong.screening.tests.conftest import MORNING, OPENS, id_number, minutes


@pytest.fixture
def page(park) -> Any:
    def at(name, *more, **query) -> Any:
        return reverse(name, args=[park.uid, *more], query=query)
    return at


@pytest.fixture
def tube(park, boss, round_1, a_worker, a_scan, a_point) -> Any:
    """A tube at enterprise 甲 with one of its workers, one of 乙 and a walk-in."""
    a_point(enterprise="甲", name="甲点")
    a_worker(number=1, name="甲工"), a_worker(number=2, name="乙工", team="乙一班")
    bind(park, [a_scan(number, point="甲点") for number in (1, 2, 3)], actor=boss)
    return Tube.objects.get()


def test_without_a_round_the_page_says_what_to_do_first(as_role, page):
    assert "Open the first one" in as_role("duty_officer").get(page("rounds")).content.decode()
    assert page("round-open") not in as_role("leader").get(page("rounds")).content.decode()


def test_a_round_shows_its_figures_and_leads_to_its_squares_and_names(as_role, page, tube):
    listed = as_role("duty_officer").get(page("rounds")).content.decode()

    for url in (page("round", 1), page("today", of="round:1").replace("%3A", ":")):
        assert url in listed
    assert "show=missing" in listed


def test_a_round_shows_its_tubes_with_results(as_role, page, park, boss, tube):
    report(park, Report(tube="T1", value="suspicious", reported_at=MORNING - minutes(1)), actor=boss)

    shown = as_role("duty_officer").get(page("round", 1, view="tubes")).content.decode()

    assert page("tube", "T1") in shown
    assert "Suspicious" in shown
    assert "甲点" in shown


def test_a_round_that_is_not_there_is_not_found(as_role, page, round_1):
    assert as_role("duty_officer").get(page("round", 9)).status_code == 404


@pytest.mark.parametrize(("before", "many"), [(2, 21)])
def test_queries_stay_flat(as_role, park, boss, page, a_round, a_worker, a_scan, before, many):
    officer = as_role("duty_officer")
    for number in range(1, many + 1):
        a_worker(number=number)

    def grow(first, last) -> Any:
        for number in range(first, last + 1):
            a_round(opens_at=OPENS + minutes(number))
            bind(park, [a_scan(number, tube="FULL"), a_scan(number, tube=f"T{number}")], actor=boss)

    def cost(url) -> Any:
        officer.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(url).status_code == 200
        return len(asked)

    pages = [page("rounds"), page("round", 1), page("tube", "FULL"), page("scan")]
    grow(1, before)
    few = [cost(url) for url in pages]
    grow(before + 1, many - 1)

    assert [cost(url) for url in pages] == few


def test_a_tube_names_its_people_in_order_and_the_look_is_kept(as_role, page, tube):
    officer = as_role("duty_officer")
    shown = officer.get(page("tube", "T1")).content.decode()

    assert shown.index("甲工") < shown.index("乙工") < shown.index("Walk-in")
    assert id_number(1) not in shown
    assert f"349901********{id_number(3)[-4:]}" in shown
    assert set(LookUp.objects.values_list("person__name", flat=True)) == {"甲工", "乙工"}


def test_who_sees_one_enterprise_sees_its_people_in_a_tube_and_nobody_else(as_role, page, park, tube):
    guard = as_role("prevention_officer", unit=park.units.get(name="乙"))

    shown = guard.get(page("tube", "T1")).content.decode()

    assert "乙工" in shown
    assert "甲工" not in shown
    assert id_number(3)[-4:] not in shown
    assert set(LookUp.objects.values_list("person__name", flat=True)) == {"乙工"}


@pytest.mark.parametrize("role", ["leader", "auditor", "laboratory"])
def test_a_tube_is_closed_to_who_sees_no_people(as_role, page, tube, role):
    assert as_role(role).get(page("tube", "T1")).status_code == 404
    assert not LookUp.objects.exists()


def test_a_tube_is_sealed_from_its_page(as_role, page, tube):
    officer = as_role("duty_officer")

    answer = officer.post(page("tube", "T1"))

    assert answer.status_code == 302
    tube.refresh_from_db()
    assert tube.sealed_at == MORNING
    assert officer.post(page("tube", "T1")).status_code == 409


def test_who_sees_people_but_does_not_sample_cannot_seal(as_role, page, park, tube):
    leader = as_role("team_leader", unit=park.units.get(name="甲"))

    assert leader.get(page("tube", "T1")).status_code == 200
    assert leader.post(page("tube", "T1")).status_code == 403
    tube.refresh_from_db()
    assert tube.sealed_at is None


def test_an_officer_opens_a_round_in_the_parks_own_time(as_role, page, park):
    officer = as_role("duty_officer")
    form = {"number": 3, "opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30", "pool_size": 10,
            "over": f"unit:{park.units.get(name='乙').pk}"}

    assert officer.get(page("round-open")).status_code == 200
    answer = officer.post(page("round-open"), form)

    assert answer.headers["Location"] == page("round", 3)
    opened = Round.objects.get()
    assert (opened.opens_at, opened.pool_size, str(opened.unit)) == (OPENS, 10, "乙")


@pytest.mark.parametrize("wrong", [{"pool_size": 7}, {"opens_at": "x"}, {"number": 0}, {"over": "unit:0"}])
def test_a_form_with_a_mistake_says_so_beside_the_field(as_role, page, wrong):
    form = {"number": 3, "opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30", "pool_size": 10} | wrong

    answer = as_role("duty_officer").post(page("round-open"), form)

    assert answer.status_code == 200
    assert "field-errors" in answer.content.decode()
    assert not Round.objects.exists()


def test_who_may_not_open_rounds_does_not_see_the_form(as_role, page):
    for role in ("leader", "scanner", "grid_leader"):
        assert as_role(role).get(page("round-open")).status_code == 403


def test_without_scripts_the_form_binds(as_role, page, round_1, a_point):
    a_point()
    scanner = as_role("scanner")
    typed = {"round": 1, "point": "采样点", "tube": "T1", "id_number": id_number(1), "scan_id": "x1"}

    first, again = scanner.post(page("scan"), typed), scanner.post(page("scan"), typed)

    assert first.headers["Location"] == again.headers["Location"]
    assert Specimen.objects.count() == 1
    assert "position 1 of tube T1" in scanner.get(first.headers["Location"]).content.decode()


def test_a_scanner_is_offered_only_the_points_where_he_samples(as_role, page, park, round_1, a_point):
    a_point(enterprise="甲", name="甲点"), a_point(enterprise="乙", name="乙点"), a_point(name="公共点")

    shown = as_role("scanner", unit=park.units.get(name="甲")).get(page("scan")).content.decode()

    assert "甲点" in shown
    assert "乙点" not in shown
    assert "公共点" not in shown


def test_the_scan_page_is_for_who_samples(as_role, page, round_1):
    assert as_role("leader").get(page("scan")).status_code == 403


def test_a_file_is_taken_and_its_bad_rows_are_shown(as_role, page):
    officer = as_role("duty_officer")
    scans = ("扫码ID,轮次,采样日期时间,采样点,试管编号,身份证号\n" f"s1,1,2022-07-22 07:00,甲点,T1,{id_number(1)}\n"
             f"s2,1,昨天,甲点,T1,{id_number(2)}\n")
    results = "试管编号,报告时间,结果\nT1,2022-07-22 07:40,阴性\nT1,2022-07-22 07:40,也许\n"

    def take(name, text) -> Any:
        return officer.post(page(name), {"file": SimpleUploadedFile("a.csv", text.encode())}).content.decode()

    first, second = take("scan-import", scans), take("result-import", results)

    assert Specimen.objects.count() == 1
    assert "moment_impossible" in first
    assert "walk_in" in first
    assert "result_unknown" in second


def test_a_file_that_is_none_of_ours_is_refused(as_role, page):
    for name in ("scan-import", "result-import"):
        answer = as_role("duty_officer").post(page(name), {"file": SimpleUploadedFile("s.csv", b"a,b\n1,2\n")})
        assert answer.status_code == 422
    assert not Specimen.objects.exists()


def test_another_park_is_not_there(as_role, page, other_park, tube):
    stranger = as_role("duty_officer", here=other_park)

    for url in (page("rounds"), page("round", 1), page("tube", "T1"), page("scan"), page("scan-import"),
                page("result-import"), page("round-open")):
        assert stranger.get(url).status_code == 404
