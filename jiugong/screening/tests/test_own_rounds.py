"""Enterprises that sample themselves: their own rounds where a contract lets them, and who was sampled at their own point."""

from datetime import timedelta
from typing import Any

import pytest

from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.models import Posting
from jiugong.screening.actions.laboratories import Terms, contract, keep_laboratory
from jiugong.screening.actions.rounds import Target, open_round
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.undoing import undo_scan
from jiugong.screening.laboratory_errors import OwnRoundNeedsContract, OwnRoundOfOneEnterprise
from jiugong.screening.models import Round
from jiugong.screening.queries.own import sampled_by_own
from jiugong.screening.queries.rounds import round_at
from jiugong.screening.tests.conftest import CLOSES, DAY, MORNING, OPENS, an_actor

A_DAY = timedelta(days=1)
HOURS: dict[str, Any] = {"opens_at": OPENS, "closes_at": CLOSES, "pool_size": 10}


@pytest.fixture
def firm(park):
    return park.units.get(name="甲")


@pytest.fixture
def fang(firm):
    """The prevention officer of 甲."""
    return an_actor(firm.path, powers=(Can.OPEN_OWN_ROUNDS, Can.BIND_SPECIMENS, Can.SEE_BOARD))


@pytest.fixture
def contracted(park, boss):
    def make(**more):
        return contract(keep_laboratory(park, "社区卫生院", actor=boss), actor=boss, **more)
    return make


def test_without_a_contract_only_the_office_opens_rounds(park, firm, fang, contracted):
    with pytest.raises(OwnRoundNeedsContract):
        open_round(park, unit=firm, actor=fang, **HOURS)
    contracted(terms=Terms(hours=12, since=DAY), unit=firm)                 # a contract that does not say so
    with pytest.raises(OwnRoundNeedsContract):
        open_round(park, unit=firm, actor=fang, **HOURS)

    assert not Round.objects.exists()


@pytest.mark.parametrize(("since", "until", "may"), [
    (DAY + A_DAY, None, False), (DAY, None, True), (DAY - A_DAY, DAY, False), (DAY - A_DAY, DAY + A_DAY, True)])
def test_the_contract_must_hold_on_the_day_of_the_round(park, firm, fang, contracted, since, until, may):
    contracted(terms=Terms(hours=12, since=since, until=until, enterprise_opens=True), unit=firm)

    if may:
        assert open_round(park, unit=firm, actor=fang, **HOURS).unit == firm
        assert open_round(park, unit=firm, actor=fang, **HOURS).number == 1          # sent twice, opened once
    else:
        with pytest.raises(OwnRoundNeedsContract):
            open_round(park, unit=firm, actor=fang, **HOURS)
    assert Round.objects.count() == may


def test_nobody_opens_a_round_for_another_enterprise_the_grid_or_the_park(park, firm, fang, contracted):
    contracted(terms=Terms(hours=12, since=DAY, enterprise_opens=True), unit=firm)
    other, team = park.units.get(name="乙"), park.units.get(name="甲一班")

    elsewhere: tuple[dict[str, Any], ...] = ({"unit": other}, {"place": park.places.get(kind="grid", name="1网格")}, {})
    for over in elsewhere:
        with pytest.raises(NotAllowed):
            open_round(park, actor=fang, **over, **HOURS)
    with pytest.raises(OwnRoundOfOneEnterprise):
        open_round(park, unit=team, actor=fang, **HOURS)
    with pytest.raises(OwnRoundOfOneEnterprise):
        open_round(park, actor=fang, target=Target(enterprises=[firm], reason="自检"), **HOURS)
    assert not Round.objects.exists()


def test_a_round_of_one_enterprise_does_not_take_the_parks_place(park, firm, fang, contracted, round_1):
    contracted(terms=Terms(hours=12, since=DAY, enterprise_opens=True), unit=firm)

    open_round(park, unit=firm, actor=fang, **HOURS)

    assert round_at(park, MORNING) == round_1


def test_the_pages_offer_it_to_whom_the_contract_lets(park, firm, contracted, as_role, page_of, a_worker):
    a_worker(number=1)
    fang = as_role("prevention_officer", unit=firm)
    assert fang.get(page_of("round-open")).status_code == 403
    assert page_of("round-open") not in fang.get(page_of("rounds")).content.decode()

    contracted(terms=Terms(hours=12, since=DAY, enterprise_opens=True), unit=firm)
    assert page_of("round-open") in fang.get(page_of("rounds")).content.decode()
    sent = fang.post(page_of("round-open"), {"number": 1, "opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30",
                                             "pool_size": 10, "over": f"unit:{firm.pk}"})
    assert sent.status_code == 302
    told = fang.post("/api/v1/screening/rounds", {
        "park": str(park.uid), "opens_at": "2022-07-22T06:30", "closes_at": "2022-07-22T10:30", "pool_size": 10,
        "unit": str(firm.uid)}, content_type="application/json").json()
    assert (told["number"], Round.objects.get().unit) == (1, firm)


def test_who_was_sampled_at_the_point_of_his_own_enterprise(park, boss, round_1, a_worker, a_point, a_scan):
    mine, strange, moved, undone = (a_worker(number=at, team=team) for at, team in (
        (1, "甲一班"), (2, "乙一班"), (3, "甲二班"), (4, "甲一班")))
    a_point(enterprise="甲", name="甲点")
    a_point(name="东门")
    bind(park, [a_scan(1, point="甲点"), a_scan(2, point="甲点"), a_scan(3, point="甲点"),
                a_scan(4, point="甲点", scan_id="undone"), a_scan(1, point="东门", tube="T2")], actor=boss)
    undo_scan(park, "undone", undo_id="u1", reason="错人", actor=boss)
    Posting.objects.filter(person=moved).update(until=DAY)                  # left on the morning of the round

    def found(**scope) -> set[int]:
        start, end = MORNING - timedelta(hours=1), MORNING + timedelta(seconds=1)
        return set(sampled_by_own(park, start, end, **scope).values_list("person", flat=True))

    assert found() == {mine.pk}
    Posting.objects.filter(person=moved).update(until=DAY + A_DAY)
    assert found() == {mine.pk, moved.pk}
    assert found(reach=(park.units.get(name="乙").path,)) == set()
    assert undone and strange
