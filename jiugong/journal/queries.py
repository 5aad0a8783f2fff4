"""Asking the journal: entries of a park, looks at a person."""

from django.db.models import QuerySet

from jiugong.journal.models import Entry, LookUp
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person


def entries_of(actor: Actor, park: Park) -> QuerySet[Entry]:
    """What was done in a park, newest first."""
    actor.must(Can.READ_JOURNAL, over=park)
    return Entry.objects.filter(park=park).order_by("-at", "-pk")


def look_ups_of(actor: Actor, park: Park) -> QuerySet[LookUp]:
    """Who looked at whom in a park, newest first."""
    actor.must(Can.READ_JOURNAL, over=park)
    return LookUp.objects.filter(park=park).select_related("person").order_by("-at", "-pk")


def looks_at(actor: Actor, person: Person) -> QuerySet[LookUp]:
    """Who looked at one person, newest first. The caller has come through the person's own door."""
    return LookUp.objects.filter(person=person).order_by("-at", "-pk")
