"""Laboratories and contracts: who may report for which points, from when till when, and what a stranger is refused."""

from datetime import date, timedelta

import pytest

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for
from jiugong.accounts.roles import AccountRole
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed
from jiugong.registry.errors import DatesOutOfOrder
from jiugong.screening.actions.boxes import open_box, seal_box
from jiugong.screening.actions.custody import hand_over
from jiugong.screening.actions.laboratories import (
    Terms,
    change_laboratory,
    contract,
    end_contract,
    end_laboratory,
    keep_laboratory,
    tie_account,
    untie_account,
)
from jiugong.screening.actions.results import Report, import_results, read_result_file, report, report_all
from jiugong.screening.box_errors import BoxUnknown
from jiugong.screening.laboratory_errors import (
    AccountReportsElsewhere,
    AccountWithoutLaboratory,
    ContractExists,
    ContractHoursWrong,
    CreditCodeWrong,
    LaboratoryEnded,
    LaboratoryExists,
    LaboratoryNeedsName,
    LaboratoryNotContracted,
    OwnRoundsNeedEnterprise,
)
from jiugong.screening.models import Contract, Laboratory, LaboratoryAccount, Result
from jiugong.screening.queries.boxes import box_called, boxes_of
from jiugong.screening.tests.conftest import DAY, MORNING, put

TERMS = Terms(hours=12, since=date(2022, 7, 1))


@pytest.fixture
def lab(park, boss) -> Laboratory:
    return keep_laboratory(park, "北辰检测", contact="值班电话", actor=boss)


@pytest.fixture
def yan(park, boss) -> User:
    """An account with the role of a laboratory."""
    user = create_user("yan", name="颜化", park=park, actor=boss)
    grant(user, AccountRole.LABORATORY, park=park, actor=boss)
    return user


def said(code: str = "T1", *, minutes: int = 0) -> Report:
    return Report(tube=code, value="negative", reported_at=MORNING + timedelta(minutes=minutes))


def test_a_park_that_keeps_no_laboratory_takes_results_as_before(park, round_1, a_tube, yan):
    a_tube("T1", of=round_1)

    [answer] = report_all(park, [said()], actor=actor_for(yan))

    assert answer.status == "accepted"
    assert Result.objects.get().laboratory is None


def test_an_account_that_reports_for_nobody_is_refused_once_laboratories_are_kept(park, round_1, a_tube, yan, lab):
    a_tube("T1", of=round_1)

    with pytest.raises(AccountWithoutLaboratory):
        report_all(park, [said()], actor=actor_for(yan))
    with pytest.raises(AccountWithoutLaboratory):
        report(park, said(), actor=actor_for(yan))

    assert not Result.objects.exists()


def test_a_laboratory_reports_the_points_of_its_contracts_and_no_others(park, boss, round_1, a_tube, a_point, yan, lab):
    a_tube("T1", of=round_1, point=a_point(enterprise="甲", name="甲点"))
    a_tube("T2", of=round_1, point=a_point(enterprise="乙", name="乙点"))
    tie_account(lab, yan, actor=boss)
    contract(lab, TERMS, unit=park.units.get(name="甲"), actor=boss)

    good, bad = report_all(park, [said("T1"), said("T2")], actor=actor_for(yan))

    assert (good.status, bad.code) == ("accepted", "screening.laboratory_not_contracted")
    assert "北辰检测" in bad.message and "乙点" in bad.message and str(DAY) in bad.message
    assert [(each.tube.code, each.laboratory) for each in Result.objects.all()] == [("T1", lab)]


@pytest.mark.parametrize(("since", "until", "covered"), [
    (DAY + timedelta(days=1), None, False), (DAY, None, True), (DAY - timedelta(days=1), None, True),
    (date(2022, 7, 1), DAY, False), (date(2022, 7, 1), DAY + timedelta(days=1), True)])
def test_a_contract_covers_rounds_from_its_first_day_until_the_day_before_its_end(
        park, boss, round_1, a_tube, yan, lab, since, until, covered):
    a_tube("T1", of=round_1)
    tie_account(lab, yan, actor=boss)
    contract(lab, Terms(hours=12, since=since, until=until), actor=boss)

    with clock.standing_at(MORNING + timedelta(days=3)):                   # whenever it is reported
        [answer] = report_all(park, [said()], actor=actor_for(yan))

    assert (answer.status == "accepted") is covered
    assert Result.objects.exists() is covered


