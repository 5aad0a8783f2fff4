"""Figures of closed days: the days, who missed what, what came afterwards; each counts its rows, within a reach."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.queries import Rows, scope_for
from jiugong.briefs.scope import Scope, scope_of
from jiugong.closing import late
from jiugong.closing.actions import close_day
from jiugong.closing.models import Afterword, Count, Seal
from jiugong.duties.actions import record
from jiugong.lib import clock
from jiugong.lib.acting import operator
from tests.cast import DAY, MORNING, Town

AFTERWARDS = MORNING + timedelta(days=1)


def figures(scope: Scope) -> list[int]:
    """Days closed, misses and late rows; each counts just its rows."""
    counted = []
    for key in ("days_closed", "missed", "late"):
        figure = BY_KEY[f"closing.{key}"]
        assert figure.count(scope) == len(list(figure.rows(scope))), key
        counted.append(figure.count(scope))
    return counted


def _of(town: Town, first: date = DAY, last: date = DAY, **more: Any) -> Scope:
    return scope_of(town.park, first, last, **more)


@pytest.fixture
def closed(busy: Town, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> Town:
    """The first day is closed on the next morning; then a report of it arrives."""
    settings.KEY_RING_FILE = tmp_path / "key-ring.json"
    late.forget_zones()
    with clock.standing_at(AFTERWARDS):
        assert figures(_of(busy)) == [0, 0, 0]
        with django_capture_on_commit_callbacks(execute=True):
            close_day(busy.park, DAY, actor=operator())
    with clock.standing_at(AFTERWARDS + timedelta(minutes=1)):
        record(busy.park, busy.people["吴强"], kind="health_report", data={"temperature": 36.5, "symptoms": []},
               happened_at=MORNING, client_id="late", actor=operator())
    return busy


def test_closed_days_misses_and_late_rows_are_counted(closed: Town) -> None:
    with clock.standing_at(AFTERWARDS + timedelta(hours=1)):
        sealed = sum(Count.objects.filter(seal=Seal.objects.get()).values_list("missed", flat=True))
        assert figures(_of(closed)) == [1, sealed, Afterword.objects.filter(what="late").count()]
        assert sealed and Afterword.objects.filter(what="late").exists()
        assert figures(_of(closed, DAY - timedelta(days=1), DAY - timedelta(days=1))) == [0, 0, 0]
        assert figures(_of(closed, DAY + timedelta(days=1), DAY + timedelta(days=1))) == [0, 0, 0]


@pytest.mark.parametrize(("at", "days_and_late"), [
    (AFTERWARDS - timedelta(seconds=1), (0, False)), (AFTERWARDS, (1, False)), (AFTERWARDS + timedelta(minutes=1), (1, True))])
def test_nothing_that_was_closed_or_came_later_is_counted(closed: Town, at: datetime, days_and_late: tuple[int, bool]) -> None:
    with clock.standing_at(at):
        counted, missed, came = figures(_of(closed))
    assert (counted, came > 0) == days_and_late
    assert (missed > 0) == (counted > 0)


def test_misses_are_counted_within_a_reach_and_late_rows_for_the_whole_park(closed: Town) -> None:
    with clock.standing_at(AFTERWARDS + timedelta(hours=1)):
        _days, whole, came = figures(_of(closed))
        parts = [figures(scope_for(actor_for(closed.users[who]), closed.park, DAY, DAY)) for who in ("tao", "bo")]
        nobody = figures(_of(closed, reach=()))
    assert came and [each[2] for each in parts] == [0, 0]
    assert all(each[1] > 0 for each in parts) and parts[0][1] + parts[1][1] <= whole
    assert nobody[1:] == [0, 0]


def test_rows_name_whom_the_reader_may_see_and_are_searched(closed: Town) -> None:
    with clock.standing_at(AFTERWARDS + timedelta(hours=1)):
        scope, tao = _of(closed), actor_for(closed.users["tao"])
        everybody = {line.facts["name"] for line in BY_KEY["closing.missed"].rows(scope)}
        seen = {line.facts["name"] for line in Rows(tao, BY_KEY["closing.missed"], scope)}
        name = sorted(seen & set(closed.people))[0]
        assert seen < everybody
        assert {line.facts["name"] for line in Rows(tao, BY_KEY["closing.missed"], scope, name)} == {name}
