"""Lists of sampling points: taken whole or not at all, row by row; the same list again changes nothing."""

import json
from argparse import Namespace
from datetime import date, time
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from jiugong.journal.models import Entry
from jiugong.lib.sheets import NotASheet
from jiugong.screening import commands
from jiugong.screening.actions.point_files import import_points, read_point_file
from jiugong.screening.errors import NoPointsInFile
from jiugong.screening.models import Point

HEADINGS = "采样点,类型,企业,开放时间,台数\n"
GOOD = HEADINGS + "甲采样点,企业,甲,06:00-10:00,1\n公共1,公共,,16:00-22:00,3\n"


def take(park, boss, text, encoding="utf-8-sig") -> Any:
    return import_points(park, read_point_file(text.encode(encoding), name="points.csv", park=park), actor=boss).as_data()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_list_is_entered_whatever_its_encoding_and_the_same_again_changes_nothing(park, boss, encoding):
    first, again = take(park, boss, GOOD, encoding), take(park, boss, GOOD, encoding)

    assert (first["created"]["points"], first["refused"]) == (2, 0)
    assert (again["created"]["points"], again["changed"], again["unchanged"]) == (0, 0, 2)
    point = Point.objects.get(name="甲采样点")
    assert (point.kind, str(point.unit), point.opens, point.closes, point.desks) == ("enterprise", "甲", time(6), time(10), 1)
    public = Point.objects.get(name="公共1")
    assert (public.kind, public.unit, public.opens, public.closes, public.desks) == ("public", None, time(16), time(22), 3)
    assert Entry.objects.filter(verb="points.imported").count() == 1


def test_a_known_point_is_said_anew_and_one_that_is_left_out_stays(park, boss):
    take(park, boss, GOOD)

    told = take(park, boss, HEADINGS + "公共1,公共,,16:00-23:00,4\n")

    assert (told["created"]["points"], told["changed"], told["unchanged"]) == (0, 1, 0)
    assert Point.objects.get(name="公共1").desks == 4
    assert Point.objects.count() == 2


@pytest.mark.parametrize(("row", "column", "code", "value"), [
    (",公共,,06:00-10:00,1", "采样点", "missing", ""), ("点,学校,,06:00-10:00,1", "类型", "kind_unknown", "学校"),
    ("点,,,06:00-10:00,1", "类型", "missing", ""), ("点,企业,,06:00-10:00,1", "企业", "enterprise_missing", ""),
    ("点,企业,丙,06:00-10:00,1", "企业", "enterprise_unknown", "丙"),
    ("点,公共,,早上,1", "开放时间", "hours_impossible", "早上"),
    ("点,公共,,06:00-25:00,1", "开放时间", "hours_impossible", "06:00-25:00"),
    ("点,公共,,06:00-06:00,1", "开放时间", "hours_impossible", "06:00-06:00"),
    ("点,公共,,06:00-10:00,0", "台数", "desks_impossible", "0"), ("点,公共,,06:00-10:00,1000", "台数", "desks_impossible", "1000"),
    ("点,公共,,06:00-10:00,两", "台数", "desks_impossible", "两"), ("公共1,公共,,06:00-10:00,9", "采样点", "point_twice", "公共1")])
def test_a_bad_row_says_where_what_and_why_and_the_good_ones_are_taken(park, boss, row, column, code, value):
    told = take(park, boss, GOOD + row + "\n")

    assert [(each["row"], each["column"], each["code"], each["value"]) for each in told["errors"]] == [(4, column, code, value)]
    assert told["errors"][0]["message"]
    assert (told["refused"], told["created"]["points"], Point.objects.count()) == (1, 2, 2)
    assert Point.objects.get(name="公共1").desks == 3


@pytest.mark.parametrize(("text", "opens", "closes"), [
    ("6：00—9：30", time(6), time(9, 30)), ("06:00至10:00", time(6), time(10)), ("22:00-02:00", time(22), time(2)),
    ("00:00-24:00", time(0), time(23, 59)), ("全天", time(0), time(23, 59)), ("", None, None)])
def test_hours_are_read_as_people_write_them(park, boss, text, opens, closes):
    take(park, boss, HEADINGS + f"点,公共,,{text},2台\n")

    point = Point.objects.get()
    assert (point.opens, point.closes, point.desks) == (opens, closes, 2)


def test_days_and_grids_may_stand_in_the_list(park, boss):
    told = take(park, boss, "采样点,类型,网格,启用日期,停用日期\n点,上门,1网格,2022-07-01,2022-08-01\n"
                            "差,公共,,2022-07-02,2022-07-01\n")

    point = Point.objects.get()
    assert (point.kind, str(point.place), point.since, point.until) == ("door_to_door", "1网格", date(2022, 7, 1), date(2022, 8, 1))
    assert [each["code"] for each in told["errors"]] == ["until_before_since"]


