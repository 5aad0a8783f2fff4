"""Invented whereabouts of a city's parks: who works, eats, rides and meets where, day by day, in the files of the history.

Everybody works eight hours in a workshop of 140 (one in three by night), eats twice or three times at a numbered table, rides
two runs of a bus of 50, and sits one or two times for some minutes in a closed room: 6.7 stays a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

FIRST_DAY = date(2022, 10, 14)
STAYS_A_DAY = 6.67
WORKSHOP, TEAM, CANTEEN, TABLES, ROUTE, ROOMS = 140, 20, 1000, 250, 50, 200
RULES = (("bus", "bus", 0, 0, False, 0), ("canteen_table", "canteen_table", 0, 0, False, 0),
         ("enclosed_space", "enclosed_space", 0, 0, False, 600), ("next_table", "canteen_table", 1, 1, False, 0),
         ("team_shift", "workplace", 0, 0, True, 0))


@dataclass(frozen=True, kw_only=True)
class Rule:
    ground: str
    kind: str
    nearest: int
    farthest: int
    same_crew: bool
    seconds: int


GROUNDS = tuple(Rule(ground=ground, kind=kind, nearest=nearest, farthest=farthest, same_crew=crew, seconds=seconds)
                for ground, kind, nearest, farthest, crew, seconds in RULES)


def begins(day: int) -> int:
    """The first second of a day, in Beijing."""
    at = FIRST_DAY + timedelta(days=day)
    return int(datetime(at.year, at.month, at.day, tzinfo=UTC).timestamp()) - 8 * 3600


def numbers_of(people: int) -> Any:
    """Everybody's random number."""
    import numpy

    return numpy.random.default_rng(6).integers(1, 2**62, people)


def crews_of(numbers: Any) -> list[tuple[int, int, int, int]]:
    return [(int(who), at // TEAM, 0, 2**40) for at, who in enumerate(numbers)]


def asked_about(numbers: Any, *, cases: int, first: int, days: int) -> list[tuple[int, int, int]]:
    """As many index cases, spread over the city, each with the same window."""
    step = len(numbers) // cases
    return [(int(numbers[at * step + 7]), begins(first), begins(first + days)) for at in range(cases)]


def day_of(numbers: Any, day: int) -> Any:
    """The stays that begin on one day, as a table of the contract; in no order."""
    import numpy
    import pyarrow

    from analytics import run

    chance, people = numpy.random.default_rng(1000 + day), numpy.arange(len(numbers))
    parts = [*_at_work(chance, people, day), *_at_table(chance, people, day), *_on_the_bus(chance, people, day),
             *_in_a_room(chance, people, day)]
    joined = {name: numpy.concatenate([part[name] for part in parts]) for name in ("at", "hall", "number", "entered", "left")}
    kinds = numpy.repeat([part["kind"] for part in parts], [len(part["at"]) for part in parts])
    sources = numpy.repeat([part["source"] for part in parts], [len(part["at"]) for part in parts])
    return pyarrow.Table.from_arrays([
        pyarrow.array(numbers[joined["at"]]), pyarrow.array(kinds), pyarrow.array(joined["hall"]), pyarrow.array(joined["number"]),
        pyarrow.array(joined["hall"] * 1000 + joined["number"]), pyarrow.array(joined["entered"]), pyarrow.array(joined["left"]),
        pyarrow.array(sources), pyarrow.array(numpy.zeros(len(kinds), dtype=bool))], schema=run.schema("presence"))


def write_days(numbers: Any, days: int, file_of: Any) -> Iterator[tuple[int, Path, Any]]:
    """Write every day as its file; of each the day, where it lies and its stays."""
    from analytics import run

    for day in range(days):
        stays = run.in_order(day_of(numbers, day))
        path = Path(file_of(day))
        path.parent.mkdir(parents=True, exist_ok=True)
        run.write(stays, path)
        yield day, path, stays


def halls(people: int, days: int) -> list[tuple[str, int, int]]:
    """Every kind, hall and how many numbers it has (0: none), as `day_of` uses them."""
    return [*(("workplace", 1_000_000 + at, 0) for at in range(people // WORKSHOP + 1)),
            *(("canteen_table", 2_000_000 + at, TABLES) for at in range(people // CANTEEN + 1)),
            *(("bus", 30_000_000 + (day * 100_000 + at) * 2 + way, 0) for day in range(days) for at in range(people // ROUTE + 1)
              for way in (0, 1)),
            *(("enclosed_space", 4_000_000 + at * 5 + room, 0) for at in range(people // ROOMS + 1) for room in range(5))]


def _part(kind: str, source: str, at: Any, hall: Any, entered: Any, lasted: Any, number: Any = None) -> dict[str, Any]:
    import numpy

    return {"kind": kind, "source": source, "at": at, "hall": hall, "entered": entered, "left": entered + lasted,
            "number": numpy.zeros(len(at), dtype=numpy.int64) if number is None else number}


def _at_work(chance: Any, people: Any, day: int) -> Sequence[dict[str, Any]]:
    starts = begins(day) + 3600 * (8 + 12 * (people // TEAM % 3 == 0)) + chance.integers(-900, 900, len(people))
    return [_part("workplace", "attendance", people, 1_000_000 + people // WORKSHOP, starts,
                  chance.integers(28_000, 32_000, len(people)))]


def _at_table(chance: Any, people: Any, day: int) -> Iterator[dict[str, Any]]:
    for hour, share in ((12, 1.0), (18, 1.0), (7, 0.2)):
        some = people[chance.random(len(people)) < share]
        entered = begins(day) + 3600 * hour + 1800 * chance.integers(-1, 2, len(some)) + chance.integers(0, 900, len(some))
        yield _part("canteen_table", "canteen_card", some, 2_000_000 + some // CANTEEN, entered,
                    chance.integers(600, 2000, len(some)), chance.integers(1, TABLES + 1, len(some)))


def _on_the_bus(chance: Any, people: Any, day: int) -> Iterator[dict[str, Any]]:
    for way, hour in ((0, 7), (1, 17)):
        entered = begins(day) + 3600 * hour + chance.integers(0, 900, len(people))
        yield _part("bus", "bus_scan", people, 30_000_000 + (day * 100_000 + people // ROUTE) * 2 + way, entered,
                    chance.integers(900, 2700, len(people)))


def _in_a_room(chance: Any, people: Any, day: int) -> Iterator[dict[str, Any]]:
    for share in (1.0, 0.47):
        some = people[chance.random(len(people)) < share]
        yield _part("enclosed_space", "venue_code", some, 4_000_000 + some // ROOMS * 5 + chance.integers(0, 5, len(some)),
                    begins(day) + chance.integers(9 * 3600, 17 * 3600, len(some)), chance.integers(120, 2400, len(some)))
