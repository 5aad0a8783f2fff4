"""A file that ends: overwritten once, then gone. What the disk below keeps of it is beyond us (docs/concerns/data-that-ends.md)."""

import os
from pathlib import Path

PIECE = 1024 * 1024


def wipe_file(path: Path) -> bool:
    """Overwrite a file with nothing, and remove it. Was it there?"""
    try:
        size = path.stat().st_size
        with path.open("r+b") as file:
            for first in range(0, size, PIECE):
                file.write(bytes(min(PIECE, size - first)))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return False
    path.unlink()
    return True
