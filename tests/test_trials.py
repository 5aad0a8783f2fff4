"""What was acknowledged is there once, whatever happens to the server, to PostgreSQL or to the disk (`bench/trials.py`).

The short forms: a house of its own is really served, and phones scan while it is done to. `make soak` runs the long ones.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench import trials
from bench.serving import House

pytestmark = pytest.mark.slow
STORE = os.environ.get("JIUGONG_TEST_DATABASE", "sqlite")
ON_POSTGRESQL = STORE == "postgresql"


@dataclass
class Tried:
    """A house, what it was filled with, and the small disk on which it stands."""

    house: House
    made: dict[str, Any]
    disk: Path


@pytest.fixture(scope="module")
def tried() -> Iterator[Tried]:
    with trials.a_small_disk() as disk:
        house = House(STORE, disk=disk)
        yield Tried(house, house.made("park", "--people", 300, "--devices", trials.CLIENTS), disk)
        if house.cluster:
            house.cluster.stop()


def test_scans_outlive_kills_of_the_server_or_of_postgresql(tried: Tried) -> None:
    devices = trials.killed(tried.house, tried.made, series=1, server=0 if ON_POSTGRESQL else 2, database=int(ON_POSTGRESQL))

    assert set(devices.heard) <= {0, 200, 429, 503}             # a broken connection, or a sentence: never a riddle


def test_scans_outlive_a_full_disk(tried: Tried) -> None:
    """PostgreSQL's tables are on a disk of their own only where we may mount one, so elsewhere nothing fills it up."""
    if ON_POSTGRESQL and not os.path.ismount(tried.disk):
        return
    devices = trials.disk_full(tried.house, tried.made, tried.disk, series=2)

    assert devices.refusals["web.storage_full"] >= 3


def test_scans_wait_while_the_database_may_only_be_read(tried: Tried) -> None:
    devices = trials.read_only(tried.house, tried.made, series=3)

    assert devices.refusals["web.storage_read_only"] >= 3
