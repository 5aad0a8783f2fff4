"""Sealing a tube."""

from datetime import datetime

from django.db import transaction

from jiugong.lib import clock
from jiugong.lib.acting import Actor, note, tell
from jiugong.lib.can import Can
from jiugong.screening.errors import TubeAlreadySealed
from jiugong.screening.happenings import TubeSealed
from jiugong.screening.models import Specimen, Tube


@transaction.atomic
def seal(tube: Tube, *, actor: Actor, at: datetime | None = None) -> Tube:
    """Close a tube, so that nobody can be bound to it any more."""
    actor.must(Can.BIND_SPECIMENS, over=tube.point)
    at = at or clock.now()

    won = Tube.objects.filter(pk=tube.pk, sealed_at=None).update(sealed_at=at)             # compare and set
    tube.refresh_from_db()
    if not won:
        raise TubeAlreadySealed(tube=tube.code)

    note("tube.sealed", actor=actor, at=at, park_id=tube.park_id, subject=f"tube:{tube.code}")
    tell(TubeSealed(tube_id=tube.pk, specimens=Specimen.objects.filter(tube=tube).count(), at=at))
    return tube
