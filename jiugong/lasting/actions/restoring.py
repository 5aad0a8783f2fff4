"""Restoring a backup into an empty installation: proved first, then all of it, or nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from jiugong.lasting import happenings
from jiugong.lasting.actions.archive import Opened, opened
from jiugong.lasting.actions.backing_up import drafts
from jiugong.lasting.errors import BackupDamaged, BackupKeysMissing, BackupNewer, BackupOfAnotherStore, NotEmpty
from jiugong.lasting.logic.manifests import steps_to_go, unknown_steps
from jiugong.lasting.logic.sealing import Damaged
from jiugong.lasting.stores import steps_of_the_program, store_of
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.registry.actions.parks import ANYWHERE

OURS = "jiugong."


@dataclass(frozen=True)
class Restored:
    """What a restore did: from when the data is, the rows of each table, the steps taken since."""

    made_at: str
    tables: Mapping[str, int]
    steps: list[str]


def restore(path: Path, *, actor: Actor, passphrase: str = "") -> Restored:
    """Write a backup in place of an empty installation. What fails leaves everything as it was.

    Raises NotEmpty, NotABackup, BackupOfAnotherStore, BackupNewer, BackupKeysMissing, PassphraseWrong, BackupDamaged.
    """
    actor.must(Can.RUN_SERVER, over=ANYWHERE)
    _refuse_data()
    settings.KEYS.mkdir(parents=True, mode=0o700, exist_ok=True)
    if connection.settings_dict["NAME"] == settings.DATABASE_FILE:
        secrets.for_us_alone(settings.DATABASE_FILE)
    ours = steps_of_the_program()
    with opened(path) as backup:
        manifest = backup.manifest
        if manifest["store"] != connection.vendor:
            raise BackupOfAnotherStore(file=str(path), theirs=manifest["store"], ours=connection.vendor)
        if unknown := unknown_steps(manifest["steps"], ours):
            raise BackupNewer(file=str(path), version=manifest["version"], steps=", ".join(unknown[:5]))
        key_files = backup.key_files(passphrase) if passphrase and "keys" in manifest else {}
        ring = _ring(backup, key_files)
        picture = backup.picture(ring, settings.KEYS)
        try:
            with drafts() as folder, _keys_in_place(key_files):
                store_of(connection).pour(picture, connection, folder)
        except Damaged as reason:
            raise BackupDamaged(file=str(path), member=str(reason)) from reason
    call_command("migrate", verbosity=0, interactive=False)
    note("backup.restored", actor=actor, at=clock.now(), subject=f"backup:{manifest['uid']}", made_at=manifest["made_at"])
    tell(happenings.Restored(made_at=manifest["made_at"]))
    return Restored(manifest["made_at"], manifest["tables"], steps_to_go(manifest["steps"], ours))


def _refuse_data() -> None:
    """An installation is empty where none of our tables has a row; one that was never set up is empty, too."""
    try:
        there = set(connection.introspection.table_names())
    except DatabaseError:
        return
    for model in apps.get_models():
        table = model._meta.db_table
        if model.__module__.startswith(OURS) and table in there and (rows := model._default_manager.count()):
            raise NotEmpty(table=table, rows=rows)


def _ring(backup: Opened, key_files: Mapping[str, bytes]) -> secrets.KeyRing:
    """The key ring that opens it: the one inside, else the one that is here."""
    if settings.KEY_RING_FILE.name in key_files:
        return secrets.ring_of(key_files[settings.KEY_RING_FILE.name].decode())
    try:
        return secrets.ring()
    except secrets.NoKeys as reason:
        raise BackupKeysMissing(file=str(backup.path), keys=str(settings.KEYS)) from reason


@contextmanager
def _keys_in_place(key_files: Mapping[str, bytes]) -> Iterator[None]:
    """Put keys where they belong; others that lay there are kept beside them, and come back if the rest fails."""
    changed = [(settings.KEYS / Path(name).name, content) for name, content in key_files.items()]
    changed = [(path, content) for path, content in changed if not path.exists() or path.read_bytes() != content]
    for path, content in changed:
        if path.exists():
            path.replace(_beside(path))
        draft = path.with_name(f"{path.name}.draft")
        draft.touch(mode=0o600)
        draft.write_bytes(content)
        draft.replace(path)
    try:
        yield
    except BaseException:
        for path, _content in changed:
            path.unlink()
            if _beside(path).exists():
                _beside(path).replace(path)
        raise


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.before-restore")


def as_data(restored: Restored) -> dict[str, Any]:
    return {"made_at": restored.made_at, "tables": dict(restored.tables), "rows": sum(restored.tables.values()),
            "steps": restored.steps}
