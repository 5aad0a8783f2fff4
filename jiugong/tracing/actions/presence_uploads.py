"""Saying yes to a file of whereabouts that waits: it is taken once, and tells afterwards what it did."""

from typing import Any

from jiugong.lib.acting import Actor
from jiugong.registry.actions.taking import take_once
from jiugong.registry.models import Park, Upload
from jiugong.registry.queries.uploads import WEIGHT
from jiugong.tracing.actions.presence_files import import_presence
from jiugong.tracing.logic.presence_files import PresenceFile

BYTES_A_SECOND = 1_500_000                   # measured with files of 100,000 stays on one core
PACKED = 8                                   # such files in gzip grow so many times


def take_presence(upload: Upload, file: PresenceFile, *, actor: Actor) -> Upload:
    """Take a file of whereabouts that waits. Who says yes a second time gets what the first yes did. Raises UploadGone."""
    def take(park: Park) -> dict[str, Any]:
        taken = import_presence(park, file, actor=actor)
        return {"presences": taken.created, "spots": taken.spots, "unchanged": taken.unchanged, "unknown": taken.unknown,
                "repaired": len(file.repaired), "refused": file.bad_rows}

    return take_once(upload, take)


def seconds_to_take(upload: Upload) -> int:
    """About how many seconds it takes to read a file of this size, compare it with what is known and take it."""
    size = len(bytes(upload.sealed)) * WEIGHT * (PACKED if upload.name.endswith(".gz") else 1)
    return round(size / BYTES_A_SECOND)
