"""The park stories, replayed from raw files by the commands that other programs run, give what was worked out elsewhere.

Long because every command of the contract is spoken to from outside, on the one home and story of this page.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scenarios.d.replay import INPUTS
from tests.cast import Firm, a_phone, a_roster, an_id
from tests.commands import Home
from tests.installed import copied, installed

DATA = Path(__file__).parent / "data"
STORY_D = json.loads((DATA / "story-d.expected.json").read_text())
STORY_A = json.loads((DATA / "story-a.expected.json").read_text())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(installed(tmp_path)) as home:
        yield home


@pytest.fixture(scope="module")
def story_d(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Story D in a home of its own, told once for this page; tests here only read it."""
    with Home(installed(tmp_path_factory.mktemp("story-d"))) as told:
        told.figures = told.ask_alone("story", "d")["figures"]             # type: ignore[attr-defined]
        yield told


def test_story_d_gives_its_published_figures(story_d: Home) -> None:
    figures = story_d.figures                                              # type: ignore[attr-defined]

    assert figures["screening.rounds"] == STORY_D["rounds"] == 9
    assert figures["screening.tubes"] == STORY_D["tubes"] == 457
    assert figures["screening.person_tests"] == STORY_D["person_tests"] == 8562
    assert figures["registry.enterprises"] == STORY_D["firms_in_park"]
    assert figures["registry.people"] == STORY_D["workers_back"]
    assert figures["registry.task_groups"] == 8
    assert figures["registry.officers.park_chief"] == 1
    assert figures["registry.officers.enterprise_chief"] == 22


@pytest.fixture(scope="module")
def gaps(story_d: Home) -> dict[str, dict[str, Any]]:
    """What each round of story D misses."""
    rounds = sorted(STORY_D["owed_by_round"])
    return {number: story_d.ask("gaps", "--park", STORY_D["park"], "--round", number, "--reason", "test of the story")
            for number in rounds}


@pytest.mark.parametrize("number", sorted(STORY_D["owed_by_round"]))
def test_every_round_of_story_d_misses_exactly_these_people(gaps: dict[str, dict[str, Any]], number: str) -> None:
    gap = gaps[number]

    assert gap["owed"] == STORY_D["owed_by_round"][number]
    assert gap["done"] == STORY_D["sampled_by_round"][number]
    assert gap["owed"] == gap["done"] + gap["excused"] + len(gap["missing"])
    assert sorted(each["resident_id"] for each in gap["missing"]) == sorted(STORY_D["missing_by_round"][number])
    assert all(set(each) == {"resident_id", "name", "enterprise", "team"} for each in gap["missing"])


def test_numbers_are_masked_for_whoever_gives_no_reason(story_d: Home) -> None:
    gap = story_d.ask_alone("gaps", "--park", STORY_D["park"], "--round", 1)

    assert len(gap["missing"]) == len(STORY_D["missing_by_round"]["1"])
    assert all("*" in each["resident_id"] for each in gap["missing"])


def test_every_figure_of_story_d_opens_to_rows_that_count_or_sum_to_it(story_d: Home) -> None:
    period = ("--park", STORY_D["park"], "--from", STORY_D["first_day"], "--to", STORY_D["last_day"])
    figures = story_d.ask("brief", *period)["figures"]

    for key, value in figures.items():
        opened = story_d.ask("rows", key, *period)
        rows = opened["rows"]
        assert opened["value"] == value, key
        assert (sum(row["value"] for row in rows) if rows and "value" in rows[0] else len(rows)) == value, key


def test_telling_story_d_again_changes_nothing(story_d: Home) -> None:
    assert story_d.ask("story", "d")["figures"] == story_d.figures         # type: ignore[attr-defined]


def test_both_ends_of_a_period_count_and_the_day_before_does_not(story_d: Home) -> None:
    def tests_between(first: str, last: str) -> int:
        figures = story_d.ask("brief", "--park", STORY_D["park"], "--from", first, "--to", last)["figures"]
        return int(figures["screening.person_tests"])

    assert tests_between("2022-07-19", "2022-07-19") == 0
    assert tests_between("2022-07-20", "2022-07-20") == STORY_D["sampled_by_round"]["1"]
    assert tests_between("2022-07-20", "2022-07-21") == sum(STORY_D["sampled_by_round"][each] for each in "12")
    assert tests_between("2022-07-31", "2022-07-31") == 0


