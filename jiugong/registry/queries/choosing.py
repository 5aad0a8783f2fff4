"""What a chooser offers while somebody types: units, grids and people within the actor's reach, never more than a few."""

from collections.abc import Collection
from datetime import date

from django.db.models import Case, IntegerField, Q, Value, When

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Park, Person, Place, Unit, holds_on
from jiugong.registry.queries.listed import must_see_some
from jiugong.registry.queries.people import search_people, today_in, within
from jiugong.registry.words import PlaceKind, UnitKind

MOST = 12
POSTED_TO = (UnitKind.ENTERPRISE, UnitKind.WORKSHOP, UnitKind.TEAM)


def units_to_choose(actor: Actor, park: Park, text: str, *, power: Can, kinds: Collection[str] = POSTED_TO,
                    day: date | None = None, most: int = MOST) -> list[Unit]:
    """The units of a day whose name, or whose enterprise's name before it, holds the text; those that begin so first."""
    reach = must_see_some(actor, park, power)
    units = Unit.objects.filter(holds_on(day or today_in(park)), within(reach, "path"), park=park, kind__in=list(kinds))
    for word in text.replace("/", " ").replace("·", " ").split():
        key = name_key(word)
        units = units.filter(Q(key__contains=key) | Q(enterprise__key__contains=key) | Q(parent__key__contains=key))
    begins = Case(When(key=name_key(text), then=Value(0)), When(key__startswith=name_key(text), then=Value(1)),
                  When(key__contains=name_key(text), then=Value(2)), default=Value(3), output_field=IntegerField())
    return list(units.select_related("enterprise", "parent", "park").annotate(nearness=begins)
                .order_by("nearness", "kind", "enterprise_id", "path")[:most])


def grounds_to_choose(actor: Actor, park: Park, text: str, *, power: Can, most: int = MOST) -> list[Place]:
    """The park and its grids whose name holds the text."""
    reach = must_see_some(actor, park, power)
    return list(Place.objects.filter(within(reach, "path"), park=park, kind__in=(PlaceKind.PARK, PlaceKind.GRID),
                                     key__contains=name_key(text)).order_by("pk")[:most])


def people_to_choose(actor: Actor, park: Park, text: str, *, most: int = MOST) -> list[Person]:
    """Whom the text finds by name, ID number or phone."""
    must_see_some(actor, park, Can.SEE_PEOPLE)
    return list(search_people(actor, park, text)[:most])


def way_to(unit: Unit) -> str:
    """A unit with what stands above it, because many teams are called the same."""
    above = [unit.parent.name] if unit.parent and unit.parent.kind == UnitKind.WORKSHOP else []
    firm = [unit.enterprise.name] if unit.enterprise and unit.enterprise_id != unit.pk else []
    return " · ".join((*firm, *above, unit.name))
