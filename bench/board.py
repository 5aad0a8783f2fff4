"""Round coverage and the Today board of a park of 20,000 people while 200 scans a second arrive (budget: 200 ms).

What is measured is what an officer's browser waits for, over HTTP beside the load; the first answers are not counted.
Half of the round is there before, and its devices go on from page to page where they stopped, as a park sees it: everybody
once. The last rows are of a park in which the whole round was scanned twice, by two phones each time.
"""

import argparse
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.devices import Desks, request
from bench.load import Tally
from bench.serving import House, row, say

BUDGET, A_SECOND = 0.200, 200
PEOPLE, A_BATCH, BATCHES_A_SECOND = 20_000, 100, 40


class Looks:
    """An officer who opens the same page again as soon as it is there; his first looks warm it."""

    def __init__(self, path: str, officer: dict[str, str], *, times: int) -> None:
        self.request, self.left = request(path, device=officer, method="GET"), times
        self.wrong: list[bytes] = []

    def ask(self, client: int) -> bytes | None:
        self.left -= 1
        return self.request if self.left >= 0 else None

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        if status != 200:
            self.wrong.append(head[:200] + body[:200])
        return 0.2                                             # nobody reads faster

    def hangs_up(self, client: int) -> bool:
        return False


class Going(Desks):
    """Devices that go on until they are stopped, or until they have sent so many requests."""

    stopped, most = False, 10**9

    def ask(self, client: int) -> bytes | None:
        self.most -= 1
        return None if self.stopped or self.most < 0 else super().ask(client)

    def bound(self, server: Any, people: int) -> None:
        """Scan so many more people, a batch at a time, so fast that none is refused."""
        self.size, self.most = A_BATCH, people // A_BATCH
        server.load(self, clients=self.devices, rate=BATCHES_A_SECOND)
        self.size, self.most = 1, 10**9


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.board", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true", help="five times as many looks")
    given = words.parse_args()
    house = House(given.store)
    made = house.made("park", "--people", PEOPLE, "--rounds", 3, "--rules", "--devices", 16)
    park, times = made["parks"][0], 150 if given.soak else 30
    at = f"/parks/{park['park']}"
    today = [("Today", f"{at}/"), ("the wall", f"{at}/wall/")]
    kept = True
    with house.served() as server:
        desks = Going(made, series=1)
        desks.bound(server, PEOPLE // 2)
        for name, path in [("round coverage", f"{at}/rounds/1/figures"), ("the round's page", f"{at}/rounds/1"),
                           ("the rounds, API", f"/api/v1/screening/rounds?park={park['park']}"), *today]:
            kept &= _beside_scans(server, desks, path, times, what=f"{name}, {given.store}", has_budget=name in (
                "round coverage", "Today"))
        desks.bound(server, PEOPLE // 2)
        Going(made, series=2).bound(server, PEOPLE)
        for name, path in today:
            kept &= _beside_scans(server, desks, path, times, what=f"{name} after a whole round was scanned twice, {given.store}",
                                  has_budget=name == "Today")
    return 0 if kept else 1


def _beside_scans(server: Any, desks: Going, path: str, times: int, *, what: str, has_budget: bool) -> bool:
    warm, looks = (Looks(path, desks.park["officer"], times=each) for each in (3, times))
    found: list[Tally] = []

    def look() -> None:
        server.load(warm, clients=1)
        found.append(server.load(looks, clients=1))
        desks.stopped = True
    desks.now, desks.stopped = datetime.now(UTC) - timedelta(minutes=1), False
    beside = threading.Thread(target=look)
    beside.start()
    scans = server.load(desks, clients=64, rate=A_SECOND)
    beside.join()
    if looks.wrong or desks.wrong:
        say(f"  NOT AS EXPECTED: {(looks.wrong or desks.wrong)[0]!r}")
    half, worst = found[0].at(.5), found[0].at(.95)
    return row(f"{what}, beside {scans.rate:.0f} scans/s (their p99 {scans.at(.99) * 1000:.0f} ms)",
               f"p50 {half * 1000:.0f} ms, p95 {worst * 1000:.0f} ms", f"≤ {BUDGET * 1000:.0f} ms" if has_budget else "–",
               worst <= BUDGET if has_budget else None)


if __name__ == "__main__":
    sys.exit(main())
