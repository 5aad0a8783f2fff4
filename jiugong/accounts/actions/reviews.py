"""Somebody went through who may see what, and says so."""

from django.db import transaction

from jiugong.accounts.models import AccessReview, User
from jiugong.accounts.queries.reviews import access_in, counted
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park


@transaction.atomic
def confirm_review(park: Park, *, user: User, actor: Actor, remark: str = "") -> AccessReview:
    """Keep that all of a park was reviewed: by whom, when, and what was found at that moment."""
    actor.must(Can.GRANT_ROLES, over=park)
    now = clock.now()
    found = counted(access_in(actor, park, now))

    kept = AccessReview.objects.create(park=park, reviewed_at=now, reviewed_by=user, found=found, remark=remark.strip()[:300])

    note("access.reviewed", actor=actor, at=now, park_id=park.pk, subject=f"review:{kept.pk}", **found)
    return kept
