"""What a backup says of itself: from when, from which store, with which steps and rows, and how its members read.

The manifest can be read without any key and holds nobody's data. Its mark, made with the backup's key, shows a change.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

FORMAT = 1
NAME = "manifest.json"


def signed(manifest: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """The manifest with its mark."""
    return {**manifest, "mark": _mark(manifest, key)}


def is_signed(manifest: Mapping[str, Any], key: bytes) -> bool:
    """Is the manifest as it was written?"""
    bare = {name: value for name, value in manifest.items() if name != "mark"}
    return hmac.compare_digest(str(manifest.get("mark", "")), _mark(bare, key))


def unknown_steps(theirs: Mapping[str, list[str]], ours: Mapping[str, list[str]]) -> list[str]:
    """Steps of the database that this program does not know: it is older than the backup."""
    return sorted(f"{room}.{step}" for room, steps in theirs.items() for step in set(steps) - set(ours.get(room, [])))


def steps_to_go(theirs: Mapping[str, list[str]], ours: Mapping[str, list[str]]) -> list[str]:
    """Steps that this program has and the backup has not taken."""
    return unknown_steps(ours, theirs)


def fingerprint(key: bytes) -> str:
    """Names a key without telling it."""
    return hashlib.sha256(b"jiugong key\0" + key).hexdigest()[:16]


def _mark(manifest: Mapping[str, Any], key: bytes) -> str:
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=False)
    return hmac.digest(key, f"manifest\0{text}".encode(), hashlib.sha256).hex()
