"""Whom twenty people met in fourteen days, in a city's month of whereabouts: beside bare SQL, pandas and Spark.

    python -m bench.contacts                      100,000 people, 30 days, 20 million stays
    python -m bench.contacts --soak               and 100 million

Ours is what a page asks (`meetings_of`): files, crews and beds of a real home, every meeting with its ground. Bare is one
statement that was written by hand for these files and these five grounds, in turns with ours; pandas does it on the same rows
in a process of its own.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import whereabouts
from bench.serving import CHECKOUT, House, row

PEOPLE, DAYS, CASES, FIRST, WINDOW, TURNS = 100_000, 30, 20, 12, 14, 5
SHORT, LONG = (5_000, 50_000), (5_000, 50_000, 500_000)

BARE = """
WITH p AS (SELECT * FROM read_parquet({files}) WHERE entered < {until} AND "left" > {since}),
i AS (SELECT * FROM p WHERE who IN (SELECT who FROM asked)),
c AS (SELECT a.who AS asked, b.who FROM crews a JOIN crews b ON a.crew = b.crew WHERE a.who IN (SELECT who FROM asked)),
m AS (
  SELECT i.who AS asked, p.who, p.kind, 'same' AS ground, p.spot, greatest(i.entered, p.entered, {since}) AS since,
         least(i."left", p."left", {until}) AS until, p.source
  FROM i JOIN p ON p.kind = i.kind AND p.hall = i.hall AND p.number = i.number
  UNION ALL
  SELECT i.who, p.who, p.kind, 'next', p.spot, greatest(i.entered, p.entered, {since}), least(i."left", p."left", {until}), p.source
  FROM i JOIN p ON p.kind = i.kind AND p.hall = i.hall AND p.number IN (i.number - 1, i.number + 1)
  WHERE i.kind = 'canteen_table')
SELECT DISTINCT m.asked, m.who, CASE WHEN m.ground = 'next' THEN 'next_table' WHEN m.kind = 'workplace' THEN 'team_shift'
                ELSE m.kind END, m.spot, m.since, m.until, m.source
FROM m LEFT JOIN c ON c.asked = m.asked AND c.who = m.who
WHERE m.who <> m.asked AND m.until > m.since AND (m.kind <> 'enclosed_space' OR m.until - m.since >= 600)
  AND (m.kind <> 'workplace' OR c.who IS NOT NULL)
