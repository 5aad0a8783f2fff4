"""Rounds: which there are, whose roster they are owed by, and how far they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)

from jiugong.lib.acting import EVERYTHING, Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Posting, Siting, Unit, holds_on
from jiugong.registry.queries.coverage import Asked, Coverage
from jiugong.registry.queries.people import is_whole, on_duty, within
from jiugong.registry.queries.units import enterprises_of
from jiugong.registry.words import Status
from jiugong.screening import questions
from jiugong.screening.errors import RoundUnknown
from jiugong.screening.models import Round, Specimen, Tube, Undo

MOST_AT_ONCE = 100                           # questions in one: databases bound it
A_DAY = 24                                   # hours; a round that lasts longer shows its last ones
LONGEST_NUMBER = 9                           # digits of a round's number
PHASES: Mapping[str, Callable[[datetime], Q]] = {
    "to_come": lambda at: Q(opens_at__gt=at), "under_way": lambda at: Q(opens_at__lte=at, closes_at__gte=at),
    "closed": lambda at: Q(closes_at__lt=at)}
# not everybody's round: one of a grid or an enterprise, or one for chosen enterprises and posts
FOR_SOME = (Q(place__isnull=False) | Q(unit__isnull=False) | Q(key_posts_only=True) | ~Q(posts=[])
            | Q(Exists(Round.enterprises.through.objects.filter(round_id=OuterRef("pk")))))


def reach_into(actor: Actor, power: Can, park: Park) -> tuple[str, ...]:
    """The branches of one park over which an actor holds a power; empty is nothing there."""
    return tuple(root for root in actor.reach(power) if root == EVERYTHING or root.startswith(park.branches))


def rounds_of(actor: Actor, park: Park) -> QuerySet[Round]:
    """The rounds of a park that an actor who sees a part of its board, or samples in it, may see, by number."""
    if not _sees_rounds(actor, park):
        return Round.objects.none()
    return with_targets(Round.objects.filter(park=park)).order_by("number")


def narrowed(rounds: QuerySet[Round], at: datetime, *, text: str = "", phase: str = "", whom: str = "") -> QuerySet[Round]:
    """Rounds by their number, by a word of their reason or of whom they are for, by phase, and by for whom they are."""
    if text:
        key = name_key(text)
        named = Round.enterprises.through.objects.filter(unit__key__contains=key).values("round_id")
        found = (Q(reason__icontains=text) | Q(unit__key__contains=key) | Q(place__key__contains=key) | Q(pk__in=named))
        rounds = rounds.filter(found | Q(number=int(text)) if text.isdecimal() and len(text) <= LONGEST_NUMBER else found)
    if phase in PHASES:
        rounds = rounds.filter(PHASES[phase](at))
    if whom in ("everybody", "chosen"):
        rounds = rounds.annotate(chosen=ExpressionWrapper(FOR_SOME, output_field=BooleanField())).filter(
            chosen=whom == "chosen")
    return rounds


def with_targets(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with whose rosters they are and the enterprises chosen for them, in one query more for any number."""
    return rounds.select_related("park", "unit", "place").prefetch_related("enterprises")


def must_see_rounds(actor: Actor, park: Park) -> None:
    """Refuse whoever neither sees a part of the park's board nor samples in it. Raises NotAllowed."""
    if not _sees_rounds(actor, park):
        raise NotAllowed(actor=actor.name, power=Can.SEE_BOARD.value)


def _sees_rounds(actor: Actor, park: Park) -> bool:
    return any(reach_into(actor, power, park) for power in (Can.SEE_BOARD, Can.BIND_SPECIMENS))


def any_round_for(actor: Actor, park: Park, number: int) -> Round:
    """The same door, for a round that may be withdrawn already. Raises RoundUnknown."""
    withdrawn = Round.every.filter(park=park, number=number) if _sees_rounds(actor, park) else Round.objects.none()
    return with_targets(withdrawn).first() or round_for(actor, park, number)


def may_withdraw(actor: Actor, the_round: Round) -> bool:
    """Is a round without a tube or a swab offered to be withdrawn? The action has the last word."""
    opens = actor.may(Can.OPEN_ROUNDS, over=the_round) or bool(the_round.unit and actor.may(Can.OPEN_OWN_ROUNDS, over=the_round))
    return opens and not Tube.objects.filter(round=the_round).exists() and not Specimen.every.filter(round=the_round).exists()


