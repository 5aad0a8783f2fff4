"""The duty roster: a shift gives a role from its first moment to its last, and is handed over to the next in its line."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from jiugong.accounts.actions import refuse_beyond_mine
from jiugong.accounts.errors import NothingToHandOver, ShiftIdReused, ShiftIsOver, ShiftTwice
from jiugong.accounts.models import Membership, Shift, User
from jiugong.accounts.queries.shifts import in_line
from jiugong.accounts.remembering import forget
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import Actor, NotAllowed, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Place, Unit

LONGEST_HANDOVER = 4000


@transaction.atomic
def plan_shift(user: User, role: AccountRole, *, park: Park, since_at: datetime, until_at: datetime, client_id: str, actor: Actor,
               place: Place | None = None, unit: Unit | None = None) -> Shift:
    """Put somebody on duty: his powers begin and end with it. What has begun already begins now; nothing is given backwards.

    Whoever plans gives a role, so he gives none that he does not hold there. Sent again under the same id it changes nothing.
    Raises RoleBeyondYours, ShiftIsOver, ShiftTwice, ShiftIdReused.
    """
    refuse_beyond_mine(role, over=place or unit or park, actor=actor)
    now = clock.now()
    if before := _planned_before(client_id, park):
        if before.membership.user_id != user.pk or before.membership.until_at != until_at:
            raise ShiftIdReused()
        return before
    if until_at <= max(now, since_at):
        raise ShiftIsOver()
    since_at = max(since_at, now)
    User.objects.select_for_update().get(pk=user.pk)                  # one plan for him after the other
    twice = Membership.objects.filter(user=user, role=role, park=park, place=place, unit=unit, shift__isnull=False,
                                      since_at__lt=until_at, until_at__gt=since_at).first()
    if twice and twice.until_at and twice.until_at > twice.since_at:
        raise ShiftTwice(user=user.name)

    held = Membership.objects.create(user=user, park=park, role=role, place=place, unit=unit, since_at=since_at, until_at=until_at)
    shift = Shift.objects.create(membership=held, client_id=client_id, planned_at=now, planned_by=actor.key)

    transaction.on_commit(forget)            # a device that scans is asked anew
    note("shift.planned", actor=actor, at=now, park_id=park.pk, subject=f"user:{user.pk}", role=role.value,
         over=str(place or unit or park), since=since_at.isoformat(), until=until_at.isoformat())
    return shift


@transaction.atomic
def withdraw_shift(shift: Shift, *, actor: Actor) -> None:
    """Take a shift back: it never begins, or it ends now. One that is over stays as it was."""
    held = Membership.objects.select_for_update().get(pk=shift.membership_id)
    actor.must(Can.GRANT_ROLES, over=held.place or held.unit or held.park)
    now = clock.now()
    if held.until_at is None or held.until_at <= max(now, held.since_at):
        return

    held.until_at = max(held.since_at, now)
    held.save(update_fields=["until_at"])

    transaction.on_commit(forget)
    note("shift.withdrawn", actor=actor, at=now, park_id=held.park_id, subject=f"user:{held.user_id}", role=held.role,
         since=held.since_at.isoformat())


@transaction.atomic
def hand_over(shift: Shift, text: str, *, actor: Actor) -> None:
    """Write down what the next must know. Its writer may mend it until the next has read it. Raises NothingToHandOver."""
    row = Shift.objects.select_for_update(of=("self",)).select_related("membership").get(pk=shift.pk)
    held, now = row.membership, clock.now()
    if actor.key != f"user:{held.user_id}":
        actor.must(Can.GRANT_ROLES, over=held.place or held.unit or held.park)
    if row.taken_at or not text.strip() or now < held.since_at:
        raise NothingToHandOver()
    if row.handover == text.strip():
        return

    row.handover, row.handed_over_at = text.strip()[:LONGEST_HANDOVER], now
    row.save(update_fields=["handover", "handed_over_at"])

    note("shift.handed_over", actor=actor, at=now, park_id=held.park_id, subject=f"user:{held.user_id}", role=held.role)


@transaction.atomic
def take_over(shift: Shift, *, user: User, actor: Actor) -> None:
    """Say that one has read what was handed over: the next in the line does, once. Raises NothingToHandOver, NotAllowed."""
    row = Shift.objects.select_for_update(of=("self",)).select_related("membership").get(pk=shift.pk)
    held, now = row.membership, clock.now()
    later = in_line(row).filter(Q(user=user, since_at__gte=held.since_at))
    if not later.exists():
        raise NotAllowed(actor=actor.name, power=Can.GRANT_ROLES.value)
    if not row.handed_over_at:
        raise NothingToHandOver()
    if row.taken_at:
        return

    row.taken_at, row.taken_by = now, user
    row.save(update_fields=["taken_at", "taken_by"])

    note("shift.taken", actor=actor, at=now, park_id=held.park_id, subject=f"user:{held.user_id}", role=held.role)


def _planned_before(client_id: str, park: Park) -> Shift | None:
    before = Shift.objects.filter(client_id=client_id).select_related("membership").first()
    if before and before.membership.park_id != park.pk:
        raise ShiftIdReused()                # of another park: told like one of this
    return before
