"""A link to sign in, asked for at the door: it goes where its owner has shown it reaches him, and the door tells nobody more.

Long because what a stranger may learn, who gets none, and how often stand beside what works.
"""

import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from email import message_from_string, policy
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.accounts.actions import set_password
from jiugong.accounts.actions.links import A_WISH_LASTS, LASTS, MOST_AN_HOUR, ask_for_link, make_link
from jiugong.accounts.came import Came
from jiugong.accounts.errors import LinkGone, WaitFirst
from jiugong.accounts.models import LinkWish, SignInLink, User
from jiugong.accounts.tests.test_sign_in import PASSWORD, knock, set_up_app
from jiugong.journal.actions.channels import close_channel, open_channel, set_rules
from jiugong.journal.actions.sending import send_due
from jiugong.journal.actions.ways import ask_own_proof, keep_ways, say_yes, send_wished_links
from jiugong.journal.models import Channel, ContactWays, Delivery, Entry, Message, WayProof
from jiugong.journal.tests.conftest import EVERY_KIND, later, sms
from jiugong.journal.tests.receivers import MailServer, a_gateway, a_mail_server
from jiugong.lib.acting import operator
from jiugong.registry.models import Park
from tests.cast import Town
from tests.codes import code_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
__all__ = ["sms"]
HOUSE, SHU = "https://park.example", "Shu@park.example"


@pytest.fixture
def post(town: Town, settings: Any) -> Iterator[MailServer]:
    """A park with mail; its server knows under which address it stands."""
    with a_mail_server() as server:
        settings.SMTP_URL, settings.MAIL_FROM, settings.ADDRESS = server.url, "九宫 <jiugong@park.example>", HOUSE
        open_channel(town.park, "mail", name="邮件", kinds=(), settings={}, actor=operator())
        yield server


def letters(post: MailServer) -> list[tuple[str, str]]:
    """To whom each mail went, and the path of the link in it."""
    read = [message_from_string(each, policy=policy.default) for each in post.mails]
    return [(str(each["To"]), re.findall(rf"{HOUSE}(\S+)", each.get_content())[0]) for each in read]


def shown(user: User, park: Park, address: str, kind: str = "mail") -> None:
    """Somebody has shown that an address is his, and the mail that asked him was read."""
    keep_ways(user, mail=address if kind == "mail" else "", phone=address if kind == "phone" else "", language="en")
    ask_own_proof(user, kind, park=park, actor=operator())
    send_due()
    ways = ContactWays.objects.get(user=user)
    assert getattr(ways, f"{kind}_shown_at") is None


@pytest.fixture
def shu(town: Town, post: MailServer) -> User:
    """Shu, to whom links go by mail."""
    shown(town.users["shu"], town.park, SHU)
    Client().post(letters(post)[-1][1], {"do": "yes"})
    post.mails.clear()
    return town.users["shu"]


def asked(who: str, **more: Any) -> Any:
    return Client(headers={"accept-language": "en"}).post("/sign-in/ask", {"who": who}, **more)


# at the door ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who", ["shu", "shu@PARK.example", f"  {SHU} "])
def test_a_link_comes_by_mail_signs_in_once_and_is_journalled(town: Town, shu: User, post: MailServer, who: str) -> None:
    asked(who)
    send_due()
    send_due()
    (to, path), = letters(post)
    client, late = Client(), Client()

    assert to == SHU
    assert "舒航" in client.get(path).content.decode()
    assert client.get("/my/sessions").status_code == 302                   # to look uses nothing up
    assert client.post(path).status_code == 302
    assert client.get("/my/sessions").status_code == 200
    assert late.post(path).status_code == 410
    assert list(Entry.objects.filter(verb__startswith="link.").order_by("pk").values_list("verb", "subject")) == [
        ("link.asked", f"user:{shu.pk}"), ("link.used", f"user:{shu.pk}")]


@pytest.mark.parametrize("who", ["nobody", "lin", "nobody@park.example", "19900000001", "x" * 200, "' OR 1=1 --"])
def test_the_answer_and_its_cost_are_the_same_whoever_is_meant(town: Town, shu: User, post: MailServer, who: str) -> None:
    def told(name: str) -> tuple[int, str, int]:
        with CaptureQueriesContext(connection) as questions:
            answer = asked(name)
        return answer.status_code, re.sub(r'(value|content)="[^"]*"', "", answer.content.decode()), len(questions)

    assert told(who) == told("shu")
    send_due()
    assert [to for to, _path in letters(post)] == [SHU]                     # Lin has shown no address


def test_what_was_typed_stands_sealed_until_the_worker_looks_and_then_nowhere(town: Town, shu: User, post: MailServer) -> None:
    asked("13900001111@x")
    held = bytes(LinkWish.objects.get().typed_sealed)

    assert b"13900001111" not in held
    send_due()
    assert not LinkWish.objects.exists()
    assert post.mails == []


def test_the_text_of_a_link_stands_in_no_row(town: Town, shu: User, post: MailServer) -> None:
    asked("shu")
    send_due()
    text = letters(post)[0][1].rsplit("/", 1)[1]

    kept = [str(list(model.objects.values())) for model in (SignInLink, Message, Delivery, Entry, WayProof)]

    assert all(text not in each for each in kept)


