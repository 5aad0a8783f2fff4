"""Every paper of a brief says what the page says, in both languages; names stand on it only for who may see them."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from jiugong.accounts.queries import actor_for
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.papers.content import Paper
from jiugong.briefs.papers.making import made
from jiugong.briefs.queries import scope_for
from jiugong.briefs.tests.makers import a_draft, a_published_brief
from jiugong.briefs.wording import KEYS
from jiugong.journal.models import LookUp
from jiugong.lib.acting import operator
from tests.cast import DAY, Town, an_id

# Papers are made of figures and rows; that either store counts them alike: test_figures.py, test_rows.py.
pytestmark = [pytest.mark.pure, pytest.mark.django_db]


def _told(paper: Paper) -> list[str]:
    """Everything with a number in it that a paper must say: its clauses, and its figures line by line."""
    said = []
    for part in paper.document["parts"]:
        said += [paper.clause(at, clause) for at, clause in enumerate(part["clauses"], start=1)]
        for each in part["figures"]:
            said.append(f"{each['name']}{paper.figures[each['key']]:,}{each['unit']}{paper.before[each['key']]:,}"
                        f"{paper.change(each['key'])}")
        for row in part["table"]["rows"] if part["table"] else ():
            said.append("".join(text for text, _key in row))
    return [re.sub(r"\s", "", each) for each in said]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pdf_says_what_the_page_says(busy: Town, language: str) -> None:
    paper = a_draft(busy, language)
    scope = scope_for(actor_for(busy.users["lin"]), busy.park, DAY, DAY)

    pages = PdfReader(BytesIO(made(paper, "pdf", scope, actor=operator()))).pages
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))

    assert [float(side) for side in pages[0].mediabox[2:]] == pytest.approx([595.3, 841.9], abs=0.5)       # A4
    assert [each for each in _told(paper) if each not in re.sub(r"第\d+页，共\d+页|Page\d+of\d+", "", text)] == []
    assert re.sub(r"\s", "", paper.document["title"]) in text
    assert text.count(re.sub(r"\s", "", paper.document["issuer"])) >= 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_word_file_can_be_edited_and_says_what_the_page_says(busy: Town, language: str) -> None:
    paper = a_draft(busy, language)
    scope = scope_for(actor_for(busy.users["lin"]), busy.park, DAY, DAY)

    book = Document(BytesIO(made(paper, "docx", scope, actor=operator())))
    rows = ["".join(cell.text for cell in row.cells) for table in book.tables for row in table.rows]
    text = re.sub(r"\s", "", "\n".join([*(each.text for each in book.paragraphs), *rows]))
    headings = [each.text for each in book.paragraphs if each.style and each.style.name == "Heading 1"]

    assert [each for each in _told(paper) if each not in text] == []
    assert headings == [part["heading"] for part in paper.document["parts"]]
    assert 'w:eastAsia="仿宋"' in book.styles["Normal"].element.xml
    assert book.paragraphs[0].style is not None
    assert book.paragraphs[0].style.name == "Title"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_annex_has_a_sheet_for_every_figure_with_its_rows(busy: Town, language: str) -> None:
    paper = a_draft(busy, language)
    lin = actor_for(busy.users["lin"])

    book = openpyxl.load_workbook(BytesIO(made(paper, "xlsx", scope_for(lin, busy.park, DAY, DAY), actor=lin)))
    summary = book.worksheets[0]
    rows = {row[0]: row[1:5] for row in summary.iter_rows(min_row=5, values_only=True) if row[0]}

    assert len(book.worksheets) == 1 + len(KEYS)
    for key in KEYS:
        named = BY_KEY[key].zh if language == "zh-hans" else BY_KEY[key].en
        unit = BY_KEY[key].unit_zh if language == "zh-hans" else BY_KEY[key].unit_en
        assert rows[named] == (paper.figures[key], unit, paper.before[key], paper.difference(key))
    missing = next(sheet for sheet in book.worksheets if sheet.title.endswith(" 未检人次" if language == "zh-hans" else " Missing"))
    assert missing.max_row == 1 + paper.figures["screening.missing"]


def test_names_stand_in_the_annex_only_for_who_may_see_them(busy: Town) -> None:
    def said(who: str) -> str:
        actor = actor_for(busy.users[who])
        scope = scope_for(actor, busy.park, DAY, DAY)
        book = openpyxl.load_workbook(BytesIO(made(a_draft(busy, "en"), "xlsx", scope, actor=actor)))
        return "\n".join(str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row)

    before = LookUp.objects.count()
    leaders = said("zhou")
    looks_of_the_leader = LookUp.objects.count() - before
    offices = said("lin")

    assert "孙丽" not in leaders and "ID number" not in leaders and looks_of_the_leader == 0
    assert "孙丽" in offices and "ID number" in offices and an_id(2) not in offices
    assert LookUp.objects.count() - before >= len(busy.people) - 6


def test_the_papers_come_as_files_and_an_unknown_kind_is_not_there(busy: Town) -> None:
    client = Client()
    client.force_login(busy.users["lin"])
    kept = a_published_brief(busy, "one")

    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        for address in (reverse("brief-paper", args=[busy.park.uid, kind]) + f"?from={DAY}&to={DAY}",
                        reverse("published-paper", args=[busy.park.uid, kept.uid, kind])):
            answer = client.get(address)
            assert (answer.status_code, answer.content[:len(begins)]) == (200, begins)
            assert f".{kind}" in answer.headers["Content-Disposition"]
    assert client.get(reverse("brief-paper", args=[busy.park.uid, "odt"])).status_code == 404
    assert client.get(reverse("published-paper", args=[busy.park.uid, kept.uid, "odt"])).status_code == 404
    assert client.get(reverse("brief-paper", args=[busy.park.uid, "pdf"]) + "?language=fr").status_code == 422


