"""Adopting a release: from its very day, one a day, and only where it says anything."""

from datetime import date, timedelta

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.journal.models import Entry
from jiugong.lib.acting import NotAllowed, operator
from jiugong.policy import UnknownPack
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.errors import AdoptedOtherwise, ReleaseSilent
from jiugong.rulebook.models import Adoption
from jiugong.rulebook.queries import adoption_on, adoptions_of, duties_on, has_changed, release_on
from tests.cast import Town

V9, TWENTY = "cn-2022-v9", "cn-2022-20"
V9_BEGINS, TWENTY_BEGINS = date(2022, 6, 28), date(2022, 11, 11)
V9_ENDS = date(2023, 1, 8)
DAY = timedelta(days=1)


def held(town: Town, day: date) -> str | None:
    adoption = adoption_on(town.park, day)
    return adoption.release if adoption else None


def test_before_the_first_adoption_nothing_holds_and_nothing_is_owed(town: Town) -> None:
    assert adoption_on(town.park, V9_BEGINS) is None
    assert release_on(town.park, V9_BEGINS) is None
    assert duties_on(town.park, V9_BEGINS) == []


@pytest.mark.parametrize(("day", "holds"), [
    (date(2022, 7, 19), None), (date(2022, 7, 20), V9), (date(2022, 7, 21), V9)])
def test_a_release_holds_from_its_very_day(town: Town, day: date, holds: str | None) -> None:
    adopt(town.park, V9, from_day=date(2022, 7, 20), actor=operator())

    assert held(town, day) == holds


def test_the_next_adoption_ends_the_one_before_on_its_day(town: Town) -> None:
    adopt(town.park, V9, from_day=V9_BEGINS, actor=operator())
    adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())

    assert [held(town, TWENTY_BEGINS + DAY * by) for by in (-1, 0, 1)] == [V9, TWENTY, TWENTY]


def test_the_order_in_which_they_are_adopted_does_not_matter(town: Town) -> None:
    adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())
    adopt(town.park, V9, from_day=V9_BEGINS, actor=operator())

    assert [held(town, TWENTY_BEGINS + DAY * by) for by in (-1, 0, 1)] == [V9, TWENTY, TWENTY]
    assert [each.release for each in adoptions_of(town.park)] == [TWENTY, V9]


@pytest.mark.parametrize(("key", "day"), [(V9, V9_BEGINS - DAY), (V9, V9_ENDS), (TWENTY, TWENTY_BEGINS - DAY)])
def test_a_release_is_not_adopted_from_a_day_on_which_it_is_silent(town: Town, key: str, day: date) -> None:
    entries = Entry.objects.count()

    with pytest.raises(ReleaseSilent) as refused:
        adopt(town.park, key, from_day=day, actor=operator())

    assert refused.value.facts["day"] == str(day)
    assert (Adoption.objects.count(), Entry.objects.count()) == (0, entries)


@pytest.mark.parametrize("day", [V9_BEGINS, V9_ENDS - DAY])
def test_it_is_adopted_from_its_first_and_from_its_last_day(town: Town, day: date) -> None:
    assert adopt(town.park, V9, from_day=day, actor=operator()).from_day == day


@pytest.mark.parametrize(("by", "owes"), [(-1, True), (0, False), (1, False)])
def test_a_release_that_has_ended_asks_for_nothing(town: Town, by: int, owes: bool) -> None:
    adopt(town.park, V9, from_day=V9_BEGINS, actor=operator())

    assert bool(duties_on(town.park, V9_ENDS + DAY * by)) is owes


def test_the_same_adoption_again_changes_nothing(town: Town) -> None:
    first = adopt(town.park, V9, from_day=V9_BEGINS, actor=operator())
    entries = Entry.objects.count()

    assert adopt(town.park, V9, from_day=V9_BEGINS, actor=operator()) == first
    assert (Adoption.objects.count(), Entry.objects.count()) == (1, entries)


def test_two_releases_do_not_begin_on_one_day(town: Town) -> None:
    adopt(town.park, V9, from_day=TWENTY_BEGINS, actor=operator())

    with pytest.raises(AdoptedOtherwise):
        adopt(town.park, TWENTY, from_day=TWENTY_BEGINS, actor=operator())

    assert [each.release for each in adoptions_of(town.park)] == [V9]


def test_a_release_that_does_not_exist_is_refused(town: Town) -> None:
    with pytest.raises(UnknownPack):
        adopt(town.park, "cn-1999", from_day=V9_BEGINS, actor=operator())

    assert not Adoption.objects.exists()


def test_only_who_may_adopts(town: Town, other_town: Town, this_morning: object) -> None:
    for actor in (*(actor_for(town.users[name]) for name in ("tao", "fang", "zhou", "shu", "yan", "kai")),
                  actor_for(other_town.users["ines"])):
        with pytest.raises(NotAllowed):
            adopt(town.park, V9, from_day=V9_BEGINS, actor=actor)

    assert not Adoption.objects.exists()


def test_each_park_has_its_own_rules(town: Town, other_town: Town) -> None:
    adopt(town.park, V9, from_day=V9_BEGINS, actor=operator())

    assert duties_on(town.park, V9_BEGINS)
    assert duties_on(other_town.park, V9_BEGINS) == []


def test_an_adoption_remembers_what_it_adopted(town: Town) -> None:
    adoption = adopt(town.park, V9, from_day=V9_BEGINS, actor=operator())

    assert not has_changed(adoption)
    adoption.effect_fingerprint = "0" * 64
    assert has_changed(adoption)


def test_an_adoption_is_journalled(town: Town) -> None:
    adopt(town.park, V9, from_day=V9_BEGINS, actor=operator())

    entry = Entry.objects.get(verb="policy.adopted")
    assert (entry.subject, entry.facts["from_day"]) == (f"release:{V9}", "2022-06-28")
