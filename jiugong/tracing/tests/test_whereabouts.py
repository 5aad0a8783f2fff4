"""A person's last fourteen days: by permission and with a reason that he reads; of himself without anybody else's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.journal.models import LookUp
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_link
from jiugong.registry.queries.badges import address_of
from jiugong.rulebook.actions import adopt
from jiugong.tracing.actions.presence_rows import Row, record_rows
from jiugong.tracing.models import Trace
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]
WU, SUN = 1, 2


@pytest.fixture
def met(town: Town) -> Town:
    """Wu and Sun sat at one table; fourteen days ago Wu stood at the gate, and nobody scanned him out."""
    adopt(town.park, "cn-2022-v9", from_day=DAY, actor=operator())
    table = {"kind": "canteen_table", "spot": "食堂/007桌", "entered_at": MORNING - timedelta(hours=2), "left_at": MORNING}
    rows = [Row(client_id="a", id_number=an_id(WU), **table), Row(client_id="b", id_number=an_id(SUN), **table),      # type: ignore[arg-type]
            Row(client_id="c", id_number=an_id(WU), kind="gate", spot="东门", entered_at=MORNING - timedelta(days=13)),
            Row(client_id="d", id_number=an_id(WU), kind="gate", spot="西门", entered_at=MORNING - timedelta(days=14))]
    record_rows(town.park, rows, ["a", "b", "c", "d"], actor=operator())
    return town


def look(town: Town, who: str = "lin", **said: str) -> Any:
    client = Client()
    client.force_login(town.users[who])
    return client.post(reverse("person-days", args=[town.park.uid, town.people["吴强"].uid]), said)


def test_without_a_reason_nothing_is_shown_and_nothing_is_journalled(met: Town) -> None:
    answer = look(met)

    assert answer.status_code == 422 and "食堂" not in answer.content.decode()
    assert not LookUp.objects.filter(fields="whereabouts").exists()


def test_with_a_reason_the_days_are_shown_with_their_source_and_he_reads_who_looked(met: Town) -> None:
    page = look(met, reason="复核流调").content.decode()

    assert "食堂/007桌" in page and "东门" in page and "西门" not in page           # fourteen days, and not one more
    assert "孙丽" not in page
    own = Client().get(f"/me/{address_of(issue_link(met.people['吴强'], days=1, actor=operator()))}/kept").content.decode()
    assert "复核流调" in own


def test_whom_he_met_goes_by_the_rules_of_the_day_and_the_question_is_kept(met: Town) -> None:
    page = look(met, reason="复核流调", met="yes").content.decode()

    assert "孙丽" in page
    assert Trace.objects.get().reason == "复核流调" and Trace.objects.get().found == 2       # with who sleeps in his room


@pytest.mark.parametrize("who", ["tao", "fang", "qin"])
def test_who_may_not_trace_does_not_see_them(met: Town, who: str) -> None:
    assert look(met, who, reason="x").status_code == 404
    assert not LookUp.objects.filter(fields="whereabouts").exists()


def test_he_reads_his_own_days_and_nobody_else_s_name(met: Town) -> None:
    link = issue_link(met.people["吴强"], days=1, actor=operator())

    page = Client().get(f"/me/{address_of(link)}/whereabouts").content.decode()

    assert "食堂/007桌" in page and "孙丽" not in page and "郑伟" not in page


def test_a_program_gives_its_reason_too(met: Town) -> None:
    client = Client()
    client.force_login(met.users["lin"])
    address = f"/api/v1/tracing/people/{met.people['吴强'].uid}/whereabouts"

    assert client.post(address, {"reason": " "}, content_type="application/json").status_code == 422
    told = client.post(address, {"reason": "复核", "met": True}, content_type="application/json").json()
    assert {each["name"] for each in told["met"]} >= {"孙丽"} and len(told["days"]) == 2
