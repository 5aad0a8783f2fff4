"""What is laid down as rows is what was made, and it is laid where it was made alone."""

import pytest
from django.conf import settings

from jiugong.lib import secrets
from jiugong.lib.acting import operator
from jiugong.registry.actions.parks import create_park
from jiugong.registry.models import Park, Person
from tests.cast import Town, an_id
from tests.groundwork import NOT_KEPT, Groundwork

pytestmark = pytest.mark.django_db


def _two_parks() -> list[Park]:
    return [create_park(name, actor=operator()) for name in ("甲园", "乙园")]


def _a_third(parks: list[Park]) -> Park:
    Park.objects.filter(pk=parks[0].pk).update(name="甲园二期")
    return create_park("丙园", actor=operator())


@pytest.mark.parametrize("time", ["made", "laid", "laid again"])
def test_the_same_rows_stand_there_each_time(groundwork: Groundwork, time: str) -> None:
    parks = groundwork.lay(_two_parks)
    third = groundwork.lay(_a_third, parks)

    assert [park.name for park in parks] == ["甲园", "乙园"]
    assert list(Park.objects.order_by("pk").values_list("pk", "name")) == [
        (parks[0].pk, "甲园二期"), (parks[1].pk, "乙园"), (third.pk, "丙园")]
    assert [park.places.count() for park in (*parks, third)] == [1, 1, 1]
    assert create_park("丁园", actor=operator()).pk > third.pk


@pytest.mark.parametrize("written_before", [0, 0, 1, 0, 2])
def test_on_other_ground_it_is_made_anew(groundwork: Groundwork, written_before: int) -> None:
    parks = groundwork.lay(_two_parks)
    for number in range(written_before):
        create_park(f"丁园{number}", actor=operator())

    third = groundwork.lay(_a_third, parks)

    assert (groundwork.laid[-1] == NOT_KEPT) is (written_before > 0)
    assert Park.objects.count() == 3 + written_before
    assert Park.objects.latest("pk") == third


def test_who_lives_in_a_laid_park_is_known_by_it(town: Town, other_town: Town) -> None:
    assert set(town.people.values()) == set(Person.objects.filter(park=town.park))
    assert not set(town.people) & set(other_town.people)
    assert town.round and town.tube and town.tube.round_id == town.round.pk


@pytest.mark.parametrize("turned", [False, True, False])
def test_what_was_sealed_opens_under_the_ring_of_its_day(request: pytest.FixtureRequest, turned: bool) -> None:
    if turned:
        secrets.write_ring(secrets.ring().turned().without_old_keys(), settings.KEY_RING_FILE)

    town = request.getfixturevalue("town")

    assert town.people["吴强"].open_id_number(secrets.ring()) == an_id(1)
