"""Taking rosters: what is new, what changed, who left, and that the same file again changes nothing.

Long because every sentence here is about the same few people.
"""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from jiugong.lib.acting import NotAllowed, Note, operator
from jiugong.registry.actions.rosters import import_roster, preview_roster, read_roster_file
from jiugong.registry.models import Assignment, Body, BodyMember, Charge, Park, Person, Place, Posting, Siting, Unit
from jiugong.registry.queries.people import assignments_of, on_duty, posting_on, roster_on
from jiugong.registry.tests.makers import (
    a_charge,
    a_code,
    a_firm,
    a_number,
    a_park,
    a_phone,
    a_workbook,
    a_worker,
    an_actor,
    counts,
    nothing_but,
    person,
    take,
)

DAY = date(2022, 7, 24)


def everything(park: Park) -> list[Any]:
    """Every row that a roster can touch."""
    return [list(rows.order_by("pk").values_list()) for rows in (
        Place.objects.filter(park=park), Unit.objects.filter(park=park), Person.objects.filter(park=park),
        Posting.objects.filter(park=park), Assignment.objects.filter(person__park=park),
        Charge.objects.filter(park=park), Siting.objects.filter(site__park=park), Body.objects.filter(park=park),
        BodyMember.objects.filter(body__park=park))]


def a_whole_roster() -> bytes:
    return a_workbook(
        [a_firm(1), a_firm(2)],
        [a_worker(1, dorm_room="1舍101", bed="3", canteen_table="007", bus="2号车"), a_worker(2, post="班组长"),
         a_worker(3, 2, arrived_on=date(2022, 8, 1)), a_worker(4, 2, status="休假", arrived_on="")],
        [a_charge("园长", "园区长", "试验园", 1), a_charge("组长", "小组长", "试验园", 2, body="样本转运组"),
         a_charge("格长", "网格长", "第2网格", 3), a_charge("防专", "防疫专员", a_firm(1)["name"], 4)])


def test_a_first_roster_is_taken_whole(park: Park) -> None:
    taken = take(park, a_whole_roster())

    assert counts(taken) == {"people": 4, "enterprises": 2, "changed": 0, "unchanged": 0, "left": 0, "refused": 0}
    assert roster_on(park, DAY).count() == 2, "one arrives in August, one has no arrival day and holds from today"
    assert {str(each.place) for each in assignments_of(person(park, 1), DAY)} == {"1舍101", "007", "2号车"}
    assert Charge.objects.filter(park=park, since=None, until=None).count() == 6
    assert BodyMember.objects.get().body.name == "样本转运组"


def test_the_same_file_again_changes_nothing(park: Park, notes: list[Note]) -> None:
    take(park, a_whole_roster())
    before = everything(park)
    notes.clear()

    taken = take(park, a_whole_roster())

    assert counts(taken) == nothing_but(unchanged=4)
    assert everything(park) == before
    assert [note.verb for note in notes] == ["roster.imported"]


@pytest.mark.parametrize("at", ["2022-06-01", "2022-07-24", "2030-01-01"])
def test_the_same_file_again_changes_nothing_whatever_the_day(park: Park, at: str) -> None:
    take(park, a_whole_roster())
    before = everything(park)

    assert counts(take(park, a_whole_roster(), at=at)) == nothing_but(unchanged=4)
    assert everything(park) == before


def test_a_preview_says_what_a_yes_would_do_and_does_nothing(park: Park) -> None:
    before = everything(park)
    file = read_roster_file(a_whole_roster(), name="roster.xlsx", park=park, park_name=park.name, mapping={})

    foreseen = preview_roster(park, file, actor=operator())

    assert everything(park) == before
    assert counts(foreseen) == counts(take(park, a_whole_roster()))


def test_who_is_missing_from_the_list_has_left(park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1, dorm_room="1舍101", bed="1"), a_worker(2)]))

    taken = take(park, a_workbook([a_firm()], [a_worker(2)]), at="2022-07-20")

    assert (taken.left, taken.leavers, taken.unchanged) == (1, ["工1"], 1)
    assert posting_on(person(park, 1), date(2022, 7, 19))
    assert not posting_on(person(park, 1), date(2022, 7, 20))
    assert not assignments_of(person(park, 1), date(2022, 7, 20))


def test_a_file_speaks_only_for_the_enterprises_in_it(park: Park) -> None:
    take(park, a_workbook([a_firm(1), a_firm(2)], [a_worker(1, 1), a_worker(2, 2)]))

    taken = take(park, a_workbook(people=[a_worker(3, 2)]), at="2022-07-20")

    assert (taken.created_people, taken.left, taken.leavers) == (1, 1, ["工2"])
    assert set(roster_on(park, DAY).values_list("person__name", flat=True)) == {"工1", "工3"}


