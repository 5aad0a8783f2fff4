"""Taking a roster of 20,000 rows, everything checked and encrypted, beside django-import-export with openpyxl."""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import time
from io import BytesIO
from typing import TYPE_CHECKING

from bench.home import open_home, say
from bench.makers import number

if TYPE_CHECKING:
    from jiugong.registry.models import Park

ROWS = 20_000
RUNS = 3
MOST_SECONDS, MOST_MEGABYTES, LEAST_TIMES_FASTER = 8.0, 500, 5.0
HEADINGS = ("序号", "姓名", "身份证号", "手机号", "企业名称", "车间/部门", "班组", "班次", "岗位", "是否关键岗位", "宿舍", "床位",
            "食堂餐桌", "通勤班车", "在岗状态", "到岗日期", "备注")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--store", default="sqlite")
    words.add_argument("--soak", action="store_true")
    words.add_argument("--only", choices=("ours", "peer"), help="inside: one of the two, in a process of its own")
    given = words.parse_args()
    if given.only:
        return _run(given.only, given.store)
    runs: dict[str, list[list[float]]] = {"ours": [], "peer": []}
    for _run_number in range(RUNS):
        for who, measured in runs.items():                             # in turn, so that a noisy machine disturbs both
            done = subprocess.run([sys.executable, "-m", "bench.roster", "--only", who, "--store", given.store],
                                  capture_output=True, text=True, check=True)
            measured.append([float(part) for part in done.stdout.splitlines()[-1].split()])
    taken = {who: [statistics.median(part) for part in zip(*measured, strict=True)] for who, measured in runs.items()}
    say(f"roster of {ROWS:,} rows, {given.store}", taken["ours"][0], taken["peer"][0], "import-export",
        budget=f"at most {MOST_SECONDS:.0f} s and a ratio of {1 / LEAST_TIMES_FASTER:.2f}")
    print(f"{'':<58} ours {taken['ours'][1]:8.0f} MB  import-export {taken['peer'][1]:8.0f} MB"
          f"   (at most {MOST_MEGABYTES} MB)", flush=True)
    kept = (taken["ours"][0] <= MOST_SECONDS and taken["ours"][1] <= MOST_MEGABYTES
            and taken["peer"][0] / taken["ours"][0] >= LEAST_TIMES_FASTER)
    return 0 if kept else 1


def _run(who: str, store: str) -> int:
    open_home(store)
    from jiugong.lib.acting import operator
    from jiugong.registry.actions.parks import create_park

    content = a_workbook()
    park = create_park("测量园区", actor=operator())
    start = time.perf_counter()
    (_ours if who == "ours" else _peer)(content, park)
    taken = time.perf_counter() - start
    print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


def _ours(content: bytes, park: "Park") -> None:
    from jiugong.lib.acting import operator
    from jiugong.registry.actions.rosters import import_roster, read_roster_file

    file = read_roster_file(content, name="roster.xlsx", park=park, park_name=park.name, mapping={})
    taken = import_roster(park, file, actor=operator())
    assert taken.created_people == ROWS, taken.created_people


