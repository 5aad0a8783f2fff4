"""Saying yes to a file that waits: it is taken once, and tells afterwards what it did."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.registry.actions.rosters import import_roster
from jiugong.registry.actions.sealing import sealed
from jiugong.registry.errors import UploadGone
from jiugong.registry.logic.facts import RosterFile
from jiugong.registry.models import Park, Upload

Take = Callable[[Park], dict[str, Any]]


def take_upload(upload: Upload, file: RosterFile, *, actor: Actor, at: date, mapping: str = "") -> Upload:
    """Take a roster that waits. Who says yes a second time gets what the first yes did. Raises UploadGone."""
    numbers = None if upload.taken_at else sealed(upload.park, file)          # before anything is locked

    def take(park: Park) -> dict[str, Any]:
        taken = import_roster(park, file, actor=actor, at=at, numbers=numbers)
        return {"people": taken.created_people, "enterprises": taken.created_enterprises, "changed": taken.changed,
                "unchanged": taken.unchanged, "left": taken.left, "repaired": file.repaired_rows, "refused": taken.refused,
                "at": at.isoformat()}

    return take_once(upload, take, mapping=mapping)


@transaction.atomic
def take_once(upload: Upload, take: Take, *, mapping: str = "") -> Upload:
    """Take a file that waits, whatever it brings; `take` answers what it did, in counts. Raises UploadGone."""
    waiting = Upload.objects.select_for_update().select_related("park").defer("sealed").filter(pk=upload.pk).first()
    if waiting is None:
        raise UploadGone()
    if waiting.taken_at:
        return waiting

    told = take(waiting.park)

    waiting.taken_at, waiting.told = clock.now(), told
    waiting.mapping = mapping                    # its report is read with the same headings
    waiting.save(update_fields=["taken_at", "told", "mapping"])
    return waiting
