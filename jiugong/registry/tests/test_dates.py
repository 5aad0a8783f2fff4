"""Laws that hold after any sequence of imports, in whatever order of days they come."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiugong.registry.models import Assignment, Park, Posting
from jiugong.registry.queries.people import EVERYWHERE, on_duty, roster_on, within
from jiugong.registry.tests.makers import a_firm, a_park, a_workbook, a_worker, counts, take

FIRST = date(2022, 7, 1)
DAYS = [FIRST + timedelta(days=day) for day in range(40)]
numbers = st.integers(1, 4)


@st.composite
def rows(draw: st.DrawFn):
    people = draw(st.lists(numbers, min_size=1, max_size=4, unique=True))
    return [a_worker(
        serial, draw(st.integers(1, 2)), shift=draw(st.sampled_from(["白班", "夜班"])),
        team=draw(st.sampled_from(["1班", "2班", ""])), status=draw(st.sampled_from(["在岗", "休假"])),
        dorm_room=draw(st.sampled_from(["", "101", "102"])), bed="1", phone="",
        arrived_on=draw(st.one_of(st.just(""), st.sampled_from(DAYS)))) for serial in people]


imports = st.lists(st.tuples(rows(), st.sampled_from(DAYS)), min_size=1, max_size=5)


def taken_in_turn(files) -> Park:
    park = a_park(f"园{Park.objects.count()}")
    for people, at in files:
        take(park, a_workbook([a_firm(1), a_firm(2)], people), at=at.isoformat())
    return park


@pytest.mark.django_db
@settings(max_examples=40)
@given(imports)
def test_nobody_is_in_two_places_on_one_day(files) -> None:
    park = taken_in_turn(files)

    for day in DAYS:
        people = list(roster_on(park, day).values_list("person_id", flat=True))
        assert len(people) == len(set(people)), day
    beds = list(Assignment.objects.filter(person__park=park).values_list("person_id", "kind", "since", "until"))
    for day in DAYS:
        held = [(person, kind) for person, kind, since, until in beds if since <= day and (not until or day < until)]
        assert len(held) == len(set(held)), day


@pytest.mark.django_db
@settings(max_examples=25)
@given(imports)
def test_the_last_file_again_changes_nothing_on_any_day(files) -> None:
    park = taken_in_turn(files)
    before = list(Posting.objects.filter(park=park).order_by("pk").values())
    people, at = files[-1]

    again = take(park, a_workbook([a_firm(1), a_firm(2)], people), at=at.isoformat())

    assert counts(again) | {"unchanged": 0} == dict.fromkeys(counts(again), 0)
    assert list(Posting.objects.filter(park=park).order_by("pk").values()) == before


@pytest.mark.django_db
@settings(max_examples=25)
@given(imports)
def test_what_a_file_says_holds_from_its_day(files) -> None:
    park = taken_in_turn(files)
    people, at = files[-1]
    said = {row["name"]: row for row in people}

    afterwards = roster_on(park, DAYS[-1] + timedelta(days=1)).select_related("person", "enterprise")
    on = {posting.person.name: posting for posting in afterwards}

    spoken_for = {row["enterprise"] for row in people}
    assert said.keys() <= on.keys()
    for name, row in said.items():
        assert on[name].enterprise.name == row["enterprise"]
        assert (on[name].status == "on_duty") == (row["status"] == "在岗")
    assert all(posting.enterprise.name not in spoken_for for name, posting in on.items() if name not in said)


@pytest.mark.django_db
@settings(max_examples=25)
@given(imports, st.sampled_from(DAYS))
def test_a_wider_branch_never_loses_people(files, day: date) -> None:
    park = taken_in_turn(files)

    everybody = set(roster_on(park, day).values_list("person_id", flat=True))
    for unit in park.units.all():
        narrow = set(roster_on(park, day, (unit.path,)).values_list("person_id", flat=True))
        assert narrow <= everybody
        if unit.parent:
            assert narrow <= set(roster_on(park, day, (unit.parent.path,)).values_list("person_id", flat=True))
        assert set(on_duty(park, day, (unit.path,)).values_list("person_id", flat=True)) <= narrow
    assert set(roster_on(park, day, park.branches).values_list("person_id", flat=True)) == everybody
    assert not roster_on(park, day, ()).exists()


@pytest.mark.django_db
def test_a_branch_is_not_another_whose_number_begins_alike() -> None:
    park = a_park()
    take(park, a_workbook([a_firm(1)], [a_worker(1)]))
    path = Posting.objects.get().enterprise.path

    assert roster_on(park, DAYS[-1], (path,)).count() == 1
    assert roster_on(park, DAYS[-1], (path[:-2] + "/",)).count() == 0 or len(path.strip("/").split("/")[-1]) == 1
    assert Posting.objects.filter(within(EVERYWHERE)).count() == 1
