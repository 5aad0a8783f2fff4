"""An installation for one benchmark: its own folder, its own keys, and one of the two stores."""

import atexit
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from secrets import token_hex


def open_home(store: str, *, keep: str = "") -> None:
    """Make a home that goes when the benchmark ends, and open Django in it; one to `keep` stays, with its SQLite.

    A PostgreSQL that stays is one that is running already: JIUGONG_BENCH_DATABASE_URL.
    """
    from tests import database

    home = keep or tempfile.mkdtemp(prefix="jiugong-bench-")
    os.makedirs(home, exist_ok=True)
    if not keep:
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    url = os.environ.get("JIUGONG_BENCH_DATABASE_URL", "") if keep else ""
    for name in [name for name in os.environ if name.startswith("JIUGONG_")]:
        del os.environ[name]
    os.environ |= {"JIUGONG_HOME": home, "DJANGO_SETTINGS_MODULE": "jiugong.settings"}
    if store == "postgresql":
        os.environ["JIUGONG_DATABASE_URL"] = url or database.new_database(database.start(), f"bench_{token_hex(4)}")
    from jiugong.cli import main

    if main(["setup"]) != 0:
        raise SystemExit("setup failed")


def seconds(work: Callable[[], object], *, times: int = 5) -> float:
    """The median of several runs, after one that is not counted."""
    work()
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def say(what: str, ours: float, peer: float, peer_name: str, *, budget: str) -> None:
    print(f"{what:<58} ours {ours:8.3f} s   {peer_name} {peer:8.3f} s   ratio {ours / peer:6.2f}   ({budget})", flush=True)
