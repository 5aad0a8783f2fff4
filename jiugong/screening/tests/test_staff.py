"""Who works at a point: assigned from a day on, or as an officer of the enterprise; trained or not; and what is missing."""

from datetime import timedelta

import pytest

from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.actions.charges import put_in_charge
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.registry.words import Role
from jiugong.screening.actions.staff import assign, unassign
from jiugong.screening.laboratory_errors import StaffNotHere, StaffTwice
from jiugong.screening.logic.training import Trained
from jiugong.screening.models import PointStaff
from jiugong.screening.queries.staff import gaps_in, staff_of
from jiugong.screening.tests.conftest import DAY, an_actor
from jiugong.screening.words import StaffRole

A_DAY = timedelta(days=1)


def roles(point, day=DAY) -> list[tuple[str, str]]:
    return [(each.person.name, each.role.value) for each in staff_of(point, day) if each.since is None or each.since <= day]


def test_somebody_works_at_a_point_from_his_first_day_until_the_day_before_the_last(park, boss, a_point, a_worker):
    point, shu = a_point(), a_worker(number=1, name="舒航")
    assign(shu, point, StaffRole.SCANNER, since=DAY, until=DAY + 2 * A_DAY, actor=boss)

    assert [bool(roles(point, DAY + at * A_DAY)) for at in (-1, 0, 1, 2)] == [False, True, True, False]


def test_the_officers_of_an_enterprise_work_at_its_own_point_without_being_assigned(park, boss, a_point, a_worker):
    own, other, public = a_point(enterprise="甲", name="甲点"), a_point(enterprise="乙", name="乙点"), a_point(name="东门")
    put_in_charge(a_worker(number=1, name="舒航"), park.units.get(name="甲"), Role.SCANNER, actor=boss, since=DAY)
    put_in_charge(a_worker(number=2, name="方敏"), park.units.get(name="甲"), Role.PREVENTION_OFFICER, actor=boss, since=DAY)

    assert (roles(own), roles(other), roles(public)) == ([("舒航", "scanner")], [], [])
    assert [each.assigned for each in staff_of(own, DAY)] == [None]


def test_an_officer_who_is_assigned_too_stands_once(park, boss, a_point, a_worker):
    own, shu = a_point(enterprise="甲", name="甲点"), a_worker(number=1, name="舒航")
    put_in_charge(shu, park.units.get(name="甲"), Role.SCANNER, actor=boss, since=DAY)
    assign(shu, own, StaffRole.SCANNER, since=DAY, actor=boss)
    assign(shu, own, StaffRole.SAMPLER, since=DAY, actor=boss)

    assert roles(own) == [("舒航", "sampler"), ("舒航", "scanner")]


def test_what_is_missing_is_roles_training_and_desks(park, boss, a_point, a_worker, train):
    point, shu = a_point(), a_worker(number=1, name="舒航")
    point.desks = 2
    point.save()
    empty = gaps_in(staff_of(point, DAY), point.desks, DAY)
    assert (empty.nobody, empty.desks_without) == ((StaffRole.SAMPLER, StaffRole.SCANNER), 2)

    assign(shu, point, StaffRole.SCANNER, since=DAY, actor=boss)
    assign(a_worker(number=2, name="柏青"), point, StaffRole.SAMPLER, since=DAY + A_DAY, actor=boss)     # only tomorrow
    half = gaps_in(staff_of(point, DAY), point.desks, DAY)
    assert half.nobody == (StaffRole.SAMPLER,)
    assert [(each.person, each.trained) for each in half.untrained] == [(shu, Trained.NEVER)]

    train(shu, until=DAY)
    today, tomorrow = (gaps_in(staff_of(point, day), point.desks, day) for day in (DAY, DAY + A_DAY))
    assert not today.untrained
    assert [each.trained for each in tomorrow.untrained] == [Trained.NEVER, Trained.EXPIRED]
    assert (tomorrow.nobody, tomorrow.desks_without) == ((), 1)


def test_the_same_assignment_again_changes_nothing_and_another_is_refused(park, boss, other_park, a_point, a_worker):
    point, shu = a_point(), a_worker(number=1, name="舒航")
    made = assign(shu, point, StaffRole.SCANNER, since=DAY, actor=boss)

    assert assign(shu, point, StaffRole.SCANNER, since=DAY, actor=boss) == made
    with pytest.raises(StaffTwice):
        assign(shu, point, StaffRole.SCANNER, since=DAY + A_DAY, actor=boss)
    with pytest.raises(DatesOutOfOrder):
        assign(shu, point, StaffRole.SAMPLER, since=DAY, until=DAY, actor=boss)
    with pytest.raises(StaffNotHere):
        assign(a_worker(number=1, here=other_park), point, StaffRole.SCANNER, since=DAY, actor=boss)
    with pytest.raises(DatesOutOfOrder):
        unassign(made, actor=boss, on=DAY - A_DAY)
    assert PointStaff.objects.get().until is None

    unassign(made, actor=boss, on=DAY)
    assert roles(point) == []
    assert assign(shu, point, StaffRole.SCANNER, since=DAY, actor=boss) != made


def test_a_prevention_officer_staffs_the_points_of_his_enterprise_alone(park, a_point, a_worker):
    own, other, public = a_point(enterprise="甲", name="甲点"), a_point(enterprise="乙", name="乙点"), a_point(name="东门")
    fang, shu = an_actor(park.units.get(name="甲").path, powers=(Can.KEEP_ROSTER,)), a_worker(number=1)

    assign(shu, own, StaffRole.SCANNER, since=DAY, actor=fang)
    for point in (other, public):
        with pytest.raises(NotAllowed):
            assign(shu, point, StaffRole.SCANNER, since=DAY, actor=fang)
    assert PointStaff.objects.count() == 1


def test_the_page_of_a_point_shows_its_staff_and_what_is_missing(park, boss, a_point, a_worker, as_role, page_of):
    point, shu = a_point(enterprise="甲", name="甲点"), a_worker(number=1, name="舒航")
    fang = as_role("prevention_officer", unit=park.units.get(name="甲"))

    added = fang.post(page_of("staff-add", point.pk), {"person": str(shu.uid), "role": "scanner", "since": DAY})
    assert added.status_code == 302
    assert fang.post(page_of("staff-add", point.pk), {"person": str(shu.uid), "role": "scanner",
                                                      "since": DAY + A_DAY}).status_code == 422
    page = fang.get(page_of("point", point.pk)).content.decode()
    assert "舒航" in page and "not trained" in page
    assert "Nobody works here as Sampling officer" in page
    stranger = as_role("prevention_officer", unit=park.units.get(name="乙"))
    assert "舒航" not in stranger.get(page_of("point", point.pk)).content.decode()
    told = fang.get(f"/api/v1/screening/points/{point.pk}/staff", {"park": str(park.uid)}).json()
    assert (told["nobody"], told["untrained"]) == (["sampler"], ["舒航"])
    assert fang.post(page_of("staff-end", PointStaff.objects.get().pk), {"on": DAY}).status_code == 302
    assert PointStaff.objects.get().until == DAY
