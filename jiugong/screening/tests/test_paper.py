"""Paper: sheets whose codes no other sheet bears, with lines or with a team's names, and their entry afterwards."""

from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from jiugong.journal.models import LookUp
from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.models import Unit
from jiugong.registry.queries.badges import person_of_code
from jiugong.screening.actions.paper_entry import Sheet, enter_sheet, enter_sheet_as_it_is
from jiugong.screening.actions.tube_sheets import run_coded_sheets, run_roster_sheets, run_sheets
from jiugong.screening.logic.tube_codes import LAST_NUMBER, code_of, is_mistyped
from jiugong.screening.models import SheetRun, Specimen, Tube
from jiugong.screening.paper_errors import SheetsMisshapen, SheetsOfNobody
from jiugong.screening.queries.conflicts import open_conflicts
from jiugong.screening.sheet_papers import sheets_pdf
from jiugong.screening.tests.conftest import DAY, MORNING, an_actor, id_number
from tests.papers import codes_on

# codes --------------------------------------------------------------------------------------------------------------

@given(st.integers(0, LAST_NUMBER), st.integers(1, 8), st.integers(1, 9))
def test_every_single_slip_of_a_finger_shows(number: int, at: int, by: int) -> None:
    code = code_of(number)
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1:]

    assert not is_mistyped(code)
    assert is_mistyped(wrong)


@pytest.mark.parametrize("code", ["SZ07220031", "T1", "S123", ""])
def test_other_labels_are_not_ours_to_judge(code: str) -> None:
    assert not is_mistyped(code)


# printing -----------------------------------------------------------------------------------------------------------

def test_no_code_is_printed_twice_nor_one_that_a_tube_has(park, boss, round_1, a_point, a_tube):
    a_tube(code_of(4), of=round_1)

    runs = [run_coded_sheets(round_1, a_point(), sheets=sheets, run_id=f"r{sheets}", actor=boss) for sheets in (2, 3)]
    again = run_coded_sheets(round_1, a_point(), sheets=2, run_id="r2", actor=boss)
    blank = run_sheets(round_1, a_point(), sheets=5, run_id="b", actor=boss)

    assert [(run.first, run.last) for run in (*runs, again, blank)] == [(1, 2), (5, 7), (1, 2), (None, None)]
    assert SheetRun.objects.count() == 3
    for sheets, run_id in ((0, "x"), (201, "x"), (1, ""), (1, "x" * 65)):
        with pytest.raises(SheetsMisshapen):
            run_coded_sheets(round_1, a_point(), sheets=sheets, run_id=run_id, actor=boss)
    with pytest.raises(NotAllowed):
        run_coded_sheets(round_1, a_point(), sheets=1, run_id="x", actor=an_actor(*park.branches))


def test_a_sheet_reads_back_with_its_code_and_as_many_lines_as_the_tube_holds(park, boss, a_round, a_point, tmp_path):
    run = run_coded_sheets(a_round(pool_size=10), a_point(), sheets=2, run_id="r", actor=boss)

    with translation.override("en"):
        content = sheets_pdf(run, actor=boss)

    pages = PdfReader(BytesIO(content)).pages
    assert len(pages) == 2
    text = pages[0].extract_text()
    for words in (park.name, "Tube sheet", code_of(1), "采样点", str(DAY), "Last four"):
        assert words in text
    assert "\n10\n" in f"\n{text}\n" and "\n11\n" not in f"\n{text}\n"
    assert [codes_on(content, tmp_path, page=page) for page in (1, 2)] == [[code_of(1)], [code_of(2)]]


