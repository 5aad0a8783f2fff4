"""Scans that come as a file."""

from typing import Any

import pytest

from jiugong.lib import progress, secrets
from jiugong.lib.acting import NotAllowed, tell
from jiugong.lib.can import Can
from jiugong.lib.sheets import NotASheet
from jiugong.registry.happenings import RosterImported
from jiugong.registry.models import Person
from jiugong.screening.actions.scan_files import import_scans, read_scan_file
from jiugong.screening.errors import NoScansInFile
from jiugong.screening.models import Point, Round, Specimen, Tube
from jiugong.screening.tests.conftest import MORNING, an_actor, id_number

HEADINGS = "扫码ID,轮次,采样日期时间,采样点,试管编号,管内序号,身份证号,扫码员手机,设备号"


def row(number, *, scan="", tube="T1", of=1, at="2022-07-22 07:00:00", who="", point="1网格采样点",
        phone="13900000000") -> Any:
    return f"{scan or f's{number}'},{of},{at},{point},{tube},{number},{who or id_number(number)},{phone},PDA-1"


def everything() -> Any:
    return [list(table.objects.order_by("pk").values()) for table in (Round, Point, Tube, Specimen)]


@pytest.fixture
def take(park, boss) -> Any:
    def take(*rows, here=None, headings=HEADINGS, actor=None) -> Any:
        content = "\n".join((headings, *rows)).encode("utf-8-sig")
        records = read_scan_file(content, name="scans.csv", park=here or park)
        return import_scans(here or park, records, actor=actor or boss)
    return take


@pytest.mark.parametrize(("swabs", "capacity"), [
    (1, 1), (2, 5), (4, 5), (5, 5), (6, 10), (9, 10), (10, 10), (11, 20), (19, 20), (20, 20)])
def test_a_tube_takes_the_smallest_size_that_holds_its_swabs(take, swabs, capacity):
    take(*(row(number) for number in range(1, swabs + 1)))

    assert Tube.objects.get().capacity == capacity


def test_a_tube_grows_with_a_later_file_and_never_beyond_twenty(take):
    take(*(row(number) for number in range(1, 6)))
    assert Tube.objects.get().capacity == 5

    taken = take(*(row(number) for number in range(6, 23)))

    assert Tube.objects.get().capacity == 20
    assert Specimen.objects.count() == 20
    assert [problem.code for problem in taken.records.errors] == ["tube_full"] * 2


@pytest.mark.parametrize("at", ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "2022-02-30 07:00:00"])
def test_a_moment_off_the_calendar_is_an_error_of_its_row_alone(take, at):
    taken = take(row(1), row(2, at=at))

    assert [(each.row, each.column, each.code) for each in taken.records.errors] == [(3, "采样日期时间", "moment_impossible")]
    assert Specimen.objects.count() == 1


def test_a_zero_byte_in_a_file_does_no_harm(take):
    take(row(1, point="1网格\0采样点"))

    assert Point.objects.get().name == "1网格采样点"


def test_a_cell_longer_than_any_sheet_has_is_refused(take):
    with pytest.raises(NotASheet):
        take(row(1, point="点" * 140_000))

    assert not Specimen.objects.exists()


def test_rounds_and_points_that_nobody_knew_are_made(take, park):
    take(row(1), row(2, of=2, tube="T2", at="2022-07-23 07:30:00", point="甲采样点"))

    assert list(Round.objects.values_list("number", "day", "imported")) == [
        (1, Round.objects.get(number=1).day, True), (2, Round.objects.get(number=2).day, True)]
    assert str(Round.objects.get(number=2).day) == "2022-07-23"
    assert Point.objects.get(name="1网格采样点").place == park.places.get(name="1网格")
    assert Point.objects.get(name="甲采样点").unit == park.units.get(name="甲")


def test_the_window_of_a_round_grows_with_its_scans(take):
    take(row(1, at="2022-07-22 07:00:00"))
    take(row(2, at="2022-07-22 06:00:00"), row(3, at="2022-07-22 09:00:00"))

    of = Round.objects.get()
    assert (of.closes_at - of.opens_at).total_seconds() == 3 * 3600


def test_the_same_file_again_changes_nothing(take, a_worker):
    a_worker(number=1)
    rows = [row(number) for number in range(1, 4)]
    take(*rows)
    before = everything()

    again = take(*reversed(rows))

    assert (again.created["specimens"], again.unchanged, again.refused) == (0, 3, 0)
    assert everything() == before


def test_a_scan_id_with_other_content_is_an_error_and_kept_out(take):
    take(row(1, scan="same"))
    before = everything()

    taken = take(row(2, scan="same"))

    assert [problem.code for problem in taken.records.errors] == ["scan_id_reused"]
    assert everything() == before


