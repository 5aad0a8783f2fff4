"""Channels on their page: opened, tried, well or not; what a gateway tells later; what a person decides; by which rules."""

import json
from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.journal.actions.channels import set_rules
from jiugong.journal.actions.deciding import send_again
from jiugong.journal.actions.sending import send_due
from jiugong.journal.actions.ways import keep_ways
from jiugong.journal.errors import AddressMisshapen, WordsMisshapen
from jiugong.journal.matters import matters
from jiugong.journal.models import Channel, ContactWays, Delivery, MessageRules, Receipt
from jiugong.journal.queries.channels import health_of
from jiugong.journal.tests.conftest import SMS, write
from jiugong.journal.tests.receivers import a_gateway, says
from jiugong.lib import clock
from jiugong.lib.acting import operator
from tests.cast import MORNING, Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
Open = Callable[..., Channel]


@pytest.fixture
def lin(town: Town) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.users["lin"])
    return client


def at(town: Town, name: str, *keys: Any, **query: str) -> str:
    return reverse(name, args=[town.park.uid, *keys], query=query or None)


def test_a_channel_is_opened_on_its_page_and_shows_no_secret_again(town: Town, lin: Client) -> None:
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=SECRETKEY"

    answer = lin.post(at(town, "channel-new"), {"kind": "wecom", "name": "指挥部群", "url": url, "kinds": ["task", "policy"]})

    channel = Channel.objects.get()
    assert answer.status_code == 302
    assert (channel.name, channel.kinds) == ("指挥部群", ["policy", "task"])
    pages = lin.get(at(town, "channels")).content + lin.get(at(town, "channel", channel.uid)).content
    assert "SECRETKEY" not in pages.decode()
    lin.post(at(town, "channel", channel.uid), {"name": "新名", "kinds": ["task"]})
    channel.refresh_from_db()
    assert (channel.name, channel.settings()["url"]) == ("新名", url)


def test_where_the_server_may_not_send_stays_in_the_form_with_its_reason(town: Town, lin: Client) -> None:
    page = lin.post(at(town, "channel-new"), {**SMS, "kind": "sms", "name": "短信", "url": "http://169.254.169.254/{phone}"})

    assert page.status_code == 422
    assert "JIUGONG_GATEWAYS" in page.content.decode()
    assert not Channel.objects.exists()


def test_whoever_presses_gets_a_test_once_also_at_night(town: Town, lin: Client, sms: Open) -> None:
    keep_ways(town.users["lin"], mail="", phone="19900009999", language="en")
    with a_gateway() as gateway, clock.standing_at(MORNING.replace(hour=16)):
        channel = sms(gateway, kinds=())
        pressed = {"test_id": uuid4().hex}
        lin.post(at(town, "channel-test", channel.uid), pressed)
        lin.post(at(town, "channel-test", channel.uid), pressed)
        send_due()

    assert [json.loads(each["body"])["to"] for each in gateway.taken] == ["19900009999"]
    assert "Test of the channel" in gateway.taken[0]["body"]


def test_how_well_a_channel_is_stands_on_the_page(town: Town, lin: Client, sms: Open) -> None:
    with a_gateway(says(200, {"status": "ok"}), says(403)) as gateway:
        channel = sms(gateway)
        write(town, "吴强", "孙丽")
        send_due()
    health = health_of([channel])[channel.pk]

    assert (health.last_sent, health.last_failed, health.waiting, health.to_decide) == (MORNING, MORNING, 0, 1)
    assert lin.get(at(town, "channels")).status_code == 200


def test_what_could_not_be_sent_needs_somebody_and_has_a_button(town: Town, lin: Client, sms: Open) -> None:
    with a_gateway(says(403)) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        assert [each.state for each in matters(operator(), town.park, clock.now())] == ["late"]
        page = lin.get(at(town, "deliveries", stage="to_decide")).content.decode()
        delivery = Delivery.objects.get()
        lin.post(at(town, "delivery-decide", delivery.key), {"do": "again"})
        lin.post(at(town, "delivery-decide", delivery.key), {"do": "again"})
        send_due()

    assert "Send again" in page and "吴强" in page and "1990" not in page
    assert len(gateway.taken) == 1
    assert list(matters(operator(), town.park, clock.now())) == []
    assert set(Receipt.objects.values_list("by", flat=True)) == {"keeper", f"user:{town.users['lin'].pk}"}


def test_what_was_sent_is_listed_narrowed_and_kept_as_a_workbook(town: Town, lin: Client, sms: Open) -> None:
    from jiugong.lib.sheets import read_workbook

    with a_gateway(says(403)) as gateway:
        sms(gateway)
        write(town, "吴强", "孙丽")
        send_due()

    assert len(lin.get(at(town, "deliveries")).context["rows"]) == 2
    assert len(lin.get(at(town, "deliveries", stage="dead")).context["rows"]) == 1
    assert [row["to"] for row in lin.get(at(town, "deliveries", q="孙")).context["rows"]] == ["孙丽"]
    book = lin.get(at(town, "deliveries", **{"as": "xlsx"}))
    assert len(read_workbook(book.content, name="x")[0].rows) == 3
    assert b"1990000" not in book.content


# receipts ------------------------------------------------------------------------------------------------------------

def _receipt_of(channel: Channel, secret: str = "") -> str:
    return reverse("receipt", args=[channel.uid, secret or channel.settings()["receipt_secret"]])


