"""Who may bind people to tubes, and what a stranger learns."""


import pytest

from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.tubes import seal
from jiugong.screening.models import Point, Specimen, Tube
from jiugong.screening.tests.conftest import an_actor


def test_who_samples_at_one_enterprise_may_not_sample_at_another(park, boss, round_1, a_point, a_scan):
    mine, theirs = a_point(enterprise="甲", name="甲"), a_point(enterprise="乙", name="乙")
    scanner = an_actor(mine.unit.path, powers=(Can.BIND_SPECIMENS,))

    allowed, refused = bind(park, [a_scan(1, point="甲"), a_scan(2, point="乙", tube="T2")], actor=scanner)

    assert (allowed.status, refused.code) == ("accepted", "accounts.not_allowed")
    assert Specimen.objects.count() == 1
    assert theirs.tubes.count() == 0


def test_a_point_that_nobody_named_is_made_only_by_who_opens_rounds(park, boss, round_1, a_scan):
    scanner = an_actor(*park.branches, powers=(Can.BIND_SPECIMENS,))

    [refused] = bind(park, [a_scan(1, point="新点")], actor=scanner)
    assert refused.code == "screening.point_unknown"
    assert not Point.objects.exists()

    [made] = bind(park, [a_scan(1, point="甲采样点")], actor=boss)
    assert made.status == "accepted"
    assert Point.objects.get().unit == park.units.get(name="甲")


def test_a_stranger_who_repeats_a_scan_learns_nothing(park, boss, round_1, a_worker, a_point, a_scan):
    a_worker(number=1, name="林一")
    a_point(enterprise="甲", name="甲")
    scan = a_scan(1, point="甲")
    bind(park, [scan], actor=boss)
    stranger = an_actor(park.units.get(name="乙").path, powers=(Can.BIND_SPECIMENS,))

    [answer] = bind(park, [scan], actor=stranger)

    assert (answer.code, answer.name) == ("accounts.not_allowed", "")


def test_sealing_asks_for_the_power_at_the_point(park, round_1, a_tube, a_point):
    tube = a_tube("T1", of=round_1, point=a_point(enterprise="甲", name="甲"))

    with pytest.raises(NotAllowed):
        seal(tube, actor=an_actor(park.units.get(name="乙").path, powers=(Can.BIND_SPECIMENS,)))

    tube.refresh_from_db()
    assert tube.sealed_at is None


def test_two_parks_with_the_same_codes_and_people_do_not_see_each_other(
        park, other_park, boss, a_round, a_worker, a_scan):
    a_round()
    a_round(here=other_park)
    a_worker(number=1, name="林一")
    a_worker(number=1, name="林壹", here=other_park)
    scan = a_scan(1)

    [here], [there] = bind(park, [scan], actor=boss), bind(other_park, [scan], actor=boss)

    assert [(answer.status, answer.name, answer.position) for answer in (here, there)] == [
        ("accepted", "林一", 1), ("accepted", "林壹", 1)]
    assert Tube.objects.filter(code="T1").count() == 2


def test_who_sees_a_tube_but_does_not_sample_hears_nothing_of_its_seal(park, boss, round_1, a_worker, a_scan, as_role):
    a_worker(number=1, team="乙一班")
    bind(park, [a_scan(1, point="甲采样点")], actor=boss)
    seal(Tube.objects.get(), actor=boss)

    answer = as_role("prevention_officer", unit=park.units.get(name="乙")).post(
        "/api/v1/screening/tubes/T1/seal", "{}", content_type="application/json")

    assert answer.status_code == 403
