"""Whose badge is this: from what a camera read to a person, and which badges people hold."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import BadgeExpired, BadgeUnknown, BadgeWithdrawn, NotHere
from jiugong.registry.logic import badge_codes
from jiugong.registry.models import Badge, Park, Person, Posting, Unit
from jiugong.registry.queries.people import roster_on, whereabouts, within
from jiugong.registry.words import BadgeKind, UnitKind


def held_at(at: datetime) -> Q:
    """The badges that hold at a moment. A link holds until just before it ends."""
    return (Q(issued_at__lte=at) & (Q(withdrawn_at=None) | Q(withdrawn_at__gt=at))
            & (Q(expires_at=None) | Q(expires_at__gt=at)))


def person_of_code(park: Park, text: str) -> Person | None:
    """Whom a badge's code names in a park now; a forged, foreign, withdrawn or expired one names nobody."""
    return people_of_codes(park, [text]).get(text)


def people_of_codes(park: Park, texts: Iterable[str]) -> dict[str, Person]:
    """Whom each of these codes names in a park now, by the text as it was read. One query for any number."""
    codes = {text: shown.code for text in texts if (shown := badge_codes.read(text)) and _is_signed(shown, park)}
    if not codes:
        return {}
    held = Badge.objects.filter(held_at(clock.now()), park=park, code__in=set(codes.values()))
    people = {badge.code: badge.person for badge in held.select_related("person__park")}
    return {text: people[code] for text, code in codes.items() if code in people}


def badge_of_code(park: Park, text: str) -> Badge:
    """The badge that a code is, where it holds. Raises BadgeUnknown, BadgeWithdrawn, BadgeExpired."""
    read = badge_codes.read(text)
    if read is None or not _is_signed(read, park):
        raise BadgeUnknown()
    return _holding(Badge.objects.filter(park=park, code=read.code).select_related("person__park").first())


def badge_shown(text: str) -> Badge:
    """The badge, of whatever park, whose code somebody shows who is not signed in.

    Raises BadgeUnknown, BadgeWithdrawn, BadgeExpired.
    """
    read = badge_codes.read(text)
    badge = Badge.objects.filter(code=read.code).select_related("person__park", "park").first() if read else None
    if read is None or badge is None or not _is_signed(read, badge.park):
        raise BadgeUnknown()
    return _holding(badge)


def _is_signed(shown: badge_codes.Shown, park: Park) -> bool:
    return badge_codes.is_signed(shown, park=str(park.uid), ring=secrets.ring())


def _holding(badge: Badge | None) -> Badge:
    now = clock.now()
    if badge is None:
        raise BadgeUnknown()
    if badge.withdrawn_at and badge.withdrawn_at <= now:
        raise BadgeWithdrawn()
    if badge.expires_at and badge.expires_at <= now:
        raise BadgeExpired()
    return badge


def text_of(badge: Badge) -> str:
    """What is printed: `JG.<code>.<signature>`."""
    return f"JG.{address_of(badge)}"


def address_of(badge: Badge) -> str:
    """The last part of the badge's address: `<code>.<signature>`."""
    return f"{badge.code}.{badge_codes.signature_of(badge.code, park=str(badge.park.uid), ring=secrets.ring())}"


# whose badges -------------------------------------------------------------------------------------------------------

def badges_of(person: Person) -> QuerySet[Badge]:
    """The badges and links of a person, newest first. The caller has come through the person's door."""
    return Badge.objects.filter(person=person).select_related("park").order_by("-issued_at", "-pk")


def badge_for(actor: Actor, pk: int) -> Badge:
    """The only door from a number in a URL to a Badge. Raises NotHere."""
    badge = Badge.objects.filter(pk=pk).select_related("person__park", "park").first()
    if badge is None or not actor.may(Can.ISSUE_BADGES, over=whereabouts(badge.person)):
        raise NotHere()
    return badge


def badge_held(person: Person, kind: BadgeKind) -> Badge | None:
    """The badge or the link that a person holds now."""
    return badges_of(person).filter(held_at(clock.now()), kind=kind).first()


def people_in(actor: Actor, unit: Unit, day: date) -> QuerySet[Person]:
    """Everybody on the roster of a unit on a day to whom the actor may give a badge, team by team, by name."""
    posted = roster_on(unit.park, day, actor.reach(Can.ISSUE_BADGES)).filter(unit__path__startswith=unit.path)
    return Person.objects.filter(pk__in=posted.values("person_id")).annotate(
        team=Subquery(posted.filter(person=OuterRef("pk")).values("unit__path")[:1])).order_by("team", "name", "pk")


def holders_in(park: Park, day: date, reach: Sequence[str], at: datetime) -> QuerySet[Posting]:
    """Who is on the roster of a day and holds a badge at a moment."""
    held = Badge.objects.filter(held_at(at), person=OuterRef("person"), kind=BadgeKind.CARD)
    return roster_on(park, day, reach).filter(Exists(held))


def counted_by_path(rows: QuerySet[Posting]) -> dict[str, int]:
    """How many postings stand in each unit, by the unit's path: what stands below a unit is their sum."""
    counted = rows.order_by().values("unit__path").annotate(people=Count("pk"))
    return {row["unit__path"]: row["people"] for row in counted}


def units_for_badges(park: Park, reach: Sequence[str], below: Unit | None, text: str = "") -> QuerySet[Unit]:
    """The enterprises (or what else somebody's power begins with), or the workshops and teams of one of them."""
    units = Unit.objects.filter(within(reach, "path"), park=park).exclude(kind=UnitKind.PARK_OFFICE)
    if below:
        return units.filter(path__startswith=below.path).exclude(pk=below.pk).select_related("parent").order_by("path")
    units = units.filter(Q(kind=UnitKind.ENTERPRISE) | Q(path__in=list(reach)))
    return (units.filter(name__icontains=text) if text else units).order_by("path")
