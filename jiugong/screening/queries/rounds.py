"""Rounds: which there are, whose roster they are owed by, and how far they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value

from jiugong.lib.acting import EVERYTHING, Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Posting, Siting, holds_on
from jiugong.registry.queries.coverage import Asked, Coverage
from jiugong.registry.queries.people import within
from jiugong.registry.words import Status
from jiugong.screening import questions
from jiugong.screening.errors import RoundUnknown
from jiugong.screening.models import Round, Specimen


def reach_into(actor: Actor, power: Can, park: Park) -> tuple[str, ...]:
    """The branches of one park over which an actor holds a power; empty is nothing there."""
    return tuple(root for root in actor.reach(power) if root == EVERYTHING or root.startswith(park.branches))


def rounds_of(actor: Actor, park: Park) -> QuerySet[Round]:
    """The rounds of a park that an actor who sees a part of its board, or samples in it, may see, by number."""
    if not _sees_rounds(actor, park):
        return Round.objects.none()
    return Round.objects.filter(park=park).select_related("park", "unit", "place").order_by("number")


def must_see_rounds(actor: Actor, park: Park) -> None:
    """Refuse whoever neither sees a part of the park's board nor samples in it. Raises NotAllowed."""
    if not _sees_rounds(actor, park):
        raise NotAllowed(actor=actor.name, power=Can.SEE_BOARD.value)


def _sees_rounds(actor: Actor, park: Park) -> bool:
    return any(reach_into(actor, power, park) for power in (Can.SEE_BOARD, Can.BIND_SPECIMENS))


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
    """The round that the park is in at a moment: the last one that has opened, else the first to come."""
    begun = Round.objects.filter(park=park, opens_at__lte=at).order_by("-opens_at", "-number").first()
    return begun or Round.objects.filter(park=park).order_by("opens_at", "number").first()


def owed_in(the_round: Round, reach: tuple[str, ...] = (EVERYTHING,)) -> QuerySet[Posting]:
    """The postings of everybody who owes a specimen: on duty on its day, inside its branch and the reach."""
    roster = Posting.objects.filter(holds_on(the_round.day), park_id=the_round.park_id, status=Status.ON_DUTY)
    if the_round.unit:
        roster = roster.filter(unit__path__startswith=the_round.unit.path)
    if the_round.place:
        sites = Siting.objects.filter(holds_on(the_round.day), grid=the_round.place).values("site")
        inside = Q(enterprise__site__path__startswith=the_round.place.path)
        roster = roster.filter(Q(enterprise__site__in=sites) | inside)
    return roster.filter(within(reach))


def asked_by(the_round: Round, at: datetime, reach: tuple[str, ...] = (EVERYTHING,), **only: Any) -> Asked:
    """A round as a question: who owes, who was sampled by a moment, who was excused at it.

    `only` narrows the postings, as in `enterprise=…` or `unit__path__startswith=…`.
    """
    done = Specimen.objects.filter(round=the_round, person__isnull=False, sampled_at__lte=at)
    judged_at = min(max(at, the_round.opens_at), the_round.closes_at)
    return Asked(owed=owed_in(the_round, reach).filter(**only), done=done,
                 excused=questions.excused_people(the_round.park_id, the_round.duty_key, judged_at))


def coverage_of(rounds: Sequence[Round], at: datetime, reach: tuple[str, ...]) -> dict[int, Coverage]:
    """How far each of many rounds is at a moment, by the round's number, in one query."""
    counts = []
    for the_round in rounds:
        asked = asked_by(the_round, at, reach)
        is_done = Exists(asked.done.filter(person_id=OuterRef("person_id")))
        is_excused = Exists(asked.excused.filter(person_id=OuterRef("person_id")))
        counts.append(asked.owed.order_by()
                      .annotate(is_done=is_done, is_excused=is_excused).values("park_id")
                      .annotate(number=Value(the_round.number), owed=Count("pk"),
                                done=Count("pk", filter=Q(is_done=True)),
                                excused=Count("pk", filter=Q(is_done=False, is_excused=True)))
                      .values_list("number", "owed", "done", "excused"))
    nothing = {the_round.number: Coverage() for the_round in rounds}
    if not counts:
        return nothing
    return nothing | {number: Coverage(*figures) for number, *figures in counts[0].union(*counts[1:], all=True)}
