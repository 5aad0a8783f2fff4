"""Turn-round: from the hand-over to the laboratory to the first result, in the hours of the contract that governs it."""

from datetime import date, datetime, timedelta

import pytest

from jiugong.lib import clock
from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.screening.actions.custody import hand_over, receive_at_laboratory, take_along
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory
from jiugong.screening.actions.results import Report, report
from jiugong.screening.logic.turn_round import due_at, hours_between, is_late
from jiugong.screening.matters import matters
from jiugong.screening.models import Tube
from jiugong.screening.queries.turn_round import LateTube, late_tubes
from jiugong.screening.tests.conftest import MORNING, an_actor

SEALED = MORNING - timedelta(hours=6)
SECOND = timedelta(seconds=1)


@pytest.fixture
def lab(park, boss):
    return keep_laboratory(park, "北辰检测", actor=boss)


@pytest.fixture
def sealed(a_tube, round_1):
    """A tube that was sealed six hours ago."""
    def make(code: str = "T1", **more) -> Tube:
        tube: Tube = a_tube(code, of=round_1, **more)
        tube.sealed_at = SEALED
        tube.save()
        return tube
    return make


def late(park, at: datetime = MORNING) -> list[LateTube]:
    return late_tubes(park, at, (EVERYTHING,))


@pytest.mark.pure
@pytest.mark.parametrize(("after", "expected"), [(-SECOND, False), (timedelta(0), False), (SECOND, True)])
def test_the_moment_at_which_a_result_is_due_is_still_in_time(after, expected):
    due = due_at(SEALED, 6)

    assert is_late(due, None, due + after) is expected
    assert is_late(due, due + after, due + timedelta(days=9)) is expected
    assert hours_between(SEALED, due) == 6.0


@pytest.mark.parametrize(("hours", "is_late_now"), [(5, True), (6, False), (7, False)])
def test_a_tube_without_a_result_is_late_once_its_hours_are_over(park, boss, lab, sealed, hours, is_late_now):
    sealed()
    contract(lab, Terms(hours=hours, since=date(2022, 7, 1)), actor=boss)

    assert bool(late(park)) is is_late_now
    assert bool(late(park, MORNING + SECOND)) is (hours < 7)


def test_the_first_result_ends_the_waiting_and_stays_late(park, boss, lab, sealed):
    sealed("T1")
    sealed("T2")
    contract(lab, Terms(hours=2, since=date(2022, 7, 1)), actor=boss)
    report(park, Report(tube="T1", value="invalid", reported_at=SEALED + timedelta(hours=2)), actor=boss)
    report(park, Report(tube="T2", value="negative", reported_at=SEALED + timedelta(hours=3)), actor=boss)

    [found] = late(park)

    assert (found.code, found.is_waiting, found.laboratory) == ("T2", False, lab)
    report(park, Report(tube="T1", value="negative", reported_at=MORNING), actor=boss)        # a correction is no first result
    assert [each.code for each in late(park)] == ["T2"]


def test_nothing_is_due_where_no_contract_covers_the_point(park, boss, lab, sealed, a_point):
    sealed(point=a_point(enterprise="乙", name="乙点"))
    contract(lab, Terms(hours=1, since=date(2022, 7, 1)), unit=park.units.get(name="甲"), actor=boss)

    assert late(park) == []


def test_the_nearest_contract_governs_else_that_of_who_reported(park, boss, lab, sealed, a_point):
    """The whole park has 1 hour, the enterprise 24; six hours after the seal only the park's rule is broken."""
    sealed(point=a_point(enterprise="甲", name="甲点"))
    contract(lab, Terms(hours=1, since=date(2022, 7, 1)), actor=boss)
    assert len(late(park)) == 1

    other = keep_laboratory(park, "南山检测", actor=boss)
    contract(other, Terms(hours=24, since=date(2022, 7, 1)), unit=park.units.get(name="甲"), actor=boss)

    assert late(park) == []


@pytest.mark.parametrize(("after", "count"), [(0, 0), (1, 3)])
def test_the_hours_run_from_when_the_laboratory_received_the_box(park, boss, lab, three, shu, yi, yan, after, count):
    """Sealed six hours ago, two hours on their way: with four hours agreed they are due four hours after the laboratory signed."""
    Tube.objects.update(sealed_at=SEALED)
    contract(lab, Terms(hours=4, since=date(2022, 7, 1)), actor=boss)
    handed = MORNING + timedelta(hours=2)
    with clock.standing_at(handed):
        hand_over(three, leg_id="l1", gave=3, actor=shu)
        take_along(three, receipt_id="r1", counted=3, actor=yi)
        hand_over(three, leg_id="l2", gave=3, actor=yi)
        assert late(park, MORNING + timedelta(days=1)) == []             # still on its way: the laboratory owes nothing yet
        receive_at_laboratory(three, receipt_id="r2", counted=3, actor=yan)

    found = late(park, handed + timedelta(hours=4) + after * SECOND)

    assert len(found) == count
    assert {(each.start.value, each.started_at) for each in found} <= {("hand_over", handed)}


def test_a_tube_in_no_box_counts_from_its_seal_and_says_so(park, boss, lab, three, sealed):
    Tube.objects.update(sealed_at=SEALED)
    sealed("T9")
    contract(lab, Terms(hours=4, since=date(2022, 7, 1)), actor=boss)

    assert [(each.code, each.start.value, each.started_at) for each in late(park)] == [("T9", "seal", SEALED)]


def test_an_open_tube_is_not_due(park, boss, lab, a_tube, round_1):
    a_tube("T1", of=round_1)
    contract(lab, Terms(hours=1, since=date(2022, 7, 1)), actor=boss)

    assert late(park, MORNING + timedelta(days=2)) == []


def test_who_sees_one_enterprise_sees_the_late_tubes_of_its_points(park, boss, lab, sealed, a_point):
    sealed("T1", point=a_point(enterprise="甲", name="甲点"))
    sealed("T2", point=a_point(enterprise="乙", name="乙点"))
    contract(lab, Terms(hours=1, since=date(2022, 7, 1)), actor=boss)
    fang: Actor = an_actor(park.units.get(name="甲").path)

    [told] = matters(fang, park, MORNING)

    assert "1 tube" in told.text or "1管" in told.text
    assert (told.owner, told.since) == ("北辰检测", SEALED + timedelta(hours=1))
    assert set(told.enterprises) == {park.units.get(name="甲").pk}
    assert list(matters(an_actor(*park.branches, powers=(Can.REPORT_RESULTS,)), park, MORNING)) == []


def test_the_page_and_the_program_read_the_same_late_tubes(park, boss, lab, sealed, as_role, page_of):
    sealed("T1")
    contract(lab, Terms(hours=1, since=date(2022, 7, 1)), actor=boss)
    lin = as_role("duty_officer")

    with clock.standing_at(MORNING):
        page = lin.get(page_of("turn-round")).content.decode()
        assert "T1" in page and "not there yet" in page
        assert "T1" not in lin.get(page_of("turn-round", state="late")).content.decode()
        assert "T1" in lin.get(page_of("turn-round", q="t1")).content.decode()
        assert lin.get(page_of("turn-round", **{"as": "xlsx"})).status_code == 200
        [told] = lin.get("/api/v1/screening/late-results", {"park": str(park.uid)}).json()["tubes"]
        assert (told["tube"], told["hours"], told["start"], told["reported_at"]) == ("T1", 1, "seal", None)
