"""Figures of evidence by kind: each counts its rows, opens to them, and knows only what was known at the time."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from jiugong.briefs.figures import BY_KEY
from jiugong.briefs.queries import opened
from jiugong.briefs.rows.duties_more import MORE
from jiugong.briefs.scope import scope_of
from jiugong.duties.actions import check, record, work_from_home
from jiugong.lib import clock
from jiugong.lib.acting import all_powers, operator
from tests.cast import DAY, MORNING, Town

TAO = all_powers(key="user:tao", name="陶磊")
CLEAN = {"agent": "chlorine", "concentration": 500, "contact_minutes": 30, "way": "wipe", "operator": "王保洁", "what": "电梯"}


@pytest.fixture
def busy(town: Town, this_morning: Any) -> Town:
    """A morning on which a little of everything was recorded in Lin's park."""
    firm, other = town.firms["东风木业有限公司"], town.firms["西河门窗有限公司"]
    wu, jin = town.people["吴强"], town.people["钱进"]
    told: Any = (
            (wu, "vaccination", {"dose": 3, "product": "灭活", "on": "2022-07-01"}),
            (town.people["方敏"], "training", {"course": "防疫专员培训", "held_on": "2022-07-01", "valid_until": "2022-07-22"}),
            (jin, "training", {"course": "消防培训", "held_on": "2022-07-01"}),
            (wu, "temperature", {"temperature": 37.2}), (jin, "temperature", {"temperature": 37.3}),
            (jin, "health_report", {"temperature": 38.5, "symptoms": ["fever"]}),
            (town.grids["第1网格"], "disinfection", CLEAN), (town.grids["第2网格"], "disinfection", CLEAN),
            (town.grids["第2网格"], "disinfection", CLEAN | {"contact_minutes": 29}),
            (firm, "drill", {"title": "演练", "class": "full", "level": "enterprise", "held_on": "2022-07-22", "participants": 3}),
            (firm, "hygiene_check", {"seen": 3, "masks_right": 2, "hands_washed": 3}),
            (firm, "standing_water", {"spots_found": 4, "spots_cleared": 4}),
            (firm, "standing_water", {"spots_found": 4, "spots_cleared": 3}),
            (other, "waste_transfer", {"bags": 2, "kind": "medical", "from": "隔离点", "carrier": "洁源", "received_by": "王"}),
            (firm, "returnee_list", {"returnees": [{"name": "李四", "from": "上海", "arriving_on": "2022-07-25"}]}),
            (other, "returnee_list", {"returnees": []}))
    for number, (subject, kind, data) in enumerate(told):
        kept = record(town.park, subject, kind=kind, data=data, happened_at=MORNING, client_id=f"b{number}", actor=operator())
        if subject == town.grids["第1网格"]:
            check(kept, passed=True, actor=TAO)
    work_from_home(town.park, [wu.uid], since=DAY, until=DAY, reason="居家", actor=operator())
    return town


VALUES = {"vaccinated": 1, "vaccination_missing": 0, "trained": 1, "officers_untrained": 1, "temperatures_high": 2,
          "disinfections": 1, "disinfections_unchecked": 1, "drills": 1, "hygiene_checks": 1, "standing_water": 1,
          "waste_transfers": 1,
          "returnees": 1, "returnee_lists_late": 0, "remote": 1}


def test_every_figure_of_evidence_is_told_here():
    assert set(VALUES) == set(MORE)


@pytest.mark.parametrize(("name", "value"), VALUES.items())
def test_a_figure_counts_what_its_rows_show(busy, name, value):
    figure = BY_KEY[f"duties.{name}"]

    told = opened(operator(), figure.key, scope_of(busy.park, DAY, DAY))

    assert figure.count(scope_of(busy.park, DAY, DAY)) == value == told.value
    assert sum(row.get("value", 1) for row in told.rows) == value


@pytest.mark.parametrize(("day", "untrained"), [(DAY, ["舒航"]), (date(2022, 7, 23), ["方敏", "舒航"])])
def test_officers_are_untrained_from_the_day_after_their_last(busy, day, untrained):
    with clock.standing_at(datetime(2022, 7, 23, 4, tzinfo=UTC)):
        rows = opened(operator(), "duties.officers_untrained", scope_of(busy.park, day, day)).rows

    assert sorted(row["name"] for row in rows) == sorted(untrained)


@pytest.mark.parametrize(("grid", "checked", "unchecked", "temperatures"), [("第1网格", 1, 0, 2), ("第2网格", 0, 1, 0)])
def test_a_grid_counts_its_own(busy, grid, checked, unchecked, temperatures):
    firms = {"第1网格": ("东风木业有限公司", "南山家居有限公司"), "第2网格": ("西河门窗有限公司",)}[grid]
    scope = scope_of(busy.park, DAY, DAY, reach=(busy.grids[grid].path, *(busy.firms[firm].path for firm in firms)))

    assert BY_KEY["duties.disinfections"].count(scope) == checked
    assert BY_KEY["duties.disinfections_unchecked"].count(scope) == unchecked
    assert BY_KEY["duties.temperatures_high"].count(scope) == temperatures


def test_what_was_checked_later_was_unchecked_then(busy):
    with clock.standing_at(datetime(2022, 7, 22, 6, tzinfo=UTC)):
        late = busy.park.evidence.filter(kind="disinfection", valid=True, place=busy.grids["第2网格"]).get()
        check(late, passed=False, remark="脏", actor=TAO)
        now = scope_of(busy.park, DAY, DAY)
    with clock.standing_at(MORNING):
        then = scope_of(busy.park, DAY, DAY)

    assert [BY_KEY["duties.disinfections_unchecked"].count(each) for each in (then, now)] == [1, 0]
    assert [BY_KEY["duties.disinfections"].count(each) for each in (then, now)] == [1, 1]
