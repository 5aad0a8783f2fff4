"""The doors: the only way from an id in a URL to a row. What is hidden and what does not exist look the same."""

from uuid import UUID

from django.db.models import Q, QuerySet

from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import tidy_title
from jiugong.registry.errors import NotHere, ParkUnclear, ParkUnknown
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.registry.queries.people import whereabouts

NOBODY = UUID(int=0)                         # what is no id at all finds nobody


def parks_seen(actor: Actor) -> QuerySet[Park]:
    """The parks in which the actor may do anything at all, by name."""
    branches = {branch for roots in actor.powers.values() for branch in roots}
    if EVERYTHING in branches:
        return Park.objects.order_by("name")
    return Park.objects.filter(pk__in={int(branch.split("/")[1]) for branch in branches}).order_by("name")


def park_for(actor: Actor, name_or_uid: str | UUID) -> Park:
    """The park of this name or id. Raises ParkUnknown."""
    uid = _uid(name_or_uid)
    wanted = Q(uid=uid) if uid else Q(name=tidy_title(str(name_or_uid)))
    park = parks_seen(actor).filter(wanted).first()
    if park is None:
        raise ParkUnknown(park=str(name_or_uid))
    return park


def park_meant(actor: Actor, named: str) -> Park:
    """The park that a program names, or the only one that it sees. Raises ParkUnknown, ParkUnclear."""
    if named:
        return park_for(actor, named)
    seen = list(parks_seen(actor)[:2])
    if len(seen) != 1:
        raise ParkUnclear(count=parks_seen(actor).count())
    return seen[0]


def person_for(actor: Actor, uid: str | UUID, power: Can = Can.SEE_PEOPLE) -> Person:
    """The person with this id. Raises NotHere."""
    person = Person.objects.filter(uid=_uid(uid) or NOBODY).select_related("park").first()
    if person is None or not actor.may(power, over=whereabouts(person)):
        raise NotHere()
    return person


def unit_for(actor: Actor, uid: str | UUID, power: Can = Can.SEE_BOARD) -> Unit:
    """The unit with this id. Raises NotHere."""
    unit = Unit.objects.filter(uid=_uid(uid) or NOBODY).select_related("park", "parent", "enterprise", "site").first()
    if unit is None or not actor.may(power, over=unit):
        raise NotHere()
    return unit


def place_for(actor: Actor, pk: int, power: Can = Can.SEE_BOARD) -> Place:
    """The place with this number. Raises NotHere."""
    place = Place.objects.filter(pk=pk).select_related("park", "parent").first()
    if place is None or not actor.may(power, over=place):
        raise NotHere()
    return place


def _uid(text: str | UUID) -> UUID | None:
    if isinstance(text, UUID):
        return text
    try:
        return UUID(text)
    except ValueError:
        return None
