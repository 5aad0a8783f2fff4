"""Who comes back, where he was, and what the rules say of it: announced by his unit, or told by himself.

Somebody stands on the list for seven days: from the day on which he was to arrive, or on which he left where he was.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from jiugong.lib import sheets
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.policy import NotInForce, Period, PolicyRefusal
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.people import is_whole, people_seen, roster_on
from jiugong.rulebook.queries.releases import release_on, value_on
from jiugong.tracing.logic.areas import Areas, Stayed
from jiugong.tracing.logic.returning import Judged, Sign, judge
from jiugong.tracing.models import Case, Contact, Flagged, Order, Returned, Stay
from jiugong.tracing.queries.flagged import OPEN
from jiugong.tracing.queries.risk_areas import areas_between
from jiugong.tracing.questions import Announced, announced
from jiugong.tracing.stages import RESTRICTS, STANDING_CASES
from jiugong.tracing.words import OrderKind

LOOK_BACK = timedelta(days=7)                # what returnees are asked about
LONGEST_CONTROL = timedelta(days=21)         # the longest any of our packs controls after an area; older stays say nothing
LEVELS = {"high": OrderKind.HIGH_RISK_AREA, "medium": OrderKind.MEDIUM_RISK_AREA}
STATES = ("decide", "ask", "decided")


@dataclass(kw_only=True)
class Returnee:
    """Somebody who comes back. `person` None: announced by a name that stands not once in his unit."""

    name: str
    person: Person | None = None
    origin: str = ""
    arriving_on: date | None = None
    stays: list[Stay] = field(default_factory=list)
    decided: Returned | None = None

    @property
    def state(self) -> str:
        """To be asked, to be decided, or decided; what was told later is decided anew."""
        if self.decided and all(stay.told_at <= self.decided.decided_at for stay in self.stays):
            return "decided"
        return "decide" if self.stays else "ask"


def returnees_on(actor: Actor, park: Park, day: date, at: datetime) -> list[Returnee]:
    """Everybody who comes back around a day and whom the actor may see: without a verdict first. A flat number of questions."""
    actor.must_somewhere(Can.SEE_INCIDENTS, within=park)
    return returnees_within(park, day, at, actor.reach(Can.SEE_INCIDENTS), actor)


def returnees_within(park: Park, day: date, at: datetime, reach: tuple[str, ...], actor: Actor | None = None) -> list[Returnee]:
    """The same within a reach; `actor` None: for a figure, which counts who stands on the roster there."""
    first = day - LOOK_BACK
    stays = defaultdict[int, list[Stay]](list)
    for stay in Stay.objects.filter(park=park, withdrawn_at=None, last_day__range=(first, day)).order_by("-last_day", "pk"):
        stays[stay.person_id].append(stay)
    decided = {row.person_id: row for row in Returned.objects.filter(park=park, on__range=(first, day)).order_by("on")}
    said = [each for each in announced(park, at, reach) if first <= each.arriving_on <= day]
    known = _people_named(park, day, said)
    people = _seen({*stays, *decided, *(pk for pk in known.values() if pk)}, park, day, reach, actor)
    found = {pk: Returnee(name=person.name, person=person, stays=stays.get(pk, []), decided=decided.get(pk))
             for pk, person in people.items()}
    unknown = []
    for number, each in enumerate(said):
        person = known[number]
        if person in found:
            found[person].origin, found[person].arriving_on = each.origin, each.arriving_on
        elif person is None:
            unknown.append(Returnee(name=each.name, origin=each.origin, arriving_on=each.arriving_on))
    return sorted([*found.values(), *unknown], key=lambda row: (STATES.index(row.state), row.name,
                                                                row.person.pk if row.person else 0))


def returnee_of(person: Person, day: date) -> Returnee:
    """One person as a returnee: his stays of the last days, told wrongly or not left out, and what was decided."""
    stays = list(Stay.objects.filter(person=person, withdrawn_at=None, last_day__gte=day - LONGEST_CONTROL,
                                     last_day__lte=day).order_by("-last_day", "pk"))
    decided = Returned.objects.filter(person=person, on__range=(day - LOOK_BACK, day)).order_by("-on").first()
    return Returnee(name=person.name, person=person, stays=stays, decided=decided)


def _seen(people: set[int], park: Park, day: date, reach: tuple[str, ...], actor: Actor | None) -> dict[int, Person]:
    """Those of some people who lie within a reach."""
    rows = Person.objects.filter(park=park, pk__in=people)
    if actor and not is_whole(park, reach):
        rows = rows.filter(pk__in=people_seen(actor, park, Can.SEE_INCIDENTS).values("pk"))
    elif not is_whole(park, reach):
        rows = rows.filter(pk__in=roster_on(park, day, reach).values("person"))
    return {person.pk: person for person in rows} if people else {}


def _people_named(park: Park, day: date, said: Sequence[Announced]) -> dict[int, int | None]:
    """Who in the unit that announces bears a name, by the place of the announcement; nobody where none or several do."""
    names = {each.name for each in said}
    by_name = defaultdict[str, list[tuple[int, str]]](list)
    if names:
        rows = roster_on(park, day).values_list("person_id", "person__name", "unit__path")
        for person, name, path in rows.filter(person__name__in=names):
            by_name[sheets.name_key(name)].append((person, path))
    return {number: _only(each, by_name[sheets.name_key(each.name)]) for number, each in enumerate(said)}


def _only(said: Announced, found: Iterable[tuple[int, str]]) -> int | None:
    here = {person for person, path in found if path.startswith(said.path)}
    return here.pop() if len(here) == 1 else None


class Judge:
    """What the rules of a day say of people: areas, signs and rules are asked once for however many."""

    def __init__(self, park: Park, day: date, people: Iterable[int]) -> None:
        self.park, self.day = park, day
        self.areas: Areas = areas_between(day - LONGEST_CONTROL, day)
        self.signs = _signs(park, set(people))
        self.release = release_on(park, day)
        self.low_tests = self._low_tests()
        self.known: dict[tuple[str, date], tuple[Period, ...]] = {}

    def of(self, returnee: Returnee) -> Judged:
        stays = [Stayed(area=stay.area, key=stay.key, first_day=stay.first_day, last_day=stay.last_day) for stay in returnee.stays]
        person = returnee.person.pk if returnee.person else 0
        return judge(self.day, has_told=bool(stays), matches=[match for stay in stays for match in self.areas.matches(stay)],
                     signs=self.signs.get(person, ()), controls=self.controls, low_tests=self.low_tests)

    def controls(self, level: str, left_on: date) -> tuple[Period, ...]:
        """The phases of control after an area of a level, by the release of the day."""
        key = level, left_on
        if key not in self.known:
            try:
                self.known[key] = self.release.periods(LEVELS[level].value, self.day, counted_from=left_on) if self.release else ()
            except PolicyRefusal:
                self.known[key] = ()
        return self.known[key]

    def _low_tests(self) -> tuple[int, ...]:
        try:
            value: Any = value_on(self.park, "risk_area.low_tests", self.day)
        except (NotInForce, PolicyRefusal):
            return ()
        return tuple(value)


def _signs(park: Park, people: set[int]) -> dict[int, list[Sign]]:
    """What else stands about these people; drills left out."""
    real = {"incident__drill": None, "who__person__in": people}
    rows = {
        Sign.CASE: Case.objects.filter(**real, stage__in=STANDING_CASES).values_list("who__person", flat=True),
        Sign.CONTACT: Contact.objects.filter(**real, ended_at=None).values_list("who__person", flat=True),
        Sign.ORDER: Order.objects.filter(**real, park=park, stage__in=RESTRICTS).values_list("who__person", flat=True),
        Sign.FLAGGED: Flagged.objects.filter(park=park, person__in=people, stage__in=OPEN).values_list("person", flat=True)}
    found = defaultdict[int, list[Sign]](list)
    for sign, persons in rows.items() if people else ():
        for person in set(persons):
            found[person or 0].append(sign)
    return found


