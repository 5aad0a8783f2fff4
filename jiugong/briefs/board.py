"""The Today board: one question (a round or a duty) asked at every depth, from the park down to the names."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from jiugong.briefs.errors import QuestionUnknown
from jiugong.briefs.language import in_language
from jiugong.briefs.pace import HOUR, forecast
from jiugong.duties import queries as duties
from jiugong.duties.logic.kinds import meeting
from jiugong.duties.models import Evidence
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Place, Posting, Unit
from jiugong.registry.queries.charges import Answering, answering_for
from jiugong.registry.queries.coverage import Asked, Coverage
from jiugong.registry.queries.over import answering_over
from jiugong.registry.queries.people import roster_on
from jiugong.registry.queries.units import enterprises_of, grids_of, grids_on
from jiugong.rulebook.queries import owing as owed_by
from jiugong.screening.models import Round, Specimen
from jiugong.screening.queries import rounds

A_DAY = timedelta(days=1)
LATELY = timedelta(days=30)                  # further back nobody looks for the last evidence
LONGEST_NUMBER = 9                           # digits of a round's or a grid's number in a URL


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the board asks: `of` as it stands in the URL, its window, and the asking itself, narrowed at will.

    It is asked of people, or of units or places: then `subject` says so, and its end are not names but things.
    """

    of: str
    title: str                               # in the reader's language
    titles: Mapping[str, str] = field(default_factory=dict)      # by language, for messages that others will read
    subject: str = "person"
    evidence: str = ""                       # the kind of evidence that a duty asks for
    day: date
    opens_at: datetime
    closes_at: datetime
    last_at: datetime                        # the last moment that still counts
    at: datetime
    asked: Callable[..., Asked]
    owed: Callable[[], QuerySet[Any]]        # who or what owes it at all, in the whole reach
    whom: Hashable = None                    # two questions that mean the same by this are owed by the same

    @property
    def is_late(self) -> bool:
        """Has its window closed? Then whoever is missing is late."""
        return self.at > self.last_at

    @property
    def is_duty(self) -> bool:
        """Is it a duty, not a round? Then pages do not speak of tests."""
        return self.of.startswith("duty:")

    @cached_property
    def is_owed(self) -> bool:
        """Does anybody or anything owe it? A page asks more than once."""
        return self.owed().order_by().exists()

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
    enterprises: tuple[int, ...] = ()        # what lies in it, so that it glows with what concerns them


def questions_of(actor: Actor, park: Park, at: datetime) -> list[Question]:
    """Everything that the board can be asked at a moment: rounds first, then the duties in force of people and things."""
    found = [_of_round(actor, park, each, at) for each in rounds.rounds_at(park, at)]
    due = [_of_duty(actor, park, each, at) for each in duties.due_at(park, at)]
    return found + sorted(due, key=lambda each: each.subject != "person")


def recent_questions(actor: Actor, park: Park, at: datetime) -> list[Question]:
    """Everything that has opened and closed no longer than a day ago: of this people are still reminded."""
    opened = rounds.with_targets(Round.objects.filter(park=park, opens_at__lte=at, closes_at__gte=at - A_DAY)).order_by("number")
    due = [each for each in duties.due_at(park, at) if each.window.start <= at and each.window.end >= at - A_DAY]
    return [_of_round(actor, park, each, at) for each in opened] + [_of_duty(actor, park, each, at) for each in due]


def owing(questions: Iterable[Question]) -> list[Question]:
    """Those of which somebody or something owes anything; most duties are owed by the same people, who are looked for once."""
    listed, found = list(questions), dict[Hashable, bool]()
    for each in listed:
        key = each.whom or each.of
        if key not in found:
            found[key] = each.is_owed
    return [each for each in listed if found[each.whom or each.of]]


def question_for(actor: Actor, park: Park, of: str, at: datetime,
                 among: Iterable[Question] | None = None) -> Question | None:
    """The question a URL names, or the first there is; None in a park that owes nothing yet. Raises QuestionUnknown.

    `among` are the questions of the moment, where they were asked for already.
    """
    known = list(questions_of(actor, park, at) if among is None else among)
    if not of:
        return next(iter(known), None)
    if found := next((each for each in known if each.of == of), None):
        return found
    kind, _colon, key = of.partition(":")
    if kind == "round" and key.isdecimal() and len(key) <= LONGEST_NUMBER:
        return _of_round(actor, park, rounds.round_for(actor, park, int(key)), at)
    if kind == "duty":
        duties.due_for(park, key, at)                              # says which duties there are, where this is none
    raise QuestionUnknown(of=of)


def _of_round(actor: Actor, park: Park, the_round: Round, at: datetime) -> Question:
    reach = actor.reach(Can.SEE_BOARD)
    return Question(of=f"round:{the_round.number}", title=_("Round %(number)s") % {"number": the_round.number},
                    titles={"zh-hans": f"第{the_round.number}轮", "en": f"Round {the_round.number}"}, day=the_round.day,
                    opens_at=the_round.opens_at, closes_at=the_round.closes_at, last_at=the_round.closes_at, at=at,
                    asked=lambda **only: rounds.asked_by(the_round, at, reach, **only),
                    owed=lambda: rounds.owed_in(the_round, reach))


