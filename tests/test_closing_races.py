"""A write that races with the close of its day is in the seal or late: never lost, never neither."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from jiugong.closing.actions import close_day, verify
from jiugong.closing.logic.sealing import unpacked
from jiugong.closing.models import Afterword, Closing, Seal, SealedTable
from jiugong.closing.tests.conftest import AFTERWARDS, scans
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.screening.models import Specimen
from tests.cast import DAY, MORNING, Town
from tests.skips import only_where_two_write


@only_where_two_write
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [True, False])
def test_a_scan_that_is_written_while_its_day_is_closed_is_in_the_seal_or_late(
        town: Town, before: bool, settings: Any, tmp_path: Path) -> None:
    settings.KEY_RING_FILE = tmp_path / "key-ring.json"             # what is remembered of seals belongs to this test
    written, go_on = threading.Event(), threading.Event()

    def late_phone() -> None:
        with clock.standing_at(AFTERWARDS), transaction.atomic():
            if before:
                scans(town, 3, MORNING)
            else:
                assert Specimen.objects.count() == 2                # its transaction has begun; it has not written
            written.set()
            go_on.wait(10)
            if not before:
                scans(town, 3, MORNING)
        connections.close_all()

    def officer() -> None:
        with clock.standing_at(AFTERWARDS):
            close_day(town.park, DAY, actor=operator())
        connections.close_all()

    phone, closes = threading.Thread(target=late_phone), threading.Thread(target=officer)
    phone.start()
    assert written.wait(10)
    closes.start()
    _until(lambda: Seal.objects.exists() if not before else Closing.objects.exists())
    assert Seal.objects.exists() is not before                      # who had written is waited for, who had not is not
    go_on.set()
    for thread in (phone, closes):
        thread.join(20)

    row = Specimen.objects.get(scan_id="late-3").pk
    kept = SealedTable.objects.get(table="screening_specimen")
    with clock.standing_at(AFTERWARDS + timedelta(hours=1)):
        assert verify(town.park, actor=operator()).ok
    assert (row in unpacked(bytes(kept.blob))) is before
    assert Afterword.objects.filter(what="late", table="screening_specimen", row=row).exists() is not before


def _until(true: object) -> None:
    for _time in range(200):
        if true():                                                  # type: ignore[operator]
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came to pass")
