"""Conflicts: swabs that cannot all be right are kept, listed whatever arrived first, and settled by a person with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import EVERYTHING, NotAllowed
from jiugong.lib.can import Can
from jiugong.screening.actions.results import Report, report_all
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.actions.settling import keep_all, strike
from jiugong.screening.conflict_errors import ConflictMoved, SettlementIdReused, SettlementMisshapen
from jiugong.screening.conflict_matters import matters
from jiugong.screening.models import Retest, Round, Settlement, Specimen, Tube, Undo
from jiugong.screening.queries.conflicts import open_conflicts, settlements_of
from jiugong.screening.queries.rounds import coverage_of
from jiugong.screening.queries.tubes import open_retests
from jiugong.screening.tests.conftest import CLOSES, MORNING, OPENS, an_actor, id_number

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
ALL = (EVERYTHING,)


def listed(park, reach=ALL) -> list[tuple[str, list[str]]]:
    """The open conflicts: of which kind, and which scans take part."""
    return sorted((each.kind, sorted(swab.scan_id for swab in each.swabs)) for each in open_conflicts(
        park, Round.objects.filter(park=park), reach))


def settle(how, park, kind: str, *scans: str, actor, settle_id: str = "d1", reason: str = "核实过", **more: Any) -> Settlement:
    settled: Settlement = how(park, kind, scans, settle_id=settle_id, reason=reason, actor=actor, **more)
    return settled


# what is listed -----------------------------------------------------------------------------------------------------

def test_a_person_bound_by_two_phones_is_listed_and_both_swabs_are_kept(park, twice):
    assert listed(park) == [("twice", ["a", "b"])]
    assert Specimen.objects.count() == 3


def test_a_tube_that_holds_too_many_is_listed_and_one_that_is_full_is_not(park, boss, a_round, a_worker, a_point, a_scan):
    a_round(pool_size=5)
    a_point()
    for number in range(1, 7):
        a_worker(number=number)
    bind(park, [a_scan(number) for number in range(1, 6)], actor=boss)
    assert listed(park) == []

    bind(park, [a_scan(6, offline=True)], actor=boss)

    assert [(kind, len(scans)) for kind, scans in listed(park)] == [("overfull", 6)]


@pytest.mark.parametrize(("after", "found"), [(-MINUTE, []), (timedelta(0), []), (MINUTE, [("after_seal", ["late"])])])
def test_a_swab_taken_after_the_seal_is_listed_and_one_that_only_arrived_later_is_not(park, boss, round_1, a_worker, a_tube, a_scan,
                                                                                    after, found):
    a_worker(number=1)
    a_tube("T1", of=round_1)
    Tube.objects.update(sealed_at=MORNING - 2 * MINUTE)

    bind(park, [a_scan(1, scan_id="late", offline=True, sampled_at=MORNING - 2 * MINUTE + after)], actor=boss)

    assert listed(park) == found


def test_a_tube_of_two_rounds_is_listed(park, boss, round_1, a_round, a_worker, a_point, a_scan):
    a_round(opens_at=MORNING - 20 * MINUTE, closes_at=MORNING + 60 * MINUTE)
    a_point(), a_worker(number=1), a_worker(number=2)

    bind(park, [a_scan(1, scan_id="one"), a_scan(2, scan_id="two", round=2, offline=True)], actor=boss)

    assert listed(park) == [("two_rounds", ["one", "two"])]


@pytest.mark.parametrize(("seconds", "wrong"), [(600, False), (601, True), (-600, False), (-601, True)])
def test_a_clock_that_was_off_by_more_than_ten_minutes_is_listed(park, boss, round_1, a_worker, a_point, a_scan, seconds, wrong):
    a_point(), a_worker(number=1)
    device_now = MORNING - timedelta(seconds=seconds)

    bind(park, [a_scan(1, scan_id="c", device="web-1", device_at=device_now)], actor=boss, device_now=device_now)

    assert listed(park) == ([("clock", ["c"])] if wrong else [])


def test_a_stranger_is_listed_until_the_roster_knows_him_and_twice_if_he_came_twice(park, boss, round_1, a_point, a_scan):
    a_point()
    bind(park, [a_scan(9, scan_id="x"), a_scan(8, scan_id="y"), a_scan(9, scan_id="z")], actor=boss)

    assert listed(park) == [("twice", ["x", "z"]), ("walk_in", ["x", "z"]), ("walk_in", ["y"])]


@pytest.mark.parametrize(("arrives", "found"), [
    (CLOSES + DAY, []), (CLOSES + DAY + SECOND, [("late", ["s"])])])
def test_what_arrives_more_than_a_day_after_its_round_is_listed(park, boss, round_1, a_worker, a_point, a_scan, arrives, found):
    a_point(), a_worker(number=1)

    with clock.standing_at(arrives):
        bind(park, [a_scan(1, scan_id="s", offline=True, device_at=MORNING)], actor=boss, device_now=arrives)

    assert listed(park) == found


@pytest.mark.parametrize(("says", "found"), [
    (OPENS - DAY, []), (OPENS - DAY - SECOND, [("late", ["s"])]), (CLOSES + DAY, []), (CLOSES + DAY + SECOND, [("late", ["s"])])])
def test_a_clock_that_says_another_day_is_listed_where_nobody_could_compare_it(park, boss, round_1, a_worker, a_point, a_scan,
                                                                               says, found):
    a_point(), a_worker(number=1)
    bind(park, [a_scan(1, scan_id="s", offline=True, device_at=says)], actor=boss)
    assert listed(park) == found

    Specimen.every.update(skew_seconds=60)
    assert listed(park) == []

    Specimen.every.update(skew_seconds=None)
    Round.objects.update(imported=True)
    assert listed(park) == []


@pytest.mark.parametrize(("taken", "since"), [
    (OPENS - 30 * MINUTE, OPENS - 30 * MINUTE),
    (OPENS.replace(hour=0, minute=0), OPENS.replace(hour=0, minute=0)),
    (OPENS.replace(hour=0, minute=0) - SECOND, OPENS), (OPENS.replace(year=1970), OPENS)])
def test_no_conflict_waits_since_before_the_day_of_its_round(park, boss, twice, taken, since):
    Specimen.every.filter(scan_id="a").update(sampled_at=taken)

    assert min(each.since or MORNING for each in matters(boss, park, MORNING)) == since


def test_a_page_reads_and_names_a_few_and_settles_all(park, boss, a_round, a_worker, a_point, a_scan, as_role, page_of):
    a_round(pool_size=5), a_point()
    for number in range(1, 13):
        a_worker(number=number)
    bind(park, [a_scan(number, offline=True) for number in range(1, 13)], actor=boss)
    lin = as_role("duty_officer")

    row = lin.get(page_of("conflicts")).context["rows"][0]
    assert (len(row["swabs"]), row["more"], row["count"]) == (10, 2, 12)
    sent = {"kind": "overfull", "scan": row["scan_ids"], "settle_id": "many", "reason": "x"}
    assert lin.post(page_of("conflict-keep"), sent).status_code == 302

    assert listed(park) == []
    assert Settlement.objects.get().swabs.count() == 12


def test_whoever_reaches_a_part_sees_what_touches_it(park, other_park, boss, round_1, a_worker, a_point, a_scan):
    a_point(enterprise="甲", name="甲采样点"), a_point(enterprise="乙", name="乙采样点"), a_worker(number=1)
    bind(park, [a_scan(1, scan_id="a", point="甲采样点"), a_scan(1, scan_id="b", tube="T2", point="乙采样点")], actor=boss)
    first, second = (park.units.get(kind="enterprise", name=name).path for name in ("甲", "乙"))

    assert listed(park, (first,)) == listed(park, (second,)) == [("twice", ["a", "b"])]
    assert listed(park, ()) == listed(park, other_park.branches) == listed(other_park) == []
    with pytest.raises(NotAllowed):
        settle(keep_all, park, "twice", "a", "b", actor=an_actor(first, powers=(Can.SETTLE_SAMPLING,)))
    assert not Settlement.objects.exists()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), at_once=st.booleans())
def test_what_arrived_first_changes_neither_the_conflicts_nor_the_counts(park, boss, a_round, a_worker, a_point, order, at_once):
    """Two phones, offline all morning: one person in both, a tube of both too full, a stranger twice, one tube in two rounds."""
    with transaction.atomic():
        a_round(pool_size=1), a_round(pool_size=1, opens_at=MORNING - 20 * MINUTE, closes_at=MORNING + 60 * MINUTE)
        a_point(), a_worker(number=1), a_worker(number=2), a_worker(number=3)
        sent = [Scan(scan_id=f"s{at}", round=number, tube=tube, point="采样点", id_number=id_number(who), device=device,
                     offline=True, sampled_at=MORNING - at * MINUTE) for at, (who, tube, device, number) in enumerate((
                         (1, "A1", "one", 1), (2, "A2", "one", 1), (9, "A3", "one", 1),
                         (1, "B1", "two", 1), (3, "A2", "two", 1), (9, "A3", "two", 2)))]
        arrived = [sent[at] for at in order]
        for batch in [arrived] if at_once else [[each] for each in arrived]:
            assert {answer.status for answer in bind(park, batch, actor=boss)} == {"accepted"}

        figures = coverage_of(list(Round.objects.order_by("number")), MORNING, ALL)
        assert listed(park) == [
            ("overfull", ["s1", "s4"]), ("overfull", ["s2", "s5"]), ("twice", ["s0", "s3"]), ("two_rounds", ["s2", "s5"]),
            ("walk_in", ["s2"]), ("walk_in", ["s5"])]
        assert [figures[number].done for number in (1, 2)] == [3, 0]
        transaction.set_rollback(True)


# settling -----------------------------------------------------------------------------------------------------------

def test_both_real_leaves_the_list_and_stays_readable(park, boss, twice):
    said = [settle(keep_all, park, "twice", "a", "b", actor=boss) for _ in range(2)]

    assert said[0] == said[1]
    assert listed(park) == []
    assert [each.reason for each in settlements_of(park, Round.objects.all(), ALL)] == ["核实过"]
    assert Specimen.objects.count() == 3
    assert Entry.objects.filter(verb="conflict.settled").count() == 1


def test_another_swab_opens_a_settled_conflict_again(park, boss, twice, a_scan):
    settle(keep_all, park, "twice", "a", "b", actor=boss)

    bind(park, [a_scan(1, scan_id="c", tube="T3", offline=True)], actor=boss)

    assert listed(park) == [("twice", ["a", "b", "c"])]


def test_one_that_did_not_happen_counts_nowhere_also_after_sealing(park, boss, twice):
    Tube.objects.update(sealed_at=MORNING)
    report_all(park, [Report(tube="T1", value="positive", reported_at=MORNING)], actor=boss)
    assert open_retests(park, MORNING, ALL).count() == 2

    settle(strike, park, "twice", "a", "b", actor=boss, struck="a")

    assert listed(park) == []
    assert set(Specimen.objects.values_list("scan_id", "again")) == {("b", False), ("other", False)}
    assert Specimen.every.count() == 3
    assert (Undo.objects.get().specimen.scan_id, Undo.objects.get().reason) == ("a", "核实过")
    assert open_retests(park, MORNING, ALL).count() == 1
    assert Retest.objects.count() == 2


def test_of_three_swabs_one_is_struck_and_the_other_two_still_wait(park, boss, twice, a_scan):
    bind(park, [a_scan(1, scan_id="c", tube="T3", offline=True)], actor=boss)

    settle(strike, park, "twice", "a", "b", "c", actor=boss, struck="c")

    assert listed(park) == [("twice", ["a", "b"])]


def test_a_conflict_that_is_not_what_it_was_is_not_settled(park, boss, twice, a_scan):
    bind(park, [a_scan(1, scan_id="c", tube="T3", offline=True)], actor=boss)
    for kind, scans in (("twice", ("a", "b")), ("overfull", ("a", "b", "c")), ("twice", ("a", "b", "nobody"))):
        with pytest.raises(ConflictMoved):
            settle(keep_all, park, kind, *scans, actor=boss)
    for wrong in ({"reason": " "}, {"reason": "x" * 201}, {"settle_id": ""}, {"settle_id": "x" * 65}):
        with pytest.raises(SettlementMisshapen):
            settle(keep_all, park, "twice", "a", "b", "c", actor=boss, **wrong)
    with pytest.raises(SettlementMisshapen):
        settle(strike, park, "twice", "a", "b", "c", actor=boss, struck="other")
    with pytest.raises(NotAllowed):
        settle(keep_all, park, "twice", "a", "b", "c", actor=an_actor(*park.branches, powers=(Can.BIND_SPECIMENS,)))
    assert not Settlement.objects.exists()
    settle(keep_all, park, "twice", "a", "b", "c", actor=boss)
    with pytest.raises(SettlementIdReused):
        settle(keep_all, park, "twice", "a", "b", actor=boss)


def test_what_a_demonstration_has_not_come_to_is_no_conflict_yet(park, boss, twice):
    last = max(Specimen.objects.filter(scan_id__in=("a", "b")).values_list("sampled_at", flat=True))

    for at, found in ((last - SECOND, []), (last, [("twice", ["a", "b"])])):
        with clock.standing_at(at):
            assert listed(park) == found


def test_what_waits_stands_on_the_board(park, boss, twice):
    assert [each.text for each in matters(boss, park, MORNING)]
    settle(keep_all, park, "twice", "a", "b", actor=boss)
    assert not list(matters(boss, park, MORNING))
    assert not list(matters(an_actor(), park, MORNING))


# pages and programs -------------------------------------------------------------------------------------------------

def test_the_page_lists_settles_and_remembers(park, as_role, page_of, twice):
    lin, zhou = as_role("duty_officer"), as_role("leader")
    shown = lin.get(page_of("conflicts")).content.decode()
    assert "2 swabs in round 1" in shown and "web-2" in shown
    assert "did not happen" not in zhou.get(page_of("conflicts")).content.decode()

    sent = {"kind": "twice", "scan": ["a", "b"], "settle_id": "p1", "reason": "two phones"}
    assert zhou.post(page_of("conflict-keep"), sent).status_code == 403
    assert lin.post(page_of("conflict-strike"), sent | {"struck": "b"}).status_code == 302

    assert "No conflict" in lin.get(page_of("conflicts")).content.decode()
    settled = lin.get(page_of("conflicts") + "?state=settled").content.decode()
    assert "two phones" in settled and "T2-1" in settled
    assert lin.get(page_of("conflicts") + "?export=xlsx").status_code == 200


def test_programs_read_and_settle_too(park, as_role, twice):
    lin = as_role("duty_officer")
    told = lin.get("/api/v1/screening/conflicts", {"round": 1}).json()["conflicts"]
    sent = {"kind": told[0]["kind"], "scan_ids": [each["scan_id"] for each in told[0]["swabs"]], "settle_id": "q", "reason": "x"}

    for _ in range(2):
        answer = lin.post("/api/v1/screening/conflicts/keep", sent, content_type="application/json")
        assert (answer.status_code, answer.json()["verdict"]) == (200, "real")
    assert lin.get("/api/v1/screening/conflicts").json() == {"conflicts": []}
    other = sent | {"settle_id": "r", "struck": "a"}
    again = lin.post("/api/v1/screening/conflicts/strike", other, content_type="application/json")
    assert (again.status_code, again.json()["refused"]) == (409, "screening.conflict_moved")
