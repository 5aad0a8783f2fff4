"""Making a backup while everybody works on, proving it by a drill, and keeping as many as are wanted."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from jiugong.lasting.actions import archive
from jiugong.lasting.errors import DrillFailed, NoBackupYet, PassphraseShort
from jiugong.lasting.logic import manifests
from jiugong.lasting.models import Backup, Drill
from jiugong.lasting.queries.backups import kept_backups
from jiugong.lasting.stores import store_of
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.commanding import FileNotWritten
from jiugong.lib.wiping import wipe_file
from jiugong.registry.actions.parks import ANYWHERE
from jiugong.registry.models import Park

LEAST_SIGNS = 16
SECONDS_OF_A_DRILL = 3600


def back_up(path: Path, *, actor: Actor, passphrase: str = "") -> Backup:
    """Write one sealed file with everything that the database holds at this moment; scans go on meanwhile.

    With a passphrase the keys are inside, sealed by it; without one whoever restores needs the key ring as well. Raises
    PassphraseShort, FileNotWritten.
    """
    actor.must(Can.RUN_SERVER, over=ANYWHERE)
    if passphrase and len(passphrase) < LEAST_SIGNS:
        raise PassphraseShort(least=LEAST_SIGNS)
    path, now, ring = path.absolute(), clock.now(), secrets.ring()

    told = {"uid": uuid4().hex, "version": version(), "store": connection.vendor, "made_at": now.isoformat()}
    try:
        with drafts() as folder:                                     # as long as its row is not there: an erasure waits for it
            with store_of(connection).picture(connection, folder) as picture:
                written = archive.write(path, picture, told, passphrase=passphrase, key_files=key_files() if passphrase else None)
            with transaction.atomic():
                Backup.objects.filter(path=str(path), erased_at=None).update(erased_at=now, erased_because="replaced")
                backup = Backup.objects.create(
                    uid=told["uid"], path=str(path), made_at=now, made_by=actor.key, size=written.size, sha256=written.sha256,
                    rows=sum(picture.tables.values()), key=manifests.fingerprint(ring.keys[ring.current]),
                    has_keys=bool(passphrase))
                note("backup.made", actor=actor, at=now, subject=f"backup:{backup.uid}", size=backup.size, sha256=backup.sha256)
    except OSError as reason:
        if reason.errno is None or path.parent.is_dir() and os.access(path.parent, os.W_OK):
            raise
        raise FileNotWritten(file=str(path)) from reason
    return backup


def keep_only(count: int, *, folder: Path, actor: Actor) -> int:
    """Destroy the oldest backups of a folder of ours, so that `count` are left. What lies elsewhere is not ours to remove."""
    ours = [each for each in kept_backups() if Path(each.path).parent == folder.absolute()]
    for backup in ours[max(count, 1):]:
        destroy(backup, because="newer ones are kept", actor=actor)
    return len(ours[max(count, 1):])


def destroy(backup: Backup, *, because: str, actor: Actor) -> None:
    """Overwrite and remove one backup; its row stays and says so. Safe to repeat."""
    actor.must(Can.RUN_SERVER, over=ANYWHERE)
    was_there = wipe_file(Path(backup.path))
    with transaction.atomic():
        if Backup.objects.filter(pk=backup.pk, erased_at=None).update(erased_at=clock.now(), erased_because=because):
            note("backup.destroyed", actor=actor, at=clock.now(), subject=f"backup:{backup.uid}", reason=because,
                 found=was_there)


def drill(path: Path | None, *, actor: Actor, passphrase: str = "") -> Drill:
    """Restore a backup into a place of its own, let it be looked at there, and keep what came of it.

    The latest one without a path. Raises NoBackupYet, DrillFailed (which is kept, too).
    """
    actor.must(Can.RUN_SERVER, over=ANYWHERE)
    latest = kept_backups().first()
    if path is None:
        if latest is None:
            raise NoBackupYet()
        path = Path(latest.path)
    began, backup = monotonic(), Backup.objects.filter(path=str(path.absolute()), erased_at=None).first()
    with drafts() as folder, somewhere_else(folder) as environment:
        passed, told = _restored_there(path, passphrase, environment)
    with transaction.atomic():
        made = Drill.objects.create(backup=backup, at=clock.now(), by=actor.key, seconds=round(monotonic() - began, 1),
                                    passed=passed, found=told)
        note("backup.drilled", actor=actor, at=made.at, subject=f"backup:{backup.uid if backup else path.name}",
             passed=made.passed)
    if not made.passed:
        raise DrillFailed(file=str(path), why=told.get("message", ""))
    return made


def _restored_there(path: Path, passphrase: str, environment: dict[str, str]) -> tuple[bool, dict[str, Any]]:
    """Restore it there, let the doctor look, and compare every closed day with its seal."""
    status, told = _there(["restore", str(path.absolute()), *(["--passphrase"] if passphrase else [])], environment, passphrase)
    if status:
        return False, told
    status, doctor = _there(["doctor"], environment)
    verified = {name: _there(["verify", "--park", name], environment)[1].get("ok", False)
                for name in Park.objects.order_by("pk").values_list("name", flat=True)}
    wrong = [each["what"] for each in doctor.get("found", [])] + [name for name, is_ok in verified.items() if not is_ok]
    return status == 0 and all(verified.values()), told | {
        "doctor": doctor, "verified": sum(verified.values()), "message": ". ".join(wrong)}


def _there(words: list[str], environment: dict[str, str], said: str = "") -> tuple[int, dict[str, Any]]:
    done = subprocess.run([sys.executable, "-m", "jiugong.cli", *words, "--json"], env=environment, input=said,
                          capture_output=True, text=True, timeout=SECONDS_OF_A_DRILL, check=False)
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        told = {"message": done.stderr.strip()[-500:]}
    return done.returncode, told


@contextmanager
def somewhere_else(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty installation with our keys: a home in a folder, a schema beside ours on PostgreSQL."""
    home = folder / "home"
    (home / "keys").mkdir(parents=True, mode=0o700)
    for name, content in key_files().items():
        if name.startswith("seals-"):
            continue                                   # they tell of days that were closed after the backup, too
        (home / "keys" / name).write_bytes(content)
        (home / "keys" / name).chmod(0o600)
    environment = dict(os.environ) | {
        "JIUGONG_HOME": str(home), "JIUGONG_WORKER": "never", "JIUGONG_LANGUAGE": settings.LANGUAGE_CODE}
    if connection.vendor != "postgresql":
        yield environment
        return
    schema, address = f"drill_{uuid4().hex[:12]}", environment["JIUGONG_DATABASE_URL"]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
    try:
        mark = "&" if "?" in address else "?"
        yield environment | {"JIUGONG_DATABASE_URL": f"{address}{mark}options=-csearch_path%3D{schema}"}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def drafts() -> Iterator[Path]:
    """A folder of this home for what is gone afterwards; what a killed process left there goes, too.

    One after the other, whichever process asks: two backups at once would write into each other's drafts.
    """
    folder = settings.HOME / "drafts"
    settings.HOME.mkdir(parents=True, exist_ok=True)
    home = os.open(settings.HOME, os.O_RDONLY)
    try:
        fcntl.flock(home, fcntl.LOCK_EX)                             # the system lets go of it when we die
        wipe_folder(folder)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            wipe_folder(folder)
    finally:
        os.close(home)


def wipe_folder(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            wipe_file(path)
    shutil.rmtree(folder, ignore_errors=True)


def backups_folder() -> Path:
    """Where backups go that nobody gave a name."""
    return settings.BACKUP_FOLDER


def named_by_the_moment() -> Path:
    """Where a backup goes that nobody gave a name."""
    backups_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    return backups_folder() / f"jiugong-{clock.now():%Y%m%dT%H%M%SZ}.backup"


def key_files() -> dict[str, bytes]:
    """The keys of this installation, by their files. TLS makes its own anew, and is not among them."""
    return {path.name: path.read_bytes() for path in sorted(settings.KEYS.iterdir()) if path.is_file()}


def version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("jiugong")
    except PackageNotFoundError:
        return ""