def test_another_folder_of_the_same_shape_gives_its_own_answers(home: Home, tmp_path: Path) -> None:
    workers = ["甲一", "甲二", "甲三", "乙一", "乙二"]
    (tmp_path / "roster.xlsx").write_bytes(a_roster(
        "白云科技园", [Firm("甲企业", "第1网格", workers[:3], 1), Firm("乙企业", "第2网格", workers[3:], 2)],
        [("白园长", "园区长", "白云科技园", ""), ("组长", "小组长", "白云科技园", "采样组")]))
    with (tmp_path / "scans.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["扫码ID", "轮次", "采样日期时间", "采样点", "试管编号", "管内序号", "身份证号", "扫码员手机", "设备号"])
        for at, worker in enumerate((1, 2, 4), start=1):
            writer.writerow([f"s{at}", 7, f"2023-01-0{4} 07:00:0{at}", "门口", f"T{at}", 1, an_id(worker), a_phone(901), "A"])
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["检测结果回传表"])
    sheet.append(["试管编号", "轮次", "份数", "报告时间", "结果"])
    sheet.append(["T1", 7, 1, "2023-01-04 12:00:00", "阴性"])
    book.save(tmp_path / "results.xlsx")

    told = home.ask("story", "d", "--inputs", tmp_path)

    assert told["park"] == "白云科技园"
    assert told["figures"]["screening.rounds"] == 1
    assert told["figures"]["screening.tubes"] == 3
    assert told["figures"]["screening.person_tests"] == 3
    assert told["figures"]["registry.task_groups"] == 1
    gap = home.ask("gaps", "--park", "白云科技园", "--round", 7, "--reason", "test")
    assert (gap["owed"], gap["done"]) == (5, 3)
    assert {each["resident_id"] for each in gap["missing"]} == {an_id(3), an_id(5)}


def test_a_folder_whose_roster_names_no_park_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(a_roster("无名", [Firm("甲企业", "第1网格", ["甲一"], 1)], []))

    assert home.ask("story", "d", "--inputs", tmp_path, status=1)["refused"] == "story.no_park"


def test_the_list_as_it_really_arrives_gives_exactly_its_bad_cells(home: Home, tmp_path: Path) -> None:
    expected = json.loads((DATA / "roster-dirty.expected.json").read_text())
    report = tmp_path / "report.xlsx"

    answer = home.ask("import", "roster", DATA / "roster-dirty.xlsx", "--park", expected["park"], "--create-park",
                      "--bad-rows", "report", "--report", report, "--at", "2022-07-20")

    wrong = {(each["sheet"], each["excel_row"], each["column"]) for each in expected["errors"]}
    assert {(each["sheet"], each["row"], each["column"]) for each in answer["errors"]} == wrong
    assert answer["refused"] == len(wrong) == 27
    assert answer["created"]["people"] == expected["good_rows"]
    assert all(each["message"] for each in answer["errors"])
    book = openpyxl.load_workbook(report)
    marked = {(sheet.title, cell.row, sheet.cell(2, cell.column).value) for sheet in book for row in sheet.iter_rows(min_row=3)
              for cell in row if cell.comment}
    assert marked == wrong


def test_a_refused_list_creates_nothing_at_all(home: Home) -> None:
    answer = home.ask("import", "roster", DATA / "roster-dirty.xlsx", "--park", "脏表园区", "--create-park", "--bad-rows",
                      "refuse", status=1)

    assert answer["refused"] >= 27
    assert answer["created"] == {"people": 0, "enterprises": 0}
    again = home.ask("gaps", "--park", "脏表园区", "--round", 1, status=1)
    assert again["refused"] == "registry.park_unknown"


def test_the_same_roster_again_changes_nothing(home: Home) -> None:
    words = ("import", "roster", INPUTS / "roster.xlsx", "--park", STORY_D["park"], "--create-park", "--bad-rows", "report")
    first, again = home.ask(*words), home.ask(*words)

    assert first["created"] == {"people": 1268, "enterprises": 22}
    assert (first["changed"], first["unchanged"], first["left"], first["refused"]) == (0, 0, 0, 0)
    assert again["created"] == {"people": 0, "enterprises": 0}
    assert (again["changed"], again["unchanged"], again["left"]) == (0, 1268, 0)


