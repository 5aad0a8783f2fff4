"""Links that sign somebody in once without a password: for workers' and team accounts, printed or shown by an officer."""

import secrets
from datetime import timedelta

from django.db import transaction

from jiugong.accounts.actions import refuse_beyond
from jiugong.accounts.errors import LinkGone, LinkNotForRole
from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import SignInLink, User
from jiugong.accounts.queries.second_factor import must_have_second_factor
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park

LASTS = timedelta(hours=24)                  # assumption: long enough for a printed sheet, too short to be found in a drawer


@transaction.atomic
def make_link(user: User, *, park: Park, actor: Actor) -> str:
    """Make a link: returned once, its hash is kept. A new one ends those before it. Raises UserBeyondYours, LinkNotForRole."""
    actor.must(Can.GRANT_ROLES, over=park)
    refuse_beyond(user, actor)
    now = clock.now()
    if must_have_second_factor(user, now):
        raise LinkNotForRole(user=user.name)

    SignInLink.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    text = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, park=park, hash=token_hash(text), made_at=now, made_by=actor.key, expires_at=now + LASTS)

    note("link.made", actor=actor, at=now, park_id=park.pk, subject=f"user:{user.pk}")
    return text


def link_for(text: str) -> SignInLink:
    """A link that still opens. Unknown, used, late and of a closed account are told alike. Raises LinkGone."""
    found = (SignInLink.objects.filter(hash=token_hash(text), used_at=None, expires_at__gt=clock.now(), user__is_active=True)
             .select_related("user", "park").first())
    if found is None:
        raise LinkGone()
    return found


@transaction.atomic
def use_link(text: str) -> User:
    """Use a link up, and answer whom it signs in. Of two at one moment one is late. Raises LinkGone."""
    found = link_for(text)
    now = clock.now()
    if not SignInLink.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        raise LinkGone()

    note("link.used", actor=Actor(key=f"user:{found.user_id}", name=found.user.name), at=now, park_id=found.park_id,
         subject=f"user:{found.user_id}")
    return found.user
