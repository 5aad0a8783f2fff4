"""Figures of boxes, of conflicts between scans, and of what came from paper: each counts its rows, within a reach."""

from datetime import datetime, timedelta

import pytest

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.scope import Scope, scope_of
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.screening.actions.boxes import Put, open_box, put_tubes, seal_box
from jiugong.screening.actions.custody import hand_over
from jiugong.screening.actions.paper_entry import Sheet, enter_sheet
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.actions.settling import keep_all
from jiugong.screening.models import Point
from tests.cast import DAY, MORNING, Town, an_id


def figures(scope: Scope, *keys: str) -> list[int]:
    """What these figures count; each counts just its rows."""
    counted = []
    for key in keys:
        figure = BY_KEY[f"screening.{key}"]
        assert figure.count(scope) == len(list(figure.rows(scope))), key
        counted.append(figure.count(scope))
    return counted


@pytest.fixture
def sent(busy: Town) -> Town:
    """A box with the first tube, handed over with one tube too few."""
    point = Point.objects.get(park=busy.park, name="第1网格采样点")
    box = open_box(busy.park, "X1", point=point, client_id="b", actor=operator())
    put_tubes(busy.park, [Put(put_id="p", box="X1", tube="SY0001")], actor=operator())
    hand_over(seal_box(box, actor=operator()), leg_id="l", gave=0, actor=operator())
    return busy


@pytest.mark.parametrize(("after", "late"), [(timedelta(hours=4), 0), (timedelta(hours=4, minutes=1), 1)])
def test_boxes_are_counted_late_ones_and_those_whose_counts_differ(sent: Town, after: timedelta, late: int) -> None:
    with clock.standing_at(MORNING + after):
        assert figures(scope_of(sent.park, DAY, DAY), "boxes", "boxes_late", "boxes_differing") == [1, late, 1]
        assert figures(scope_of(sent.park, DAY - timedelta(days=1), DAY - timedelta(days=1)), "boxes", "boxes_late") == [0, 0]
        mine, other = (scope_of(sent.park, DAY, DAY, reach=sent.grids[name].branches) for name in ("第1网格", "第2网格"))
        assert figures(mine, "boxes", "boxes_differing") == [1, 1]
        assert figures(other, "boxes", "boxes_differing") == [0, 0]


def test_conflicts_are_counted_until_they_are_settled(busy: Town, this_morning: datetime) -> None:
    bind(busy.park, [Scan(scan_id="again", round=1, tube="SY0009", point="第1网格采样点", id_number=an_id(1))], actor=operator())
    assert figures(scope_of(busy.park, DAY, DAY), "conflicts") == [2]                       # and the stranger

    keep_all(busy.park, "twice", ["cast-1", "again"], settle_id="s", reason="核实过", actor=operator())

    assert figures(scope_of(busy.park, DAY, DAY), "conflicts") == [1]


def test_what_came_from_paper_is_counted_with_who_typed_it(busy: Town, this_morning: datetime) -> None:
    point = Point.objects.get(park=busy.park, name="第1网格采样点")
    assert busy.round
    enter_sheet(Sheet(entry_id="e", round=busy.round, point=point, tube="P1", lines=["冯雪", an_id(3)], sampled_at=MORNING),
                actor=operator())
    scope = scope_of(busy.park, DAY, DAY)

    assert figures(scope, "from_paper") == [2]
    assert {row.facts["entered_by"] for row in BY_KEY["screening.from_paper"].rows(scope)} == {"operator"}
