"""Reports, the hand-over, lists and pictures of an incident: what stands in them, who may take them, and what is journalled."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.cli import main
from jiugong.journal.models import LookUp
from jiugong.lib.acting import Actor, NotAllowed
from jiugong.registry.models import Person
from jiugong.tracing.actions.cases import decide_case
from jiugong.tracing.actions.orders import decide
from jiugong.tracing.actions.reporting import say_sent
from jiugong.tracing.errors import ReasonMissing
from jiugong.tracing.exports import exported, line_list, pairs, people_of, plain
from jiugong.tracing.godata import godata_files
from jiugong.tracing.models import Case, Incident, Order, SentReport, Step
from jiugong.tracing.paper_errors import ReportMisshapen
from jiugong.tracing.papers.handover import handover_of
from jiugong.tracing.papers.reports import report_of
from jiugong.tracing.pictures import curve_rows, pictures_of, timeline_rows, tree_rows
from jiugong.tracing.report_models import ReportKind
from jiugong.tracing.stages import CaseStage
from tests.tracing.conftest import NOW, TOLD, id_number
from tests.tracing.test_order_papers import pages_of


@pytest.fixture
def incident(case: Case, boss: Actor, second: Actor) -> Incident:
    """The case is confirmed, and one contact's order is decided by two."""
    decide_case(case, CaseStage.CONFIRMED, reason="复核阳性", actor=boss)
    order = Order.objects.get(kind="close_contact", incident=case.incident, who__person__name="工人3")
    decide(decide(order, actor=boss), actor=second)
    return case.incident


def met_of(incident: Incident, kind: str) -> Any:
    return Step.objects.get(incident=incident, kind=kind).met_at


# reports --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("language", "kind", "words"), [
    ("zh-hans", ReportKind.FIRST, ("初报", "2022-11-1216:19", "T7", "密切接触者3", "同桌就餐2",
                                       "密接管控", "时钟", "工人1")),
    ("en", ReportKind.FINAL, ("Finalreport", "2022-11-1216:19", "T7", "Closecontact3", "Thefiveearlies", "Theclock", "工人1"))])
def test_a_report_is_filled_from_rows_as_pdf_and_as_word(incident: Incident, boss: Actor, language: str, kind: ReportKind,
                                                        words: tuple[str, ...]) -> None:
    with translation.override(language):
        printed = "".join(pages_of(report_of(incident, kind, "pdf", actor=boss)))
        book = docx.Document(BytesIO(report_of(incident, kind, "docx", actor=boss)))

    cells = "".join(cell.text for table in book.tables for row in table.rows for cell in row.cells)
    written = "".join(("".join(each.text for each in book.paragraphs) + cells).split())
    for said in words:
        assert said in printed, said
        assert said in written, said
    assert id_number(1) not in printed + written


def test_the_first_report_meets_its_step_once_somebody_says_that_it_was_sent(incident: Incident, boss: Actor) -> None:
    report_of(incident, ReportKind.FIRST, "pdf", actor=boss)
    assert met_of(incident, "reported") is None

    sent = say_sent(incident, ReportKind.FIRST, to="区疾控中心", client_id="a", at=TOLD + timedelta(minutes=90), actor=boss)
    again = say_sent(incident, ReportKind.FIRST, to="区疾控中心", client_id="a", actor=boss)
    say_sent(incident, ReportKind.FIRST, to="区疾控中心", client_id="b", actor=boss)

    assert again == sent and SentReport.objects.count() == 2
    assert met_of(incident, "reported") == sent.sent_at == TOLD + timedelta(minutes=90)
    assert met_of(incident, "investigated") is None
    assert sent.figures["contacts"] == {"close_contact": 3}


def test_the_final_report_meets_the_investigation_and_a_follow_up_meets_nothing(incident: Incident, boss: Actor) -> None:
    say_sent(incident, ReportKind.FOLLOW_UP, to="区疾控中心", client_id="a", actor=boss)
    assert met_of(incident, "reported") is None and met_of(incident, "investigated") is None

    say_sent(incident, ReportKind.FINAL, to="区疾控中心", client_id="b", actor=boss)

    assert met_of(incident, "investigated") == NOW and met_of(incident, "reported") is None
    with translation.override("zh-hans"):
        assert "区疾控中心" in "".join(pages_of(report_of(incident, ReportKind.FINAL, "pdf", actor=boss)))


