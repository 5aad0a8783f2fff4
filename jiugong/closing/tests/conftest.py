"""Lin's park, its first day over, and what somebody with SQL alone does to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from jiugong.closing import late
from jiugong.closing.actions import close_day, verify
from jiugong.closing.models import Seal
from jiugong.duties.actions import record
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, Town, an_id

BEIJING = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2022, 7, 23, tzinfo=BEIJING)
AFTERWARDS = datetime(2022, 7, 23, 9, 0, tzinfo=BEIJING)
NEXT_DAY = date(2022, 7, 23)


@pytest.fixture(autouse=True)
def _heads_of_its_own(settings: Any, tmp_path: Path) -> Iterator[None]:
    """What is remembered beside the keys belongs to one test."""
    settings.KEY_RING_FILE = tmp_path / "key-ring.json"
    late.forget_zones()
    yield
    late.forget_zones()


@pytest.fixture
def over(busy: Town) -> Iterator[Town]:
    """It is the next morning; the day of the first round is over and not yet closed."""
    with clock.standing_at(AFTERWARDS):
        yield busy


@pytest.fixture
def close(over: Town, django_capture_on_commit_callbacks: Any) -> Callable[..., Seal]:
    """Close a day, as in `close()` or `close(NEXT_DAY)`."""
    def closed(day: date = DAY) -> Seal:
        with django_capture_on_commit_callbacks(execute=True):
            return close_day(over.park, day, actor=operator())
    return closed


@pytest.fixture
def differs(over: Town) -> Callable[[], list[tuple[str, str, int, str]]]:
    """What verifying finds, as (day, table, row, what)."""
    def found() -> list[tuple[str, str, int, str]]:
        return [(each.day, each.table, each.row, each.what.value) for each in verify(over.park, actor=operator()).differs]
    return found


@contextmanager
def given_back() -> Iterator[None]:
    """What is done inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: Any) -> None:
    """What somebody does who has the database and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def reports(town: Town, name: str, at: datetime, *, received: datetime | None = None) -> Any:
    """Somebody's health report of a moment, perhaps received later."""
    with clock.standing_at(received or at + timedelta(minutes=1)):
        return record(town.park, town.people[name], kind="health_report", data={"temperature": 36.5, "symptoms": []},
                      happened_at=at, client_id=f"{name}-{at.isoformat()}", actor=operator())


def scans(town: Town, number: int, at: datetime, *, scan_id: str = "", tube: str = "SY0001") -> Any:
    """A swab that was taken at a moment and arrives now."""
    return bind(town.park, [Scan(scan_id=scan_id or f"late-{number}", round=1, tube=tube, point="第1网格采样点",
                                 id_number=an_id(number), sampled_at=at, device_at=at, offline=True)], actor=operator())