@pytest.mark.parametrize(("after", "status"), [(LASTS - timedelta(seconds=1), 200), (LASTS, 410)])
def test_a_link_opens_as_long_as_one_of_an_officer(town: Town, shu: User, post: MailServer, after: timedelta, status: int) -> None:
    asked("shu")
    send_due()

    with later(seconds=after.total_seconds()):
        assert Client().get(letters(post)[0][1]).status_code == status


@pytest.mark.parametrize(("after", "mails"), [(A_WISH_LASTS, 1), (A_WISH_LASTS + timedelta(seconds=1), 0)])
def test_a_wish_that_no_worker_saw_for_an_hour_is_let_go(town: Town, shu: User, post: MailServer, after: timedelta,
                                                         mails: int) -> None:
    asked("shu")
    with later(seconds=after.total_seconds()):
        send_due()

    assert len(post.mails) == mails
    assert not LinkWish.objects.exists()


def test_it_is_sent_in_quiet_hours_and_to_no_group(town: Town, shu: User, post: MailServer, settings: Any) -> None:
    set_rules(town.park, quiet_from=time(0), quiet_until=time(23, 59), urgent=(), words_zh="", words_en="", actor=operator())
    settings.GATEWAYS = ["https://qyapi.weixin.qq.com"]
    open_channel(town.park, "wecom", name="群", kinds=EVERY_KIND, settings={"url": "https://qyapi.weixin.qq.com/x?key=k"},
                 actor=operator())
    Channel.objects.filter(kind="mail").update(kinds=list(EVERY_KIND))
    asked("shu")
    send_due()

    assert len(post.mails) == 1
    assert Delivery.objects.filter(message__about__startswith="sign-in:").count() == 1


# who gets none --------------------------------------------------------------------------------------------------------

def test_nothing_goes_to_an_address_that_nobody_showed_to_be_his_or_that_changed_since(town: Town, shu: User,
                                                                                       post: MailServer) -> None:
    keep_ways(town.users["yi"], mail="yi@park.example", phone="", language="en")
    asked("yi"), asked("yi@park.example")
    send_due()
    assert post.mails == []

    asked("shu")
    send_wished_links()                                                    # laid out, and changed before it is sent
    keep_ways(shu, mail="new@park.example", phone="", language="en")
    send_due()
    asked("new@park.example")
    send_due()

    assert post.mails == []
    assert Delivery.objects.get(message__about__startswith="sign-in:").stage == "no_address"


def test_whoever_is_shut_out_or_holds_no_role_gets_none(town: Town, shu: User, post: MailServer) -> None:
    shu.memberships.update(until_at=shu.memberships.get().since_at)
    asked("shu")
    send_due()
    shu.memberships.update(until_at=None)
    User.objects.filter(pk=shu.pk).update(is_active=False)
    asked(SHU)
    send_due()

    assert post.mails == []
    assert not SignInLink.objects.exists()


def test_where_a_second_factor_is_needed_it_is_asked_behind_the_link_and_without_one_no_link_is_sent(town: Town,
                                                                                                   post: MailServer) -> None:
    shown(town.users["lin"], town.park, "lin@park.example")
    Client().post(letters(post)[-1][1], {"do": "yes"})
    post.mails.clear()
    asked("lin")
    send_due()
    assert post.mails == []

    owner = Client()
    knock(owner, "lin")
    secret = set_up_app(owner)
    asked("lin")
    send_due()
    client, path = Client(), letters(post)[0][1]
    client.post(path)

    assert client.get(f"/parks/{town.park.uid}/people").status_code == 302          # half way is not in
    assert client.get("/api/v1/registry/parks").status_code == 401
    client.post("/sign-in/second-step", {"code": code_now(secret, later=1)})
    assert client.get(f"/parks/{town.park.uid}/people").status_code == 200

    asked("lin")
    send_due()
    Authenticator.objects.all().delete()                                   # taken away after it was sent: it opens nothing
    assert Client().post(letters(post)[1][1]).status_code == 410


# how often ------------------------------------------------------------------------------------------------------------

def test_asking_too_often_waits_longer_and_keeps_nobody_from_his_password(town: Town, shu: User) -> None:
    told = [asked("shu").status_code for _time in range(7)]
    slow = asked("shu")

    assert told == [200] * 5 + [429] * 2
    assert int(slow.headers["Retry-After"]) > 0
    assert "no-store" in slow.headers["Cache-Control"]
    assert asked("yi").status_code == 200                                  # another name from there
    assert knock(Client(), "shu").status_code == 302


def test_an_unknown_name_waits_just_as_long(town: Town, shu: User) -> None:
    told = {who: [asked(who).headers.get("Retry-After") for _time in range(7)] for who in ("shu", "nobody")}

    assert told["shu"] == told["nobody"]


