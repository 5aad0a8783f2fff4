"""Chinese and English are both complete. English is what the code says; Chinese is jiugong/locale."""

import re

import polib
import pytest

from tools import messages

pytestmark = pytest.mark.pure

REMAKE = "Remake the catalogue with `make messages`, and translate what it lists."


@pytest.fixture(scope="module")
def catalog() -> polib.POFile:
    return messages.read()


def test_every_sentence_is_in_the_catalogue_and_nothing_else_is(catalog: polib.POFile) -> None:
    said = set(messages.collected())
    kept = {messages.sentence_of(entry) for entry in catalog if not entry.obsolete}

    assert said - kept == set(), REMAKE
    assert kept - said == set(), REMAKE
    assert catalog.obsolete_entries() == [], REMAKE


def test_every_sentence_is_translated(catalog: polib.POFile) -> None:
    assert messages.missing(catalog) == [], REMAKE
    assert [entry.msgid for entry in catalog.fuzzy_entries()] == []


def test_translations_keep_the_named_places(catalog: polib.POFile) -> None:
    wrong = {entry.msgid: said for entry in catalog for said in (entry.msgstr, *entry.msgstr_plural.values())
             if said and set(messages.PLACES.findall(said)) != messages.sentence_of(entry).places()}

    assert wrong == {}


def test_translations_are_chinese(catalog: polib.POFile) -> None:
    """A sentence of more than two words that stays English was forgotten, or pasted."""
    forgotten = [entry.msgid for entry in catalog if len(messages.PLACES.sub("", entry.msgid).split()) > 2
                 for said in (entry.msgstr, *entry.msgstr_plural.values())
                 if said and not re.search(r"[\u4e00-\u9fff]", said)]

    assert forgotten == []


def test_the_compiled_catalogue_is_what_the_catalogue_gives(catalog: polib.POFile) -> None:
    compiled = polib.mofile(str(messages.CATALOG.with_suffix(".mo")))

    def words(every: polib.POFile | polib.MOFile) -> dict[messages.Sentence, tuple[str, dict[int, str]]]:
        return {messages.sentence_of(entry): (entry.msgstr, entry.msgstr_plural) for entry in every}

    assert words(compiled) == {sentence: said for sentence, said in words(catalog).items() if any(said)}, REMAKE
