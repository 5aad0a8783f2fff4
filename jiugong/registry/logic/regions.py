"""Which six-digit regions were ever in use (GB/T 2260): an unknown one in an ID number is worth a warning."""

from functools import cache
from pathlib import Path


@cache
def _regions() -> frozenset[str]:
    lines = Path(__file__).with_name("regions.txt").read_text().splitlines()
    return frozenset(prefix + ending for line in lines if not line.startswith("#")
                     for prefix, *endings in [line.split()] for ending in endings)


def is_region(code: str) -> bool:
    return code in _regions()
