"""A small park of invented people, on a morning in July 2022, and makers for what screening needs."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, operator
from jiugong.lib.can import Can
from jiugong.lib.identifiers import id_check_digit
from jiugong.registry.actions.parks import create_park
from jiugong.registry.models import Park, Person, Place, Posting, Siting, Unit
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.actions.supplements import supplement
from jiugong.screening.actions.boxes import Put, open_box, put_tubes, seal_box
from jiugong.screening.actions.rounds import open_round
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.models import Box, Point, Round, Tube

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = date(2022, 7, 22)
OPENS = datetime(2022, 7, 22, 6, 30, tzinfo=BEIJING)
CLOSES = datetime(2022, 7, 22, 10, 30, tzinfo=BEIJING)
MORNING = datetime(2022, 7, 22, 8, 0, tzinfo=BEIJING)


def id_number(number: int) -> str:
    """An invented person's ID number: region 349901 does not exist."""
    first = f"34990119{number % 90 + 10}0101{number % 1000:03d}"
    return first + id_check_digit(first)


@pytest.fixture(autouse=True)
def _this_morning(db) -> Iterator[None]:
    with clock.standing_at(MORNING), translation.override(settings.LANGUAGE_CODE):     # whatever a browser asked for before
        yield


@pytest.fixture
def boss() -> Actor:
    return operator()


@pytest.fixture
def park(boss: Actor) -> Park:
    return _a_park("一号园", boss)


@pytest.fixture
def other_park(boss: Actor) -> Park:
    return _a_park("二号园", boss)


def _a_park(name: str, boss: Actor) -> Park:
    """Grid 1 holds enterprise 甲 with the teams 甲一班 and 甲二班; grid 2 holds 乙 with 乙一班."""
    park = create_park(name, actor=boss, timezone="Asia/Shanghai")
    ground, office = park.places.get(parent=None), park.units.get(parent=None)
    for grid_name, enterprise_name, teams in (("1网格", "甲", ("甲一班", "甲二班")), ("2网格", "乙", ("乙一班",))):
        grid = _place(park, ground, "grid", grid_name)
        site = _place(park, ground, "site", enterprise_name)
        Siting.objects.create(site=site, grid=grid, since=date(2022, 1, 1))
        enterprise = _unit(park, office, "enterprise", enterprise_name, site=site, enterprise_kind="enterprise")
        for team in teams:
            _unit(park, enterprise, "team", team, enterprise=enterprise)
    return park


def _place(park: Park, parent: Place, kind: str, name: str) -> Place:
    place = Place.objects.create(park=park, parent=parent, kind=kind, name=name, key=name, path=f"new/{name}/{park.pk}")
    place.path = f"{parent.path}{place.pk}/"
    place.save()
    return place


def _unit(park: Park, parent: Unit, kind: str, name: str, **more) -> Unit:
    unit = Unit.objects.create(park=park, parent=parent, kind=kind, name=name, key=name, path=f"new/{name}/{park.pk}",
                               **more)
    unit.path = f"{parent.path}{unit.pk}/"
    unit.enterprise = unit if kind == "enterprise" else more["enterprise"]
    unit.save()
    return unit


@pytest.fixture
def a_worker(park: Park) -> Callable[..., Person]:
    """Put somebody on the roster: `a_worker(number=7, team="乙一班")`."""
    numbers = count(1)

    def make(*, number: int = 0, team: str = "甲一班", here: Park | None = None, status: str = "on_duty",
             since: date = date(2022, 1, 1), until: date | None = None, name: str = "", **more) -> Person:
        here = here or park
        number = number or next(numbers)
        person = Person(park=here, name=name or f"工人{number}")
        person.keep_id_number(id_number(number), secrets.ring()).save()
        unit: Any = Unit.objects.get(park=here, name=team)
        Posting.objects.create(park=here, person=person, unit=unit, enterprise=unit.enterprise, status=status,
                               since=since, until=until, **more)
        return person
    return make


@pytest.fixture
def a_round(park: Park, boss: Actor) -> Callable[..., Round]:
    def make(*, here: Park | None = None, **more) -> Round:
        asked: dict[str, Any] = {"opens_at": OPENS, "closes_at": CLOSES, "pool_size": 20} | more
        return open_round(here or park, actor=boss, **asked)
    return make


@pytest.fixture
def round_1(a_round: Callable[..., Round]) -> Round:
    return a_round()


@pytest.fixture
def a_point(park: Park) -> Callable[..., Point]:
    def make(*, enterprise: str = "", grid: str = "", name: str = "采样点", here: Park | None = None) -> Point:
        here = here or park
        unit = Unit.objects.get(park=here, kind="enterprise", name=enterprise) if enterprise else None
        place = Place.objects.get(park=here, kind="grid", name=grid) if grid else None
        return Point.objects.get_or_create(park=here, key=name, defaults={
            "name": name, "kind": "enterprise" if unit else "public", "unit": unit, "place": place})[0]
    return make


@pytest.fixture
def a_tube(park: Park, a_point: Callable[..., Point]) -> Callable[..., Tube]:
    def make(code: str, *, of: Round, capacity: int = 20, point: Point | None = None) -> Tube:
        return Tube.objects.create(park=of.park, code=code, round=of, point=point or a_point(here=of.park),
                                   capacity=capacity, opened_at=OPENS)
    return make


