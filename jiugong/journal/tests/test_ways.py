"""Where somebody is reached, entered for him by an officer: within reach, asked about, masked, and never a way to sign in.

Long because every way round the owner of an address is tried.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.accounts.actions import grant
from jiugong.accounts.errors import LinkGone, UserBeyondYours
from jiugong.accounts.models import SignInLink
from jiugong.accounts.queries import actor_for
from jiugong.accounts.roles import AccountRole
from jiugong.journal.actions.sending import send_due
from jiugong.journal.actions.ways import (
    MOST_PROOFS_AN_HOUR,
    ask_again,
    ask_own_proof,
    keep_ways,
    say_no,
    say_yes,
    set_ways,
)
from jiugong.journal.errors import AddressMisshapen, AddressNotThere, AskedTooOften, NoWayThere, SaidByHimself
from jiugong.journal.models import (
    Channel,
    ContactWays,
    Delivery,
    Entry,
    LookUp,
    Message,
    MessageKind,
    PersonWays,
    WayProof,
)
from jiugong.journal.queries.sending import reached
from jiugong.journal.tests.conftest import later, sms, write
from jiugong.journal.tests.receivers import MailServer, a_gateway
from jiugong.journal.tests.test_asked_links import asked, letters, post
from jiugong.lib.acting import NotAllowed, operator
from jiugong.registry.errors import NotHere
from jiugong.registry.queries.doors import person_for
from tests.cast import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
__all__ = ["post", "sms"]
WU = "wu@home.example"


def entered(town: Town, by: str = "fang", **given: Any) -> PersonWays:
    """Wu's address, as an officer enters it."""
    set_ways(town.people["吴强"], **{"mail": WU, "phone": None, "language": "en", **given}, park=town.park,
             actor=actor_for(town.users[by]))
    return PersonWays.objects.get()


def text_of_last(post: MailServer) -> str:
    return letters(post)[-1][1].rsplit("/", 1)[1]


# a mail address waits for his yes -------------------------------------------------------------------------------------

def test_messages_go_to_a_mail_address_only_after_whoever_reads_there_said_yes(town: Town, post: MailServer) -> None:
    Channel.objects.update(kinds=["task"])
    entered(town)
    write(town, "吴强", about="round:1")
    send_due()
    assert [to for to, _path in letters(post)] == [WU]                     # he was asked, and told nothing else
    assert "/reached/" in letters(post)[0][1]
    assert not Delivery.objects.filter(message__about="round:1").exists()

    say_yes(text_of_last(post))
    write(town, "吴强", about="round:2")
    send_due()

    assert len(post.mails) == 2
    assert Delivery.objects.get(message__about="round:2").stage == "sent"
    assert list(Entry.objects.filter(verb__startswith="ways.").order_by("pk").values_list("verb", "actor_name")) == [
        ("ways.set", "方敏"), ("ways.agreed", "吴强")]


def test_whoever_says_no_is_written_to_no_more_and_his_address_is_forgotten(town: Town, post: MailServer) -> None:
    entered(town)
    send_due()
    path = letters(post)[-1][1]
    page = Client(headers={"accept-language": "en"}).get(path).content.decode()
    assert "w***@h***.example" in page and WU not in page and "吴强" not in page

    Client().post(path, {"do": "no"})

    assert PersonWays.objects.get().mail_sealed is None
    assert Entry.objects.filter(verb="ways.refused").count() == 1
    assert Client().get(path).status_code == 410
    with pytest.raises(AddressNotThere):
        ask_again(town.people["吴强"], park=town.park, actor=actor_for(town.users["fang"]))


def test_another_address_is_asked_about_anew_and_the_old_link_opens_nothing(town: Town, post: MailServer) -> None:
    entered(town)
    send_due()
    old = text_of_last(post)
    say_yes(old)
    entered(town, mail="other@home.example")
    send_due()

    assert PersonWays.objects.get().takes_mail is False
    assert letters(post)[-1][0] == "other@home.example"
    with pytest.raises(LinkGone):
        say_yes(old)


def test_a_link_laid_out_for_an_address_goes_to_no_other(town: Town, post: MailServer) -> None:
    entered(town)
    PersonWays.objects.get().proofs.all().delete()                         # changed before it was sent
    send_due()

    assert post.mails == []
    assert Delivery.objects.get().stage == "no_address"


def test_a_phone_takes_messages_at_once_before_the_one_on_the_roster(town: Town, sms: Callable[..., Channel]) -> None:
    with a_gateway() as gateway:
        sms(gateway)
        entered(town, mail=None, phone="13811112222")
        write(town, "吴强", "孙丽")
        send_due()

    assert {re.findall(r'"to": "(\d+)"', each["body"])[0] for each in gateway.taken} == {"13811112222", "19900000002"}


