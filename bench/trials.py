"""Trials of a house that is really served: killed under scans, its database killed, its disk full, its database read-only.

Devices send what they made until it is acknowledged, under the same ids, and never again after that: so what was
acknowledged and is lost stays lost, and is seen. `tests/test_trials.py` runs the short forms, `make soak` the long ones.

Long because a trial, what is done in it and what has to hold afterwards are read together.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.devices import SCANS, batch, request, scan, scan_id
from bench.makers import number
from bench.serving import House, Served, load_average, row, say

CLIENTS, BETWEEN, PATIENCE = 6, 40, 60.0
ROOM = 96 * 1024 * 1024
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24


class Outboxes:
    """Devices that scan on and on until they are told to finish, and keep what was not acknowledged."""

    def __init__(self, made: dict[str, Any], *, series: int, sizes: tuple[int, ...] = (1, 5)) -> None:
        self.park, self.people, self.series, self.sizes = made["parks"][0], made["people"], series, sizes
        self.finishing, self.now = threading.Event(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
        self.made, self.acknowledged = [0] * CLIENTS, set[str]()
        self.waiting: list[deque[str]] = [deque() for _client in range(CLIENTS)]
        self.going: list[list[str]] = [[] for _client in range(CLIENTS)]
        self.heard, self.refusals = Counter[int](), Counter[str]()
        self.wrong: list[bytes] = []

    def ask(self, client: int) -> bytes | None:
        size, waiting = self.sizes[client % len(self.sizes)], self.waiting[client]
        while len(waiting) < size and not self.finishing.is_set():
            waiting.append(self._scan(client, self.made[client]))
            self.made[client] += 1
        self.going[client] = [waiting.popleft() for _scan in range(min(size, len(waiting)))]
        if not self.going[client]:
            return None
        return request(SCANS, batch(self.park["park"], self.going[client]), device=self.park["devices"][client])

    def _scan(self, client: int, at: int) -> str:
        person = number((client + at * CLIENTS) % self.people)
        return scan(self.series, client, at, round_number=self.park["rounds"][0], person=person,
                    point=self.park["points"][client % len(self.park["points"])], sampled_at=self.now)

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        self.heard[status] += 1
        if status == 200:
            for answer in json.loads(body)["answers"]:
                if answer["status"] in ("accepted", "repeat"):
                    self.acknowledged.add(answer["scan_id"])
                else:
                    self.wrong.append(body)
            return 0.0
        self.waiting[client].extendleft(reversed(self.going[client]))
        if status > 0:
            with suppress(ValueError, AttributeError):
                self.refusals[json.loads(body).get("refused", "")] += 1
        return 0.05 * (1 + client % 3)

    def hangs_up(self, client: int) -> bool:
        return False

    def ids(self) -> set[str]:
        return {scan_id(self.series, client, at) for client, made in enumerate(self.made) for at in range(made)}


class Trial:
    """A house under scans: while it goes on, things are done to it; at the end everything has to be there once."""

    def __init__(self, house: House, made: dict[str, Any], *, series: int, prepare: Callable[[], None] | None = None) -> None:
        self.house, self.devices = house, Outboxes(made, series=series)
        self.server = house.serve(prepare=prepare)
        self.load = threading.Thread(target=self._load, daemon=True)

    def _load(self) -> None:
        self.server.load(self.devices, clients=CLIENTS, patience=20)

    def __enter__(self) -> "Trial":
        self.load.start()
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        self.devices.finishing.set()
        if kind is None:
            self.load.join(PATIENCE)
        self.server.stop()
        if kind is None:
            assert not self.load.is_alive(), f"not everything was acknowledged: {self.devices.heard}\n{self.server.said()[-3000:]}"
            self.look()

    def until(self, reached: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + PATIENCE
        while not reached():
            if time.monotonic() > give_up_at:
                raise AssertionError(f"waited in vain; heard {self.devices.heard} {self.devices.refusals}, not as expected "
                                     f"{self.devices.wrong[:1]}\n{self.server.said()[-3000:]}")
            time.sleep(0.01)

    def until_more(self, more: int = BETWEEN) -> None:
        """Wait until so many more scans were acknowledged."""
        goal = len(self.devices.acknowledged) + more
        self.until(lambda: len(self.devices.acknowledged) >= goal)

    def until_refused(self, code: str, *, times: int = 3) -> None:
        goal = self.devices.refusals[code] + times
        self.until(lambda: self.devices.refusals[code] >= goal)

    def kill_server(self) -> None:
        """`kill -9` in the middle of it; what was acknowledged until now has to be there before anybody sends again."""
        time.sleep(random.uniform(0, 0.1))
        self.server.kill()
        time.sleep(0.05)                                       # what the devices had heard already
        self.lost(set(self.devices.acknowledged))
        self.server = self.house.serve(port=self.server.port)
        self.until_more()

    def kill_database(self, *, backend: bool = False) -> None:
        """`kill -9` of PostgreSQL's first process, or of one that serves us."""
        cluster = self.house.cluster
        assert cluster
        time.sleep(random.uniform(0, 0.1))
        if backend:
            [(pid,)] = self.house.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
                                       "pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1")
            os.kill(pid, signal.SIGKILL)
        else:
            cluster.kill()
            cluster.start_again()
        self.until_more()

    def there(self) -> Counter[str]:
        rows = self.house.rows("SELECT scan_id FROM screening_specimen")
        return Counter(scan_id for (scan_id,) in rows if scan_id.startswith(f"{self.devices.series:08x}-"))

    def lost(self, acknowledged: set[str]) -> None:
        there = self.there()
        missing = acknowledged - set(there)
        assert not missing, f"acknowledged and not there: {len(missing)} of {len(acknowledged)}, as {sorted(missing)[:3]}"

    def look(self) -> None:
        """Every scan that a device made was acknowledged and is there once, and no other."""
        there, made = self.there(), self.devices.ids()
        assert not self.devices.wrong, self.devices.wrong[0]
        assert self.devices.acknowledged == made
        assert set(there) == made
        assert max(there.values()) == 1