def test_somebody_on_a_bad_row_has_not_left(park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1), a_worker(2), a_worker(3)]))

    taken = take(park, a_workbook([a_firm()], [
        a_worker(1), a_worker(2, phone="12"), a_worker(3, id_number=float(a_number(3)[:17]))]))

    assert (taken.refused, taken.left, taken.unchanged) == (2, 0, 1)
    assert roster_on(park, DAY).count() == 3


def test_a_person_is_recognised_by_the_number_whatever_else_changed(park: Park) -> None:
    take(park, a_workbook([a_firm(1), a_firm(2)], [a_worker(1, 1), a_worker(2, 1)]))

    taken = take(park, a_workbook([a_firm(1), a_firm(2)], [
        a_worker(1, 2, name="工一", phone=a_phone(501), shift="夜班"), a_worker(2, 1)]), at="2022-07-20")

    moved = person(park, 1)
    assert (taken.changed, taken.unchanged, taken.left) == (1, 1, 0)
    assert moved.name == "工一"
    before, after = (posting_on(moved, day) for day in (date(2022, 7, 19), date(2022, 7, 20)))
    assert before and after
    assert (before.enterprise.name[:3], after.enterprise.name[:3]) == ("测试1", "测试2")
    assert (before.shift, after.shift) == ("day", "night")


def test_somebody_who_comes_back_is_the_same_person(park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1), a_worker(2)]))
    take(park, a_workbook([a_firm()], [a_worker(2)]), at="2022-07-10")

    taken = take(park, a_workbook([a_firm()], [a_worker(1), a_worker(2)]), at="2022-07-20")

    assert (taken.created_people, taken.changed, Person.objects.filter(name="工1").count()) == (0, 1, 1)
    on = [bool(posting_on(person(park, 1), date(2022, 7, day))) for day in (9, 10, 19, 20)]
    assert on == [True, False, False, True]


def test_a_renamed_enterprise_keeps_its_people(park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1)]))

    taken = take(park, a_workbook([a_firm(name="新名家居有限公司")], [a_worker(1, enterprise="新名家居有限公司")]))

    assert (taken.created_enterprises, taken.left, taken.changed) == (0, 0, 1)
    assert Unit.objects.get(park=park, kind="enterprise").name == "新名家居有限公司"
    assert Place.objects.get(park=park, kind="site").name == "新名家居有限公司"


def test_people_may_still_write_the_old_name_of_a_renamed_enterprise(park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1)]))

    taken = take(park, a_workbook([a_firm(name="新名家居有限公司")], [a_worker(1), a_worker(2)],
                                  [a_charge("防专", "防疫专员", a_firm()["name"], 1)]))

    assert (taken.refused, taken.created_people, taken.created_enterprises) == (0, 1, 0)
    assert Posting.objects.values("enterprise").distinct().count() == 1


def test_a_bad_enterprise_row_renames_nobody_and_loses_nobody(park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1)]))

    taken = take(park, a_workbook([a_firm(name="新名家居有限公司", chief_phone="12")],
                                  [a_worker(1, enterprise="新名家居有限公司")]))

    assert (taken.refused, taken.created_enterprises, taken.left, taken.unchanged) == (1, 0, 0, 1)
    assert Unit.objects.get(park=park, kind="enterprise").name == a_firm()["name"]


def test_a_credit_code_that_another_enterprise_has_is_an_error(park: Park) -> None:
    take(park, a_workbook([a_firm(1), a_firm(2)], [a_worker(1)]))

    taken = take(park, a_workbook([a_firm(2, credit_code=a_code(1))], [a_worker(1)]))

    assert [(each.row, each.column, each.code) for each in taken.file.errors] == [
        (3, "统一社会信用代码", "credit_code_taken")]


def test_an_enterprise_on_a_bad_row_is_entered_by_name_for_its_good_people(park: Park) -> None:
    taken = take(park, a_workbook([a_firm(credit_code="91349901MA00000010")], [a_worker(1)]))

    unit = Unit.objects.get(park=park, kind="enterprise")
    assert (taken.refused, taken.created_people, unit.credit_code) == (1, 1, "")

    again = take(park, a_workbook([a_firm()], [a_worker(1)]))

    unit.refresh_from_db()
    assert (again.refused, unit.credit_code, again.unchanged) == (0, a_code(1), 1)


def test_an_officer_who_later_stands_on_the_roster_is_one_person(park: Park) -> None:
    officer = a_charge("格长", "网格长", "第2网格", 3)
    take(park, a_workbook([a_firm()], [a_worker(1)], [officer]))

    worker = a_worker(9, name="格长", phone=officer["phone"])
    taken = take(park, a_workbook([a_firm()], [a_worker(1), worker], [officer]))

    assert (taken.created_people, taken.changed) == (1, 0)
    assert person(park, 9).charges.get().role == "grid_leader"
    assert Person.objects.filter(name="格长").count() == 1