def test_a_teams_sheet_bears_its_names_in_order_and_badges_that_say_who_they_are(park, boss, round_1, a_worker, a_point, tmp_path):
    people = {a_worker(number=number) for number in range(1, 4)} | {a_worker(number=9, status="on_leave")}
    unit = Unit.objects.get(park=park, name="甲一班")

    run = run_roster_sheets(round_1, a_point(), unit, run_id="r", actor=boss)
    content = sheets_pdf(run, actor=boss)

    seen = codes_on(content, tmp_path)
    owing = {person for person in people if person.name != "工人9"}
    assert {person_of_code(park, code) for code in seen if code != code_of(1)} == owing
    assert code_of(1) in seen
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert all(person.name in text and person.masked_id in text for person in owing)
    assert id_number(1) not in text
    assert LookUp.objects.filter(fields="badge").count() == 2 * len(owing)
    with pytest.raises(SheetsOfNobody):
        run_roster_sheets(round_1, a_point(), Unit.objects.get(park=park, name="乙一班"), run_id="e", actor=boss)
    with pytest.raises(NotAllowed):
        run_roster_sheets(round_1, a_point(), unit, run_id="n", actor=an_actor(*park.branches, powers=(Can.BIND_SPECIMENS,)))


# entering -----------------------------------------------------------------------------------------------------------

@pytest.fixture
def sheet(round_1, a_point, a_worker) -> Any:
    """A sheet on which four people stand: by number, by name, by name and the last four, and by nothing that we know."""
    a_worker(number=1), a_worker(number=2), a_worker(number=3, name="张伟"), a_worker(number=4, name="张伟")

    def make(*lines: str, **more: Any) -> Sheet:
        return Sheet(**{"entry_id": "e1", "round": round_1, "point": a_point(), "tube": "P1", "lines": lines,
                        "sampled_at": MORNING} | more)
    return make


def test_lines_are_bound_in_their_order_however_they_are_written(park, boss, sheet, a_worker):
    other = a_worker(number=5)
    answers = enter_sheet(sheet(id_number(1), "", "工人2", f"张伟 {id_number(4)[-4:]}", str(other.uid), id_number(77)), actor=boss)

    assert [(each.status, each.code, each.position) for each in answers] == [
        ("accepted", "", 1), ("accepted", "", 3), ("accepted", "", 4), ("accepted", "", 5), ("accepted", "screening.walk_in", 6)]
    assert set(Specimen.objects.values_list("device", "bound_by", "scan_id")) == {
        ("paper", "operator", f"e1-{position}") for position in (1, 3, 4, 5, 6)}
    assert LookUp.objects.count() == 2                            # whom a name found; a tick shows nothing new


def test_a_name_that_two_have_or_nobody_has_is_refused_and_the_others_are_bound(park, boss, sheet):
    answers = enter_sheet(sheet("张伟", "王五", "工人1", "张伟 9999"), actor=boss)

    assert [each.code for each in answers] == ["screening.name_shared", "screening.name_unknown", "", "screening.name_unknown"]
    assert Specimen.objects.count() == 1


def test_sending_a_sheet_twice_changes_nothing_and_a_mended_line_is_added(park, boss, sheet):
    enter_sheet(sheet(id_number(1), "张伟"), actor=boss)

    answers = enter_sheet(sheet(id_number(1), f"张伟 {id_number(3)[-4:]}"), actor=boss)

    assert [each.status for each in answers] == ["repeat", "accepted"]
    assert Specimen.objects.count() == 2


def test_a_tube_that_is_sealed_refuses_until_whoever_types_looked_again(park, boss, sheet, round_1, a_tube):
    a_tube("P1", of=round_1)
    Tube.objects.update(sealed_at=MORNING)
    assert [each.code for each in enter_sheet(sheet(id_number(1)), actor=boss)] == ["screening.tube_sealed"]
    assert not Specimen.objects.exists()

    answers = enter_sheet_as_it_is(sheet(id_number(1)), actor=boss)

    assert [(each.status, each.code) for each in answers] == [("accepted", "screening.after_seal")]
    assert open_conflicts(park, [round_1], ("",)) == []           # it was taken in the minute in which the tube was sealed


