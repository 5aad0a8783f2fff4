"""Boxes from hand to hand: both sides sign and count, and what does not agree stays until it is explained."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.screening.actions.custody import explain, hand_over, receive_at_laboratory, take_along, take_back
from jiugong.screening.box_errors import (
    BoxIdReused,
    BoxMisshapen,
    BoxMoved,
    BoxNotOffered,
    BoxNotSealed,
    BoxNotYours,
    BoxSameHands,
    NothingToExplain,
)
from jiugong.screening.box_matters import matters
from jiugong.screening.models import Leg
from jiugong.screening.queries.boxes import boxes_of
from jiugong.screening.tests.conftest import MORNING, hands, put

MINUTE = timedelta(minutes=1)


# handing over -------------------------------------------------------------------------------------------------------

def test_a_box_goes_from_point_to_driver_to_laboratory_and_each_signs_for_himself(park, shu, yi, yan, three):
    with clock.standing_at(MORNING + 10 * MINUTE):
        hand_over(three, leg_id="l1", gave=3, to_whom="易师傅", actor=shu)
    with clock.standing_at(MORNING + 15 * MINUTE):
        take_along(three, receipt_id="r1", counted=3, actor=yi)
    with clock.standing_at(MORNING + 45 * MINUTE):
        hand_over(three, leg_id="l2", gave=3, actor=yi)
    with clock.standing_at(MORNING + 50 * MINUTE):
        receive_at_laboratory(three, receipt_id="r2", scanned=["T3", "T1", "T2"], actor=yan)

    three.refresh_from_db()
    assert (three.stage, three.holder_name, three.ended_at) == ("delivered", "yan", MORNING + 50 * MINUTE)
    signed = [(leg.given_by_name, leg.gave, leg.received_by_name, leg.counted, leg.differs) for leg in Leg.objects.order_by("pk")]
    assert signed == [("shu", 3, "yi", 3, False), ("yi", 3, "yan", 3, False)]
    assert Entry.objects.filter(verb__startswith="box.").count() == 6


def test_nobody_signs_on_both_sides(park, three):
    both = hands("both", Can.BIND_SPECIMENS, Can.CARRY_BOXES, Can.REPORT_RESULTS, branches=park.branches)
    leg = hand_over(three, leg_id="l1", gave=3, actor=both)

    with pytest.raises(BoxSameHands):
        take_along(three, receipt_id="r1", counted=3, actor=both)
    with pytest.raises(BoxSameHands):
        receive_at_laboratory(three, receipt_id="r1", counted=3, actor=both)
    leg.received_by = leg.given_by
    with pytest.raises(IntegrityError), transaction.atomic():
        leg.save()
    assert Leg.objects.get().received_at is None


def test_both_sides_may_send_twice(park, shu, yi, three):
    first, again = (hand_over(three, leg_id="l1", gave=3, actor=shu) for _ in range(2))
    got, once_more = (take_along(three, receipt_id="r1", counted=3, actor=yi) for _ in range(2))

    assert first == again == got == once_more
    with pytest.raises(BoxIdReused):
        hand_over(three, leg_id="l1", gave=2, actor=shu)
    with pytest.raises(BoxIdReused):
        take_along(three, receipt_id="r1", counted=2, actor=yi)
    assert Leg.objects.count() == 1


def test_only_who_has_a_box_hands_it_over_and_only_what_was_handed_over_is_received(park, shu, yi, yan, box, three):
    with pytest.raises(BoxNotOffered):
        take_along(three, receipt_id="r1", counted=3, actor=yi)
    with pytest.raises(NotAllowed):
        hand_over(three, leg_id="l0", gave=3, actor=yan)
    hand_over(three, leg_id="l1", gave=3, actor=shu)
    with pytest.raises(BoxMoved):
        hand_over(three, leg_id="l2", gave=3, actor=shu)
    for actor, receive in ((yan, take_along), (yi, receive_at_laboratory)):
        with pytest.raises(NotAllowed):
            receive(three, receipt_id="r1", counted=3, actor=actor)
    take_along(three, receipt_id="r1", counted=3, actor=yi)
    with pytest.raises(BoxNotYours):
        hand_over(three, leg_id="l2", gave=3, actor=shu)
    assert Leg.objects.count() == 1


def test_an_open_box_is_not_handed_over(park, shu, box):
    put(park, shu, "T1")

    with pytest.raises(BoxNotSealed):
        hand_over(box, leg_id="l1", gave=1, actor=shu)


def test_a_hand_over_is_taken_back_while_nobody_received_it(park, shu, yi, yan, three):
    hand_over(three, leg_id="l1", gave=3, actor=shu)
    assert take_back(three, actor=shu).stage == "sealed"
    assert take_back(three, actor=shu).stage == "sealed"
    hand_over(three, leg_id="l2", gave=3, actor=shu)
    take_along(three, receipt_id="r1", counted=3, actor=yi)
    with pytest.raises(BoxMoved):
        take_back(three, actor=shu)
    hand_over(three, leg_id="l3", gave=3, actor=yi)
    with pytest.raises(NotAllowed):
        take_back(three, actor=yan)
    with pytest.raises(BoxNotYours):
        take_back(three, actor=shu)
    assert take_back(three, actor=yi).stage == "carried"
    assert boxes_of(yi, park).get() == three
    assert not boxes_of(yan, park).exists()


def test_a_clock_that_is_behind_receives_nothing_before_it_was_given(park, shu, yi, three):
    hand_over(three, leg_id="l1", gave=3, actor=shu, at=MORNING + 90 * MINUTE)

    leg = take_along(three, receipt_id="r1", counted=3, actor=yi, at=MORNING - 90 * MINUTE)

    assert (leg.given_at, leg.received_at) == (MORNING, MORNING)


# counts -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("gave", "got", "differs"), [
    (3, {"counted": 3}, False), (2, {"counted": 3}, True), (3, {"counted": 2}, True), (2, {"counted": 2}, True),
    (3, {"scanned": ["T1", "T2", "T3"]}, False), (3, {"scanned": ["T1", "T2", "T4"]}, True),
    (3, {"counted": 3, "scanned": ["T1"]}, False)])
def test_counts_agree_with_each_other_and_with_the_record_or_it_is_said(park, shu, yi, three, gave, got, differs):
    hand_over(three, leg_id="l1", gave=gave, actor=shu)

    assert take_along(three, receipt_id="r1", actor=yi, **got).differs is differs


def test_a_difference_stays_until_somebody_else_explains_it(park, shu, yi, boss, three):
    hand_over(three, leg_id="l1", gave=3, actor=shu)
    leg = take_along(three, receipt_id="r1", scanned=["T1", "T2"], actor=yi)
    told = [each.text for each in matters(boss, park, MORNING)]
    assert any("X01" in text for text in told)

    with pytest.raises(NotAllowed):
        explain(leg, text="x", actor=shu)
    explain(leg, text="T3 留在采样点，已补送", actor=boss)
    explain(leg, text="T3 留在采样点，已补送", actor=boss)

    with pytest.raises(NothingToExplain):
        explain(leg, text="other", actor=boss)
    assert not [each for each in matters(boss, park, MORNING) if "X01" in each.text]
    assert Entry.objects.filter(verb="box.difference_explained").count() == 1


def test_a_receiver_counts_or_scans(park, shu, yi, three):
    hand_over(three, leg_id="l1", gave=3, actor=shu)
    for wrong in ({}, {"counted": -1}, {"counted": 1001}, {"scanned": ["T\0"]}, {"scanned": ["T" * 99]}):
        with pytest.raises(BoxMisshapen):
            take_along(three, receipt_id="r1", actor=yi, **wrong)
    assert Leg.objects.get().received_at is None
