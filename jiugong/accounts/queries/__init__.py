"""Who acts: from a user, and the day, to an Actor; and the parks that a user may see at all."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import Membership, Token, User
from jiugong.accounts.roles import ROLES, AccountRole
from jiugong.lib import clock, days
from jiugong.lib.acting import EVERYTHING, Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Place, Unit, holds_on
from jiugong.registry.queries.people import within
from jiugong.registry.words import PlaceKind

NOTED_EVERY = timedelta(minutes=10)


def memberships_of(user: User, at: datetime) -> QuerySet[Membership]:
    """What a user holds at a moment."""
    return (Membership.objects.filter(Q(user=user, since_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at)))
            .select_related("park", "place", "unit"))


def memberships_from(user: User, at: datetime) -> QuerySet[Membership]:
    """What a user holds at a moment or will hold after it."""
    return Membership.objects.filter(Q(user=user) & (Q(until_at=None) | Q(until_at__gt=at))).select_related("park", "place", "unit")


def actor_for(user: User, at: datetime | None = None) -> Actor:
    """The actor that a signed-in user is at a moment: each power, over which branches of the two trees."""
    at = at or clock.now()
    powers: dict[Can, set[str]] = defaultdict(set)
    for membership in memberships_of(user, at):
        branches = _branches(membership, at)
        for power in ROLES[AccountRole(membership.role)]:
            powers[power].update(branches)
    return Actor(key=f"user:{user.pk}", name=user.name,
                 powers={power: tuple(sorted(roots)) for power, roots in powers.items()})


def parks_of(user: User, at: datetime | None = None) -> list[Park]:
    """The parks in which a user holds anything, by name."""
    held = memberships_of(user, at or clock.now())
    return list(Park.objects.filter(pk__in=held.values("park")).order_by("name"))


def user_with_token(text: str, at: datetime) -> User | None:
    """Whose token this is, while it lasts."""
    token = (Token.objects.filter(hash=token_hash(text), expires_at__gt=at, user__is_active=True)
             .select_related("user").first())
    if token and (token.last_used_at is None or token.last_used_at < at - NOTED_EVERY):
        Token.objects.filter(pk=token.pk).update(last_used_at=at)      # about when, so that asking seldom writes
    return token.user if token else None


# the users of a park -----------------------------------------------------------------------------------------------

def memberships_in(actor: Actor, park: Park) -> QuerySet[Membership]:
    """The roles in a park, past ones too, over branches on which the actor grants any. Raises NotAllowed."""
    reach = tuple(root for root in actor.reach(Can.GRANT_ROLES) if root == EVERYTHING or root.startswith(park.branches))
    if not reach:
        raise NotAllowed(actor=actor.name, power=Can.GRANT_ROLES.value)
    over = within(reach) | within(reach, "place__path")
    if actor.may(Can.GRANT_ROLES, over=park) and EVERYTHING not in reach:        # Q() beside anything else is no longer everything
        over |= Q(place__isnull=True, unit__isnull=True)
    return (Membership.objects.filter(over, park=park).select_related("park", "place", "unit", "user")
            .order_by("pk"))


def users_of(actor: Actor, park: Park, at: datetime, *, former: bool = False) -> QuerySet[User]:
    """The users who hold a role in a park, with these roles as `held`; `former`: those who hold none any more.

    A user of other parks alone is nobody here, and the roles that somebody holds elsewhere are not told.
    """
    mine = memberships_in(actor, park)
    holding = mine.filter(Q(until_at=None) | Q(until_at__gt=at))       # also what has yet to begin, as a shift of next week
    users = User.objects.filter(pk__in=mine.values("user"))
    wanted = users.exclude(pk__in=holding.values("user")) if former else users.filter(pk__in=holding.values("user"))
    return wanted.order_by("name", "pk").prefetch_related(
        Prefetch("memberships", (mine if former else holding).filter(shift=None), to_attr="held"))


def user_for(actor: Actor, park: Park, pk: int) -> User:
    """The only door from a number in a URL to a user of a park. Raises NotHere."""
    user = User.objects.filter(pk=pk, pk__in=memberships_in(actor, park).values("user")).first()
    if user is None:
        raise NotHere()
    return user


def user_named(actor: Actor, park: Park, username: str) -> User:
    """The same door for the name under which somebody signs in. Raises NotHere."""
    user = User.objects.filter(username=username, pk__in=memberships_in(actor, park).values("user")).first()
    if user is None:
        raise NotHere()
    return user


def membership_for(actor: Actor, park: Park, pk: int) -> Membership:
    """The door to a role that somebody holds. Raises NotHere."""
    membership = memberships_in(actor, park).filter(pk=pk).first()
    if membership is None:
        raise NotHere()
    return membership


def tokens_of(user: User) -> list[Token]:
    """The tokens of a user, the latest first; the tokens themselves are not kept."""
    return list(Token.objects.filter(user=user).order_by("-created_at", "-pk"))


def token_for(user: User, pk: int) -> Token:
    """The door to a token, from the user behind his own door. Raises NotHere."""
    token = Token.objects.filter(user=user, pk=pk).first()
    if token is None:
        raise NotHere()
    return token


def roles_for(actor: Actor, over: Park | Place | Unit) -> list[AccountRole]:
    """The roles that the actor may give over something: those of which he holds every power there."""
    if not actor.may(Can.GRANT_ROLES, over=over):
        return []
    return [role for role in AccountRole if all(actor.may(power, over=over) for power in ROLES[role])]


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


def nobody_yet() -> bool:
    """Is this installation so new that nobody can sign in? Then the door says what to do."""
    return not User.objects.filter(is_active=True).exists()


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """The names of users by their keys, as in `user:12`."""
    numbers = {int(number) for key in keys if (number := key.removeprefix("user:")) != key and number.isdecimal()}
    return {f"user:{user.pk}": user.name for user in User.objects.filter(pk__in=numbers)}
