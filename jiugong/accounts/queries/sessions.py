"""The sessions of a user, and how long they may last."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from jiugong.accounts.models import SignIn, User
from jiugong.registry.errors import NotHere


def open_sessions(user: User, at: datetime) -> QuerySet[SignIn]:
    """The sessions of a user that may still be in use, the latest first."""
    since = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return SignIn.objects.filter(user=user, ended_at=None, last_at__gt=since).order_by("-last_at", "-pk")


def session_for(user: User, pk: int) -> QuerySet[SignIn]:
    """The door to one session, from its user behind his own door. Raises NotHere."""
    found = SignIn.objects.filter(user=user, pk=pk)
    if not found.exists():
        raise NotHere()
    return found
