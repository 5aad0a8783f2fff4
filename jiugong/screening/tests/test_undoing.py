"""Undoing a scan: only one's own, only in an open tube; it stays on record and counts nowhere."""

from typing import Any

import pytest

from jiugong.journal.models import Entry
from jiugong.lib.can import Can
from jiugong.screening.actions.results import Report, report_all
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.tubes import seal
from jiugong.screening.actions.undoing import undo_scan
from jiugong.screening.errors import (
    ScanNotYours,
    ScanUnknown,
    TubeClosedToUndoing,
    UndoIdReused,
    UndoMisshapen,
    UndoNeedsReason,
)
from jiugong.screening.models import Specimen, Tube, Undo
from jiugong.screening.queries.rounds import coverage_of, people_taken
from jiugong.screening.queries.tubes import described
from jiugong.screening.tests.conftest import MORNING, an_actor, id_number, minutes


@pytest.fixture
def three(park, boss, round_1, a_worker, a_scan, a_point) -> Any:
    """Three workers in tube T1, scanned by the boss as s1, s2, s3."""
    a_point()
    for number in (1, 2, 3):
        a_worker(number=number)
    return bind(park, [a_scan(number) for number in (1, 2, 3)], actor=boss)


def undo(park, boss, scan_id="s3", undo_id="u1", reason="wrong person") -> Any:
    return undo_scan(park, scan_id, undo_id=undo_id, reason=reason, actor=boss)


def test_an_undone_scan_counts_nowhere_and_stays_on_record(park, boss, three, round_1):
    undone = undo(park, boss)

    assert (undone.status, undone.bound, undone.capacity) == ("undone", 2, 20)
    assert coverage_of([round_1], MORNING, ("",))[1].done == 2
    assert people_taken(park, 1).count() == 2
    assert described(Tube.objects.all(), MORNING)[0].bound == 2
    assert Specimen.objects.count() == 2
    assert Specimen.every.count() == 3
    kept = Undo.objects.get()
    assert (kept.specimen.scan_id, kept.reason, kept.undone_by) == ("s3", "wrong person", "operator")
    entry = Entry.objects.get(verb="scan.undone")
    assert (entry.subject, entry.facts["position"], entry.facts["reason"]) == ("tube:T1", 3, "wrong person")


def test_undoing_twice_is_undoing_once(park, boss, three):
    assert [undo(park, boss).status, undo(park, boss).status, undo(park, boss, undo_id="u2").status] == [
        "undone", "repeat", "repeat"]
    assert Undo.objects.count() == Entry.objects.filter(verb="scan.undone").count() == 1


def test_the_last_position_is_free_again_and_one_in_the_middle_stays_empty(park, boss, three, a_worker, a_scan):
    a_worker(number=4), a_worker(number=5)
    undo(park, boss, "s3")
    next_one = bind(park, [a_scan(4)], actor=boss)[0]
    undo(park, boss, "s1", undo_id="u2")

    after = bind(park, [a_scan(5)], actor=boss)[0]

    assert (next_one.position, next_one.bound) == (3, 3)
    assert (after.position, after.bound) == (4, 3)


def test_a_full_tube_takes_one_more_after_an_undo(park, boss, a_round, a_worker, a_scan, a_point):
    a_round(pool_size=1)
    a_point(), a_worker(number=1), a_worker(number=2)
    bind(park, [a_scan(1)], actor=boss)
    assert bind(park, [a_scan(2)], actor=boss)[0].code == "screening.tube_full"

    undo(park, boss, "s1")

    assert bind(park, [a_scan(2)], actor=boss)[0].status == "accepted"


def test_the_persons_other_swab_is_the_first_one_then(park, boss, three, a_scan):
    again = bind(park, [a_scan(1, tube="T2")], actor=boss)[0]
    assert again.code == "screening.already_sampled"

    undo(park, boss, "s1")

    other = Specimen.objects.get(scan_id=again.scan_id)
    assert not other.again
    undo(park, boss, again.scan_id, undo_id="u2")
    assert bind(park, [a_scan(1)], actor=boss)[0].code == ""