# disks --------------------------------------------------------------------------------------------------------------

@contextmanager
def a_small_disk() -> Iterator[Path]:
    """A disk of its own in memory, where we may mount one (root); else a plain folder, whose files may not grow (`fill`)."""
    folder = Path(tempfile.mkdtemp(prefix="jiugong-disk-"))
    if os.geteuid() == 0:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=755", "none", str(folder)], capture_output=True,
                       check=False)
    try:
        yield folder
    finally:
        if os.path.ismount(folder):
            subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def no_room(disk: Path, server: Served) -> Iterator[None]:
    """The disk is full until the end of the block: by a file of somebody else, or by a bound on what our files may be."""
    if os.path.ismount(disk):
        other = disk / "somebody-else"
        with other.open("wb") as file, suppress(OSError):
            while True:
                os.write(file.fileno(), bytes(65_536))
        try:
            yield
        finally:
            other.unlink()
    else:
        import resource

        pids = server.pids()
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            for pid in pids:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def without_roots_power() -> None:
    """Before a server starts as root: what a file forbids to write is forbidden to it, too."""
    import ctypes

    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


# what is done to it --------------------------------------------------------------------------------------------------

def killed(house: House, made: dict[str, Any], *, series: int, server: int, database: int) -> Outboxes:
    """The server is killed so many times, and so often PostgreSQL: its first process, and one that serves us."""
    with Trial(house, made, series=series) as trial:
        trial.until_more()
        for _time in range(server):
            trial.kill_server()
        for _time in range(database):
            trial.kill_database()
            trial.kill_database(backend=True)
    return trial.devices


def disk_full(house: House, made: dict[str, Any], disk: Path, *, series: int) -> Outboxes:
    """Whoever sends while the disk is full is told so; what was acknowledged stays, and goes on when there is room."""
    with Trial(house, made, series=series) as trial:
        trial.until_more()
        with no_room(disk, trial.server):
            trial.until_refused("web.storage_full")
            trial.lost(set(trial.devices.acknowledged))
        trial.until_more()
    assert set(trial.devices.heard) <= {200, 429, 503, 507}, trial.devices.heard
    return trial.devices


def read_only(house: House, made: dict[str, Any], *, series: int) -> Outboxes:
    """A database that may only be read says so, and goes on without another start of the server when it may be written."""
    with unwritable(house) as writable_again, Trial(house, made, series=series, prepare=without_roots_power) as trial:
        trial.until_refused("web.storage_read_only")
        assert not trial.there()
        writable_again()
        trial.until_more()
    return trial.devices


@contextmanager
def unwritable(house: House) -> Iterator[Callable[[], None]]:
    """A house whose database may only be read, until what it gives is called."""
    if house.store == "sqlite":
        file = house.home / "jiugong.sqlite3"
        file.chmod(0o444)
        yield lambda: file.chmod(0o644)
    else:
        name = house.url.rpartition("/")[2]
        stop = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()")

        def writable_again() -> None:
            house.do(f'ALTER DATABASE "{name}" RESET default_transaction_read_only', elsewhere=True)
            house.do(stop)
        house.do(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on', elsewhere=True)
        yield writable_again


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.trials", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true", help="20 kills of the server and 5 of PostgreSQL instead of 2 and 1")
    given = words.parse_args()
    server, database = (20, 5) if given.soak else (2, 1)
    if given.store != "postgresql":
        database = 0
    with a_small_disk() as disk:
        house = House(given.store, disk=disk)
        made = house.made("park", "--people", 500, "--devices", CLIENTS)
        started = time.perf_counter()
        for what, trial in ((f"killed: the server {server} times, PostgreSQL {2 * database} times",
                             partial(killed, house, made, series=1, server=server, database=database)),
                            ("disk full", partial(disk_full, house, made, disk, series=2)),
                            ("read-only", partial(read_only, house, made, series=3))):
            devices = trial()
            say(f"  {dict(devices.heard)} {dict(devices.refusals)} {time.perf_counter() - started:.0f} s, {load_average()}")
            row(f"{what}, {given.store}", f"{len(devices.acknowledged):,} scans acknowledged, each there once", "all", True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
