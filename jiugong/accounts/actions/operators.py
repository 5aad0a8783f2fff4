"""Operators: named at the command line, powerful on pages for a while and for a reason, and never by themselves."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from jiugong.accounts.errors import NotAnOperator, SaysNoReason
from jiugong.accounts.models import OperatorSession, User
from jiugong.lib import clock
from jiugong.lib.acting import Actor, Rooted, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park


@transaction.atomic
def name_operator(user: User, *, actor: Actor, park: Park) -> None:
    """Let somebody open operator's sessions. Only the command line holds the power to."""
    _name(user, True, "operator.named", actor=actor, park=park)


@transaction.atomic
def dismiss_operator(user: User, *, actor: Actor, park: Park) -> None:
    """Let somebody open none any more; one that is open opens nothing from now on."""
    _name(user, False, "operator.dismissed", actor=actor, park=park)


@transaction.atomic
def open_operator_session(user: User, reason: str, *, actor: Actor) -> OperatorSession:
    """Hold every power on pages for a while. Every park's journal says so. Raises NotAnOperator, SaysNoReason."""
    if not User.objects.filter(pk=user.pk, is_operator=True, is_active=True).exists():
        raise NotAnOperator(user=user.name)
    if not reason.strip():
        raise SaysNoReason()
    now = clock.now()

    opened = OperatorSession.objects.create(user=user, reason=reason.strip()[:300], opened_at=now,
                                            until_at=now + timedelta(minutes=settings.OPERATOR_MINUTES))

    for park in Park.objects.order_by("pk"):
        note("operator.opened", actor=actor, at=now, park_id=park.pk, subject=f"user:{user.pk}", reason=opened.reason,
             until=opened.until_at.isoformat())
    return opened


@transaction.atomic
def end_operator_session(session: OperatorSession, *, actor: Actor) -> None:
    """Lay the powers down before the time is over."""
    now = clock.now()
    ended = OperatorSession.objects.filter(pk=session.pk, until_at__gt=now).update(until_at=now)
    if not ended:
        return

    for park in Park.objects.order_by("pk"):
        note("operator.ended", actor=actor, at=now, park_id=park.pk, subject=f"user:{session.user_id}")


def _name(user: User, is_operator: bool, verb: str, *, actor: Actor, park: Park) -> None:
    whole: Rooted = park
    actor.must(Can.RUN_SERVER, over=whole)
    if user.is_operator == is_operator:
        return
    user.is_operator = is_operator
    user.save(update_fields=["is_operator"])
    note(verb, actor=actor, at=clock.now(), park_id=park.pk, subject=f"user:{user.pk}")
