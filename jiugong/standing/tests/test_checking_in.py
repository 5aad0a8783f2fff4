"""Checking in where a code hangs: himself, here and now, once; and out again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.rulebook.actions import adopt
from jiugong.tracing.actions.venues import issue_code, name_spot, withdraw_code
from jiugong.tracing.logic.venue_codes import screen_key, text_at
from jiugong.tracing.models import Presence, VenueCode
from jiugong.tracing.words import SpotKind
from tests.cast import DAY, MORNING, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(town: Town, this_morning: datetime) -> VenueCode:
    adopt(town.park, "cn-2022-v9", from_day=DAY, actor=operator())
    return issue_code(name_spot(town.park, SpotKind.ENCLOSED_SPACE, "三号会议室", actor=operator()), seconds=30, actor=operator())


def shown(code: VenueCode, at: datetime = MORNING) -> str:
    return text_at(code.code, code.secret, code.seconds, at)


def scan(link: Badge, text: str, *, client_id: str = "s1", at: datetime = MORNING, now: datetime | None = None,
         ahead: timedelta = timedelta(0)) -> Any:
    """The phone scans at a moment and sends it now; its own clock may be ahead."""
    now = now or at
    with clock.standing_at(now):
        return Client().post(f"/api/v1/me/{address_of(link)}/check-ins", {
            "client_id": client_id, "text": text, "device_at": (at + ahead).isoformat(), "device_now": (now + ahead).isoformat()},
            content_type="application/json")


def test_a_scan_checks_in_until_the_time_that_the_pack_assumes(town: Town, link: Badge, code: VenueCode) -> None:
    answer = scan(link, shown(code))

    stay = Presence.objects.get()
    assert answer.json()["status"] == "in" and answer.json()["place"] == "三号会议室"
    assert stay.who.person == town.people["吴强"] and stay.assumed and stay.entered_at == MORNING
    assert stay.left_at > MORNING and stay.source == "venue_code"


def test_the_same_scan_sent_again_changes_nothing(link: Badge, code: VenueCode) -> None:
    scan(link, shown(code))

    assert scan(link, shown(code), now=MORNING + timedelta(minutes=10)).json()["status"] == "repeat"
    assert Presence.objects.count() == 1 and Presence.objects.get().assumed


@pytest.mark.parametrize(("seconds", "status", "assumed"), [(119, "repeat", True), (120, "out", False), (121, "out", False)])
def test_a_second_tap_is_none_and_a_later_scan_is_leaving(link: Badge, code: VenueCode, seconds: int, status: str,
                                                          assumed: bool) -> None:
    later = MORNING + timedelta(seconds=seconds)
    scan(link, shown(code))

    assert scan(link, shown(code, later), client_id="s2", at=later).json()["status"] == status
    stay = Presence.objects.get()
    assert stay.assumed is assumed and (stay.left_at == later) is not assumed
    assert scan(link, shown(code, later), client_id="s2", at=later, now=later + timedelta(minutes=3)).json()["status"] == "repeat"
    assert Presence.objects.count() == 1


def test_leaving_by_the_button_is_done_once(link: Badge, code: VenueCode) -> None:
    scan(link, shown(code))
    later = MORNING + timedelta(minutes=7)
    address = f"/me/{address_of(link)}"
    with clock.standing_at(later):
        client = Client()
        assert "三号会议室" in client.get(f"{address}/check-in").content.decode()
        for _tap in range(2):
            assert client.post(f"{address}/leave", {"stay": "s1", "client_id": "o1"}).status_code == 303

    assert Presence.objects.get().left_at == later and not Presence.objects.get().assumed


def test_a_picture_that_was_sent_on_is_refused_and_says_what_to_do(link: Badge, code: VenueCode) -> None:
    answer = scan(link, shown(code), at=MORNING + timedelta(seconds=60))

    assert answer.status_code == 409 and answer.json()["refused"] == "tracing.picture_old"
    assert not Presence.objects.exists()


def test_a_scan_without_a_connection_holds_with_the_time_at_which_it_was_made(link: Badge, code: VenueCode) -> None:
    answer = scan(link, shown(code), now=MORNING + timedelta(hours=5), ahead=timedelta(minutes=17))

    assert answer.json()["status"] == "in" and Presence.objects.get().entered_at == MORNING


@pytest.mark.parametrize(("hours", "kept"), [(11, True), (12, True), (12.1, False)])
def test_a_scan_that_comes_too_late_is_refused(link: Badge, code: VenueCode, hours: float, kept: bool) -> None:
    scan(link, shown(code), now=MORNING + timedelta(hours=hours))

    assert Presence.objects.exists() is kept


def test_a_withdrawn_code_and_one_that_nobody_made_are_refused(link: Badge, code: VenueCode) -> None:
    forged = scan(link, shown(code)[:-1] + ("A" if shown(code)[-1] != "A" else "B"))
    withdraw_code(code, actor=operator())
    gone = scan(link, shown(code))

    assert (forged.json()["refused"], gone.json()["refused"]) == ("tracing.venue_code_unknown", "tracing.venue_code_withdrawn")
    assert not Presence.objects.exists()


def test_nobody_checks_in_somebody_else(town: Town, code: VenueCode, this_morning: datetime) -> None:
    card = Badge.objects.filter(kind="card").first()

    assert card is None or scan(card, shown(code)).status_code == 403          # a badge needs its door
    assert Client().post("/api/v1/me/x.y/check-ins", {"client_id": "s", "text": shown(code)},
                         content_type="application/json").status_code == 404
    assert not Presence.objects.exists()


def test_more_than_sixty_in_an_hour_are_too_many(town: Town, link: Badge, code: VenueCode) -> None:
    scan(link, shown(code))
    one = Presence.objects.get()
    Presence.objects.bulk_create([Presence(park=one.park, who=one.who, spot=one.spot, source=one.source, client_id=f"x{at}",
                                           entered_at=one.entered_at - timedelta(hours=2 + at), received_at=MORNING,
                                           left_at=one.entered_at - timedelta(hours=1 + at)) for at in range(59)])
    later = MORNING + timedelta(minutes=59)

    answer = scan(link, shown(code, later), client_id="s9", at=later)

    assert answer.status_code == 429 and answer.headers["Retry-After"] and Presence.objects.count() == 60


def test_a_phone_s_own_camera_finds_the_way_to_his_page(link: Badge, code: VenueCode, this_morning: datetime) -> None:
    phone, stranger = Client(), Client()
    address = reverse("venue", args=[shown(code)])
    phone.get(f"/me/{address_of(link)}")

    arrived = phone.get(address)
    assert arrived.status_code == 302 and arrived.headers["Location"] == f"/me/{address_of(link)}/check-in"
    assert not Presence.objects.exists()                                        # looking is not checking in
    with clock.standing_at(MORNING + timedelta(minutes=9)):                     # the picture is old by now, his scan is not
        phone.post(arrived.headers["Location"], {"client_id": "p1"})
    assert Presence.objects.get().entered_at == MORNING
    assert "三号会议室" in stranger.get(address).content.decode() and Presence.objects.count() == 1


def test_an_arrival_is_no_longer_good_after_ten_minutes(link: Badge, code: VenueCode, this_morning: datetime) -> None:
    phone = Client()
    phone.get(reverse("venue", args=[shown(code)]))
    with clock.standing_at(MORNING + timedelta(minutes=10)):
        assert phone.post(f"/me/{address_of(link)}/check-in", {"client_id": "p1"}).status_code == 404

    assert not Presence.objects.exists()


def test_a_screen_shows_its_picture_to_whoever_has_its_address_and_nothing_else(code: VenueCode, this_morning: datetime) -> None:
    key, client = screen_key(code.secret, code.code), Client()
    pictures = client.get(reverse("venue-pictures", args=[code.code, key])).json()["pictures"]

    assert "<svg" in client.get(reverse("venue-screen", args=[code.code, key])).content.decode()
    assert len(pictures) == 10 and len({each["svg"] for each in pictures}) == 10
    assert client.get(reverse("venue-screen", args=[code.code, "A" * 24])).status_code == 404
    withdraw_code(code, actor=operator())
    assert client.get(reverse("venue-pictures", args=[code.code, key])).status_code == 410


def test_a_prevention_officer_hangs_codes_on_his_own_ground_alone(town: Town, code: VenueCode, this_morning: datetime) -> None:
    client = Client()
    client.force_login(town.users["fang"])
    own, other = (town.firms[name].site_id for name in ("东风木业有限公司", "西河门窗有限公司"))
    address = reverse("venues", args=[town.park.uid])
    said = {"name": "东风更衣室", "kind": "enclosed_space", "seconds": "30"}

    assert client.post(address, said | {"place": str(other)}).status_code == 422
    assert client.post(address, said).status_code == 422
    assert client.post(address, said | {"place": str(own)}).status_code == 302
    page = client.get(address).content.decode()
    assert "东风更衣室" in page and "三号会议室" not in page
    assert client.get(reverse("venue-spot", args=[town.park.uid, code.spot_id])).status_code == 404


def test_another_pace_is_another_code_and_the_same_pace_the_same(code: VenueCode) -> None:
    again = issue_code(code.spot, seconds=30, actor=operator())
    printed = issue_code(code.spot, seconds=0, actor=operator())

    assert again == code and printed != code
    code.refresh_from_db()
    assert code.withdrawn_at and VenueCode.objects.filter(withdrawn_at=None).count() == 1