def test_a_laboratorys_workbook_is_held_to_the_same(park, boss, round_1, a_tube, a_point, yan, lab, a_results_file):
    a_tube("T1", of=round_1, point=a_point(enterprise="甲", name="甲点"))
    a_tube("T2", of=round_1, point=a_point(enterprise="乙", name="乙点"))
    tie_account(lab, yan, actor=boss)
    contract(lab, TERMS, point=a_point(name="甲点"), actor=boss)
    file = read_result_file(a_results_file("T1", "T2"), name="r.csv", park=park)

    taken = import_results(park, file, actor=actor_for(yan))

    assert taken.created == {"results": 1}
    assert [(each.row, each.code) for each in taken.records.errors] == [(3, "laboratory_not_contracted")]
    assert "乙点" in taken.as_data()["errors"][0]["message"]


@pytest.fixture
def a_results_file():
    def make(*codes: str) -> bytes:
        rows = ["试管编号,报告时间,结果", *(f"{code},2022-07-22 07:30:00,阴性" for code in codes)]
        return "\n".join(rows).encode("utf-8-sig")
    return make


@pytest.mark.parametrize(("since", "until", "sees"), [
    (DAY + timedelta(days=1), None, False), (DAY, None, True), (date(2022, 7, 1), DAY, False),
    (date(2022, 7, 1), DAY + timedelta(days=1), True)])
def test_a_laboratory_sees_the_boxes_of_the_points_that_its_contracts_cover(
        park, boss, yan, lab, shu, a_point, round_1, since, until, sees):
    for enterprise in ("甲", "乙"):
        made = open_box(park, f"X{enterprise}", point=a_point(enterprise=enterprise, name=f"{enterprise}点"), client_id=enterprise,
                        actor=shu)
        put(park, shu, f"T{enterprise}", box=made.code)
        hand_over(seal_box(made, actor=shu), leg_id=enterprise, gave=1, actor=shu)
    tie_account(lab, yan, actor=boss)
    assert {box.code for box in boxes_of(actor_for(yan), park)} == {"X甲", "X乙"}       # nobody has a contract yet

    contract(lab, Terms(hours=12, since=since, until=until), unit=park.units.get(name="甲"), actor=boss)

    assert {box.code for box in boxes_of(actor_for(yan), park)} == ({"X甲"} if sees else set())
    assert {box.code for box in boxes_of(boss, park)} == {"X甲", "X乙"}
    with pytest.raises(BoxUnknown):
        box_called(actor_for(yan), park, "X乙")


def test_the_office_writes_down_what_a_laboratory_told_it(park, boss, round_1, a_tube, a_point, lab):
    """The nearest contract says whose result it is; where two are as near, nobody guesses."""
    a_tube("T1", of=round_1, point=a_point(enterprise="甲", name="甲点"))
    other = keep_laboratory(park, "南山检测", actor=boss)
    contract(lab, TERMS, actor=boss)

    assert report(park, said(minutes=1), actor=boss).laboratory == lab
    contract(other, TERMS, unit=park.units.get(name="甲"), actor=boss)
    assert report(park, said(minutes=2), actor=boss).laboratory == other
    contract(lab, TERMS, unit=park.units.get(name="甲"), actor=boss)
    assert report(park, said(minutes=3), actor=boss).laboratory is None


def test_a_duty_officer_reports_without_being_tied(park, boss, round_1, a_tube, lab):
    a_tube("T1", of=round_1)
    lin = create_user("lin", name="林园", park=park, actor=boss)
    grant(lin, AccountRole.DUTY_OFFICER, park=park, actor=boss)

    assert report(park, said(), actor=actor_for(lin)).laboratory is None


def test_an_account_reports_for_one_laboratory_at_a_time(park, boss, round_1, a_tube, yan, lab):
    other = keep_laboratory(park, "南山检测", actor=boss)
    tied = tie_account(lab, yan, actor=boss)

    assert tie_account(lab, yan, actor=boss) == tied
    with pytest.raises(AccountReportsElsewhere):
        tie_account(other, yan, actor=boss)
    assert LaboratoryAccount.objects.count() == 1

    untie_account(tied, actor=boss)
    tie_account(other, yan, actor=boss)
    contract(lab, TERMS, actor=boss)
    a_tube("T1", of=round_1)
    with pytest.raises(LaboratoryNotContracted):
        report(park, said(), actor=actor_for(yan))


def test_entering_a_laboratory_twice_keeps_one(park, boss, lab):
    assert keep_laboratory(park, " 北辰检测 ", contact="值班电话", actor=boss) == lab
    before = Entry.objects.count()
    keep_laboratory(park, "北辰检测", contact="值班电话", actor=boss)

    assert (Laboratory.objects.count(), Entry.objects.count()) == (1, before)


