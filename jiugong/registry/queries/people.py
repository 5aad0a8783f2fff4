"""Who is on the roster on a day, who may be seen by whom, and how people are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from jiugong.lib import clock, days, identifiers, secrets
from jiugong.lib.acting import EVERYTHING, Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import tidy_name
from jiugong.registry.models import (
    Assignment,
    Charge,
    Park,
    Person,
    Place,
    Posting,
    Unit,
    holds_on,
    id_index,
    phone_index,
    reaches,
)
from jiugong.registry.words import Status

SHORTEST_NAME = 1
EVERYWHERE = (EVERYTHING,)


@dataclass(frozen=True)
class Tree:
    """One of the two trees: its rows, and how every path in it begins."""

    model: type[Unit | Place]
    root: str


TREES = {"unit": Tree(Unit, "u/"), "place": Tree(Place, "p/")}


def within(reach: Sequence[str], path: str = "unit__path", *, park: Park | None = None) -> Q:
    """The rows that stand on one of these branches. An empty reach is nobody; the branch "" is everything.

    Where all rows are of one park, say which: who reaches the whole of it needs no question.
    """
    if EVERYTHING in reach or (park and is_whole(park, reach)):
        return Q()
    stem, _underlines, last = path.rpartition("__")
    tree = TREES.get(stem.rpartition("__")[2])
    inside = Q(pk__in=[])
    for branch in reach:
        if tree is None or branch.startswith(tree.root):
            inside |= Q(**{f"{last if tree else path}__startswith": branch})
    # a tree is small and its rows are many: find the branches in it once
    return Q(**{f"{stem}__in": tree.model._default_manager.filter(inside).values("pk")}) if tree else inside


def is_whole(park: Park, reach: Sequence[str]) -> bool:
    """Does a reach cover everything in a park?"""
    return all(branch.startswith(tuple(reach)) for branch in park.branches)


def today_in(park: Park) -> date:
    """The park's day at this moment."""
    return days.day_of(clock.now(), park.zone)


def roster_on(park: Park, day: date, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Posting]:
    """Who is on the roster on a day, whatever the status: one posting each. `reach` comes from `actor.reach`."""
    return Posting.objects.filter(holds_on(day), within(reach, park=park), park=park)


def on_duty(park: Park, day: date, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Posting]:
    """Who is on duty on a day: these people owe what the day asks for."""
    return roster_on(park, day, reach).filter(status=Status.ON_DUTY)


def assigned_on(park: Park, day: date, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Assignment]:
    """Where each person sleeps, eats and rides on a day."""
    return (Assignment.objects.filter(holds_on(day), within(reach, "place__path"), place__park=park)
            .select_related("person", "place").order_by("person_id", "kind"))


def posting_on(person: Person, day: date) -> Posting | None:
    """Where a person is posted on a day."""
    return Posting.objects.filter(holds_on(day), person=person).select_related("unit", "enterprise").first()


def assignments_of(person: Person, day: date) -> list[Assignment]:
    """A person's bed, table and bus on a day."""
    return list(Assignment.objects.filter(holds_on(day), person=person).select_related("place").order_by("kind"))


# who may be seen ----------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Whereabouts:
    """On which branches of the trees a person stands, so that powers over a branch are powers over the person."""

    branches: tuple[str, ...]


def whereabouts(person: Person, day: date | None = None) -> Whereabouts:
    """Where a person is posted or will be, and of what he is in charge; of somebody who has left, where he was last.

    Somebody with none of these stands at the root: only who runs the whole park reaches him.
    """
    now_on = reaches(day or today_in(person.park))
    posted = list(Posting.objects.filter(now_on, person=person).values_list("unit__path", flat=True))
    charges = Charge.objects.filter(now_on, person=person).values_list("unit__path", "place__path")
    branches = [*posted, *(path for pair in charges for path in pair if path)]
    if not branches:
        branches = list(_latest(person.pk).values_list("unit__path", flat=True)[:1]) or list(person.park.branches)
    return Whereabouts((*dict.fromkeys(branches), own_branch(person)))


def own_branch(person: Person) -> str:
    """The branch on which a person stands alone: a power over it is a power over himself and over nobody else."""
    return f"i/{person.park_id}/{person.pk}/"


def people_seen(actor: Actor, park: Park, power: Can = Can.SEE_PEOPLE) -> QuerySet[Person]:
    """Everybody in a park whom the actor may see: those whose `whereabouts` lie on one of his branches."""
    people = Person.objects.filter(park=park)
    reach, now_on = actor.reach(power), reaches(today_in(park))
    if is_whole(park, reach):
        return people
    posted = Posting.objects.filter(now_on, park=park)
    charged = Charge.objects.filter(now_on, park=park)
    return people.filter(
        Q(pk__in=posted.filter(within(reach)).values("person_id"))
        | Q(pk__in=charged.filter(within(reach) | within(reach, "place__path")).values("person_id"))
        | Q(pk__in=_left_from(park, reach, posted, charged)))


def _left_from(park: Park, reach: Sequence[str], posted: QuerySet[Posting], charged: QuerySet[Charge]) -> QuerySet[Person, int]:
    """Who has left, and was last on one of these branches; who was never anywhere stands at the root.

    Narrowed first to whoever ever was on them, so that the last posting is looked for among few.
    """
    was_here = Q(pk__in=Posting.objects.filter(within(reach), park=park).values("person_id"))
    last_here = Q(was_in__in=Unit.objects.filter(within(reach, "path"), park=park).values("pk"))
    if park.branches[1].startswith(tuple(reach)):
        was_here |= ~Q(pk__in=Posting.objects.filter(park=park).values("person_id"))
        last_here |= Q(was_in=None)
    gone = (Person.objects.filter(was_here, park=park).exclude(pk__in=posted.values("person_id"))
            .exclude(pk__in=charged.values("person_id")))
    was_in = Subquery(_latest(OuterRef("pk")).values("unit_id")[:1])
    return gone.annotate(was_in=was_in).filter(last_here).values_list("pk", flat=True)


def _latest(person: Any) -> QuerySet[Posting]:
    return Posting.objects.filter(person=person).order_by("-until", "-pk")


def search_people(actor: Actor, park: Park, text: str) -> QuerySet[Person]:
    """People by a part of the name, or by the whole ID number or phone. Numbers are found without opening any."""
    seen = people_seen(actor, park)
    bare = identifiers.folded(text).upper()
    if len(text.strip()) < SHORTEST_NAME:
        return seen.none()
    found = Q(name__icontains=tidy_name(text))
    if any(sign.isdigit() for sign in bare):
        ring = secrets.ring()
        phone = identifiers.read_phone(identifiers.folded(text))
        found |= Q(id_index=id_index(park, bare, ring))
        if not isinstance(phone, identifiers.Fault):
            found |= Q(phone_index=phone_index(park, phone, ring))
    return seen.filter(found).order_by("name", "pk")
