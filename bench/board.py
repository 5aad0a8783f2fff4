"""Round coverage and the Today board of a park of 20,000 people while 200 scans a second arrive (budget: 200 ms).

What is measured is what an officer's browser waits for, over HTTP beside the load; the first answers are not counted.
"""

import argparse
import sys
import threading
from itertools import count
from typing import Any

from bench.devices import Desks, request
from bench.load import Tally
from bench.serving import House, row, say

BUDGET, A_SECOND = 0.200, 200


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


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.board", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true", help="five times as many looks")
    given = words.parse_args()
    house = House(given.store)
    made = house.made("park", "--people", 20_000, "--rounds", 3, "--rules", "--devices", 16)
    park, times = made["parks"][0], 150 if given.soak else 30
    at = f"/parks/{park['park']}"
    late = 0
    with house.served() as server:
        series = count(1)
        for name, path in (("round coverage", f"{at}/rounds/1/figures"), ("the round's page", f"{at}/rounds/1"),
                           ("the rounds, API", f"/api/v1/screening/rounds?park={park['park']}"), ("Today", f"{at}/"),
                           ("the wall", f"{at}/wall/")):
            told, beside = _beside_scans(server, made, path, next(series), times)
            worst = told.at(.95)
            has_budget = name in ("round coverage", "Today")
            late += worst > BUDGET and has_budget
            row(f"{name}, {given.store}, beside {beside.rate:.0f} scans/s (their p99 {beside.at(.99) * 1000:.0f} ms)",
                f"p50 {told.at(.5) * 1000:.0f} ms, p95 {worst * 1000:.0f} ms", f"≤ {BUDGET * 1000:.0f} ms" if has_budget else "–",
                worst <= BUDGET if has_budget else None)
    return 1 if late else 0


def _beside_scans(server: Any, made: dict[str, Any], path: str, series: int, times: int) -> tuple[Tally, Tally]:
    desks, found = Desks(made, series=series), []
    warm, looks = (Looks(path, made["parks"][0]["officer"], times=each) for each in (3, times))

    def look() -> None:
        server.load(warm, clients=1)
        found.append(server.load(looks, clients=1))
        stop.set()
    stop = threading.Event()
    beside = threading.Thread(target=look)
    desks_ask = desks.ask
    desks.ask = lambda client: None if stop.is_set() else desks_ask(client)                # type: ignore[method-assign]
    beside.start()
    told = server.load(desks, clients=64, rate=A_SECOND)
    beside.join()
    if looks.wrong or desks.wrong:
        say(f"  NOT AS EXPECTED: {(looks.wrong or desks.wrong)[0]!r}")
    return found[0], told


if __name__ == "__main__":
    sys.exit(main())
