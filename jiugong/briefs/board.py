"""The Today board: one question (a round or a duty) asked at every depth, from the park down to the names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractHour

from jiugong.briefs.errors import QuestionUnknown
from jiugong.duties import queries as duties
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Place, Posting, Unit
from jiugong.registry.queries.charges import Answering, answering_for
from jiugong.registry.queries.coverage import Asked, Coverage
from jiugong.registry.queries.over import answering_over
from jiugong.registry.queries.people import roster_on
from jiugong.registry.queries.units import enterprises_of, grids_of, grids_on
from jiugong.screening.models import Specimen
from jiugong.screening.queries import rounds

LONGEST_NUMBER = 9                           # digits of a round's or a grid's number in a URL


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the board asks: `of` as it stands in the URL, its window, and the asking itself, narrowed at will."""

    of: str
    title: str
    day: date
    opens_at: datetime
    closes_at: datetime
    at: datetime
    asked: Callable[..., Asked]

    @property
    def is_late(self) -> bool:
        """Has its window closed? Then whoever is missing is late."""
        return self.at > self.closes_at

    def late(self, covered: Coverage) -> int:
        return covered.missing if self.is_late else 0


@dataclass(frozen=True, kw_only=True)
class Square:
    """One tile: a grid, an enterprise or a team, how far it is, and who answers for it."""

    thing: Place | Unit | None
    name: str
    covered: Coverage
    answering: tuple[Answering, ...] = ()
    opens: bool = True                       # into further squares; else into names


def questions_of(actor: Actor, park: Park, at: datetime) -> list[Question]:
    """Everything that the board can be asked at a moment: the current round first, then the duties in force."""
    the_round = rounds.round_at(park, at)
    found = [_of_round(actor, park, the_round.number, at)] if the_round else []
    return found + [_of_duty(actor, park, due, at) for due in duties.due_at(park, at) if due.rule.subject == "person"]


def question_for(actor: Actor, park: Park, of: str, at: datetime) -> Question | None:
    """The question a URL names, or the first there is; None in a park that owes nothing yet. Raises QuestionUnknown."""
    kind, _colon, key = of.partition(":")
    if not of:
        return next(iter(questions_of(actor, park, at)), None)
    if kind == "round" and key.isdecimal() and len(key) <= LONGEST_NUMBER:
        return _of_round(actor, park, int(key), at)
    due = duties.due_for(park, key, at) if kind == "duty" else None
    if due is None:
        raise QuestionUnknown(of=of)
    return _of_duty(actor, park, due, at)


def _of_round(actor: Actor, park: Park, number: int, at: datetime) -> Question:
    the_round = rounds.round_for(actor, park, number)
    reach = actor.reach(Can.SEE_BOARD)
    return Question(of=f"round:{number}", title=str(number), day=the_round.day, opens_at=the_round.opens_at,
                    closes_at=the_round.closes_at, at=at,
                    asked=lambda **only: rounds.asked_by(the_round, at, reach, **only))


def _of_duty(actor: Actor, park: Park, due: duties.Due, at: datetime) -> Question:
    reach = actor.reach(Can.SEE_BOARD)
    return Question(of=f"duty:{due.rule.key}", title=due.rule.key, day=due.rule.day, opens_at=due.window.start,
                    closes_at=due.window.end, at=at,
                    asked=lambda **only: duties.asked_by(park, due, at, reach, **only))


# squares ------------------------------------------------------------------------------------------------------------

def grids(question: Question, park: Park, actor: Actor) -> list[Square]:
    """The park's grids as squares; enterprises that lie in none come last, together."""
    by_enterprise = question.asked().coverage_by("enterprise_id")
    grid_of = grids_on(park, question.day)
    covered: dict[int | None, Coverage] = {}
    for enterprise, one in by_enterprise.items():
        grid = grid_of.get(enterprise)
        key = grid.pk if grid else None
        covered[key] = covered.get(key, Coverage()) + one
    leaders = answering_over(grids_of(park), question.day)
    squares = [Square(thing=grid, name=grid.name, covered=covered.pop(grid.pk, Coverage()),
                      answering=tuple(leaders.get(grid.pk, ())))
               for grid in grids_of(park) if grid.pk in covered or _sees(actor, grid)]
    rest = sum(covered.values(), Coverage())
    return squares + ([Square(thing=None, name="", covered=rest)] if rest.owed else [])


