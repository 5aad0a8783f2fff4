"""The signed report as a paper: all that proves it, in both languages, and nobody whose data went."""

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jiugong.lasting.logic.signing import signed
from jiugong.lasting.models import Erasure
from jiugong.lasting.report_paper import paper_of
from tests.cast import MORNING, Town

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("this_morning")]
HASH, ROWS, BACKUP = "ab" * 32, "cd" * 32, "ef" * 32


def a_report(**changed: Any) -> dict[str, Any]:
    said = {"report": "4c5f0c0e-0000-4000-8000-000000000001", "park": "试验园区", "park_uid": "x",
            "emergency_ended_on": "2022-12-08",
            "list": {"registry_person": {"rows": 14, "columns": ["name"], "what": "deleted", "purpose": "roster",
                                         "rows_sha256": ROWS}},
            "list_sha256": HASH, "rows_listed": 14, "rows_erased": {"registry_person": {"deleted": 12, "blanked": 2}},
            "days": {"screening_specimen": {"2022-07-21": 2, "2022-07-22": 3}},
            "backups_destroyed": [{"sha256": BACKUP, "made_at": "2022-12-01T00:00:00+00:00", "opened_by_passphrase": False}],
            "keys_destroyed": 2, "store": {"store": "sqlite", "did": ["secure_delete", "vacuum"]}, "limits": ["disk", "copies"],
            "proposed_by": "甲一", "proposed_at": "2022-12-09T01:00:00+00:00", "released_by": "乙二",
            "released_at": "2022-12-09T02:00:00+00:00", "auditor": "公证处", "ended_at": "2022-12-09T02:05:00+00:00"}
    return signed(said, b"k" * 32) | changed


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


@pytest.mark.parametrize(("language", "title", "went"), [
    ("zh-hans", "清除报告", "删除"), ("en", "Report of an erasure", "Deleted")])
def test_it_says_who_decided_what_went_what_stays_and_how_it_is_checked(town: Town, language: str, title: str, went: str) -> None:
    report = a_report()
    with translation.override(language):
        read = text_of(paper_of(report, town.park.zone))

    for said in (title, went, "甲一", "乙二", "公证处", HASH, ROWS, BACKUP, report["public_key"], report["signature"][:64],
                 report["signature"][64:], "registry_person", "2022-12-09 09:00", "2022-12-09 10:05", "screening_specimen"):
        assert said in read, said


def test_a_report_that_was_changed_says_so_on_its_first_line(town: Town) -> None:
    with translation.override("en"):
        whole = text_of(paper_of(a_report(), town.park.zone))
        touched = text_of(paper_of(a_report(rows_listed=13), town.park.zone))

    assert "does not hold" not in whole
    assert "does not hold" in touched


def test_it_carries_nobody_in_what_a_reader_does_not_see(town: Town) -> None:
    content = paper_of(a_report(), town.park.zone)

    assert set(pypdf.PdfReader(BytesIO(content)).metadata or {}) <= {"/Title", "/Creator", "/CreationDate", "/ModDate", "/Producer"}


@pytest.mark.parametrize(("who", "status"), [("lin", 200), ("zhou", 200), ("kai", 200), ("tao", 404), ("shu", 404), ("ines", 404)])
def test_page_and_program_give_it_to_those_who_decide_or_read_the_journal(town: Town, other_town: Town, who: str,
                                                                          status: int) -> None:
    done = Erasure.objects.create(park=town.park, stage="done", listed={"tables": {}, "rows": 0}, proposed_at=MORNING,
                                  ended_at=MORNING, list_sha256=HASH, report=a_report())
    client = Client()
    client.force_login((town.users | other_town.users)[who])
    page = reverse("erasure-report", args=[town.park.uid, done.uid])

    paper = client.get(page, {"as": "pdf"})
    program = client.get(f"/api/v1/lasting/reports/{done.uid}/papers/pdf", {"park": str(town.park.uid)})
    listed = client.get("/api/v1/lasting/reports", {"park": str(town.park.uid)})

    assert (paper.status_code, program.status_code, listed.status_code) == (status, status, status)
    if status == 200:
        assert HASH in text_of(paper.content) and HASH in text_of(program.content)
        assert paper.headers["Content-Type"] == "application/pdf"
        assert listed.json()[0]["signature"] == a_report()["signature"]
