"""Installations for tests that run `jiugong` as a process: `jiugong setup` is run once for each run and store, then copied.

Its five seconds are mostly migrations. Whoever needs the time before `setup` takes `home_of_its_own`.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from tests import database

JIUGONG = Path(sys.executable).with_name("jiugong")
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def a_home(folder: Path) -> dict[str, str]:
    """The environment of a fresh installation below a folder, where `setup` was not run yet.

    On PostgreSQL it has an empty database of its own, so that such tests never meet each other.
    """
    environment = dict(os.environ) | {"JIUGONG_HOME": str(folder / "home")}
    if address := os.environ.get("JIUGONG_DATABASE_URL"):
        environment["JIUGONG_DATABASE_URL"] = database.new_database(address, f"home_{token_hex(6)}")
    return environment


def installed(folder: Path, *, on: str = "") -> dict[str, str]:
    """The environment of an installation below a folder as `jiugong setup` leaves it, on the store under test or a named one."""
    address = os.environ.get("JIUGONG_DATABASE_URL", "") if on != SQLITE else ""
    environment = {name: value for name, value in os.environ.items() if name != "JIUGONG_DATABASE_URL"}
    prepared = once_for_all_workers(f"prepared-{POSTGRESQL if address else SQLITE}",
                                    lambda folder: _set_up(folder, environment, address))
    template = {"JIUGONG_DATABASE_URL": (prepared / "database").read_text()} if address else {}
    return copied(environment | {"JIUGONG_HOME": str(prepared / "home")} | template, folder)


def copied(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """The environment of an installation below a folder that is like another, of which nothing runs just now."""
    home = shutil.copytree(environment["JIUGONG_HOME"], folder / "home")
    environment = environment | {"JIUGONG_HOME": str(home)}
    if address := environment.get("JIUGONG_DATABASE_URL"):
        environment["JIUGONG_DATABASE_URL"] = database.new_database(
            address, f"home_{token_hex(6)}", like=address.rpartition("/")[2])
    return environment


def once_for_all_workers(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this run that whichever worker needs it first makes for all; the others wait until it is there."""
    run = Path(os.environ["JIUGONG_HOME"])
    folder, made = run / name, run / f"{name}.made"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


def _set_up(folder: Path, environment: dict[str, str], address: str) -> None:
    environment = environment | {"JIUGONG_HOME": str(folder / "home")}
    if address:
        environment["JIUGONG_DATABASE_URL"] = database.new_database(address, f"prepared_{token_hex(6)}")
        (folder / "database").write_text(environment["JIUGONG_DATABASE_URL"])
    subprocess.run([JIUGONG, "setup"], env=environment, check=True, capture_output=True)
