"""Who answers: the chain upward from a person, a unit or a place, and the things for which nobody answers.

Somebody answers by a charge, or by a leading post (`logic/words.LEADING_POSTS`) in a team or workshop.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from jiugong.registry.logic.words import LEADING_POSTS
from jiugong.registry.models import BodyMember, Charge, Park, Person, Place, Siting, Unit, holds_on
from jiugong.registry.queries.people import EVERYWHERE, posting_on, roster_on, within
from jiugong.registry.queries.units import enterprises_of, grids_of, grids_on, steps
from jiugong.registry.words import TIER_OF, PlaceKind, Role, Tier, UnitKind

WORKSHOP_POSTS = [post for post, role in LEADING_POSTS.items() if role == Role.WORKSHOP_LEADER]
ORDER = [role.value for role in Role]


@dataclass(frozen=True)
class Answering:
    """Somebody who answers: in which role, over what, on which of the three tiers."""

    person: Person
    role: Role
    over: str
    tier: Tier


@dataclass(frozen=True)
class _Found:
    answering: Answering
    unit_id: int | None
    place_id: int | None
    depth: int                               # further down is nearer; grids and the park stand above every unit


# the chain upward ---------------------------------------------------------------------------------------------------

def answering_for(units: Iterable[Unit], day: date) -> dict[int, list[Answering]]:
    """Who answers for each unit on a day, the nearest first, the park last. The number of queries does not grow."""
    units = list(units)
    if not units:
        return {}
    park_id = units[0].park_id
    sitings = _sitings({unit.enterprise_id for unit in units if unit.enterprise_id}, day)
    places = {place for pair in sitings.values() for place in pair if place}
    found = _found(park_id, {step for unit in units for step in steps(unit.path)}, places, day)
    by_unit, by_place = _by(found, "unit_id"), _by(found, "place_id")
    park_wide = [each for each in found if each.depth == 0]
    return {unit.pk: _in_order([
        *(each for step in steps(unit.path) for each in by_unit[step]),
        *(each for place in sitings.get(unit.enterprise_id or 0, ()) if place for each in by_place[place]),
        *park_wide]) for unit in units}


def answering_for_unit(unit: Unit, day: date) -> list[Answering]:
    """The chain of responsibility upward from a unit, in one query: the nearest first, the park last."""
    grids = Siting.objects.filter(holds_on(day), site__occupants=unit.enterprise_id or 0)
    sites = Place.objects.filter(occupants=unit.enterprise_id or 0)
    over = Q(charges__place__in=grids.values("grid_id")) | Q(charges__place__in=sites.values("pk"))
    return _in_order(_read(_people(unit.park_id, steps(unit.path), over, day)))


def answering_for_person(person: Person, day: date) -> list[Answering]:
    """The chain of responsibility upward from a person, from where he is posted that day; else the park alone."""
    posting = posting_on(person, day)
    if posting is None:
        return _in_order(_read(_people(person.park_id, [], Q(pk__in=[]), day)))
    return [each for each in answering_for_unit(posting.unit, day) if each.person.pk != person.pk]


def answering_for_place(place: Place, day: date) -> list[Answering]:
    """The chain upward from a place: whoever answers for it, for who sits there, for its grid, for the park."""
    way_up = steps(place.path)
    grids = Siting.objects.filter(holds_on(day), site__in=way_up)
    occupants = Unit.objects.filter(site__in=way_up, kind=UnitKind.ENTERPRISE)
    over = Q(charges__place__in=way_up) | Q(charges__place__in=grids.values("grid_id")) | Q(
        charges__unit__in=occupants.values("pk"))
    return _in_order(_read(_people(place.park_id, [], over, day)))


def _found(park_id: int, unit_ids: Iterable[int], place_ids: Iterable[int], day: date) -> list[_Found]:
    return _read(_people(park_id, list(unit_ids), Q(charges__place__in=list(place_ids)), day))


def _people(park_id: int, unit_ids: Sequence[int], over: Q, day: date) -> QuerySet[Person]:
    """Everybody in charge of these units, of what `over` says or of the park, and everybody who leads by his post."""
    whole_park = Q(charges__place__path=f"p/{park_id}/") | Q(charges__unit__path=f"u/{park_id}/")
    seat = BodyMember.objects.filter(holds_on(day), body=OuterRef("charges__body"), person=OuterRef("pk"))
    charged = Person.objects.filter(
        (Q(charges__unit__in=unit_ids) | over | whole_park) & holds_on(day, "charges__"), park=park_id).annotate(
        said=F("charges__role"), over_unit=F("charges__unit_id"), over_place=F("charges__place_id"),
        over_name=Coalesce("charges__unit__name", "charges__place__name"),
        over_path=Coalesce("charges__unit__path", "charges__place__path"),
        over_kind=Coalesce("charges__unit__kind", "charges__place__kind"),
        seated=Coalesce(Subquery(seat.values("tier")[:1]), Value("")))
    one_up = Q(postings__post__in=WORKSHOP_POSTS, postings__unit__kind=UnitKind.TEAM)
    here = Q(postings__post__in=list(LEADING_POSTS), postings__unit__in=unit_ids) & ~one_up
    led = here | (one_up & Q(postings__unit__parent__in=unit_ids))
    leading = Person.objects.filter(led & holds_on(day, "postings__"), park=park_id).annotate(
        said=F("postings__post"), over_unit=_led(one_up, "pk"), over_place=Value(None, BigIntegerField()),
        over_name=_led(one_up, "name"), over_path=_led(one_up, "path"), over_kind=_led(one_up, "kind"),
        seated=Value("", CharField()))
    return charged.union(leading, all=True)


def _led(one_up: Q, field: str) -> Case:
    """What somebody with a leading post leads: his own unit, or the workshop above a team for a workshop's leader."""
    return Case(When(one_up, then=F(f"postings__unit__parent__{field}")), default=F(f"postings__unit__{field}"))


