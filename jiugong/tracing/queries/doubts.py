"""What is to be verified: seen but on no roster, on the roster but never seen, one phone or one bed of several people.

A line is named by what it is about and by everybody in it, so that one that was settled stays so until somebody joins it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Assignment, Park, Person, Place, Posting, Unit, holds_on
from jiugong.registry.queries.charges import Answering, answering_for
from jiugong.registry.queries.people import is_whole, on_duty, roster_on, search_people
from jiugong.registry.words import PlaceKind
from jiugong.tracing.models import Order, Presence, Pseudonym, Verified
from jiugong.tracing.stages import RESTRICTS
from jiugong.tracing.words import DoubtKind

WINDOW = 7                                   # days without any record after which somebody on duty is looked for
SEEN_FOR = 14                                # days back in which somebody unknown was seen


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """One line: of which kind, about what, who is in it (people of the roster, or a number in the history)."""

    kind: DoubtKind
    about: str
    people: tuple[int, ...] = ()
    unknown: int = 0                         # the primary key of a pseudonym whom no roster knows
    place: int = 0                           # of a bed
    bed: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.kind.value, self.about


@dataclass(kw_only=True)
class Line:
    """A doubt as it is read: names, unit, who answers, since when, and what was said of it."""

    doubt: Doubt
    people: list[Person] = field(default_factory=list)
    unknown: Pseudonym | None = None
    unit: Unit | None = None
    answering: Answering | None = None
    place: Place | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    stays: int = 0
    settled: Verified | None = None


def doubts_of(actor: Actor, park: Park, day: date, *, kind: str = "") -> list[Doubt]:
    """Every line within the actor's reach, in the order of the kinds. Raises NotAllowed."""
    actor.must_somewhere(Can.SEE_PEOPLE, within=park)
    reach = actor.reach(Can.SEE_PEOPLE)
    found: list[Doubt] = []
    if kind in ("", DoubtKind.UNKNOWN) and is_whole(park, reach):
        found += _unknown(park, day)
    if kind in ("", DoubtKind.NEVER_SEEN):
        found += _never_seen(park, day, reach)
    if kind in ("", DoubtKind.PHONE_SHARED):
        found += _phones(park, day, reach)
    if kind in ("", DoubtKind.BED_SHARED):
        found += _beds(park, day, reach)
    return found


def open_doubts(actor: Actor, park: Park, day: date, *, kind: str = "", settled: bool = False) -> list[Doubt]:
    """The lines that nobody has settled, or those that somebody has and that are still there."""
    done = settled_keys(park)
    return [each for each in doubts_of(actor, park, day, kind=kind) if (each.key in done) is settled]


def settled_keys(park: Park) -> set[tuple[str, str]]:
    return set(Verified.objects.filter(park=park).values_list("kind", "about"))


def said_of(doubts: Sequence[Doubt], actor: Actor, park: Park, text: str) -> list[Doubt]:
    """The lines in which somebody stands whom the text finds by name or number."""
    found = set(search_people(actor, park, text).values_list("pk", flat=True))
    return [each for each in doubts if found.intersection(each.people)]


def lines_of(park: Park, doubts: Sequence[Doubt], day: date) -> list[Line]:
    """These doubts as they are read; the number of queries does not grow with them."""
    people = Person.objects.in_bulk({pk for each in doubts for pk in each.people})
    posted = Posting.objects.filter(holds_on(day), person__in=people)
    postings = {each.person_id: each for each in posted.select_related("unit__park", "unit__enterprise", "unit__parent")}
    answering = answering_for({each.unit for each in postings.values()}, day)
    unknown = _seen(park, day, [each.unknown for each in doubts if each.unknown])
    places = Place.objects.select_related("parent").in_bulk({each.place for each in doubts if each.place})
    named = Verified.objects.filter(park=park, about__in=[each.about for each in doubts])
    settled = {(each.kind, each.about): each for each in named}
    lines = []
    for each in doubts:
        posting = next((postings[pk] for pk in each.people if pk in postings), None)
        who = unknown.get(each.unknown)
        lines.append(Line(
            doubt=each, people=[people[pk] for pk in each.people if pk in people], unknown=who, place=places.get(each.place),
            unit=posting.unit if posting else None, settled=settled.get(each.key),
            answering=next(iter(answering.get(posting.unit_id, ())), None) if posting else None,
            first_at=getattr(who, "first_seen", None), last_at=getattr(who, "last_seen", None), stays=getattr(who, "stays", 0)))
    return lines


