"""Who was where, as the store knows it: stays, beds and crews as the plain facts that `logic/contacts.py` reads."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from django.db.models import Q, QuerySet

from jiugong.registry.models import Assignment, Park, Posting
from jiugong.registry.words import PlaceKind, UnitKind
from jiugong.tracing.logic.contacts import FOR_EVER, LONG_AGO, Asked, Crew, Meeting, Rule, Stay, meetings
from jiugong.tracing.models import Presence, Spot

MOST_PARAMETERS = 5_000


def meetings_of(park: Park, asked: Sequence[Asked], rules: Sequence[Rule]) -> list[Meeting]:
    """Everybody who met one of those asked about, by these rules."""
    if not asked:
        return []
    since, until = min(each.since for each in asked), max(each.until for each in asked)
    mine = {each.who for each in asked}
    stays = stays_near(park, mine, rules, since, until)
    if any(rule.kind == PlaceKind.DORM_ROOM for rule in rules):
        stays += beds(park, since, until)
    crews = crews_of(park, since, until) if any(rule.same_crew for rule in rules) else []
    return meetings(asked, stays, rules, crews)


def stays_near(park: Park, who: set[int], rules: Sequence[Rule], since: int, until: int) -> list[Stay]:
    """The stays of these people in a window, and everybody's at the spots that are near to theirs by some rule."""
    spots = {spot.pk: spot for spot in Spot.objects.filter(park=park, kind__in={rule.kind for rule in rules})}
    halls = _halls(spots.values())
    mine = set(_presences(park, since, until, Q(who__number__in=who)).values_list("spot_id", flat=True))
    near = _near([spots[pk] for pk in mine if pk in spots], list(spots.values()), rules)
    found: list[Stay] = []
    for at in range(0, len(near), MOST_PARAMETERS):
        rows = _presences(park, since, until, Q(spot__in=near[at:at + MOST_PARAMETERS])).values_list(
            "who__number", "spot_id", "entered_at", "left_at", "source", "assumed")
        for number, spot_id, entered_at, left_at, source, assumed in rows.iterator():
            spot = spots[spot_id]
            found.append(Stay(who=number, kind=spot.kind, hall=halls[spot.kind, spot.hall], number=spot.number or 0,
                              entered=seconds(entered_at), left=seconds(left_at), spot=spot_id, source=source, assumed=assumed))
    return found


def beds(park: Park, since: int, until: int) -> list[Stay]:
    """Who sleeps in which dormitory room, as stays; the spot is the place's number below zero."""
    rows = Assignment.objects.filter(_dated(park, since, until), place__park=park, kind=PlaceKind.DORM_ROOM).values_list(
        "person__pseudonym__number", "place_id", "since", "until")
    return [Stay(who=number, kind=PlaceKind.DORM_ROOM.value, hall=-place, number=0, entered=_midnight(park, begun, LONG_AGO),
                 left=_midnight(park, over, FOR_EVER), spot=-place, source="roster")
            for number, place, begun, over in rows if number is not None]


def crews_of(park: Park, since: int, until: int) -> list[Crew]:
    """Who belongs to which crew: one enterprise, one team, one shift. Who is in no team is in no crew."""
    rows = Posting.objects.filter(_dated(park, since, until), park=park, unit__kind=UnitKind.TEAM).values_list(
        "person__pseudonym__number", "enterprise_id", "unit__key", "shift", "since", "until")
    numbers: dict[tuple[int, str, str], int] = {}
    return [Crew(who=number, crew=numbers.setdefault((enterprise, team, shift), len(numbers) + 1),
                 since=_midnight(park, begun, LONG_AGO), until=_midnight(park, over, FOR_EVER))
            for number, enterprise, team, shift, begun, over in rows if number is not None]


def seconds(moment: datetime) -> int:
    """A moment as whole seconds since 1970, in UTC."""
    return int(moment.timestamp())


def moment(at: int) -> datetime:
    """Whole seconds since 1970 as a moment."""
    return datetime.fromtimestamp(at, UTC)


def _presences(park: Park, since: int, until: int, which: Q) -> QuerySet[Presence]:
    return Presence.objects.filter(which, park=park, entered_at__lt=moment(until), left_at__gt=moment(since))


def _halls(spots: Iterable[Spot]) -> dict[tuple[str, str], int]:
    """A number for each hall: that of its first spot."""
    found: dict[tuple[str, str], int] = {}
    for spot in spots:
        key = spot.kind, spot.hall
        found[key] = min(found.get(key, spot.pk), spot.pk)
    return found


def _near(mine: Sequence[Spot], spots: Sequence[Spot], rules: Sequence[Rule]) -> list[int]:
    """The spots that are near to one of mine by some rule."""
    reach: dict[str, int] = {}
    for rule in rules:
        reach[rule.kind] = max(reach.get(rule.kind, 0), rule.farthest)
    wanted = {(spot.kind, spot.hall, number) for spot in mine
              for number in (range(spot.number - reach[spot.kind], spot.number + reach[spot.kind] + 1) if spot.number else (None,))}
    return [spot.pk for spot in spots if (spot.kind, spot.hall, spot.number) in wanted]


def _dated(park: Park, since: int, until: int) -> Q:
    """Dated rows that hold at some time of a window."""
    first, last = (moment(at).astimezone(park.zone).date() for at in (since, until))
    return (Q(since__isnull=True) | Q(since__lte=last)) & (Q(until__isnull=True) | Q(until__gt=first))


def _midnight(park: Park, day: date | None, otherwise: int) -> int:
    return seconds(datetime.combine(day, time.min, tzinfo=park.zone)) if day else otherwise
