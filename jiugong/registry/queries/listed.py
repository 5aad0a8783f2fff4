"""What the registry's lists show: the people of a day, enterprises with their head counts, bodies, charges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from jiugong.lib import secrets
from jiugong.lib.acting import EVERYTHING, Actor, NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.logic.facts import RosterFile, WorkerRow
from jiugong.registry.models import (
    Body,
    BodyMember,
    Charge,
    Park,
    Person,
    Posting,
    Unit,
    Upload,
    holds_on,
    id_index,
)
from jiugong.registry.queries.people import roster_on, search_people, today_in, within
from jiugong.registry.queries.uploads import UploadKind, uploads_of
from jiugong.registry.words import BodyKind, PlaceKind, UnitKind


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """How a list of people is narrowed: an enterprise or a team, a status, a shift; each may be missing."""

    unit: Unit | None = None
    status: str = ""
    shift: str = ""

    def __bool__(self) -> bool:
        return bool(self.unit or self.status or self.shift)

    def of(self, postings: QuerySet[Posting]) -> QuerySet[Posting]:
        """The postings that are left."""
        if self.unit:
            postings = postings.filter(unit__path__startswith=self.unit.path)
        if self.status:
            postings = postings.filter(status=self.status)
        return postings.filter(shift=self.shift) if self.shift else postings


def must_see_some(actor: Actor, park: Park, power: Can) -> tuple[str, ...]:
    """The branches of a park over which the actor holds a power. Raises NotAllowed where there are none."""
    mine = tuple(root for root in actor.reach(power)
                 if root == EVERYTHING or root.startswith(park.branches))
    if not mine:
        raise NotAllowed(actor=actor.name, power=power.value)
    return mine


# people -------------------------------------------------------------------------------------------------------------

def on_the_roster(actor: Actor, park: Park, day: date, narrowed: Narrowed) -> QuerySet[Posting]:
    """Who was on the roster on a day, enterprise by enterprise, team by team."""
    reach = must_see_some(actor, park, Can.SEE_PEOPLE)
    return (narrowed.of(roster_on(park, day, reach)).select_related("person", "unit__parent", "enterprise")
            .order_by("enterprise_id", "unit__path", "person__name", "pk"))


def found_people(actor: Actor, park: Park, text: str, day: date, narrowed: Narrowed) -> QuerySet[Person]:
    """Whom a search finds, also those who are not on that day's roster, unless the list is narrowed to it."""
    must_see_some(actor, park, Can.SEE_PEOPLE)
    found = search_people(actor, park, text)
    if not narrowed:
        return found
    return found.filter(Exists(narrowed.of(roster_on(park, day)).filter(person=OuterRef("pk"))))


def postings_on(park: Park, people: Iterable[Person], day: date) -> dict[int, Posting]:
    """Where each of these people is posted on a day."""
    rows = roster_on(park, day).filter(person__in=list(people)).select_related("unit__parent", "unit__enterprise", "enterprise")
    return {posting.person_id: posting for posting in rows}


def new_in(park: Park, file: RosterFile, most: int) -> list[WorkerRow]:
    """The first rows of a file that speak of somebody who has never been on the roster."""
    ring = secrets.ring()
    on_it = Person.objects.filter(park=park, id_index__isnull=False, postings__isnull=False)
    known = {bytes(index or b"") for index in on_it.values_list("id_index", flat=True).distinct()}
    new = (row for row in file.workers if id_index(park, row.id_number, ring) not in known)
    return [row for row, _number in zip(new, range(most), strict=False)]


def units_found(actor: Actor, park: Park, text: str, most: int) -> list[Unit]:
    """Enterprises, workshops and teams by a part of the name, within the actor's branches."""
    reach = must_see_some(actor, park, Can.SEE_PEOPLE)
    return list(Unit.objects.filter(within(reach, "path"), park=park, name__icontains=text)
                .exclude(kind=UnitKind.PARK_OFFICE).select_related("enterprise").order_by("path")[:most])


# enterprises --------------------------------------------------------------------------------------------------------

def head_counts(park: Park, day: date, reach: Sequence[str]) -> dict[int, int]:
    """How many people each enterprise has on its roster on a day."""
    rows = roster_on(park, day, reach).order_by().values("enterprise_id").annotate(people=Count("pk"))
    return {row["enterprise_id"]: row["people"] for row in rows}


# bodies and charges -------------------------------------------------------------------------------------------------

def bodies_on(actor: Actor, park: Park, day: date, *, kind: str = "", text: str = "") -> QuerySet[Body]:
    """The bodies of a park on a day with their members (`sitting`), narrowed to a kind and to a name of a body or member."""
    must_see_some(actor, park, Can.SEE_BOARD)
    members = BodyMember.objects.filter(holds_on(day)).select_related("person").order_by("pk")
    bodies = Body.objects.filter(holds_on(day), park=park)
    if kind:
        bodies = bodies.filter(kind=kind)
    if text:
        seated = members.filter(person__name__icontains=text, body=OuterRef("pk")).order_by()
        bodies = bodies.filter(Q(name__icontains=text) | Exists(seated))
    order = Case(*(When(kind=each, then=Value(number)) for number, each in enumerate(BodyKind.values)),
                 default=Value(len(BodyKind.values)), output_field=IntegerField())
    return bodies.order_by(order, "pk").prefetch_related(Prefetch("members", members, to_attr="sitting"))


def body_for(actor: Actor, park: Park, pk: int) -> Body:
    """The only door from a number in a URL to a body. Raises NotHere."""
    body = Body.objects.filter(park=park, pk=pk).select_related("park").first()
    if body is None or not actor.may(Can.KEEP_ROSTER, over=park):
        raise NotHere()
    return body


def seat_for(actor: Actor, park: Park, pk: int) -> BodyMember:
    """The only door from a number in a URL to a seat. Raises NotHere."""
    seat = BodyMember.objects.filter(body__park=park, pk=pk).select_related("body__park", "person").first()
    if seat is None or not actor.may(Can.KEEP_ROSTER, over=park):
        raise NotHere()
    return seat


def charges_on(actor: Actor, park: Park, day: date) -> QuerySet[Charge]:
    """Who answers for what on a day, within the actor's branches; whoever answers for the whole park is for all."""
    reach = must_see_some(actor, park, Can.SEE_BOARD)
    mine = Q() if EVERYTHING in reach else within(reach) | within(reach, "place__path") | Q(place__kind=PlaceKind.PARK)
    return (Charge.objects.filter(holds_on(day), mine, park=park)
            .select_related("person", "place", "unit__parent", "unit__enterprise", "body")
            .order_by(F("place_id").asc(nulls_last=True), "unit__enterprise_id", "unit__path", "pk"))


def charge_for(actor: Actor, park: Park, pk: int) -> Charge:
    """The only door from a number in a URL to a charge. Raises NotHere."""
    charge = charges_on(actor, park, today_in(park)).filter(pk=pk).first()
    if charge is None:
        raise NotHere()
    return charge


# files --------------------------------------------------------------------------------------------------------------

def waiting_uploads(actor: Actor, park: Park, at: datetime) -> list[Upload]:
    """The roster files that wait for somebody's yes, and those taken within a day; the latest first."""
    return uploads_of(actor, park, UploadKind.ROSTER, at)
