"""A small park on the afternoon of 12 November 2022: a team of ten whose tube is positive, and where each of them was."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, all_powers, operator
from jiugong.lib.identifiers import id_check_digit
from jiugong.registry.actions.parks import create_park
from jiugong.registry.models import Park, Person, Posting, Unit
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.models import Point, Round, Specimen, Tube
from jiugong.tracing.actions.presence_files import spots_of
from jiugong.tracing.actions.pseudonyms import numbered
from jiugong.tracing.models import Case, Incident, Presence, Pseudonym

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = date(2022, 11, 12)
SAMPLED = datetime(2022, 11, 12, 7, 40, tzinfo=BEIJING)
TOLD = datetime(2022, 11, 12, 16, 19, tzinfo=BEIJING)
RETESTED = datetime(2022, 11, 12, 18, 5, tzinfo=BEIJING)
NOW = datetime(2022, 11, 12, 19, 0, tzinfo=BEIJING)


def id_number(number: int) -> str:
    """An invented person's ID number: region 349901 does not exist."""
    first = f"34990119{number % 90 + 10}0101{number % 1000:03d}"
    return first + id_check_digit(first)


def at(text: str) -> datetime:
    """A moment of the park, as in `12 16:19`: a day of November 2022 and a time."""
    day, _space, hour = text.partition(" ")
    return datetime.fromisoformat(f"2022-11-{int(day):02d}T{hour}").replace(tzinfo=BEIJING)


@pytest.fixture
def this_evening(db: None) -> Iterator[None]:
    with clock.standing_at(NOW), translation.override(settings.LANGUAGE_CODE):     # whatever a browser asked for before
        yield


@pytest.fixture
def boss(this_evening: None) -> Actor:
    """Whoever does it: the clock stands where he is."""
    return operator()


@pytest.fixture
def second() -> Actor:
    """Another officer, who signs as the second of two."""
    return all_powers(key="user:2", name="第二人")


@pytest.fixture
def park(boss: Actor) -> Park:
    park = create_park("三号园", actor=boss, timezone="Asia/Shanghai")
    office = park.units.get(parent=None)
    firm = _unit(park, office, "enterprise", "甲", enterprise_kind="enterprise")
    for team in ("甲一班", "甲二班"):
        _unit(park, firm, "team", team, enterprise=firm)
    adopt(park, "cn-2022-20", from_day=date(2022, 11, 11), actor=boss)
    return park


def _unit(park: Park, parent: Unit, kind: str, name: str, **more: Any) -> Unit:
    unit = Unit.objects.create(park=park, parent=parent, kind=kind, name=name, key=name, path=f"new/{name}/{park.pk}", **more)
    unit.path = f"{parent.path}{unit.pk}/"
    unit.enterprise = unit if kind == "enterprise" else more["enterprise"]
    unit.save()
    return unit


@pytest.fixture
def a_worker(park: Park) -> Callable[..., Person]:
    """Put somebody on the roster: `a_worker(team="甲二班")`."""
    numbers = count(1)

    def make(*, team: str = "甲一班", shift: str = "day") -> Person:
        number = next(numbers)
        person = Person(park=park, name=f"工人{number}")
        person.keep_id_number(id_number(number), secrets.ring()).save()
        unit: Any = Unit.objects.get(park=park, name=team)
        Posting.objects.create(park=park, person=person, unit=unit, enterprise=unit.enterprise, status="on_duty", shift=shift,
                               since=date(2022, 1, 1))
        return person
    return make


@pytest.fixture
def was(park: Park) -> Callable[..., Presence]:
    """Say where somebody was: `was(person, "canteen_table", "食堂/1桌", "11 12:00", "11 12:30")`."""
    def make(person: Person, kind: str, name: str, entered: str, left: str, *, source: str = "canteen_card",
             assumed: bool = False) -> Presence:
        spots, _new = spots_of(park, {(kind, name)})
        return Presence.objects.create(park=park, who=whose(person), spot=spots[kind, name], entered_at=at(entered),
                                       left_at=at(left), source=source, assumed=assumed, received_at=NOW)
    return make


def whose(person: Person) -> Pseudonym:
    """Under which number somebody stands in the history."""
    numbered(person.park)
    return Pseudonym.objects.select_related("person").get(person=person)


@pytest.fixture
def positive(park: Park, boss: Actor) -> Callable[..., Incident]:
    """A tube with these people's swabs is positive, and the park is told: the incident."""
    def make(*people: Person, code: str = "T7", told: datetime = TOLD) -> Incident:
        the_round, _new = Round.every.get_or_create(park=park, number=1, defaults={
            "day": DAY, "opens_at": SAMPLED, "closes_at": SAMPLED + timedelta(hours=3), "pool_size": 10, "imported": True})
        point, _new = Point.objects.get_or_create(park=park, key="点", defaults={
            "name": "点", "kind": "enterprise", "unit": Unit.objects.get(park=park, name="甲")})
        tube = Tube.objects.create(park=park, code=code, round=the_round, point=point, capacity=10, opened_at=SAMPLED)
        for position, person in enumerate(people, start=1):
            Specimen.every.create(park=park, scan_id=f"{code}-{position}", round=the_round, tube=tube, position=position,
                                  kind="person", person=person, sampled_at=SAMPLED, device_at=SAMPLED, received_at=SAMPLED)
        report(park, Report(tube=code, value="positive", reported_at=told), actor=boss)
        return Incident.objects.select_related("park").get(park=park, tube=code)
    return make


@pytest.fixture
def retested(park: Park, boss: Actor) -> Callable[..., None]:
    """A member's single retest is known."""
    def make(person: Person, value: str, *, tube: str = "T7", reported: datetime = RETESTED) -> None:
        record_retest(park, tube=tube, person=person, value=value, at=reported, sampled_at=reported - timedelta(hours=1),
                      actor=boss)
    return make


@pytest.fixture
def case(positive: Callable[..., Incident], retested: Callable[..., None], a_worker: Callable[..., Person],
         was: Callable[..., Presence]) -> Case:
    """One of two in a tube is a case; the other and a third sat at his table the day before, a fourth at the next one."""
    ill, mate, third, fourth = (a_worker() for _each in range(4))
    for person in (ill, mate, third):
        was(person, "canteen_table", "食堂/1桌", "11 12:00", "11 12:30")
    was(fourth, "canteen_table", "食堂/2桌", "11 12:10", "11 12:20")
    incident = positive(ill, mate)
    retested(ill, "positive")
    retested(mate, "negative")
    return Case.objects.select_related("incident__park", "who__person").get(incident=incident)


@pytest.fixture
def negative_on(park: Park, boss: Actor) -> Callable[..., None]:
    """Somebody was sampled alone at 08:00 on a day, and it was negative."""
    numbers = count(1)

    def make(person: Person, day: str) -> None:
        the_round, point = Round.every.get(park=park, number=1), Point.objects.get(park=park, key="点")
        sampled_at = datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=BEIJING)
        code = f"N{next(numbers)}"
        tube = Tube.objects.create(park=park, code=code, round=the_round, point=point, capacity=1, opened_at=sampled_at)
        Specimen.every.create(park=park, scan_id=code, round=the_round, tube=tube, position=1, kind="person", person=person,
                              sampled_at=sampled_at, device_at=sampled_at, received_at=sampled_at)
        with clock.standing_at(sampled_at + timedelta(hours=6)):
            report(park, Report(tube=code, value="negative", reported_at=sampled_at + timedelta(hours=5)), actor=boss)
    return make
