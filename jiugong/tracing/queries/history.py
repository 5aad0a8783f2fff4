"""Who was where: closed days from the history's files, other days from the store, beds and crews from the roster; one path.

Which of them met is asked in SQL (`analytics/models/contacts.sql`); what it must answer is `logic/contacts.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import Q

from analytics import run
from analytics.engines import DuckDB
from jiugong.registry.models import Assignment, Park, Posting
from jiugong.registry.words import PlaceKind, UnitKind
from jiugong.settings import setting
from jiugong.tracing.logic.contacts import FOR_EVER, LONG_AGO, Asked, Crew, Meeting, Rule, Stay
from jiugong.tracing.models import Presence, Spot
from jiugong.tracing.queries.history_files import Sources, sources_of

MOST_PARAMETERS = 5_000
SPOT = run.columns_of("presence").index("spot")
Row = tuple[int, int, datetime, datetime, str, bool]       # who, spot, entered, left, source, assumed


@lru_cache(maxsize=1)
def engine() -> DuckDB:
    """What answers in this process; nothing heavy is loaded before it is asked."""
    return DuckDB(memory=f"{int(setting('JIUGONG_HISTORY_MB'))}MB")


def is_there() -> bool:
    """Is anybody's whereabouts kept here?"""
    return Presence.objects.exists()


def warm() -> None:
    """Load what answers, so that the first question does not wait for it."""
    stays = run.presence()
    run.contacts(engine(), stays, asked=[], own_stays=run.own(engine(), stays, []), rules=[])


def meetings_of(park: Park, asked: Sequence[Asked], rules: Sequence[Rule]) -> list[Meeting]:
    """Everybody who met one of those asked about, by these rules, in order."""
    if not asked:
        return []
    since, until = min(each.since for each in asked), max(each.until for each in asked)
    who, kinds = sorted({each.who for each in asked}), sorted({rule.kind for rule in rules})
    windows = [(each.who, each.since, each.until) for each in asked]
    sources = sources_of(park, since, until)
    sleeping = beds(park, since, until, who) if PlaceKind.DORM_ROOM in kinds else []

    mine = _rows(park, since, until, sources, kinds, "who__number__in", who)
    written = run.own(engine(), run.presence(files=sources.files), windows) if sources.files else []
    ground = _Ground(park, {row[1] for row in mine} | {row[SPOT] for row in written}, rules)
    stays = [ground.stay(row) for row in _rows(park, since, until, sources, kinds, "spot__in", ground.near)]
    own = [*map(ground.stay, mine), *(each for each in sleeping if each.who in set(who))]

    crews = crews_of(park, since, until, who) if any(rule.same_crew for rule in rules) else []
    found = run.contacts(
        engine(), run.presence(files=sources.files, tables=[run.table("presence", map(as_row, [*stays, *sleeping]))]),
        asked=windows, own_stays=[*written, *map(as_row, own)], rules=rules,
        crews=[(each.who, each.crew, each.since, each.until) for each in crews])
    return sorted(Meeting(asked=one, who=other, ground=ground, spot=spot, since=begun, until=over, source=source, assumed=assumed)
                  for one, other, ground, spot, begun, over, source, assumed in found)


def as_row(stay: Stay) -> tuple[Any, ...]:
    """A stay in the order of the contract."""
    return (stay.who, stay.kind, stay.hall, stay.number, stay.spot, stay.entered, stay.left, stay.source, stay.assumed)


def beds(park: Park, since: int, until: int, who: Sequence[int]) -> list[Stay]:
    """Who sleeps in a dormitory room in which one of these people sleeps, as stays; the spot is the place's number below zero."""
    every = Assignment.objects.filter(_dated(park, since, until), place__park=park, kind=PlaceKind.DORM_ROOM)
    rooms = {room for part in _parts(who)
             for room in every.filter(person__pseudonym__number__in=part).values_list("place", flat=True)}
    rows = (row for part in _parts(sorted(rooms)) for row in every.filter(place__in=part).values_list(
        "person__pseudonym__number", "place_id", "since", "until"))
    return [Stay(who=number, kind=PlaceKind.DORM_ROOM.value, hall=-place, number=0, entered=_midnight(park, begun, LONG_AGO),
                 left=_midnight(park, over, FOR_EVER), spot=-place, source="roster")
            for number, place, begun, over in rows if number is not None]


