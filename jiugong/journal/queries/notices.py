"""Notices: whom one would reach, who may see who has read it, and who has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jiugong.accounts.models import Membership, User
from jiugong.accounts.roles import ROLES, AccountRole
from jiugong.journal.errors import NoticeUnknown
from jiugong.journal.logic.reach import Reach, covers, within_both
from jiugong.journal.models import Delivery, Message, MessageKind, Notice
from jiugong.journal.stages import ARRIVED, Stage
from jiugong.lib import clock
from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person, Posting, Unit, holds_on
from jiugong.registry.queries.doors import place_for, unit_for
from jiugong.registry.queries.people import roster_on, today_in

ARRIVED_STAGES = [stage.value for stage in ARRIVED]


# whom it would reach -------------------------------------------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class Audience:
    """Whom a notice reaches: people on the roster, users by their roles, and on which branches all of them stand."""

    people: list[Posting]
    users: list[User]
    branches: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.people) + len(self.users)


def audience_of(actor: Actor, park: Park, reach: Reach) -> Audience:
    """Whom a notice would reach, within what the actor may reach. Somebody who is both person and user is told once."""
    actor.must_somewhere(Can.SEND_NOTICES, within=park)
    branches = within_both(_chosen(actor, park, reach), _held(actor, park))
    people = list(_workers(park, reach, branches)) if reach.workers and branches else []
    known = {each.person_id for each in people}
    users = [each for each in _users(park, reach, branches) if each.person_id not in known]
    return Audience(people=people, users=users, branches=branches)


def _held(actor: Actor, park: Park) -> tuple[str, ...]:
    roots = actor.reach(Can.SEND_NOTICES)
    return park.branches if EVERYTHING in roots else roots


def _chosen(actor: Actor, park: Park, reach: Reach) -> list[str]:
    """The branches that were named, each through its own door; of a grid also the enterprises whose sites lie in it today."""
    if not reach.units and not reach.grids:
        return list(park.branches)
    branches = []
    for uid in reach.units:
        unit = unit_for(actor, uid, Can.SEND_NOTICES)
        branches += [unit.path, *((unit.site.path,) if unit.site else ())]
    for number in reach.grids:
        grid = place_for(actor, number, Can.SEND_NOTICES)
        inside = Unit.objects.filter(Q(site__sitings__grid=grid) & holds_on(today_in(park), "site__sitings__"))
        branches += [grid.path, *(path for pair in inside.values_list("path", "site__path") for path in pair)]
    return [branch for branch in branches if branch.startswith(park.branches)]


def _workers(park: Park, reach: Reach, branches: Sequence[str]) -> QuerySet[Posting]:
    rows = roster_on(park, today_in(park), branches)
    if reach.posts or reach.key_posts:
        rows = rows.filter(Q(post__in=reach.posts) | (Q(key_post=True) if reach.key_posts else Q(pk__in=[])))
    return rows.select_related("person", "enterprise").order_by("enterprise__name", "person__name", "pk")


def _users(park: Park, reach: Reach, branches: Sequence[str]) -> list[User]:
    """Who holds one of the roles over a branch that lies within; over the whole park only where all of it is meant."""
    now = clock.now()
    held = Membership.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=now), park=park, since_at__lte=now,
                                     role__in=reach.roles, user__is_active=True).select_related("user", "unit", "place")
    found: dict[int, User] = {}
    for each in held.order_by("user__name", "user_id"):
        own = [each.unit.path] if each.unit else [each.place.path] if each.place else list(park.branches)
        if covers(branches, own):
            found[each.user_id] = each.user
    return list(found.values())


def offered_to(actor: Actor, park: Park) -> list[AccountRole]:
    """The roles that may be chosen: any; who holds one is bounded by the reach."""
    return list(AccountRole) if actor.may_somewhere(Can.SEND_NOTICES, within=park) else []


def keepers_offered(actor: Actor, park: Park) -> list[User]:
    """Whom the actor may choose as keeper, by name: who may send notices within his own reach, himself, and the park's office.

    Whether one of them reaches everybody is judged when the notice is sent.
    """
    now, held = clock.now(), _held(actor, park)
    roles = [role for role, powers in ROLES.items() if Can.SEND_NOTICES in powers]
    rows = Membership.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=now), park=park, since_at__lte=now, role__in=roles,
                                     user__is_active=True).select_related("user", "unit", "place").order_by("user__name", "user_id")
    found = {}
    for each in rows:
        own = each.unit.path if each.unit else each.place.path if each.place else ""
        if not own or covers(held, [own]) or f"user:{each.user_id}" == actor.key:
            found[each.user_id] = each.user
    return list(found.values())


def may_keep(actor: Actor, branches: Sequence[str]) -> bool:
    """Does the actor reach everybody whom a notice reaches?"""
    return bool(branches) and covers(actor.reach(Can.SEND_NOTICES), branches)


# notices and who has read them ---------------------------------------------------------------------------------------

def notices_of(actor: Actor, park: Park) -> QuerySet[Notice]:
    """The notices of which the actor may see who has read them, the newest first; all of them for who reads the journal."""
    rows = (Notice.objects.filter(park=park).select_related("keeper", "park").defer("attachment_sealed")
            .order_by("-written_at", "-pk"))
    if actor.may(Can.READ_JOURNAL, over=park):
        return rows
    actor.must_somewhere(Can.SEND_NOTICES, within=park)
    known = Notice.objects.filter(park=park).values_list("pk", "branches")
    return rows.filter(pk__in=[pk for pk, branches in known if may_keep(actor, branches)])


def notice_for(actor: Actor, park: Park, uid: UUID) -> Notice:
    """The door for whoever makes sure of a notice. Raises NoticeUnknown."""
    notice = notices_of(actor, park).filter(uid=uid).first()
    if notice is None:
        raise NoticeUnknown()
    return notice


def own_notice(uid: UUID, *, user: User | None = None, person: Person | None = None, park: Park | None = None) -> Message:
    """The door for whoever it was written to: his own message of it. Raises NoticeUnknown."""
    to_him = Q(to_user=user) if user else Q(pk__in=[])
    if person or (user and user.person_id):
        to_him |= Q(to_person=person or user.person_id)      # type: ignore[union-attr]
    rows = Message.objects.filter(to_him, notice__uid=uid, kind=MessageKind.NOTICE).select_related("notice__park", "notice__keeper")
    message = (rows.filter(park=park) if park else rows).first()
    if message is None:
        raise NoticeUnknown()
    return message


def recipients_of(notice: Notice) -> QuerySet[Message]:
    """Everybody whom a notice was written to: one message each."""
    return (Message.objects.filter(notice=notice, kind=MessageKind.NOTICE).select_related("to_person", "to_user")
            .prefetch_related("deliveries__channel").order_by("to_person__name", "to_user__name", "pk"))


def pending(notice: Notice, rows: QuerySet[Message] | None = None) -> QuerySet[Message]:
    """Who has not read it yet, or has not acknowledged what he was to."""
    rows = recipients_of(notice) if rows is None else rows
    return rows.filter(acknowledged_at=None) if notice.must_acknowledge else rows.filter(read_at=None)


def arrived_by(stages: Iterable[str]) -> Exists:
    """Did at least one channel take a message, or bring it?"""
    return Exists(Delivery.objects.filter(message=OuterRef("pk"), stage__in=list(stages)))


def reach_of(notices: Iterable[Notice]) -> dict[int, dict[str, int]]:
    """Of each notice: how many it was written to, sent, delivered, read and acknowledged, and how many are open."""
    listed = {each.pk: each for each in notices}
    rows = Message.objects.filter(notice__in=list(listed), kind=MessageKind.NOTICE).order_by()
    told: dict[int, Any] = {row["notice_id"]: row for row in rows.annotate(
        is_sent=arrived_by(ARRIVED_STAGES), is_delivered=arrived_by([Stage.DELIVERED.value])).values("notice_id").annotate(
        written=Count("pk"), sent=Count("pk", filter=Q(is_sent=True)), delivered=Count("pk", filter=Q(is_delivered=True)),
        read=Count("pk", filter=Q(read_at__isnull=False)), acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)))}
    empty = dict.fromkeys(("written", "sent", "delivered", "read", "acknowledged"), 0)
    found = {}
    for pk, notice in listed.items():
        one = {key: int(told.get(pk, empty)[key]) for key in empty}
        found[pk] = one | {"open": one["written"] - one["acknowledged" if notice.must_acknowledge else "read"]}
    return found


def overdue_notices(park: Park, at: datetime) -> list[Notice]:
    """Notices whose deadline is over and that somebody has not read, or not acknowledged, the oldest first."""
    rows = Message.objects.filter(notice=OuterRef("pk"), kind=MessageKind.NOTICE)
    return list(Notice.objects.filter(Q(must_acknowledge=False) & Exists(rows.filter(read_at=None))
                                      | Q(must_acknowledge=True) & Exists(rows.filter(acknowledged_at=None)),
                                      park=park, deadline_at__lte=at).select_related("keeper").defer("attachment_sealed")
                .order_by("deadline_at", "pk"))
