from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jiugong.policy.errors import BadPack
from jiugong.policy.reading import Entry, read, read_day

AnEntry = Callable[[str], Entry]


def refused(ask: Callable[[], object]) -> tuple[str, int, str]:
    with pytest.raises(BadPack) as caught:
        ask()
    facts = caught.value.facts
    assert facts["do"]
    return facts["file"], facts["line"], facts["what"]


@pytest.mark.parametrize("text", [
    "on", "off", "NO", "yes", "10:00", "1_000", "0x10", "007", "1e3", "37.3", "null", "~", "2022-06-28",
])
def test_text_stays_text(an_entry: AnEntry, text: str) -> None:
    entry = an_entry(f"said: {text}\n").pairs()["said"]

    assert entry.text() == text
    assert entry.plain() == text


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_any_quoted_text_comes_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path: Path = tmp_path_factory.mktemp("reading") / "said.yaml"
    path.write_text(yaml.safe_dump({"said": text}, allow_unicode=True, default_style="'"), encoding="utf-8")

    said = read(path, root=path.parent).pairs()["said"]

    assert said.text() == text == said.plain()


def test_plain_digits_and_true_and_false_are_what_they_look_like(an_entry: AnEntry) -> None:
    entry = an_entry("[7, 0, -3, true, false, \"7\", 'true']\n")

    assert entry.plain() == [7, 0, -3, True, False, "7", "true"]


def test_a_key_said_twice_is_refused_with_its_line(an_entry: AnEntry) -> None:
    file, line, what = refused(lambda: an_entry("first: 1\nsecond: 2\nfirst: 3\n"))

    assert (file, line) == ("trial.yaml", 3)
    assert "first is said twice" in what


@pytest.mark.parametrize(("text", "line"), [
    ("", 1), ("a: [1\nb: 2\n", 2), ("a: &x 1\nb: *x\n", 2), ("a: !!python/name:os.system x\n", 1),
    ("a: 1\n---\nb: 2\n", 2), ("a: \x07\n", 1), ("<<: {a: 1}\n[a]: 2\n", 2),
])
def test_what_is_not_plain_yaml_is_refused_with_its_line(an_entry: AnEntry, text: str, line: int) -> None:
    assert refused(lambda: an_entry(text))[:2] == ("trial.yaml", line)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("title: 密接".encode("gbk"))

    assert refused(lambda: read(tmp_path / "gbk.yaml", root=tmp_path))[0] == "gbk.yaml"


@pytest.mark.parametrize("text", ["7.0", "'7'", "07", "+7", "七", "1_0", "", "-1"])
def test_a_whole_number_is_plain_digits(an_entry: AnEntry, text: str) -> None:
    assert refused(lambda: an_entry(f"days: {text}\n").pairs()["days"].whole_number(at_least=0))[1] == 1


@pytest.mark.parametrize("text", ["yes", "on", "True", "'true'", "1"])
def test_only_true_and_false_are_true_and_false(an_entry: AnEntry, text: str) -> None:
    assert "neither true nor false" in refused(lambda: an_entry(f"said: {text}\n").pairs()["said"].yes_or_no())[2]


@pytest.mark.parametrize("text", [
    "2022-02-30", "2022-6-28", "20220628", "2022-W26-2", "２０２２-06-28", "2022-06-28 10:00",
])
def test_a_day_is_written_in_one_way_only(an_entry: AnEntry, text: str) -> None:
    assert "is not a day" in refused(lambda: an_entry(f"day: {text}\n").pairs()["day"].day())[2]


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day: object) -> None:
    assert read_day(str(day)) == day


def test_an_unknown_key_says_which_keys_there_are(an_entry: AnEntry) -> None:
    with pytest.raises(BadPack) as caught:
        an_entry("titel: x\n").fields("title")

    assert str(caught.value) == "trial.yaml, line 1: The key titel is not known here. Use: title."
