"""Understanding a workbook as it really arrives: each dirty cell on its row and column, harmless mess repaired."""

import json
from datetime import date
from pathlib import Path

import pytest

from jiugong.lib.sheets import read_workbook
from jiugong.registry.errors import SENTENCES, sentence
from jiugong.registry.logic.facts import Known, RosterFile
from jiugong.registry.logic.headings import KNOWN
from jiugong.registry.logic.reading import read_roster
from jiugong.registry.tests.makers import a_charge, a_code, a_firm, a_number, a_workbook, a_worker

TOP = Path(__file__).resolve().parents[3]
DIRTY = TOP / "tests" / "data" / "roster-dirty.xlsx"
EXPECTED = TOP / "tests" / "data" / "roster-dirty.expected.json"

pytestmark = pytest.mark.pure


def understood(content: bytes, park: str = "试验园", mapping=None) -> RosterFile:
    return read_roster(read_workbook(content, name="roster.xlsx"), known=Known(park), mapping=mapping or {},
                       today=date(2022, 8, 1))


def bad_cells(content: bytes) -> list[tuple[str, int, str, str]]:
    return [(each.sheet, each.row, each.column, each.code) for each in understood(content).errors]


def test_the_dirty_list_gives_exactly_its_bad_cells() -> None:
    expected = json.loads(EXPECTED.read_text())

    file = understood(DIRTY.read_bytes(), park=expected["park"])

    assert sorted((each.sheet, each.row, each.column) for each in file.errors) == sorted(
        (each["sheet"], each["excel_row"], each["column"]) for each in expected["errors"])
    assert len(file.workers) + file.bad_rows == 400


WORKER_FAULTS = [
    ({"id_number": ""}, "身份证号", "missing"),
    ({"id_number": a_number(2)[:-1]}, "身份证号", "id_number_length"),
    ({"id_number": a_number(2)[:5] + "A" + a_number(2)[6:]}, "身份证号", "id_number_shape"),
    ({"id_number": a_number(2)[:-1] + ("1" if a_number(2)[-1] != "1" else "2")}, "身份证号", "id_number_checksum"),
    ({"id_number": a_number(2, born="19900230")}, "身份证号", "id_number_birth_date"),
    ({"id_number": a_number(2, born="20990101")}, "身份证号", "id_number_birth_date"),
    ({"id_number": float(a_number(2)[:15])}, "身份证号", "id_number_numeric"),
    ({"id_number": a_number(1)}, "身份证号", "id_number_twice"),
    ({"name": ""}, "姓名", "missing"),
    ({"phone": "1990000001"}, "手机号", "phone"),
    ({"enterprise": ""}, "企业名称", "missing"),
    ({"enterprise": "没有的厂"}, "企业名称", "enterprise_unknown"),
    ({"shift": "晚班"}, "班次", "shift_unknown"),
    ({"status": "失踪"}, "在岗状态", "status_unknown"),
    ({"key_post": "也许"}, "是否关键岗位", "yes_no_unknown"),
    ({"arrived_on": "2022年2月30日"}, "到岗日期", "date_impossible"),
    ({"arrived_on": "下周"}, "到岗日期", "date_impossible"),
    ({"arrived_on": 7.0}, "到岗日期", "date_impossible"),
]


@pytest.mark.parametrize(("fault", "column", "code"), WORKER_FAULTS, ids=lambda value: str(value))
def test_a_bad_cell_of_a_worker_is_named(fault, column: str, code: str) -> None:
    book = a_workbook([a_firm()], [a_worker(1), a_worker(2, **fault), a_worker(3)])

    assert bad_cells(book) == [("人员台账", 4, column, code)]
    assert [worker.name for worker in understood(book).workers] == ["工1", "工3"]


FIRM_FAULTS = [
    ({"name": ""}, "企业名称", "missing"),
    ({"name": a_firm(1)["name"]}, "企业名称", "enterprise_twice"),
    ({"credit_code": a_code(2)[:-1]}, "统一社会信用代码", "credit_code_length"),
    ({"credit_code": a_code(2)[:-2] + "I" + a_code(2)[-1]}, "统一社会信用代码", "credit_code_shape"),
    ({"credit_code": a_code(3)[:-1] + a_code(2)[-1]}, "统一社会信用代码", "credit_code_checksum"),
    ({"credit_code": a_code(1)}, "统一社会信用代码", "credit_code_twice"),
    ({"kind": "商场"}, "类型", "kind_unknown"),
    ({"chief_phone": "12345"}, "企业长电话", "phone"),
]


@pytest.mark.parametrize(("fault", "column", "code"), FIRM_FAULTS, ids=lambda value: str(value))
def test_a_bad_cell_of_an_enterprise_is_named(fault, column: str, code: str) -> None:
    assert bad_cells(a_workbook([a_firm(1), a_firm(2, **fault)], [a_worker(1)])) == [("企业信息", 4, column, code)]


CHARGE_FAULTS = [
    ({"name": ""}, "姓名", "missing"), ({"role": "门卫"}, "角色", "role_unknown"),
    ({"over": "第9网格"}, "负责对象", "charge_over_unknown"), ({"over": ""}, "负责对象", "charge_over_unknown"),
    ({"phone": "12"}, "手机号", "phone"),
]


