"""The queue: a file of its own beside the database, so that the database is not burdened with what is only waiting.

Here also stands how far a job is and whether its owner has called it off: a job that writes holds the database, and
nobody could write it there meanwhile. A lost file loses nothing: the worker reads the jobs' table when it starts.
"""

import hashlib
import os
import socket
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from jiugong.lib import clock

SAYS_EVERY, SILENT_AFTER = 2.0, 15.0                         # seconds


def folder() -> Path:
    return Path(settings.HOME) / "worker"


def home() -> str:
    """Which worker does our jobs: the one of this folder on this machine."""
    return hashlib.sha256(f"{socket.gethostname()}:{settings.HOME}".encode()).hexdigest()[:16]


@cache
def queue() -> Any:
    """The queue of this home. huey is read when there is long work, not by every command."""
    from huey import SqliteHuey

    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteHuey("jiugong", filename=str(folder() / "queue.sqlite3"), results=False)


_do: list[Callable[[str], None]] = []


def do_jobs_with(does: Callable[[str], None]) -> None:
    """Plug in what does a job. The worker does so when it starts."""
    _do[:] = [does]


@cache
def task() -> Any:
    """Enqueue the number of a job: `task()(number)`. The worker then does it."""
    @queue().task(name="job")                                        # type: ignore[untyped-decorator]
    def job(uid: str) -> None:
        for does in _do:
            does(uid)
    return job


def say_alive() -> None:
    """The worker is here, under this number."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder() / "heard"
    if not path.exists():
        path.write_text(str(os.getpid()))
    moment = clock.machine_time().timestamp()
    os.utime(path, (moment, moment))


def say_gone() -> None:
    (folder() / "heard").unlink(missing_ok=True)


def silent_seconds() -> float:
    """Since when the worker has said nothing; -1: there is none."""
    try:
        return max(0.0, clock.machine_time().timestamp() - (folder() / "heard").stat().st_mtime)
    except OSError:
        return -1.0


def is_heard() -> bool:
    return 0 <= silent_seconds() < SILENT_AFTER


# how far, and whether it is still wanted ------------------------------------------------------------------------------

def say_progress(uid: str, done: int, total: int) -> None:
    queue().storage.put_data(f"progress.{uid}", f"{done}/{total}".encode())


def progress(uid: str) -> tuple[int, int]:
    """How much is done, of how much; 0 of 0 while nothing was said."""
    told = _kept(f"progress.{uid}")
    done, _of, total = told.partition("/")
    return (int(done), int(total)) if told else (0, 0)


def call_off(uid: str) -> None:
    queue().storage.put_data(f"called-off.{uid}", b"yes")


def is_called_off(uid: str) -> bool:
    return bool(_kept(f"called-off.{uid}"))


def forget(uid: str) -> None:
    for what in ("progress", "called-off"):
        queue().storage.pop_data(f"{what}.{uid}")


def _kept(key: str) -> str:
    found = queue().storage.peek_data(key)
    return bytes(found).decode() if isinstance(found, (bytes, bytearray, memoryview)) else ""
