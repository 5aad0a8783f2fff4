"""The door to a file that waits for somebody's yes."""

from base64 import b64decode
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import F

from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import UploadGone
from jiugong.registry.models import Park, Upload

KEPT_FOR = timedelta(days=1)
WEIGHT = 3 / 4                               # sealed files are written in 64 signs: three bytes become four
BYTES_A_SECOND = 250_000                     # measured with rosters of 1,000 to 20,000 people on two cores


class UploadKind(StrEnum):
    """What a file is meant to bring."""

    ROSTER = "roster"
    SCANS = "scans"
    RESULTS = "results"
    PRESENCE = "presence"


POWERS = {UploadKind.ROSTER: Can.IMPORT_ROSTERS, UploadKind.SCANS: Can.IMPORT_RECORDS,
          UploadKind.RESULTS: Can.IMPORT_RECORDS, UploadKind.PRESENCE: Can.IMPORT_RECORDS}


def upload_for(actor: Actor, uid: str | UUID) -> Upload:
    """The only door from an id in a URL to an upload. Raises UploadGone, also for what the actor may not see."""
    try:
        wanted = uid if isinstance(uid, UUID) else UUID(uid)
    except ValueError:
        raise UploadGone() from None
    upload = (Upload.objects.filter(uid=wanted, uploaded_at__gt=clock.now() - KEPT_FOR)
              .select_related("park").first())
    if upload is None or not actor.may(POWERS[UploadKind(upload.kind)], over=upload.park):
        raise UploadGone()
    return upload


def upload_of(actor: Actor, park: Park, uid: str | UUID, kind: UploadKind) -> Upload:
    """The upload of this park and kind. Raises UploadGone."""
    upload = upload_for(actor, uid)
    if upload.park_id != park.pk or upload.kind != kind:
        raise UploadGone()
    return upload


def uploads_of(actor: Actor, park: Park, kind: UploadKind, at: datetime) -> list[Upload]:
    """The files of a kind that wait for somebody's yes, and those taken within a day; the latest first. Raises NotAllowed."""
    actor.must(POWERS[kind], over=park)
    return list(Upload.objects.filter(park=park, kind=kind, uploaded_at__gt=at - KEPT_FOR)
                .defer("sealed").order_by(F("taken_at").desc(nulls_first=True), "-uploaded_at"))


def content_of(upload: Upload) -> bytes:
    """The file as it was sent."""
    return b64decode(secrets.ring().open(bytes(upload.sealed), where=f"registry_upload.sealed.{upload.uid}"))


def seconds_for(upload: Upload) -> int:
    """About how many seconds it takes to read a workbook of this size, compare it with the park and take it."""
    return round(len(bytes(upload.sealed)) * WEIGHT / BYTES_A_SECOND)
