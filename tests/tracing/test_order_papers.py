"""An order on paper: everything that it rests on, in both languages; nobody else's name; who prints it is journalled."""

import json
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from django.utils import translation

from jiugong.cli import main
from jiugong.journal.models import LookUp
from jiugong.lib.acting import Actor
from jiugong.registry.models import Person
from jiugong.tracing.actions.cases import decide_case
from jiugong.tracing.actions.contacts import add_contact
from jiugong.tracing.actions.orders import confirm_holds, decide, withdraw
from jiugong.tracing.models import Case, Order
from jiugong.tracing.paper_errors import NoOrderToPrint
from jiugong.tracing.papers.orders import orders_to_hand_out, papers_of, to_print
from jiugong.tracing.stages import CaseStage
from jiugong.tracing.words import ContactClass
from tests.tracing.conftest import at, id_number

LANGUAGES = ("zh-hans", "en")


def pages_of(content: bytes) -> list[str]:
    """What stands on each page; signs that typesetting parts stand together again."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(content)).pages]


def printed(order: Order, boss: Actor, language: str = "zh-hans") -> str:
    with translation.override(language):
        return "".join(pages_of(papers_of(to_print(Order.objects.filter(pk=order.pk)), order.park, actor=boss)))


@pytest.fixture
def decided(case: Case, boss: Actor, second: Actor) -> Order:
    """The order over somebody who sat at the table, decided by two."""
    decide_case(case, CaseStage.CONFIRMED, reason="复核阳性", actor=boss)
    order = Order.objects.get(kind="close_contact", incident=case.incident, who__person__name="工人3")
    decide(order, actor=boss)
    return decide(order, actor=second)


@pytest.mark.parametrize(("language", "words"), [
    ("zh-hans", ("管控决定书", "同桌就餐", "食堂/1桌", "2022-11-1112:00–12:30", "集中隔离", "居家隔离", "国务院联防联控机制综合组",
                 "如何提出异议", "送达回执", "第二人", "命令行", "密切接触者管控", "假定")),
    ("en", ("Decisiononameasureofcontrol", "食堂/1桌", "2022-11-1112:00–12:30", "centralquarantine", "isolationathome",
            "Howtoobject", "Receipt", "第二人", "Commandline", "assumed", "国务院联防联控机制综合组"))])
def test_it_says_what_why_by_which_document_until_when_and_who_signed(decided: Order, boss: Actor, language: str,
                                                                     words: tuple[str, ...]) -> None:
    read = printed(decided, boss, language)

    until = decided.until.astimezone(decided.park.zone).strftime("%Y-%m-%d%H:%M")
    for said in (*words, decided.who.name, decided.who.masked_id, until, decided.park.name,
                 *(day for phase in decided.phases for day in phase["tests_on"])):
        assert said in read, said


def test_it_names_nobody_else_and_no_number_in_full(decided: Order, case: Case, boss: Actor) -> None:
    add_contact(case, decided.who, contact_class=ContactClass.CLOSE_CONTACT, since=at("11 13:00"), until=at("11 13:30"),
                reason=f"与{case.who.name}同行", actor=boss)

    for language in LANGUAGES:
        read = printed(decided, boss, language)
        others = Person.objects.filter(park=case.incident.park).exclude(pk=decided.who.person_id)
        assert not [each.name for each in others if each.name in read]
        assert not [number for number in range(1, 6) if id_number(number) in read]


def test_what_is_not_decided_is_a_draft_and_what_is_over_says_so(case: Case, boss: Actor) -> None:
    order = Order.objects.filter(kind="close_contact", incident=case.incident)[0]
    assert "草稿" in printed(order, boss) and "DRAFT" in printed(order, boss, "en")

    withdraw(order, reason="名单有误", actor=boss)

    read = printed(order, boss)
    assert "名单有误" in read and "草稿" not in read


def test_a_hold_is_a_notice_with_one_signature(case: Case, boss: Actor) -> None:
    hold = Order.objects.filter(kind="hold", who=case.who)[0]
    confirm_holds(case.incident, actor=boss)

    read = printed(hold, boss)

    assert "临时管控告知书" in read and "T7" in read and "两人中的第一人" not in read


def test_all_of_an_incident_stand_in_one_file_each_on_its_own_pages(case: Case, decided: Order, boss: Actor, second: Actor) -> None:
    rest = [each for each in Order.objects.filter(kind="close_contact", incident=case.incident) if each.pk != decided.pk]
    assert len(rest) == 2
    decide(decide(rest[0], actor=boss), actor=second)

    with translation.override("zh-hans"):
        pages = pages_of(papers_of(orders_to_hand_out(boss, case.incident, "close_contact"), case.incident.park, actor=boss))

    firsts = [page for page in pages if "管控决定书" in page]
    assert len(firsts) == 2 and len(pages) >= 2
    earlier, later = sorted((decided, rest[0]), key=lambda each: each.number)
    assert [name in firsts[0] for name in (earlier.who.name, later.who.name)] == [True, False]


def test_nothing_decided_gives_no_file(case: Case, boss: Actor) -> None:
    with pytest.raises(NoOrderToPrint):
        papers_of(orders_to_hand_out(boss, case.incident, "close_contact"), case.incident.park, actor=boss)


def test_who_prints_it_is_journalled(decided: Order, boss: Actor) -> None:
    printed(decided, boss)

    look = LookUp.objects.order_by("-pk")[0]
    assert look.reason == "printed orders"


def test_the_command_writes_one_or_all(decided: Order, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    park = decided.park.name
    words = ["order", "paper", "--park", park, "--json", "--out", str(tmp_path / "o.pdf")]

    assert main([*words, "--number", str(decided.number), "--language", "en"]) == 0
    assert json.loads(capsys.readouterr().out)["orders"] == 1
    assert "Decisiononameasureofcontrol" in pages_of((tmp_path / "o.pdf").read_bytes())[0]
    assert main([*words, "--incident", "1"]) == 0
    assert main([*words, "--number", "999"]) == 1


