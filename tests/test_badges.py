"""Badges: whose code it is, codes that name nobody, losing one, links that end, and sheets that scanners can read."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jiugong.journal.models import Entry
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, NotAllowed, operator
from jiugong.lib.can import Can
from jiugong.registry.actions.badges import (
    LONGEST_LINK_DAYS,
    MOST_BADGES,
    issue_badges,
    issue_link,
    reissue_badge,
    withdraw_badge,
)
from jiugong.registry.actions.keys import rotate_keys
from jiugong.registry.errors import (
    BadgeExpired,
    BadgeReasonNeeded,
    BadgeUnknown,
    BadgeWithdrawn,
    LinkTooLong,
    TooManyBadges,
)
from jiugong.registry.logic import badge_codes
from jiugong.registry.models import Badge, Person
from jiugong.registry.queries.badges import (
    address_of,
    badge_of_code,
    people_of_codes,
    person_of_code,
    text_of,
)
from jiugong.registry.words import BadgeKind
from tests.cast import MORNING, Town

pytestmark = pytest.mark.django_db


def _badge(town: Town, name: str = "吴强") -> Badge:
    return issue_badges(town.park, [town.people[name]], actor=operator())[0]


# whose code ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("shown", [
    "{text}", "https://park.example/me/{address}", "http://10.0.0.3:8000/me/{address}/", "{address}", " {text}\r\n",
    "https://park.example/me/{address}?from=badge", "ｊｇ.{address}"])
def test_a_badge_names_its_holder_however_it_is_read(town: Town, this_morning: datetime, shown: str) -> None:
    badge = _badge(town)

    found = person_of_code(town.park, shown.format(text=text_of(badge), address=address_of(badge)))

    assert found == town.people["吴强"]


def test_a_keyboard_scanner_with_a_chinese_keyboard_is_understood(town: Town, this_morning: datetime) -> None:
    typed = text_of(_badge(town)).replace(".", "。").lower()

    assert person_of_code(town.park, typed) == town.people["吴强"]


def test_a_forged_signature_names_nobody(town: Town, this_morning: datetime) -> None:
    text = text_of(_badge(town))
    forged = text[:-1] + ("0" if text[-1] != "0" else "1")

    assert person_of_code(town.park, forged) is None
    with pytest.raises(BadgeUnknown):
        badge_of_code(town.park, forged)


@pytest.mark.parametrize("text", ["", "JG.", "JG.ABC.DEF", "349901199001011234", "x" * 10_000, "JG.ILOUILOUILOU.ABCDEFGHJKMN",
                                  "JG.ABCDEFGHJKMN.ABCDEFGHJKMN.ABCDEFGHJKMN"])
def test_what_is_no_badge_names_nobody(town: Town, this_morning: datetime, text: str) -> None:
    assert person_of_code(town.park, text) is None


def test_another_parks_badge_is_nobody_here(town: Town, other_town: Town, this_morning: datetime) -> None:
    theirs = issue_badges(other_town.park, [other_town.people["伊某"]], actor=operator())[0]

    assert person_of_code(town.park, text_of(theirs)) is None
    assert person_of_code(other_town.park, text_of(theirs)) == other_town.people["伊某"]
    with pytest.raises(BadgeUnknown):
        badge_of_code(town.park, text_of(theirs))


def test_a_code_signed_for_one_park_is_unsigned_in_another(town: Town, other_town: Town) -> None:
    code = badge_codes.fresh_code()
    one, other = (badge_codes.signature_of(code, park=str(each.park.uid), ring=secrets.ring()) for each in (town, other_town))

    assert one != other


@pytest.fixture
def keys_to_turn(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A copy of the key ring for this test alone: other tests go on with the keys under which their rows lie."""
    usual = settings.KEY_RING_FILE
    settings.KEY_RING_FILE = Path(shutil.copy(usual, tmp_path))
    secrets.keep_keys_in(settings.KEY_RING_FILE)
    yield
    secrets.keep_keys_in(usual)


def test_badges_stay_good_when_the_keys_are_turned(town: Town, this_morning: datetime, keys_to_turn: None) -> None:
    text = text_of(_badge(town))

    rotate_keys(actor=operator())

    assert person_of_code(town.park, text) == town.people["吴强"]


def test_many_codes_are_read_with_one_query(town: Town, this_morning: datetime, django_assert_num_queries: Any) -> None:
    texts = [text_of(each) for each in issue_badges(town.park, list(town.people.values()), actor=operator())]

    with django_assert_num_queries(1):
        found = people_of_codes(town.park, [*texts, "no badge"])

    assert {person.name for person in found.values()} == set(town.people)


# giving and losing --------------------------------------------------------------------------------------------------

