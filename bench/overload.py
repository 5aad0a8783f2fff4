"""Ten times as many scans as the server can take: whoever is let in is served quickly, the rest are told when to come again.

Nobody waits politely here: at ten times the sustainable rate requests go on arriving, from as many connections as it needs.
Accepted ones keep p99 within 500 ms, all others are answered 429 with Retry-After, and afterwards the server is as before.
"""

import argparse
import re
import sys
from itertools import count
from typing import Any

from bench.devices import Desks
from bench.load import Tally
from bench.scans import DEVICES, complain
from bench.serving import House, Served, load_average, row, say

TIMES, CONNECTIONS = 10, 1_000
MOST_P99, LEAST_AFTERWARDS = 0.5, 0.9
WAIT = re.compile(rb"\r\nretry-after: (\d+)\s*(\r|$)")


class Crowd(Desks):
    """Devices that take no answer for an answer; what they are told is kept."""

    def __init__(self, made: dict[str, Any], *, series: int) -> None:
        super().__init__(made, series=series)
        self.told_nothing = 0

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        wait = WAIT.search(head)
        if status == 429 and not (wait and int(wait.group(1)) >= 1):
            self.told_nothing += 1
        return super().hear(client, status, head, body)


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.overload", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true", help="60 seconds instead of 10")
    given = words.parse_args()
    house = House(given.store)
    made = house.made("park", "--people", 20_000, "--rounds", 8, "--devices", DEVICES)
    with house.served() as server:
        return 0 if overload(server, made, seconds=60 if given.soak else 10, store=given.store) else 1


def overload(server: Served, made: dict[str, Any], *, seconds: float, store: str) -> bool:
    series = count(1)
    server.load(Desks(made, series=next(series)), clients=DEVICES, seconds=1)
    before = _usual(server, made, series, "before")
    crowd = Crowd(made, series=next(series))
    during = server.load(crowd, clients=CONNECTIONS, rate=TIMES * before.rate, seconds=seconds)
    offered = sum(during.statuses.values()) / seconds
    say(f"  meanwhile: {during} {load_average()}")
    complain(crowd)
    after = _usual(server, made, series, "after")
    others = {status: how_many for status, how_many in during.statuses.items() if status not in (200, 429)}
    back = after.rate / before.rate
    say(f"  {offered:,.0f}/s offered for {seconds:.0f} s; {during.unsent:,} more could not be sent")
    return all([
        row(f"overload, {store}: p99 of who is let in", f"{during.at(.99) * 1000:.0f} ms at {offered / before.rate:.1f} x "
            f"({before.rate:,.0f}/s sustainable, {during.rate:,.0f}/s taken)", f"≤ {MOST_P99 * 1000:.0f} ms at {TIMES} x",
            during.at(.99) <= MOST_P99),
        row("the others hear 429 and when to come again", f"{len(during.taken[429]) / seconds:,.0f}/s within "
            f"{during.at(.5, 429) * 1000:.0f} ms (p50); without a time {crowd.told_nothing}; anything else {others or 'none'}",
            "all", not others and not crowd.told_nothing),
        row("throughput in the five seconds afterwards", f"{back:.0%}", f"≥ {LEAST_AFTERWARDS:.0%}", back >= LEAST_AFTERWARDS),
    ]) and not crowd.wrong


def _usual(server: Served, made: dict[str, Any], series: "count[int]", when: str) -> Tally:
    desks = Desks(made, series=next(series))
    told = server.load(desks, clients=DEVICES, seconds=5)
    say(f"  {when}:    {told} {load_average()}")
    complain(desks)
    return told


if __name__ == "__main__":
    sys.exit(main())
