"""Scans that were made without a connection: the swab is in the tube, so nothing refuses it; and clocks that are wrong."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.lib import clock
from jiugong.screening.actions.scans import Sending, bind, bind_together
from jiugong.screening.actions.tubes import seal
from jiugong.screening.faces import member_rows, tube_rows
from jiugong.screening.models import Specimen, Tube
from jiugong.screening.queries.tubes import members_of, with_last_result
from jiugong.screening.tests.conftest import MORNING, OPENS, an_actor, minutes

law = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)


def kept() -> set[tuple[str, str, int]]:
    return set(Specimen.objects.values_list("scan_id", "tube__code", "round__number"))


def test_a_scan_from_offline_is_kept_after_the_seal_and_says_so(park, boss, round_1, a_scan):
    bind(park, [a_scan(1)], actor=boss)
    seal(Tube.objects.get(), actor=boss)

    [live] = bind(park, [a_scan(2, scan_id="live")], actor=boss)
    [late] = bind(park, [a_scan(3, scan_id="late", offline=True)], actor=boss)

    assert (live.status, live.code) == ("refused", "screening.tube_sealed")
    assert (late.status, late.code, late.position) == ("accepted", "screening.after_seal", 2)
    with translation.override("en"):
        assert "sealed before" in late.message
    with translation.override("zh-hans"):
        assert "封管" in late.message
    assert not Specimen.objects.filter(scan_id="live").exists()


def test_what_only_arrived_after_the_seal_is_shown_where_the_sealed_tube_is(park, boss, round_1, a_scan):
    with clock.standing_at(MORNING):
        bind(park, [a_scan(1)], actor=boss)
        seal(Tube.objects.get(), actor=boss)
    at = MORNING + minutes(5)
    with clock.standing_at(at):
        bind(park, [a_scan(2, scan_id="late", offline=True)], actor=boss)

    [tube] = with_last_result(Tube.objects.all(), at)

    assert (tube.bound, tube.after_seal) == (2, 1)
    assert [each["after_seal"] for each in member_rows(list(members_of(tube, at)), set(), park)] == [False, True]
    assert tube_rows([tube], park, at)[0]["after_seal"] == 1


@pytest.mark.parametrize(("holding", "code"), [
    (19, "screening.walk_in"), (20, "screening.tube_overfull"), (21, "screening.tube_overfull")])
def test_a_tube_of_twenty_keeps_the_twenty_first_from_offline(park, boss, round_1, a_scan, holding, code):
    bind(park, [a_scan(number, offline=True) for number in range(1, holding + 1)], actor=boss)

    [answer] = bind(park, [a_scan(90, offline=True)], actor=boss)

    assert (answer.status, answer.code, answer.bound) == ("accepted", code, holding + 1)


def test_a_tube_of_another_round_keeps_a_swab_from_offline_in_the_round_in_which_it_was_taken(park, boss, a_round, a_scan):
    a_round()
    a_round(opens_at=OPENS + minutes(600), closes_at=OPENS + minutes(700))
    bind(park, [a_scan(1)], actor=boss)

    [answer] = bind(park, [a_scan(2, round=2, offline=True)], actor=boss)

    assert (answer.status, answer.code) == ("accepted", "screening.tube_in_other_round")
    assert Specimen.objects.get(scan_id=answer.scan_id).round.number == 2


def test_where_somebody_may_not_scan_nothing_is_kept_from_offline_either(park, boss, round_1, a_scan):
    bind(park, [a_scan(1)], actor=boss)

    [answer] = bind(park, [a_scan(2, offline=True)], actor=an_actor("u/999/"))

    assert (answer.status, answer.code) == ("refused", "accounts.not_allowed")
    assert len(kept()) == 1


@pytest.mark.parametrize("hours", [-7, 0, 5])
def test_a_clock_that_is_wrong_by_hours_is_set_right_and_both_times_are_kept(park, boss, round_1, a_scan, hours):
    wrong = timedelta(hours=hours)
    with clock.standing_at(MORNING):
        bind(park, [a_scan(1, device_at=MORNING - minutes(30) + wrong)], actor=boss, device_now=MORNING + wrong)

    specimen = Specimen.objects.get()

    assert specimen.sampled_at == MORNING - minutes(30)
    assert specimen.device_at == MORNING - minutes(30) + wrong
    assert specimen.received_at == MORNING
    assert specimen.skew_seconds == -wrong.total_seconds()


def test_a_scan_never_happened_after_it_arrived(park, boss, round_1, a_scan):
    with clock.standing_at(MORNING):
        bind(park, [a_scan(1, device_at=MORNING + minutes(20))], actor=boss, device_now=MORNING)

    assert Specimen.objects.get().sampled_at == MORNING


def test_a_device_that_does_not_say_its_time_has_no_skew(park, boss, round_1, a_scan):
    with clock.standing_at(MORNING):
        bind(park, [a_scan(1, device_at=MORNING - minutes(5))], actor=boss)

    assert (Specimen.objects.get().skew_seconds, Specimen.objects.get().sampled_at) == (None, MORNING - minutes(5))


def test_a_device_that_is_a_century_off_says_nothing(park, boss, round_1, a_scan):
    with clock.standing_at(MORNING):
        bind(park, [a_scan(1, sampled_at=MORNING - minutes(5))], actor=boss, device_now=MORNING - timedelta(days=36_500))

    assert Specimen.objects.get().skew_seconds is None


def test_what_two_devices_send_at_one_moment_is_bound_in_one_transaction(park, boss, round_1, a_worker, a_scan):
    a_worker(number=1, name="林一")
    same = [Sending(scans=[a_scan(1, device=device)], actor=boss, received_at=clock.now()) for device in ("一号", "二号")]

    [[first], [second]] = bind_together(park, same)

    assert (first.code, second.code) == ("", "screening.already_sampled")
    assert (first.position, second.position) == (1, 2)
    assert set(Specimen.objects.values_list("device", flat=True)) == {"一号", "二号"}


@law
@given(data=st.data(), swabs=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 2)), min_size=1, max_size=14))
def test_merging_in_any_order_and_however_often_loses_nothing_and_doubles_nothing(park, boss, round_1, a_scan, data, swabs):
    Specimen.objects.all().delete()
    Tube.objects.all().delete()
    scans = [a_scan(who, scan_id=f"s{at}", tube=f"T{tube}", offline=True) for at, (who, tube) in enumerate(swabs)]
    order = data.draw(st.permutations([*scans, *data.draw(st.lists(st.sampled_from(scans), max_size=6))]))
    cut = data.draw(st.integers(1, len(order)))

    for start in range(0, len(order), cut):
        answers = bind(park, order[start:start + cut], actor=boss)
        assert {answer.status for answer in answers} <= {"accepted", "repeat"}

    assert kept() == {(scan.scan_id, scan.tube, 1) for scan in scans}
    assert Specimen.objects.count() == len(scans)