def test_asking_is_bounded(town: Town, post: MailServer) -> None:
    fang = actor_for(town.users["fang"])
    entered(town)
    for _time in range(MOST_PROOFS_AN_HOUR - 1):
        ask_again(town.people["吴强"], park=town.park, actor=fang)
    with pytest.raises(AskedTooOften):
        ask_again(town.people["吴强"], park=town.park, actor=fang)
    assert WayProof.objects.count() == MOST_PROOFS_AN_HOUR

    with later(hours=1, seconds=1):
        ask_again(town.people["吴强"], park=town.park, actor=fang)
    assert WayProof.objects.count() == MOST_PROOFS_AN_HOUR + 1


def test_changing_the_address_again_and_again_writes_to_no_more_strangers(town: Town, post: MailServer) -> None:
    for number in range(MOST_PROOFS_AN_HOUR):
        entered(town, mail=f"a{number}@home.example")
    with pytest.raises(AskedTooOften):
        entered(town, mail="one-more@home.example")

    assert PersonWays.objects.get().mail == f"a{MOST_PROOFS_AN_HOUR - 1}@home.example"
    assert WayProof.objects.count() == MOST_PROOFS_AN_HOUR


def test_without_a_channel_he_is_asked_later(town: Town, settings: Any) -> None:
    settings.ADDRESS = "https://park.example"
    entered(town)

    assert not WayProof.objects.exists()
    with pytest.raises(NoWayThere):
        ask_again(town.people["吴强"], park=town.park, actor=actor_for(town.users["fang"]))


# who may --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who", ["bo", "qin", "tao", "shu", "kai", "zhou"])
def test_only_who_keeps_the_roster_there_enters_it(town: Town, post: MailServer, who: str) -> None:
    with pytest.raises(NotAllowed):
        entered(town, by=who)

    assert not PersonWays.objects.exists()
    assert not Message.objects.exists()


def test_fang_enters_nothing_for_somebody_of_another_enterprise(town: Town, other_town: Town) -> None:
    fang = actor_for(town.users["fang"])
    for person in (town.people["褚亮"], other_town.people["伊某"]):
        with pytest.raises(NotAllowed):
            set_ways(person, mail="x@y.example", phone=None, language="", park=person.park, actor=fang)
        with pytest.raises(NotHere):
            person_for(fang, person.uid)

    assert not PersonWays.objects.exists()


def test_who_cannot_give_an_accounts_roles_enters_nothing_for_it(town: Town, other_town: Town) -> None:
    lin, shu = actor_for(town.users["lin"]), town.users["shu"]
    grant(shu, AccountRole.AUDITOR, park=other_town.park, actor=operator())

    with pytest.raises(UserBeyondYours):
        set_ways(shu, mail="x@y.example", phone=None, language="", park=town.park, actor=lin)
    with pytest.raises(NotAllowed):
        set_ways(town.users["yi"], mail="x@y.example", phone=None, language="", park=town.park, actor=actor_for(town.users["fang"]))
    assert not ContactWays.objects.exists()


def test_what_somebody_said_himself_no_officer_changes(town: Town) -> None:
    lin, shu = actor_for(town.users["lin"]), town.users["shu"]
    keep_ways(shu, mail="shu@park.example", phone="", language="en")

    with pytest.raises(SaidByHimself):
        set_ways(shu, mail="lin@park.example", phone=None, language="en", park=town.park, actor=lin)
    with pytest.raises(SaidByHimself):
        set_ways(shu, mail="", phone=None, language="en", park=town.park, actor=lin)

    assert ContactWays.objects.get().mail == "shu@park.example"
    set_ways(shu, mail=None, phone="13811112222", language="en", park=town.park, actor=lin)         # what he left empty
    assert ContactWays.objects.get().phone == "13811112222"


@pytest.mark.parametrize("given", [{"mail": "no address"}, {"phone": "123"}])
def test_what_is_no_address_is_refused_and_nothing_changes(town: Town, post: MailServer, given: dict[str, str]) -> None:
    everything: dict[str, Any] = {"mail": None, **given}
    with pytest.raises(AddressMisshapen):
        entered(town, **everything)

    assert not PersonWays.objects.exists()


# no way to sign in ----------------------------------------------------------------------------------------------------

def test_what_an_officer_entered_and_said_yes_to_himself_signs_nobody_in(town: Town, post: MailServer) -> None:
    shu, mine = town.users["shu"], "lin-private@home.example"
    set_ways(shu, mail=mine, phone=None, language="en", park=town.park, actor=actor_for(town.users["lin"]))
    send_due()
    say_yes(text_of_last(post))                                            # by whoever reads that mailbox
    post.mails.clear()

    asked("shu"), asked(mine)
    send_due()

    assert post.mails == []
    assert not SignInLink.objects.exists()