"""


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m bench.contacts", description=__doc__)
    words.add_argument("--store", default="sqlite", choices=("sqlite", "postgresql"))
    words.add_argument("--soak", action="store_true")
    words.add_argument("--people", type=int, default=PEOPLE)
    words.add_argument("--inside", default="")
    words.add_argument("--folder", default="")
    given = words.parse_args()
    if given.inside:
        print(json.dumps(INSIDE[given.inside](Path(given.folder), given.people)))
        return 0
    house = House(given.store)
    made = _ask(house, "make", given.people)
    what = f"{CASES} cases, {WINDOW} days, {made['rows'] / 1e6:.0f} M stays of {given.people:,} people"
    ours, memory = _ask(house, "ours", given.people), _ask(house, "memory", given.people)
    kept = [row(f"{what}: {ours['contacts']:,} contacts with grounds beside bare SQL, {given.store}",
                f"{ours['ours']:.2f} s beside {ours['bare']:.2f} s: {ours['ours'] / ours['bare']:.2f}", "≤ 1.3",
                ours["ours"] <= 1.3 * ours["bare"]),
            row(f"their memory, {given.store}", f"{memory['megabytes']:.0f} MB", "≤ 1,000 MB", memory["megabytes"] <= 1000)]
    row(f"the first question of a process, its files proved, {given.store}", f"{memory['first']:.2f} s", "–", None)
    if given.store == "sqlite":
        kept += _beside_peers(house, given.people, ours)
        _growing(LONG if given.soak else SHORT)
        kept += _story()
    return 0 if all(kept) else 1


def _ask(house: House, what: str, people: int) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(house.run("-m", "bench.contacts", "--inside", what, "--people", str(people)).splitlines()[-1])
    return said


def _beside_peers(house: House, people: int, ours: dict[str, Any]) -> list[bool]:
    pandas = _ask(house, "pandas", people)
    kept = [row(f"pandas on the same rows ({pandas['met']:,} meetings, ours {ours['met']:,})",
                f"{pandas['seconds']:.1f} s: {pandas['seconds'] / ours['ours']:.0f} × ours", "≥ 15 ×",
                pandas["met"] == ours["met"] and pandas["seconds"] >= 15 * ours["ours"])]
    try:
        spark = _ask(house, "spark", people)
    except RuntimeError as reason:
        print(f"Spark: {str(reason)[-400:]}")
        return [*kept, row("Spark with two workers", "did not run", "the same rows", False)]
    return [*kept, row("Spark with two local workers on the same files",
                       f"{spark['seconds']:.1f} s, begun {spark['begun']:.0f} s", "the same rows",
                       (spark["met"], spark["digest"]) == (ours["met"], ours["digest"]))]


def _growing(sizes: tuple[int, ...]) -> None:
    """The same question in smaller and larger cities, files alone."""
    for people in sizes:
        with tempfile.TemporaryDirectory(prefix="jiugong-city-") as folder:
            done = subprocess.run([sys.executable, "-m", "bench.contacts", "--inside", "city", "--people", str(people), "--folder",
                                   folder], capture_output=True, text=True, check=True, cwd=CHECKOUT)
            told = json.loads(done.stdout.splitlines()[-1])
        row(f"the same in {told['rows'] / 1e6:.0f} M stays of {people:,} people: {told['met']:,} meetings",
            f"{told['seconds']:.2f} s, {told['megabytes']:.0f} MB", "–", None)


def _story() -> list[bool]:
    """Story A: the retest of the case is known, and its contacts are listed."""
    house = House("sqlite")
    told = json.loads(house.run("-m", "bench.contacts", "--inside", "story").splitlines()[-1])
    return [row(f"story A: result in, {told['contacts']} contacts listed", f"{told['seconds']:.2f} s, of which the search "
                f"{told['milliseconds']} ms", "≤ 1 s", told["seconds"] <= 1)]


# --- inside a home ------------------------------------------------------------------------------------------------------

def _open() -> Any:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
    import django

    django.setup()
    from jiugong.registry.models import Park

    return Park.objects.first()


def _make(_folder: Path, people: int) -> dict[str, Any]:
    """A park of a city's size: people, teams and spots in the store, closed days in files; written past the house."""
    from bench.crowd import make

    _open()
    return make(people, DAYS)


def _question(people: int) -> list[tuple[int, int, int]]:
    return whereabouts.asked_about(whereabouts.numbers_of(people), cases=CASES, first=FIRST, days=WINDOW)


def _files() -> list[Path]:
    from django.conf import settings

    first, last = whereabouts.FIRST_DAY.toordinal() + FIRST - 1, whereabouts.FIRST_DAY.toordinal() + FIRST + WINDOW
    from datetime import date

    every = Path(settings.HOME).glob("history/*/presence/day=*/part.parquet")
    return sorted(path for path in every if first <= date.fromisoformat(path.parent.name[4:]).toordinal() < last)


def _met(park: Any, people: int) -> tuple[float, list[Any], int]:
    """Ours: as the house asks it, and everybody once with his grounds."""
    from jiugong.tracing.logic.contacts import Asked, Rule
    from jiugong.tracing.queries.history import meetings_of

    asked = [Asked(who=who, since=since, until=until) for who, since, until in _question(people)]
    rules = [Rule(ground=each.ground, kind=each.kind, contact="close_contact", nearest=each.nearest, farthest=each.farthest,
                  same_crew=each.same_crew, seconds=each.seconds) for each in whereabouts.GROUNDS]
    began = perf_counter()
    found = meetings_of(park, asked, rules)
    grounds: dict[tuple[int, int], set[str]] = {}
    for each in found:
        grounds.setdefault((each.asked, each.who), set()).add(each.ground)
    return perf_counter() - began, found, len(grounds)


