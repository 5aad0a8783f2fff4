"""Opening a round: for everybody of a branch, or for chosen enterprises and posts with a reason; withdrawing an empty one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, Rooted, note
from jiugong.lib.can import Can
from jiugong.lib.sheets import tidy_name
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Place, Unit
from jiugong.registry.queries.people import on_duty
from jiugong.registry.words import UnitKind
from jiugong.screening.errors import (
    PoolNotValidated,
    PostsUnknown,
    RoundExists,
    RoundHasSwabs,
    RoundNeedsReason,
    RoundOfNobody,
    RoundTooShort,
    WithdrawalNeedsReason,
)
from jiugong.screening.laboratory_errors import OwnRoundNeedsContract, OwnRoundOfOneEnterprise
from jiugong.screening.logic.pools import POOL_SIZES
from jiugong.screening.models import Round, Specimen, Tube
from jiugong.screening.queries.laboratories import own_rounds_allowed
from jiugong.screening.queries.rounds import owed_in

LONGEST_REASON = 200


@dataclass(frozen=True, kw_only=True)
class Target:
    """For whom a round is where it is not for everybody: chosen enterprises, chosen posts by name, key posts; and why.

    What is chosen together narrows together: key posts of two enterprises are the key posts in these two.
    """

    enterprises: Sequence[Unit] = ()
    posts: Sequence[str] = ()
    key_posts_only: bool = False
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.enterprises or self.posts or self.key_posts_only)


EVERYBODY = Target()


@transaction.atomic
def open_round(park: Park, *, opens_at: datetime, closes_at: datetime, pool_size: int, actor: Actor,
               number: int | None = None, place: Place | None = None, unit: Unit | None = None,
               target: Target = EVERYBODY) -> Round:
    """Open a round for the whole park, a grid or an enterprise, or for chosen ones. Without a number it takes the next.

    The same round again (same hours, pool, branch and target) is answered as the first time.
    An enterprise's own prevention officer opens rounds for its roster where its contract with a laboratory lets it.
    Raises PoolNotValidated, RoundTooShort, RoundExists, RoundNeedsReason, PostsUnknown, RoundOfNobody,
    OwnRoundOfOneEnterprise, OwnRoundNeedsContract.
    """
    day = days.day_of(opens_at, park.zone)
    over: Sequence[Rooted] = [each for each in (unit, place) if each][:1] or target.enterprises or [park]
    if not all(actor.may(Can.OPEN_ROUNDS, over=thing) for thing in over):
        _must_be_own(actor, over, unit, target, day)
    if pool_size not in POOL_SIZES:
        raise PoolNotValidated(size=pool_size)
    if closes_at <= opens_at:
        raise RoundTooShort()
    posts = sorted({tidy_name(post) for post in target.posts if post.strip()})
    chosen = {each.pk for each in target.enterprises}
    _judge(park, target, posts, day)
    park.one_at_a_time()
    same = Round.objects.filter(
        park=park, opens_at=opens_at, closes_at=closes_at, pool_size=pool_size, place=place, unit=unit, imported=False,
        key_posts_only=target.key_posts_only).prefetch_related("enterprises").order_by("number")
    for before in same:
        is_same = before.posts == posts and {each.pk for each in before.enterprises.all()} == chosen
        if is_same and number in (None, before.number):
            return before
    last = Round.every.filter(park=park).aggregate(last=Max("number"))["last"] or 0
    number = number or last + 1
    if Round.every.filter(park=park, number=number).exists():
        raise RoundExists(round=number)

    opened = Round.objects.create(
        park=park, number=number, day=day, opens_at=opens_at, closes_at=closes_at, pool_size=pool_size, place=place,
        unit=unit, posts=posts, key_posts_only=target.key_posts_only, reason=target.reason.strip()[:300])
    opened.enterprises.set(chosen)
    if target and not owed_in(opened).exists():
        raise RoundOfNobody(day=day.isoformat())

    note("round.opened", actor=actor, at=clock.now(), park_id=park.pk, subject=f"round:{number}", pool_size=pool_size,
         **_told(target, posts))
    return opened


@transaction.atomic
def withdraw_round(the_round: Round, *, reason: str, actor: Actor) -> Round:
    """Take back a round that was opened by mistake, while it has no tube and no swab. Withdrawn already, nothing changes.

    Its number is not given again. A scan that was made offline and comes later keeps the round: its swab is in the tube.
    Raises WithdrawalNeedsReason, RoundHasSwabs.
    """
    over: Sequence[Rooted] = [each for each in (the_round.unit, the_round.place) if each][:1] or list(
        the_round.enterprises.all()) or [the_round.park]
    for thing in over:
        if not (the_round.unit and actor.may(Can.OPEN_OWN_ROUNDS, over=thing)):
            actor.must(Can.OPEN_ROUNDS, over=thing)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise WithdrawalNeedsReason(most=LONGEST_REASON)
    the_round = Round.every.select_for_update(of=("self",)).select_related("park").get(pk=the_round.pk)
    if Tube.objects.filter(round=the_round).exists() or Specimen.every.filter(round=the_round).exists():
        raise RoundHasSwabs(round=the_round.number)
    if the_round.withdrawn_at:
        return the_round

    the_round.withdrawn_at = clock.now()
    the_round.save(update_fields=["withdrawn_at"])

    note("round.withdrawn", actor=actor, at=the_round.withdrawn_at, park_id=the_round.park_id,
         subject=f"round:{the_round.number}", reason=reason)
    return the_round


def _must_be_own(actor: Actor, over: Sequence[Rooted], unit: Unit | None, target: Target, day: date) -> None:
    """Let an enterprise open a round of its own, where its contract says so.

    Raises NotAllowed, OwnRoundOfOneEnterprise, OwnRoundNeedsContract.
    """
    for thing in over:
        if not actor.may(Can.OPEN_OWN_ROUNDS, over=thing):
            actor.must(Can.OPEN_ROUNDS, over=thing)
    if unit is None or unit.kind != UnitKind.ENTERPRISE or target.enterprises:
        raise OwnRoundOfOneEnterprise()
    if not own_rounds_allowed(unit, day):
        raise OwnRoundNeedsContract(enterprise=unit.name, day=str(day))


def _judge(park: Park, target: Target, posts: Sequence[str], day: date) -> None:
    """Is it said why, and are these enterprises and posts of this park? Raises RoundNeedsReason, NotHere, PostsUnknown."""
    if target and not target.reason.strip():
        raise RoundNeedsReason()
    if any(each.park_id != park.pk or each.kind != "enterprise" for each in target.enterprises):
        raise NotHere()
    known = set(on_duty(park, day).order_by().filter(post__in=posts).values_list("post", flat=True).distinct())
    if unknown := [post for post in posts if post not in known]:
        raise PostsUnknown(posts="、".join(unknown), day=day.isoformat())


def _told(target: Target, posts: Sequence[str]) -> dict[str, object]:
    if not target:
        return {}
    return {"enterprises": len(target.enterprises), "posts": "、".join(posts), "key_posts_only": target.key_posts_only,
            "reason": target.reason.strip()[:300]}
