"""What must stay secret is kept sealed: AES-256-GCM, bound to its table, column and row, under a numbered key.

A sealed value is `key number (1 byte) + nonce (12) + ciphertext and tag`. Where it stands is the associated data, so
that a value copied to another row does not open. A blind index (HMAC-SHA256) finds a value without opening any: it is
made for one park, so that equal numbers in two parks cannot be matched. Keys live in a file beside the database,
never in it.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jiugong.lib.wiping import wipe_file

NONCE_BYTES = 12
MOST_KEYS = 255


class CannotOpen(ValueError):
    """A sealed value does not open: another key ring, another row, or a changed byte."""


@dataclass(frozen=True)
class KeyRing:
    """The keys of one installation: the current one seals, all of them open."""

    keys: Mapping[int, bytes]
    current: int
    index_key: bytes

    def seal(self, text: str, *, where: str) -> bytes:
        """Seal a text for one place, as in `registry_person.id_number.<uid>`."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher(self.current).encrypt(nonce, text.encode(), where.encode())
        return bytes([self.current]) + nonce + sealed

    def open(self, sealed: bytes, *, where: str) -> str:
        """Open a sealed text. Raises CannotOpen."""
        sealed = bytes(sealed)
        if not sealed or sealed[0] not in self.keys:
            raise CannotOpen(f"{where} was sealed with a key that this key ring does not hold")
        nonce, rest = sealed[1:1 + NONCE_BYTES], sealed[1 + NONCE_BYTES:]
        try:
            return self._cipher(sealed[0]).decrypt(nonce, rest, where.encode()).decode()
        except InvalidTag as reason:
            raise CannotOpen(f"{where} does not open: it was changed, or it belongs to another row") from reason

    def is_current(self, sealed: bytes) -> bool:
        return bytes(sealed[:1]) == bytes([self.current])

    def index(self, text: str, *, scope: str) -> bytes:
        """The blind index of a text within a scope such as one park: 32 bytes, the same for the same text."""
        return hmac.digest(self.index_key, f"{scope}\0{text}".encode(), hashlib.sha256)

    @property
    def seal_key(self) -> bytes:
        """Under which days are sealed. It comes from the index key, which stays when the others are turned."""
        return hmac.digest(self.index_key, b"jiugong: the seal of a day", hashlib.sha256)

    def turned(self) -> "KeyRing":
        """The same ring with a fresh current key. Old keys still open."""
        number = self.current % MOST_KEYS + 1
        return KeyRing({**self.keys, number: secrets.token_bytes(32)}, number, self.index_key)

    def without_old_keys(self) -> "KeyRing":
        """Only the current key is left: what an old key sealed can never be opened again."""
        return KeyRing({self.current: self.keys[self.current]}, self.current, self.index_key)

    def _cipher(self, number: int) -> AESGCM:
        return _cipher(self.keys[number])


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def fresh_ring() -> KeyRing:
    return KeyRing({1: secrets.token_bytes(32)}, 1, secrets.token_bytes(32))


def read_ring(path: Path) -> KeyRing:
    """Read a key ring. Raises FileNotFoundError, ValueError where the file is not one."""
    return ring_of(path.read_text())


def ring_of(text: str) -> KeyRing:
    """The key ring that a text is. Raises ValueError."""
    kept = json.loads(text)
    return KeyRing({int(number): bytes.fromhex(key) for number, key in kept["keys"].items()},
                   int(kept["current"]), bytes.fromhex(kept["index_key"]))


def for_us_alone(file: Path) -> None:
    """Make a database's file readable by nobody else, and what SQLite lays beside it; it is made where it is not there yet."""
    file.touch(mode=0o600)
    for path in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
        with suppress(PermissionError, FileNotFoundError):             # another account's: `jiugong doctor` says so
            path.chmod(0o600)


def write_ring(ring: KeyRing, path: Path) -> None:
    """Write a key ring for its owner's eyes alone; the file is whole or it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {"keys": {str(number): key.hex() for number, key in ring.keys.items()},
            "current": ring.current, "index_key": ring.index_key.hex()}
    draft, old = path.with_suffix(".draft"), path.with_suffix(".old")
    if path.exists():
        old.unlink(missing_ok=True)
        os.link(path, old)                             # so that the old keys can be written over once the new ones are whole
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(kept, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    wipe_file(old)


class NoKeys(RuntimeError):
    """There is no key ring here yet, so nothing secret can be kept or read."""


_kept_in: Path | None = None
_read: tuple[float, KeyRing] | None = None


def keep_keys_in(path: Path) -> None:
    """Say where this installation keeps its key ring. `jiugong/settings.py` does so when it starts."""
    global _kept_in, _read
    _kept_in, _read = path, None


def ring() -> KeyRing:
    """The key ring in use; read again when the file has changed. Raises NoKeys."""
    global _read
    try:
        changed_at = _kept_in.stat().st_mtime_ns if _kept_in else 0
    except FileNotFoundError:
        changed_at = 0
    if not _kept_in or not changed_at:
        raise NoKeys("There are no keys here yet. Run `jiugong setup` first.")
    if _read is None or _read[0] != changed_at:
        _read = changed_at, read_ring(_kept_in)
    return _read[1]
