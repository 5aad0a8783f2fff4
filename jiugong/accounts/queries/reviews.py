"""Who can see what, and used it last when: one line for each role that somebody holds, within the reach of whoever reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from jiugong.accounts.models import AccessReview, Membership, SignIn, Token, User
from jiugong.accounts.queries import memberships_in
from jiugong.accounts.questions import last_deeds, last_looks
from jiugong.accounts.roles import ROLES, SECOND_FACTOR, AccountRole
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park

LONG_AGO = timedelta(days=30)                # assumption: what was not used for a month is worth a question
GROUPS = (                                   # powers in four words, as a reviewer asks
    ("sees", frozenset({Can.SEE_BOARD, Can.SEE_PEOPLE, Can.READ_JOURNAL})),
    ("identity", frozenset({Can.SHOW_IDENTITY, Can.EXPORT_ROSTERS})),
    ("grants", frozenset({Can.GRANT_ROLES})))


@dataclass(frozen=True)
class Access:
    """One role of one account: over what, since when, and when the account was last used in this park."""

    membership: Membership
    used_at: datetime | None
    looked_at: datetime | None
    has_factor: bool
    at: datetime

    @property
    def is_over(self) -> bool:
        return self.membership.until_at is not None and self.membership.until_at <= self.at

    @property
    def standing(self) -> str:
        """What a reviewer should look at first: closed accounts with a role, never used, unused for long; then what is used."""
        if self.is_over:
            return "over"
        if not self.membership.user.is_active:
            return "closed"
        if self.used_at is None:
            return "never"
        return "long_ago" if self.used_at < self.at - LONG_AGO else "used"

    @property
    def lacks_factor(self) -> bool:
        return AccountRole(self.membership.role) in SECOND_FACTOR and not self.has_factor

    @property
    def groups(self) -> list[str]:
        """What the role lets somebody do, grouped; everything else that it lists is work."""
        held = ROLES[AccountRole(self.membership.role)]
        named = [name for name, powers in GROUPS if held & powers]
        rest = held - frozenset().union(*(powers for _name, powers in GROUPS))
        return [*named, *(["works"] if rest else [])]

    @property
    def powers(self) -> list[str]:
        return sorted(power.value for power in ROLES[AccountRole(self.membership.role)])


STANDINGS = ("closed", "never", "over", "long_ago", "used")


def access_in(actor: Actor, park: Park, at: datetime) -> list[Access]:
    """Every role within the actor's reach that is held or ended in the last month: what asks for a decision first.

    Raises NotAllowed.
    """
    held = list(memberships_in(actor, park).filter(shift=None).exclude(until_at__lte=at - LONG_AGO))
    users = {each.user_id for each in held}
    keys = [f"user:{pk}" for pk in users]
    deeds, looks = last_deeds(park.pk, keys), last_looks(park.pk, keys)
    elsewhere = set(Membership.objects.filter(user__in=users).exclude(park=park).values_list("user_id", flat=True))
    seen = _last_seen(users - elsewhere)      # of whom works in another park too, only what he did here is told
    proved = set(User.objects.filter(pk__in=users, authenticator__type__in=("totp", "webauthn")).values_list("pk", flat=True))
    found = [Access(each, max(filter(None, (seen.get(each.user_id), deeds.get(f"user:{each.user_id}"))), default=None),
                    looks.get(f"user:{each.user_id}"), each.user_id in proved, at) for each in held]
    return sorted(found, key=lambda one: (STANDINGS.index(one.standing), one.membership.user.name, one.membership.pk))


def counted(found: Sequence[Access]) -> dict[str, int]:
    """How many roles stand how, and how many accounts they are of: what a review keeps."""
    return {"accounts": len({one.membership.user_id for one in found}), "roles": len(found),
            **{name: sum(one.standing == name for one in found) for name in STANDINGS},
            "without_second_factor": sum(one.lacks_factor and not one.is_over for one in found)}


def reviews_of(park: Park) -> QuerySet[AccessReview]:
    return AccessReview.objects.filter(park=park).select_related("reviewed_by").order_by("-reviewed_at", "-pk")


def _last_seen(users: set[int]) -> dict[int, datetime]:
    """When an account was last used with a session or a token, about."""
    found: dict[int, datetime] = {}
    tokens = Token.objects.filter(user__in=users, last_used_at__isnull=False)
    for rows in (SignIn.objects.filter(user__in=users).values_list("user").annotate(at=Max("last_at")),
                 tokens.values_list("user").annotate(at=Max("last_used_at"))):
        for pk, at in rows:
            found[pk] = max(at, found.get(pk, at))
    return found
