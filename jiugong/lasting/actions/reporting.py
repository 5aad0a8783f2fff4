"""The report of an erasure: what was erased, by whose word, and the signature that shows it was not touched since."""

import os
import secrets as random
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from jiugong.lasting.logic.signing import signed
from jiugong.lasting.models import Ending, Erasure, ErasureStage
from jiugong.lib import clock

# What we cannot promise, said in the report itself; the words stand in `sentences.py`.
LIMITS = {"sqlite": ("disk", "copies"), "postgresql": ("disk", "copies", "pg_wal")}


def write_report(erasure: Erasure) -> None:
    """Write the report once, sign it, and end the erasure."""
    with transaction.atomic():
        held = Erasure.objects.select_for_update().select_related("park").get(pk=erasure.pk)
        if held.stage == ErasureStage.DONE:
            return
        held.ended_at, held.stage = clock.now(), ErasureStage.DONE
        held.report = signed(_said(held), signing_key())
        held.save(update_fields=["ended_at", "stage", "report"])


def _said(held: Erasure) -> dict[str, Any]:
    ending = Ending.objects.filter(park=held.park, withdrawn_at=None).first()
    store = held.done.get("store", {})
    return {
        "report": str(held.uid), "park": held.park.name, "park_uid": str(held.park.uid),
        "emergency_ended_on": str(ending.ended_on) if ending else None,
        "list": held.listed["tables"], "list_sha256": held.list_sha256, "rows_listed": held.listed["rows"],
        "rows_erased": held.done.get("rows", {}), "days": held.done.get("days", {}),
        "backups_destroyed": held.done.get("backups", []),
        "keys_destroyed": held.done.get("keys", {}).get("dropped", 0), "store": store,
        "limits": list(LIMITS.get(store.get("store", ""), ())),
        "proposed_by": held.proposed_by_name, "proposed_at": held.proposed_at.isoformat(),
        "released_by": held.released_by_name, "released_at": held.released_at.isoformat() if held.released_at else None,
        "auditor": held.auditor, "ended_at": held.ended_at.isoformat() if held.ended_at else None}


def signing_key() -> bytes:
    """The key of this installation that signs reports; made when it is first needed. It opens nothing."""
    path: Path = settings.KEYS / "report-key"
    if not path.exists():
        draft = path.with_name("report-key.draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(random.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return bytes.fromhex(path.read_text().strip())
