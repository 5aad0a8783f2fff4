"""Asking the journal: entries of a park, looks at a person."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from jiugong.journal.models import Entry, LookUp
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person

GIVES_KEYS = ("user.created", "user.password_set", "second_factor.reset", "link.made")


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


def moments_of(rows: QuerySet[LookUp]) -> QuerySet[LookUp, datetime]:
    """When looks were, the latest first: a page is of moments, so that only its own looks are put together."""
    return rows.order_by("-at").values_list("at", flat=True).distinct()


def looks_together(rows: QuerySet[LookUp]) -> QuerySet[Any, Any]:
    """One row for each look: an export looks at everybody at once, and shall not hide the others."""
    return (rows.order_by().values("at", "actor", "actor_name", "fields", "reason")
            .annotate(people=Count("pk"), one=Min("person_id")).order_by("-at", "actor"))


def on_day(rows: QuerySet[Any], day: date, park: Park) -> QuerySet[Any]:
    """The rows of one park day."""
    first, after = days.bounds(day, park.zone)
    return rows.filter(at__gte=first, at__lt=after)


def at_moment(rows: QuerySet[LookUp], moment: datetime) -> QuerySet[LookUp]:
    """Everybody at whom one look was."""
    return rows.filter(at=moment)


def verbs_of(park: Park) -> list[str]:
    """The verbs that occur in a park's journal."""
    return list(Entry.objects.filter(park=park).order_by("verb").values_list("verb", flat=True).distinct())


def actors_of(rows: QuerySet[Any]) -> list[tuple[str, str]]:
    """Who occurs in entries or looks: key and name, by name. Somebody renamed stands under the later name."""
    named = dict(rows.order_by("actor_name").values_list("actor", "actor_name").distinct())
    return sorted(named.items(), key=lambda pair: pair[1])


def people_called(park: Park, keys: Iterable[int]) -> dict[int, Person]:
    """The people of whom entries speak, by number."""
    return Person.objects.filter(park=park).in_bulk(list(keys))


def last_deeds_of(park_id: int, keys: Iterable[str]) -> dict[str, datetime]:
    """When each of these actors last did something in a park, as far as the journal knows."""
    return dict(Entry.objects.filter(park=park_id, actor__in=list(keys), at__lte=clock.now()).values_list("actor")
                .annotate(at=Max("at")).order_by())


def may_be(user: str, since: datetime) -> set[str]:
    """Everybody who may sign in as a user: he himself, who held what opens his account since then (made it, its password, its
    link, or let a new factor in), and who held what opens theirs.
    """
    found, asked = {user}, {user}
    while asked:
        given = Entry.objects.filter(subject__in=asked, actor__startswith="user:", at__gt=since, verb__in=GIVES_KEYS)
        asked = set(given.values_list("actor", flat=True)) - found
        found |= asked
    return found


def last_looks_of(park_id: int, keys: Iterable[str]) -> dict[str, datetime]:
    """When each of these actors last looked at somebody's number in full."""
    numbers = Q(fields__contains="id_number") | Q(fields__contains="phone")
    return dict(LookUp.objects.filter(numbers, park=park_id, actor__in=list(keys), at__lte=clock.now()).values_list("actor")
                .annotate(at=Max("at")).order_by())