def latest_first(rounds: QuerySet[Round], at: datetime) -> QuerySet[Round]:
    """Rounds as a list shows them: the last that began first, those to come at the end."""
    to_come = ExpressionWrapper(Q(opens_at__gt=at), output_field=BooleanField())
    return rounds.annotate(to_come=to_come).order_by("to_come", "-opens_at", "-number")


def round_for(actor: Actor, park: Park, number: int) -> Round:
    """The only door from a number in a URL to a Round. Raises RoundUnknown."""
    found = rounds_of(actor, park).filter(number=number).first()
    if found is None:
        known = rounds_of(actor, park).values_list("number", flat=True)
        raise RoundUnknown(round=number, known=", ".join(map(str, known)) or "-")
    return found


def round_at(park: Park, at: datetime) -> Round | None:
    """The round that the park is in at a moment, else the first to come.

    One that is under way comes before one that is over, today's before yesterday's, the whole park's before one for a
    grid, an enterprise or chosen ones, and the one that opened last before the others.
    """
    rounds = Round.objects.filter(park=park).select_related("park", "unit", "place")
    begun = _current_first(rounds.filter(opens_at__lte=at), at).first()
    return begun or rounds.order_by("opens_at", "number").first()


def rounds_at(park: Park, at: datetime) -> list[Round]:
    """The round that the park is in first, then the others that are under way at this moment."""
    current = round_at(park, at)
    if current is None:
        return []
    under_way = Round.objects.filter(park=park, opens_at__lte=at, closes_at__gte=at).exclude(pk=current.pk)
    listed = [current, *_current_first(under_way.select_related("park", "unit", "place"), at)]
    prefetch_related_objects(listed, "enterprises")
    return listed


def _current_first(rounds: QuerySet[Round], at: datetime) -> QuerySet[Round]:
    return rounds.annotate(
        is_over=ExpressionWrapper(Q(closes_at__lt=at), output_field=BooleanField()),
        is_for_some=ExpressionWrapper(FOR_SOME, output_field=BooleanField()),
    ).order_by("is_over", "-day", "is_for_some", "-opens_at", "-number")


def enterprises_chosen(actor: Actor, park: Park, uids: Iterable[UUID]) -> list[Unit]:
    """The enterprises with these ids, for each of which the actor may open a round. Raises NotHere."""
    wanted = set(uids)
    if not wanted:
        return []
    found = list(enterprises_of(park).filter(uid__in=wanted))
    if len(found) != len(wanted) or not all(actor.may(Can.OPEN_ROUNDS, over=each) for each in found):
        raise NotHere()
    return found


def posts_on(park: Park, day: date) -> list[str]:
    """The posts that anybody on duty has on a day."""
    return list(on_duty(park, day).exclude(post="").order_by("post").values_list("post", flat=True).distinct())


def owed_in(the_round: Round, reach: tuple[str, ...] = (EVERYTHING,)) -> QuerySet[Posting]:
    """The postings of everybody who owes a specimen: on duty on its day, inside its branch and the reach.

    A targeted round is owed by its chosen enterprises, posts and key posts alone: by who is in all that was chosen.
    """
    roster = Posting.objects.filter(holds_on(the_round.day), park_id=the_round.park_id, status=Status.ON_DUTY)
    if the_round.unit:
        roster = roster.filter(unit__path__startswith=the_round.unit.path)
    if the_round.place:
        sites = Siting.objects.filter(holds_on(the_round.day), grid=the_round.place).values("site")
        inside = Q(enterprise__site__path__startswith=the_round.place.path)
        roster = roster.filter(Q(enterprise__site__in=sites) | inside)
    if chosen := [each.pk for each in the_round.enterprises.all()]:
        roster = roster.filter(enterprise__in=chosen)
    if the_round.posts:
        roster = roster.filter(post__in=the_round.posts)
    if the_round.key_posts_only:
        roster = roster.filter(key_post=True)
    return roster.filter(within(reach, park=the_round.park))


