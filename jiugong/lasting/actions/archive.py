"""One file of members and a manifest: written to a draft and renamed, read member by member.

A zip file, so that anybody can look at the manifest; its members are sealed (`logic/sealing.py`).
"""

import hashlib
import json
import os
import secrets as random
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiugong.lasting.errors import BackupDamaged, BackupKeysMissing, NotABackup, PassphraseWrong
from jiugong.lasting.logic import manifests, sealing
from jiugong.lasting.stores import Picture
from jiugong.lib import secrets
from jiugong.lib.commanding import FileMissing
from jiugong.lib.wiping import wipe_file

KEYS_MEMBER = "keys"
MOST_MANIFEST = 16 * 1024 * 1024             # bytes, unpacked: it is read before anything is proved


@dataclass(frozen=True)
class Written:
    """A backup as it lies in the folder."""

    size: int
    sha256: str
    manifest: Mapping[str, Any]


def write(path: Path, picture: Picture, told: Mapping[str, Any], *, key_files: Mapping[str, bytes] | None = None,
          passphrase: str = "") -> Written:
    """Write a picture as one sealed file. What stood under this name before stays until the new one is whole."""
    key, where = random.token_bytes(32), f"backup.{told['uid']}"
    draft = path.with_name(f".{path.name}.draft")
    try:
        with _private(draft) as raw, zipfile.ZipFile(raw, "w") as file:
            members = {name: _add(file, name, stream(), key) for name, stream in picture.members.items()}
            manifest = {"format": manifests.FORMAT, **told, "steps": picture.steps, "tables": picture.tables,
                        "columns": picture.columns, "members": members,
                        "sealed_key": secrets.ring().seal(key.hex(), where=where).hex()}
            if key_files is not None:
                manifest["keys"] = _add_keys(file, key_files, passphrase)
            file.writestr(manifests.NAME, json.dumps(manifests.signed(manifest, key), ensure_ascii=False, indent=1))
        _flush(draft)
        size, digest = draft.stat().st_size, _digest(draft)
        draft.replace(path)
    finally:
        wipe_file(draft)
    return Written(size, digest, manifest)


def _add(file: zipfile.ZipFile, name: str, stream: Iterator[bytes], key: bytes) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with file.open(name, "w", force_zip64=True) as member:
        for piece in sealing.seal(stream, sealing.key_for(key, name)):
            digest.update(piece)
            size += member.write(piece)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _add_keys(file: zipfile.ZipFile, key_files: Mapping[str, bytes], passphrase: str) -> dict[str, Any]:
    salt = random.token_bytes(16)
    text = json.dumps({name: content.hex() for name, content in key_files.items()}).encode()
    return {"salt": salt.hex(), **_add(file, KEYS_MEMBER, iter([text]), sealing.key_of_passphrase(passphrase, salt))}


# reading --------------------------------------------------------------------------------------------------------------

class Opened:
    """A backup that is being read: its manifest at once, the rest with its key."""

    def __init__(self, path: Path, file: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
        self.path, self.file, self.manifest = path, file, manifest

    def key_files(self, passphrase: str) -> dict[str, bytes]:
        """The keys inside. Raises PassphraseWrong."""
        key = sealing.key_of_passphrase(passphrase, bytes.fromhex(self.manifest["keys"]["salt"]))
        try:
            text = b"".join(sealing.unseal(self._pieces(KEYS_MEMBER), sealing.key_for(key, KEYS_MEMBER)))
        except sealing.Damaged as reason:
            raise PassphraseWrong(file=str(self.path)) from reason
        return {name: bytes.fromhex(content) for name, content in json.loads(text).items()}

    def picture(self, ring: secrets.KeyRing, keys: Path) -> Picture:
        """What was kept. Raises BackupKeysMissing, BackupDamaged."""
        try:
            key = bytes.fromhex(ring.open(bytes.fromhex(self.manifest["sealed_key"]), where=f"backup.{self.manifest['uid']}"))
        except (secrets.CannotOpen, ValueError) as reason:
            raise BackupKeysMissing(file=str(self.path), keys=str(keys)) from reason
        if not manifests.is_signed(self.manifest, key):
            raise BackupDamaged(file=str(self.path), member=manifests.NAME)
        for name, said in self.manifest["members"].items():
            self._prove(name, said["sha256"])
        return Picture(self.manifest["steps"], self.manifest["tables"],
                       {name: self._member(name, key) for name in self.manifest["members"]}, self.manifest["columns"])

    def _member(self, name: str, key: bytes) -> Any:
        return lambda: sealing.unseal(self._pieces(name), sealing.key_for(key, name))

    def _prove(self, name: str, sha256: str) -> None:
        digest = hashlib.sha256()
        for piece in self._pieces(name):
            digest.update(piece)
        if digest.hexdigest() != sha256:
            raise BackupDamaged(file=str(self.path), member=name)

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self.file.open(name) as member:
                while piece := member.read(sealing.PIECE):
                    yield piece
        except (KeyError, zipfile.BadZipFile, EOFError) as reason:
            raise BackupDamaged(file=str(self.path), member=name) from reason


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a backup. Raises FileMissing, NotABackup."""
    if not path.is_file():
        raise FileMissing(file=str(path))
    try:
        file = zipfile.ZipFile(path)
        if file.getinfo(manifests.NAME).file_size > MOST_MANIFEST:
            raise NotABackup(file=str(path))
        manifest = json.loads(file.read(manifests.NAME))
        if manifest["format"] > manifests.FORMAT or not manifest["uid"]:
            raise NotABackup(file=str(path))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as reason:
        raise NotABackup(file=str(path)) from reason
    with file:
        yield Opened(path, file, manifest)


def _private(path: Path) -> Any:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