def test_a_tube_of_another_round_is_an_error_and_kept_out(take):
    taken = take(row(1), row(2, of=2))

    assert [problem.code for problem in taken.records.errors] == ["tube_in_other_round"]
    assert Specimen.objects.count() == 1
    assert Round.objects.count() == 1


def test_an_unknown_scanner_is_kept_and_flagged_once(take):
    taken = take(row(1), row(2), row(3, phone="13800000001"))

    warnings = [(problem.value, dict(problem.facts)) for problem in taken.records.warnings
                if problem.code == "scanner_unknown"]
    assert warnings == [("139****0000", {"rows": 2}), ("138****0001", {"rows": 1})]
    specimen = Specimen.objects.get(scan_id="s1")
    assert specimen.scanner is None
    assert specimen.open_scanner(secrets.ring()) == "13900000000"


def test_a_scanner_whom_the_park_knows_is_named(take, park):
    scanner = Person(park=park, name="扫码员").keep_phone("13900000000", secrets.ring())
    scanner.save()

    taken = take(row(1))

    assert Specimen.objects.get().scanner == scanner
    assert "scanner_unknown" not in {problem.code for problem in taken.records.warnings}


def test_a_walk_in_is_matched_when_a_roster_brings_him(take, park, a_worker):
    taken = take(row(1), row(2))
    assert {problem.code for problem in taken.records.warnings} >= {"walk_in"}

    worker = a_worker(number=1)
    tell(RosterImported(park_id=park.pk, at=MORNING))

    matched, stranger = Specimen.objects.order_by("position")
    assert (matched.person, matched.id_sealed, matched.id_index) == (worker, None, None)
    assert stranger.person is None


def test_walk_ins_are_matched_within_their_own_park(take, park, other_park, a_worker):
    take(row(1))
    take(row(1), here=other_park)

    worker = a_worker(number=1)
    tell(RosterImported(park_id=park.pk, at=MORNING))

    assert Specimen.objects.get(park=park).person == worker
    assert Specimen.objects.get(park=other_park).person is None


@pytest.mark.parametrize(("bad", "code"), [
    ({"at": "2022-02-30 07:00"}, "moment_impossible"), ({"of": "x"}, "not_a_number"), ({"tube": " "}, "missing"),
    ({"point": " "}, "missing"), ({"who": " "}, "missing"), ({"tube": "T" * 41}, "too_long")])
def test_a_bad_row_is_said_and_the_others_are_taken(take, bad, code):
    taken = take(row(1), row(2, **bad), row(3))

    assert [(problem.code, problem.row) for problem in taken.records.errors] == [(code, 3)]
    assert Specimen.objects.count() == 2


def test_a_number_that_cannot_be_right_is_kept_and_flagged(take):
    taken = take(row(1, who=id_number(1)[:-1] + ("1" if id_number(1)[-1] != "1" else "2")))

    assert "id_number_doubtful" in {problem.code for problem in taken.records.warnings}
    assert Specimen.objects.get().person is None


def test_a_file_without_the_headings_is_refused(take):
    with pytest.raises(NoScansInFile):
        take("1,2", headings="甲,乙")

    assert not Specimen.objects.exists()


def test_a_missing_column_takes_nothing(take):
    taken = take("s1,1,2022-07-22 07:00,T1", headings="扫码ID,轮次,采样日期时间,试管编号")

    assert {problem.code for problem in taken.records.errors} == {"column_missing"}
    assert not Specimen.objects.exists()


def test_taking_a_file_asks_for_the_power(take, park):
    with pytest.raises(NotAllowed):
        take(row(1), actor=an_actor(*park.branches, powers=(Can.BIND_SPECIMENS,)))

    assert not Specimen.objects.exists()


def test_a_swab_that_comes_after_its_tubes_seal_is_kept_and_flagged(take):
    take(row(1))
    Tube.objects.update(sealed_at="2022-07-22T00:00:00Z")

    taken = take(row(2))

    assert "tube_sealed_before" in {problem.code for problem in taken.records.warnings}
    assert Specimen.objects.count() == 2


def test_whoever_waits_hears_how_far_a_file_is_and_whoever_calls_it_off_leaves_nothing(take):
    heard: list[tuple[int, int]] = []
    with progress.told_to(lambda done, total: heard.append((done, total))):
        take(row(1))
    kept = everything()

    def calls_off(done: int, total: int) -> None:
        if done == total - 1:                                  # the swabs are written, and go back
            raise progress.Stopped
    with progress.told_to(calls_off), pytest.raises(progress.Stopped):
        take(row(2, tube="T2"))

    assert heard == [(1, 5), (2, 5), (3, 5), (4, 5)]
    assert everything() == kept
