"""The history's files: where they lie, which are as they were written, and what of a window the store must answer.

A file that is not as its row says is not read: the store, which still holds every row, answers for the day.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q

from jiugong.lib import days, secrets
from jiugong.registry.models import Park
from jiugong.tracing.models import HistoryDay

log = logging.getLogger("jiugong.history")
NAME, DATASET = "part.parquet", "presence"
Mark = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Whence the stays of a window come: from files, and from rows of the store that are in none of them."""

    files: list[Path]
    in_store: Q


@dataclass(frozen=True, kw_only=True, order=True)
class FileDiffers:
    """A file that is not as it was written: of which day, where under `history`, in which row of ours, what happened to it."""

    day: str
    file: str
    row: int
    what: str


def folder_of(park: Park) -> Path:
    """Where a park's files lie."""
    return Path(settings.HOME) / "history" / str(park.uid)


def file_of(each: HistoryDay) -> Path:
    return folder_of(each.park) / DATASET / f"day={each.day}" / NAME


def draft_of(each: HistoryDay, sha256: str) -> Path:
    """What a file is called until its row is committed: by what it holds, so that whoever comes later can finish it."""
    return file_of(each).with_name(f".{sha256[:16]}.draft")


def mac_of(each: HistoryDay) -> bytes:
    """That the house wrote this file, under a key that is not in the database."""
    said = json.dumps([str(each.park.uid), DATASET, str(each.day), each.as_of, each.rows, each.first, each.last, each.sha256])
    return hmac.digest(secrets.ring().seal_key, b"history\0" + said.encode(), hashlib.sha256)


def is_ours(each: HistoryDay) -> bool:
    return hmac.compare_digest(mac_of(each), bytes(each.mac))


def behind() -> Iterable[HistoryDay]:
    """Closed days whose file is not written yet, or for which something came since."""
    return HistoryDay.objects.exclude(as_of__isnull=False, as_of=F("touched")).select_related("park").order_by("park", "day")


def sources_of(park: Park, since: int, until: int) -> Sources:
    """Whence the stays of a window come, in seconds."""
    covered, files = [], []
    for each in HistoryDay.objects.filter(park=park, as_of=F("touched")).select_related("park").order_by("day"):
        if not is_ours(each):
            continue
        if each.rows and each.first < until and each.last > since:
            if not is_intact(each):
                log.warning("file", extra={"told": {"park": str(park.uid), "day": str(each.day), "state": "not_as_written"}})
                continue
            files.append(file_of(each))
        covered.append(days.bounds(each.day, park.zone))
    return Sources(files=files, in_store=_between(covered))


def _between(covered: list[tuple[datetime, datetime]]) -> Q:
    """Stays that began on none of these days, which are in order."""
    free, since = Q(), None
    for start, end in covered:
        if since is None:
            free = Q(entered_at__lt=start)
        elif since < start:
            free |= Q(entered_at__gte=since, entered_at__lt=start)
        since = end
    return free | Q(entered_at__gte=since) if since else Q()


# --- is a file as it was written? -------------------------------------------------------------------------------------

_known: dict[Path, tuple[Mark, str]] = {}


def is_intact(each: HistoryDay) -> bool:
    """Is the file of a day as its row says? What was written and not yet put in its place is put there."""
    if not each.rows:
        return not file_of(each).exists()
    if _digest(file_of(each)) == each.sha256:
        return True
    draft = draft_of(each, each.sha256)
    if _digest(draft) != each.sha256:
        return False
    draft.replace(file_of(each))
    return True


def _digest(path: Path) -> str:
    """What a file holds; read once, as long as nobody touches it."""
    try:
        stat = path.stat()
        mark = stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
        if (known := _known.get(path)) and known[0] == mark:
            return known[1]
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    _known[path] = mark, digest
    return digest


def files_that_differ(park: Park) -> list[FileDiffers]:
    """Every file of a park that was edited, removed or added past the house."""
    told = list(_differing(park))
    expected = {file_of(each) for each in HistoryDay.objects.filter(park=park, rows__gt=0).select_related("park")}
    for path in sorted(folder_of(park).rglob("*")):
        if path.is_file() and path not in expected and path.suffix != ".draft":
            day = next((part.removeprefix("day=") for part in path.parts if part.startswith("day=")), "")
            told.append(FileDiffers(day=day, file=_named(path), row=0, what="inserted"))
    return sorted(told)


def _differing(park: Park) -> Iterator[FileDiffers]:
    for each in HistoryDay.objects.filter(park=park, as_of__isnull=False).select_related("park").order_by("day"):
        if not is_ours(each):
            yield FileDiffers(day=str(each.day), file="tracing_historyday", row=each.pk, what="edited")
        elif each.rows and not is_intact(each):
            again = HistoryDay.objects.select_related("park").filter(pk=each.pk).first()      # written anew while we looked
            if again and again.rows and not is_intact(again):
                there = file_of(again).exists()
                yield FileDiffers(day=str(each.day), file=_named(file_of(again)), row=each.pk,
                                  what="edited" if there else "deleted")


def _named(path: Path) -> str:
    """As it lies in the home, without the park's own number."""
    history = Path(settings.HOME) / "history"
    return "/".join(("history", *path.relative_to(history).parts[1:]))
