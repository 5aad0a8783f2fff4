"""Who is restricted, by whom it was decided, and when it ends: both sides of two people, of the hours and of the days."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from jiugong.journal.models import Entry
from jiugong.lib import clock
from jiugong.lib.acting import Actor, keeper
from jiugong.registry.models import Park, Person
from jiugong.screening.actions.results import Report, report
from jiugong.tracing.actions.cases import decide_case
from jiugong.tracing.actions.orders import confirm_holds, decide, inform, receive, send, settle_down
from jiugong.tracing.actions.releasing import lapse_orders, release, renew_hold
from jiugong.tracing.errors import OrderMoved, OrderSameHands, OrderTakesTwo, ReleaseTooEarly
from jiugong.tracing.logic.releasing import Taken, owed_tests, why_not_yet
from jiugong.tracing.models import Case, Contact, Incident, Order
from jiugong.tracing.stages import CaseStage
from tests.tracing.conftest import NOW, RETESTED, TOLD, at, id_number, whose


def holds(incident: Incident) -> list[str]:
    return list(Order.objects.filter(incident=incident, kind="hold").order_by("number").values_list("stage", flat=True))


def proposals(case: Case) -> list[Order]:
    return list(Order.objects.filter(incident=case.incident, kind="close_contact").select_related("park", "who").order_by("number"))


# the hold -------------------------------------------------------------------------------------------------------------

def test_everybody_in_a_positive_tube_is_proposed_to_be_held_and_one_officer_confirms_all(
        positive: Callable[..., Incident], a_worker: Callable[..., Person], boss: Actor) -> None:
    incident = positive(a_worker(), a_worker())
    assert holds(incident) == ["proposed", "proposed"]

    confirmed = confirm_holds(incident, actor=boss)
    again = confirm_holds(incident, actor=boss)

    assert holds(incident) == ["ordered", "ordered"] and len(confirmed) == 2 and again == []


@pytest.mark.parametrize(("seconds", "stage"), [(-1, "ordered"), (0, "lapsed"), (1, "lapsed")])
def test_a_hold_ends_by_itself_after_24_hours(seconds: int, stage: str, positive: Callable[..., Incident],
                                               a_worker: Callable[..., Person], boss: Actor, park: Park) -> None:
    incident = positive(a_worker())
    confirm_holds(incident, actor=boss, at=at("12 16:23"))

    with clock.standing_at(at("13 16:23") + timedelta(seconds=seconds)):
        lapse_orders(park, actor=keeper())

    assert holds(incident) == [stage]


def test_a_negative_retest_ends_the_hold_by_itself(positive: Callable[..., Incident], retested: Callable[..., None],
                                                   a_worker: Callable[..., Person], boss: Actor) -> None:
    one, other = a_worker(), a_worker()
    incident = positive(one, other)
    confirm_holds(incident, actor=boss, at=TOLD)

    retested(one, "negative")

    assert holds(incident) == ["released", "ordered"]
    assert Order.objects.get(incident=incident, who__person=one).ended_at == RETESTED


def test_a_hold_goes_on_only_with_a_reason(positive: Callable[..., Incident], a_worker: Callable[..., Person], boss: Actor) -> None:
    confirm_holds(positive(a_worker()), actor=boss, at=TOLD)

    renewed = renew_hold(Order.objects.get(), reason="等待转诊", actor=boss)

    assert renewed.until == NOW + timedelta(hours=24)


# two people -----------------------------------------------------------------------------------------------------------

def test_what_lasts_longer_than_the_hold_takes_two_people(case: Case, boss: Actor, second: Actor) -> None:
    order = proposals(case)[0]
    assert decide(order, actor=boss).stage == "seen"

    with pytest.raises(OrderTakesTwo):
        decide(order, actor=boss)
    assert Order.objects.get(pk=order.pk).stage == "seen"

    decided = decide(order, actor=second)
    assert (decided.stage, decided.seen_by, decided.ordered_by) == ("ordered", boss.key, second.key)
    assert decide(order, actor=second).ordered_at == decided.ordered_at


def test_who_hands_somebody_over_does_not_receive_him(case: Case, boss: Actor, second: Actor) -> None:
    order = proposals(case)[0]
    for actor in (boss, second):
        decide(order, actor=actor)
    inform(order, actor=boss)
    send(order, actor=boss, place="集中隔离点")

    with pytest.raises(OrderSameHands):
        receive(order, actor=boss)
    with pytest.raises(OrderMoved):
        settle_down(order, actor=boss)

    receive(order, actor=second)
    settled = settle_down(order, actor=boss)
    assert (settled.stage, settled.place) == ("controlled", "集中隔离点")


def test_nobody_is_informed_of_what_was_not_decided(case: Case, boss: Actor) -> None:
    with pytest.raises(OrderMoved):
        inform(proposals(case)[0], actor=boss)


# contacts and corrections ---------------------------------------------------------------------------------------------

def test_contacts_are_listed_with_their_grounds_as_soon_as_a_case_is_suspected(case: Case) -> None:
    found = {str(each.who.person): sorted(each.grounds.values_list("ground", flat=True))
             for each in Contact.objects.filter(case=case)}

    assert found == {"工人2": ["canteen_table"], "工人3": ["canteen_table"], "工人4": ["next_table"]}
    assert sorted(order.evidence["grounds"] for order in proposals(case)) == [["canteen_table"], ["canteen_table"], ["next_table"]]


def test_days_of_control_are_counted_from_the_last_exposure(case: Case) -> None:
    phases = proposals(case)[0].phases

    assert [(each["mode"], each["first_day"], each["last_day"]) for each in phases] == [
        ("central_quarantine", "2022-11-12", "2022-11-16"), ("home_isolation", "2022-11-17", "2022-11-19")]
    assert proposals(case)[0].until == at("20 00:00")


def test_a_corrected_retest_releases_everybody_who_was_held_only_for_it_and_the_journal_tells_it(
        case: Case, park: Park, boss: Actor, second: Actor) -> None:
    for order in proposals(case):
        for actor in (boss, second):
            decide(order, actor=actor)

    report(park, Report(tube="T7-R1", value="negative", reported_at=RETESTED + timedelta(minutes=30)), actor=boss)

    assert Case.objects.get(pk=case.pk).stage == "contaminated"
    assert {order.stage for order in proposals(case)} == {"released"}
    assert not Contact.objects.filter(case=case, ended_at=None).exists()
    told = list(Entry.objects.filter(verb__in=("case.suspected", "order.decided", "case.contaminated", "order.released"))
                .order_by("pk").values_list("verb", flat=True))
    assert told[0] == "case.suspected" and told.index("case.contaminated") < told.index("order.released")
    assert told.count("order.decided") == told.count("order.released") == 3


def test_a_corrected_tube_ends_the_incident(case: Case, park: Park, boss: Actor) -> None:
    report(park, Report(tube="T7", value="negative", reported_at=RETESTED + timedelta(minutes=30)), actor=boss)

    incident = Incident.objects.get(pk=case.incident_id)
    assert (incident.stage, incident.closed_because) == ("closed", "result_corrected")
    assert not Order.objects.filter(incident=incident, stage__in=("proposed", "seen", "ordered")).exists()


def test_who_is_a_contact_of_two_cases_stays_controlled_when_one_is_ruled_out(
        case: Case, positive: Callable[..., Incident], retested: Callable[..., None], a_worker: Callable[..., Person],
        was: Callable[..., object], boss: Actor) -> None:
    other = a_worker()
    was(other, "canteen_table", "食堂/1桌", "11 12:00", "11 12:30")
    positive(other, code="T8")
    retested(other, "positive", tube="T8")

    decide_case(case, CaseStage.RULED_OUT, reason="复检阴性", actor=boss)

    assert {order.stage for order in proposals(case)} == {"proposed"}


def test_a_contact_whose_own_swab_is_positive_becomes_a_case_of_the_same_incident(
        case: Case, positive: Callable[..., Incident], park: Park, boss: Actor) -> None:
    contact = Contact.objects.get(case=case, who__person__name="工人3")
    with clock.standing_at(at("13 12:00")), pytest.raises(Incident.DoesNotExist):
        positive(contact.who.person, code="T9", told=at("13 11:00"))

    mine = Case.objects.get(who=contact.who)
    assert (mine.incident_id, mine.infector_id, mine.stage) == (case.incident_id, case.pk, "suspected")


# release --------------------------------------------------------------------------------------------------------------

PHASES = [{"mode": "central_quarantine", "first_day": "2022-11-12", "last_day": "2022-11-16",
           "tests_on": ["2022-11-12", "2022-11-13", "2022-11-14", "2022-11-16"]}]
NEGATIVE = [Taken(on=date(2022, 11, day), value="negative") for day in (12, 13, 14, 16)]


def why(taken: list[Taken], today: date) -> list[str]:
    owed = owed_tests(PHASES, taken, today)
    return [word for word, _facts in why_not_yet(PHASES, owed, today)]


@pytest.mark.pure
@pytest.mark.parametrize(("day", "reasons"), [(15, ["not_over"]), (16, []), (17, [])])
def test_the_last_day_ends_with_its_negative_result(day: int, reasons: list[str]) -> None:
    taken = [each for each in NEGATIVE if each.on.day <= day]
    assert why(taken, date(2022, 11, day)) == reasons


@pytest.mark.pure
def test_a_release_waits_for_the_result_of_the_last_day() -> None:
    waiting = [*NEGATIVE[:3], Taken(on=date(2022, 11, 16), value="")]
    assert why(waiting, date(2022, 11, 17)) == ["test_waiting"]
    assert why(NEGATIVE[:3], date(2022, 11, 17)) == ["test_missed"]
    assert why(NEGATIVE, date(2022, 11, 17)) == []


@pytest.mark.pure
def test_a_contact_of_a_contact_waits_for_the_first_two_tests_of_the_contact() -> None:
    today = date(2022, 11, 17)
    mine = owed_tests(PHASES, NEGATIVE, today)
    one_missing = owed_tests(PHASES, NEGATIVE[:1], today)
    assert [word for word, _facts in why_not_yet(PHASES, mine, today, linked=one_missing)] == ["linked_waiting"]
    assert why_not_yet(PHASES, mine, today, linked=mine) == []


def test_nobody_is_released_before_his_tests_are_known_and_nobody_waits_for_ever(case: Case, park: Park, boss: Actor,
                                                                                  second: Actor) -> None:
    order = proposals(case)[0]
    for actor in (boss, second):
        decide(order, actor=actor)

    with clock.standing_at(at("20 08:00")), pytest.raises(ReleaseTooEarly):
        release(order, actor=boss)
    with clock.standing_at(at("20 23:59")):
        lapse_orders(park, actor=keeper())
        assert Order.objects.get(pk=order.pk).stage == "ordered"
    with clock.standing_at(at("21 00:00")):
        lapse_orders(park, actor=keeper())
    assert Order.objects.get(pk=order.pk).stage == "lapsed"


def test_whose_tests_were_all_negative_is_released(case: Case, park: Park, boss: Actor, second: Actor,
                                                   negative_on: Callable[..., None]) -> None:
    order = proposals(case)[0]
    for actor in (boss, second):
        decide(order, actor=actor)
    for phase in order.phases:
        for day in phase["tests_on"]:
            negative_on(order.who.person, day)

    with clock.standing_at(at("20 08:00")):
        assert release(order, actor=boss).stage == "released"


def test_the_same_number_stands_for_a_person_however_often_it_is_asked(a_worker: Callable[..., Person]) -> None:
    person = a_worker()
    assert whose(person) == whose(person)


def test_a_walk_ins_retest_is_his_alone(park: Park, positive: Callable[..., Incident], a_worker: Callable[..., Person],
                                        boss: Actor) -> None:
    """Two in a tube whom no roster knows: each is told by the number with which he was scanned."""
    from jiugong.tracing.actions.incidents import Swab, hear_retest, open_incident

    strangers = [id_number(number) for number in (701, 702)]
    incident = open_incident(park, tube="T70", result_number=1, told_at=TOLD, unit=None, actor=boss, swabs=[
        Swab(person_id=None, id_number=number, position=position, sampled_at=TOLD) for position, number in enumerate(strangers, 1)])

    for number in (strangers[0], ""):
        hear_retest(park.pk, person_id=None, id_number=number, value="negative", sampled_at=TOLD, reported_at=RETESTED, actor=boss)

    assert sorted(incident.members.order_by("position").values_list("retest", flat=True)) == ["", "negative"]
    assert sorted(holds(incident)) == ["proposed", "withdrawn"]