def test_its_owner_makes_it_his_own_by_keeping_it_and_shows_it(town: Town, post: MailServer) -> None:
    shu = town.users["shu"]
    set_ways(shu, mail="shu@park.example", phone=None, language="en", park=town.park, actor=actor_for(town.users["lin"]))
    keep_ways(shu, mail="shu@park.example", phone="", language="en")
    assert ContactWays.objects.get().takes_mail
    ask_own_proof(shu, "mail", park=town.park, actor=actor_for(shu))
    send_due()
    say_yes(text_of_last(post))
    asked("shu@park.example")
    send_due()

    assert "/sign-in/link/" in letters(post)[-1][1]


def test_an_own_address_that_is_denied_stays_and_gets_no_links(town: Town, post: MailServer) -> None:
    shu = town.users["shu"]
    keep_ways(shu, mail="shu@park.example", phone="", language="en")
    ask_own_proof(shu, "mail", park=town.park, actor=actor_for(shu))
    send_due()
    say_no(text_of_last(post))

    assert ContactWays.objects.get().mail == "shu@park.example"
    assert ContactWays.objects.get().mail_shown_at is None


# seen masked, in full for a reason ------------------------------------------------------------------------------------

def test_the_page_shows_it_masked_and_in_full_only_for_a_reason_that_is_kept(town: Town, post: MailServer) -> None:
    entered(town, phone="13811112222")
    fang = Client(headers={"accept-language": "en"})
    fang.force_login(town.users["fang"])
    page = reverse("person-ways", args=[town.park.uid, town.people["吴强"].uid])

    shown = fang.get(page).content.decode()
    assert "w***@h***.example" in shown and "138****2222" in shown and "waits for his yes" in shown
    assert WU not in shown and "13811112222" not in shown
    assert fang.post(page, {"do": "look", "reason": ""}).status_code == 422
    assert not LookUp.objects.exists()

    full = fang.post(page, {"do": "look", "reason": "他打来电话"})
    assert full.status_code == 200
    assert WU in full.content.decode() and "13811112222" in full.content.decode()
    look = LookUp.objects.get()
    assert (look.person, look.fields, look.reason, look.actor_name) == (town.people["吴强"], "mail,phone", "他打来电话", "方敏")


def test_an_accounts_addresses_are_looked_at_for_a_reason_too(town: Town) -> None:
    set_ways(town.users["yi"], mail="yi@park.example", phone=None, language="", park=town.park, actor=actor_for(town.users["lin"]))
    lin = Client(headers={"accept-language": "en"})
    lin.force_login(town.users["lin"])
    page = reverse("account-ways", args=[town.park.uid, town.users["yi"].pk])

    assert "yi@park.example" not in lin.get(page).content.decode()
    assert "yi@park.example" in lin.post(page, {"do": "look", "reason": "核对"}).content.decode()
    entry = Entry.objects.get(verb="ways.looked")
    assert entry.facts["reason"] == "核对" and "yi@" not in str(entry.facts)


def test_it_is_entered_kept_and_forgotten_on_the_page(town: Town, post: MailServer) -> None:
    fang = Client(headers={"accept-language": "en"})
    fang.force_login(town.users["fang"])
    page = reverse("person-ways", args=[town.park.uid, town.people["吴强"].uid])

    assert fang.post(page, {"do": "enter", "mail": WU, "phone": "13811112222", "language": "en"}).status_code == 302
    assert fang.post(page, {"do": "enter", "mail": "", "phone": "", "language": "en"}).status_code == 302       # empty stays
    ways = PersonWays.objects.get()
    assert (ways.mail, ways.phone, ways.mail_by) == (WU, "13811112222", f"user:{town.users['fang'].pk}")
    assert fang.post(page, {"do": "again"}).status_code == 302
    assert fang.post(page, {"do": "enter", "remove": ["mail"], "language": "en"}).status_code == 302
    assert PersonWays.objects.get().mail == ""
    assert fang.post(page, {"do": "enter", "mail": "nonsense", "language": "en"}).status_code == 422


def test_a_program_enters_it_and_hears_it_masked(town: Town, post: MailServer) -> None:
    fang, bo = Client(), Client()
    fang.force_login(town.users["fang"])
    bo.force_login(town.users["bo"])
    address = f"/api/v1/journal/people/{town.people['吴强'].uid}/ways"

    told = fang.post(address, {"mail": WU}, content_type="application/json")
    assert told.json() == [{"kind": "mail", "masked": "w***@h***.example", "waits": True},
                           {"kind": "phone", "masked": "", "waits": False}]
    assert bo.post(address, {"mail": WU}, content_type="application/json").status_code == 404


def test_it_stands_sealed_and_as_many_questions_are_asked_for_many_as_for_one(town: Town, post: MailServer,
                                                                              django_assert_num_queries: Any) -> None:
    ways = entered(town)
    write(town, "吴强", "孙丽", "郑伟", kind=MessageKind.NOTICE)
    listed = list(Message.objects.select_related("to_user").filter(about="round:1"))

    assert WU.encode() not in bytes(ways.mail_sealed or b"")
    with django_assert_num_queries(3):
        reached(listed)
    with django_assert_num_queries(3):
        reached(listed[:1])
