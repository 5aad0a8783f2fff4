"""Closed days on pages and for programs: what an officer sees before, a leader by night, a program."""

from datetime import timedelta

import pytest
from django.test import Client

from jiugong.closing.models import Seal
from jiugong.closing.tests.conftest import AFTERWARDS, MIDNIGHT, reports, sql
from jiugong.duties.models import Evidence
from jiugong.lib import clock
from tests.cast import DAY, MORNING


@pytest.fixture
def client_of(over):
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(over.users[name])
        return client
    return signed_in


def test_an_officer_looks_once_more_at_what_is_missing_and_closes_the_day(over, client_of):
    lin, address = client_of("lin"), f"/parks/{over.park.uid}/days/{DAY}/"
    before = lin.get(address).content.decode()
    assert "data-confirm" in before
    assert not Seal.objects.exists()

    after = lin.post(address, follow=True).content.decode()

    assert Seal.objects.get().short in after
    assert "data-confirm" not in after


def test_a_day_that_lasts_says_until_when_and_offers_no_button(over, client_of):
    with clock.standing_at(MIDNIGHT - timedelta(seconds=1)):
        page = client_of("lin").get(f"/parks/{over.park.uid}/days/{DAY}/").content.decode()

    assert "2022-07-23 00:00" in page
    assert "data-confirm" not in page


def test_a_leader_asks_by_night_whether_a_figure_was_touched(over, close, client_of):
    reports(over, "吴强", MORNING)
    close()
    zhou, days = client_of("zhou"), f"/parks/{over.park.uid}/days/"
    zhou.post(f"{days}verify")
    assert "state-late" not in zhou.get(days).content.decode()
    row = Evidence.objects.get().pk
    sql("UPDATE duties_evidence SET valid = NOT valid WHERE id = %s", row)

    zhou.post(f"{days}verify")

    for page in (zhou.get(days), zhou.get(f"{days}{DAY}/")):
        assert "duties_evidence" in page.content.decode()


def test_who_missed_it_is_seen_by_whoever_sees_these_people_and_the_look_is_kept(over, close, client_of):
    seal = close()
    count = seal.counts.get(kind="round")
    address = f"/parks/{over.park.uid}/days/{DAY}/missed/{count.pk}/"
    for name, seen, hidden in (("tao", "钱进", "褚亮"), ("bo", "褚亮", "钱进")):
        page = client_of(name).get(address).content.decode()
        assert seen in page
        assert hidden not in page

    assert client_of("zhou").get(address).status_code == 404
    assert over.park.look_ups.filter(actor_name="陶磊", person__name="钱进", at=AFTERWARDS).exists()


def test_the_brief_of_a_closed_day_shows_its_seal_and_what_came_late(over, close, client_of):
    lin, address = client_of("lin"), f"/parks/{over.park.uid}/brief/?from={DAY}&to={DAY}"
    assert f"/days/{DAY}/" not in lin.get(address).content.decode()
    seal = close()
    reports(over, "吴强", MORNING, received=AFTERWARDS)

    page = lin.get(address).content.decode()

    assert seal.short in page
    assert f"/days/{DAY}/" in page


def test_programs_close_and_verify_too(over, close, client_of):
    lin = client_of("lin")
    closed = lin.post(f"/api/v1/closing/days/{DAY}/close", {}, content_type="application/json").json()
    again = lin.post(f"/api/v1/closing/days/{DAY}/close", {}, content_type="application/json").json()

    assert closed == again
    assert lin.get(f"/api/v1/closing/days/{DAY}").json() == closed | {"late": {}}
    assert lin.get("/api/v1/closing/days").json()["days"][0]["seal"] == closed["seal"]
    assert lin.post("/api/v1/closing/verify", {}, content_type="application/json").json() == {"ok": True, "days": 1}
    assert lin.get("/api/v1/closing/days/2022-07-01").status_code == 404