def test_one_account_is_sent_a_few_an_hour_and_a_strangers_asking_ends_no_link(town: Town, shu: User, post: MailServer) -> None:
    printed = make_link(shu, park=town.park, actor=operator())
    for number in range(MOST_AN_HOUR + 2):
        ask_for_link("shu", come=Came(address=bytes([number]), device=b"", browser="", network=""))
    send_due()
    paths = [path for _to, path in letters(post)]

    assert len(paths) == MOST_AN_HOUR
    assert [Client().get(path).status_code for path in (*paths, f"/sign-in/link/{printed}")] == [200] * (MOST_AN_HOUR + 1)
    with later(hours=1):
        asked("shu")
        send_due()
    assert len(post.mails) == MOST_AN_HOUR + 1

    Client().post(paths[0])                                                # once one was used, the others asked for are over
    assert [Client().get(path).status_code for path in paths] == [410] * MOST_AN_HOUR
    assert Client().get(f"/sign-in/link/{printed}").status_code == 200


def test_a_new_password_ends_links_that_were_sent(town: Town, shu: User, post: MailServer) -> None:
    asked("shu")
    send_due()
    set_password(shu, "a brand new 77 word", park=town.park, actor=operator())

    assert Client().post(letters(post)[0][1]).status_code == 410


# other ways -----------------------------------------------------------------------------------------------------------

def test_it_comes_by_sms_where_that_is_what_was_shown(town: Town, settings: Any, sms: Callable[..., Channel]) -> None:
    settings.ADDRESS = HOUSE
    with a_gateway() as gateway:
        sms(gateway)
        shown(town.users["shu"], town.park, "13900001111", "phone")
        proof = re.findall(rf"{HOUSE}(/reached/[\w-]+)", gateway.taken[-1]["body"])[0]
        Client().post(proof, {"do": "yes"})
        asked("+86 139 0000 1111")
        send_due()
        sent = gateway.taken[-1]["body"]

    assert "13900001111" in sent
    path = re.findall(rf"{HOUSE}(/sign-in/link/[\w-]+)", sent)[0]
    assert Client().post(path).status_code == 302


def test_a_program_asks_and_hears_no_more_than_a_browser(town: Town, shu: User, post: MailServer) -> None:
    told = [Client().post("/api/v1/accounts/sign-in-links", {"who": who}, content_type="application/json")
            for who in ("shu", "nobody", "shu", "shu", "shu", "shu", "shu")]
    send_due()

    assert [each.status_code for each in told] == [200] * 6 + [429]
    assert told[0].json() == told[1].json() == {"asked": True}
    assert told[-1].json()["refused"] == "accounts.wait_first"
    assert len(post.mails) == 5


def test_without_an_address_of_its_own_the_server_offers_none(town: Town, settings: Any) -> None:
    settings.ADDRESS = ""

    assert "/sign-in/ask" not in Client().get("/sign-in").content.decode()
    assert asked("shu").status_code == 422
    assert not LinkWish.objects.exists()
    settings.ADDRESS = HOUSE
    assert "/sign-in/ask" in Client().get("/sign-in").content.decode()


# shown to be his ------------------------------------------------------------------------------------------------------

def test_only_its_owner_with_a_fresh_proof_has_an_address_shown(town: Town, post: MailServer) -> None:
    keep_ways(town.users["shu"], mail=SHU, phone="", language="en")
    page, left_open, owner = f"/parks/{town.park.uid}/messages/ways/mail/show", Client(), Client()
    left_open.force_login(town.users["shu"])

    assert left_open.post(page).headers["Location"].startswith("/my/sign-in/again")
    assert not WayProof.objects.exists()

    knock(owner, "shu", PASSWORD)
    assert "S***@p***.example" in owner.get(page).content.decode()
    owner.post(page)
    send_due()
    path = letters(post)[0][1]
    assert Client().get(path).status_code == 200
    assert ContactWays.objects.get().mail_shown_at is None                  # to look uses nothing up
    assert Client().post(path, {"do": "yes"}).status_code == 200
    assert ContactWays.objects.get().mail_shown_at is not None
    assert Client().post(path, {"do": "yes"}).status_code == 410


def test_who_says_no_gets_no_links_and_a_changed_address_is_shown_anew(town: Town, post: MailServer) -> None:
    shu = town.users["shu"]
    shown(shu, town.park, SHU)
    Client().post(letters(post)[-1][1], {"do": "no"})
    assert ContactWays.objects.get().mail_shown_at is None

    shown(shu, town.park, SHU)
    old = letters(post)[-1][1].rsplit("/", 1)[1]
    keep_ways(shu, mail="other@park.example", phone="", language="en")
    with pytest.raises(LinkGone):
        say_yes(old)
    assert ContactWays.objects.get().mail_shown_at is None


def test_a_closed_channel_sends_none(town: Town, shu: User, post: MailServer) -> None:
    close_channel(Channel.objects.get(), actor=operator())
    asked("shu")
    send_due()

    assert post.mails == []
    assert not SignInLink.objects.exists()


def test_waiting_counts_nothing(town: Town) -> None:
    come = Came(address=b"a", device=b"", browser="", network="")
    for _time in range(5):
        ask_for_link("x", come=come)
    with pytest.raises(WaitFirst):
        ask_for_link("x", come=come)

    assert LinkWish.objects.count() == 5
