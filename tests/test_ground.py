"""Drawing: from the day on each site is counted where it lies, by page, by program and by command; and by the clock, reminders.

What is asked here goes through several rooms. Geometry and files: `jiugong/registry/tests/test_ground.py`.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.accounts.queries import actor_for
from jiugong.cli import main
from jiugong.journal.models import Entry, Message
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.actions.grids import erase, preview_ground, take_ground
from jiugong.registry.grounds_in_words import GroundWrong
from jiugong.registry.logic.ground import Ground, read_geojson
from jiugong.registry.models import Place, Siting
from jiugong.registry.queries.grids import ground_of
from jiugong.registry.queries.units import grids_on
from jiugong.rulebook.actions import adopt
from scenarios.d.replay import INPUTS
from tests.cast import DAY, MORNING, Town

pytestmark = pytest.mark.django_db


def a_square(x: float, y: float, size: float = 0.01) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def a_feature(name: str, kind: str, coordinates: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": kind, "coordinates": coordinates}, **more}


def said(*features: Any, **more: Any) -> Ground:
    return read_geojson(json.dumps({"type": "FeatureCollection", "features": list(features), **more}))


EAST, WEST, NORTH = "东风木业有限公司", "西河门窗有限公司", "南山家居有限公司"


def ground(*, east: float = 1.005, west: float = 1.015) -> Ground:
    """Grid 1 to the west of grid 2; East and North lie in the first, West in the second."""
    return said(a_feature("第1网格", "Polygon", [a_square(1, 2)]), a_feature("第2网格", "Polygon", [a_square(1.01, 2)]),
                a_feature(EAST, "Point", [east, 2.005]), a_feature(NORTH, "Point", [1.004, 2.004]),
                a_feature(WEST, "Point", [west, 2.005]))


def counted(town: Town, day: date) -> dict[str, str]:
    grids = grids_on(town.park, day)
    return {name: str(grids[unit.pk] or "") for name, unit in town.firms.items()}


def test_drawing_what_holds_already_moves_nobody(town: Town) -> None:
    before = counted(town, DAY)
    taken = take_ground(town.park, ground(), actor=operator(), on=DAY)

    assert (taken.moves, sorted(taken.drawn), len(taken.placed)) == ([], ["第1网格", "第2网格"], 3)
    assert counted(town, DAY) == before
    assert Siting.objects.filter(site__park=town.park).count() == 3
    entries = Entry.objects.count()
    assert take_ground(town.park, ground(), actor=operator(), on=DAY).changes == 0
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(("days", "grid"), [(-1, "第1网格"), (0, "第2网格"), (1, "第2网格")])
def test_a_site_that_lies_elsewhere_is_counted_there_from_the_day_on(town: Town, days: int, grid: str) -> None:
    taken = take_ground(town.park, ground(east=1.011), actor=operator(), on=DAY)

    assert [(move.site, move.before, move.after) for move in taken.moves] == [(EAST, "第1网格", "第2网格")]
    assert counted(town, DAY + timedelta(days=days))[EAST] == grid


def test_a_power_over_a_grid_follows_the_site(town: Town, this_morning: Any) -> None:
    firm = town.firms[EAST]

    def sees(who: str) -> bool:
        return any(firm.path.startswith(root) for roots in actor_for(town.users[who], MORNING).powers.values() for root in roots)
    assert (sees("tao"), sees("bo")) == (True, False)

    take_ground(town.park, ground(east=1.011), actor=operator(), on=DAY)

    assert (sees("tao"), sees("bo")) == (False, True)


def test_a_new_grid_is_made_and_a_site_outside_is_said(town: Town) -> None:
    new = said(a_feature("第3网格", "Polygon", [a_square(1.02, 2)]), a_feature(EAST, "Point", [1.025, 2.005]),
               a_feature(NORTH, "Point", [1.5, 2.005]))

    taken = take_ground(town.park, new, actor=operator(), on=DAY)

    assert (taken.created, taken.outside) == (["第3网格"], [NORTH])
    made = Place.objects.get(park=town.park, name="第3网格")
    assert made.path == f"p/{town.park.pk}/{made.pk}/"
    assert counted(town, DAY) == {EAST: "第3网格", NORTH: "第1网格", WEST: "第2网格"}


def test_grids_may_overlap_where_nobody_is_and_not_where_somebody_is(town: Town) -> None:
    empty = said(a_feature("第1网格", "Polygon", [a_square(1, 2)]), a_feature("第2网格", "Polygon", [a_square(1.009, 2)]))
    assert take_ground(town.park, empty, actor=operator(), on=DAY).overlapping == [("第1网格", "第2网格")]

    with pytest.raises(GroundWrong) as refused:
        take_ground(town.park, said(a_feature(EAST, "Point", [1.0095, 2.005])), actor=operator(), on=DAY)

    assert [each.code for each in refused.value.wrong] == ["in_two_grids"]
    assert Place.objects.filter(park=town.park, kind="site", outline__isnull=False).count() == 0


def test_one_thing_that_is_wrong_refuses_all_of_it(town: Town) -> None:
    both = said(a_feature("第9网格", "Polygon", [a_square(1, 2)]), a_feature("不存在的企业", "Point", [1.005, 2.005]))

    with pytest.raises(GroundWrong) as refused:
        take_ground(town.park, both, actor=operator(), on=DAY)

    assert [each.code for each in refused.value.wrong] == ["site_unknown"]
    assert not Place.objects.filter(park=town.park, name="第9网格").exists()
    assert not Entry.objects.filter(verb="grids.drawn").exists()


@pytest.mark.parametrize(("ahead", "taken"), [(400, True), (401, False)])
def test_grids_are_drawn_for_days_that_somebody_can_foresee(town: Town, ahead: int, taken: bool) -> None:
    with clock.standing_at(MORNING):
        wrong = preview_ground(town.park, ground(), actor=operator(), on=DAY + timedelta(days=ahead)).wrong

    assert [each.code for each in wrong] == ([] if taken else ["day_far_away"])


def test_looking_what_would_change_changes_nothing(town: Town) -> None:
    taken = preview_ground(town.park, ground(east=1.011), actor=operator(), on=DAY)

    assert len(taken.moves) == 1
    assert not Place.objects.filter(park=town.park, outline__isnull=False).exists()
    assert counted(town, DAY)[EAST] == "第1网格"


@pytest.mark.parametrize("who", ["tao", "fang", "zhou", "kai", "shu"])
def test_only_the_park_office_draws(town: Town, this_morning: Any, who: str) -> None:
    with pytest.raises(NotAllowed):
        take_ground(town.park, ground(), actor=actor_for(town.users[who]), on=DAY)

    assert not Place.objects.filter(park=town.park, outline__isnull=False).exists()


def test_what_is_drawn_comes_out_as_it_went_in_and_each_sees_his_part(town: Town, this_morning: Any) -> None:
    take_ground(town.park, ground(), actor=operator(), on=DAY)
    out = ground_of(actor_for(town.users["lin"]), town.park, DAY)

    assert read_geojson(json.dumps(out)) == ground()
    mine = ground_of(actor_for(town.users["tao"]), town.park, DAY)["features"]
    assert [each["properties"]["name"] for each in mine] == ["第1网格", EAST, NORTH]


def test_taking_an_outline_away_leaves_where_sites_are_counted(town: Town) -> None:
    take_ground(town.park, ground(east=1.011), actor=operator(), on=DAY)
    erase(town.grids["第2网格"], actor=operator())

    assert Place.objects.get(pk=town.grids["第2网格"].pk).outline is None
    assert counted(town, DAY)[EAST] == "第2网格"


# --- pages, programs, commands ----------------------------------------------------------------------------------------

def a_client(town: Town, who: str = "lin") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.users[who])
    return client


def test_a_drawn_grid_is_looked_at_first_and_kept_after_a_yes(town: Town, this_morning: Any) -> None:
    client, page = a_client(town), f"/parks/{town.park.uid}/map"
    drawn = {"kind": "grid", "name": "第3网格", "lines": "1, 2\n1.01, 2\n1.01, 2.01", "on": "2022-07-22"}

    looked = client.post(page, drawn)
    assert "第3网格" in looked.content.decode()
    assert not Place.objects.filter(name="第3网格").exists()
    kept = client.post(page, {"geojson": looked.context["geojson"], "on": "2022-07-22", "yes": "on"})

    assert kept.status_code == 302
    assert (Place.objects.get(park=town.park, name="第3网格").outline or {})["type"] == "Polygon"


@pytest.mark.parametrize(("said", "sentence"), [
    ({"name": "", "lines": "1, 2"}, "Write the name."), ({"name": "x", "lines": ""}, "Draw it on the map, or type its corners."),
    ({"name": "x", "lines": "33.6, 117.03\n33.7, 117.03\n33.7, 117.1"}, "has the latitude first"),
    ({"name": "x", "lines": "1, 2\n1.1, 2.1\n1.1, 2\n1, 2.1"}, "crosses or touches itself"),
    ({"name": "x", "lines": "1, 2\n1.1, 2\n1.1, 2.1", "on": "2199-01-01"}, "at most 400 days ahead")])
def test_what_was_drawn_wrong_stays_in_the_form_with_a_sentence(town: Town, this_morning: Any, said: dict[str, str],
                                                                 sentence: str) -> None:
    answer = a_client(town).post(f"/parks/{town.park.uid}/map", {"kind": "grid", "on": "2022-07-22"} | said)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Place.objects.filter(park=town.park, name="x").exists()


@pytest.mark.parametrize("content", [b"{}", b"PK not a workbook", b"\xff\xfe\x00", b"a;b\n1;2"])
def test_a_file_that_is_no_ground_is_refused_with_a_page(town: Town, this_morning: Any, content: bytes) -> None:
    answer = a_client(town).post(f"/parks/{town.park.uid}/map", {
        "on": "2022-07-22", "file": SimpleUploadedFile("x.geojson", content)})

    assert answer.status_code == 422
    assert not Place.objects.filter(park=town.park, outline__isnull=False).exists()


def test_the_map_costs_the_same_for_more_sites(town: Town, this_morning: Any) -> None:
    client = a_client(town)
    for address in (f"/parks/{town.park.uid}/map", f"/parks/{town.park.uid}/map.geojson"):
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        take_ground(town.park, ground(), actor=operator(), on=DAY)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(few) == len(many)


def test_a_program_draws_and_hears_everything_that_is_wrong(town: Town, this_morning: Any) -> None:
    client, address = a_client(town), "/api/v1/registry/ground"
    good = {"type": "FeatureCollection", "features": [a_feature("第1网格", "Polygon", [a_square(1, 2)])]}
    bad = {"type": "FeatureCollection", "features": [a_feature("", "Point", [1, 2]), a_feature("y", "Point", [200, 99])]}

    def send(geojson: dict[str, Any]) -> Any:
        return client.post(address, {"park": str(town.park.uid), "geojson": geojson}, content_type="application/json")

    assert (send(good).json()["drawn"], send(good).json()["drawn"]) == (["第1网格"], [])
    refused = send(bad)
    assert (refused.status_code, refused.json()["refused"]) == (422, "registry.ground_wrong")
    assert [each["code"] for each in refused.json()["wrong"]] == ["no_name", "not_on_earth"]


def test_the_ground_goes_out_and_comes_in_by_command(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take_ground(town.park, ground(), actor=operator(), on=DAY)
    file = tmp_path / "ground.geojson"

    assert main(["export", "ground", str(file), "--park", town.park.name, "--json"]) == 0
    Place.objects.filter(park=town.park).update(outline=None)
    assert main(["import", "ground", str(file), "--park", town.park.name, "--at", "2022-07-22", "--json"]) == 0

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (told[0]["features"], len(told[1]["drawn"]), len(told[1]["placed"]), told[1]["moved"]) == (5, 2, 3, [])
    file.write_text("[]")
    assert main(["import", "ground", str(file), "--park", town.park.name, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"] == "registry.ground_wrong"


def test_the_ground_of_story_d_is_invented_and_whole() -> None:
    drawn = read_geojson((INPUTS / "grounds.geojson").read_text())

    assert (len(drawn.outlines), len(drawn.spots), drawn.wrong) == (4, 22, [])
    assert all(-123.5e7 < x < -123.3e7 and -49e7 < y < -48.8e7 for x, y in (spot.at for spot in drawn.spots))


def test_reminders_by_the_clock_take_what_is_due_and_nothing_twice(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    adopt(town.park, "cn-2022-v9", from_day=DAY - timedelta(days=10), actor=operator())

    def run(at: str, *more: str) -> dict[str, Any]:
        assert main(["remind", "--park", town.park.name, "--of", "round:1", "--at", at, "--json", *more]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)["reminded"][0]
        return found

    assert run("2022-07-22T10:29")["people"] == 0
    assert run("2022-07-22T10:29", "--now")["people"] == 6
    assert run("2022-07-22T12:30")["told"] == {"方敏": 1, "陶磊": 3, "柏青": 3}
    assert run("2022-07-22T12:30")["told"] == {}
    assert Message.objects.filter(kind="reminder").count() == 9


def test_reminders_of_everything_that_is_owed_run_without_saying_what(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    adopt(town.park, "cn-2022-v9", from_day=DAY - timedelta(days=10), actor=operator())

    assert main(["remind", "--park", town.park.name, "--at", "2022-07-22T13:00", "--json"]) == 0
    told = {each["of"]: each for each in json.loads(capsys.readouterr().out)["reminded"]}

    assert told["round:1"]["people"] == 6
    assert any(of.startswith("duty:") for of in told)
