"""Scans over HTTP with sign-in, checks and idempotency, beside a bare upsert view on the same store in the same run.

Single scans of 16 devices against `bench/bare.py`, in turns, so that what else the machine does disturbs both; then batches.
Where pretix installs, its check-in endpoint stands beside them (`bench/checkin_peer.py`). On PostgreSQL commits last (fsync).
"""

import argparse
import json
import statistics
import sys
from itertools import count
from pathlib import Path
from typing import Any

from bench import checkin_peer
from bench.devices import Desks
from bench.load import Tally
from bench.serving import House, Served, a_free_port, load_average, row, say

DEVICES = 16
LEAST_RATIO, MOST_P99, LEAST_SPECIMENS = 0.6, 2.0, 10_000
# granian's workers and threads, and Django's connection, of which the one that suits the bare view best is its own
BARE: dict[str, list[tuple[int, int, dict[str, Any]]]] = {
    "sqlite": [(1, 1, {"CONN_MAX_AGE": None}), (1, 4, {"CONN_MAX_AGE": None}), (2, 1, {"CONN_MAX_AGE": None})],
    "postgresql": [(1, 16, {"CONN_MAX_AGE": None, "OPTIONS": {}}), (2, 4, {}), (2, 8, {"CONN_MAX_AGE": None, "OPTIONS": {}})],
}


FORGETFUL = {"CONN_MAX_AGE": None, "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command":
             "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"}}


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.scans", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true", help="longer runs, and more of them")
    words.add_argument("--people", type=int, default=20_000)
    words.add_argument("--quick", action="store_true", help="ours and the bare view alone, briefly")
    given = words.parse_args()
    turns, seconds = (7, 20.0) if given.soak else (2, 4.0) if given.quick else (3, 6.0)
    house = House(given.store)
    made = house.made("park", "--people", given.people, "--rounds", 8, "--devices", DEVICES)
    series = count(1)
    bare, settings = _best_bare(house, made, series)
    try:
        with house.served() as ours:
            kept = _singles(ours, bare, made, series, turns=turns, seconds=seconds,
                            what=f"{given.store} beside a bare view ({settings})")
            kept &= _batches(ours, made, series, seconds=seconds, store=given.store)
    finally:
        bare.stop()
    if given.store == "sqlite":
        _forgetful(house, made, series, seconds)
    if not given.quick:
        checkin_peer.beside(house, clients=DEVICES, seconds=seconds)
    return 0 if kept else 1


def _best_bare(house: House, made: dict[str, Any], series: "count[int]") -> tuple[Served, str]:
    """The bare view under the settings with which it answers most."""
    found: list[tuple[float, int, int, dict[str, Any]]] = []
    for workers, threads, database in BARE[house.store]:
        server = serve_bare(house, workers, threads, database)
        told = server.load(_bare(made, series), clients=DEVICES, seconds=2)
        found.append((told.rate, workers, threads, database))
        server.stop()
    _rate, workers, threads, database = max(found, key=lambda one: one[0])
    say(f"  bare, workers x threads: {', '.join(f'{each[1]} x {each[2]}: {each[0]:,.0f}/s' for each in found)}")
    return serve_bare(house, workers, threads, database), f"{workers} x {threads} threads"


def serve_bare(house: House, workers: int, threads: int, database: dict[str, Any]) -> Served:
    port = a_free_port()
    words = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
             "--workers", str(workers), "--blocking-threads", str(threads), "--backlog", "1024", "--no-ws",
             "--log-level", "warning", "bench.bare:application"]
    return Served(port, words, house.environment | {"BENCH_BARE": json.dumps(database)}, looks_at="/ready")


def _bare(made: dict[str, Any], series: "count[int]") -> Desks:
    return Desks(made, series=next(series), path="/take", signed_in=False)


def _singles(ours: Served, bare: Served, made: dict[str, Any], series: "count[int]", *, turns: int, seconds: float,
             what: str) -> bool:
    found: dict[str, list[Tally]] = {"ours": [], "bare": []}
    ours.load(Desks(made, series=next(series)), clients=DEVICES, seconds=1)            # neither is measured cold
    for _turn in range(turns):
        for name, server, desks in (("ours", ours, Desks(made, series=next(series))), ("bare", bare, _bare(made, series))):
            told = server.load(desks, clients=DEVICES, seconds=seconds)
            found[name].append(told)
            say(f"  {name}: {told} {load_average()}")
            complain(desks)
    rate = {name: statistics.median(each.rate for each in runs) for name, runs in found.items()}
    p99 = {name: statistics.median(each.at(.99) for each in runs) for name, runs in found.items()}
    ratio, late = rate["ours"] / rate["bare"], p99["ours"] / p99["bare"]
    kept = row(f"single scans, {DEVICES} devices, {what}", f"{rate['ours']:,.0f}/s beside {rate['bare']:,.0f}/s: {ratio:.2f}",
               f"≥ {LEAST_RATIO}", ratio >= LEAST_RATIO)
    return row("their p99", f"{p99['ours'] * 1000:.0f} ms beside {p99['bare'] * 1000:.0f} ms: {late:.2f}", f"≤ {MOST_P99:.0f}",
               late <= MOST_P99) and kept


def _batches(ours: Served, made: dict[str, Any], series: "count[int]", *, seconds: float, store: str) -> bool:
    best: dict[int, float] = {}
    for size in (100, 500):
        for clients in (2, 8):
            desks = Desks(made, series=next(series), size=size, devices=clients)
            told = ours.load(desks, clients=clients, seconds=seconds)
            best[size] = max(best.get(size, 0), told.rate * size)
            say(f"  batches of {size}, {clients} devices: {told.rate * size:,.0f} specimens/s {told} {load_average()}")
            complain(desks)
    kept = [row(f"batches of {size}, {store}", f"{rate:,.0f} specimens/s", f"≥ {LEAST_SPECIMENS:,}", rate >= LEAST_SPECIMENS)
            for size, rate in best.items()]
    return any(kept)


def _forgetful(house: House, made: dict[str, Any], series: "count[int]", seconds: float) -> None:
    """What the bare view does where a power cut may undo what it acknowledged; ours has no such mode."""
    server = serve_bare(house, 2, 1, FORGETFUL)
    told = server.load(_bare(made, series), clients=DEVICES, seconds=seconds)
    server.stop()
    row("the bare view with synchronous=NORMAL, which forgets in a power cut",
        f"{told.rate:,.0f}/s, p99 {told.at(.99) * 1000:.0f} ms", "beside it", None)


def complain(desks: Desks) -> None:
    if desks.wrong:
        say(f"  {len(desks.wrong)} ANSWERS WERE NOT AS EXPECTED, the first: {desks.wrong[0][:300].decode(errors='replace')}")


if __name__ == "__main__":
    sys.exit(main())
