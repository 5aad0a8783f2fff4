"""A city's day: every specimen of many parks through the batch API into PostgreSQL, as phones with bad signal send it.

500,000 specimens in short, 12,000,000 in the long form (budget: one hour). Of the batches, one in twenty comes twice: after
its answer, at the same moment from two connections, or because the phone hung up before it heard anything. One scan in a
hundred is of somebody who was sampled before. Clocks are hours off, and batches come in any order. Afterwards PostgreSQL
itself is asked whether each scan that a phone made is there once, and no other.

PostgreSQL is tuned as docs/concerns/running.md says (`serving.OF_A_CITY`); every commit lasts: fsync, full_page_writes and
synchronous_commit are on.
"""

import argparse
import os
import random
import re
import shutil
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.devices import SCANS, batch, request, scan
from bench.load import TOO_LATE
from bench.makers import number
from bench.serving import OF_A_CITY, House, Served, load_average, row, say
from tests import database

PEOPLE, DEVICES, SIZE = 20_000, 2, 500
AGAIN = 5                                                   # of 500: somebody who was sampled before
TWICE = 0.05
MOST_SECONDS, MOST_GROWTH = 3600, 0.10
GIGABYTES_A_MILLION = 2.5                                   # of people, specimens, their indexes and PostgreSQL's log
WAIT = re.compile(rb"\r\nretry-after: (\d+)")


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.city", description=__doc__)
    words.add_argument("--store", default="postgresql")
    words.add_argument("--soak", action="store_true", help="12,000,000 specimens")
    words.add_argument("--parks", type=int, default=0, help=f"of {PEOPLE:,} people each")
    words.add_argument("--clients", type=int, default=12)
    given = words.parse_args()
    if given.store != "postgresql":
        say("a city's day is PostgreSQL's; nothing to measure on this store")
        return 0
    parks = given.parks or (600 if given.soak else 25)
    needed = parks * PEOPLE / 1e6 * GIGABYTES_A_MILLION
    free = shutil.disk_usage(os.environ.get("TMPDIR", "/tmp")).free / 1e9
    say(f"{parks} parks of {PEOPLE:,} people; about {needed:.0f} GB of disk, {free:.0f} GB are free")
    if free < needed * 1.2:
        say("NOT ENOUGH DISK")
        return 1
    started = time.perf_counter()
    house = House("postgresql", cluster=database.Cluster(*OF_A_CITY).start())
    made = house.made("city", "--parks", parks, "--people", PEOPLE, "--devices", DEVICES)
    say(f"rosters written in {time.perf_counter() - started:.0f} s")
    with house.served() as server:
        return _a_day(house, server, made, given.clients)


def _a_day(house: House, server: Served, made: dict[str, Any], clients: int) -> int:
    city, watch = City(made), Watch(server)
    watch.start()
    told = server.load(city, clients=clients, patience=120)
    watch.over.set()
    watch.join()
    expected = city.expected
    minutes = 12e6 / expected * told.seconds / 60
    say(f"  {told} {load_average()}\n  sent again {dict(city.sent_again)}; not as expected {len(city.wrong)} {city.wrong[:1]}")
    if city.wrong:
        say(f"  the server's last words: {server.said()[-2000:]}")
    say(f"  specimens in each minute: {', '.join(f'{SIZE * answers:,}' for answers in _by_minute(told.by_second))}")
    kept = row(f"a city's day: {expected:,} specimens", f"{told.seconds / 60:.1f} min, {expected / told.seconds:,.0f}/s; "
               f"12,000,000 in {minutes:.0f} min", f"≤ {MOST_SECONDS // 60} min", minutes * 60 <= MOST_SECONDS)
    kept &= watch.say()
    return 0 if _accounts(house, city) and kept and not city.wrong else 1


