"""The same question in pandas, as somebody would write it who has nothing else: join by place, then compare times."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def met(files: Sequence[Path], asked: Sequence[tuple[int, int, int]], crews: Sequence[tuple[int, int, int, int]]) -> int:
    """How many meetings there are."""
    import pandas

    _who, since, until = asked[0]
    every = pandas.concat([pandas.read_parquet(path) for path in files], ignore_index=True)
    every = every[(every.entered < until) & (every.left > since)]
    own = every[every.who.isin([who for who, *_window in asked])]
    crew = pandas.DataFrame([(who, at) for who, at, *_span in crews], columns=["who", "crew"])
    found = []
    for ground, kind, apart, same_crew, seconds in (
            ("bus", "bus", (0,), False, 0), ("canteen_table", "canteen_table", (0,), False, 0),
            ("enclosed_space", "enclosed_space", (0,), False, 600), ("next_table", "canteen_table", (-1, 1), False, 0),
            ("team_shift", "workplace", (0,), True, 0)):
        there = every[every.kind == kind]
        for far in apart:
            mine = own[own.kind == kind].assign(number=lambda rows, far=far: rows.number + far)
            both: Any = mine.merge(there, on=["hall", "number"], suffixes=("_mine", ""))
            both = both[both.who != both.who_mine]
            if same_crew:
                his = crew.rename(columns={"who": "who_mine", "crew": "crew_mine"})
                both = both.merge(his, on="who_mine").merge(crew, on="who")
                both = both[both.crew == both.crew_mine]
            begun = both[["entered", "entered_mine"]].max(axis=1).clip(lower=since)
            over = both[["left", "left_mine"]].min(axis=1).clip(upper=until)
            both = both.assign(ground=ground, since=begun, until=over)[(over > begun) & (over - begun >= seconds)]
            found.append(both[["who_mine", "who", "ground", "spot", "since", "until", "source"]])
    return len(pandas.concat(found).drop_duplicates())