@pytest.mark.parametrize("by", ["key", "number"])
@pytest.mark.parametrize(("said", "stage"), [("delivered", "delivered"), ("failed", "dead")])
def test_a_gateway_tells_later_whether_it_arrived(town: Town, sms: Open, by: str, said: str, stage: str) -> None:
    with a_gateway() as gateway:
        channel = sms(gateway)
        write(town, "吴强")
        send_due()
    delivery = Delivery.objects.get()
    told = {"key": str(delivery.key) if by == "key" else delivery.provider_id, "status": said}

    answers = [Client().post(_receipt_of(channel), told, content_type="application/json") for _time in range(2)]
    answers.append(Client().post(_receipt_of(channel), told))                 # as a form too

    delivery.refresh_from_db()
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert delivery.stage == stage
    assert (delivery.delivered_at is not None) == (stage == "delivered")
    assert Receipt.objects.filter(by="gateway").count() == 1


def test_after_a_receipt_that_it_failed_it_is_sent_under_a_new_key(town: Town, sms: Open) -> None:
    with a_gateway(knows_keys=True) as gateway:
        channel = sms(gateway, knows_keys=True)
        write(town, "吴强")
        send_due()
        first = Delivery.objects.get()
        Client().post(_receipt_of(channel), {"key": str(first.key), "status": "failed"}, content_type="application/json")
        send_again(first, actor=operator())
        send_due()

    assert len(gateway.taken) == 2                                    # the first one never arrived
    assert Delivery.objects.get().key != first.key


@pytest.mark.parametrize("told", [{"key": "", "status": "delivered"}, {"key": str(uuid4()), "status": "delivered"}, {}, [], 7])
def test_a_receipt_of_nothing_is_not_found(town: Town, sms: Open, told: Any) -> None:
    with a_gateway() as gateway:
        channel = sms(gateway)

    answer = Client().post(_receipt_of(channel), json.dumps(told), content_type="application/json")

    assert answer.status_code == 404
    assert not Receipt.objects.exists()


def test_another_secret_finds_nothing_and_changes_nothing(town: Town, sms: Open, robot: Open) -> None:
    with a_gateway() as gateway:
        channel, group = sms(gateway), robot(gateway)
        write(town, "吴强")
        send_due()
    delivery = Delivery.objects.get(channel=channel)
    told = {"key": str(delivery.key), "status": "delivered"}

    for address in (_receipt_of(channel, "wrong"), reverse("receipt", args=[uuid4(), "x"]), _receipt_of(group, "x")):
        assert Client().post(address, told, content_type="application/json").status_code == 404
    assert Client().get(_receipt_of(channel)).status_code == 405
    delivery.refresh_from_db()
    assert delivery.stage == "sent"


def test_a_receipt_of_another_channel_is_not_taken(town: Town, sms: Open, robot: Open) -> None:
    with a_gateway() as gateway:
        channel = sms(gateway)
        robot(gateway)
        write(town, "吴强")
        send_due()
    of_robot = Delivery.objects.get(channel__kind="wecom")

    answer = Client().post(_receipt_of(channel), {"key": str(of_robot.key), "status": "delivered"}, content_type="application/json")

    of_robot.refresh_from_db()
    assert answer.status_code == 404
    assert of_robot.stage == "sent"


# rules and ways -------------------------------------------------------------------------------------------------------

def test_until_somebody_says_so_the_hours_are_shown_as_an_assumption(town: Town, lin: Client) -> None:
    assert "assumption" in lin.get(at(town, "channels")).content.decode()

    answer = lin.post(at(town, "message-rules"), {"quiet_from": "21:30", "quiet_until": "06:30", "urgent": ["task"], "words_zh": "",
                                                  "words_en": "{kind} {title} {link}"})

    kept = MessageRules.objects.get()
    assert answer.status_code == 302
    assert (kept.quiet_from, kept.quiet_until, kept.urgent) == (time(21, 30), time(6, 30), ["task"])
    page = lin.get(at(town, "channels")).content.decode()
    assert "assumption" not in page and "Task Testing round 3" in page


@pytest.mark.parametrize("words", ["{title}", "{link}", "{title} {link} {phone}", "{title} {link} {}", "hello"])
def test_words_without_a_title_or_with_anything_of_somebody_are_refused(town: Town, words: str) -> None:
    with pytest.raises(WordsMisshapen):
        set_rules(town.park, quiet_from=time(22), quiet_until=time(7), urgent=(), words_zh=words, words_en="", actor=operator())

    assert not MessageRules.objects.exists()


def test_a_user_says_where_he_is_reached_and_it_stands_sealed(town: Town) -> None:
    client = Client()
    client.force_login(town.users["tao"])

    client.post(at(town, "ways"), {"mail": "tao@park.example", "phone": "199 0000 1234", "language": "en"})

    ways = ContactWays.objects.get()
    assert (ways.user, ways.mail, ways.phone, ways.language) == (town.users["tao"], "tao@park.example", "19900001234", "en")
    assert b"tao@" not in bytes(ways.mail_sealed or b"") and b"1990000" not in bytes(ways.phone_sealed or b"")
    assert "tao@park.example" in client.get(at(town, "ways")).content.decode()


@pytest.mark.parametrize(("mail", "phone"), [("nobody", ""), ("", "12"), ("a@b@c", ""), ("x@y\r\nBcc: z@z", "")])
def test_what_is_no_address_is_refused(town: Town, mail: str, phone: str) -> None:
    with pytest.raises(AddressMisshapen):
        keep_ways(town.users["tao"], mail=mail, phone=phone, language="")

    assert not ContactWays.objects.exists()
