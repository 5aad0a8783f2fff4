"""One enterprise, one point, three officers: which enterprises of a size have no point, or no trained officer in a role.

From how many people on, which officers, and which kinds of enterprises need none, is said by the park's rules. Where they
are silent nobody owes a point.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from jiugong.policy import Parameter
from jiugong.registry.models import Charge, Park, Place, Unit, holds_on
from jiugong.registry.queries.people import EVERYWHERE, roster_on
from jiugong.registry.queries.units import enterprises_of, grids_on
from jiugong.rulebook.queries.releases import InForce, in_force, release_on, supplements_on
from jiugong.screening import questions
from jiugong.screening.logic.training import Trained, by_person, trained
from jiugong.screening.models import Point
from jiugong.screening.words import Lacking, PointKind

FROM_PEOPLE, OFFICERS, EXEMPT = "points.enterprise_from_people", "points.officers", "points.exempt_kinds"


@dataclass(frozen=True, kw_only=True)
class PointRule:
    """From how many people on an enterprise needs a point and which officers; the documents or assumptions behind it."""

    from_people: int
    officers: tuple[str, ...]
    exempt: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Officer:
    """Who holds a role in an enterprise, and whether the training of it counts on the day."""

    name: str
    trained: Trained


@dataclass(frozen=True, kw_only=True)
class Equipped:
    """An enterprise of that size: its people, its points, its officers by role, and what it lacks."""

    unit: Unit
    grid: Place | None
    people: int
    points: tuple[str, ...]
    officers: dict[str, tuple[Officer, ...]]
    lacking: tuple[str, ...]


def point_rule(park: Park, day: date) -> PointRule | None:
    """What the rules of a park say on a day; None where they are silent."""
    keys = (FROM_PEOPLE, OFFICERS, EXEMPT)
    held = in_force(release_on(park, day), day, supplements_on(park, day).filter(key__in=keys))
    said = {key: held[key] for key in keys if key in held and isinstance(held[key].rule, Parameter)}
    people = said[FROM_PEOPLE].dated.value if FROM_PEOPLE in said else None
    if not isinstance(people, int):
        return None
    return PointRule(from_people=people, officers=_texts(said, OFFICERS), exempt=_texts(said, EXEMPT),
                     basis=tuple(dict.fromkeys(str(each.dated.basis) for each in said.values())))


def _texts(said: dict[str, InForce], key: str) -> tuple[str, ...]:
    value = said[key].dated.value if key in said else ()
    return tuple(str(each) for each in value) if isinstance(value, tuple) else ()


def equipped(park: Park, day: date, reach: Sequence[str] = EVERYWHERE) -> list[Equipped]:
    """Every enterprise that needs a point on a day, those that lack most first: a flat number of questions."""
    rule = point_rule(park, day)
    if rule is None:
        return []
    counts = dict(roster_on(park, day, reach).order_by().values_list("enterprise").annotate(people=Count("pk")))
    units = [unit for unit in enterprises_of(park, reach, day) if unit.enterprise_kind not in rule.exempt
             and counts.get(unit.pk, 0) >= rule.from_people]
    points, officers, grids = _points(park, day), _officers(park, day, rule.officers), grids_on(park, day)
    found = [Equipped(
        unit=unit, grid=grids.get(unit.pk), people=counts[unit.pk], points=tuple(points[unit.pk]),
        officers={role: tuple(officers[unit.pk, role]) for role in rule.officers},
        lacking=_lacking(points[unit.pk], {role: officers[unit.pk, role] for role in rule.officers})) for unit in units]
    return sorted(found, key=lambda each: (-len(each.lacking), -each.people, each.unit.pk))


def short(park: Park, day: date, reach: Sequence[str] = EVERYWHERE) -> list[Equipped]:
    """Those that lack anything."""
    return [each for each in equipped(park, day, reach) if each.lacking]


def _lacking(points: Sequence[str], officers: dict[str, list[Officer]]) -> tuple[str, ...]:
    found = [] if points else [Lacking.POINT.value]
    for role, held in officers.items():
        if not held:
            found.append(role)
        elif not any(each.trained is Trained.YES for each in held):
            found.append(f"{role}_untrained")
    return tuple(found)


def _points(park: Park, day: date) -> dict[int, list[str]]:
    """The points that stand at each enterprise on a day, by the enterprise's number."""
    by_enterprise: dict[int, list[str]] = defaultdict(list)
    for enterprise, name in (Point.objects.filter(holds_on(day), park=park, kind=PointKind.ENTERPRISE, unit__isnull=False)
                             .order_by("name").values_list("unit__enterprise", "name")):
        by_enterprise[enterprise or 0].append(name)
    return by_enterprise


def _officers(park: Park, day: date, roles: Sequence[str]) -> dict[tuple[int, str], list[Officer]]:
    """Who holds these roles in each enterprise or a part of it on a day, each person once."""
    charges = Charge.objects.filter(holds_on(day), park=park, role__in=roles, unit__enterprise__isnull=False)
    known = by_person(questions.trainings(park.pk, charges.order_by().values_list("person", flat=True)))
    held: dict[tuple[int, str], dict[int, Officer]] = defaultdict(dict)
    for enterprise, role, person, name in charges.order_by("pk").values_list(
            "unit__enterprise", "role", "person", "person__name"):
        held[enterprise or 0, role][person] = Officer(name=name, trained=trained(known, person, role, day))
    found: dict[tuple[int, str], list[Officer]] = defaultdict(list)
    found.update({key: list(each.values()) for key, each in held.items()})
    return found
