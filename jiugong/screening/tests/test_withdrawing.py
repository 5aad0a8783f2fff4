"""A round that was opened by mistake is taken back while it has no swab; what happened all the same keeps it."""

import pytest

from jiugong.journal.models import Entry
from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.screening.actions.rounds import withdraw_round
from jiugong.screening.actions.scans import bind
from jiugong.screening.actions.undoing import undo_scan
from jiugong.screening.errors import RoundExists, RoundHasSwabs, WithdrawalNeedsReason
from jiugong.screening.models import Round, Specimen
from jiugong.screening.queries.rounds import round_at
from jiugong.screening.tests.conftest import MORNING, OPENS, an_actor


def test_an_empty_round_is_withdrawn_once_and_nobody_owes_it(park, boss, round_1, a_worker):
    a_worker()
    for _ in range(2):
        withdraw_round(round_1, reason="开错了", actor=boss)

    assert not Round.objects.exists()
    assert round_at(park, MORNING) is None
    assert Entry.objects.filter(verb="round.withdrawn").count() == 1


def test_its_number_is_not_given_again(boss, a_round, round_1):
    withdraw_round(round_1, reason="x", actor=boss)

    assert a_round().number == 2                                 # the same hours, which are no second sending any more
    with pytest.raises(RoundExists):
        a_round(number=1, opens_at=OPENS.replace(minute=31))


@pytest.mark.parametrize("undone", [False, True])
def test_a_round_with_a_swab_stays_also_where_it_was_undone(park, boss, round_1, a_worker, a_scan, undone):
    a_worker(number=1)
    bind(park, [a_scan(1, scan_id="s")], actor=boss)
    if undone:
        undo_scan(park, "s", undo_id="u", reason="x", actor=boss)

    with pytest.raises(RoundHasSwabs):
        withdraw_round(round_1, reason="x", actor=boss)
    assert Round.objects.get() == round_1


def test_a_reason_and_the_power_to_open_rounds_are_needed(park, round_1, boss):
    for reason in (" ", "x" * 201, "a\0b"):
        with pytest.raises(WithdrawalNeedsReason):
            withdraw_round(round_1, reason=reason, actor=boss)
    for actor in (an_actor(*park.branches), an_actor(*park.branches, powers=(Can.OPEN_OWN_ROUNDS,))):
        with pytest.raises(NotAllowed):
            withdraw_round(round_1, reason="x", actor=actor)
    assert Round.objects.exists()


def test_a_live_scan_is_told_and_one_from_offline_keeps_the_round(park, boss, round_1, a_worker, a_scan):
    a_worker(number=1)
    withdraw_round(round_1, reason="x", actor=boss)

    assert bind(park, [a_scan(1)], actor=boss)[0].code == "screening.round_withdrawn"
    assert not Specimen.objects.exists()
    assert bind(park, [a_scan(1, scan_id="off", offline=True)], actor=boss)[0].status == "accepted"

    assert Round.objects.get() == round_1
    assert bind(park, [a_scan(1, tube="T2")], actor=boss)[0].status == "accepted"


def test_page_and_program_withdraw_alike_and_twice(a_round, as_role, page_of):
    a_round(), a_round(opens_at=OPENS.replace(minute=40))
    lin = as_role("duty_officer")
    assert "Withdraw this round" in lin.get(page_of("round", 1)).content.decode()

    for _ in range(2):
        assert lin.post(page_of("round-withdraw", 1), {"reason": "x"}).status_code == 302
        sent = lin.post("/api/v1/screening/rounds/2/withdraw", {"reason": "x"}, content_type="application/json")
        assert (sent.status_code, sent.json()["number"]) == (200, 2)

    assert lin.get(page_of("round", 1)).status_code == 404
    assert not Round.objects.exists()
