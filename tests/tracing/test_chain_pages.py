"""The chain on pages and by API: who presses what, twice and both at once; what each refuses, and that nothing changed then.

Long because the chain is one story, told from its first press to its last on one ground.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.accounts.queries import actor_for
from jiugong.journal.models import Entry, LookUp, Message
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.models import Specimen
from jiugong.tracing.actions.bulk import decide_all
from jiugong.tracing.actions.orders import confirm_holds, decide
from jiugong.tracing.actions.pseudonyms import pseudonym_of
from jiugong.tracing.chores import what_is_late_or_over
from jiugong.tracing.errors import OrderMoved
from jiugong.tracing.models import Case, Contact, Incident, Order, Presence, Spot
from jiugong.tracing.stages import RESTRICTS
from tests.cast import MORNING, Town, an_id
from tests.groundwork import Groundwork

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=4)


def _positive(town: Town) -> Incident:
    """Wu's and Sun's tube is positive; the park goes by the ninth edition, and everybody ate at one table."""
    with clock.standing_at(MORNING + timedelta(hours=1)):
        adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
        spot = Spot.objects.create(park=town.park, kind="canteen_table", name="食堂/1桌", hall="食堂", number=1)
        for person in town.people.values():
            Presence.objects.create(park=town.park, who=pseudonym_of(person), spot=spot, source="canteen_card", received_at=MORNING,
                                    entered_at=MORNING - timedelta(hours=14), left_at=MORNING - timedelta(hours=13))
        report(town.park, Report(tube="SY0001", value="positive", reported_at=MORNING + timedelta(hours=1)), actor=operator())
    return Incident.objects.get(park=town.park)


def _a_case(town: Town, incident: Incident) -> Case:
    """Wu is positive alone, Sun is not."""
    with clock.standing_at(MORNING + timedelta(hours=2)):
        for name, value in (("吴强", "positive"), ("孙丽", "negative")):
            record_retest(town.park, tube="SY0001", person=town.people[name], value=value, at=MORNING + timedelta(hours=2),
                          actor=operator())
    return Case.objects.get(incident=incident)


@pytest.fixture
def incident(groundwork: Groundwork, town: Town) -> Incident:
    return groundwork.lay(_positive, town)


@pytest.fixture
def case(groundwork: Groundwork, town: Town, incident: Incident) -> Case:
    return groundwork.lay(_a_case, town, incident)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[datetime]:
    with clock.standing_at(NOON):
        yield NOON


def as_(town: Town, username: str) -> Client:
    client = Client()
    client.force_login(town.users[username])
    return client


def at(town: Town, name: str, *args: Any) -> str:
    return reverse(name, args=[town.park.uid, *args])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_chain_opens_in_both_languages(town: Town, case: Case, language: str) -> None:
    lin, number = as_(town, "lin"), case.incident.number
    contact, order = Contact.objects.filter(case=case)[0], Order.objects.filter(kind="close_contact")[0]
    lin.cookies["django_language"] = language
    for name, args in (("incidents", []), ("incident", [number]), ("incident-wall", [number]), ("contacts", [number]),
                       ("contact", [number, contact.pk]), ("orders", []), ("order", [order.uid]), ("tube-retests", ["SY0001"])):
        assert lin.get(at(town, name, *args)).status_code == 200, name
    for name, queries in (("contacts", ("q=吴", "class=close_contact&ground=canteen_table", "as=xlsx", "as=csv", "state=none",
                                        "state=struck", f"case={case.pk}")),
                          ("orders", ("q=吴", "state=late", "state=all", "as=xlsx", f"incident={number}&state=proposed"))):
        for query in queries:
            address = at(town, name, *([number] if name == "contacts" else []))
            assert lin.get(f"{address}?{query}").status_code == 200, query


def test_one_press_confirms_every_hold_and_a_second_changes_nothing(town: Town, incident: Incident) -> None:
    lin = as_(town, "lin")
    assert "确认 2 人暂时管控" in lin.get(at(town, "incident", 1)).content.decode()

    for _again in range(2):
        assert lin.post(at(town, "incident-hold", 1)).status_code == 302

    assert set(Order.objects.filter(kind="hold").values_list("stage", "ordered_by_name")) == {("ordered", "林园")}
    assert Entry.objects.filter(verb="holds.confirmed").count() == 1


def test_single_retests_are_entered_on_a_page_and_sent_again_change_nothing(town: Town, incident: Incident) -> None:
    lin, tube = as_(town, "lin"), at(town, "tube-retests", "SY0001")
    swabs = dict(Specimen.objects.filter(tube__code="SY0001").values_list("person__name", "pk"))
    sent = {"reported_at": "2022-07-22T10:00", f"value-{swabs['吴强']}": "positive", f"value-{swabs['孙丽']}": "negative"}

    for _again in range(2):
        assert lin.post(tube, sent).status_code == 302

    assert dict(incident.members.values_list("who__person__name", "retest")) == {"吴强": "positive", "孙丽": "negative"}
    assert list(Case.objects.values_list("who__person__name", "stage")) == [("吴强", "suspected")]
    assert Order.objects.get(kind="hold", who__person=town.people["孙丽"]).ended_because == "retest_negative"


def test_the_first_signs_the_second_decides_and_never_the_same_hand(town: Town, case: Case) -> None:
    order = Order.objects.filter(kind="close_contact").first()
    assert order
    lin, zhou, sign = as_(town, "lin"), as_(town, "zhou"), at(town, "order-sign", order.uid)

    assert lin.post(sign).status_code == 302
    assert lin.post(sign).status_code == 409
    order.refresh_from_db()
    assert (order.stage, order.ordered_at) == ("seen", None)
    assert "第一人是林园" in zhou.get(at(town, "order", order.uid)).content.decode()
    for _again in range(2):
        assert zhou.post(sign).status_code == 302

    order.refresh_from_db()
    assert (order.stage, order.seen_by_name, order.ordered_by_name) == ("ordered", "林园", "周全")


def test_all_proposals_are_signed_with_two_presses_of_two_people(town: Town, case: Case) -> None:
    proposed = Order.objects.filter(kind="close_contact").count()
    assert proposed > 2

    for who, stage in (("lin", "seen"), ("lin", "seen"), ("zhou", "ordered"), ("zhou", "ordered")):
        assert as_(town, who).post(at(town, "orders-sign", 1)).status_code == 302
        assert set(Order.objects.filter(kind="close_contact").values_list("stage", flat=True)) == {stage}

    assert [each.facts["people"] for each in Entry.objects.filter(verb__in=("orders.seen", "orders.decided"))] == [proposed] * 2
    as_(town, "tao").post(at(town, "orders-inform", 1))                     # he leads grid 1: whoever works there is his to tell
    told = dict(Order.objects.filter(kind="close_contact").values_list("who__person__name", "stage"))
    assert {told["孙丽"], told["钱进"]} == {"informed"}
    assert {told["褚亮"], told["卫红"], told["蒋明"]} == {"ordered"}
    as_(town, "lin").post(at(town, "orders-inform", 1))
    assert set(Order.objects.filter(kind="close_contact").values_list("stage", flat=True)) == {"informed"}


def test_a_bulk_press_asks_the_same_few_questions_for_one_and_for_many(town: Town, case: Case,
                                                                      django_assert_max_num_queries: Any) -> None:
    lin = actor_for(town.users["lin"])
    with django_assert_max_num_queries(40):
        decide_all(case.incident, actor=lin)


def test_who_hands_over_does_not_receive_and_the_page_says_so(town: Town, case: Case) -> None:
    order = _decided(town)
    lin, fang = as_(town, "lin"), as_(town, "fang")
    lin.post(at(town, "order-inform", order.uid))
    lin.post(at(town, "order-send", order.uid), {"place": "隔离点 3 号楼"})

    assert lin.post(at(town, "order-receive", order.uid)).status_code == 409
    order.refresh_from_db()
    assert (order.stage, order.received_by) == ("sent", "")
    for step in ("order-receive", "order-receive", "order-settle"):
        assert fang.post(at(town, step, order.uid)).status_code == 302

    order.refresh_from_db()
    assert (order.stage, order.received_by_name, order.place) == ("controlled", "方敏", "隔离点 3 号楼")


def test_somebody_is_added_with_a_reason_and_struck_with_one_and_a_new_list_does_not_bring_him_back(town: Town, case: Case) -> None:
    lin, name = as_(town, "lin"), town.people["钱进"]
    contact = Contact.objects.get(case=case, who__person=name)
    assert lin.post(at(town, "contact-strike", 1, contact.pk), {"reason": " "}).status_code == 422
    assert lin.post(at(town, "contact-strike", 1, contact.pk), {"reason": "当天请假"}).status_code == 302
    assert lin.post(at(town, "case-again", 1, case.pk), {"reason": "补录"}).status_code == 302
    contact.refresh_from_db()
    assert contact.ended_because == "当天请假"
    assert Order.objects.get(contact=contact).stage == "withdrawn"

    sent = {"person": str(name.uid), "contact_class": "close_contact", "since": "2022-07-22T07:00", "until": "2022-07-22T07:30",
            "place": "仓库", "reason": "本人回忆"}
    for _again in range(2):
        assert lin.post(at(town, "contact-add", 1, case.pk), sent).status_code == 302

    contact.refresh_from_db()
    assert contact.ended_at is None
    assert list(contact.grounds.filter(ground="manual").values_list("reason", "spot__name", "added_by_name")) == [
        ("本人回忆", "仓库", "林园")]
    assert Order.objects.filter(contact=contact).exclude(stage="withdrawn").count() == 1


def test_a_reader_of_one_enterprise_finds_its_people_alone(town: Town, case: Case) -> None:
    fang = as_(town, "fang")
    shown = fang.get(at(town, "contacts", 1)).content.decode()

    assert "孙丽" in shown
    assert not any(name in shown for name in ("钱进", "褚亮"))
    assert not any(name in fang.get(f"/api/v1/tracing/incidents/1/contacts?park={town.park.uid}").content.decode()
                   for name in ("钱进", "褚亮"))
    other = Contact.objects.get(who__person=town.people["钱进"])
    assert fang.get(at(town, "contact", 1, other.pk)).status_code == 404
    assert fang.get(at(town, "contact", 1, other.pk + 1000)).status_code == 404


def test_whole_numbers_come_only_with_a_reason_that_is_journalled(town: Town, case: Case) -> None:
    lin = as_(town, "lin")
    assert an_id(1) not in lin.get(at(town, "contacts", 1)).content.decode()
    assert lin.post(at(town, "contacts-in-full", 1), {"reason": ""}).status_code == 422
    assert not LookUp.objects.filter(fields="id_number").exists()

    assert lin.post(at(town, "contacts-in-full", 1), {"reason": "移交区疾控"}).status_code == 200

    assert set(LookUp.objects.filter(fields="id_number").values_list("reason", flat=True)) == {"移交区疾控"}


@pytest.mark.parametrize(("after", "stage"), [(timedelta(hours=24, seconds=-1), "ordered"), (timedelta(hours=24), "lapsed"),
                                              (timedelta(hours=24, seconds=1), "lapsed")])
def test_a_hold_ends_by_itself_when_its_hours_are_over(town: Town, incident: Incident, after: timedelta, stage: str) -> None:
    confirm_holds(incident, actor=operator())

    with clock.standing_at(NOON + after):
        what_is_late_or_over(clock.now())
        what_is_late_or_over(clock.now())

    assert set(Order.objects.filter(kind="hold").values_list("stage", flat=True)) == {stage}


def test_a_late_step_tells_its_owner_once_and_stands_on_the_board(town: Town, incident: Incident) -> None:
    late = incident.steps.filter(met_at=None, due_at__lt=NOON).count()
    assert late

    for _again in range(2):
        what_is_late_or_over(clock.now())

    assert Message.objects.filter(about="incident:1", client_id__startswith="step-late:").count() >= late
    assert incident.steps.filter(met_at=None, due_at__lt=NOON, told_late_at=None).count() == 0
    assert "事件 1：“混管成员暂控”逾期" in as_(town, "lin").get(at(town, "today")).content.decode()


def test_a_tube_that_was_negative_after_all_releases_everybody_and_the_journal_tells_it(town: Town, case: Case) -> None:
    confirm_holds(case.incident, actor=operator())
    _decided(town)

    report(town.park, Report(tube="SY0001", value="negative", reported_at=NOON), actor=operator())

    case.refresh_from_db()
    assert case.stage == "contaminated"
    assert not Order.objects.filter(stage__in=RESTRICTS).exists()
    assert {"case.confirmed"} & set(Entry.objects.values_list("verb", flat=True)) == set()
    assert {"incident.opened", "case.suspected", "order.released", "order.withdrawn", "incident.closed"} <= set(
        Entry.objects.values_list("verb", flat=True))
    story = as_(town, "lin").get(at(town, "incident", 1)).content.decode()
    assert "检测机构已撤回阳性结果" in story or "阳性结果" in story


def test_a_retest_that_was_negative_after_all_releases_whoever_met_only_this_case(town: Town, case: Case) -> None:
    _decided(town)

    record_retest(town.park, tube="SY0001", person=town.people["吴强"], value="negative", at=NOON, actor=operator())

    case.refresh_from_db()
    assert (case.stage, case.reason) == ("contaminated", "result_corrected")
    assert not Order.objects.filter(kind="close_contact", stage__in=RESTRICTS).exists()
    assert set(Contact.objects.filter(case=case).values_list("ended_because", flat=True)) == {"contaminated"}


def test_when_the_park_was_told_is_corrected_until_a_case_rests_on_it(town: Town, incident: Incident) -> None:
    lin, told = as_(town, "lin"), at(town, "incident-told", 1)
    before = incident.told_at
    for wrong in ("2022-07-22T05:00", "2022-07-23T10:00"):
        assert lin.post(told, {"at": wrong}).status_code == 422
    incident.refresh_from_db()
    assert incident.told_at == before

    assert lin.post(told, {"at": "2022-07-22T10:00"}).status_code == 302
    incident.refresh_from_db()
    assert incident.told_at == datetime(2022, 7, 22, 2, tzinfo=UTC)
    _a_case(town, incident)
    assert lin.post(told, {"at": "2022-07-22T10:05"}).status_code == 409


def test_a_paper_step_is_said_once_and_no_other_is_ticked_off(town: Town, case: Case) -> None:
    lin = as_(town, "lin")
    for step, status in (("reported", 302), ("reported", 302), ("controlled", 409), ("nonsense", 409)):
        assert lin.post(at(town, "incident-mark", 1, step), {}).status_code == status, step

    assert case.incident.steps.get(kind="reported").met_by_name == "林园"
    assert case.incident.steps.get(kind="controlled").met_at is None
    assert Entry.objects.filter(verb="step.marked").count() == 1


def test_an_incident_is_closed_when_nobody_is_restricted_any_more(town: Town, case: Case) -> None:
    lin, close = as_(town, "lin"), at(town, "incident-close", 1)
    assert lin.post(close, {"reason": "结束"}).status_code == 409
    case.incident.refresh_from_db()
    assert case.incident.stage == "open"

    lin.post(at(town, "case-decide", 1, case.pk), {"stage": "ruled_out", "reason": "专家会商"})
    assert lin.post(close, {"reason": "结束"}).status_code == 302

    case.incident.refresh_from_db()
    assert (case.incident.stage, case.incident.closed_because) == ("closed", "结束")


def _decided(town: Town) -> Order:
    """The order over Sun, decided by Lin and Zhou."""
    order = Order.objects.get(kind="close_contact", who__person=town.people["孙丽"])
    for who in ("lin", "zhou"):
        order = decide(order, actor=actor_for(town.users[who]))
    return order


def test_two_officers_who_read_the_same_order_at_once_sign_it_once_each(town: Town, case: Case) -> None:
    first = Order.objects.filter(kind="close_contact").select_related("who__person").first()
    second = Order.objects.filter(kind="close_contact").select_related("who__person").first()
    assert first and second
    lin, zhou = actor_for(town.users["lin"]), actor_for(town.users["zhou"])

    assert decide(first, actor=lin).stage == "seen"
    assert decide(second, actor=zhou).stage == "ordered"                    # read as a proposal, signed as what it is now
    with pytest.raises(OrderMoved):
        decide(first, actor=lin)
    assert Order.objects.filter(stage="ordered", kind="close_contact").count() == 1


def test_a_program_does_the_same_by_api_and_is_refused_in_its_language(town: Town, case: Case) -> None:
    order = Order.objects.filter(kind="close_contact").first()
    assert order
    lin, zhou = as_(town, "lin"), as_(town, "zhou")
    sign = f"/api/v1/tracing/orders/{order.uid}/sign"
    assert lin.post(sign, {}, content_type="application/json").json()["stage"] == "seen"
    refused = lin.post(sign, {}, content_type="application/json", headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.json()["refused"]) == (409, "tracing.order_takes_two")
    assert "decided by two people" in refused.json()["message"]
    for _again in range(2):
        told = zhou.post(sign, {}, content_type="application/json").json()
        assert [each["by"] for each in told["signatures"]][1:] == ["林园", "周全"]
    clock_told = lin.get("/api/v1/tracing/incidents/1/clock").json()
    assert {step["step"]: step["authority"] for step in clock_told["steps"]}["reported"] == "law"
    found = lin.get("/api/v1/tracing/incidents/1/contacts").json()["contacts"]
    assert {ground["rule"] for each in found for ground in each["grounds"]} <= {
        "contacts.exposures.canteen_table", "contacts.exposures.dorm_room"}
