"""What goes out comes in again: the marked workbook, and the roster as a workbook."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from jiugong.lib.acting import Look, NotAllowed, operator
from jiugong.lib.sheets import read_workbook
from jiugong.registry.errors import ReasonNeeded, sentence
from jiugong.registry.logic.reporting import PROBLEMS, REPORT, marked_workbook
from jiugong.registry.models import Park
from jiugong.registry.queries.rosters import export_roster
from jiugong.registry.tests.makers import (
    a_charge,
    a_firm,
    a_number,
    a_park,
    a_workbook,
    a_worker,
    an_actor,
    counts,
    nothing_but,
    take,
)
from jiugong.registry.tests.test_importing import a_whole_roster
from jiugong.registry.tests.test_reading import DIRTY, understood


def test_each_bad_cell_is_marked_and_its_reason_stands_beside_it() -> None:
    file = understood(DIRTY.read_bytes(), park="宿州绿色家居产业园")

    book = openpyxl.load_workbook(BytesIO(marked_workbook(file, sentence)))

    page = book["人员台账"]
    headings = {cell.value: cell.column for cell in page[2]}
    assert [cell.value for cell in page[2]][-1] == PROBLEMS
    assert [str(merged) for merged in page.merged_cells.ranges] == ["A1:Q1"]
    for problem in file.errors:
        cell = page.cell(problem.row, headings[problem.column])
        assert cell.fill.fgColor.rgb == "FFFFC7CE"
        assert cell.comment and sentence(problem) in cell.comment.text
        assert sentence(problem) in page.cell(problem.row, headings[PROBLEMS]).value
    marked = {row for row in range(3, page.max_row + 1) if page.cell(row, headings[PROBLEMS]).value}
    assert marked == {problem.row for problem in file.errors}
    assert book[REPORT].max_row == 1 + len(file.errors) + len(file.warnings) + len(file.repairs)


def test_text_stays_text_and_days_stay_days() -> None:
    page = openpyxl.load_workbook(BytesIO(marked_workbook(
        understood(a_workbook([a_firm()], [a_worker(1, canteen_table="007")])), sentence)))["人员台账"]

    row = {heading.value: cell.value for heading, cell in zip(page[2], page[3], strict=True)}
    assert row["身份证号"] == a_number(1)
    assert row["食堂餐桌"] == "007"
    assert row["到岗日期"].date() == date(2022, 7, 1)


def test_a_title_over_merged_cells_that_begins_like_a_formula_comes_back_as_text() -> None:
    book = openpyxl.load_workbook(BytesIO(a_workbook([a_firm()], [a_worker(1)])))
    title = book["人员台账"].cell(1, 1)
    title.value, title.data_type = '=HYPERLINK("http://evil.example","x")', "s"
    hostile = BytesIO()
    book.save(hostile)

    page = openpyxl.load_workbook(BytesIO(marked_workbook(understood(hostile.getvalue()), sentence)))["人员台账"]

    assert page.merged_cells.ranges
    assert (page.cell(1, 1).value, page.cell(1, 1).data_type) == (title.value, "s")


@pytest.mark.parametrize("content", [DIRTY.read_bytes(), a_whole_roster()], ids=["dirty", "clean"])
def test_a_marked_workbook_reads_as_the_one_that_came(content: bytes) -> None:
    came = understood(content)

    again = understood(marked_workbook(came, sentence))
    once_more = read_workbook(marked_workbook(again, sentence), name="")

    assert (again.enterprises, again.workers, again.charges) == (came.enterprises, came.workers, came.charges)
    assert again.errors == came.errors
    assert [len(sheet.rows[1]) for sheet in once_more][:3] == [
        len(sheet.rows[1]) for sheet in read_workbook(marked_workbook(came, sentence), name="")][:3]


def exported(park: Park) -> bytes:
    return export_roster(operator(), park, reason="交接")


def richly_filled(park: Park) -> None:
    take(park, a_whole_roster())
    firm = a_firm(1)["name"]
    take(park, a_workbook(charges=[
        a_charge("副长", "企业长", firm, 9), a_charge("长1", "企业长", firm, 1, phone=a_firm(1)["chief_phone"]),
        a_charge("带班", "班组长", f"{firm}/木工车间/木工1班", 8), a_charge("无电", "包联干部", firm, 7, phone="")]),
        at="2022-07-20")


def test_an_export_imported_again_changes_nothing(park: Park) -> None:
    richly_filled(park)

    taken = take(park, exported(park))

    assert counts(taken) == nothing_but(unchanged=4)
    assert not taken.file.repairs


def test_an_export_says_the_same_after_it_went_through_a_fresh_park(park: Park) -> None:
    richly_filled(park)
    out = exported(park)
    Park.objects.filter(pk=park.pk).update(name="旧园")

    fresh = a_park("试验园")
    taken = take(fresh, out)

    assert (taken.created_people, taken.created_enterprises, taken.refused) == (4, 2, 0)
    assert sorted(map(str, rows_of(exported(fresh)))) == sorted(map(str, rows_of(out)))


def rows_of(content: bytes) -> list[list[object]]:
    """Every row of every sheet without its running number."""
    return [[sheet.name, *row[1:]] for sheet in read_workbook(content, name="") for row in sheet.rows]


def test_an_export_needs_a_reason_and_leaves_a_look_for_everybody(park: Park, looks: list[Look]) -> None:
    take(park, a_whole_roster())

    with pytest.raises(ReasonNeeded):
        export_roster(operator(), park, reason=" ")
    with pytest.raises(NotAllowed):
        export_roster(an_actor("u/999/"), park, reason="交接")
    assert looks == []

    exported(park)

    assert [(len(look.person_ids), look.reason) for look in looks] == [(4 + 6, "交接")]


def test_a_text_that_begins_like_a_formula_goes_out_as_text(park: Park) -> None:
    take(park, a_workbook([a_firm(remark='=HYPERLINK("x")')], [a_worker(1)]))

    page = openpyxl.load_workbook(BytesIO(exported(park)))["企业信息"]

    assert [(cell.value, cell.data_type) for cell in page[3]][-1] == ('=HYPERLINK("x")', "s")