def _unknown(park: Park, day: date) -> list[Doubt]:
    known = Person.objects.filter(park=park, id_index=OuterRef("id_index"))
    rows = Pseudonym.objects.filter(park=park, person=None).exclude(Exists(known))
    seen = Presence.objects.filter(who=OuterRef("pk"), entered_at__gte=_since(park, day, SEEN_FOR))
    return [Doubt(kind=DoubtKind.UNKNOWN, about=_about(pk), unknown=pk)
            for pk in rows.filter(Exists(seen)).order_by("pk").values_list("pk", flat=True)]


def _seen(park: Park, day: date, wanted: Sequence[int]) -> dict[int, Pseudonym]:
    if not wanted:
        return {}
    recent = Q(presences__entered_at__gte=_since(park, day, SEEN_FOR))
    rows = Pseudonym.objects.filter(pk__in=wanted).annotate(
        first_seen=Min("presences__entered_at", filter=recent), last_seen=Max("presences__left_at", filter=recent),
        stays=Count("presences", filter=recent))
    return {each.pk: each for each in rows}


def _never_seen(park: Park, day: date, reach: Sequence[str]) -> list[Doubt]:
    """On duty for the whole window, in no record of it; while nothing was imported for these days nobody is missing in it."""
    since = _since(park, day, WINDOW)
    records = Presence.objects.filter(park=park, entered_at__gte=since)
    if not records.exists():
        return []
    kept_in = Order.objects.filter(park=park, stage__in=RESTRICTS, who__person=OuterRef("person"))
    seen = records.filter(who__person=OuterRef("person"))
    first = day - timedelta(days=WINDOW - 1)
    rows = on_duty(park, day, reach).filter(since__lte=first).exclude(Exists(seen)).exclude(Exists(kept_in))
    return [Doubt(kind=DoubtKind.NEVER_SEEN, about=_about(pk), people=(pk,))
            for pk in rows.order_by("enterprise__name", "unit_id", "person__name").values_list("person_id", flat=True)]


def _phones(park: Park, day: date, reach: Sequence[str]) -> list[Doubt]:
    listed = roster_on(park, day)
    shared = (Person.objects.filter(postings__in=listed, phone_index__isnull=False).order_by().values("phone_index")
              .annotate(holders=Count("pk", distinct=True)).filter(holders__gt=1).values("phone_index"))
    holders = Person.objects.filter(park=park, postings__in=listed, phone_index__in=shared).distinct()
    by_phone: dict[bytes, list[int]] = defaultdict(list)
    for pk, index in holders.order_by("pk").values_list("pk", "phone_index"):
        by_phone[bytes(index or b"")].append(pk)
    return _in_reach(park, day, reach, [Doubt(kind=DoubtKind.PHONE_SHARED, about=_about(index.hex(), *people), people=tuple(people))
                                        for index, people in by_phone.items()])


def _beds(park: Park, day: date, reach: Sequence[str]) -> list[Doubt]:
    rows = Assignment.objects.filter(holds_on(day), place__park=park, kind=PlaceKind.DORM_ROOM).exclude(bed="")
    by_bed: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, bed, person in rows.filter(person__in=roster_on(park, day).values("person")).order_by("person_id").values_list(
            "place_id", "bed", "person_id"):
        by_bed[place, bed].append(person)
    return _in_reach(park, day, reach, [
        Doubt(kind=DoubtKind.BED_SHARED, about=_about(place, bed, *people), people=tuple(people), place=place, bed=bed)
        for (place, bed), people in by_bed.items() if len(people) > 1])


def _in_reach(park: Park, day: date, reach: Sequence[str], doubts: list[Doubt]) -> list[Doubt]:
    """Lines of which everybody is within reach: one with somebody of another enterprise in it is the park office's."""
    if is_whole(park, reach) or not doubts:
        return doubts
    mine = set(roster_on(park, day, reach).values_list("person_id", flat=True))
    return [each for each in doubts if mine.issuperset(each.people)]


def _since(park: Park, day: date, count: int) -> datetime:
    return days.bounds(day - timedelta(days=count - 1), park.zone)[0]


def _about(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def kinds_counted(doubts: Iterable[Doubt]) -> dict[str, int]:
    """How many lines of each kind."""
    counted = dict.fromkeys(DoubtKind.values, 0)
    for each in doubts:
        counted[each.kind.value] += 1
    return counted