def _read(people: QuerySet[Person]) -> list[_Found]:
    found = []
    for person in people:
        said, kind, path = person.said, person.over_kind, person.over_path          # type: ignore[attr-defined]
        role = Role(LEADING_POSTS.get(said, said))
        depth = 1 if kind == PlaceKind.GRID else 1 + len(steps(path)) if steps(path) else 0
        tier = Tier(person.seated) if person.seated else TIER_OF[role]              # type: ignore[attr-defined]
        found.append(_Found(Answering(person, role, person.over_name, tier),        # type: ignore[attr-defined]
                            person.over_unit, person.over_place, depth))            # type: ignore[attr-defined]
    return found


def _in_order(found: Iterable[_Found]) -> list[Answering]:
    """The nearest first, the park last; whoever was found twice for the same thing in the same role stands once."""
    nearest = sorted(found, key=lambda each: (-each.depth, ORDER.index(each.answering.role), each.answering.person.pk))
    once = {(each.answering.person.pk, each.answering.role, each.unit_id, each.place_id): each.answering
            for each in nearest}
    return list(once.values())


def _by(found: list[_Found], column: str) -> dict[int, list[_Found]]:
    by: dict[int, list[_Found]] = defaultdict(list)
    for each in found:
        if (key := getattr(each, column)) and each.depth:
            by[key].append(each)
    return by


def _sitings(enterprise_ids: set[int], day: date) -> dict[int, tuple[int | None, int | None]]:
    """The site of each enterprise and the grid in which it lies on a day."""
    rows = (Unit.objects.filter(pk__in=enterprise_ids)
            .annotate(sited=FilteredRelation("site__sitings", condition=Q(holds_on(day, "site__sitings__"))))
            .values_list("pk", "site_id", "sited__grid_id"))
    return {enterprise: (site, grid) for enterprise, site, grid in rows}


# nobody answers -----------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Unanswered:
    """The enterprises, grids and teams with people in them for which nobody answers directly."""

    enterprises: list[Unit]
    grids: list[Place]
    teams: list[Unit]
    more_teams: int = 0                      # how many are not listed, where only the first were asked for

    def __len__(self) -> int:
        return len(self.enterprises) + len(self.grids) + len(self.teams) + self.more_teams


def unanswered(park: Park, day: date, reach: Sequence[str] = EVERYWHERE, most_teams: int | None = None) -> Unanswered:
    """Every enterprise, grid and team with people on it that day for which nobody answers; of teams all, or the first."""
    roster = roster_on(park, day, reach).order_by()
    peopled = set(roster.values_list("enterprise_id", flat=True).distinct())
    staffed = set(roster.values_list("unit_id", flat=True).distinct())
    led = set(roster.filter(post__in=list(LEADING_POSTS)).values_list("unit_id", flat=True))
    charged = list(Charge.objects.filter(holds_on(day), park=park).values_list("unit_id", "place_id"))
    units, places = {unit for unit, _place in charged}, {place for _unit, place in charged}
    with_people = {grid.pk for enterprise, grid in grids_on(park, day).items() if grid and enterprise in peopled}
    teams = (Unit.objects.filter(within(reach, "path", park=park), kind=UnitKind.TEAM, pk__in=staffed - units - led)
             .select_related("parent", "enterprise").order_by("enterprise_id", "pk"))
    listed = list(teams[:most_teams])
    more = teams.count() - len(listed) if most_teams is not None and len(listed) == most_teams else 0
    return Unanswered(
        enterprises=list(enterprises_of(park, reach).filter(pk__in=peopled - units)),
        grids=list(grids_of(park, reach).filter(pk__in=with_people - places)),
        teams=listed, more_teams=more)
