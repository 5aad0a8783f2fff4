"""Rounds: which there are, whose roster they are owed by, and how far they are."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Posting, holds_on
from jiugong.registry.queries.coverage import Asked
from jiugong.registry.queries.people import within
from jiugong.registry.words import Status
from jiugong.screening import questions
from jiugong.screening.errors import RoundUnknown
from jiugong.screening.models import Round, Specimen


def rounds_of(actor: Actor, park: Park) -> QuerySet[Round]:
    """The rounds of a park that an actor who sees its board may see, by number."""
    if not actor.reach(Can.SEE_BOARD) and not actor.reach(Can.BIND_SPECIMENS):
        return Round.objects.none()
    return Round.objects.filter(park=park).select_related("park", "unit", "place").order_by("number")


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
    """The postings of everybody who owes a specimen: on duty on the round's day, inside the round's branch and reach."""
    roster = Posting.objects.filter(holds_on(the_round.day), park_id=the_round.park_id, status=Status.ON_DUTY)
    if the_round.unit:
        roster = roster.filter(unit__path__startswith=the_round.unit.path)
    if the_round.place:
        grid = Q(enterprise__site__sitings__grid=the_round.place) & holds_on(the_round.day, "enterprise__site__sitings__")
        roster = roster.filter(grid | Q(enterprise__site__path__startswith=the_round.place.path))
    return roster.filter(within(reach))


def asked_by(the_round: Round, at: datetime, reach: tuple[str, ...] = (EVERYTHING,), **only: Any) -> Asked:
    """A round as a question: who owes, who was sampled by a moment, who was excused at it.

    `only` narrows the postings, as in `enterprise=…` or `unit__path__startswith=…`.
    """
    done = Specimen.objects.filter(round=the_round, person__isnull=False, sampled_at__lte=at)
    judged_at = min(max(at, the_round.opens_at), the_round.closes_at)
    return Asked(owed=owed_in(the_round, reach).filter(**only), done=done,
                 excused=questions.excused_people(the_round.park_id, the_round.duty_key, judged_at))