def _peer(content: bytes, park: "Park") -> None:
    """The same file through a resource as its documentation shows it: the same checks, the same columns encrypted."""
    from datetime import date

    import openpyxl
    from import_export import fields, resources
    from tablib import Dataset

    from jiugong.lib import identifiers, secrets, sheets
    from jiugong.registry.logic.regions import is_region
    from jiugong.registry.logic.words import SHIFTS, STATUSES, YES_NO
    from jiugong.registry.models import Assignment, Person, Place, Posting, Unit, id_index

    ring, office = secrets.ring(), Unit.objects.get(park=park, parent=None)
    ground = Place.objects.get(park=park, parent=None)
    units: dict[tuple[int, str], Unit] = {}
    places: dict[tuple[int, str, str], Place] = {}
    seen: set[str] = set()
    listed: set[str] = set()

    def unit(parent: Unit, kind: str, name: str) -> Unit:
        if (parent.pk, name) not in units:
            units[parent.pk, name] = Unit.objects.create(park=park, parent=parent, kind=kind, name=name, key=name,
                                                         path=f"{parent.path}{len(units)}/")
        return units[parent.pk, name]

    def place(firm: Unit, kind: str, name: str) -> Place:
        if (firm.pk, kind, name) not in places:
            places[firm.pk, kind, name] = Place.objects.create(
                park=park, parent=ground, kind=kind, name=f"{firm} {name}", key=f"{firm.pk} {name}",
                path=f"{ground.path}{len(places)}/")
        return places[firm.pk, kind, name]

    class People(resources.ModelResource):
        name = fields.Field(attribute="name", column_name="姓名")

        class Meta:
            model = Person
            fields = ("name",)
            import_id_fields = ("name",)                    # never used: `get_instance` finds people by ID number

        def get_instance(self, instance_loader: object, row: dict[str, object]) -> Person | None:
            return Person.objects.filter(park=park, id_index=id_index(park, str(row["身份证号"]), ring)).first()

        def before_import_row(self, row: dict[str, object], **options: object) -> None:
            read = identifiers.read_id_number(identifiers.folded(str(row["身份证号"])).upper(), today=date(2026, 1, 1))
            if not isinstance(read, identifiers.IdNumber) or read.text in seen:
                raise ValueError("身份证号")
            seen.add(read.text)
            if isinstance(identifiers.read_phone(identifiers.folded(str(row["手机号"]))), identifiers.Fault):
                raise ValueError("手机号")
            if not sheets.tidy_name(str(row["姓名"])) or sheets.name_key(str(row["企业名称"])) not in listed:
                raise ValueError("企业名称")
            is_region(read.text[:6])                                   # worth a warning, no error
            if row["班次"] not in SHIFTS or row["在岗状态"] not in STATUSES or row["是否关键岗位"] not in YES_NO:
                raise ValueError("班次")
            sheets.as_day(row["到岗日期"])

        def before_save_instance(self, instance: Person, row: dict[str, object], **options: object) -> None:
            instance.park = park
            instance.keep_id_number(str(row["身份证号"]), ring).keep_phone(str(row["手机号"]), ring)

        def after_save_instance(self, instance: Person, row: dict[str, object], **options: object) -> None:
            since = sheets.as_day(row["到岗日期"]) or date(2022, 7, 1)
            firm = unit(office, "enterprise", sheets.tidy_title(str(row["企业名称"])))
            workshop = unit(firm, "workshop", sheets.tidy_title(str(row["车间/部门"])))
            team = unit(workshop, "team", sheets.tidy_title(str(row["班组"])))
            Posting.objects.create(park=park, person=instance, unit=team, enterprise=firm, status="on_duty", since=since,
                                   shift=SHIFTS[str(row["班次"])], post=str(row["岗位"]), arrived_on=since)
            for kind, column in (("dorm_room", "宿舍"), ("canteen_table", "食堂餐桌")):
                Assignment.objects.create(person=instance, place=place(firm, kind, str(row[column])), kind=kind,
                                          bed=str(row["床位"]) if kind == "dorm_room" else "", since=since)

    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    for firm in book["企业信息"].iter_rows(min_row=3, values_only=True):
        assert isinstance(identifiers.read_credit_code(str(firm[2])), str)
        listed.add(sheets.name_key(sheets.tidy_title(str(firm[1]))))
    sheet = book["人员台账"]
    rows = sheet.iter_rows(min_row=2, values_only=True)
    data = Dataset(headers=list(next(rows)))
    for row in rows:
        data.append(row)
    result = People().import_data(data, raise_errors=True, use_transactions=True)
    assert result.totals["new"] == ROWS, result.totals


def a_workbook(rows: int = ROWS) -> bytes:
    """A roster of invented people in 100 enterprises, the same every time."""
    import xlsxwriter

    from jiugong.lib.identifiers import credit_check_digit

    draw = random.Random(9)                                                              # noqa: S311
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    firms = [f"第{at:03}木业有限公司" for at in range(100)]
    sheet = book.add_worksheet("企业信息")
    sheet.write_row(0, 0, ["测量园区企业信息表"])
    sheet.write_row(1, 0, ["序号", "企业名称", "统一社会信用代码", "所属网格", "厂区地址", "类型", "企业长", "企业长电话", "备注"])
    for at, firm in enumerate(firms):
        code = f"91349901MA{at:07}"
        sheet.write_row(at + 2, 0, [at + 1, firm, code + credit_check_digit(code), f"第{at % 9 + 1}网格", "", "企业", "", "", ""])
    sheet = book.add_worksheet("人员台账")
    sheet.write_row(0, 0, ["测量园区在厂人员台账"])
    sheet.write_row(1, 0, HEADINGS)
    for at in range(rows):
        sheet.write_row(at + 2, 0, [
            at + 1, draw.choice("赵钱孙李周吴郑王") + draw.choice("伟芳娜敏静丽强磊"), number(at),
            f"199{at:08}", firms[at % 100], f"{'木涂包'[at % 3]}车间", f"{at % 6 + 1}班", "白班", "操作工", "否",
            f"宿舍{at // 600:03}", str(at % 6 + 1), f"{at % 400:03}", "", "在岗", f"2022-07-{at % 28 + 1:02}", ""])
    book.close()
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