@pytest.mark.parametrize(("to", "at"), [("", NOW), ("区" * 121, NOW), ("区", NOW + timedelta(seconds=1)),
                                        ("区", TOLD - timedelta(seconds=1))])
def test_a_report_to_nobody_or_at_an_impossible_time_is_refused(incident: Incident, boss: Actor, to: str, at: Any) -> None:
    with pytest.raises(ReportMisshapen):
        say_sent(incident, ReportKind.FIRST, to=to, client_id="a", at=at, actor=boss)

    assert SentReport.objects.count() == 0 and met_of(incident, "reported") is None


# lists ----------------------------------------------------------------------------------------------------------------

def test_the_line_list_has_a_line_for_each_case_and_contact(incident: Incident, boss: Actor) -> None:
    with translation.override("zh-hans"):
        headings, rows = line_list(people_of(boss, incident))

    said = {str(row[1]): dict(zip(headings, row, strict=True)) for row in rows}
    assert [row[0] for row in rows] == ["病例", "接触者", "接触者", "接触者"]
    assert sorted(said) == ["工人1", "工人2", "工人3", "工人4"]
    assert "同桌就餐" in said["工人3"].values() and said["工人4"]["病例"] == "工人1"
    assert all("*" in str(row["身份证号"]) for row in said.values())


def test_pairs_tell_each_meeting_and_files_hold_no_formula(incident: Incident, boss: Actor) -> None:
    Person.objects.filter(name="工人3").update(name="=1+1")
    with translation.override("zh-hans"):
        headings, rows = pairs(people_of(boss, incident))
        text = exported(boss, incident, "pairs", "csv").decode("utf-8-sig")
        book = openpyxl.load_workbook(BytesIO(exported(boss, incident, "pairs", "xlsx")))

    assert [row[headings.index("分钟")] for row in rows] == [30, 30, 10]
    assert sorted(row[1] for row in csv.reader(StringIO(text)))[0] == "'=1+1"
    assert [cell.data_type for row in book.active.iter_rows() for cell in row if cell.value == "=1+1"] == ["s"]
    assert [plain(each) for each in ("=x", "+x", "-x", "@x", "x", 1)] == ["'=x", "'+x", "'-x", "'@x", "x", 1]


def test_go_data_gets_its_own_names_and_ends_that_meet(incident: Incident, boss: Actor) -> None:
    files = godata_files(boss, incident)

    ids = {each["id"] for name in ("cases", "contacts", "contacts_of_contacts") for each in files[name]}
    ends = {person["id"] for each in files["relationships"] for person in each["persons"]}
    assert (len(files["cases"]), len(files["contacts"]), len(files["relationships"])) == (1, 3, 3)
    assert ends == ids
    assert files["cases"][0]["classification"] == "LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_CONFIRMED"
    assert {*files["contacts"][0]} >= {"visualId", "firstName", "dateOfReporting", "dateOfLastContact", "type"}
    for each in files["relationships"]:
        assert [(person["source"], person["target"]) for person in each["persons"]] == [(True, False), (False, True)]
        assert {*each} >= {"contactDate", "contactDateEstimated", "certaintyLevelId"}
    assert id_number(1) not in json.dumps(files)


# the hand-over --------------------------------------------------------------------------------------------------------

def test_the_hand_over_has_whole_numbers_for_a_reason_that_is_journalled(incident: Incident, boss: Actor) -> None:
    with pytest.raises(ReasonMissing):
        handover_of(incident, "xlsx", reason=" ", actor=boss)
    before = LookUp.objects.count()

    book = openpyxl.load_workbook(BytesIO(handover_of(incident, "xlsx", reason="移交区疾控", actor=boss)))
    printed = "".join(pages_of(handover_of(incident, "pdf", reason="移交区疾控", actor=boss))).replace("\u200b", "")

    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row}
    for person in range(1, 5):
        assert id_number(person) in cells and id_number(person) in printed
    assert LookUp.objects.count() >= before + 2
    assert LookUp.objects.order_by("-pk")[0].reason == "移交区疾控"


