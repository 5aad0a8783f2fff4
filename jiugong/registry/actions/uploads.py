"""Files on their way in: kept sealed until somebody says yes, gone when they were taken or after a day."""

from base64 import b64encode
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor
from jiugong.registry.errors import UploadTooLarge
from jiugong.registry.models import Park, Upload
from jiugong.registry.queries.uploads import KEPT_FOR, POWERS, UploadKind

MEGABYTE = 1024 * 1024


@transaction.atomic
def keep_upload(park: Park, content: bytes, *, name: str, kind: UploadKind, actor: Actor, mapping: str = "") -> Upload:
    """Keep a file until somebody confirms it. Raises UploadTooLarge."""
    actor.must(POWERS[kind], over=park)
    if len(content) > settings.MOST_UPLOAD_BYTES:
        raise UploadTooLarge(file=name, megabytes=-(-len(content) // MEGABYTE),
                             most=settings.MOST_UPLOAD_BYTES // MEGABYTE)
    now = clock.now()

    discard_old_uploads()
    upload = Upload(park=park, kind=kind, name=name[:200], mapping=mapping, uploaded_by=actor.key, uploaded_at=now)
    upload.sealed = secrets.ring().seal(b64encode(content).decode(), where=f"registry_upload.sealed.{upload.uid}")
    upload.save()
    return upload


@transaction.atomic
def discard_upload(upload: Upload, *, actor: Actor) -> None:
    """Let go of a file: it was taken, or nobody wants it."""
    actor.must(POWERS[UploadKind(upload.kind)], over=upload.park)

    upload.delete()


def discard_old_uploads(*, age: timedelta = KEPT_FOR) -> int:
    """Let go of the files for which nobody said yes within a day. Returns their number."""
    gone, _ = Upload.objects.filter(uploaded_at__lte=clock.now() - age).delete()
    return gone
