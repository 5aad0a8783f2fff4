"""Which meetings make a close contact: the six of the text and no others, until a park adopts one more with its document."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.models import Assignment
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.models import Supplement
from jiugong.tracing.actions.presence_rows import Row, record_rows
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.actions.tracing import Found, trace
from jiugong.tracing.queries.rules import adopted
from jiugong.tracing.queries.suggestions import exposures_on, suggestions
from jiugong.tracing.words import SpotKind
from tests.cast import Town, an_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_evening")]
NOW = datetime(2022, 11, 12, 8, 0, tzinfo=UTC)
DAY = NOW.date()
SIX = {"dorm_room", "team_shift", "canteen_table", "next_table", "bus", "enclosed_space"}
WU, CHU = 1, 6                               # of two enterprises and two teams
HOUR = timedelta(hours=1)


@pytest.fixture
def that_evening() -> Iterator[None]:
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def park(town: Town) -> Town:
    adopt(town.park, "cn-2022-20", from_day=DAY, actor=operator())
    Assignment.objects.filter(person=town.people["褚亮"]).delete()          # in the cast all sleep in one room
    return town


def meet(town: Town, kind: SpotKind, *spots: str) -> None:
    """Both stood there for an hour; one on the first spot, the other on the last."""
    rows = [Row(client_id=f"{kind}{number}{spot}", id_number=an_id(number), kind=kind.value, spot=spot, entered_at=NOW - HOUR,
                left_at=NOW) for number, spot in ((WU, spots[0]), (CHU, spots[-1]))]
    record_rows(town.park, rows, [row.client_id for row in rows], actor=operator())


def found(town: Town) -> dict[str, Found]:
    traced = trace(town.park, pseudonym_of(town.people["吴强"]), since=NOW - timedelta(days=2), until=NOW,
                   release=adopted(town.park, DAY), reason="test", actor=operator())
    chu = pseudonym_of(town.people["褚亮"]).number
    return {ground: each for each in traced.found if each.who == chu for ground in each.grounds}


def take_up(town: Town, name: str, who: str = "lin") -> int:
    client = Client()
    client.force_login(town.users[who])
    return client.post(reverse("adopt-ground", args=[town.park.uid, name]), {
        "since": str(DAY), "title": "关于判定的通知", "issuer": "区指挥部", "published": "2022-11-11"}).status_code


def test_the_six_grounds_and_no_others_hold_without_supplements(park: Town) -> None:
    assert {each.rule.key.rpartition(".")[2] for each in exposures_on(park.park, DAY)} == SIX


@pytest.mark.parametrize("kind", [each for each in SpotKind if each not in (
    SpotKind.CANTEEN_TABLE, SpotKind.BUS, SpotKind.ENCLOSED_SPACE, SpotKind.DORM_ROOM)])
def test_a_row_gives_only_the_ground_of_its_kind(park: Town, kind: SpotKind) -> None:
    meet(park, kind, "某处")

    assert found(park) == {}                  # a workplace joins one crew alone, a gate nobody


@pytest.mark.parametrize(("kind", "ground"), [(SpotKind.CANTEEN_TABLE, "canteen_table"), (SpotKind.BUS, "bus"),
                                              (SpotKind.ENCLOSED_SPACE, "enclosed_space"), (SpotKind.DORM_ROOM, "dorm_room")])
def test_the_kinds_of_the_text_give_theirs(park: Town, kind: SpotKind, ground: str) -> None:
    meet(park, kind, "食堂/007桌")

    assert set(found(park)) == {ground}


@pytest.mark.parametrize("name", list(suggestions()))
def test_what_a_park_adopts_counts_from_then_on_and_stands_with_its_document(park: Town, name: str) -> None:
    meet(park, SpotKind(name), "某处/1排")
    assert found(park) == {}

    assert take_up(park, name) == 302

    assert set(found(park)) == {name}
    page = Client()
    page.force_login(park.users["lin"])
    shown = page.get(reverse("contact-grounds", args=[park.park.uid])).content.decode()
    assert "关于判定的通知" in shown and suggestions()[name].title["zh-hans"] in shown


@pytest.mark.parametrize(("row", "near"), [("1排", True), ("4排", True), ("5排", False)])
def test_three_rows_of_a_ventilated_bus_are_near_and_the_fourth_is_not(park: Town, row: str, near: bool) -> None:
    take_up(park, "ventilated_bus")
    meet(park, SpotKind.VENTILATED_BUS, "2路早班/1排", f"2路早班/{row}")

    assert bool(found(park)) is near


def test_who_may_not_adopt_policy_adds_none(park: Town) -> None:
    assert take_up(park, "lift", "fang") == 403
    assert not Supplement.objects.exists()
