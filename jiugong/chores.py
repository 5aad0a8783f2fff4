"""What the worker does by itself, once a day at its time: the backup, and what is past its time goes.

A chore that fails is said in the log and tried again after an hour; the others are done all the same.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import close_old_connections

from jiugong.journal.models import Entry
from jiugong.lasting.actions.backing_up import back_up, backups_folder, keep_only, named_by_the_moment
from jiugong.lasting.actions.endings import released
from jiugong.lasting.actions.erasing import erase
from jiugong.lasting.actions.retaining import PASSED, let_go
from jiugong.lasting.queries.backups import kept_backups
from jiugong.lib import clock
from jiugong.lib.acting import keeper
from jiugong.registry.models import Park
from jiugong.settings import setting

log = logging.getLogger("jiugong.chores")
LOOKS_EVERY, TRIES_AGAIN_AFTER = 60.0, 3600.0               # seconds

Chore = Callable[[datetime], bool]


def do_them(stopping: threading.Event, others: Sequence[Chore] = ()) -> None:
    """Look every minute what is due, until somebody says stop; after our own chores those of others."""
    failed: dict[str, float] = {}
    while not stopping.wait(LOOKS_EVERY):
        for chore in (*CHORES, *others):
            if monotonic() - failed.get(chore.__name__, -TRIES_AGAIN_AFTER) < TRIES_AGAIN_AFTER:
                continue
            try:
                close_old_connections()
                if chore(clock.now()):
                    log.info("chore", extra={"told": {"chore": chore.__name__}})
            except Exception:
                failed[chore.__name__] = monotonic()
                log.exception("chore", extra={"told": {"chore": chore.__name__}})
    close_old_connections()


def daily_backup(now: datetime) -> bool:
    """The day's backup, where its time has come and there is something to keep."""
    at, newest = _due(setting("JIUGONG_BACKUP_AT"), now), kept_backups().filter(path__startswith=f"{backups_folder()}/").first()
    if settings.DEMO or at is None or (newest and newest.made_at >= at) or not Park.objects.exists():
        return False
    back_up(named_by_the_moment(), actor=keeper())
    keep_only(int(setting("JIUGONG_BACKUP_KEEP")), folder=backups_folder(), actor=keeper())
    return True


def what_is_past_its_time(now: datetime) -> bool:
    """Logs and what is in hand go after their days, once a day."""
    at = _due(setting("JIUGONG_RETENTION_AT"), now)
    if settings.DEMO or at is None or not Park.objects.exists() or Entry.objects.filter(verb=PASSED, at__gte=at).exists():
        return False
    let_go(actor=keeper(), at=now)
    return True


def what_was_released(now: datetime) -> bool:
    """An erasure that two people released is done, or gone on with."""
    erasure = released()
    if erasure is None:
        return False
    erase(erasure, actor=keeper())
    return True


def _due(text: str, now: datetime) -> datetime | None:
    """The last moment at which a chore of this time of day was due."""
    if not text:
        return None
    zone = ZoneInfo(settings.PARK_TIME_ZONE)
    today = datetime.combine(now.astimezone(zone).date(), time.fromisoformat(text), tzinfo=zone)
    return today if today <= now else today - timedelta(days=1)


CHORES: tuple[Chore, ...] = (what_was_released, daily_backup, what_is_past_its_time)
