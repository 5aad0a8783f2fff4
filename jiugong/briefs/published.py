"""The briefs that a park has published, and the door to one of them."""

from uuid import UUID

from django.db.models import QuerySet

from jiugong.briefs.models import Brief
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park


def briefs_of(actor: Actor, park: Park) -> QuerySet[Brief]:
    """What a park has published, the latest first, for who sees the whole of its board. Raises NotAllowed."""
    actor.must(Can.SEE_BOARD, over=park)
    return (Brief.objects.filter(park=park).select_related("park", "corrects").prefetch_related("corrections")
            .order_by("-published_at", "-pk"))


def brief_for(actor: Actor, park: Park, uid: UUID | str) -> Brief:
    """The only door from an id in a URL to a Brief. Raises NotHere."""
    try:
        wanted = UUID(str(uid))
    except ValueError as reason:
        raise NotHere() from reason
    found = (Brief.objects.filter(park=park, uid=wanted).select_related("park", "corrects").prefetch_related("corrections")
             .first())
    if found is None or not actor.may(Can.SEE_BOARD, over=park):
        raise NotHere()
    return found
