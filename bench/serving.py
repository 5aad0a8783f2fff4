"""A house to measure and to torment: a home of its own on one of the two stores, really served, killed and served again.

Nothing of Django is loaded here: a house is set up, filled (`bench/makers.py`) and served by processes of its own, as a
park runs it, and its tables are read by plain SQL.
"""

import atexit
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from bench.load import Load, Source, Tally
from tests import database

CHECKOUT = Path(__file__).resolve().parent.parent
COMMAND = str(Path(sys.executable).with_name("jiugong"))
SECONDS_TO_START = 60

# What whoever runs a PostgreSQL for a city may say, too: docs/concerns/running.md. All that makes a commit last stays on.
OF_A_CITY = ("shared_buffers=2GB", "max_wal_size=16GB", "checkpoint_timeout=15min", "wal_buffers=64MB",
             "max_connections=60")


class House:
    """One installation: `store` is sqlite or postgresql; on the latter `cluster` is the server, else one is started.

    On a `disk` of its own stand the home and, of PostgreSQL, the tables of this house.
    """

    def __init__(self, store: str, *, cluster: database.Cluster | None = None, disk: Path | None = None, **settings: str) -> None:
        self.store = store
        self.home = Path(tempfile.mkdtemp(prefix="jiugong-house-", dir=disk))
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        self.environment = {name: text for name, text in os.environ.items() if not name.startswith(("JIUGONG_", "DJANGO_"))}
        self.environment |= {"JIUGONG_HOME": str(self.home), "PYTHONPATH": str(CHECKOUT), **settings}
        self.cluster, self.url = None, ""
        if store == "postgresql":
            self.cluster = cluster or database.Cluster().start()
            self.url = database.new_database(self.cluster.address, f"house_{token_hex(4)}", within=disk)
            self.environment["JIUGONG_DATABASE_URL"] = self.url
        self.run(COMMAND, "setup")

    def run(self, *words: str) -> str:
        """Run our Python with these words in the house's environment; what it says."""
        done = subprocess.run([sys.executable, *words], env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def made(self, *words: object) -> dict[str, Any]:
        """Fill the house: what `bench.makers` made of these words."""
        told: dict[str, Any] = json.loads(self.run("-m", "bench.makers", *map(str, words)).splitlines()[-1])
        return told

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the tables say, asked past the house."""
        if self.store == "sqlite":
            connection = sqlite3.connect(f"file:{self.home / 'jiugong.sqlite3'}?mode=ro", uri=True, timeout=30)
            try:
                return connection.execute(question).fetchall()
            finally:
                connection.close()
        import psycopg

        with psycopg.connect(self.url) as asked:
            return asked.execute(question).fetchall()

    def do(self, statement: str, *, elsewhere: bool = False) -> None:
        """Say something to PostgreSQL past the house, in the house's database or `elsewhere`."""
        import psycopg

        with psycopg.connect(f"{self.url.rpartition('/')[0]}/postgres" if elsewhere else self.url, autocommit=True) as told:
            told.execute(statement)

    def serve(self, *, port: int = 0, prepare: Any = None) -> "Served":
        """Serve the house; who asked is to stop it. `prepare` is done to the process before it is the server."""
        port = port or a_free_port()
        return Served(port, [COMMAND, "serve", "--bind", f"127.0.0.1:{port}"], self.environment, prepare=prepare)

    @contextmanager
    def served(self) -> Iterator["Served"]:
        server = self.serve()
        try:
            yield server
        finally:
            server.stop()


class Served:
    """A server that runs: its port, its processes, their memory and time."""

    def __init__(self, port: int, words: list[str], environment: dict[str, str], *, looks_at: str = "/healthz",
                 prepare: Any = None) -> None:
        self.port = port
        self.log = tempfile.TemporaryFile("w+")                                   # noqa: SIM115 — as long as the server

        def before() -> None:
            database.die_with_the_parent(signal.SIGTERM)
            if prepare:
                prepare()
        self.process = subprocess.Popen(words, env=environment, stdout=self.log, stderr=self.log, cwd=CHECKOUT,
                                        start_new_session=True, preexec_fn=before)
        atexit.register(self.kill)
        give_up_at = time.monotonic() + SECONDS_TO_START
        while not self._answers(looks_at):
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"The server did not start:\n{self.said()}")
            time.sleep(0.05)

    def _answers(self, path: str) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5):
                return True
        except HTTPError as answer:
            return answer.code < 500
        except (URLError, OSError):
            return False

    def load(self, source: Source, *, clients: int, rate: float = 0, seconds: float = 1e9, patience: float = 30) -> Tally:
        return Load(self.port, source, clients=clients, rate=rate, seconds=seconds, patience=patience).run()

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def pids(self) -> list[int]:
        """The server and the processes that it started (Linux)."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError, ValueError):
                pid, rest = stat.read_text().split(" (", 1)
                if int(rest.rpartition(") ")[2].split()[3]) == self.process.pid:        # the session
                    found.append(int(pid))
        return sorted(found)

    def memory(self) -> float:
        """Megabytes of all its processes together; what they share is counted in each."""
        return sum(self._kilobytes(pid) for pid in self.pids()) / 1024

    @staticmethod
    def _kilobytes(pid: int) -> int:
        with suppress(OSError):
            told = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
            return int(told.group(1)) if told else 0
        return 0

    def kill(self) -> None:
        """`kill -9`, every process of it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=15)
        self.kill()


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def load_average() -> str:
    return f"load average {os.getloadavg()[0]:.1f}"


say = partial(print, flush=True)


def row(what: str, figure: str, budget: str, kept: bool | None) -> bool:
    """A line of the table that `python -m bench` prints at its end, ready for docs/measured.md; was the budget kept?"""
    verdict = {True: "yes", False: "**no**", None: "–"}[kept]
    say(f"| {what} | {figure} | {budget} | {verdict} | {os.getloadavg()[0]:.1f} |")
    return kept is not False
