"""Sessions on devices: begun at the door, ended by their owner, or by whoever gives him his roles."""

import time
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from jiugong.accounts.came import Came
from jiugong.accounts.models import SignIn, SignInLink, Token, User
from jiugong.accounts.queries import parks_of
from jiugong.accounts.remembering import forget
from jiugong.lib import clock
from jiugong.lib.acting import Actor, note

NOTED_EVERY = timedelta(minutes=10)
MOST_KEPT = 20_000

_noted: dict[int, float] = {}                # when this process last noted that a session is in use


def begin_session(user: User, session_key: str, *, come: Came, way: str) -> SignIn:
    """Write down that somebody signed in. The row is its own entry in the journal."""
    now = clock.now()
    return SignIn.objects.create(user=user, session_key=session_key, device=come.device, browser=come.browser,
                                 network=come.network, way=way, at=now, last_at=now)


def note_use(pk: int) -> None:
    """Note about when a session was last used: at most every few minutes, so that looking costs no writing."""
    at = time.monotonic()
    if at - _noted.get(pk, float("-inf")) < NOTED_EVERY.total_seconds():
        return
    if len(_noted) >= MOST_KEPT:
        _noted.clear()
    _noted[pk] = at
    SignIn.objects.filter(pk=pk).update(last_at=clock.now())


@transaction.atomic
def end_sessions(sessions: QuerySet[SignIn], user: User, *, actor: Actor) -> int:
    """End sessions of one user now, and say how many. The caller came through the user's door, or is the user."""
    now = clock.now()
    held = list(sessions.filter(user=user, ended_at=None))
    if not held:
        return 0

    Session.objects.filter(session_key__in=[each.session_key for each in held]).delete()
    SignIn.objects.filter(pk__in=[each.pk for each in held]).update(ended_at=now)

    transaction.on_commit(forget)            # a device that scans is asked anew
    note_of(user, "sessions.ended", actor=actor, at=now, sessions=len(held))
    return len(held)


@transaction.atomic
def end_keys(user: User, *, actor: Actor, keeping: int = 0) -> None:
    """Whatever was made before opens nothing any more: sessions but one, tokens of programs, links that sign in once.

    For a new password and a second factor that was taken away: whoever knew the old one may have made himself another way in.
    """
    end_sessions(SignIn.objects.exclude(pk=keeping), user, actor=actor)
    now = clock.now()
    tokens = Token.objects.filter(user=user, expires_at__gt=now).update(expires_at=now)
    links = SignInLink.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    if tokens or links:
        transaction.on_commit(forget)
        note_of(user, "keys.ended", actor=actor, at=now, tokens=tokens, links=links)


def note_of(user: User, verb: str, *, actor: Actor, at: datetime, **facts: object) -> None:
    """Note something about a user in every park in which he holds a role."""
    for park in parks_of(user, at):
        note(verb, actor=actor, at=at, park_id=park.pk, subject=f"user:{user.pk}", **facts)


@transaction.atomic
def change_own_password(user: User, password: str, *, keeping: int, actor: Actor) -> None:
    """Give oneself a new password: every other session ends, and what programs and links signed in with until now."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_keys(user, actor=actor, keeping=keeping)

    transaction.on_commit(forget)
    note_of(user, "user.password_changed", actor=actor, at=clock.now())
