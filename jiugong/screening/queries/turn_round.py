"""Turn-round: which tubes a laboratory reported late, or has not reported although they are due.

It runs from the hand-over to the laboratory to the first result: from when the laboratory received the box in which the tube
came. A tube that was put in no box counts from its seal, and the answer says so (`Start.SEAL`); one whose box is still on its
way is not the laboratory's yet, and nothing is due. Which contract governs a tube: that of the laboratory which reported
it, else the nearest to its point on the day of its round (`laboratories.covering`). Where no contract covers it nothing is due.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, When

from jiugong.lib import days
from jiugong.registry.models import Park
from jiugong.screening.logic.turn_round import due_at, is_late
from jiugong.screening.models import Contract, Laboratory, Leg, Packed, Point, Result, Tube
from jiugong.screening.queries.laboratories import contracts_of, covering
from jiugong.screening.queries.tubes import on_branches
from jiugong.screening.words import Start

LOOKED_BACK = 14                             # days of rounds in which "needs you" and the page look for late tubes


@dataclass(frozen=True, kw_only=True)
class LateTube:
    """A tube whose first result came after it was due, or is due and has none (`reported_at` is None)."""

    code: str
    round: int
    point: Point
    laboratory: Laboratory
    hours: int
    start: Start
    started_at: datetime                     # from when its hours run
    due_at: datetime
    reported_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.reported_at is None


def late_among(tubes: QuerySet[Tube], park: Park, at: datetime) -> list[LateTube]:
    """The late ones of some tubes as it was known at a moment, the longest overdue first: two questions for any number."""
    contracts = list(contracts_of(park))
    if not contracts:
        return []
    least = timedelta(hours=min(each.hours for each in contracts))
    found = [late for tube in _could_be_late(tubes, least, at) if (late := _late(tube, contracts, at))]
    return sorted(found, key=lambda late: (late.due_at, late.code))


def late_tubes(park: Park, at: datetime, reach: tuple[str, ...]) -> list[LateTube]:
    """The late tubes of the rounds of the last days, of points within a reach."""
    first = days.day_of(at, park.zone) - timedelta(days=LOOKED_BACK)
    return late_among(Tube.objects.filter(on_branches(reach, park, "point__"), park=park, round__park=park,
                                          round__day__gte=first), park, at)


def _could_be_late(tubes: QuerySet[Tube], least: timedelta, at: datetime) -> Iterable[Any]:
    first = Result.objects.filter(tube=OuterRef("pk"), reported_at__lte=at).order_by("reported_at", "pk")
    packed = Packed.objects.filter(park=OuterRef("park"), code=OuterRef("code"), taken_at=None)
    received = (Leg.objects.filter(box__packed__park=OuterRef("park"), box__packed__code=OuterRef("code"),
                                   box__packed__taken_at=None, at_laboratory=True, received_at__lte=at).order_by("received_at"))
    soonest = ExpressionWrapper(F("started") + least, output_field=DateTimeField())
    return (tubes.annotate(boxed=Exists(packed))
            .annotate(started=Case(When(boxed=True, then=Subquery(received.values("received_at")[:1])), default=F("sealed_at")))
            .filter(started__lt=at - least)
            .annotate(reported=Subquery(first.values("reported_at")[:1]), by=Subquery(first.values("laboratory")[:1]))
            .filter(Q(reported=None) | Q(reported__gt=soonest)).select_related("round", "point__unit", "point__place"))


def _late(tube: Any, contracts: list[Contract], at: datetime) -> LateTube | None:
    held = covering(contracts, tube.point, tube.round.day)
    governing = next((each for each in held if each.laboratory_id == tube.by), held[0] if held else None)
    if governing is None:
        return None
    due = due_at(tube.started, governing.hours)
    if not is_late(due, tube.reported, at):
        return None
    return LateTube(code=tube.code, round=tube.round.number, point=tube.point, laboratory=governing.laboratory,
                    hours=governing.hours, start=Start.HAND_OVER if tube.boxed else Start.SEAL, started_at=tube.started,
                    due_at=due, reported_at=tube.reported)