def test_whoever_holds_a_badge_keeps_it(town: Town, this_morning: datetime) -> None:
    first = _badge(town)

    again = issue_badges(town.park, [town.people["孙丽"], town.people["吴强"]], actor=operator())

    assert [each.person.name for each in again] == ["孙丽", "吴强"]
    assert again[1] == first
    assert Entry.objects.filter(verb="badge.issued").count() == 2
    issue_badges(town.park, [town.people["孙丽"], town.people["吴强"]], actor=operator())
    assert Entry.objects.filter(verb="badge.issued").count() == 2


def test_a_lost_badge_names_nobody_and_the_new_one_does(town: Town, this_morning: datetime) -> None:
    lost = _badge(town)

    fresh = reissue_badge(town.people["吴强"], reason="lost on the bus", actor=operator())

    assert person_of_code(town.park, text_of(lost)) is None
    with pytest.raises(BadgeWithdrawn):
        badge_of_code(town.park, text_of(lost))
    assert person_of_code(town.park, text_of(fresh)) == town.people["吴强"]
    assert Entry.objects.get(verb="badge.withdrawn").facts["reason"] == "lost on the bus"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\0b"])
def test_a_badge_is_not_withdrawn_without_a_reason(town: Town, this_morning: datetime, reason: str) -> None:
    badge = _badge(town)

    with pytest.raises(BadgeReasonNeeded):
        reissue_badge(town.people["吴强"], reason=reason, actor=operator())

    assert person_of_code(town.park, text_of(badge)) == town.people["吴强"]
    assert Badge.objects.count() == 1


def test_withdrawing_twice_changes_nothing(town: Town, this_morning: datetime) -> None:
    badge = _badge(town)
    withdraw_badge(badge, reason="first", actor=operator())

    withdraw_badge(badge, reason="second", actor=operator())

    assert badge.withdrawn_because == "first"
    assert Entry.objects.filter(verb="badge.withdrawn").count() == 1


def test_nobody_gives_badges_where_he_holds_no_power(town: Town, this_morning: datetime) -> None:
    bo = Actor(key="user:0", name="Bo", powers={Can.ISSUE_BADGES: (town.firms["西河门窗有限公司"].path,)})

    with pytest.raises(NotAllowed):
        issue_badges(town.park, [town.people["褚亮"], town.people["吴强"]], actor=bo)

    assert not Badge.objects.exists()
    assert issue_badges(town.park, [town.people["褚亮"]], actor=bo)


def test_too_many_badges_at_once_are_refused(town: Town, this_morning: datetime) -> None:
    with pytest.raises(TooManyBadges):
        issue_badges(town.park, [town.people["吴强"]] * (MOST_BADGES + 1), actor=operator())

    assert not Badge.objects.exists()


def test_giving_badges_asks_as_much_of_one_as_of_many(town: Town, this_morning: datetime, django_assert_num_queries: Any) -> None:
    everybody = list(town.people.values())
    with CaptureQueriesContext(connection) as one:
        issue_badges(town.park, everybody[:1], actor=operator())
    with django_assert_num_queries(len(one)):
        issue_badges(town.park, everybody[1:], actor=operator())


# links --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("seconds", "holds"), [(-1, True), (0, False), (1, False)])
def test_a_link_holds_until_just_before_its_end(town: Town, this_morning: datetime, seconds: int, holds: bool) -> None:
    link = issue_link(town.people["吴强"], days=7, actor=operator())
    with clock.standing_at(MORNING + timedelta(days=7, seconds=seconds)):
        assert (person_of_code(town.park, text_of(link)) is not None) is holds
        if not holds:
            with pytest.raises(BadgeExpired):
                badge_of_code(town.park, text_of(link))


def test_a_new_link_ends_the_old_one_and_brings_a_badge(town: Town, this_morning: datetime) -> None:
    old = issue_link(town.people["吴强"], days=7, actor=operator())

    new = issue_link(town.people["吴强"], days=1, actor=operator())

    assert person_of_code(town.park, text_of(old)) is None
    assert person_of_code(town.park, text_of(new)) == town.people["吴强"]
    assert Badge.objects.filter(person=town.people["吴强"], kind=BadgeKind.CARD).count() == 1


@pytest.mark.parametrize(("days", "given"), [(0, False), (1, True), (LONGEST_LINK_DAYS, True), (LONGEST_LINK_DAYS + 1, False)])
def test_a_link_is_given_for_a_day_to_ninety(town: Town, this_morning: datetime, days: int, given: bool) -> None:
    if given:
        issue_link(town.people["吴强"], days=days, actor=operator())
    else:
        with pytest.raises(LinkTooLong):
            issue_link(town.people["吴强"], days=days, actor=operator())

    assert Badge.objects.filter(kind=BadgeKind.LINK).exists() is given


def test_no_person_is_known_by_two_open_badges(town: Town, this_morning: datetime) -> None:
    badge = _badge(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Badge.objects.create(park=town.park, person=badge.person, kind=badge.kind, code="X", issued_at=MORNING, issued_by="x")
    assert Person.objects.get(pk=badge.person_id).badges.count() == 1
