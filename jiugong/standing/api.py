"""What holds for a person, for programs."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.registry.queries.doors import person_for
from jiugong.standing.queries import standing_of

router = Router(tags=["standing"])


@router.get("/people/{uid}")
def person(request: HttpRequest, uid: str) -> dict[str, Any]:
    """What holds for a person now, and why. A look at a person is journalled."""
    actor, at = actor_of(request), clock.now()
    found = person_for(actor, uid)
    looked(actor=actor, park_id=found.park_id, person_ids=[found.pk], fields=("standing",), reason="api", at=at)
    return {"name": found.name, "resident_id": found.masked_id, "at": at.isoformat(), "holds": [
        {"what": each.what.value, "about": each.about, "late": each.late,
         "since": each.since.isoformat() if each.since else None, "until": each.until.isoformat() if each.until else None,
         "because": [{"fact": one.fact, "found": one.found, "needed": one.needed, "by": one.by, "met": one.met}
                     for one in each.because]} for each in standing_of(found, at)]}
