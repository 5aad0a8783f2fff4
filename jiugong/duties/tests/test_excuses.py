"""Excuses: why, on whose word, until when."""

from datetime import timedelta
from typing import Any

import pytest

from jiugong.duties.actions import excuse, withdraw
from jiugong.duties.errors import EvidenceRowMisshapen, ExcuseNeedsReason, ExcuseTooLong
from jiugong.duties.models import Excuse
from jiugong.duties.queries import asked_by, due_for, excused_people
from jiugong.duties.tests.conftest import MORNING, an_actor, at, minutes
from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can

EVENING = at(18)


@pytest.fixture
def excused(park, boss, a_worker) -> Any:
    worker = a_worker(number=1)

    def make(*, reason="请假回家", since_at=MORNING, until_at=EVENING, actor=boss, duty="", who=worker) -> Any:
        return excuse(park, who, reason=reason, since_at=since_at, until_at=until_at, actor=actor, duty=duty)
    return make


def everything() -> Any:
    return list(Excuse.objects.order_by("pk").values())


@pytest.mark.parametrize(("moment", "number"), [
    (MORNING - minutes(1), 0), (MORNING, 1), (at(17, 59, 59, microsecond=999_999), 1), (at(18), 0), (at(18, 1), 0)])
def test_an_excuse_holds_from_its_first_moment_until_before_its_last(park, excused, moment, number):
    excused()

    assert excused_people(park.pk, "report", moment).count() == number


def test_an_excuse_from_one_duty_is_none_from_another(park, excused):
    excused(duty="report")

    assert [excused_people(park.pk, duty, MORNING).count() for duty in ("report", "swab")] == [1, 0]


def test_an_excuse_takes_a_name_from_the_list_and_gives_it_back(park, rules, excused):
    rules("report")

    def missing(moment) -> Any:
        due: Any = due_for(park, "report", moment)
        return asked_by(park, due, moment).missing().count()

    assert missing(at(9)) == 1
    excused(since_at=at(8), until_at=at(9, 30))
    assert [missing(moment) for moment in (at(9), at(9, 30), at(12))] == [0, 1, 1]


@pytest.mark.parametrize("reason", ["", "  ", "理" * 301])
def test_an_excuse_needs_a_reason(excused, reason):
    with pytest.raises(ExcuseNeedsReason):
        excused(reason=reason)

    assert not everything()


@pytest.mark.parametrize(("until_at", "refused"), [
    (MORNING - minutes(1), True), (MORNING, True), (MORNING + minutes(1), False),
    (MORNING + timedelta(days=90), False), (MORNING + timedelta(days=90, seconds=1), True)])
def test_an_excuse_ends_after_it_begins_and_within_90_days(excused, until_at, refused):
    if refused:
        with pytest.raises(ExcuseTooLong):
            excused(until_at=until_at)
    else:
        excused(until_at=until_at)
    assert len(everything()) == (0 if refused else 1)


def test_a_duty_that_our_tables_cannot_hold_is_refused(excused):
    with pytest.raises(EvidenceRowMisshapen):
        excused(duty="d" * 61)

    assert not everything()


def test_the_same_excuse_again_changes_nothing(excused):
    first = excused()
    before = everything()

    assert excused(reason="另一个理由") == first
    assert everything() == before
    assert Entry.objects.filter(verb="excuse.given").count() == 1


def test_a_withdrawn_excuse_ends_now_and_still_counts_before(park, boss, excused):
    given = excused()

    with clock.standing_at(at(9)):
        withdraw(given, actor=boss)

    assert [excused_people(park.pk, "", moment).count() for moment in (at(8, 59, 59), at(9), at(10))] == [1, 0, 0]


def test_withdrawing_again_changes_nothing(boss, excused):
    given = excused()
    with clock.standing_at(at(9)):
        withdraw(given, actor=boss)
    before = everything()

    with clock.standing_at(at(10)):
        withdraw(given, actor=boss)

    assert everything() == before
    assert Entry.objects.filter(verb="excuse.withdrawn").count() == 1


def test_excusing_and_withdrawing_ask_for_the_power_where_the_person_stands(park, excused):
    here, elsewhere = (an_actor(park.units.get(name=name).path, powers=(Can.EXCUSE,)) for name in ("甲", "乙"))

    with pytest.raises(NotAllowed):
        excused(actor=elsewhere)
    assert not everything()

    given = excused(actor=here)
    with pytest.raises(NotAllowed):
        withdraw(given, actor=elsewhere)
    assert everything()[0]["withdrawn_at"] is None
