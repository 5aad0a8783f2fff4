"""What is kept about me: a worker reads it, sees who looked and why, takes a copy, objects, and reads the answer."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from jiugong.journal.models import LookUp
from jiugong.lasting.actions.objecting import MOST_OPEN, answer
from jiugong.lasting.models import Objection
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.identifiers import masked_id, masked_phone
from jiugong.registry.actions.looking import show_in_full
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from tests.cast import Town, a_phone, an_id

pytestmark = pytest.mark.django_db


def at(badge: Badge, *rest: str) -> str:
    return "/".join(("/me", address_of(badge), *rest))


def object_to(link: Badge, **words: str) -> Any:
    return Client().post(at(link, "object"), {"client_id": "o1", "purpose": "roster", "text": "电话不是我的"} | words)


def test_he_sees_who_looked_at_his_number_and_why(town: Town, link: Badge, this_morning: datetime) -> None:
    from jiugong.accounts.queries import actor_for

    show_in_full(town.people["吴强"], actor=actor_for(town.users["lin"]), reason="核对密接名单")
    show_in_full(town.people["孙丽"], actor=actor_for(town.users["lin"]), reason="别人的理由")

    page = Client().get(at(link, "kept")).content.decode()

    assert "核对密接名单" in page and "林园" in page and "别人的理由" not in page
    assert "掌握园区人员与责任" in page and "孙丽" not in page
    assert Client().get(at(link)).content.decode().count(at(link, "kept")) == 1           # his page leads there


def test_a_copy_holds_his_own_numbers_masked_and_nobody_elses(town: Town, link: Badge, this_morning: datetime) -> None:
    told = json.loads(Client().get(at(link, "copy") + "?as=json").content)
    book = CalamineWorkbook.from_filelike(BytesIO(Client().get(at(link, "copy")).content))
    cells = str(book.get_sheet_by_index(0).to_python())

    (himself,) = told["kept"]["registry_person"]
    assert (himself["id_number"], himself["phone"], himself["name"]) == (masked_id(an_id(1)), masked_phone(a_phone(1)), "吴强")
    assert told["kept"]["screening_specimen"] and told["kept"]["registry_posting"]
    assert masked_id(an_id(1)) in cells and "吴强" in cells
    for other in ("孙丽", an_id(1), a_phone(1), an_id(2), a_phone(2), link.code, "id_index", "sealed"):
        assert other not in json.dumps(told, ensure_ascii=False) + cells
    assert LookUp.objects.filter(person=town.people["吴强"], fields="own_copy").count() == 2


def test_an_objection_is_numbered_answered_with_a_reason_and_read_by_who_wrote_it(
        town: Town, link: Badge, this_morning: datetime) -> None:
    assert object_to(link).status_code == 303
    assert object_to(link).status_code == 303                                     # the same once more is the same one

    objection = Objection.objects.get()
    assert (objection.number, objection.purpose, objection.due_on) == (
        1, "roster", (this_morning + timedelta(days=30)).date())
    officer = Client()
    officer.force_login(town.users["lin"])
    refused = officer.post(f"/parks/{town.park.uid}/objections/1", {"granted": "yes", "answer": " "})
    assert refused.status_code == 422
    objection.refresh_from_db()
    assert objection.granted is None
    officer.post(f"/parks/{town.park.uid}/objections/1", {"granted": "yes", "answer": "已更正电话"})

    page = Client().get(at(link, "kept")).content.decode()
    assert "已更正电话" in page and "林园" in page
    assert "<b>吴强</b>" in officer.get(f"/parks/{town.park.uid}/objections?state=answered").content.decode()
    assert "<b>吴强</b>" not in officer.get(f"/parks/{town.park.uid}/objections?state=open&q=吴强").content.decode()


@pytest.mark.parametrize("words", [{"text": "  "}, {"purpose": "nothing"}, {"purpose": ""}, {"client_id": ""}])
def test_an_objection_to_nothing_is_refused_and_nothing_is_written(
        words: dict[str, str], town: Town, link: Badge, this_morning: datetime) -> None:
    assert object_to(link, **words).status_code == 422
    assert not Objection.objects.exists()


def test_as_many_wait_for_an_answer_as_may_and_not_one_more(town: Town, link: Badge, this_morning: datetime) -> None:
    for number in range(MOST_OPEN):
        assert object_to(link, client_id=f"o{number}").status_code == 303

    assert object_to(link, client_id="one more").status_code == 422
    assert Objection.objects.count() == MOST_OPEN
    answer(Objection.objects.get(number=1), granted=False, reason="仍需保留", actor=operator())
    assert object_to(link, client_id="one more").status_code == 303


def test_a_late_objection_needs_somebody(town: Town, link: Badge, this_morning: datetime) -> None:
    from jiugong.accounts.queries import actor_for
    from jiugong.lasting.matters import matters

    object_to(link)
    lin, tao = (actor_for(town.users[name]) for name in ("lin", "tao"))

    states = {}
    for days in (0, 30, 31):
        with clock.standing_at(this_morning + timedelta(days=days)):
            states[days] = [each.state for each in matters(lin, town.park, clock.now()) if "/objections" in each.url]
    assert states == {0: ["missing"], 30: ["missing"], 31: ["late"]}
    assert [each for each in matters(tao, town.park, this_morning) if "/objections" in each.url] == []


def test_a_stranger_with_a_badge_sees_the_door_and_nothing_is_kept_of_him(town: Town, this_morning: datetime) -> None:
    from jiugong.registry.actions.badges import issue_badges

    (badge,) = issue_badges(town.park, [town.people["吴强"]], actor=operator())

    for page in ("kept", "copy", "copy?as=json"):
        content = Client().get(at(badge, page)).content.decode()
        assert "吴强" not in content and an_id(1) not in content
    assert object_to(badge).status_code == 200 and not Objection.objects.exists()