def test_two_parks_in_one_home_show_only_their_own(story_d: Home, tmp_path: Path) -> None:
    story_d.rest()
    with Home(copied(story_d.environment, tmp_path)) as home:
        home.ask("import", "roster", DATA / "story-a.roster.xlsx", "--park", STORY_A["park"], "--create-park", "--bad-rows",
                 "report", "--at", "2022-11-12")
        home.ask("import", "scans", DATA / "story-a.scans.csv", "--park", STORY_A["park"])
        home.ask("import", "results", DATA / "story-a.results.xlsx", "--park", STORY_A["park"])

        figures = home.ask("brief", "--park", STORY_A["park"], "--from", "2022-11-12", "--to", "2022-11-12")["figures"]
        assert (figures["screening.rounds"], figures["screening.tubes"], figures["screening.person_tests"]) == (1, 62, 620)
        assert figures["screening.tubes_not_negative"] == 1
        assert figures["screening.retests_open"] == 10
        waiting = home.ask("rows", "screening.retests_open", "--park", STORY_A["park"], "--from", "2022-11-12", "--to",
                           "2022-11-12", "--reason", "test")["rows"]
        assert [each["resident_id"] for each in waiting] == STORY_A["members"]
        assert {each["tube"] for each in waiting} == {STORY_A["positive_tube"]}
        of_d = home.ask("brief", "--park", STORY_D["park"], "--from", "2022-07-20", "--to", "2022-11-12")["figures"]
        assert (of_d["screening.person_tests"], of_d["screening.tubes_not_negative"]) == (8562, 0)


def test_what_a_command_cannot_find_is_refused_in_one_document(home: Home) -> None:
    home.ask("import", "roster", INPUTS / "roster.xlsx", "--park", STORY_D["park"], "--create-park", "--bad-rows", "report")
    period = ("--from", "2022-07-20", "--to", "2022-07-30")

    assert home.ask_alone("gaps", "--park", "没有的园区", "--round", 1, status=1)["refused"] == "registry.park_unknown"
    assert home.ask("gaps", "--park", STORY_D["park"], "--round", 99, status=1)["refused"] == "screening.round_unknown"
    assert home.ask("rows", "no.figure", "--park", STORY_D["park"], *period, status=1)["refused"] == "briefs.figure_unknown"
    assert home.ask("import", "roster", "nowhere.xlsx", "--park", "x", "--create-park", "--bad-rows", "report",
                    status=1)["refused"] == "command.file_missing"
    assert home.run("gaps", "--park", STORY_D["park"])[0] == 2
    assert home.run("no-such-command")[0] == 2


def test_a_moved_renamed_and_departed_person_is_recognised_by_id_number(home: Home, tmp_path: Path) -> None:
    park = "流动园区"
    firms = [Firm("甲企业", "第1网格", ["甲一", "甲二", "甲三"], 1), Firm("乙企业", "第1网格", ["乙一"], 2)]
    (tmp_path / "first.xlsx").write_bytes(a_roster(park, firms, [("园长", "园区长", park, "")]))
    book = openpyxl.load_workbook(BytesIO((tmp_path / "first.xlsx").read_bytes()))
    people = book["人员台账"]
    people["B3"] = "甲一新名"                     # renamed
    people["E4"] = "乙企业"                       # moved to another enterprise
    people.delete_rows(5)                        # left
    book.save(tmp_path / "second.xlsx")
    home.ask("import", "roster", tmp_path / "first.xlsx", "--park", park, "--create-park", "--bad-rows", "report",
             "--at", "2022-07-01")

    answer = home.ask("import", "roster", tmp_path / "second.xlsx", "--park", park, "--bad-rows", "report", "--at", "2022-07-24")

    assert (answer["created"]["people"], answer["changed"], answer["unchanged"], answer["left"]) == (0, 2, 1, 1)

    def on_the_roster(day: date) -> dict[str, str]:
        rows = home.ask("rows", "registry.people", "--park", park, "--from", day, "--to", day)["rows"]
        return {each["name"]: each["enterprise"] for each in rows}

    assert on_the_roster(date(2022, 7, 23)) == {"甲一新名": "甲企业", "甲二": "甲企业", "甲三": "甲企业", "乙一": "乙企业"}
    assert on_the_roster(date(2022, 7, 24)) == {"甲一新名": "甲企业", "甲二": "乙企业", "乙一": "乙企业"}


