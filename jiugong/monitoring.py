"""What is counted for monitoring, in the one format that everybody reads; `/metrics` shows it (docs/concerns/running.md).

Names and labels are of this page alone: a label is a view, a code, a state, never a person, an address or an id.
`jiugong serve` runs several processes that count together in files of one folder; each file is written through once
before it is used, for a page of memory that finds no room on a full disk would end the process.
"""

import os
import shutil
from pathlib import Path

COUNTED_TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
ROOM_FOR_COUNTING = 64 * 1024 * 1024
ROOM_OF_A_FILE = 2 * 1024 * 1024


def _is_counted_together() -> bool:
    """Several processes share their counts where `serve` named a folder and the disk has room for it."""
    folder = os.environ.get(COUNTED_TOGETHER, "")
    if folder and Path(folder).is_dir() and shutil.disk_usage(folder).free > ROOM_FOR_COUNTING:
        return True
    os.environ.pop(COUNTED_TOGETHER, None)
    return False


TOGETHER = _is_counted_together()              # before prometheus_client is read: it decides at that moment

from prometheus_client import (  # noqa: E402
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    mmap_dict,
)
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

mmap_dict._INITIAL_MMAP_SIZE = ROOM_OF_A_FILE       # more than all our labels need: no file grows while it is used

QUICK_TO_SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
LONG = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)

REQUESTS = Counter("jiugong_requests_total", "Requests that were answered.", ("view", "method", "status"))
REQUEST_SECONDS = Histogram("jiugong_request_seconds", "Seconds until the answer.", ("view",), buckets=QUICK_TO_SLOW)
IN_FLIGHT = Gauge("jiugong_requests_in_flight", "Requests that are being answered.", multiprocess_mode="livesum")
DATABASE_SECONDS = Counter("jiugong_database_seconds_total", "Seconds that requests waited for the database.", ("view",))
DATABASE_QUESTIONS = Counter("jiugong_database_queries_total", "Queries that requests asked.", ("view",))

QUEUE_WAITING = Gauge("jiugong_queue_waiting", "Requests that wait for their turn.", multiprocess_mode="livesum")
QUEUE_SECONDS = Histogram("jiugong_queue_seconds", "Seconds that requests waited for their turn.", buckets=QUICK_TO_SLOW)
QUEUE_REFUSED = Counter("jiugong_queue_refused_total", "Requests that were told to come again later.")
SCANS = Counter("jiugong_scans_total", "Scans by what became of them.", ("status", "code"))
BATCH_SECONDS = Histogram("jiugong_scan_batch_seconds", "Seconds that binding scans together took.", buckets=QUICK_TO_SLOW)

JOBS = Counter("jiugong_jobs_total", "Pieces of long work that ended.", ("job", "status"))
JOB_SECONDS = Histogram("jiugong_job_seconds", "Seconds that a piece of long work took.", ("job",), buckets=LONG)
JOBS_WAITING = Gauge("jiugong_jobs_waiting", "Pieces of long work that wait.", multiprocess_mode="mostrecent")
JOBS_OLDEST = Gauge("jiugong_jobs_oldest_seconds", "How long the oldest of them has waited.", multiprocess_mode="mostrecent")
WORKER_SILENT = Gauge("jiugong_worker_silent_seconds", "Since when the worker has said nothing; -1: never heard.",
                      multiprocess_mode="mostrecent")
MESSAGES_UNREAD = Gauge("jiugong_messages_unread", "Messages that nobody has read yet.", multiprocess_mode="mostrecent")
DISK_FREE = Gauge("jiugong_disk_free_bytes", "Room on the disk of the home.", multiprocess_mode="mostrecent")


def exposition() -> bytes:
    """Everything that was counted, by all processes of this home."""
    if not TOGETHER:
        return generate_latest(REGISTRY)
    folder = Path(os.environ[COUNTED_TOGETHER])
    for path in folder.glob("gauge_live*_*.db"):
        if not _is_alive(int(path.stem.rpartition("_")[2])):
            path.unlink(missing_ok=True)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))                          # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _write_files_through() -> None:
    """Take the room for this process's counts now."""
    REQUESTS.labels("-", "GET", "200"), REQUEST_SECONDS.labels("-")             # noqa: B018 — there is one of each kind
    JOBS_WAITING.set(0)
    for path in Path(os.environ[COUNTED_TOGETHER]).glob(f"*_{os.getpid()}.db"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


if TOGETHER:
    _write_files_through()