def enterprises(question: Question, park: Park, grid: Place | None) -> list[Square]:
    """The enterprises of a grid, or those that lie in none, as squares; those who owe nothing are left out."""
    by_enterprise = question.asked().coverage_by("enterprise_id")
    return _squares([unit for unit in inside(park, grid, question.day) if unit.pk in by_enterprise], by_enterprise,
                    question.day)


def inside(park: Park, grid: Place | None, day: date) -> list[Unit]:
    """The enterprises that lie in a grid on a day, or in none."""
    grid_of = grids_on(park, day)
    return [unit for unit in enterprises_of(park) if _same(grid_of.get(unit.pk), grid)]


def teams(question: Question, enterprise: Unit) -> list[Square]:
    """The teams of an enterprise as squares, with those who stand in no team under their workshop's name."""
    by_unit = question.asked(enterprise=enterprise).coverage_by("unit_id")
    units = list(Unit.objects.filter(pk__in=by_unit).select_related("parent", "enterprise").order_by("path"))
    return _squares(units, by_unit, question.day, opens=False)


def _squares(units: list[Unit], covered: dict[Any, Coverage], day: date, *, opens: bool = True) -> list[Square]:
    answering = answering_for(units, day)
    return [Square(thing=unit, name=_name(unit), covered=covered[unit.pk], opens=opens,
                   answering=tuple(answering.get(unit.pk, ()))) for unit in units]


def _name(unit: Unit) -> str:
    in_workshop = unit.parent and unit.parent.kind == "workshop"
    return f"{unit.parent} · {unit}" if in_workshop else unit.name


def _same(one: Place | None, other: Place | None) -> bool:
    return (one.pk if one else None) == (other.pk if other else None)


def _sees(actor: Actor, grid: Place) -> bool:
    return actor.may(Can.SEE_BOARD, over=grid)


# names --------------------------------------------------------------------------------------------------------------

SHOWN = {"owed": "owed", "done": "done_rows", "excused": "excused_rows", "missing": "missing"}


def names(question: Question, show: str, **only: Any) -> QuerySet[Posting]:
    """The people at the end of every drill-down, by enterprise and team."""
    asked = question.asked(**only)
    rows: QuerySet[Posting] = asked.owed if show == "owed" else getattr(asked, SHOWN.get(show, "missing"))()
    return rows.select_related("person", "enterprise", "unit__parent").order_by(
        "enterprise__name", "unit__path", "person__name", "pk")


def last_sampled(people: Iterable[int], at: datetime) -> dict[int, datetime]:
    """When each of some people was sampled last."""
    rows = (Specimen.objects.filter(person_id__in=list(people), sampled_at__lte=at).order_by("sampled_at")
            .values_list("person_id", "sampled_at"))
    return dict(rows)


def sampled_by_hour(actor: Actor, park: Park, question: Question) -> list[tuple[int, int]]:
    """How many specimens were taken in each hour of the question's day, until now, of the people of the actor's part."""
    if not question.of.startswith("round:"):
        return []
    start, end = days.bounds(question.day, park.zone)
    taken = Specimen.objects.filter(park=park, round__number=int(question.of[6:]), sampled_at__gte=start,
                                    sampled_at__lt=end, sampled_at__lte=question.at)
    if not actor.may(Can.SEE_BOARD, over=park):
        mine = roster_on(park, question.day, actor.reach(Can.SEE_BOARD))
        taken = taken.filter(person__in=mine.values("person"))
    hours = dict(taken.order_by().annotate(hour=ExtractHour("sampled_at", tzinfo=park.zone))
                 .values_list("hour").annotate(count=Count("pk")))
    return [(hour, hours.get(hour, 0)) for hour in range(min(hours), max(hours) + 1)] if hours else []