def test_a_phone_that_sends_an_undone_scan_again_hears_that_it_was_undone(park, boss, three, a_scan):
    undo(park, boss)

    answer = bind(park, [a_scan(3, scan_id="s3")], actor=boss)[0]

    assert (answer.status, answer.code, answer.bound) == ("repeat", "screening.scan_undone", 2)
    assert Specimen.every.count() == 3


@pytest.mark.parametrize("close", ["seal", "result"])
def test_a_tube_that_is_sealed_keeps_its_scans(park, boss, three, close):
    if close == "seal":
        seal(Tube.objects.get(), actor=boss)
    else:
        report_all(park, [Report(tube="T1", value="negative", reported_at=MORNING)], actor=boss)

    with pytest.raises(TubeClosedToUndoing):
        undo(park, boss)
    assert not Undo.objects.exists()


def test_only_who_made_a_scan_undoes_it(park, boss, three):
    other = an_actor(*park.branches, powers=(Can.BIND_SPECIMENS,))
    stranger = an_actor("u/0/", powers=(Can.BIND_SPECIMENS,))

    with pytest.raises(ScanNotYours):
        undo_scan(park, "s1", undo_id="u", reason="x", actor=other)
    with pytest.raises(ScanUnknown):
        undo_scan(park, "s1", undo_id="u", reason="x", actor=stranger)
    with pytest.raises(ScanUnknown):
        undo(park, boss, "never")
    assert not Undo.objects.exists()


def test_an_undo_needs_a_reason_and_an_id_of_its_own(park, boss, three):
    with pytest.raises(UndoNeedsReason):
        undo(park, boss, reason="  ")
    for wrong in ({"undo_id": ""}, {"undo_id": "u" * 65}, {"reason": "x" * 201}, {"scan_id": "s\0"}):
        with pytest.raises(UndoMisshapen):
            undo(park, boss, **wrong)
    undo(park, boss)
    with pytest.raises(UndoIdReused):
        undo(park, boss, "s2")
    assert Undo.objects.count() == 1


def test_a_result_after_an_undo_opens_retests_for_those_who_are_left(park, boss, three):
    undo(park, boss)

    answer = report_all(park, [Report(tube="T1", value="positive", reported_at=MORNING - minutes(0), swabs=2)], actor=boss)[0]

    assert (answer.bound, answer.code) == (2, "")
    retested = set(Specimen.every.filter(retest__isnull=False).values_list("scan_id", flat=True))
    assert retested == {"s1", "s2"}


def test_the_api_undoes_and_the_tube_says_how_full_it_is(as_role, park, round_1, a_worker, a_point):
    a_point(), a_worker(number=1)
    phone = as_role("scanner")
    scan = {"scan_id": "p1", "round": 1, "tube": "T/9", "point": "采样点", "resident_id": id_number(1)}
    phone.post("/api/v1/screening/scans", {"scans": [scan]}, content_type="application/json")

    sent = {"scan_id": "p1", "undo_id": "x1", "reason": "wrong tube"}
    first, again = (phone.post("/api/v1/screening/scans/undo", sent, content_type="application/json").json() for _ in range(2))

    assert (first["status"], again["status"], first["bound"]) == ("undone", "repeat", 0)
    told = phone.get("/api/v1/screening/tubes/T/9").json()
    assert (told["bound"], told["capacity"], told["sealed_at"], told["round"]) == (0, 20, None, 1)
    assert as_role("scanner").post("/api/v1/screening/scans/undo", sent, content_type="application/json").status_code == 422


def test_the_tubes_page_tells_its_life(as_role, page_of, park, boss, three):
    undo(park, boss)
    officer = as_role("duty_officer")
    seal(Tube.objects.get(), actor=boss)

    shown = officer.get(page_of("tube", "T1")).content.decode()

    for words in ("opened at 采样点", "2 swabs", "scan of position 3 undone: wrong person", "sealed"):
        assert words in shown


def test_turning_the_keys_reaches_undone_walk_ins(park, boss, round_1, a_scan, a_point):
    a_point()
    bind(park, [a_scan(9)], actor=boss)
    undo(park, boss, "s1")

    assert Specimen._default_manager.filter(id_sealed__isnull=False).count() == 1
