"""Rounds for chosen enterprises and posts: who owes, why, and which round the park is in beside them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from jiugong.journal.models import LookUp
from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.screening.actions.rounds import Target, open_round
from jiugong.screening.errors import PostsUnknown, RoundNeedsReason, RoundOfNobody
from jiugong.screening.models import Round
from jiugong.screening.queries.rounds import narrowed, owed_in, round_at, rounds_at, rounds_of
from jiugong.screening.tests.conftest import CLOSES, MORNING, OPENS, an_actor, minutes


@pytest.fixture
def roster(a_worker):
    """甲 has a cook in a key post and a fitter; 乙 has a cook."""
    a_worker(number=1, name="甲厨", post="厨师", key_post=True)
    a_worker(number=2, name="甲钳", post="钳工")
    a_worker(number=3, name="乙厨", post="厨师", team="乙一班")


def firm(park, name) -> Any:
    return park.units.get(kind="enterprise", name=name)


def owing(the_round) -> Any:
    return sorted(owed_in(the_round).values_list("person__name", flat=True))


@pytest.mark.parametrize(("enterprises", "posts", "key", "expected"), [
    (["甲"], [], False, ["甲厨", "甲钳"]), (["甲", "乙"], [], False, ["乙厨", "甲厨", "甲钳"]),
    ([], ["厨师"], False, ["乙厨", "甲厨"]), (["乙"], ["厨师", "钳工"], False, ["乙厨"]),
    ([], [], True, ["甲厨"]), ([], [], False, ["乙厨", "甲厨", "甲钳"])])
def test_only_who_is_in_all_that_was_chosen_owes(park, a_round, roster, enterprises, posts, key, expected):
    target = Target(enterprises=[firm(park, name) for name in enterprises], posts=posts, key_posts_only=key, reason="风险")

    assert owing(a_round(target=target)) == expected


def test_the_same_targeted_round_again_is_answered_and_another_target_is_another_round(park, a_round, roster):
    target = Target(enterprises=[firm(park, "甲")], posts=["厨师"], reason="风险")

    first, same, other = a_round(target=target), a_round(target=target), a_round(target=Target(posts=["厨师"], reason="x"))

    assert first == same
    assert other.number == first.number + 1
    assert a_round().number == other.number + 1


def test_a_target_needs_a_reason_known_posts_and_somebody(park, other_park, a_round, roster):
    for target, refusal in (
            (Target(key_posts_only=True), RoundNeedsReason), (Target(posts=["飞行员"], reason="x"), PostsUnknown),
            (Target(enterprises=[firm(park, "乙")], posts=["钳工"], reason="x"), RoundOfNobody),
            (Target(enterprises=[firm(other_park, "甲")], reason="x"), NotHere)):
        with pytest.raises(refusal):
            a_round(target=target)
    assert not Round.objects.exists()


def test_who_may_open_rounds_in_one_enterprise_targets_this_one_alone(park, roster):
    actor = an_actor(firm(park, "甲").path, powers=(Can.OPEN_ROUNDS,))
    asked: dict[str, Any] = {"opens_at": OPENS, "closes_at": CLOSES, "pool_size": 10, "actor": actor}

    assert owing(open_round(park, target=Target(enterprises=[firm(park, "甲")], reason="x"), **asked)) == ["甲厨", "甲钳"]
    for target in (Target(enterprises=[firm(park, "甲"), firm(park, "乙")], reason="x"), Target(posts=["厨师"], reason="x")):
        with pytest.raises(NotAllowed):
            open_round(park, target=target, **asked)
    assert Round.objects.count() == 1


def test_the_parks_round_stays_the_current_one_beside_a_targeted_one(park, a_round, roster):
    whole = a_round()
    chosen = a_round(opens_at=OPENS + minutes(30), target=Target(posts=["厨师"], reason="x"))

    assert round_at(park, MORNING) == whole
    assert rounds_at(park, MORNING) == [whole, chosen]
    assert rounds_at(park, OPENS + minutes(29)) == [whole]


def test_a_targeted_round_is_the_current_one_while_it_alone_is_under_way(park, a_round, roster):
    whole = a_round()
    chosen = a_round(opens_at=CLOSES + minutes(60), closes_at=CLOSES + minutes(120), target=Target(posts=["厨师"], reason="x"))

    assert round_at(park, CLOSES + minutes(60)) == round_at(park, CLOSES + minutes(120)) == chosen
    assert round_at(park, CLOSES + minutes(121)) == whole
    assert round_at(park, CLOSES) == whole


def test_todays_round_comes_before_yesterdays(park, a_round, roster):
    a_round(opens_at=OPENS - timedelta(days=1), closes_at=CLOSES - timedelta(days=1))
    chosen = a_round(closes_at=OPENS + minutes(10), target=Target(posts=["厨师"], reason="x"))

    assert round_at(park, MORNING) == chosen


def test_lists_are_narrowed_by_phase_by_whom_and_by_words(park, boss, a_round, roster):
    whole = a_round()
    chosen = a_round(opens_at=CLOSES, closes_at=CLOSES + minutes(60),
                     target=Target(enterprises=[firm(park, "乙")], reason="阳性关联"))

    def found(**by) -> Any:
        return list(narrowed(rounds_of(boss, park), MORNING, **by))

    assert found(whom="everybody") == found(phase="under_way") == found(text="1") == [whole]
    assert found(whom="chosen") == found(phase="to_come") == found(text="阳性") == found(text="乙") == [chosen]
    assert found(phase="closed") == found(text="无") == []


def test_the_form_is_filled_from_the_address_and_opens_the_round(as_role, page_of, park, roster):
    officer, firms = as_role("duty_officer"), [firm(park, name) for name in ("甲", "乙")]
    address = page_of("round-open", enterprises=f"{firms[0].uid},{firms[1].uid}", posts="厨师", key_posts="1", reason="阳性关联")

    shown = officer.get(address).content.decode()
    form = {"number": 4, "opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30", "pool_size": 10, "over": "",
            "enterprises": [str(each.uid) for each in firms], "posts": ["厨师"], "reason": "阳性关联"}
    refused = officer.post(page_of("round-open"), form | {"reason": ""})
    opened = officer.post(page_of("round-open"), form)

    assert shown.count("checked") == 4
    assert "阳性关联" in shown
    assert "field-errors" in refused.content.decode()
    assert opened.headers["Location"] == page_of("round", 4)
    assert owing(Round.objects.get()) == ["乙厨", "甲厨"]
    page = officer.get(page_of("round", 4)).content.decode()
    assert "2 enterprises: " in page
    assert "阳性关联" in page


def test_the_api_opens_a_targeted_round(as_role, park, other_park, roster):
    officer = as_role("duty_officer")
    sent = {"opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30", "pool_size": 10, "posts": ["厨师"],
            "enterprises": [str(firm(park, "甲").uid)], "reason": "阳性关联"}

    told = officer.post("/api/v1/screening/rounds", sent, content_type="application/json").json()
    hidden = officer.post("/api/v1/screening/rounds", sent | {"enterprises": [str(firm(other_park, "甲").uid)]},
                          content_type="application/json")

    assert (told["posts"], told["reason"], len(told["enterprises"])) == (["厨师"], "阳性关联", 1)
    assert hidden.status_code == 404
    assert owing(Round.objects.get()) == ["甲厨"]


def test_who_is_missing_comes_as_a_workbook_and_every_look_is_kept(as_role, page_of, park, a_round, roster):
    a_round(target=Target(posts=["厨师"], reason="x"))
    file = as_role("duty_officer").get(page_of("round-missing", 1))
    mine = as_role("prevention_officer", unit=firm(park, "乙")).get(page_of("round-missing", 1))

    everybody, few = ([[cell.value for cell in row] for row in load_workbook(BytesIO(each.content)).worksheets[0].iter_rows(
        min_row=2)] for each in (file, mine))
    assert sorted(row[3] for row in everybody) == ["乙厨", "甲厨"]
    assert [row[3] for row in few] == ["乙厨"]
    assert "****" in few[0][4]
    assert LookUp.objects.filter(reason="downloaded who is missing in a round").count() == 3
    assert as_role("leader").get(page_of("round-missing", 1)).status_code == 403


@pytest.mark.parametrize("view", ["enterprises", "tubes"])
def test_a_rounds_lists_come_as_workbooks(as_role, page_of, round_1, roster, view):
    answer = as_role("duty_officer").get(page_of("round", 1, view=view, export="xlsx"))

    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert sheet.max_row == (3 if view == "enterprises" else 1)