def test_a_scanner_of_another_enterprise_finds_nobody_by_name(park, boss, sheet, a_point):
    mine = a_point(enterprise="乙", name="乙采样点")
    other = an_actor(park.units.get(name="乙").path, powers=(Can.BIND_SPECIMENS,))

    assert [each.code for each in enter_sheet(sheet("工人1", point=mine), actor=other)] == ["screening.name_unknown"]
    with pytest.raises(NotAllowed):
        enter_sheet(sheet("工人1", point=a_point(enterprise="甲", name="甲采样点")), actor=other)


def test_the_pages_print_and_enter_and_keep_what_was_typed(park, as_role, page_of, round_1, a_point, a_worker):
    point = a_point()
    a_worker(number=1), a_worker(number=2)
    shu = as_role("scanner")
    printed = shu.post(page_of("tube-sheets"), {"round": 1, "point": point.pk, "kind": "codes", "sheets": 2, "run_id": "r"})
    assert "Open 2 sheets" in shu.get(printed.headers["Location"]).content.decode()
    assert shu.get(page_of("tube-sheets-again", SheetRun.objects.get().pk)).content[:4] == b"%PDF"
    assert code_of(2) in shu.get(page_of("tube-sheets")).content.decode()

    head = {"round": 1, "point": point.pk, "tube": code_of(1), "sampled_at": "2022-07-22T07:30", "entry_id": "e9", "sampler": ""}
    kept = shu.post(page_of("paper-entry"), head | {"line": ["工人1", "王五"]})
    assert kept.status_code == 422
    assert "王五" in kept.content.decode() and 'value="工人1"' in kept.content.decode() and 'value="e9"' in kept.content.decode()
    done = shu.post(page_of("paper-entry"), head | {"line": ["工人1", "工人2"]})
    assert done.status_code == 200
    assert f"Tube {code_of(1)} is entered" in done.content.decode() and 'value="e9"' not in done.content.decode()
    assert Specimen.objects.count() == 2
    assert {each.sampled_at.astimezone(park.zone).hour for each in Specimen.objects.all()} == {7}


def test_a_code_that_cannot_be_right_and_a_time_to_come_are_asked_for_again(park, as_role, page_of, round_1, a_point, a_worker):
    point = a_point()
    a_worker(number=1)
    shu, wrong = as_role("scanner"), code_of(1)[:-1] + str((int(code_of(1)[-1]) + 1) % 10)
    head = {"round": 1, "point": point.pk, "tube": wrong, "sampled_at": "2022-07-22T07:30", "entry_id": "e", "line": ["工人1"]}

    first = shu.post(page_of("paper-entry"), head)
    assert first.status_code == 422
    assert f'name="sure" value="{wrong}"' in first.content.decode()
    assert shu.post(page_of("paper-entry"), head | {"sure": wrong, "sampled_at": "2022-07-22T09:30"}).status_code == 422
    assert not Specimen.objects.exists()
    assert shu.post(page_of("paper-entry"), head | {"sure": wrong}).status_code == 200
    assert Specimen.objects.count() == 1


def test_a_team_is_ticked_in_the_order_of_the_sheet(park, as_role, page_of, round_1, a_point, a_worker):
    point = a_point()
    one, two = a_worker(number=1), a_worker(number=2)
    unit = Unit.objects.get(park=park, name="甲一班")
    shu = as_role("scanner")
    shown = shu.get(page_of("paper-entry"), {"round": 1, "unit": str(unit.uid)}).content.decode()
    assert one.name in shown and one.masked_id in shown

    shu.post(page_of("paper-entry"), {
        "round": 1, "point": point.pk, "tube": "P7", "sampled_at": "2022-07-22T07:30", "entry_id": "e", "unit": str(unit.uid),
        "line": ["", ""], "person": [str(one.uid), str(two.uid)], "order": f"{two.uid},{one.uid}"})

    assert list(Specimen.objects.order_by("position").values_list("person", flat=True)) == [two.pk, one.pk]
