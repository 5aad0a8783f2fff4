"""Spots and the codes that hang at them: scoped by whose place they are."""

from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park, Person, Place, Unit
from jiugong.registry.queries.people import is_whole, within
from jiugong.registry.queries.units import steps
from jiugong.tracing.errors import VenueCodeUnknown, VenueCodeWithdrawn
from jiugong.tracing.logic.venue_codes import Shown, is_genuine
from jiugong.tracing.models import Presence, Spot, VenueCode
from jiugong.tracing.words import Source

LEAVABLE = timedelta(hours=12)               # as long somebody may still say when he left


class Kept:
    """A spot as powers see it: on its place and with whoever sits there; of the park where its place is not known."""

    def __init__(self, spot: Spot) -> None:
        self.branches: tuple[str, ...] = Standing(spot.place).branches if spot.place else spot.park.branches


class Standing:
    """A place as powers see it: its own branch, and those of the enterprises whose site it is or lies on."""

    def __init__(self, place: Place) -> None:
        sitting = Unit.objects.filter(site__in=steps(place.path)).values_list("path", flat=True)
        self.branches: tuple[str, ...] = (*place.branches, *sitting)


def places_kept(actor: Actor, park: Park) -> QuerySet[Place]:
    """The places where somebody may hang a code: within his reach, or on the site of an enterprise within it."""
    reach = actor.reach(Can.KEEP_VENUES)
    if is_whole(park, reach):
        return Place.objects.filter(park=park)
    sites = Place.objects.filter(park=park, occupants__in=Unit.objects.filter(within(reach, "path"), park=park))
    on_site = Q(pk__in=[])
    for path in set(sites.values_list("path", flat=True)):
        on_site |= Q(path__startswith=path)
    return Place.objects.filter(within(reach, "path") | on_site, park=park)


def places_to_choose(actor: Actor, park: Park, text: str, most: int = 12) -> list[Place]:
    """Places whose name holds the text. Raises NotAllowed."""
    actor.must_somewhere(Can.KEEP_VENUES, within=park)
    rows = places_kept(actor, park).filter(key__contains=name_key(text))
    return list(rows.select_related("parent").order_by("path")[:most])


def spots_seen(actor: Actor, park: Park) -> QuerySet[Spot]:
    """The spots that somebody keeps. Raises NotAllowed."""
    actor.must_somewhere(Can.KEEP_VENUES, within=park)
    rows = Spot.objects.filter(park=park)
    if not is_whole(park, actor.reach(Can.KEEP_VENUES)):
        rows = rows.filter(place__in=places_kept(actor, park))
    return rows.select_related("place__parent", "park")


def spots_narrowed(rows: QuerySet[Spot], *, text: str, kind: str, has_code: str) -> QuerySet[Spot]:
    """Spots by words of their name or place, by kind, and by whether a code hangs there."""
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(place__name__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    open_code = Subquery(VenueCode.objects.filter(spot=OuterRef("pk"), withdrawn_at=None).values("seconds")[:1])
    rows = rows.annotate(seconds=open_code)
    if has_code:
        rows = rows.filter(seconds__isnull=has_code == "no")
    return rows.order_by("kind", "name")


def spot_for(actor: Actor, park: Park, pk: int) -> Spot:
    """The only door from a number in a URL to a spot. Raises NotHere."""
    found = Spot.objects.filter(park=park, pk=pk).select_related("place", "park").first()
    if found is None or not actor.may(Can.KEEP_VENUES, over=Kept(found)):
        raise NotHere()
    return found


def open_code(spot: Spot) -> VenueCode | None:
    """The code that hangs at a spot now."""
    return VenueCode.objects.filter(spot=spot, withdrawn_at=None).select_related("park", "spot__place").first()


def code_called(code: str) -> VenueCode:
    """A code by what stands in its picture, whoever asks. Raises VenueCodeUnknown, VenueCodeWithdrawn."""
    found = VenueCode.objects.filter(code=code).select_related("park", "spot__place").first()
    if found is None:
        raise VenueCodeUnknown()
    if found.withdrawn_at:
        raise VenueCodeWithdrawn(place=found.spot.name)
    return found


def code_shown(shown: Shown | None) -> VenueCode:
    """The code that somebody scanned, if we made its picture. Raises VenueCodeUnknown, VenueCodeWithdrawn."""
    if shown is None:
        raise VenueCodeUnknown()
    found = code_called(shown.code)
    if not is_genuine(shown, found.secret):
        raise VenueCodeUnknown()
    return found


def checked_in_of(person: Person, at: datetime) -> list[Presence]:
    """Where somebody checked in by himself in the last hours and has not said that he left, the latest first."""
    rows = Presence.objects.filter(who__person=person, source=Source.VENUE_CODE, assumed=True, entered_at__lte=at,
                                   entered_at__gt=at - LEAVABLE).exclude(client_id="")
    return list(rows.select_related("spot").order_by("-entered_at"))