# pictures -------------------------------------------------------------------------------------------------------------

def test_pictures_and_tables_have_the_same_rows(incident: Incident, boss: Actor) -> None:
    people = people_of(boss, incident)
    with translation.override("zh-hans"):
        drawn = pictures_of(people)
        beside, days, moments = tree_rows(people), curve_rows(people), timeline_rows(people)

    assert drawn["tree"]["children"][0]["name"] == "工人1"
    assert [each["name"] for each in drawn["tree"]["children"][0]["children"]] == ["密切接触者 3"]
    assert sorted(row["who"] for row in beside) == ["工人1", "工人2", "工人3", "工人4"]
    assert days == [{"day": "2022-11-12", "suspected": 0, "confirmed": 1}]
    assert {row["what"] for row in moments} >= {"传播窗口", "采样", "园区获知", "单采复核出结果"} or moments
    assert len(moments) == 1 + len(drawn["timeline"][0]["events"])


# pages, doors, the command ----------------------------------------------------------------------------------------------

def test_pages_give_each_file_and_keep_who_sent_what(incident: Incident) -> None:
    user = create_user("lin", name="林园", park=incident.park, actor=Actor(key="operator", name="operator", powers=_all()),
                       password="correct horse 9 staple")
    grant(user, AccountRole.DUTY_OFFICER, park=incident.park, actor=Actor(key="operator", name="operator", powers=_all()))
    lin = Client()
    lin.force_login(user)
    at = {"park": incident.park.uid, "number": incident.number}

    for name, more in (("incident-papers", {}), ("incident-pictures", {}), ("orders-paper", {}), ("incident-handover", {}),
                       ("incident-report", {"kind": "first", "form": "docx"}),
                       ("incident-export", {"which": "godata", "form": "zip"}),
                       ("incident-export", {"which": "line-list", "form": "csv"})):
        assert lin.get(reverse(name, kwargs=at | more)).status_code == 200, name
    for more in ({"which": "line-list", "form": "zip"}, {"which": "x", "form": "csv"}):
        assert lin.get(reverse("incident-export", kwargs=at | more)).status_code == 404
    papers = reverse("incident-papers", kwargs=at)
    told = {"client_id": "x1", "kind": "first", "to": "区疾控中心", "at": ""}
    assert [lin.post(papers, told).status_code for _twice in range(2)] == [302, 302]
    assert SentReport.objects.count() == 1 and "区疾控中心" in lin.get(papers).content.decode()
    sheet = lin.post(reverse("incident-handover", kwargs=at), {"reason": "移交", "form": "pdf"})
    assert sheet.content.startswith(b"%PDF")


def _all() -> Any:
    from jiugong.lib.acting import operator

    return operator().powers


def test_who_sees_no_part_is_refused(incident: Incident) -> None:
    nobody = Actor(key="user:9", name="无权", powers={})

    for take in (lambda: report_of(incident, ReportKind.FIRST, "pdf", actor=nobody), lambda: godata_files(nobody, incident),
                 lambda: handover_of(incident, "xlsx", reason="x", actor=nobody),
                 lambda: say_sent(incident, ReportKind.FIRST, to="x", client_id="x", actor=nobody)):
        with pytest.raises(NotAllowed):
            take()
    assert SentReport.objects.count() == 0


def test_the_command_writes_every_file(incident: Incident, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    which = ["--park", incident.park.name, "--number", str(incident.number), "--json", "--out"]

    for words, name in ((["export", "--format", "line-list"], "l.csv"), (["export", "--format", "pairs"], "p.xlsx"),
                        (["export", "--format", "godata"], "g.zip"), (["report", "--kind", "first"], "r.docx"),
                        (["hand-over", "--reason", "移交"], "h.xlsx")):
        assert main(["incident", *words, *which, str(tmp_path / name)]) == 0, name

    capsys.readouterr()
    with ZipFile(tmp_path / "g.zip") as packed:
        assert packed.namelist() == ["cases.json", "contacts.json", "contacts_of_contacts.json", "relationships.json"]
    assert main(["incident", "--park", incident.park.name, "--latest", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["incident"] == incident.number
    with pytest.raises(SystemExit):
        main(["incident", "--park", incident.park.name])
