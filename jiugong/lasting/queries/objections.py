"""Asking about objections."""

from django.db.models import Q, QuerySet

from jiugong.lasting.models import Objection
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person


def objections_in(actor: Actor, park: Park) -> QuerySet[Objection]:
    """The objections of a park, the open ones first, by the day until which they are answered."""
    actor.must(Can.ANSWER_OBJECTIONS, over=park)
    return Objection.objects.filter(park=park).select_related("person").order_by("answered_at", "due_on", "number")


def objection_for(actor: Actor, park: Park, number: int) -> Objection:
    """The one door to an objection. Raises NotHere."""
    found = Objection.objects.filter(park=park, number=number).select_related("person", "park").first()
    if found is None or not actor.may(Can.ANSWER_OBJECTIONS, over=park):
        raise NotHere()
    return found


def narrowed(rows: QuerySet[Objection], *, text: str, state: str) -> QuerySet[Objection]:
    """Those that somebody looks for."""
    if text:
        rows = rows.filter(Q(person__name__icontains=text) | Q(text__icontains=text))
    return {"open": rows.filter(granted=None), "answered": rows.filter(granted__isnull=False)}.get(state, rows)


def own_objections(person: Person) -> QuerySet[Objection]:
    """Somebody's own objections, the latest first."""
    return Objection.objects.filter(person=person).order_by("-number")