@pytest.mark.parametrize(("fault", "column", "code"), CHARGE_FAULTS, ids=lambda value: str(value))
def test_a_bad_cell_of_a_charge_is_named(fault, column: str, code: str) -> None:
    rows = [a_charge("园长", "园区长", "试验园", 1), {**a_charge("格长", "网格长", "第2网格", 2), **fault}]

    assert bad_cells(a_workbook([a_firm(1)], [a_worker(1)], rows)) == [("责任人", 4, column, code)]


def test_a_charge_may_be_over_anything_that_stands_in_the_file_even_on_a_bad_row() -> None:
    file = understood(a_workbook(
        [a_firm(1, chief_phone="12")], [a_worker(1)],
        [a_charge("甲", "网格长", "第2网格", 1), a_charge("乙", "企业长", a_firm(1)["name"], 2),
         a_charge("丙", "班组长", f"{a_firm(1)['name']}/木工车间/木工1班", 3), a_charge("丁", "园区长", "本园区", 4)]))

    assert [(each.sheet, each.code) for each in file.errors] == [("企业信息", "phone")]
    assert [len(each.over) for each in file.charges] == [2, 2, 4, 1]


def test_harmless_mess_is_repaired_and_listed() -> None:
    number = next(number for number in map(a_number, range(100)) if number.endswith("X"))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number[:6]) + number[6:-1] + "x "
    name = a_firm()["name"].replace("（", "(").replace("）", " )")

    file = understood(a_workbook([a_firm()], [a_worker(
        83, id_number=wide, phone="１９９ 0000 0083", enterprise=name, name="张 三", arrived_on="2022.7.20")]))

    worker = file.workers[0]
    assert not file.errors
    assert (worker.id_number, worker.name, worker.phone) == (number, "张三", "19900000083")
    assert worker.arrived_on == date(2022, 7, 20)
    assert {each.column for each in file.repairs} >= {"身份证号", "姓名", "手机号", "企业名称"}


@pytest.mark.parametrize("written", [
    "2022.7.20", "2022年7月20日", "2022-07-20", "2022/7/20", "20220720", date(2022, 7, 20), 44762.0, 44762.4,
    "２０２２．７．２０", " 2022 年 7 月 20 日 ", "2022. 7. 20", "2022年7月20号", "2022-07-20 08:30:00"])
def test_a_day_is_understood_however_it_is_written(written) -> None:
    file = understood(a_workbook([a_firm()], [a_worker(1, arrived_on=written), a_worker(2, arrived_on="2022-07-20")]))

    assert [worker.arrived_on for worker in file.workers] == [date(2022, 7, 20)] * 2


def test_blank_rows_and_totals_are_passed_over() -> None:
    people = [a_worker(1), {}, a_worker(2), {"name": "合计", "enterprise": "2人"}]
    file = understood(a_workbook([a_firm()], people))

    assert (len(file.workers), file.errors) == (2, [])


def test_a_total_is_passed_over_though_its_columns_were_moved() -> None:
    total = {"name": "合计", "enterprise": "2人", "bed": "2", "canteen_table": "2"}
    moved = a_workbook([a_firm()], [a_worker(1), total, a_worker(2)], shuffled=True)

    assert (len(understood(moved).workers), understood(moved).errors) == (2, [])


def test_one_cell_has_one_error_though_several_things_are_wrong_with_it() -> None:
    book = a_workbook([a_firm()], [a_worker(1, enterprise="长" * 121, name="长" * 81, bed="3" * 21)])

    assert sorted(cell[2:] for cell in bad_cells(book)) == [
        ("企业名称", "too_long"), ("姓名", "too_long"), ("床位", "too_long")]


def test_every_heading_renamed_and_every_column_moved_one_saved_mapping_makes_it_the_same() -> None:
    parts = ([a_firm(1), a_firm(2)], [a_worker(1, dorm_room="1舍", bed="2"), a_worker(2, 2)],
             [a_charge("园长", "园区长", "试验园", 1, body="协调组")])
    strange = {kind: {field: f"列{number}" for number, field in enumerate(fields)} for kind, fields in KNOWN.items()}
    mapping = {kind: {strange[kind][field]: names[0] for field, names in fields.items()}
               for kind, fields in KNOWN.items()}
    moved = a_workbook(*parts, headings=strange, shuffled=True)
    assert not understood(moved).headings

    ours, theirs = understood(a_workbook(*parts)), understood(moved, mapping=mapping)

    assert (theirs.enterprises, theirs.workers, theirs.charges) == (ours.enterprises, ours.workers, ours.charges)
    assert not theirs.errors


def test_a_mapping_may_exchange_headings_that_we_know() -> None:
    worker = a_worker(1)
    swapped = {"人员台账": {"workshop": "班组", "team": "车间/部门"}}
    mapping = {"人员台账": {"班组": "车间/部门", "车间/部门": "班组"}}

    file = understood(a_workbook([a_firm()], [worker], headings=swapped), mapping=mapping)

    assert (file.workers[0].workshop, file.workers[0].team) == (worker["workshop"], worker["team"])


def test_every_problem_has_a_sentence() -> None:
    for problem in understood(DIRTY.read_bytes()).errors:
        assert problem.code in SENTENCES
        assert "%(" not in sentence(problem)
