"""Whose rows of incidents somebody sees: those of the people whose whereabouts lie on his branches."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.people import is_whole, people_seen, within
from jiugong.tracing.models import Case, Contact, Incident, Member, Order

Row = TypeVar("Row", bound=Model)
PEOPLE = (Member, Case, Contact, Order)


def sees_whole(actor: Actor, park: Park) -> bool:
    """Does the actor see the incidents of the whole park?"""
    return is_whole(park, actor.reach(Can.SEE_INCIDENTS))


def those_seen(actor: Actor, park: Park, rows: QuerySet[Row], path: str = "who__person") -> QuerySet[Row]:
    """The rows of people whom the actor sees; somebody whom no roster knows is seen by whoever sees the whole park."""
    if sees_whole(actor, park):
        return rows
    return rows.filter(**{f"{path}__in": people_seen(actor, park, Can.SEE_INCIDENTS).values("pk")})


def incidents_seen(actor: Actor, park: Park, rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """The incidents in which somebody stands whom the actor sees, or that began with people of his."""
    if sees_whole(actor, park):
        return rows
    people = people_seen(actor, park, Can.SEE_INCIDENTS).values("pk")
    concerned = Q(within(actor.reach(Can.SEE_INCIDENTS)))
    for model in PEOPLE:
        concerned |= Q(Exists(model._default_manager.filter(incident=OuterRef("pk"), who__person__in=people)))
    return rows.filter(concerned)