def test_what_a_laboratory_is_called_is_refused_where_it_cannot_be(park, boss, lab):
    other = keep_laboratory(park, "南山检测", actor=boss)

    with pytest.raises(LaboratoryNeedsName):
        keep_laboratory(park, "  ", actor=boss)
    with pytest.raises(CreditCodeWrong):
        keep_laboratory(park, "西河检测", credit_code="91349901MA0000000X", actor=boss)
    with pytest.raises(LaboratoryExists):
        change_laboratory(other, name="北辰检测", actor=boss)

    other.refresh_from_db()
    assert (Laboratory.objects.count(), other.name) == (2, "南山检测")


def test_a_contract_says_what_can_be(park, boss, lab):
    unit = park.units.get(name="甲")

    for hours in (0, 169):
        with pytest.raises(ContractHoursWrong):
            contract(lab, Terms(hours=hours, since=DAY), actor=boss)
    with pytest.raises(OwnRoundsNeedEnterprise):
        contract(lab, Terms(hours=1, since=DAY, enterprise_opens=True), actor=boss)
    with pytest.raises(DatesOutOfOrder):
        contract(lab, Terms(hours=1, since=DAY, until=DAY), actor=boss)
    assert not Contract.objects.exists()

    made = contract(lab, Terms(hours=168, since=DAY), unit=unit, actor=boss)
    assert contract(lab, Terms(hours=168, since=DAY), unit=unit, actor=boss) == made
    with pytest.raises(ContractExists):
        contract(lab, Terms(hours=24, since=DAY), unit=unit, actor=boss)
    end_contract(made, actor=boss, on=DAY + timedelta(days=1))
    contract(lab, Terms(hours=24, since=DAY + timedelta(days=1)), unit=unit, actor=boss)
    assert Contract.objects.count() == 2


def test_ending_a_laboratory_ends_its_contracts_and_it_gets_no_new_ones(park, boss, yan, lab):
    held, to_come = contract(lab, TERMS, actor=boss), contract(
        lab, Terms(hours=12, since=DAY + timedelta(days=9)), unit=park.units.get(name="甲"), actor=boss)

    end_laboratory(lab, actor=boss, on=DAY)

    held.refresh_from_db()
    to_come.refresh_from_db()
    assert (held.until, to_come.until) == (DAY, to_come.since)
    with pytest.raises(LaboratoryEnded):
        contract(lab, Terms(hours=12, since=DAY), actor=boss)
    with pytest.raises(LaboratoryEnded):
        tie_account(lab, yan, actor=boss)


def test_only_the_office_keeps_laboratories(park, lab, yan):
    yan_acts = actor_for(yan)

    for act in (lambda: keep_laboratory(park, "自荐检测", actor=yan_acts), lambda: contract(lab, TERMS, actor=yan_acts),
                lambda: tie_account(lab, yan, actor=yan_acts), lambda: end_laboratory(lab, actor=yan_acts)):
        with pytest.raises(NotAllowed):
            act()

    assert (Laboratory.objects.count(), Contract.objects.count()) == (1, 0)


def test_the_pages_keep_a_laboratory_from_its_name_to_its_end(park, as_role, yan, page_of):
    lin = as_role("duty_officer")

    assert lin.post(page_of("laboratories"), {"name": "北辰检测"}).status_code == 302
    lab = Laboratory.objects.get()
    assert lin.post(page_of("contract-add", lab.pk), {"over": "park", "hours": 6, "since": DAY}).status_code == 302
    assert lin.post(page_of("contract-add", lab.pk), {"over": "park", "hours": 5, "since": DAY}).status_code == 422
    assert lin.post(page_of("laboratory-tie", lab.pk), {"user": yan.pk}).status_code == 302
    page = lin.get(page_of("laboratory", lab.pk)).content.decode()
    assert "6 hours" in page and "颜化" in page
    assert "北辰检测" in lin.get(page_of("laboratories", q="北辰")).content.decode()
    assert "No laboratory like that" in lin.get(page_of("laboratories", q="南山")).content.decode()
    assert lin.get(page_of("laboratories", **{"as": "xlsx"})).status_code == 200
    lin.post(page_of("contract-end", Contract.objects.get().pk), {"on": DAY})
    lin.post(page_of("laboratory-untie", lab.pk, LaboratoryAccount.objects.get().pk))
    lin.post(page_of("laboratory-end", lab.pk), {"on": DAY})
    lab.refresh_from_db()
    assert (lab.until, Contract.objects.get().until) == (DAY, DAY)
    assert LaboratoryAccount.objects.get().until_at == MORNING


def test_an_untied_account_reads_what_is_missing_before_it_tries(park, boss, as_role, lab, page_of):
    page = as_role("laboratory").get(page_of("result-import")).content.decode()

    assert "this account reports for none of them" in page
