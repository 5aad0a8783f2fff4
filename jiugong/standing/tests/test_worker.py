"""A worker's own page: who gets in, what it shows of him and of nobody else, and what his reports become."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiugong.duties.models import Evidence
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.models import Entry, LookUp, Message, MessageKind
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges, withdraw_badge
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of, text_of
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.results import Report, report
from jiugong.standing.actions import report_own
from tests.cast import MORNING, Town, a_phone, an_id

pytestmark = pytest.mark.django_db


def _at(badge: Badge, *rest: str) -> str:
    return "/".join(("/me", address_of(badge), *rest))


def _report(client: Client, badge: Badge, **words: Any) -> Any:
    return client.post(_at(badge, "report"), {"client_id": "a1", "temperature": "36.5", "well": "yes"} | words)


# who gets in --------------------------------------------------------------------------------------------------------

def test_a_link_opens_at_once_and_shows_his_own_code_and_duties(town: Town, link: Badge, this_morning: datetime) -> None:
    page = Client().get(_at(link))

    card = Badge.objects.get(person=town.people["吴强"], kind="card")
    assert page.status_code == 200
    assert "吴强" in page.content.decode() and text_of(card) in page.content.decode()
    assert "<svg" in page.content.decode()
    assert page["Cache-Control"] == "no-store" and "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "same-origin"
    assert not Client().get(_at(link)).cookies.get("sessionid")


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 410), (1, 410)])
def test_a_link_opens_until_just_before_its_end(town: Town, link: Badge, seconds: int, status: int) -> None:
    with clock.standing_at(MORNING + timedelta(days=7, seconds=seconds)):
        page = Client().get(_at(link))

    assert page.status_code == status
    assert ("吴强" in page.content.decode()) is (status == 200)


def test_a_withdrawn_link_opens_nothing_and_says_what_to_do(town: Town, link: Badge, this_morning: datetime) -> None:
    withdraw_badge(link, reason="x", actor=operator())

    page = Client().get(_at(link))

    assert page.status_code == 410
    assert "吴强" not in page.content.decode()
    assert _report(Client(), link).status_code == 410
    assert not Evidence.objects.exists()


def test_a_forged_code_is_not_known(town: Town, link: Badge, this_morning: datetime) -> None:
    address = _at(link)
    forged = address[:-1] + ("0" if address[-1] != "0" else "1")

    assert Client().get(forged).status_code == 404
    assert Client().get("/me/nonsense").status_code == 404


def test_strangers_see_nothing_of_a_badge_until_four_signs(town: Town, card: Badge, this_morning: datetime) -> None:
    stranger = Client()

    page = stranger.get(_at(card)).content.decode()
    sent = _report(stranger, card)

    for secret in ("吴强", "东风木业有限公司", an_id(1)[-4:], text_of(card)):
        assert secret not in page
    assert "吴强" not in sent.content.decode()
    assert not Evidence.objects.exists() and not LookUp.objects.exists()


def test_four_signs_open_a_badge_on_this_device_for_thirty_days(town: Town, card: Badge, this_morning: datetime) -> None:
    wu = Client()

    assert wu.post(_at(card, "open"), {"signs": "0000"}).status_code == 403
    assert wu.post(_at(card, "open"), {"signs": an_id(1)[-4:]}).status_code == 302
    assert "吴强" in wu.get(_at(card)).content.decode()
    assert "吴强" not in Client().get(_at(card)).content.decode()
    with clock.standing_at(MORNING + timedelta(days=30, seconds=-1)):
        assert "吴强" in wu.get(_at(card)).content.decode()
    with clock.standing_at(MORNING + timedelta(days=30)):
        assert "吴强" not in wu.get(_at(card)).content.decode()


def test_a_phone_that_forgets_the_page_asks_for_the_four_signs_again(town: Town, card: Badge, this_morning: datetime) -> None:
    wu, forget = Client(), f"/api/v1/me/{_at(card).removeprefix('/me/')}/forget"
    wu.post(_at(card, "open"), {"signs": an_id(1)[-4:]})

    for _twice in range(2):
        answer = wu.post(forget, {}, content_type="application/json")
        assert (answer.status_code, answer.json()["forgotten"]) == (200, True)
        assert "吴强" not in wu.get(_at(card)).content.decode()

    assert _report(wu, card).status_code == 200
    assert not Evidence.objects.exists()
    assert wu.post(forget.replace("/me/", "/me/X"), {}, content_type="application/json").status_code == 404


def test_who_lets_go_of_his_own_report_is_noted_as_himself(town: Town, card: Badge, this_morning: datetime) -> None:
    wu, told = Client(), {"let_go_id": "report-1", "kind": "health_report", "code": "duties.misshapen"}
    address = f"/api/v1/me/{_at(card).removeprefix('/me/')}/let-go"
    assert wu.post(address, told, content_type="application/json").status_code == 403
    wu.post(_at(card, "open"), {"signs": an_id(1)[-4:]})

    answers = [wu.post(address, told, content_type="application/json").json()["status"] for _twice in range(2)]

    assert answers == ["accepted", "repeat"]
    assert Entry.objects.get(verb="refused.let_go").actor == f"person:{town.people['吴强'].pk}"


def test_a_device_that_opened_one_badge_opens_no_other(town: Town, card: Badge, this_morning: datetime) -> None:
    wu = Client()
    wu.post(_at(card, "open"), {"signs": an_id(1)[-4:]})
    other = issue_badges(town.park, [town.people["孙丽"]], actor=operator())[0]
    for name, kept in list(wu.cookies.items()):
        wu.cookies[f"me-{other.code[:6].lower()}"] = kept.value
        assert name

    assert "孙丽" not in wu.get(_at(other)).content.decode()


def test_too_many_wrong_answers_are_asked_to_wait(town: Town, card: Badge, this_morning: datetime) -> None:
    wu = Client()
    for _time in range(3):
        wu.post(_at(card, "open"), {"signs": "0000"})

    answer = wu.post(_at(card, "open"), {"signs": an_id(1)[-4:]})

    assert answer.status_code == 429
    assert "30" in answer.content.decode()


def test_a_typed_code_leads_to_the_page(town: Town, card: Badge, this_morning: datetime) -> None:
    answer = Client().get("/me/", {"code": text_of(card).lower()})

    assert answer.status_code == 302 and answer["Location"] == _at(card)
    assert Client().get("/me/").status_code == 200
    assert Client().get("/me/", {"code": "hello"}).status_code == 422


# what it shows ------------------------------------------------------------------------------------------------------

def test_nothing_of_anybody_else_is_on_the_page(town: Town, link: Badge, this_morning: datetime) -> None:
    report(town.park, Report(tube="SY0001", value="positive", reported_at=MORNING), actor=operator())

    page = Client().get(_at(link)).content.decode()

    for other in ("孙丽", "郑伟", "钱进", an_id(2), an_id(1), a_phone(1)):
        assert other not in page
    assert "SY0001" in page                                              # his own tube, and that he is to be sampled again


def test_phones_are_those_of_people_in_charge(town: Town, link: Badge, this_morning: datetime) -> None:
    page = Client().get(_at(link)).content.decode()

    assert f"tel:{a_phone(904)}" in page and f"tel:{a_phone(902)}" in page           # Fang, and Tao of grid 1
    assert a_phone(901) not in page and a_phone(903) not in page                     # the park chief; the other grid's leader
    assert a_phone(905) not in page                                                  # the scanner


def test_opening_it_is_his_own_look(town: Town, link: Badge, this_morning: datetime) -> None:
    wu = town.people["吴强"]

    Client().get(_at(link))

    look = LookUp.objects.get()
    assert (look.person_id, look.actor, look.fields) == (wu.pk, f"person:{wu.pk}", "own_page")


def test_messages_are_shown_until_they_were_read(town: Town, link: Badge, this_morning: datetime) -> None:
    wu, sun = town.people["吴强"], town.people["孙丽"]
    write_messages(town.park, [
        Draft(once="1", kind=MessageKind.REMINDER, about="round:1", to_person=wu, concerns=wu),
        Draft(once="2", kind=MessageKind.REMINDER, about="round:7", to_person=sun, concerns=sun)], actor=operator())

    before = Client().get(_at(link)).content.decode()
    Client().post(_at(link, "read"))
    after = Client().get(_at(link)).content.decode()

    assert 'id="unread"' in before and 'id="unread"' not in after and 'id="written"' in after
    assert Message.objects.get(to_person=wu).read_at == MORNING
    assert Message.objects.get(to_person=sun).read_at is None


def test_the_page_asks_as_much_with_one_report_as_with_many(town: Town, link: Badge, this_morning: datetime) -> None:
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    client, wu = Client(), town.people["吴强"]
    report_own(wu, kind="health_report", data={"temperature": 36.5, "symptoms": []}, client_id="0", at=MORNING)
    client.get(_at(link))
    with CaptureQueriesContext(connection) as one:
        client.get(_at(link))
    for number in range(1, 21):
        report_own(wu, kind="health_report", data={"temperature": 36.5, "symptoms": []}, client_id=str(number),
                   at=MORNING - timedelta(days=number))
        write_messages(town.park, [Draft(once=str(number), kind=MessageKind.NOTICE, about="round:1", to_person=wu)],
                       actor=operator())
    with CaptureQueriesContext(connection) as many:
        client.get(_at(link))

    assert len(many) == len(one)


def test_a_leader_reads_how_many_are_missing_and_no_name(town: Town, link: Badge, this_morning: datetime) -> None:
    write_messages(town.park, [Draft(once="1", kind=MessageKind.REMINDER, about="round:1", to_person=town.people["吴强"], step=1,
                                     facts={"count": 2, "names": ["孙丽", "郑伟"]})], actor=operator())

    page = Client().get(_at(link)).content.decode()

    assert 'id="unread"' in page and "2" in page
    assert "孙丽" not in page and "郑伟" not in page
