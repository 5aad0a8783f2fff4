"""The door of an own page: who knows the four signs passes, guessing takes longer and longer, and nobody is shut out."""

from datetime import datetime, timedelta

import pytest

from jiugong.lib import clock, secrets
from jiugong.lib.acting import operator
from jiugong.registry.actions.badge_doors import answer_door, last_signs
from jiugong.registry.actions.badges import issue_badges
from jiugong.registry.errors import NothingToCompare, SignsWrong, WaitFirst
from jiugong.registry.logic.waiting import BY_ADDRESS, BY_BADGE, BY_DEVICE, wait_until
from jiugong.registry.models import Badge, BadgeTry
from tests.cast import MORNING, Town, an_id

pytestmark = pytest.mark.django_db
RIGHT, WRONG = an_id(1)[-4:], "0000"


@pytest.fixture
def badge(town: Town) -> Badge:
    with clock.standing_at(MORNING):
        return issue_badges(town.park, [town.people["吴强"]], actor=operator())[0]


def _wrong(badge: Badge, times: int, *, address: str = "10.0.0.1", known_device: str = "") -> None:
    for _time in range(times):
        with pytest.raises(SignsWrong):
            answer_door(badge, WRONG, address=address, known_device=known_device)


def test_the_last_four_signs_of_the_id_number_open(badge: Badge, this_morning: datetime) -> None:
    answer_door(badge, f" {RIGHT.lower()} ", address="10.0.0.1")

    assert not BadgeTry.objects.exists()


def test_who_has_no_id_number_answers_with_the_phone(badge: Badge, this_morning: datetime) -> None:
    badge.person.id_sealed = badge.person.id_index = None
    badge.person.keep_phone("19900001234", secrets.ring()).save()

    with pytest.raises(SignsWrong):
        answer_door(badge, RIGHT, address="10.0.0.1")
    answer_door(badge, "1234", address="10.0.0.1")


def test_who_has_neither_is_sent_for_a_link(badge: Badge, this_morning: datetime) -> None:
    badge.person.id_sealed = badge.person.id_index = badge.person.phone_sealed = badge.person.phone_index = None
    badge.person.save()

    assert last_signs(badge.person) == ""
    with pytest.raises(NothingToCompare):
        answer_door(badge, "", address="10.0.0.1")


def test_after_three_wrong_answers_even_the_right_one_waits_half_a_minute(badge: Badge, this_morning: datetime) -> None:
    _wrong(badge, 3)

    with pytest.raises(WaitFirst) as refused:
        answer_door(badge, RIGHT, address="10.0.0.1")
    assert refused.value.facts["seconds"] == 30
    with clock.standing_at(MORNING + timedelta(seconds=29)), pytest.raises(WaitFirst):
        answer_door(badge, RIGHT, address="10.0.0.1")
    with clock.standing_at(MORNING + timedelta(seconds=30)):
        answer_door(badge, RIGHT, address="10.0.0.1")


def test_a_stranger_elsewhere_does_not_shut_out_the_holder(badge: Badge, this_morning: datetime) -> None:
    _wrong(badge, 3, address="203.0.113.9")

    answer_door(badge, RIGHT, address="10.0.0.1")


def test_many_strangers_make_strangers_wait_but_not_a_device_that_passed_before(badge: Badge, this_morning: datetime) -> None:
    for number in range(BY_BADGE.free):
        _wrong(badge, 1, address=f"203.0.113.{number}")

    with pytest.raises(WaitFirst):
        answer_door(badge, RIGHT, address="10.0.0.1")
    answer_door(badge, RIGHT, address="10.0.0.1", known_device="the phone of Wu")


def test_one_address_that_tries_many_badges_waits(town: Town, badge: Badge, this_morning: datetime) -> None:
    _wrong(badge, 1, address="203.0.113.9")
    BadgeTry.objects.bulk_create([BadgeTry(badge=badge, address=BadgeTry.objects.get().address, at=MORNING)
                                  for _time in range(BY_ADDRESS.free - 1)])
    other = issue_badges(town.park, [town.people["孙丽"]], actor=operator())[0]

    with pytest.raises(WaitFirst):
        answer_door(other, an_id(2)[-4:], address="203.0.113.9")


def test_a_refused_answer_is_not_counted_again_and_a_right_one_forgets(badge: Badge, this_morning: datetime) -> None:
    _wrong(badge, 3)
    before = BadgeTry.objects.count()

    with pytest.raises(WaitFirst):
        answer_door(badge, WRONG, address="10.0.0.1")

    assert BadgeTry.objects.count() == before
    with clock.standing_at(MORNING + timedelta(minutes=1)):
        answer_door(badge, RIGHT, address="10.0.0.1")
        _wrong(badge, 3)


def test_no_address_is_kept(badge: Badge, this_morning: datetime) -> None:
    _wrong(badge, 1, address="203.0.113.9")

    assert all(b"203" not in bytes(each.address) and len(bytes(each.address)) == 32 for each in BadgeTry.objects.all())


@pytest.mark.parametrize(("tries", "seconds"), [(2, None), (3, 30), (4, 60), (5, 120), (7, 480), (8, 900), (50, 900)])
def test_each_wait_is_twice_the_last_up_to_the_longest(tries: int, seconds: int | None) -> None:
    end = wait_until(BY_DEVICE, [MORNING] * tries, MORNING)

    assert end == (MORNING + timedelta(seconds=seconds) if seconds else None)


def test_a_wait_ends_by_itself_and_old_answers_are_forgotten() -> None:
    tries = [MORNING] * 50

    assert wait_until(BY_DEVICE, tries, MORNING + BY_DEVICE.longest) is None
    assert wait_until(BY_DEVICE, tries, MORNING + BY_DEVICE.within) is None
