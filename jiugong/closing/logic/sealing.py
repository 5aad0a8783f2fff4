"""Keyed digests: of a row, of a table's rows on a day, of a seal. Without the key nobody makes another that fits."""

import hashlib
import hmac
import json
import zlib
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

ROW_BYTES = 12                       # keyed, so that only guessing is left: one chance in 10**28


def row_digest(key: bytes, table: str, pk: int, text: str | bytes) -> bytes:
    """The digest of a row as the database writes it. Copied to another row or table it does not fit."""
    written = text.encode() if isinstance(text, str) else text
    return hashlib.blake2b(f"{table}\0{pk}\0".encode() + written, key=key, digest_size=ROW_BYTES).digest()


def packed(rows: Mapping[int, bytes]) -> bytes:
    """The digests of a table's rows in the order of their numbers, as few bytes as they need."""
    numbers = sorted(rows)
    steps = array("q", (after - before for before, after in zip([0, *numbers], numbers, strict=False)))
    head = zlib.compress(steps.tobytes(), 6)
    return len(head).to_bytes(4, "big") + head + b"".join(rows[number] for number in numbers)


def unpacked(blob: bytes) -> dict[int, bytes]:
    """What was packed. Raises ValueError where the bytes are none of ours."""
    try:
        end = 4 + int.from_bytes(blob[:4], "big")
        steps = array("q", zlib.decompress(blob[4:end]))
        digests = blob[end:]
    except zlib.error as reason:
        raise ValueError("not a list of digests") from reason
    if len(digests) != ROW_BYTES * len(steps):
        raise ValueError("not a list of digests")
    rows, number = {}, 0
    for at, step in enumerate(steps):
        number += step
        rows[number] = digests[at * ROW_BYTES:(at + 1) * ROW_BYTES]
    return rows


def mac(key: bytes, *parts: str | bytes) -> bytes:
    """A keyed hash over several parts; each with its length, so that no two ways of cutting look alike."""
    made = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        data = part.encode() if isinstance(part, str) else bytes(part)
        made.update(len(data).to_bytes(8, "big") + data)
    return made.digest()


def written(content: Mapping[str, Any]) -> str:
    """What a seal says, as one line that is the same every time."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def likeness(key: bytes, park: str, day: str, tables: Iterable[tuple[str, bytes]]) -> str:
    """The same for the same rows of a day, whenever and as whichever number of the chain they were sealed."""
    return mac(key, "likeness", park, day, *(part for name, digest in sorted(tables) for part in (name, digest))).hex()
