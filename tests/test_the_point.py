"""The point: what laboratories, points and their staff become as figures, matters and stories."""

from datetime import date, timedelta

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.briefs.matters import matters_of
from jiugong.briefs.queries import figure
from jiugong.briefs.scope import scope_of
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.tubes import seal
from tests.cast import DAY, MORNING, Town

pytestmark = pytest.mark.django_db


def counted(town: Town, key: str, at: object = None, **scope: object) -> int:
    """A figure of the day; its rows are as many, or their shares sum to it."""
    named, asked = figure(key), scope_of(town.park, DAY, DAY, **scope)  # type: ignore[arg-type]
    lines = [line.facts for line in named.rows(asked)]
    value = named.count(asked)
    assert value == sum(int(line.get("value", 1)) for line in lines)
    return value


def test_a_tube_that_its_laboratory_reports_late_is_counted_and_needs_somebody_until_it_is_reported(town: Town) -> None:
    lab = keep_laboratory(town.park, "北辰检测", actor=operator())
    contract(lab, Terms(hours=6, since=date(2022, 7, 1)), actor=operator())
    assert town.tube
    with clock.standing_at(MORNING):
        seal(town.tube, actor=operator())
    due = MORNING + timedelta(hours=6)
    lin = actor_for(town.users["lin"], MORNING)

    for at, late in ((due, 0), (due + timedelta(seconds=1), 1)):
        with clock.standing_at(at):
            assert counted(town, "screening.tubes_late") == late
            assert sum("laboratories/late" in each.url for each in matters_of(lin, town.park, at)) == late

    later = due + timedelta(hours=1)
    with clock.standing_at(later):
        report(town.park, Report(tube="SY0001", value="negative", reported_at=later), actor=operator())
        assert counted(town, "screening.tubes_late") == 1
        assert not any("laboratories/late" in each.url for each in matters_of(lin, town.park, later))
