"""Who is on duty, by line (a role over something), in a time; what nobody covers and what two cover at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from jiugong.accounts.logic import Span, doubled, uncovered
from jiugong.accounts.models import Membership, Shift, User
from jiugong.accounts.queries import memberships_in
from jiugong.accounts.roles import AccountRole
from jiugong.lib.acting import Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Place, Unit

AROUND = timedelta(days=2)                   # so long before and after his own shift somebody sees who is in his line


@dataclass
class Line:
    """A role over something, and its shifts in a time: who, and what of the time is covered by nobody or twice."""

    role: AccountRole
    over: Park | Place | Unit
    shifts: list[Shift] = field(default_factory=list)
    uncovered: list[Span] = field(default_factory=list)
    doubled: list[Span] = field(default_factory=list)


def shifts_seen(actor: Actor, park: Park, within: Span) -> QuerySet[Shift]:
    """The shifts of a time: whoever plans sees his reach, whoever is on duty his own lines. Raises NotAllowed."""
    rows = (Shift.objects.filter(membership__park=park, membership__since_at__lt=within.end, membership__until_at__gt=within.start)
            .filter(membership__until_at__gt=F("membership__since_at"))
            .select_related("membership__user", "membership__place", "membership__unit", "membership__park", "taken_by")
            .order_by("membership__since_at", "pk"))
    if actor.may_somewhere(Can.GRANT_ROLES, within=park):
        return rows.filter(membership__in=memberships_in(actor, park).order_by())
    own = [each.membership for each in rows.model.objects.filter(
        membership__park=park, membership__user=user_of(actor), membership__since_at__lt=within.end + AROUND,
        membership__until_at__gt=within.start - AROUND).select_related("membership")]
    if not own:
        raise NotAllowed(actor=actor.name, power=Can.GRANT_ROLES.value)
    lines = Q(pk__in=[])
    for each in own:
        lines |= _line(each)
    return rows.filter(lines)


def lines_of(shifts: Iterable[Shift], within: Span, *, always: Iterable[tuple[AccountRole, Park]] = ()) -> list[Line]:
    """The shifts by line, and what is not covered in each. `always`: lines that are shown even where nobody is planned."""
    found: dict[tuple[str, str], Line] = {(role.value, park.branches[0]): Line(role, park) for role, park in always}
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for each in shifts:
        held = each.membership
        over = held.place or held.unit or held.park
        key = (held.role, over.branches[0])
        line = found.setdefault(key, Line(AccountRole(held.role), over))
        line.shifts.append(each)
        spans[key].append(span_of(each))
    for key, line in found.items():
        line.uncovered, line.doubled = uncovered(spans[key], within), doubled(spans[key])
    return sorted(found.values(), key=lambda line: (line.role.value, str(line.over)))


def span_of(shift: Shift) -> Span:
    """From when to when a shift lasts; it always ends."""
    return Span(shift.membership.since_at, shift.membership.until_at or shift.membership.since_at)


def shift_for(actor: Actor, park: Park, pk: int) -> Shift:
    """The door to a shift: for whoever plans it, is on it, or is in its line just after. Raises NotHere."""
    shift = (Shift.objects.filter(pk=pk, membership__park=park)
             .select_related("membership__user", "membership__place", "membership__unit", "membership__park").first())
    if shift is None:
        raise NotHere()
    try:
        seen = shifts_seen(actor, park, span_of(shift)).filter(pk=pk).exists()
    except NotAllowed as reason:
        raise NotHere() from reason
    if not seen:
        raise NotHere()
    return shift


def in_line(shift: Shift) -> QuerySet[Membership]:
    """The other shifts of the same role over the same thing."""
    held = shift.membership
    return Membership.objects.filter(_same(held), shift__isnull=False, park=held.park_id).exclude(pk=held.pk)


def next_change(user: User, at: datetime) -> datetime | None:
    """When a role of a user begins or ends next: until then he may what he may now."""
    held = Membership.objects.filter(user=user)
    moments = [held.filter(**{f"{edge}__gt": at}).order_by(edge).values_list(edge, flat=True).first()
               for edge in ("since_at", "until_at")]
    return min((moment for moment in moments if moment), default=None)


def _line(held: Membership) -> Q:
    return Q(membership__role=held.role) & (
        Q(membership__place_id=held.place_id) if held.place_id else Q(membership__unit_id=held.unit_id) if held.unit_id
        else Q(membership__place__isnull=True, membership__unit__isnull=True))


def _same(held: Membership) -> Q:
    return Q(role=held.role) & (Q(place_id=held.place_id) if held.place_id else Q(unit_id=held.unit_id) if held.unit_id
                                else Q(place__isnull=True, unit__isnull=True))


def user_of(actor: Actor) -> int:
    """The number of the user who acts; nobody's for the command line."""
    number = actor.key.removeprefix("user:")
    return int(number) if number.isdecimal() else 0