@pytest.fixture
def a_scan() -> Callable[..., Scan]:
    """A scan of the person with this number: `a_scan(7)`; every one has an id of its own."""
    numbers = count(1)

    def make(number: int = 0, **more) -> Scan:
        asked: dict[str, Any] = {"scan_id": f"s{next(numbers)}", "round": 1, "tube": "T1", "point": "采样点",
                 "id_number": id_number(number) if number else ""} | more
        return Scan(**asked)
    return make


@pytest.fixture
def excuse(park: Park) -> Callable[..., None]:
    """Excuse somebody, as duties keep it; screening asks for it through `jiugong/sources.py`."""
    def make(person: Person, *, since_at: datetime = OPENS, until_at: datetime = CLOSES, duty: str = "") -> None:
        apps.get_model("duties", "Excuse").objects.create(
            park=park, person=person, duty=duty, reason="请假", since_at=since_at, until_at=until_at, decided_by="x",
            decided_by_name="x", decided_at=OPENS)
    return make


@pytest.fixture
def train() -> Callable[..., None]:
    """Train somebody for a role, as duties keep it; screening asks for it through `jiugong/sources.py`."""
    numbers = count(1)

    def make(person: Person, role: str = "scanner", *, held_on: date = date(2022, 7, 1), until: date | None = None) -> None:
        apps.get_model("duties", "Evidence").objects.create(
            park=person.park, kind="training", client_id=f"training-{next(numbers)}", person=person, happened_at=OPENS,
            received_at=OPENS, recorded_by="x", data={
                "course": "培训", "role": role, "held_on": held_on.isoformat(), "valid_until": until.isoformat() if until else "",
                "class": "officers", "level": "park"})
    return make


@pytest.fixture
def training_needed(park: Park, boss: Actor) -> None:
    """The park's own document says: nobody scans without training."""
    adopt(park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=boss)
    supplement(park, "training.needed_to_scan", value=True, since=DAY, title="通知", issuer="园区办", published="2022-07-20",
               actor=boss, rule={"kind": "parameter", "title": {"zh-hans": "先培训后扫码", "en": "Training first"},
                                 "reviewed_on": "2022-07-20", "holds": "yes_or_no"})


@pytest.fixture
def as_role(park: Park, boss: Actor) -> Callable[..., Client]:
    """A browser in which somebody is signed in: `as_role("scanner", unit=…)`."""
    numbers = count(1)

    def make(role: str, *, here: Park | None = None, person: Person | None = None, **over) -> Client:
        user = create_user(f"{role}{next(numbers)}", name="林某", park=here or park, actor=boss, person=person)
        grant(user, AccountRole(role), park=here or park, actor=boss, **over)
        browser = Client(headers={"accept-language": "en"})
        browser.force_login(user)
        return browser
    return make


@pytest.fixture
def page_of(park: Park) -> Callable[..., str]:
    """The address of a page of the park: `page_of("round", 1, view="tubes")`."""
    def at(name: str, *more: Any, **query: Any) -> str:
        return reverse(name, args=[park.uid, *more], query=query)
    return at


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def an_actor(*branches: str, powers: tuple[Can, ...] = (Can.SEE_BOARD,)) -> Actor:
    return Actor(key="user:x", name="Somebody", powers=dict.fromkeys(powers, branches))


# boxes: who packs, carries and receives them, and one with three sealed tubes ------------------------------------------

def hands(name: str, *powers: Can, branches: tuple[str, ...]) -> Actor:
    return Actor(key=f"user:{name}", name=name, powers=dict.fromkeys(powers, branches))


@pytest.fixture
def shu(park) -> Actor:
    return hands("shu", Can.BIND_SPECIMENS, branches=park.branches)


@pytest.fixture
def yi(park) -> Actor:
    return hands("yi", Can.CARRY_BOXES, branches=park.branches)


@pytest.fixture
def yan(park) -> Actor:
    return hands("yan", Can.REPORT_RESULTS, branches=park.branches)


@pytest.fixture
def box(park, shu, a_point) -> Box:
    return open_box(park, "X01", point=a_point(), client_id="b1", actor=shu)


def put(park, actor, *tubes: str, box: str = "X01"):
    return put_tubes(park, [Put(put_id=f"{box}-{tube}", box=box, tube=tube) for tube in tubes], actor=actor)


@pytest.fixture
def three(park, shu, box, round_1, a_tube) -> Box:
    """A box with three sealed tubes, sealed."""
    for code in ("T1", "T2", "T3"):
        a_tube(code, of=round_1)
    Tube.objects.update(sealed_at=MORNING)
    put(park, shu, "T1", "T2", "T3")
    return seal_box(box, actor=shu)


@pytest.fixture
def twice(park, boss, round_1, a_worker, a_point, a_scan):
    """Somebody whom two phones bound, each to a tube of its own."""
    a_point(), a_worker(number=1), a_worker(number=2)
    bind(park, [a_scan(1, scan_id="a", device="web-1"), a_scan(2, scan_id="other")], actor=boss)
    bind(park, [a_scan(1, scan_id="b", tube="T2", device="web-2", offline=True)], actor=boss)
