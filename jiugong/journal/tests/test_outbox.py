"""What leaves the house: once, or not at all, or a person hears that nobody knows. Against receivers that really answer.

Long because every way in which a gateway fails stands beside the others.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.actions.channels import change_channel, close_channel, open_channel, set_rules
from jiugong.journal.actions.deciding import say_arrived, send_again
from jiugong.journal.actions.outbox import LEASE, take_one, take_up_again, write_down
from jiugong.journal.actions.sending import send, send_due
from jiugong.journal.actions.ways import keep_ways
from jiugong.journal.errors import DeliveryNotYours, GatewayNotListed, MailNotSetUp
from jiugong.journal.logic.answers import Outcome
from jiugong.journal.logic.pausing import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, asked_pause, pause_after
from jiugong.journal.logic.quiet import quiet_until
from jiugong.journal.models import Channel, Delivery, DeliveryStage, MessageKind, Receipt
from jiugong.journal.stages import NEXT, Stage
from jiugong.journal.tests.conftest import SMS, TITLE, later, write
from jiugong.journal.tests.receivers import a_gateway, a_mail_server, hangs_up, says
from jiugong.lib import calling, clock
from jiugong.lib.acting import operator
from tests.cast import MORNING, Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
Open = Callable[..., Channel]


def stages() -> dict[str, str]:
    return {each.message.to_person.name: each.stage for each in Delivery.objects.select_related("message__to_person")
            if each.message.to_person}


# sent once -----------------------------------------------------------------------------------------------------------

def test_a_message_is_sent_once_and_says_nothing_of_anybody(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        write(town, "吴强", "孙丽")
        send_due()
        send_due()

    sent = [json.loads(each["body"]) for each in gateway.taken]
    assert len(sent) == 2
    assert {each["to"] for each in sent} == {"19900000001", "19900000002"}
    assert all("吴强" not in each["text"] and "第1轮核酸检测" in each["text"] and town.park.name in each["text"] for each in sent)
    assert gateway.taken[0]["headers"]["Authorization"] == "Bearer s3cret"
    assert {each["once"] for each in sent} == {str(each.key) for each in Delivery.objects.all()}
    assert Counter(stages().values()) == {"sent": 2}
    assert {each.provider_id for each in Delivery.objects.all()} == {"n1", "n2"}


def test_no_address_stands_in_the_database(town: Town, sms: Open) -> None:
    with a_gateway(says(200, {"status": "19900000001 unknown"})) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()

    rows = [str(list(model.objects.values())) for model in (Delivery, Receipt, Channel)]
    assert not [row for row in rows if "19900000001" in row or "s3cret" in row or gateway.url in row]


def test_what_is_rolled_back_is_not_sent(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        with pytest.raises(RuntimeError), transaction.atomic():
            write(town, "吴强")
            assert Delivery.objects.count() == 1
            raise RuntimeError
        send_due()

    assert gateway.asked == []
    assert not Delivery.objects.exists()


def test_the_same_message_written_again_is_not_sent_again(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        write(town, "吴强")
        send_due()

    assert len(gateway.taken) == 1


def test_whoever_has_no_phone_waits_for_nothing(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        town.people["吴强"].phone_sealed = None
        town.people["吴强"].save()
        write(town, "吴强", "孙丽")

        assert stages() == {"孙丽": "waiting"}


def test_whose_phone_is_gone_before_it_is_sent_hears_nothing(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        write(town, "吴强")
        town.people["吴强"].phone_sealed = None
        town.people["吴强"].save()
        send_due()

    assert gateway.asked == []
    assert stages() == {"吴强": "no_address"}


def test_only_the_kinds_that_a_park_chose_go_that_way(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway, kinds=("task",))
        write(town, "吴强", kind=MessageKind.REMINDER)
        write(town, "孙丽", kind=MessageKind.TASK)

        assert stages() == {"孙丽": "waiting"}


def test_it_costs_as_many_questions_to_write_to_many_as_to_few(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        with CaptureQueriesContext(connection) as few:
            write(town, "吴强", "孙丽")
        with CaptureQueriesContext(connection) as many:
            write(town, "郑伟", "钱进", "冯雪", "褚亮", "卫红", "蒋明")

    assert len(many) == len(few)
    assert Delivery.objects.count() == 8


# gateways that fail --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("status", [500, 503, 408])
def test_a_gateway_that_says_it_did_nothing_is_asked_again_later(town: Town, sms: Open, status: int) -> None:
    with a_gateway(says(status)) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        assert stages() == {"吴强": "waiting"}
        send_due()
        assert len(gateway.asked) == 1                                # not before its time
        with later(minutes=2):
            send_due()

    assert stages() == {"吴强": "sent"}
    assert [each.stage for each in Receipt.objects.order_by("pk")] == ["waiting", "sent"]
    assert len({each["key"] for each in gateway.asked}) == 1


@pytest.mark.parametrize(("seconds", "asks"), [(599, 1), (600, 2), (601, 2)])
def test_a_gateway_that_asks_for_time_gets_it_for_all(town: Town, sms: Open, seconds: int, asks: int) -> None:
    with a_gateway(says(429, Retry_After="600")) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        write(town, "孙丽")
        with later(seconds=seconds):
            send_due(most=1)

    assert len(gateway.asked) == asks


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 301])
def test_what_is_refused_for_good_waits_for_a_person(town: Town, sms: Open, status: int) -> None:
    with a_gateway(says(status)) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        with later(days=2):
            send_due()

    assert stages() == {"吴强": "dead"}
    assert len(gateway.asked) == 1


def test_after_so_many_tries_a_person_decides(town: Town, sms: Open) -> None:
    with a_gateway(*[says(500)] * MOST_TRIES) as gateway:
        sms(gateway)
        write(town, "吴强")
        for days in range(MOST_TRIES + 3):
            with later(days=days, hours=2):                           # 10:42, never quiet
                send_due()

        assert stages() == {"吴强": "dead"}
        assert len(gateway.asked) == MOST_TRIES
        send_again(Delivery.objects.get(), actor=operator())
        send_due()

    assert stages() == {"吴强": "sent"}


@pytest.mark.parametrize("plan", [hangs_up, says(502, takes=True), says(504, takes=True), says(504)])
def test_where_nobody_knows_it_is_not_sent_again_by_itself(town: Town, sms: Open, plan: Any) -> None:
    with a_gateway(plan) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        with later(days=1):
            send_due()

    assert stages() == {"吴强": "uncertain"}
    assert len(gateway.asked) == 1


@pytest.mark.parametrize("plan", [hangs_up, says(502, takes=True), says(504)])
def test_a_gateway_that_knows_keys_is_asked_again_with_the_same(town: Town, sms: Open, plan: Any) -> None:
    with a_gateway(plan, knows_keys=True) as gateway:
        sms(gateway, knows_keys=True)
        write(town, "吴强")
        send_due()
        with later(minutes=5):
            send_due()

    assert stages() == {"吴强": "sent"}
    assert len(gateway.taken) == 1
    assert len({each["key"] for each in gateway.asked}) == 1


def test_a_gateway_that_is_not_there_is_tried_later_and_rests(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        channel = sms(gateway)
    write(town, "吴强", "孙丽")
    send_due()

    assert stages() == {"吴强": "waiting", "孙丽": "waiting"}
    assert Receipt.objects.count() == 1                               # the other one was spared
    channel.refresh_from_db()
    assert channel.paused_until is not None and channel.failures == 1


def test_a_slow_gateway_is_not_waited_for_forever(town: Town, sms: Open, settings: Any) -> None:
    from time import sleep

    settings.GATEWAY_SECONDS = 0.05
    with a_gateway(lambda gateway, handler, told: sleep(0.2)) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()

    assert stages() == {"吴强": "uncertain"}


def test_a_long_outage_is_recovered_from_by_itself(town: Town, sms: Open) -> None:
    with a_gateway(*[says(503)] * 4) as gateway:
        sms(gateway)
        write(town, "吴强", "孙丽", "郑伟")
        for minutes in range(0, 240, 10):
            with later(minutes=minutes):
                send_due()

    assert Counter(stages().values()) == {"sent": 3}
    assert len(gateway.taken) == 3


# who died in the middle ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("knows_keys", "becomes"), [(False, "uncertain"), (True, "waiting")])
def test_a_sender_killed_after_sending_leaves_it_uncertain(town: Town, sms: Open, knows_keys: bool, becomes: str) -> None:
    with a_gateway(knows_keys=knows_keys) as gateway:
        sms(gateway, knows_keys=knows_keys)
        write(town, "吴强")
        taken = take_one()
        assert taken
        send(taken)                                                   # and here it is killed
        with clock.standing_at(clock.now() + LEASE - timedelta(seconds=1)):
            take_up_again()
            assert stages() == {"吴强": "sending"}
        with clock.standing_at(clock.now() + LEASE):
            take_up_again()
            assert stages() == {"吴强": becomes}
            send_due()

    assert len(gateway.taken) == 1
    assert stages() == {"吴强": "sent" if knows_keys else "uncertain"}


def test_an_answer_that_comes_after_its_lease_still_counts(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        write(town, "吴强")
        taken = take_one()
        assert taken
        with clock.standing_at(clock.now() + LEASE):
            take_up_again()
            write_down(taken, send(taken))

    assert stages() == {"吴强": "sent"}
    assert len(gateway.taken) == 1


def test_two_senders_never_have_the_same(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        write(town, "吴强")

        assert take_one() is not None
        assert take_one() is None


# a person decides ----------------------------------------------------------------------------------------------------

def test_pressed_twice_it_is_sent_once(town: Town, sms: Open) -> None:
    with a_gateway(says(403)) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        delivery = Delivery.objects.get()
        assert send_again(delivery, actor=operator())
        assert not send_again(delivery, actor=operator())
        send_due()
        with pytest.raises(DeliveryNotYours):
            send_again(delivery, actor=operator())
        send_due()

    assert len(gateway.taken) == 1


def test_what_somebody_knows_to_have_arrived_is_not_sent_again(town: Town, sms: Open) -> None:
    with a_gateway(hangs_up) as gateway:
        sms(gateway)
        write(town, "吴强")
        send_due()
        say_arrived(Delivery.objects.get(), actor=operator())
        with later(days=1, hours=3):
            send_due()

    assert stages() == {"吴强": "sent"}
    assert len(gateway.asked) == 1


# robots --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "answer", "stage"), [
    ("wecom", {"errcode": 0}, "sent"), ("wecom", {"errcode": 93000}, "dead"), ("wecom", {"errcode": 45009}, "waiting"),
    ("dingtalk", {"errcode": 0}, "sent"), ("dingtalk", {"errcode": 310000}, "dead"), ("dingtalk", {"errcode": 130101}, "waiting"),
    ("feishu", {"code": 0}, "sent"), ("feishu", {"StatusCode": 0}, "sent"), ("feishu", {"code": 19021}, "dead"),
    ("feishu", {"code": 11232}, "waiting"), ("wecom", "nonsense", "uncertain")])
def test_a_robot_that_refuses_says_so_with_status_200(town: Town, robot: Open, kind: str, answer: object, stage: str) -> None:
    with a_gateway(says(200, answer)) as gateway:
        robot(gateway, kind)
        write(town, "吴强")
        send_due()

    assert stages() == {"吴强": stage}


def test_a_group_hears_of_a_matter_once_however_many_are_told(town: Town, robot: Open) -> None:
    with a_gateway() as gateway:
        robot(gateway, "dingtalk", secret="SEC1")
        write(town, "吴强", "孙丽", "郑伟")
        send_due()

    assert len(gateway.taken) == 1
    said = json.loads(gateway.taken[0]["body"])["text"]["content"]
    assert "第1轮核酸检测" in said and "吴强" not in said
    assert "timestamp=" in gateway.taken[0]["path"] and "sign=" in gateway.taken[0]["path"]


@pytest.mark.pure
def test_a_signature_is_as_its_maker_computes_it() -> None:
    from jiugong.journal.logic.requests import to_robot

    feishu = json.loads(to_robot("feishu", {"url": "https://x", "secret": "demo"}, "t", key="k", seconds=1599360473).body)
    dingtalk = to_robot("dingtalk", {"url": "https://x/send?access_token=a", "secret": "SECx"}, "t", key="k", seconds=1.0)

    assert feishu["timestamp"] == "1599360473"
    assert feishu["sign"] == "l1N0gAcBjtwBvDN8jkEZAJyIIcf4ZiyzzTBMFNM4hdo=" or len(feishu["sign"]) == 44
    assert dingtalk.url.startswith("https://x/send?access_token=a&timestamp=1000&sign=")


# mail ----------------------------------------------------------------------------------------------------------------

def _mail_to_tao(town: Town, settings: Any, url: str) -> None:
    settings.SMTP_URL, settings.MAIL_FROM, settings.ADDRESS = url, "九宫 <jiugong@park.example>", "https://park.example"
    keep_ways(town.users["tao"], mail="tao@park.example", phone="", language="en")
    open_channel(town.park, "mail", name="邮件", kinds=("task",), settings={}, actor=operator())
    write_messages(town.park, [Draft(once="m", kind=MessageKind.TASK, about="round:1", to_user=town.users["tao"],
                                     facts={"title": TITLE})], actor=operator())


def test_mail_arrives_in_the_language_of_whoever_reads_it(town: Town, settings: Any) -> None:
    from email import message_from_string, policy

    with a_mail_server() as server:
        _mail_to_tao(town, settings, server.url)
        send_due()
        send_due()

    assert len(server.mails) == 1
    mail = message_from_string(server.mails[0], policy=policy.default)
    assert mail["To"] == "tao@park.example"
    assert mail["Subject"] == "Task: Testing round 1"
    assert str(Delivery.objects.get().key) in mail["Message-ID"]
    assert f"https://park.example/parks/{town.park.uid}/messages" in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("instead", "stage", "mails"), [
    (("RCPT", "550 nobody here"), "dead", 1), (("RCPT", "451 later"), "waiting", 1), (("DATA", "452 full"), "waiting", 1),
    ((".", "451 later"), "waiting", 2), ((".", "554 no"), "dead", 1), ((".", ""), "uncertain", 1), (("MAIL", ""), "waiting", 1)])
def test_a_mail_server_that_fails(town: Town, settings: Any, instead: tuple[str, str], stage: str, mails: int) -> None:
    with a_mail_server(instead) as server:
        _mail_to_tao(town, settings, server.url)
        send_due()
        assert Delivery.objects.get().stage == stage
        with later(minutes=5):
            send_due()

    assert Delivery.objects.get().stage == ("sent" if stage == "waiting" else stage)
    assert len(server.mails) == (mails if stage in ("waiting", "uncertain") or instead[0] == "." else 0)


def test_mail_without_a_server_is_not_offered(town: Town) -> None:
    with pytest.raises(MailNotSetUp):
        open_channel(town.park, "mail", name="邮件", kinds=("task",), settings={}, actor=operator())

    assert not Channel.objects.exists()


# channels ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "https://sms.example/send", "https://oapi.dingtalk.com@evil.example/",
                                 "file:///etc/passwd", "https://oapi.dingtalk.com.evil.example/"])
def test_a_park_cannot_send_where_the_server_may_not(town: Town, url: str) -> None:
    from jiugong.journal.errors import ChannelMisshapen

    with pytest.raises((GatewayNotListed, ChannelMisshapen)):
        open_channel(town.park, "sms", name="短信", kinds=("task",), settings={**SMS, "url": url}, actor=operator())

    assert not Channel.objects.exists()


def test_an_address_that_is_no_longer_listed_gets_nothing(town: Town, sms: Open, settings: Any) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        settings.GATEWAYS = []
        write(town, "吴强")
        send_due()

    assert gateway.asked == []
    assert stages() == {"吴强": "waiting"}


def test_a_secret_does_not_follow_to_another_address(town: Town, sms: Open, settings: Any) -> None:
    with a_gateway() as gateway, a_gateway() as other:
        channel = sms(gateway)
        settings.GATEWAYS = [*settings.GATEWAYS, other.url]
        change_channel(channel, name="短信", kinds=("task",), settings={**SMS, "headers": ""}, actor=operator())
        assert "s3cret" in channel.settings()["headers"]
        change_channel(channel, name="短信", kinds=("task",), actor=operator(),
                       settings={**SMS, "headers": "", "url": f"{other.url}/x"})

    assert channel.settings()["headers"] == ""


def test_a_closed_channel_sends_nothing_and_forgets_its_secret(town: Town, sms: Open) -> None:
    with a_gateway() as gateway:
        channel = sms(gateway)
        write(town, "吴强")
        close_channel(channel, actor=operator())
        send_due()

    assert gateway.asked == []
    assert channel.settings() == {}


# quiet hours ---------------------------------------------------------------------------------------------------------

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.pure
@pytest.mark.parametrize(("hour", "quiet"), [("21:59:59", False), ("22:00:00", True), ("23:59:59", True), ("00:00:00", True),
                                             ("06:59:59", True), ("07:00:00", False), ("12:00:00", False)])
def test_the_first_minute_of_quiet_hours_is_quiet_and_the_last_is_not(hour: str, quiet: bool) -> None:
    moment = datetime.combine(MORNING.date(), time.fromisoformat(hour), tzinfo=SHANGHAI)

    ends = quiet_until(moment, SHANGHAI, time(22), time(7))

    assert (ends is not None) == quiet
    if ends:
        assert ends.astimezone(SHANGHAI).time() == time(7)
        assert timedelta(0) < ends - moment <= timedelta(hours=9)


@pytest.mark.pure
@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.times(), st.times())
def test_quiet_hours_end_outside_of_them_and_within_a_day(since: timedelta, start: time, end: time) -> None:
    at = MORNING + since
    ends = quiet_until(at, SHANGHAI, start, end)

    assert ends is None or (at < ends <= at + timedelta(days=1) and quiet_until(ends, SHANGHAI, start, end) is None)


def test_what_is_not_urgent_waits_until_the_morning(town: Town, sms: Open) -> None:
    night = datetime(2022, 7, 22, 23, 0, tzinfo=SHANGHAI)
    with a_gateway() as gateway, clock.standing_at(night):
        sms(gateway)
        write(town, "吴强", kind=MessageKind.REMINDER)
        write(town, "孙丽", kind=MessageKind.TASK)
        send_due()
        assert stages() == {"吴强": "waiting", "孙丽": "sent"}
        with clock.standing_at(datetime(2022, 7, 23, 6, 59, 59, tzinfo=SHANGHAI)):
            send_due()
            assert stages()["吴强"] == "waiting"
        with clock.standing_at(datetime(2022, 7, 23, 7, 0, tzinfo=SHANGHAI)):
            send_due()

    assert stages() == {"吴强": "sent", "孙丽": "sent"}


def test_a_try_that_falls_into_the_night_waits_too(town: Town, sms: Open) -> None:
    evening = datetime(2022, 7, 22, 21, 59, 50, tzinfo=SHANGHAI)
    with a_gateway(says(500)) as gateway, clock.standing_at(evening):
        sms(gateway)
        write(town, "吴强", kind=MessageKind.REMINDER)
        send_due()
        with later(minutes=5):
            send_due()
        assert len(gateway.asked) == 1
        set_rules(town.park, quiet_from=time(0), quiet_until=time(0), urgent=(), words_zh="", words_en="", actor=operator())
        with clock.standing_at(datetime(2022, 7, 23, 7, 0, tzinfo=SHANGHAI)):
            send_due()

    assert stages() == {"吴强": "sent"}


# pauses --------------------------------------------------------------------------------------------------------------

@pytest.mark.pure
@given(st.integers(1, 200), st.uuids(), st.none() | st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_pause_grows_is_bounded_and_is_never_shorter_than_was_asked(tries: int, key: Any, asked: timedelta | None) -> None:
    pause = pause_after(tries, key=str(key), asked_for=asked)

    assert FIRST_PAUSE / 2 <= pause <= max(LONGEST_PAUSE * 1.5, timedelta(days=1))
    assert not asked or pause >= min(asked, timedelta(days=1))
    assert pause == pause_after(tries, key=str(key), asked_for=asked)


@pytest.mark.pure
@pytest.mark.parametrize(("header", "seconds"), [("600", 600), ("0", None), ("", None), ("soon", None), ("-5", None),
                                                 ("Fri, 22 Jul 2022 00:43:00 GMT", 60), ("Fri, 22 Jul 2022 00:42:00 GMT", None)])
def test_retry_after_is_seconds_or_a_date(header: str, seconds: int | None) -> None:
    assert asked_pause(header, MORNING) == (timedelta(seconds=seconds) if seconds else None)


# laws ----------------------------------------------------------------------------------------------------------------

STEPS = st.lists(st.sampled_from(["take", "send", "fail", "lost", "killed", "expire", "write", "again", "arrived", "an hour"]),
                 max_size=24)


@pytest.mark.parametrize("knows_keys", [False, True])
@given(steps=STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_and_wherever_it_dies_nothing_is_sent_twice_and_nothing_is_lost(
        town: Town, knows_keys: bool, steps: list[str]) -> None:
    """A model of a gateway; `lost`: it did it and its answer was lost. Whoever has taken one may also wake up hours later.

    Only a person may let it be done a second time.
    """
    with transaction.atomic():
        channel = Channel(park=town.park, kind="sms", name="短信", kinds=["task"], knows_keys=knows_keys, opened_at=MORNING,
                          opened_by="x")
        channel.keep_settings({})
        channel.save()
        write(town, "吴强", "孙丽")
        done: Counter[str] = Counter()
        by_person: Counter[str] = Counter()
        hands: list[Delivery] = []
        now = MORNING
        for step in steps:
            with clock.standing_at(now):
                now = _one_step(step, hands, done, by_person, knows_keys, town, now)
        rows = {str(each.key): each for each in Delivery.objects.all()}

        assert len(rows) == 2                                         # nothing is lost
        for key, row in rows.items():
            assert done[key] <= (1 if knows_keys else 1 + by_person[key]), (key, row.stage)
            if row.stage == "sent":
                assert done[key] or by_person[key]                    # nothing is said to be sent that was not
        transaction.set_rollback(True)


def _one_step(step: str, hands: list[Delivery], done: Counter[str], by_person: Counter[str], knows_keys: bool, town: Town,
              now: datetime) -> datetime:
    if step == "take" and (taken := take_one()):
        hands.append(taken)
    elif step in ("send", "lost", "killed") and hands:
        delivery = hands.pop()
        key = str(delivery.key)
        if not (knows_keys and done[key]):
            done[key] += 1
        if step == "send":
            write_down(delivery, Outcome(stage=Stage.SENT))
        elif step == "lost":
            write_down(delivery, Outcome(stage=Stage.UNCERTAIN))
    elif step == "fail" and hands:
        write_down(hands.pop(), Outcome(stage=Stage.WAITING, reason="busy"))
    elif step == "write":
        write(town, "吴强", "孙丽")
    elif step == "expire":
        take_up_again()
    elif step in ("again", "arrived"):
        for delivery in Delivery.objects.filter(stage__in=["dead", "uncertain"]):
            by_person[str(delivery.key)] += 1
            (send_again if step == "again" else say_arrived)(delivery, actor=operator())
    elif step == "an hour":
        return now + timedelta(hours=1)
    return now


@pytest.mark.pure
def test_a_life_goes_only_where_its_table_says() -> None:
    assert {stage.value for stage in NEXT} == set(DeliveryStage.values)
    assert NEXT[Stage.DELIVERED] == set()


@pytest.mark.pure
@pytest.mark.parametrize(("url", "origin"), [
    ("https://a.example/x?y", "https://a.example"), ("https://a.example:443/", "https://a.example"),
    ("http://a.example:8080", "http://a.example:8080"), ("https://u@a.example/", ""), ("ftp://a.example", ""), ("//a", ""),
    ("https://a.example:99999/", ""), ("http://[::1]:80/", "http://[::1]")])
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert calling.origin_of(url) == origin
