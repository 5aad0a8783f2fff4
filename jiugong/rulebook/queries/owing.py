"""Who is meant by a rule: its conditions put to our tables. Duties, the impact of a release and tiers ask the same way."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiugong.lib.acting import EVERYTHING
from jiugong.policy import Comparison, Condition, DutyInForce, Selector
from jiugong.registry.models import Assignment, Park, Place, Posting, Unit, holds_on
from jiugong.registry.queries.people import within
from jiugong.registry.words import PlaceKind
from jiugong.rulebook.queries.facts import FACTS_OF_ENTERPRISES, enterprises_with_facts

# Where the facts that a rule may name stand in our tables. `in_dormitory` is a question of its own, and the facts of
# an enterprise are asked of its enterprise: queries/facts.py.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "person": {"status": "status", "shift": "shift", "post": "post", "key_post": "key_post",
               "enterprise_kind": "enterprise__enterprise_kind", "arrived_on": "arrived_on",
               "in_dormitory": "in_dormitory"},
    "unit": {"kind": "kind", "enterprise_kind": "enterprise_kind"},
    "place": {"kind": "kind"},
}
NEVER_EMPTY = ("arrived_on", "key_post", "in_dormitory")        # columns that hold no text
LOOK_UPS = {Comparison.IS: "", Comparison.IN: "__in", Comparison.AT_LEAST: "__gte", Comparison.AT_MOST: "__lte"}


def owing(park: Park, rule: DutyInForce, reach: tuple[str, ...] = (EVERYTHING,)) -> QuerySet[Any]:
    """The rows that owe a duty on its day: postings of people, units or places."""
    rows = subjects(park, rule.subject, rule.day, reach)
    if any(one.fact == "in_dormitory" for one in rule.who.conditions):
        rows = rows.annotate(in_dormitory=lives_in_dormitory(rule.day))
    return rows.filter(as_query(rule.who, rule.subject, park, rule.day))


def subjects(park: Park, subject: str, day: date, reach: tuple[str, ...] = (EVERYTHING,)) -> QuerySet[Any]:
    """Every row that could owe a duty with this subject on a day: the roster, the units or the places."""
    if subject == "person":
        return Posting.objects.filter(holds_on(day), within(reach, "unit__path", park=park), park=park)
    rows: QuerySet[Any] = (Unit if subject == "unit" else Place).objects.filter(park=park)
    return rows.filter(within(reach, "path", park=park))


def as_query(who: Selector, subject: str, park: Park, day: date) -> Q:
    """The conditions of a rule put to our tables. An absent fact meets only `exists: false`, as in the pack."""
    own = [one for one in who.conditions if one.fact not in FACTS_OF_ENTERPRISES]
    query = _all_of((one, COLUMNS[subject][one.fact]) for one in own)
    if len(own) < len(who.conditions):
        asked = _all_of((one, one.fact) for one in who.conditions if one.fact in FACTS_OF_ENTERPRISES)
        query &= Q(enterprise__in=enterprises_with_facts(park, day).filter(asked).values("pk"))
    return query


def _all_of(conditions: Iterable[tuple[Condition, str]]) -> Q:
    query = Q()
    for one, column in conditions:
        query &= _condition(one, column)
    return query


def _condition(one: Condition, column: str) -> Q:
    absent = Q(**{f"{column}__isnull": True})
    if not isinstance(one.needed, bool | date) or one.comparison is Comparison.EXISTS:
        absent |= Q(**{column: ""}) if column not in NEVER_EMPTY else Q()
    if one.comparison is Comparison.EXISTS:
        return ~absent if one.needed else absent
    if one.comparison in (Comparison.IS_NOT, Comparison.NOT_IN):
        opposite = Q(**{f"{column}{'__in' if one.comparison is Comparison.NOT_IN else ''}": one.needed})
        return ~opposite & ~absent
    return Q(**{f"{column}{LOOK_UPS[one.comparison]}": one.needed})


def lives_in_dormitory(day: date) -> Exists:
    """Has the person of a posting a bed on this day?"""
    return Exists(Assignment.objects.filter(holds_on(day), kind=PlaceKind.DORM_ROOM, person=OuterRef("person")))