def _by_minute(by_second: Counter[int]) -> list[int]:
    return [sum(by_second[second] for second in range(minute * 60, minute * 60 + 60))
            for minute in range(max(by_second, default=0) // 60 + 1)]


@dataclass
class Outgoing:
    """A batch on its way: whose, which, its bytes, and what becomes of it."""

    park: int
    content: bytes
    fate: str = ""                                          # "", "after", "at once", "hung up"
    again: bool = False


@dataclass
class City:
    """All phones of all parks. Nothing is forgotten before it was acknowledged."""

    made: dict[str, Any]
    seed: int = 9
    wrong: list[bytes] = field(default_factory=list)
    sent_again: Counter[str] = field(default_factory=Counter)
    waiting: deque[Outgoing] = field(default_factory=deque)            # to be sent before anything new
    going: dict[int, Outgoing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.numbers = [number(at) for at in range(self.made["people"])]
        self.a_device: int = self.made["people"] // DEVICES                 # fresh people of each phone
        self.batches: int = -(-self.a_device // (SIZE - AGAIN))
        self.fresh = self._batches()

    @property
    def expected(self) -> int:
        return len(self.made["parks"]) * DEVICES * self.scans_of_a_device

    @property
    def scans_of_a_device(self) -> int:
        return self.a_device + self.batches * AGAIN

    def _batches(self) -> Iterator[Outgoing]:
        """A few parks at a time, whose phones' batches are mixed."""
        parks = list(enumerate(self.made["parks"]))
        self.draw.shuffle(parks)
        for start in range(0, len(parks), 40):
            some = [(at, device, nth) for at, _park in parks[start:start + 40] for device in range(DEVICES)
                    for nth in range(self.batches)]
            self.draw.shuffle(some)
            yield from (self._batch(*one) for one in some)

    def _batch(self, at: int, device: int, nth: int) -> Outgoing:
        park = self.made["parks"][at]
        first, last = nth * (SIZE - AGAIN), min((nth + 1) * (SIZE - AGAIN), self.a_device)
        people = [device + DEVICES * each for each in range(first, last)]
        people += [self.draw.randrange(self.made["people"]) for _again in range(AGAIN)]
        ids = [*range(first, last), *range(self.a_device + nth * AGAIN, self.a_device + (nth + 1) * AGAIN)]
        clock = datetime.now(UTC) + timedelta(hours=(park["pk"] * 7 + device * 5) % 10 - 6)         # hours off, each phone its own
        moment = f"{clock:%Y-%m-%dT%H:%M:%S.000Z}"
        scans = [scan(park["pk"], device, one, round_number=park["rounds"][0], person=self.numbers[person],
                      point=park["points"][device], sampled_at=moment) for one, person in zip(ids, people, strict=True)]
        content = request(SCANS, batch(park["park"], scans), device=park["devices"][device])
        fate = self.draw.choice(("after", "at once", "hung up")) if self.draw.random() < TWICE else ""
        return Outgoing(park["pk"], content, fate)

    def ask(self, client: int) -> bytes | None:
        out = self.waiting.popleft() if self.waiting else next(self.fresh, None)
        if out is None:
            return None if not self.going else b""
        self.going[client] = out
        if out.fate == "at once" and not out.again:
            self._again(out)
        return out.content

    def _again(self, out: Outgoing) -> None:
        self.sent_again[out.fate or "no answer"] += 1
        self.waiting.append(Outgoing(out.park, out.content, out.fate, again=True))

    def hangs_up(self, client: int) -> bool:
        out = self.going[client]
        return out.fate == "hung up" and not out.again

    def hear(self, client: int, status: int, head: bytes, body: bytes) -> float:
        out = self.going.pop(client)
        if status == 200:
            if body.count(b'"accepted"') + body.count(b'"repeat"') != out.content.count(b'"scan_id"'):
                self.wrong.append(body[:300])
            if out.fate == "after" and not out.again:
                self._again(out)
            return 0.0
        if status > 0 and status not in (429, 503):
            self.wrong.append(head + body[:300])
        elif status == TOO_LATE:
            self.wrong.append(b"no answer in time")
        self._again(out)
        wait = WAIT.search(head)
        return float(wait.group(1)) * (1 + self.draw.random()) if wait else 0.0


class Watch(threading.Thread):
    """Looks at the server's memory once a second while the day goes on."""

    def __init__(self, server: Served) -> None:
        super().__init__(daemon=True)
        self.server, self.over, self.seen = server, threading.Event(), [server.memory()]

    def run(self) -> None:
        while not self.over.wait(1.0):
            self.seen.append(self.server.memory())
            if len(self.seen) % 60 == 0:
                say(f"  minute {len(self.seen) // 60}: {self.seen[-1]:.0f} MB, {load_average()}")

    def say(self) -> bool:
        """How much more memory the server holds at the end than half-way."""
        half = len(self.seen) // 2
        tenth = max(len(self.seen) // 10, 1)
        middle, end = sum(self.seen[half:half + tenth]) / tenth, sum(self.seen[-tenth:]) / tenth
        growth = end / middle - 1
        return row("memory of the server meanwhile", f"at most {max(self.seen):.0f} MB; half-way {middle:.0f} MB, at the end "
                   f"{end:.0f} MB ({growth:+.1%})", f"≤ {MOST_GROWTH:+.0%}", growth <= MOST_GROWTH)


def _accounts(house: House, city: City) -> bool:
    """Is each scan that a phone made there once, and no other? Asked of PostgreSQL itself."""
    started = time.perf_counter()
    made = (f"SELECT p.id AS park_id, lpad(to_hex(p.id), 8, '0') || '-' || lpad(to_hex(d), 4, '0') || '-4000-8000-' || "
            f"lpad(to_hex(n), 12, '0') AS scan_id FROM registry_park p, generate_series(0, {DEVICES - 1}) d, "
            f"generate_series(0, {city.scans_of_a_device - 1}) n")
    [(lost,)] = house.rows(f"SELECT count(*) FROM ({made}) made LEFT JOIN screening_specimen s USING (park_id, scan_id) "
                           "WHERE s.id IS NULL")
    [(there, again, people, late)] = house.rows(
        "SELECT count(*), count(*) FILTER (WHERE again), count(DISTINCT person_id), "
        "count(*) FILTER (WHERE sampled_at > received_at) FROM screening_specimen")
    [(crowded, places)] = house.rows(
        "SELECT count(*) FILTER (WHERE n > 20), count(*) FILTER (WHERE n <> places) FROM (SELECT count(*) n, "
        "count(DISTINCT position) places FROM screening_specimen GROUP BY tube_id) t")
    over = there - (city.expected - lost)
    everybody = len(city.made["parks"]) * city.made["people"]
    say(f"made by phones {city.expected:,}; there {there:,}; lost {lost:,}; doubled or from nowhere {over:,}\n"
        f"  people sampled {people:,} of {everybody:,}; marked `again` {again:,} of {city.expected - everybody:,}; sampled after "
        f"arrival {late:,}\n  tubes with more than 20: {crowded:,}, with two in one place: {places:,} (counted in "
        f"{time.perf_counter() - started:.0f} s)")
    [(size,)] = house.rows("SELECT pg_database_size(current_database())")
    say(f"  the database has {size / 1e9:.1f} GB: {size / 1e3 / there:.2f} GB for a million people and their specimens")
    exact = lost == over == crowded == places == late == 0 and people == everybody
    return row("each scan that a phone made is there once", f"{there:,} of {city.expected:,}; lost {lost:,}, doubled {over:,}",
               "all", bool(exact))


if __name__ == "__main__":
    sys.exit(main())
