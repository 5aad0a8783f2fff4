"""Who is excused from what, and until when."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from jiugong.duties.models import Excuse
from jiugong.duties.queries.evidence import seen_by
from jiugong.duties.queries.subjects import rooted, subject_of
from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.people import EVERYWHERE, roster_on

ON_SITE = "on_site"                          # the excuse of who works from home: from whatever is owed on site
EXCUSE_STATES = ("now", "to_come", "over")


def excused_people(park_id: int, duty: str, at: datetime) -> QuerySet[Excuse]:
    """Rows with a `person_id` of everybody who is excused from a round at a moment, or works from home."""
    return excuses_from(park_id, duty, at, on_site=True).filter(person__isnull=False)


def excuses_of(person_id: int, at: datetime) -> QuerySet[Excuse]:
    """The excuses of one person that hold at a moment."""
    return Excuse.objects.filter(holding(at), person_id=person_id).order_by("until_at")


def excuse_for(actor: Actor, pk: int) -> Excuse:
    """The only door from a number in a URL to an Excuse. Raises NotHere."""
    given = Excuse.objects.filter(pk=pk).select_related("park", "person__park", "unit", "place").first()
    if given is None:
        raise NotHere()
    if not actor.may(Can.EXCUSE, over=rooted(subject_of(given))):
        raise NotHere()
    return given


def excuses_from(park_id: int, duty: str, at: datetime, *, on_site: bool = False) -> QuerySet[Excuse]:
    """The excuses from one duty, or from all, that hold at a moment; on site, also of who works from home."""
    named = Q(duty="") | Q(duty=duty) | (Q(duty=ON_SITE) if on_site else Q())
    return Excuse.objects.filter(holding(at), named, park_id=park_id)


def holding(at: datetime) -> Q:
    """An excuse holds from its first moment until just before its last, or until it was withdrawn."""
    return Q(since_at__lte=at, until_at__gt=at) & (Q(withdrawn_at=None) | Q(withdrawn_at__gt=at))


def excuses_listed(actor: Actor, park: Park, at: datetime, *, state: str = "", duty: str = "", text: str = "") -> QuerySet[Excuse]:
    """The excuses of a park as far as the actor may see them, those that end last first. Raises NotAllowed."""
    actor.must_somewhere(Can.SEE_PEOPLE, within=park)
    rows = Excuse.objects.filter(seen_by(actor, park, Can.SEE_PEOPLE), park=park)
    if state == "now":
        rows = rows.filter(holding(at))
    elif state == "to_come":
        rows = rows.filter(since_at__gt=at, withdrawn_at=None)
    elif state == "over":
        rows = rows.filter(Q(until_at__lte=at) | Q(withdrawn_at__lte=at))
    if duty:
        rows = rows.filter(duty=duty)
    if text:
        rows = rows.filter(Q(person__name__icontains=text) | Q(unit__name__icontains=text) | Q(place__name__icontains=text)
                           | Q(reason__icontains=text))
    return rows.select_related("person", "unit__enterprise", "place").order_by("-until_at", "-pk")


def working_from_home(park: Park, at: datetime, reach: Sequence[str] = EVERYWHERE) -> QuerySet[Excuse]:
    """Who works from home at a moment: one excuse for each, the one that ends last."""
    mine = roster_on(park, days.day_of(at, park.zone), reach).values("person")
    rows = Excuse.objects.filter(holding(at), park=park, duty=ON_SITE)
    longest = rows.filter(person=OuterRef("person")).order_by("-until_at", "-pk").values("pk")[:1]
    return rows.filter(person__in=mine, pk=Subquery(longest)).select_related("person").order_by("person__name", "pk")
