"""A small park of invented people that goes by a small pack of its own, and makers for what duties need."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from jiugong import policy
from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock, secrets
from jiugong.lib.acting import Actor, operator
from jiugong.lib.can import Can
from jiugong.lib.identifiers import id_check_digit
from jiugong.registry.actions.parks import create_park
from jiugong.registry.models import Assignment, Park, Person, Place, Posting, Unit
from jiugong.rulebook.actions import adopt

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = date(2022, 7, 22)
MORNING = datetime(2022, 7, 22, 8, 0, tzinfo=BEIJING)

PACK = """
    key: trial
    title: {zh-hans: 试, en: Trial}
    issuer: 园区
    kind: trial
    first_day: 2022-01-01
    assumption: made up for a test
    historical: false
    day_index_base: 0
"""
DUTY = """
    title: {{zh-hans: 试, en: Trial}}
    reviewed_on: 2022-01-01
    subject: {subject}
    evidence: {evidence}
    values:
      2022-01-01:
        value:
          who: {who}
          cadence: {cadence}
        assumption: made up for a test
"""
TWO_WINDOWS = '{kind: windows_a_day, windows: [["06:00", "10:00"], ["16:00", "20:00"]]}'


def at(hour: int, minute: int = 0, second: int = 0, *, day: int = 22, microsecond: int = 0) -> datetime:
    """A moment of July 2022 in the park's own time."""
    return datetime(2022, 7, day, hour, minute, second, microsecond, tzinfo=BEIJING)


def id_number(number: int) -> str:
    """An invented person's ID number: region 349901 does not exist."""
    first = f"34990119{number % 90 + 10}0101{number % 1000:03d}"
    return first + id_check_digit(first)


@pytest.fixture(autouse=True)
def _this_morning(db) -> Iterator[None]:
    with clock.standing_at(MORNING):
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
    """Enterprise 甲 with a dormitory room, enterprise 乙."""
    park = create_park(name, actor=boss, timezone="Asia/Shanghai")
    ground, office = park.places.get(parent=None), park.units.get(parent=None)
    for called in ("甲", "乙"):
        unit = Unit.objects.create(park=park, parent=office, kind="enterprise", name=called, key=called,
                                   enterprise_kind="enterprise", path=f"new/{called}/{park.pk}")
        unit.path, unit.enterprise = f"{office.path}{unit.pk}/", unit
        unit.save()
    room = Place.objects.create(park=park, parent=ground, kind="dorm_room", name="101", key="101", path=f"n/{park.pk}")
    room.path = f"{ground.path}{room.pk}/"
    room.save()
    return park


@pytest.fixture
def a_worker(park: Park) -> Callable[..., Person]:
    """Put somebody on the roster: `a_worker(enterprise="乙", status="isolated")`."""
    numbers = count(1)

    def make(*, number: int = 0, enterprise: str = "甲", here: Park | None = None, status: str = "on_duty",
             in_dormitory: bool = False, since: date = date(2022, 1, 1), name: str = "", **more) -> Person:
        here, number = here or park, number or next(numbers)
        person = Person(park=here, name=name or f"工人{number}")
        person.keep_id_number(id_number(number), secrets.ring()).save()
        unit = Unit.objects.get(park=here, kind="enterprise", name=enterprise)
        Posting.objects.create(park=here, person=person, unit=unit, enterprise=unit, status=status, since=since, **more)
        if in_dormitory:
            room = Place.objects.get(park=here, kind="dorm_room")
            Assignment.objects.create(person=person, place=room, kind="dorm_room", since=since)
        return person
    return make


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, park: Park, boss: Actor) -> Callable[..., Path]:
    """Let the park go by a pack with one rule: `rules("report", who="[{fact: status, is: on_duty}]")`."""
    (tmp_path / "trial" / "duties").mkdir(parents=True)
    (tmp_path / "trial" / "pack.yaml").write_text(dedent(PACK), encoding="utf-8")
    monkeypatch.setattr(policy, "PACKS", tmp_path)

    def make(key: str, *, who: str = "[{fact: status, is: on_duty}]", cadence: str = TWO_WINDOWS,
             subject: str = "person", evidence: str = "health_report") -> Path:
        file = tmp_path / "trial" / "duties" / f"{key}.yaml"
        words = dedent(DUTY).format(subject=subject, evidence=evidence, who=who, cadence=cadence)
        file.write_text(words, encoding="utf-8")
        adopt(park, "trial", from_day=date(2022, 1, 1), actor=boss)
        return file
    return make


@pytest.fixture
def as_role(park: Park, boss: Actor) -> Callable[..., Client]:
    """A browser in which somebody is signed in."""
    numbers = count(1)

    def make(role: str, *, here: Park | None = None, **over) -> Client:
        user = create_user(f"{role}{next(numbers)}", name="林某", park=here or park, actor=boss)
        grant(user, AccountRole(role), park=here or park, actor=boss, **over)
        browser = Client(headers={"accept-language": "en"})
        browser.force_login(user)
        return browser
    return make


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def an_actor(*branches: str, powers: tuple[Can, ...] = (Can.RECORD_EVIDENCE,)) -> Actor:
    return Actor(key="user:x", name="Somebody", powers=dict.fromkeys(powers, branches))
