"""Which seals there were, kept beside the keys: so that a seal that was deleted whole, the last one too, is missed.

One line for each seal, only ever appended. Whoever has the database alone cannot take a line back.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from jiugong.registry.models import Park


@dataclass(frozen=True, kw_only=True)
class Head:
    """A seal that was made: of which day, in which row, and what its day's rows were like."""

    number: int
    day: str
    row: int
    mac: str
    likeness: str


def file_of(park: Park) -> Path:
    return Path(settings.KEY_RING_FILE).parent / f"seals-{park.uid}.jsonl"


def remember(park: Park, head: Head) -> None:
    """Add a line. Whoever reads it later reads whole lines only."""
    with os.fdopen(os.open(file_of(park), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(json.dumps(asdict(head)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def remembered(park: Park) -> list[Head]:
    """Every seal that was made here, in the order of making; nothing where the file is not here."""
    try:
        lines = file_of(park).read_text().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(Head(**json.loads(line)))
        except (ValueError, TypeError):
            continue                                            # half a line: the machine stopped while it was written
    return found
