"""What the journal shows is said in words: every reason that a page writes by itself, every verb and every fact."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from jiugong.briefs.figures import FIGURES
from jiugong.journal.words import FACTS, FIELDS, NOT_FOR_PEOPLE, OPENED, VERBS, facts_in_words, reason_in_words

pytestmark = pytest.mark.pure
ROOMS = Path(__file__).parents[1] / "jiugong"
PLAIN = {"actor", "at", "park_id", "person_id", "subject"}


def _calls(name: str) -> Iterator[ast.Call]:
    """Every call of a function in the product's own code."""
    for path in ROOMS.rglob("*.py"):
        if not {"tests", "migrations"} & set(path.parts):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name:
                    yield node


def _written(call: ast.Call, word: str) -> list[str]:
    """What stands under a keyword as it is: a text, or each text of a tuple."""
    return [each.value for key in call.keywords if key.arg == word for each in ast.walk(key.value)
            if isinstance(key.value, ast.Constant | ast.Tuple) and isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_every_look_that_a_page_notes_by_itself_is_said_in_words() -> None:
    looks = list(_calls("looked"))

    assert len(looks) > 20
    assert {reason for look in looks for reason in _written(look, "reason")} - set(OPENED) == set()
    assert {field for look in looks for field in _written(look, "fields")} - set(FIELDS) == set()


def test_every_deed_and_its_facts_are_said_in_words() -> None:
    deeds = [deed for deed in _calls("note") if deed.args]
    verbs = {deed.args[0].value for deed in deeds if isinstance(deed.args[0], ast.Constant)}
    facts = {key.arg for deed in deeds for key in deed.keywords if key.arg} - PLAIN - NOT_FOR_PEOPLE

    assert len(verbs) > 90 and verbs - set(VERBS) == set()
    assert facts - set(FACTS) == set()


def test_a_reason_that_a_page_wrote_is_read_in_the_readers_language_and_a_typed_one_as_it_was_typed() -> None:
    with translation.override("zh-hans"):
        assert reason_in_words("took the roster of round 3 onto a device") == "将第3轮名单存到设备上"
        assert reason_in_words("duties.missing") == next(each.zh for each in FIGURES if each.key == "duties.missing")
        assert reason_in_words("复核发热") == "复核发热"
        assert facts_in_words({"tables": "journal_lookup, duties_evidence", "urgent": "task"}) == [
            ("数据表", "查阅记录、上报记录"), ("免打扰时段也发送", "待办")]
