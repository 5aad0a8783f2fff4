"""The field's best door scanner beside ours: pretix's check-in endpoint, on the same store, asked by as many devices.

It is installed from the package index into an environment of its own, which stays in the temporary folder for the next run, and
is served by the same server as ours under the settings with which it answers most. Where it does not install, the reason
is printed. Without redis and celery its few background tasks run in the request.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from bench.serving import House, Served, a_free_port, load_average, row, say
from tests import database

SECONDS_TO_INSTALL, SECONDS_TO_MIGRATE, TICKETS = 900, 1200, 40_000
SERVED = {"sqlite": [(1, 1), (1, 4), (2, 1)], "postgresql": [(1, 8), (2, 4)]}          # workers and threads
REASON = 300


class Doors:
    """Devices at an entrance: each check-in is of another ticket."""

    def __init__(self, told: dict[str, Any], tickets: "count[int]") -> None:
        self.told, self.tickets, self.wrong = told, tickets, list[bytes]()

    def ask(self, client: int) -> bytes | None:
        ticket = next(self.tickets) % self.told["tickets"]
        body = json.dumps({"secret": f"secret{ticket:010}", "lists": [self.told["list"]], "nonce": f"n{ticket}"}).encode()
        token = self.told["tokens"][client % len(self.told["tokens"])]
        return (f"POST /api/v1/organizers/bench/checkinrpc/redeem/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Device {token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        if status != 201:
            self.wrong.append(body or str(status).encode())
        return 0.0

    def hangs_up(self, client: int) -> bool:
        return False


def beside(house: House, *, clients: int, seconds: float) -> None:
    """Install it, fill it, serve it, ask it; say what it does, or why it could not be asked."""
    home = Path(tempfile.gettempdir()) / "jiugong-bench-pretix"
    try:
        python = _installed(home)
        environment = _migrated(home, python, house)
        told = json.loads(_run([python, "-P", Path(__file__).with_name("checkin_event.py"), TICKETS, clients], environment,
                               SECONDS_TO_MIGRATE).splitlines()[-1])
    except (subprocess.SubprocessError, OSError, ValueError) as reason:
        wrong = getattr(reason, "stderr", None) or str(reason)
        say(f"pretix beside it, {house.store}: not measured, since it could not be installed: {str(wrong)[-REASON:].strip()}")
        return
    tickets = count()
    for workers, threads in SERVED[house.store]:
        port = a_free_port()
        server = Served(port, [str(python.with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                               "--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "critical",
                               "pretix.wsgi:application"], environment, looks_at="/api/v1/organizers/")
        doors = Doors(told, tickets)
        server.load(Doors(told, tickets), clients=clients, seconds=2)
        answered = server.load(doors, clients=clients, seconds=seconds)
        server.stop()
        wrong = sum(how_many for status, how_many in answered.statuses.items() if status != 201)
        say(f"  pretix, {workers} x {threads} threads: {answered} {load_average()}")
        row(f"pretix's check-in endpoint, {house.store}, {clients} devices, {workers} x {threads} threads",
            f"{answered.rate:,.1f}/s, p99 {answered.at(.99, 201) * 1000:,.0f} ms, "
            f"{wrong / max(sum(answered.statuses.values()), 1):.0%} answered with an error", "beside it", None)


def _installed(home: Path) -> Path:
    python = home / "venv" / "bin" / "python"
    if not (home / "installed").exists():
        shutil.rmtree(home, ignore_errors=True)
        started = time.perf_counter()
        _run([sys.executable, "-m", "venv", home / "venv"], dict(os.environ), 60)
        _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pretix", "granian"], dict(os.environ),
             SECONDS_TO_INSTALL)
        (home / "installed").touch()
        say(f"  pretix installed in {time.perf_counter() - started:.0f} s")
    return python


def _migrated(home: Path, python: Path, house: House) -> dict[str, str]:
    """A database of its own, with its tables; on SQLite the empty one is kept for the next run."""
    data = Path(tempfile.mkdtemp(prefix="pretix-", dir=house.home))
    settings = f"[pretix]\ninstance_name=bench\nurl=http://127.0.0.1\ndatadir={data}\n[django]\ndebug=off\n[database]\n"
    if house.store == "sqlite":
        settings += f"backend=sqlite3\nname={data / 'db.sqlite3'}\n"
    else:
        assert house.cluster
        url = urlparse(database.new_database(house.cluster.address, data.name.replace("-", "_").lower()))
        settings += (f"backend=postgresql\nname={url.path.lstrip('/')}\nuser={url.username}\npassword={url.password}\n"
                     f"host={url.hostname}\nport={url.port}\n")
    (data / "pretix.cfg").write_text(settings)
    environment = {**os.environ, "PRETIX_CONFIG_FILE": str(data / "pretix.cfg"), "DJANGO_SETTINGS_MODULE": "pretix.settings"}
    environment.pop("PYTHONPATH", None)
    empty = home / "empty.sqlite3"
    if house.store == "sqlite" and empty.exists():
        shutil.copy(empty, data / "db.sqlite3")
        return environment
    started = time.perf_counter()
    _run([python, "-m", "pretix", "migrate", "--verbosity", "0"], environment, SECONDS_TO_MIGRATE)
    say(f"  its tables made in {time.perf_counter() - started:.0f} s")
    if house.store == "sqlite":
        shutil.copy(data / "db.sqlite3", empty)
    return environment


def _run(words: list[Any], environment: dict[str, str], patience: float) -> str:
    return subprocess.run(list(map(str, words)), env=environment, capture_output=True, text=True, check=True,
                          timeout=patience).stdout
