"""A device is remembered for a moment, and forgotten as soon as something is taken away."""

import pytest

from jiugong.accounts import remembering
from jiugong.accounts.models import User
from jiugong.accounts.remembering import MOST_KEPT, forget, recall, remembered

KEY = ("token", "x")


@pytest.fixture(autouse=True)
def _nobody_before_and_after(settings):
    settings.SIGN_IN_SECONDS = 30
    forget()
    yield
    forget()


def test_whoever_was_let_in_is_not_asked_about_again():
    names = ["吴", "陶", "林"]

    answers = [remembered(KEY, names.pop) for _time in range(3)]

    assert answers == ["林"] * 3
    assert names == ["吴", "陶"]
    assert recall(KEY, str) == "林"


def test_nobody_is_asked_about_each_time():
    assert remembered(KEY, lambda: None) is None
    assert remembered(KEY, lambda: "林") == "林"


def test_without_seconds_nothing_is_remembered(settings):
    settings.SIGN_IN_SECONDS = 0

    remembered(KEY, lambda: "林")

    assert recall(KEY, str) is None


def test_another_kind_of_thing_under_a_key_is_not_recalled():
    remembered(KEY, lambda: "林")

    assert recall(KEY, User) is None


def test_what_was_asked_before_something_was_taken_away_is_not_kept():
    def ask() -> str:
        forget()                             # meanwhile a role is revoked
        return "林"

    assert remembered(KEY, ask) == "林"
    assert recall(KEY, str) is None


def test_a_crowd_does_not_fill_the_memory():
    for number in range(MOST_KEPT + 5):
        remembered(("token", str(number)), lambda: "林")

    assert len(remembering._kept) <= MOST_KEPT
