"""A worker opens his own page and reads why he may not go out: rule, reason, evidence, until when, who decided; he objects."""

from collections.abc import Callable

import pytest
from django.test import Client

from jiugong.lib.acting import Actor
from jiugong.registry.actions.badges import issue_link
from jiugong.registry.models import Badge, Person
from jiugong.registry.queries.badges import address_of
from jiugong.standing.actions import himself
from jiugong.standing.logic import Holding
from jiugong.standing.queries import standing_of
from jiugong.tracing.actions.objecting import answer_objection, object_to
from jiugong.tracing.actions.orders import confirm_holds, decide
from jiugong.tracing.errors import NothingToAnswer, WordsMissing
from jiugong.tracing.models import Case, Incident, Order
from tests.tracing.conftest import NOW, TOLD


@pytest.fixture
def order(case: Case, boss: Actor, second: Actor) -> Order:
    """The decided order over 工人3, who sat at the case's table."""
    order = Order.objects.select_related("who__person").get(kind="close_contact", who__person__name="工人3")
    for actor in (boss, second):
        decide(order, actor=actor)
    return Order.objects.select_related("who__person", "park").get(pk=order.pk)


@pytest.fixture
def link(order: Order, boss: Actor) -> Badge:
    assert order.who.person
    return issue_link(order.who.person, days=7, actor=boss)


def test_he_reads_rule_reason_evidence_and_end_on_his_own_page(order: Order, link: Badge, client: Client) -> None:
    page = client.get(f"/me/{address_of(link)}").content.decode()

    for words in ("密接管控", "您与感染者有过接触", "同桌就餐", "食堂/1桌", "2022-11-20 00:00", "密切接触者管控", "第二人",
                  "提出异议"):
        assert words in page
    assert "工人1" not in page and "工人2" not in page


def test_programs_read_the_same(order: Order, link: Badge, client: Client) -> None:
    told = client.get(f"/api/v1/me/{address_of(link)}").json()

    mine = told["orders"][0]
    assert (mine["kind"], [each["words"] for each in mine["grounds"]], mine["decided_by"]) == (
        "close_contact", ["同桌就餐"], ["operator", "第二人"])
    assert [each["state"] for each in mine["tests"]][0] == "owed"
    assert [each["what"] for each in told["holds"]][0] == "restricted"


def test_what_was_only_proposed_restricts_nobody(case: Case) -> None:
    person = Order.objects.get(kind="close_contact", who__person__name="工人4").who.person
    assert person
    assert Holding.RESTRICTED not in {each.what for each in standing_of(person, NOW)}


def test_a_hold_is_shown_to_its_person_while_it_lasts(positive: Callable[..., Incident], a_worker: Callable[..., Person],
                                                      boss: Actor) -> None:
    person = a_worker()
    incident = positive(person)
    assert not [each for each in standing_of(person, NOW) if each.what is Holding.RESTRICTED]

    confirm_holds(incident, actor=boss, at=TOLD)

    held = [each for each in standing_of(person, NOW) if each.what is Holding.RESTRICTED]
    assert [each.until for each in held] == [Order.objects.get().until]


def test_he_objects_in_his_own_words_and_reads_the_answer(order: Order, link: Badge, client: Client, boss: Actor) -> None:
    address = f"/me/{address_of(link)}"
    assert client.post(f"{address}/orders/{order.uid}/object", {"words": "那天我没有去食堂"}).status_code == 303
    assert "那天我没有去食堂" in client.get(address).content.decode()

    answer_objection(Order.objects.get(pk=order.pk), words="刷卡记录为您本人卡号，已核对监控。", actor=boss)

    assert "已核对监控" in client.get(address).content.decode()
    assert Order.objects.get(pk=order.pk).stage == "ordered"


def test_nobody_objects_to_the_order_of_another(order: Order, link: Badge, client: Client) -> None:
    other = Order.objects.get(kind="close_contact", who__person__name="工人2")
    decide(other, actor=himself_as_officer("a"))
    decide(other, actor=himself_as_officer("b"))

    answer = client.post(f"/me/{address_of(link)}/orders/{other.uid}/object", {"words": "不是我的"})

    assert answer.status_code in (303, 404)
    assert Order.objects.get(pk=other.pk).objection == ""


def himself_as_officer(name: str) -> Actor:
    from jiugong.lib.acting import all_powers

    return all_powers(key=f"user:{name}", name=name)


@pytest.mark.parametrize(("words", "kept"), [("", False), (" ", False), ("对", True), ("字" * 500, True), ("字" * 501, False)])
def test_an_objection_has_words_and_not_too_many(words: str, kept: bool, order: Order) -> None:
    assert order.who.person
    if kept:
        assert object_to(order, words=words, actor=himself(order.who.person)).objection == words
    else:
        with pytest.raises(WordsMissing):
            object_to(order, words=words, actor=himself(order.who.person))
        assert Order.objects.get(pk=order.pk).objection == ""


def test_there_is_nothing_to_answer_before_somebody_objects(order: Order, boss: Actor) -> None:
    with pytest.raises(NothingToAnswer):
        answer_objection(order, words="好的", actor=boss)