def _of_duty(actor: Actor, park: Park, due: duties.Due, at: datetime) -> Question:
    reach, title = actor.reach(Can.SEE_BOARD), due.rule.title
    return Question(of=f"duty:{due.rule.key}", title=in_language(title), titles={"zh-hans": title.zh_hans, "en": title.en},
                    subject=due.rule.subject, evidence=due.rule.evidence, day=due.rule.day, opens_at=due.window.start,
                    closes_at=due.window.end, last_at=due.window.closes_at - timedelta(microseconds=1), at=at,
                    asked=lambda **only: duties.asked_by(park, due, at, reach, **only),
                    owed=lambda: owed_by(park, due.rule, reach), whom=(due.rule.subject, repr(due.rule.who), due.rule.day))


# squares ------------------------------------------------------------------------------------------------------------

def grids(question: Question, park: Park, actor: Actor) -> list[Square]:
    """The park's grids as squares; enterprises that lie in none come last, together."""
    by_enterprise = question.asked().coverage_by("enterprise_id")
    grid_of = grids_on(park, question.day)
    covered: dict[int | None, Coverage] = {}
    inside: dict[int | None, list[int]] = {}
    for enterprise, one in by_enterprise.items():
        grid = grid_of.get(enterprise)
        key = grid.pk if grid else None
        covered[key] = covered.get(key, Coverage()) + one
        inside.setdefault(key, []).append(enterprise)
    shown = [grid for grid in grids_of(park) if grid.pk in covered or _sees(actor, grid)]
    leaders = answering_over(shown, question.day)
    squares = [Square(thing=grid, name=grid.name, covered=covered.pop(grid.pk, Coverage()),
                      answering=tuple(leaders.get(grid.pk, ())), enterprises=tuple(inside.get(grid.pk, ())))
               for grid in shown]
    rest = sum(covered.values(), Coverage())
    return squares + ([Square(thing=None, name="", covered=rest, enterprises=tuple(inside.get(None, ())))] if rest.owed else [])


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
                   answering=tuple(answering.get(unit.pk, ())),
                   enterprises=(unit.pk,) if opens else ()) for unit in units]


def _name(unit: Unit) -> str:
    in_workshop = unit.kind == "team" and unit.parent and unit.parent.kind == "workshop"
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


def last_done(question: Question, people: Iterable[int]) -> dict[int, datetime]:
    """When each of some people was sampled last, or showed last what the duty asks for."""
    wanted = list(people)
    if not question.evidence or question.evidence == "specimen":
        return dict(Specimen.objects.filter(person_id__in=wanted, sampled_at__lte=question.at).order_by("sampled_at")
                    .values_list("person_id", "sampled_at"))
    return dict(Evidence.objects.filter(person_id__in=wanted, kind__in=meeting(question.evidence), valid=True,
                                        happened_at__lte=question.at, happened_at__gt=question.at - LATELY)
                .order_by("happened_at").values_list("person_id", "happened_at"))


@dataclass(frozen=True, kw_only=True)
class Curve:
    """How many specimens each hour of a round brought, and when it will be done at the pace of the last hour."""

    hours: list[tuple[int, int]]
    done_at: datetime | None


def curve_of(actor: Actor, park: Park, question: Question, missing: int) -> Curve | None:
    """A round's hours until now, of the people of the actor's part; None for what is no round."""
    if not question.of.startswith("round:"):
        return None
    start, end = days.bounds(question.day, park.zone)
    number = int(question.of[len("round:"):])
    taken = rounds.people_taken(park, number).filter(sampled_at__lte=question.at)
    if not actor.may(Can.SEE_BOARD, over=park):
        mine = roster_on(park, question.day, actor.reach(Can.SEE_BOARD))
        taken = taken.filter(person__in=mine.values("person"))
    hours = _by_hour(taken.filter(sampled_at__gte=start, sampled_at__lt=end), start, question)
    done_at = None
    if not question.is_late and missing and question.at > question.opens_at:
        lately = taken.filter(sampled_at__gt=max(question.at - HOUR, question.opens_at), again=False).count()
        done_at = forecast(missing=missing, taken=lately, opens_at=question.opens_at, at=question.at)
    return Curve(hours=[((start + HOUR * number).astimezone(park.zone).hour, count) for number, count in hours], done_at=done_at)


def _by_hour(taken: QuerySet[Specimen], start: datetime, question: Question) -> list[tuple[int, int]]:
    """How many were taken in each hour from the first to the last that has any, counted from a moment.

    One look at each swab counts those of the round's own hours. Only where some lie outside of them it is asked where.
    """
    opened = max((question.opens_at - start) // HOUR, 0)
    own = range(opened, min(max((min(question.closes_at, question.at) - start) // HOUR, opened), opened + A_DAY // HOUR) + 1)
    counted, every = _counted(taken, start, own)
    if sum(counted.values()) < every:
        ends = taken.order_by().aggregate(first=Min("sampled_at"), last=Max("sampled_at"))
        counted, _every = _counted(taken, start, range((ends["first"] - start) // HOUR, (ends["last"] - start) // HOUR + 1))
    any_in = [number for number, count in counted.items() if count]
    return [(number, counted[number]) for number in range(any_in[0], any_in[-1] + 1)] if any_in else []


def _counted(taken: QuerySet[Specimen], start: datetime, hours: range) -> tuple[dict[int, int], int]:
    """How many were taken in each of some hours, counted from a moment, and how many there are at all."""
    found = taken.order_by().aggregate(every=Count("pk"), **{f"hour_{number}": Count("pk", filter=Q(
        sampled_at__gte=start + HOUR * number, sampled_at__lt=start + HOUR * (number + 1))) for number in hours})
    return {number: found[f"hour_{number}"] for number in hours}, found["every"]