def test_turning_the_keys_loses_no_number_and_the_roster_comes_back_as_it_went(home: Home, tmp_path: Path) -> None:
    park = "密钥园区"
    (tmp_path / "roster.xlsx").write_bytes(a_roster(park, [Firm("甲企业", "第1网格", ["甲一", "甲二"], 1)],
                                                    [("园长", "园区长", park, "")]))
    home.ask("import", "roster", tmp_path / "roster.xlsx", "--park", park, "--create-park", "--bad-rows", "refuse",
             "--at", "2022-07-01")

    turned = home.ask("keys", "rotate")
    home.rest()                                  # the next command finds the keys as they were written

    assert turned["current"] == 2
    assert turned["resealed"] > 0
    home.ask("export", "roster", tmp_path / "out.xlsx", "--park", park, "--reason", "test")
    again = home.ask("import", "roster", tmp_path / "out.xlsx", "--park", park, "--bad-rows", "refuse")
    assert (again["created"]["people"], again["changed"], again["unchanged"], again["left"]) == (0, 0, 2, 0)
    numbers = openpyxl.load_workbook(tmp_path / "out.xlsx")["人员台账"]
    assert [numbers["C3"].value, numbers["C4"].value] == [an_id(1), an_id(2)]


def test_a_round_that_is_opened_by_command_is_owed_by_who_is_on_duty(home: Home, tmp_path: Path) -> None:
    park = "开轮园区"
    (tmp_path / "roster.xlsx").write_bytes(a_roster(
        park, [Firm("甲企业", "第1网格", ["甲一", "甲二"], 1), Firm("乙企业", "第2网格", ["乙一"], 2)], []))
    home.ask("import", "roster", tmp_path / "roster.xlsx", "--park", park, "--create-park", "--bad-rows", "refuse")
    window = ("--opens", "2022-07-22T06:30", "--closes", "2022-07-22T10:30")

    assert home.ask("round", "open", "--park", park, *window, "--pool", 10)["round"] == 1
    assert home.ask("round", "open", "--park", park, *window, "--pool", 10, "--over", "第1网格", "--number", 5)["round"] == 5
    assert home.ask("round", "open", "--park", park, *window, "--pool", 7, status=1)["refused"] == "screening.pool_not_validated"

    assert home.ask("gaps", "--park", park, "--round", 1)["owed"] == 3
    assert home.ask("gaps", "--park", park, "--round", 5)["owed"] == 2
    assert home.ask("gaps", "--park", park, "--round", 1, "--at", "2022-07-22T08:00")["owed"] == 3


@pytest.mark.parametrize("missing", ["scans.csv", "results.xlsx"])
def test_a_story_without_one_of_its_files_is_refused_and_leaves_nothing(home: Home, tmp_path: Path, missing: str) -> None:
    for each in INPUTS.iterdir():
        if each.name != missing:
            (tmp_path / each.name).write_bytes(each.read_bytes())

    refused = home.ask("story", "d", "--inputs", tmp_path, status=1)

    assert refused["refused"] == "command.file_missing" and missing in refused["file"]
    asked = home.ask("brief", "--park", STORY_D["park"], "--from", "2022-07-20", "--to", "2022-07-20", status=1)
    assert asked["refused"] == "registry.park_unknown"


def test_a_report_that_cannot_be_written_takes_nothing(home: Home, tmp_path: Path) -> None:
    refused = home.ask("import", "roster", INPUTS / "roster.xlsx", "--park", STORY_D["park"], "--create-park",
                       "--bad-rows", "report", "--report", tmp_path / "nowhere" / "out.xlsx", status=1)

    assert refused["refused"] == "command.file_not_written"
    assert home.ask("gaps", "--park", STORY_D["park"], "--round", 1, status=1)["refused"] == "registry.park_unknown"


@pytest.mark.parametrize("name", ["", "  ", "园" * 121])
def test_a_park_needs_a_name_that_fits(home: Home, tmp_path: Path, name: str) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(a_roster(name, [Firm("甲企业", "第1网格", ["甲一"], 1)], []))

    assert home.ask("import", "roster", file, "--park", name, "--create-park", status=1)["refused"] == (
        "registry.park_name_wrong")


@pytest.mark.parametrize("at", ["0001-01-01", "9999-12-31T23:59:59-08:00"])
def test_a_moment_at_the_ends_of_the_calendar_is_refused(story_d: Home, at: str) -> None:
    refused = story_d.ask("gaps", "--park", STORY_D["park"], "--round", 1, "--at", at, status=1)

    assert refused["refused"] == "command.not_a_moment"
