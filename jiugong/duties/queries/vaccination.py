"""Who is vaccinated, and who is asked first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from jiugong.duties.logic.health import doses_needed
from jiugong.duties.models import Evidence
from jiugong.duties.queries.owing import asked_by, due_at
from jiugong.duties.queries.parameters import parameters_on
from jiugong.registry.models import Park, Posting
from jiugong.registry.queries.coverage import Asked
from jiugong.registry.queries.people import EVERYWHERE, roster_on
from jiugong.rulebook.queries.owing import lives_in_dormitory


def in_priority(postings: QuerySet[Any], day: date) -> QuerySet[Any]:
    """People in the order in which they are asked: key posts, then dormitories, then everybody, by enterprise and team."""
    order = Case(When(key_post=True, then=Value(0)), When(sleeps_here=True, then=Value(1)), default=Value(2),
                 output_field=IntegerField())
    asked: QuerySet[Any] = postings.annotate(sleeps_here=lives_in_dormitory(day)).annotate(priority=order)
    return asked.order_by("priority", "enterprise__name", "unit__path", "person__name", "pk")


def vaccinated(park: Park, day: date, at: datetime, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Posting]:
    """Who of the roster of a day has had, by a moment, as many doses as the rules ask for."""
    needed = doses_needed(parameters_on(park, day))
    shown = Evidence.objects.filter(person=OuterRef("person"), kind="vaccination", valid=True, happened_at__lte=at,
                                    data__dose__gte=needed)
    return roster_on(park, day, reach).filter(Exists(shown))


def vaccinations_asked(park: Park, at: datetime, reach: tuple[str, ...] = EVERYWHERE) -> list[Asked]:
    """Every duty of people to be vaccinated, as a question; none where no rule asks for it."""
    return [asked_by(park, due, at, reach) for due in due_at(park, at)
            if due.rule.evidence == "vaccination" and due.rule.subject == "person"]


def vaccination_missing(park: Park, day: date, at: datetime, reach: tuple[str, ...] = EVERYWHERE) -> QuerySet[Posting]:
    """Who owes a vaccination and has shown none, those who are asked first at the top."""
    missing = Q(pk__in=[])
    for asked in vaccinations_asked(park, at, reach):
        missing |= Q(pk__in=asked.missing().values("pk"))
    return in_priority(Posting.objects.filter(missing), day)