def _digest(rows: Any) -> str:
    import hashlib

    return hashlib.sha256(repr(sorted(tuple(each)[:7] for each in rows)).encode()).hexdigest()


def _ours(_folder: Path, people: int) -> dict[str, Any]:
    import duckdb
    import pyarrow

    park, asked = _open(), _question(people)
    connection = duckdb.connect(":memory:", config={"memory_limit": "512MB"})
    connection.register("asked", pyarrow.table({"who": [who for who, *_window in asked]}))
    crews = whereabouts.crews_of(whereabouts.numbers_of(people))
    connection.register("crews", pyarrow.table({"who": [each[0] for each in crews], "crew": [each[1] for each in crews]}))
    statement = BARE.format(files=[str(path) for path in _files()], since=asked[0][1], until=asked[0][2])
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    _met(park, people)
    for _turn in range(TURNS):
        began = perf_counter()
        bare = connection.execute(statement).fetchall()
        times["bare"].append(perf_counter() - began)
        seconds, found, contacts = _met(park, people)
        times["ours"].append(seconds)
    rows = [(each.asked, each.who, each.ground, each.spot, each.since, each.until, each.source) for each in found]
    assert sorted(rows) == sorted(bare), (len(rows), len(bare))
    return {name: statistics.median(taken) for name, taken in times.items()} | {
        "met": len(found), "contacts": contacts, "digest": _digest(rows)}


def _memory(_folder: Path, people: int) -> dict[str, Any]:
    first, _found, _contacts = _met(_open(), people)
    return {"first": first, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _pandas(_folder: Path, people: int) -> dict[str, Any]:
    from bench.in_pandas import met

    _open()
    asked, crews = _question(people), whereabouts.crews_of(whereabouts.numbers_of(people))
    began = perf_counter()
    found = met(_files(), asked, crews)
    return {"seconds": perf_counter() - began, "met": found}


def _spark(_folder: Path, people: int) -> dict[str, Any]:
    from analytics import run
    from analytics.engines import Spark

    _open()
    engine, asked, stays = Spark(), _question(people), run.presence(files=_files())
    crews = whereabouts.crews_of(whereabouts.numbers_of(people))
    began = perf_counter()
    engine.session()
    ready = perf_counter()
    found = run.contacts(engine, stays, asked=asked, own_stays=run.own(engine, stays, asked), rules=whereabouts.GROUNDS,
                         crews=crews)
    ended = perf_counter()
    engine.stop()
    return {"begun": ready - began, "seconds": ended - ready, "met": len(found), "digest": _digest(found)}


def _city(folder: Path, people: int) -> dict[str, Any]:
    from analytics import run
    from analytics.engines import DuckDB

    numbers = whereabouts.numbers_of(people)
    written = [(path, stays.num_rows)
               for _day, path, stays in whereabouts.write_days(numbers, DAYS, lambda day: folder / f"{day}.parquet")]
    asked = whereabouts.asked_about(numbers, cases=CASES, first=FIRST, days=WINDOW)
    mates = {at // whereabouts.TEAM for at, who in enumerate(numbers) if int(who) in {each[0] for each in asked}}
    crews = [each for each in whereabouts.crews_of(numbers) if each[1] in mates]
    engine, stays = DuckDB(), run.presence(files=[path for path, _rows in written[FIRST - 1:FIRST + WINDOW]])
    times = []
    for _turn in range(TURNS):
        began = perf_counter()
        found = run.contacts(engine, stays, asked=asked, own_stays=run.own(engine, stays, asked), rules=whereabouts.GROUNDS,
                             crews=crews)
        times.append(perf_counter() - began)
    return {"rows": sum(rows for _path, rows in written), "met": len(found), "seconds": statistics.median(times),
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _tell_the_story(_folder: Path, _people: int) -> dict[str, Any]:
    from bench.crowd import tell_story_a

    _open()
    return tell_story_a()


INSIDE: dict[str, Any] = {"make": _make, "ours": _ours, "memory": _memory, "pandas": _pandas, "spark": _spark, "city": _city,
                          "story": _tell_the_story}

if __name__ == "__main__":
    sys.exit(main())
