"""The arithmetic of scores, and what makes a document's fingerprint: plain facts in, an answer out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class Colour(StrEnum):
    """What a score is worth. Under way: no window has closed yet. Nothing: no one was asked for anything."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNDER_WAY = "under_way"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """From which share of a hundred a score is green, and below which it is red; assumed where no pack says so."""

    green_from: int = 100
    red_below: int = 95
    assumed: bool = True


def score(*, done: int, asked: int) -> int | None:
    """Done in time of what was asked and not excused, in hundredths rounded down; None where nothing was asked."""
    return done * 100 // asked if asked > 0 else None


def colour(*, done: int, asked: int, bounds: Bounds) -> Colour:
    """Judge a share exactly, before it is rounded: the bound itself is green (or amber), what lies under it is not."""
    if asked <= 0:
        return Colour.NOTHING
    if done * 100 >= bounds.green_from * asked:
        return Colour.GREEN
    return Colour.RED if done * 100 < bounds.red_below * asked else Colour.AMBER


def fingerprint(content: Mapping[str, object]) -> str:
    """SHA-256 over a document as it was published, whatever the order in which its parts are kept."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
