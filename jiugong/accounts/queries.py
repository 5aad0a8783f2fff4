"""Who acts: from a user, and the day, to an Actor; and the parks that a user may see at all."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Q, QuerySet

from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import Membership, Token, User
from jiugong.accounts.roles import ROLES, AccountRole
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Unit, holds_on
from jiugong.registry.words import PlaceKind


def memberships_of(user: User, at: datetime) -> QuerySet[Membership]:
    """What a user holds at a moment."""
    return (Membership.objects.filter(Q(user=user, since_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at)))
            .select_related("park", "place", "unit"))


def actor_for(user: User, at: datetime | None = None) -> Actor:
    """The actor that a signed-in user is at a moment: each power, over which branches of the two trees."""
    at = at or clock.now()
    powers: dict[Can, set[str]] = defaultdict(set)
    for membership in memberships_of(user, at):
        branches = _branches(membership, at)
        for power in ROLES[AccountRole(membership.role)]:
            powers[power].update(branches)
    return Actor(key=f"user:{user.pk}", name=user.name, powers={power: tuple(sorted(roots)) for power, roots in powers.items()})


def parks_of(user: User, at: datetime | None = None) -> list[Park]:
    """The parks in which a user holds anything, by name."""
    held = memberships_of(user, at or clock.now())
    return list(Park.objects.filter(pk__in=held.values("park")).order_by("name"))


def user_with_token(text: str, at: datetime) -> User | None:
    """Whose token this is, while it lasts."""
    token = Token.objects.filter(hash=token_hash(text), expires_at__gt=at, user__is_active=True).select_related("user").first()
    return token.user if token else None


def _branches(membership: Membership, at: datetime) -> tuple[str, ...]:
    """A role over a grid reaches the enterprises whose sites lie in it on that day; others reach what lies below."""
    if membership.unit:
        site = membership.unit.site
        return (membership.unit.path, *((site.path,) if site else ()))
    if not membership.place or membership.place.kind == PlaceKind.PARK:
        return membership.park.branches
    place = membership.place
    if place.kind != PlaceKind.GRID:
        return (place.path,)
    day = days.day_of(at, membership.park.zone)
    inside = Unit.objects.filter(Q(site__sitings__grid=place) & holds_on(day, "site__sitings__")).select_related("site")
    return (place.path, *(branch for unit in inside if unit.site for branch in (unit.path, unit.site.path)))
