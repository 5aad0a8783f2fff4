"""Writing closed days into the history's files, and again where something came late.

Rows are read, a draft is written, the day's row says what it holds, and the draft takes its name: whatever stops us in between, the
store answers for the day until it is done. Whoever writes to a closed day counts it up in his own transaction, so that a file
never hides what came while it was written.
"""

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Min

from analytics import run
from jiugong.lib import clock, days, progress
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.wiping import wipe_file
from jiugong.registry.models import Park
from jiugong.tracing.history_errors import DayNotClosed
from jiugong.tracing.models import HistoryDay, Presence, Spot
from jiugong.tracing.queries.history import seconds
from jiugong.tracing.queries.history_files import (
    behind,
    draft_of,
    file_of,
    files_that_differ,
    folder_of,
    is_intact,
    is_ours,
    mac_of,
)
from jiugong.tracing.questions import is_closed
from jiugong.tracing.words import Source

TRIES, AT_ONCE = 3, 50_000


def hear_that_a_day_closed(park_id: int, day: date, *, actor: Actor) -> None:
    """A day was closed: it is written into the history once that is committed."""
    HistoryDay.objects.get_or_create(park_id=park_id, day=day, defaults={"opened_at": clock.now()})
    transaction.on_commit(lambda: _build_after_closing(park_id, day, actor), robust=True)


def _build_after_closing(park_id: int, day: date, actor: Actor) -> None:
    build_day(Park.objects.get(pk=park_id), day, actor=actor)


def hear_that_a_closed_day_was_touched(park_id: int, day: date, *, removed: bool) -> None:
    """Stays of a closed day came, changed or went: its file is behind until it is written again."""
    if not removed:
        HistoryDay.objects.get_or_create(park_id=park_id, day=day, defaults={"opened_at": clock.now()})
    HistoryDay.objects.filter(park_id=park_id, day=day).update(touched=F("touched") + 1)


def build_day(park: Park, day: date, *, actor: Actor) -> HistoryDay:
    """Write the file of a closed day; the same rows make the same file. Raises DayNotClosed."""
    actor.must(Can.CLOSE_DAYS, over=park)
    if not is_closed(park.pk, day):
        raise DayNotClosed(day=str(day))
    kept = HistoryDay.objects.get_or_create(park=park, day=day, defaults={"opened_at": clock.now()})[0]
    for _try in range(TRIES):
        touched = HistoryDay.objects.values_list("touched", flat=True).get(pk=kept.pk)
        stays = _stays_of(park, day)
        if _keep(kept, touched, stays):
            break
    return HistoryDay.objects.select_related("park").get(pk=kept.pk)


def build_what_is_behind(*, actor: Actor, park: Park | None = None, most: int = 0) -> int:
    """Write every closed day whose file is behind; at most so many. Returns how many were."""
    waiting = [each for each in behind() if park is None or each.park_id == park.pk]
    for at, each in enumerate(waiting[:most or None], start=1):
        build_day(each.park, each.day, actor=actor)
        progress.step(at, len(waiting))
    return len(waiting[:most or None])


def make_again(park: Park, *, actor: Actor) -> int:
    """After a restore: what no row knows goes, and what is not here is written from the rows. Returns how many days were."""
    for file in [each.file for each in files_that_differ(park) if each.what == "inserted"]:
        wipe_file(folder_of(park) / file.removeprefix("history/"))
    gone = [each for each in HistoryDay.objects.filter(park=park).select_related("park")
            if each.is_behind or not is_ours(each) or not is_intact(each)]
    for each in gone:
        build_day(park, each.day, actor=actor)
    return len(gone)


def make_everything_again(*, actor: Actor) -> int:
    """The same for every park."""
    return sum(make_again(park, actor=actor) for park in Park.objects.order_by("pk"))


# --- one file ---------------------------------------------------------------------------------------------------------

def _keep(kept: HistoryDay, touched: int, stays: Any) -> bool:
    """Let a day's row say what its file holds, and give the file its name; not where somebody touched the day meanwhile."""
    import pyarrow.compute as of

    made = _drafted(kept, stays) if stays.num_rows else ""
    try:
        with transaction.atomic():
            now = HistoryDay.objects.select_for_update(of=("self",)).select_related("park").filter(pk=kept.pk).first()
            if now is None or now.touched != touched:
                return now is None
            is_the_same = now.as_of == touched and now.sha256 == made and is_ours(now)
            now.as_of, now.rows, now.sha256 = touched, stays.num_rows, made
            now.first = of.min(stays["entered"]).as_py() or 0
            now.last = of.max(stays["left"]).as_py() or 0
            now.mac = mac_of(now)
            if not is_the_same:
                now.written_at = clock.now()
                now.save(update_fields=["as_of", "written_at", "rows", "first", "last", "sha256", "mac"])
        if not made:
            wipe_file(file_of(now))
        return is_intact(now)                                  # which gives the draft its name
    finally:
        if made:
            wipe_file(draft_of(kept, made))


def _drafted(kept: HistoryDay, stays: Any) -> str:
    """Write a draft beside the file's place. Returns what it holds, as a hash."""
    folder = file_of(kept).parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    working = folder / f".{os.getpid()}-{threading.get_ident()}.draft"
    try:
        run.write(stays, working)
        working.chmod(0o600)
        with working.open("rb") as file:
            os.fsync(file.fileno())
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        working.replace(draft_of(kept, sha256))
        return sha256
    finally:
        with suppress(FileNotFoundError):
            wipe_file(working)


def _stays_of(park: Park, day: date) -> Any:
    """The stays that began on a day, as the contract has them: in order, each once."""
    import pyarrow

    start, end = days.bounds(day, park.zone)
    rows = Presence.objects.filter(park=park, entered_at__gte=start, entered_at__lt=end).order_by().values_list(
        "who__number", "spot_id", "entered_at", "left_at", "source", "assumed")
    parts = [run.table("presence", part) for part in _parts(rows.iterator(chunk_size=AT_ONCE), _where(park))]
    return run.in_order(pyarrow.concat_tables(parts)) if parts else run.schema("presence").empty_table()


def _parts(rows: Iterator[Any], where: dict[int, tuple[str, int, int]]) -> Iterator[list[tuple[Any, ...]]]:
    part: list[tuple[Any, ...]] = []
    for number, spot, entered_at, left_at, source, assumed in rows:
        kind, hall, place = where[spot]
        part.append((number, kind, hall, place, spot, seconds(entered_at), seconds(left_at), _word(source), assumed))
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _where(park: Park) -> dict[int, tuple[str, int, int]]:
    """Of each spot its kind, hall and number."""
    halls = {(kind, hall): first for kind, hall, first in Spot.objects.filter(park=park).order_by().values_list(
        "kind", "hall").annotate(first=Min("pk"))}
    spots: Iterable[tuple[int, str, str, int | None]] = Spot.objects.filter(park=park).values_list("pk", "kind", "hall", "number")
    return {pk: (kind, halls[kind, hall], number or 0) for pk, kind, hall, number in spots}


def _word(source: str) -> str:
    """A log's own name stays in the store: files hold words of the contract alone."""
    return source if source in Source.values else Source.OTHER.value
