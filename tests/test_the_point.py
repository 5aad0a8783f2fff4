"""The point: what laboratories, points and their staff become as figures, matters and stories."""

from datetime import date, timedelta
from typing import Any

import pytest

from jiugong.accounts.queries import actor_for
from jiugong.briefs.matters import matters_of
from jiugong.briefs.queries import figure
from jiugong.briefs.scope import scope_of
from jiugong.briefs.wording import KEYS
from jiugong.cli import main
from jiugong.duties.actions import record
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.rulebook.actions.supplements import supplement
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.scans import Scan, bind
from jiugong.screening.actions.tubes import seal
from jiugong.screening.words import PointKind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = pytest.mark.django_db


def counted(town: Town, key: str, at: object = None, **scope: object) -> int:
    """A figure of the day; its rows are as many, or their shares sum to it."""
    named, asked = figure(key), scope_of(town.park, DAY, DAY, **scope)  # type: ignore[arg-type]
    lines = [line.facts for line in named.rows(asked)]
    value = named.count(asked)
    assert value == sum(int(line.get("value", 1)) for line in lines)
    return value


def test_a_tube_that_its_laboratory_reports_late_is_counted_and_needs_somebody_until_it_is_reported(town: Town) -> None:
    lab = keep_laboratory(town.park, "北辰检测", actor=operator())
    contract(lab, Terms(hours=6, since=date(2022, 7, 1)), actor=operator())
    assert town.tube
    with clock.standing_at(MORNING):
        seal(town.tube, actor=operator())
    due = MORNING + timedelta(hours=6)
    lin = actor_for(town.users["lin"], MORNING)

    for at, late in ((due, 0), (due + timedelta(seconds=1), 1)):
        with clock.standing_at(at):
            assert counted(town, "screening.tubes_late") == late
            assert sum("laboratories/late" in each.url for each in matters_of(lin, town.park, at)) == late

    later = due + timedelta(hours=1)
    with clock.standing_at(later):
        report(town.park, Report(tube="SY0001", value="negative", reported_at=later), actor=operator())
        assert counted(town, "screening.tubes_late") == 1
        assert not any("laboratories/late" in each.url for each in matters_of(lin, town.park, later))


def test_flagged_scans_and_people_sampled_by_their_own_enterprise_are_figures(town: Town, this_morning: object) -> None:
    """The two swabs of the cast were bound by the operator, whom the roster does not know, at the grid's point."""
    assert counted(town, "screening.flagged_scans") == 2
    assert counted(town, "screening.self_sampled") == 0
    firm = town.firms["南山家居有限公司"]
    set_up_point(town.park, "南山采样点", kind=PointKind.ENTERPRISE, unit=firm, actor=operator())

    bind(town.park, [Scan(scan_id=f"own-{at}", round=1, tube="NS1", point="南山采样点", id_number=an_id(at), sampled_at=MORNING)
                     for at in (4, 6)], actor=operator(), scanner=town.people["吴强"])     # 钱进 is posted there, 褚亮 is not

    assert counted(town, "screening.self_sampled") == 1
    assert counted(town, "screening.self_sampled", reach=(firm.path,)) == 1
    assert counted(town, "screening.self_sampled", reach=(town.firms["西河门窗有限公司"].path,)) == 0
    assert counted(town, "screening.flagged_scans") == 4
    record(town.park, town.people["吴强"], kind="training", client_id="t", happened_at=MORNING, actor=operator(),
           data={"course": "扫码专员培训", "held_on": str(DAY)})
    assert counted(town, "screening.flagged_scans") == 2


def test_enterprises_that_lack_a_point_stand_in_the_brief_and_need_somebody(town: Town, this_morning: object) -> None:
    keys = {"screening.enterprises_short", "screening.enterprises_with_point_due", "screening.tubes_late"}
    assert keys <= set(KEYS)
    assert counted(town, "screening.enterprises_with_point_due") == 0
    heading = {"kind": "parameter", "title": {"zh-hans": "人数", "en": "People"}, "reviewed_on": "2022-07-20",
               "holds": "whole_number"}
    supplement(town.park, "points.enterprise_from_people", rule=heading, value=3, since=DAY, title="通知", issuer="园区办",
               published="2022-07-20", actor=operator())

    assert counted(town, "screening.enterprises_with_point_due") == 2              # 东风 and 西河 have three people, 南山 two
    assert counted(town, "screening.enterprises_short") == 2
    set_up_point(town.park, "东风采样点", kind=PointKind.ENTERPRISE, unit=town.firms["东风木业有限公司"], actor=operator())
    assert counted(town, "screening.enterprises_short") == 1

    for who, concerned in (("lin", 1), ("bo", 1), ("tao", 0)):
        matters = matters_of(actor_for(town.users[who], MORNING), town.park, MORNING)
        assert sum("points/officers" in each.url for each in matters) == concerned


def test_the_command_opens_a_round_for_chosen_ones_and_takes_back_one_that_is_empty(town: Town, capsys: Any) -> None:
    asked = ["round", "open", "--park", town.park.name, "--opens", "2022-07-23T06:30", "--closes", "2022-07-23T10:30",
             "--pool", "10", "--number", "8", "--enterprise", "东风木业有限公司"]
    assert main(asked) == 1
    assert "screening.round_needs_reason" in capsys.readouterr().err
    assert main([*asked, "--reason", "复检"]) == 0
    assert [each.name for each in town.park.rounds.get(number=8).enterprises.all()] == ["东风木业有限公司"]

    assert main(["round", "withdraw", "8", "--park", town.park.name, "--reason", "开错了"]) == 0
    assert not town.park.rounds.filter(number=8).exists()