def asked_by(the_round: Round, at: datetime, reach: tuple[str, ...] = (EVERYTHING,), **only: Any) -> Asked:
    """A round as a question: who owes, who was sampled by a moment, who was excused at it.

    `only` narrows the postings, as in `enterprise=…` or `unit__path__startswith=…`.
    """
    done = Specimen.objects.filter(round=the_round, person__isnull=False, sampled_at__lte=at)
    judged_at = min(max(at, the_round.opens_at), the_round.closes_at)
    lists_faster = connection.vendor == "sqlite" and not only and is_whole(the_round.park, reach)
    return Asked(owed=owed_in(the_round, reach).filter(**only), done=done, listed=done if lists_faster else None,
                 excused=questions.excused_people(the_round.park_id, the_round.duty_key, judged_at))


def coverage_of(rounds: Sequence[Round], at: datetime, reach: tuple[str, ...]) -> dict[int, Coverage]:
    """How far each of many rounds is at a moment, by the round's number: one query for a hundred of them."""
    counts = []
    prefetch_related_objects(rounds, "enterprises")
    for the_round in rounds:
        asked = asked_by(the_round, at, reach)
        done = Q(person__in=asked.done.values("person_id"))            # listed once: no question for each of 20,000 rows
        excused = Q(person__in=asked.excused.order_by().values("person_id"))
        counts.append(asked.owed.order_by().values("park_id")
                      .annotate(number=Value(the_round.number), owed=Count("pk"), done=Count("pk", filter=done),
                                excused=Count("pk", filter=excused & ~done))
                      .values_list("number", "owed", "done", "excused"))
    nothing = {the_round.number: Coverage() for the_round in rounds}
    if not counts:
        return nothing
    for start in range(0, len(counts), MOST_AT_ONCE):
        first, *others = counts[start:start + MOST_AT_ONCE]
        nothing |= {number: Coverage(*figures) for number, *figures in first.union(*others, all=True)}
    return nothing


def coverage_by_enterprise(the_round: Round, at: datetime, reach: tuple[str, ...]) -> list[tuple[Unit, Coverage]]:
    """How far a round is in each enterprise that owes anything, those where most are missing first."""
    if not reach:
        return []
    covered = asked_by(the_round, at, reach).coverage_by("enterprise_id")
    firms = Unit.objects.in_bulk(list(covered))
    return sorted(((firms[pk], one) for pk, one in covered.items()), key=lambda pair: (-pair[1].missing, pair[0].name))


def missing_in(the_round: Round, at: datetime, reach: tuple[str, ...]) -> QuerySet[Posting]:
    """Who owes a specimen in a round and has neither given one nor been excused, by enterprise and team."""
    return asked_by(the_round, at, reach).missing().select_related("person", "enterprise", "unit__parent").order_by(
        "enterprise__name", "unit__path", "person__name", "pk")


def people_taken(park: Park, number: int) -> QuerySet[Specimen]:
    """The swabs of people in a round that count, asked so that one index has all that is counted by time."""
    the_round = Round.every.filter(park=park, number=number).values("pk")
    undone = Undo.objects.filter(specimen__round__in=the_round).values("specimen")
    return Specimen.every.filter(round__in=the_round, person__isnull=False).exclude(pk__in=undone)


def swabs_by_hour(the_round: Round, at: datetime, reach: tuple[str, ...]) -> list[tuple[datetime, int]]:
    """How many specimens were taken in each hour of a round until a moment, of people within a reach."""
    taken = Specimen.objects.filter(round=the_round, sampled_at__lte=at)
    if not all(branch.startswith(reach) for branch in the_round.park.branches):
        mine = Posting.objects.filter(holds_on(the_round.day), within(reach), park=the_round.park_id)
        taken = taken.filter(person__in=mine.values("person"))
    span = taken.aggregate(first=Min("sampled_at"), last=Max("sampled_at"))
    if span["first"] is None:
        return []
    first, last = (moment.astimezone(the_round.park.zone).replace(minute=0, second=0, microsecond=0)
                   for moment in (span["first"], span["last"]))
    steps = range(int((last - first) / timedelta(hours=1)) + 1)[-A_DAY:]
    hours = [first + timedelta(hours=step) for step in steps]
    counts = taken.aggregate(**{str(at): Count("pk", filter=Q(sampled_at__gte=hour, sampled_at__lt=hour + timedelta(hours=1)))
                                for at, hour in enumerate(hours)})
    return [(hour, counts[str(at)]) for at, hour in enumerate(hours)]