def crews_of(park: Park, since: int, until: int, who: Sequence[int]) -> list[Crew]:
    """Who belongs to a crew (one enterprise, one team, one shift) of these people. Who is in no team is in no crew."""
    every = Posting.objects.filter(_dated(park, since, until), park=park, unit__kind=UnitKind.TEAM)
    crews = sorted({crew for part in _parts(who) for crew in every.filter(person__pseudonym__number__in=part).values_list(
        "enterprise_id", "unit__key", "shift")})
    numbers = {crew: at for at, crew in enumerate(crews, start=1)}
    rows = (row for part in _parts(sorted({enterprise for enterprise, _team, _shift in crews}))
            for row in every.filter(enterprise__in=part, unit__key__in={team for _enterprise, team, _shift in crews}).values_list(
                "person__pseudonym__number", "enterprise_id", "unit__key", "shift", "since", "until"))
    return [Crew(who=number, crew=numbers[enterprise, team, shift], since=_midnight(park, begun, LONG_AGO),
                 until=_midnight(park, over, FOR_EVER))
            for number, enterprise, team, shift, begun, over in rows if number is not None and (enterprise, team, shift) in numbers]


def _rows(park: Park, since: int, until: int, sources: Sources, kinds: Sequence[str], name: str,
          wanted: Sequence[int]) -> list[Row]:
    """The stays of a window that lie in no file: of some people, or at some spots."""
    rows = Presence.objects.filter(sources.in_store, park=park, spot__kind__in=kinds, entered_at__lt=moment(until),
                                   left_at__gt=moment(since)).order_by()
    columns = "who__number", "spot_id", "entered_at", "left_at", "source", "assumed"
    return [row for part in _parts(wanted) for row in rows.filter(**{name: part}).values_list(*columns)]


class _Ground:
    """The spots at which somebody was and those that are near to them by some rule: kind, hall and number of each."""

    def __init__(self, park: Park, mine: set[int], rules: Sequence[Rule]) -> None:
        reach: dict[str, int] = {}
        for rule in rules:
            reach[rule.kind] = max(reach.get(rule.kind, 0), rule.farthest)
        spots = Spot.objects.filter(park=park, kind__in=reach)
        known = [spot for part in _parts(sorted(mine)) for spot in spots.filter(pk__in=part)]
        halls = sorted({spot.hall for spot in known})
        beside = sorted((spot for part in _parts(halls) for spot in spots.filter(hall__in=part)), key=lambda spot: spot.pk)
        wanted = {(spot.kind, spot.hall, spot.number + far if spot.number else None) for spot in known
                  for far in range(-reach[spot.kind], reach[spot.kind] + 1)}
        first: dict[tuple[str, str], int] = {}                  # a hall's number is that of its first spot
        for spot in beside:
            first.setdefault((spot.kind, spot.hall), spot.pk)
        self.where = {spot.pk: (spot.kind, first[spot.kind, spot.hall], spot.number or 0) for spot in beside}
        self.near = [spot.pk for spot in beside if (spot.kind, spot.hall, spot.number) in wanted]

    def stay(self, row: Row) -> Stay:
        """A row of the store as the definition has it."""
        who, spot, entered_at, left_at, source, assumed = row
        kind, hall, number = self.where[spot]
        return Stay(who=who, kind=kind, hall=hall, number=number, entered=seconds(entered_at), left=seconds(left_at), spot=spot,
                    source=source, assumed=assumed)


def seconds(moment: datetime) -> int:
    """A moment as whole seconds since 1970, in UTC."""
    return int(moment.timestamp())


def moment(at: int) -> datetime:
    """Whole seconds since 1970 as a moment."""
    return datetime.fromtimestamp(at, UTC)


def _parts(listed: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at once as every store takes."""
    rest = iter(listed)
    while part := list(islice(rest, MOST_PARAMETERS)):
        yield part


def _dated(park: Park, since: int, until: int) -> Q:
    """Dated rows that hold at some time of a window."""
    first, last = (moment(at).astimezone(park.zone).date() for at in (since, until))
    return (Q(since__isnull=True) | Q(since__lte=last)) & (Q(until__isnull=True) | Q(until__gt=first))


def _midnight(park: Park, day: date | None, otherwise: int) -> int:
    return seconds(datetime.combine(day, time.min, tzinfo=park.zone)) if day else otherwise