def test_what_is_no_list_of_points_is_refused(park, boss):
    for content, refusal in ((b"a,b\n1,2\n", NoPointsInFile), (b"PK\x03\x04 nothing", NotASheet)):
        with pytest.raises(refusal):
            read_point_file(content, name="x", park=park)
    assert not Point.objects.exists()


def test_the_export_is_a_list_that_changes_nothing(as_role, page_of, park, boss):
    take(park, boss, GOOD)

    exported = as_role("duty_officer").get(page_of("points", export="xlsx"))
    again = import_points(park, read_point_file(exported.content, name="p.xlsx", park=park), actor=boss).as_data()

    assert (again["unchanged"], again["changed"], again["created"]["points"], again["refused"]) == (2, 0, 0, 0)


def test_a_workbook_is_read_too(park, boss):
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("采样点")
        sheet.write_row(0, 0, ["采样点", "类型", "企业", "开放时间", "台数"])
        sheet.write_row(1, 0, ["甲采样点", "企业", "甲", "06:00-10:00", 2])

    told = import_points(park, read_point_file(stream.getvalue(), name="p.xlsx", park=park), actor=boss).as_data()

    assert told["created"]["points"] == 1
    assert Point.objects.get().desks == 2


def test_command_page_and_api_answer_alike(as_role, page_of, park, tmp_path, capsys):
    path = tmp_path / "points.csv"
    path.write_text(GOOD, "utf-8-sig")

    status = commands.take_points(Namespace(file=str(path), park=park.name, json=True))
    by_command = json.loads(capsys.readouterr().out)
    officer = as_role("duty_officer")
    by_api = officer.post("/api/v1/screening/files/points", {"park": park.name, "file": SimpleUploadedFile(
        "p.csv", GOOD.encode())}).json()
    by_page = officer.post(page_of("point-import"), {"file": SimpleUploadedFile("p.csv", GOOD.encode())}).content.decode()

    assert status == 0
    assert by_command["created"] == {"people": 0, "enterprises": 0, "points": 2}
    assert by_command.keys() == by_api.keys()
    assert (by_api["unchanged"], by_api["created"]["points"]) == (2, 0)
    assert "Here already" in by_page
    for role in ("leader", "scanner", "grid_leader"):
        assert as_role(role).post(page_of("point-import"), {"file": SimpleUploadedFile("p.csv", b"x")}).status_code == 403


def test_a_point_is_changed_on_its_page_and_keeps_its_tubes(as_role, page_of, park, boss, a_point, a_tube, round_1):
    point = a_point(enterprise="甲", name="甲点")
    tube = a_tube("T1", of=round_1, point=point)
    a_point(name="南门")
    officer = as_role("duty_officer")
    unit = f"unit:{park.units.get(name='甲', kind='enterprise').pk}"
    form = {"name": "甲采样点", "kind": "enterprise", "over": unit, "opens": "06:00", "closes": "10:00", "desks": 2,
            "since": "2022-07-01", "until": ""}

    assert "甲点" in officer.get(page_of("point-change", point.pk)).content.decode()
    for wrong in ({"closes": ""}, {"desks": 0}, {"until": "2022-06-30"}, {"over": ""}):
        assert officer.post(page_of("point-change", point.pk), form | wrong).status_code == 422
    assert officer.post(page_of("point-change", point.pk), form | {"name": "南门"}).status_code == 409
    point.refresh_from_db()
    assert point.name == "甲点"
    assert officer.post(page_of("point-change", point.pk), form).status_code == 302

    point.refresh_from_db()
    tube.refresh_from_db()
    assert (point.name, point.opens, point.desks, tube.point) == ("甲采样点", time(6), 2, point)
    assert as_role("grid_leader").get(page_of("point-change", point.pk)).status_code == 403


def test_the_list_is_searched_and_narrowed(as_role, page_of, park, boss):
    take(park, boss, GOOD + "旧点,公共,,,\n")
    old = Point.objects.get(name="旧点")
    old.until = date(2022, 7, 22)
    old.save()
    officer = as_role("duty_officer")

    def listed(**by) -> Any:
        shown = officer.get(page_of("points", **by)).content.decode().split("Set up a point")[0]
        return {name for name in ("甲采样点", "公共1", "旧点") if name in shown}

    assert listed() == {"甲采样点", "公共1", "旧点"}
    assert listed(q="甲") == listed(kind="enterprise") == {"甲采样点"}
    assert listed(standing="no") == {"旧点"}
    assert listed(standing="yes") == {"甲采样点", "公共1"}
