"""Setting up sampling points: at an enterprise, in public, from door to door."""

from datetime import timedelta

import pytest
from django.test import Client

from jiugong.lib.acting import NotAllowed, operator
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.errors import PointNeedsName, PointNeedsPlace
from jiugong.screening.models import Point, Tube
from jiugong.screening.queries.points import taken_at
from jiugong.screening.words import PointKind
from tests.cast import MORNING, Town, an_id

pytestmark = pytest.mark.django_db


def test_a_team_from_door_to_door_works_down_the_roster_of_its_enterprise(town: Town, this_morning: object) -> None:
    firm = town.firms["南山家居有限公司"]

    team = set_up_point(town.park, "流动采样队", kind=PointKind.DOOR_TO_DOOR, unit=firm, actor=operator())

    assert (team.kind, team.unit, team.branches) == ("door_to_door", firm, firm.branches)
    bind(town.park, [Scan(scan_id="door", round=1, tube="DOOR1", point="流动采样队", id_number=an_id(4))], actor=operator())
    assert Tube.objects.get(code="DOOR1").point == team


def test_setting_up_a_point_twice_is_setting_it_up_once(town: Town, this_morning: object) -> None:
    before = Point.objects.count()
    for _time in range(2):
        set_up_point(town.park, "南门", kind=PointKind.PUBLIC, actor=operator())
    assert Point.objects.count() == before + 1

    set_up_point(town.park, " 南门 ", kind=PointKind.DOOR_TO_DOOR, actor=operator())

    assert Point.objects.count() == before + 1
    assert Point.objects.get(name="南门").kind == "door_to_door"


def test_a_point_without_a_name_or_without_its_enterprise_is_refused(town: Town, this_morning: object) -> None:
    before = Point.objects.count()

    with pytest.raises(PointNeedsName):
        set_up_point(town.park, "  ", kind=PointKind.PUBLIC, actor=operator())
    with pytest.raises(PointNeedsPlace):
        set_up_point(town.park, "厂门", kind=PointKind.ENTERPRISE, actor=operator())

    assert Point.objects.count() == before


def test_who_may_not_open_rounds_sets_up_no_point(town: Town, this_morning: object) -> None:
    from jiugong.accounts.queries import actor_for

    with pytest.raises(NotAllowed):
        set_up_point(town.park, "私设点", kind=PointKind.PUBLIC, actor=actor_for(town.users["tao"]))

    assert not Point.objects.filter(name="私设点").exists()


def test_the_page_lists_points_and_sets_one_up(town: Town, this_morning: object) -> None:
    lin = Client()
    lin.force_login(town.users["lin"])
    address = f"/parks/{town.park.uid}/points"
    firm = f"unit:{town.firms['西河门窗有限公司'].pk}"

    assert lin.post(address, {"name": "西河点", "kind": "enterprise", "over": ""}).status_code == 422
    assert lin.post(address, {"name": "西河点", "kind": "enterprise", "over": firm}).status_code == 302
    page = lin.get(address).content.decode()

    assert "西河点" in page and "第1网格采样点" in page
    told = lin.get("/api/v1/screening/points").json()["points"]
    assert {"point": Point.objects.get(name="西河点").pk, "name": "西河点", "kind": "enterprise", "over": "西河门窗有限公司",
            "hours": "", "desks": None, "since": None, "until": None} in told


def test_a_point_counts_the_swabs_taken_until_now(town: Town) -> None:
    point = Point.objects.get(park=town.park, name="第1网格采样点")
    before, after = (taken_at([point], town.park, at).get(point.pk, 0) for at in (MORNING - timedelta(seconds=1), MORNING))

    assert (before, after) == (0, 2)
    assert taken_at([point], town.park, MORNING + timedelta(days=1)) == {}