def test_a_charge_changes_hands_on_the_day_of_the_file(park: Park) -> None:
    firm = a_firm()["name"]
    take(park, a_workbook([a_firm()], [a_worker(1)], [a_charge("防甲", "防疫专员", firm, 1)]))

    taken = take(park, a_workbook(charges=[a_charge("防乙", "防疫专员", firm, 2)]), at="2022-07-20")

    assert taken.changed == 1
    assert list(Charge.objects.filter(role="prevention_officer").order_by("pk").values_list(
        "person__name", "since", "until")) == [("防甲", None, date(2022, 7, 20)), ("防乙", date(2022, 7, 20), None)]


def test_a_back_dated_charge_leaves_one_officer_on_each_day(park: Park) -> None:
    def officer(serial: int) -> bytes:
        return a_workbook(charges=[a_charge(f"防{serial}", "防疫专员", a_firm()["name"], serial)])

    take(park, a_workbook([a_firm()], [a_worker(1)]))
    for serial, at in ((1, "2022-07-01"), (2, "2022-07-25"), (3, "2022-07-20"), (1, "2022-07-10")):
        take(park, officer(serial), at=at)

    held = Charge.objects.filter(role="prevention_officer")
    for day in (date(2022, 7, day) for day in range(1, 31)):
        names = [each.person.name for each in held if (not each.since or each.since <= day)
                 and (not each.until or each.until > day)]
        assert names == ["防1"], day


def test_a_grid_drawn_anew_by_a_back_dated_file_leaves_one_grid_on_each_day(park: Park) -> None:
    for grid, at in (("第1网格", "2022-07-01"), ("第2网格", "2022-07-25"), ("第3网格", "2022-07-20")):
        take(park, a_workbook([a_firm(grid=grid)], [a_worker(1)]), at=at)

    for day in (date(2022, 7, day) for day in range(1, 31)):
        grids = [each.grid.name for each in Siting.objects.all() if (not each.since or each.since <= day)
                 and (not each.until or each.until > day)]
        assert grids == ["第1网格" if day < date(2022, 7, 20) else "第3网格"], day


def test_a_column_that_the_file_does_not_have_changes_nothing(park: Park) -> None:
    take(park, a_workbook([a_firm()], [a_worker(1, dorm_room="1舍101", bed="1")]))
    short = {field: value for field, value in a_worker(1).items() if field in ("name", "id_number", "enterprise")}

    assert counts(take(park, a_workbook(people=[short]))) == nothing_but(unchanged=1)


def test_several_lists_of_people_in_one_workbook_are_taken_together(park: Park) -> None:
    taken = take(park, a_workbook(sheets=[
        ("企业信息", "企业", [a_firm(1), a_firm(2)]), ("人员台账", "一厂", [a_worker(1, 1), a_worker(2, 1)]),
        ("人员台账", "二厂", [a_worker(3, 2), a_worker(1, 2)])]))

    assert (taken.created_people, taken.refused) == (3, 1)
    problem = taken.file.errors[0]
    assert (problem.sheet, problem.row, problem.code) == ("二厂", 4, "id_number_twice")
    assert problem.facts["earlier"] == "3 (一厂)"


def test_two_parks_with_the_same_person_do_not_learn_of_each_other(park: Park) -> None:
    other = a_park("别园")
    for each in (park, other):
        take(each, a_workbook([a_firm()], [a_worker(1)]))

    here, there = person(park, 1), person(other, 1)
    assert here.pk != there.pk
    assert here.id_index != there.id_index
    assert here.phone_index != there.phone_index
    assert on_duty(park, DAY).count() == on_duty(other, DAY).count() == 1


def test_an_import_needs_its_power_and_changes_nothing_without(park: Park) -> None:
    file = read_roster_file(a_whole_roster(), name="roster.xlsx", park=park, park_name=park.name, mapping={})
    before = everything(park)

    with pytest.raises(NotAllowed):
        import_roster(park, file, actor=an_actor("u/999/", "p/999/"))

    assert everything(park) == before


def test_a_merged_enterprise_cell_speaks_for_all_its_rows(park: Park) -> None:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("在厂人员")
        page.write_row(0, 0, ["企业名称", "姓名", "身份证号"])
        page.merge_range(1, 0, 3, 0, a_firm()["name"])
        for serial in (1, 2, 3):
            page.write_row(serial, 1, [f"工{serial}", a_number(serial)])
    take(park, a_workbook([a_firm()], [a_worker(1)]))

    taken = take(park, content.getvalue())

    assert (taken.refused, taken.created_people, taken.unchanged) == (0, 2, 1)


def test_what_a_changed_charge_is_over_is_named(park: Park) -> None:
    take(park, a_whole_roster())

    taken = take(park, a_workbook(charges=[a_charge("新格长", "网格长", "第2网格", 33)]))

    assert taken.changes == [("第2网格", "charge", "格长", "新格长")]
