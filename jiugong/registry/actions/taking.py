"""Saying yes to a file that waits: it is taken once, and tells afterwards what it did."""

from datetime import date

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.registry.actions.rosters import import_roster
from jiugong.registry.actions.sealing import Sealed, sealed
from jiugong.registry.errors import UploadGone
from jiugong.registry.logic.facts import RosterFile
from jiugong.registry.models import Upload


def take_upload(upload: Upload, file: RosterFile, *, actor: Actor, at: date, mapping: str = "") -> Upload:
    """Take a file that waits. Who says yes a second time gets what the first yes did. Raises UploadGone."""
    numbers = None if upload.taken_at else sealed(upload.park, file)          # before anything is locked
    with transaction.atomic():
        return _take(upload, file, numbers, actor, at, mapping)


def _take(upload: Upload, file: RosterFile, numbers: Sealed | None, actor: Actor, at: date, mapping: str) -> Upload:
    waiting = Upload.objects.select_for_update().select_related("park").defer("sealed").filter(pk=upload.pk).first()
    if waiting is None:
        raise UploadGone()
    if waiting.taken_at:
        return waiting

    taken = import_roster(waiting.park, file, actor=actor, at=at, numbers=numbers)

    waiting.taken_at = clock.now()
    waiting.told = {"people": taken.created_people, "enterprises": taken.created_enterprises, "changed": taken.changed,
                    "unchanged": taken.unchanged, "left": taken.left, "repaired": file.repaired_rows, "refused": taken.refused,
                    "at": at.isoformat()}
    waiting.mapping = mapping                    # its report is read with the same headings
    waiting.save(update_fields=["taken_at", "told", "mapping"])
    return waiting
