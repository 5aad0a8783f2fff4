"""What two sides of a hand-over counted, how long swabs were on their way, and the life of a box, as plain functions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.screening.logic.custody import compare, way_of
from jiugong.screening.stages import ENDS, NEXT, Stage
from jiugong.screening.words import BoxStage

pytestmark = pytest.mark.pure
NOON = datetime(2022, 7, 22, 4, tzinfo=UTC)
CODES = st.frozensets(st.sampled_from(["T1", "T2", "T3", "T4", "T5", "T6"]))


def test_every_stage_is_reached_and_every_life_can_end() -> None:
    reached, waiting = {Stage.OPEN}, [Stage.OPEN]
    while waiting:
        new = NEXT[waiting.pop()] - reached
        reached |= new
        waiting += new

    def can_end(stage: Stage, seen: frozenset[Stage] = frozenset()) -> bool:
        return stage in ENDS or any(can_end(after, seen | {stage}) for after in NEXT[stage] - seen - {stage})

    assert reached == set(Stage) == set(NEXT)
    assert set(ENDS) == {Stage.DELIVERED, Stage.DROPPED}
    assert all(map(can_end, Stage))
    assert {stage.value for stage in Stage} == set(BoxStage.values)


@pytest.mark.parametrize(("gave", "counted", "scanned", "missing", "extra", "unknown"), [
    (3, None, (), (), (), 0), (3, 3, (), (), (), 0), (3, 2, (), (), (), 1), (3, 2, ("T1", "T3"), ("T2",), (), 0),
    (3, 2, ("T1",), (), (), 1), (3, 3, ("T1", "T2", "T9"), ("T3",), ("T9",), 0), (3, 4, ("T1", "T2", "T3", "T9"), (), ("T9",), 0),
    (3, 2, ("T9",), (), ("T9",), 2)])
def test_missing_tubes_are_named_as_far_as_they_are_known(gave, counted, scanned, missing, extra, unknown) -> None:
    told = compare(["T1", "T2", "T3"], gave=gave, counted=counted, scanned=scanned)

    assert (told.missing, told.extra, told.unknown_which) == (missing, extra, unknown)


@given(packed=CODES, scanned=CODES, gave=st.integers(0, 7))
def test_counts_agree_exactly_when_the_same_tubes_were_scanned_and_given(packed, scanned, gave) -> None:
    told = compare(packed, gave=gave, counted=len(scanned), scanned=scanned)

    assert told.agree == ((packed == scanned if scanned else not packed) and gave == len(packed))
    if scanned:
        assert set(told.missing) == packed - scanned
        assert set(told.extra) == scanned - packed


@pytest.mark.parametrize(("arrived", "at", "late"), [
    (None, 4 * 60, False), (None, 4 * 60 + 1, True), (4 * 60, 900, False), (4 * 60 + 1, 900, True), (300, 200, False)])
def test_a_way_is_late_after_its_limit_and_not_on_it(arrived, at, late) -> None:
    moment = {minutes: NOON + timedelta(minutes=minutes) for minutes in (arrived or 0, at)}
    way = way_of(oldest=NOON, opened=NOON + timedelta(hours=1), arrived=moment[arrived] if arrived else None, hours=4)

    assert way.is_late(moment[at]) is late


def test_without_a_rule_nothing_is_late_and_without_a_scan_it_counts_from_the_opening() -> None:
    way = way_of(oldest=None, opened=NOON, arrived=None, hours=None)

    assert (way.since, way.is_late(NOON + timedelta(days=9)), way.lasted(NOON + timedelta(hours=2))) == (
        NOON, False, timedelta(hours=2))
