"""What a venue's code says at a moment, and for how long that is good."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.tracing.logic.venue_codes import changes_at, is_genuine, mark_of, read, screen_key, text_at, was_shown_at

pytestmark = pytest.mark.pure
SECRET, CODE = "a" * 48, "0123456789AB"
BEGINS = datetime(2022, 7, 22, 0, 42, 0, tzinfo=UTC)                  # a slice of thirty seconds begins here


@pytest.mark.parametrize(("later", "good"), [(-1, False), (0, True), (29, True), (30, True), (59, True), (60, False)])
def test_a_picture_is_good_for_its_slice_and_one_more(later: int, good: bool) -> None:
    shown = read(text_at(CODE, SECRET, 30, BEGINS))

    assert shown and is_genuine(shown, SECRET)
    assert was_shown_at(shown, 30, BEGINS + timedelta(seconds=later)) is good


def test_a_printed_code_is_always_good_and_no_changing_one_is() -> None:
    printed, changing = read(text_at(CODE, SECRET, 0, BEGINS)), read(text_at(CODE, SECRET, 30, BEGINS))

    assert printed and changing
    assert was_shown_at(printed, 0, BEGINS + timedelta(days=300))
    assert not was_shown_at(changing, 0, BEGINS) and not was_shown_at(printed, 30, BEGINS)


def test_nobody_makes_the_mark_of_another_moment() -> None:
    shown = read(text_at(CODE, SECRET, 30, BEGINS))
    assert shown
    later = read(f"V1.{CODE}.{shown.slice + 1}.{shown.mark}")

    assert later and not is_genuine(later, SECRET)
    assert not is_genuine(shown, "b" * 48)
    assert screen_key(SECRET, CODE)[:12] != mark_of(SECRET, CODE, 0)


@pytest.mark.parametrize("text", ["", "V1", "JG.0123456789AB.0123456789AB", "https://x/v/V1.0123456789AB.1", "SY0001"])
def test_what_is_no_venue_s_code_is_none(text: str) -> None:
    assert read(text) is None


@given(st.integers(1_600_000_000, 2_000_000_000), st.sampled_from([30, 60, 120, 300]))
def test_an_address_says_the_same_as_the_text_until_it_changes(moment: int, seconds: int) -> None:
    at = datetime.fromtimestamp(moment, UTC)
    text = text_at(CODE, SECRET, seconds, at)

    assert read(f"https://park.example/v/{text}") == read(text.lower()) == read(text)
    assert at < changes_at(at, seconds) <= at + timedelta(seconds=seconds)
    assert text_at(CODE, SECRET, seconds, changes_at(at, seconds) + timedelta(milliseconds=1)) != text
