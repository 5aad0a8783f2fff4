"""What holds for a person now, and why."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from jiugong.duties.actions import excuse
from jiugong.journal.models import LookUp
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.scans import Scan, bind
from jiugong.standing.logic import URGENCY, Holding, Holds, in_order
from jiugong.standing.queries import standing_of
from tests.cast import MORNING, Town, an_id

pytestmark = pytest.mark.django_db


def _what(town: Town, name: str) -> dict[Holding, Holds]:
    return {each.what: each for each in standing_of(town.people[name], clock.now())}


def test_a_worker_who_was_sampled_has_done_his_round(town: Town, this_morning: datetime) -> None:
    held = _what(town, "吴强")

    assert held[Holding.DONE].about == "screening.round.1"
    assert held[Holding.POSTED].about == "东风木业有限公司 · 木工1班"
    assert Holding.OWES not in held


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_a_worker_who_owes_is_late_only_after_the_close(town: Town, seconds: int, late: bool) -> None:
    assert town.round
    with clock.standing_at(town.round.closes_at + timedelta(seconds=seconds)):
        owes = _what(town, "郑伟")[Holding.OWES]

    assert (owes.until, owes.late) == (town.round.closes_at, late)
    assert owes.because


def test_an_excuse_holds_with_its_reason_and_ends_by_itself(town: Town, this_morning: datetime) -> None:
    end = MORNING + timedelta(hours=2)
    excuse(town.park, town.people["郑伟"], reason="leave", since_at=MORNING, until_at=end, actor=operator())

    excused = [each for each in standing_of(town.people["郑伟"], MORNING) if each.what is Holding.EXCUSED]

    assert any(each.until == end and each.because[0].found == "leave" for each in excused)
    with clock.standing_at(end):
        assert not [each for each in standing_of(town.people["郑伟"], end) if each.about == "*"]


def test_a_member_of_a_positive_tube_is_to_be_sampled_alone_until_his_own_result(town: Town, this_morning: datetime) -> None:
    report(town.park, Report(tube="SY0001", value="positive", reported_at=MORNING), actor=operator())

    waiting = standing_of(town.people["吴强"], MORNING)

    assert waiting[0].what is Holding.RETEST                       # the most urgent first
    assert waiting[0].because[0].by == "tube SY0001, position 1"
    later = MORNING + timedelta(hours=1)
    with clock.standing_at(later):
        bind(town.park, [Scan(scan_id="alone", round=1, tube="ALONE1", point="第1网格采样点", id_number=an_id(1))],
             actor=operator())
        report(town.park, Report(tube="ALONE1", value="negative", reported_at=later), actor=operator())
        assert Holding.RETEST not in _what(town, "吴强")
    assert Holding.RETEST in {each.what for each in standing_of(town.people["吴强"], MORNING)}     # as it was known then


def test_a_rule_says_by_which_document(town: Town, this_morning: datetime) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())

    owed = [each for each in standing_of(town.people["郑伟"], MORNING) if each.about.startswith("health_report")]

    assert owed and owed[0].what is Holding.OWES and owed[0].because[0].by


def test_somebody_who_has_not_arrived_is_not_on_the_roster(town: Town) -> None:
    early = MORNING - timedelta(days=40)

    assert [each.what for each in standing_of(town.people["吴强"], early)] == [Holding.NOT_POSTED]


def test_every_kind_of_holding_has_its_place_in_the_order() -> None:
    assert set(URGENCY) == set(Holding)
    late, open_, posted = (Holds(what=Holding.OWES, about="a", late=True), Holds(what=Holding.OWES, about="b"),
                           Holds(what=Holding.POSTED, about="c"))
    assert in_order([posted, open_, late]) == [late, open_, posted]


def test_opening_a_person_is_a_look_by_page_and_by_api(town: Town, this_morning: datetime) -> None:
    client = Client()
    client.force_login(town.users["fang"])
    wu = town.people["吴强"]

    page = client.get(f"/parks/{town.park.uid}/people/{wu.uid}/")
    told = client.get(f"/api/v1/standing/people/{wu.uid}").json()

    assert page.status_code == 200
    assert an_id(1) not in page.content.decode()
    assert "*" in told["resident_id"] and told["holds"]
    assert LookUp.objects.filter(person=wu, actor=f"user:{town.users['fang'].pk}").count() == 2
