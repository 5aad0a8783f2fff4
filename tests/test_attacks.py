"""What somebody tries who means harm, across the rooms. Each is refused, and nothing changes.

Powers that somebody holds in two parks, or twice in one, are never added up to more than each of them gives.
"""

import json
from typing import Any
from urllib.parse import parse_qs, urlparse
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.accounts.actions import create_token, grant
from jiugong.accounts.models import User
from jiugong.accounts.roles import AccountRole
from jiugong.duties.models import Excuse
from jiugong.lib.acting import operator
from jiugong.registry.actions.mappings import save_mapping
from jiugong.screening.models import Round
from tests.cast import Town

GET_UNREADABLE = [("names", {"of": "round:²"}), ("names", {"of": "round:" + "9" * 5000}), ("names", {"grid": "²"}),
                  ("brief", {"from": "0001-01-01", "to": "0001-01-01"}), ("brief", {"from": "9999-12-31", "to": "9999-12-31"}),
                  ("journal", {"day": "9999-12-31"}), ("look-ups", {"day": "0001-01-01"}), ("people", {"q": "\0"}),
                  ("rounds", {"page": "9" * 5000})]
ADDRESS = "/api/v1/screening/scans"
NO_JSON = [b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 3000, b"x" * (13 * 1024 * 1024), b"null", b'{"scans": null}']


def _signed_in(user: User, **how: Any) -> Client:
    client = Client(**how)
    client.force_login(user)
    return client


def _page(town: Town, name: str, **at: Any) -> str:
    return reverse(name, kwargs={"park": town.park.uid, **at})


@pytest.fixture
def of_both(town: Town, other_town: Town, this_morning: Any) -> User:
    """Ines, who also reads the board of Lin's park as a leader."""
    grant(other_town.users["ines"], AccountRole.LEADER, park=town.park, actor=operator())
    return other_town.users["ines"]


def test_names_are_not_seen_in_one_park_by_a_power_over_another(town: Town, of_both: User, this_morning: Any) -> None:
    client = _signed_in(of_both)
    figure = {"from": "2022-07-22", "to": "2022-07-22"}

    for address in (_page(town, "figure", key="registry.people"), _page(town, "charges"), _page(town, "bodies")):
        told = client.get(address, figure)
        assert told.status_code == 200
        assert "吴强" not in told.content.decode()
        assert "/people/" not in told.content.decode().replace("/people/show", "")

    asked = {"park": str(town.park.uid), "first": "2022-07-22", "last": "2022-07-22"}
    assert client.get("/api/v1/briefs/figures/registry.people/rows", asked).status_code == 403
    assert client.get(_page(town, "names")).status_code == 403


def test_things_of_one_park_are_not_there_inside_another(town: Town, other_town: Town, of_both: User,
                                                         this_morning: Any) -> None:
    client, theirs = _signed_in(of_both), town.firms["东风木业有限公司"]

    assert client.get(_page(other_town, "unit", unit=theirs.uid)).status_code == 404
    assert client.get(_page(other_town, "grid", grid=town.grids["第1网格"].pk)).status_code == 404
    assert client.get(_page(other_town, "person", person=town.people["吴强"].uid)).status_code == 404


def test_a_round_is_not_opened_over_the_enterprise_of_another_park(town: Town, other_town: Town, this_morning: Any) -> None:
    grant(other_town.users["ines"], AccountRole.DUTY_OFFICER, park=town.park, actor=operator())
    sent = {"park": str(other_town.park.uid), "opens_at": "2022-07-23T06:30", "closes_at": "2022-07-23T10:30",
            "pool_size": 10, "unit": str(town.firms["东风木业有限公司"].uid)}

    answer = _signed_in(other_town.users["ines"]).post("/api/v1/screening/rounds", sent, content_type="application/json")

    assert answer.status_code == 404
    assert Round.objects.count() == 1


def test_people_of_another_park_are_not_excused_through_ours(town: Town, other_town: Town, this_morning: Any) -> None:
    grant(other_town.users["ines"], AccountRole.DUTY_OFFICER, park=town.park, actor=operator())
    sent = {"of": "round:1", "reason": "leave", "until": "2022-07-22",
            "person": [str(town.people["郑伟"].uid), str(other_town.people["伊某"].uid)]}

    answer = _signed_in(other_town.users["ines"]).post(_page(town, "names-excuse"), sent)

    assert answer.status_code == 404
    assert not Excuse.objects.exists()


def test_a_grid_leader_excuses_nobody_of_another_grid_and_then_nobody_at_all(town: Town, this_morning: Any) -> None:
    sent = {"of": "round:1", "reason": "leave", "until": "2022-07-22",
            "person": [str(town.people["郑伟"].uid), str(town.people["褚亮"].uid)]}

    answer = _signed_in(town.users["tao"]).post(_page(town, "names-excuse"), sent)

    assert answer.status_code == 404
    assert not Excuse.objects.exists()


def test_an_excuse_that_ends_before_it_begins_excuses_nobody(town: Town, this_morning: Any) -> None:
    sent = {"of": "round:1", "reason": "leave", "until": "2022-07-20", "person": str(town.people["郑伟"].uid)}

    _signed_in(town.users["lin"]).post(_page(town, "names-excuse"), sent)

    assert not Excuse.objects.exists()


def test_a_leader_of_the_park_who_leads_one_grid_sees_the_names_of_that_grid(town: Town, this_morning: Any) -> None:
    grant(town.users["tao"], AccountRole.LEADER, park=town.park, actor=operator())
    client, asked = _signed_in(town.users["tao"]), {"park": str(town.park.uid), "first": "2022-07-22", "last": "2022-07-22"}

    gap = client.get("/api/v1/briefs/rounds/1/gap", asked).json()
    rows = client.get("/api/v1/briefs/figures/registry.people/rows", asked).json()
    page = client.get(_page(town, "names"), {"show": "owed"}).content.decode()

    assert gap["owed"] == 8
    assert "郑伟" in str(gap) and "郑伟" in page and "郑伟" in str(rows)
    assert "褚亮" not in str(gap) + page + str(rows)


def test_a_grid_leader_is_not_told_how_many_others_were_sampled(town: Town, this_morning: Any) -> None:
    page = _signed_in(town.users["bo"]).get(_page(town, "today"))

    assert page.context["hours"] == []
    assert _signed_in(town.users["tao"]).get(_page(town, "today")).context["hours"][0]["count"] == 2


def test_the_wall_shows_no_name(town: Town, this_morning: Any) -> None:
    wall = _signed_in(town.users["lin"]).get(_page(town, "wall")).content.decode()

    assert "第1网格" in wall
    assert "陶磊" not in wall


@pytest.mark.parametrize(("name", "asked"), GET_UNREADABLE, ids=str)
def test_nonsense_in_an_address_is_answered_and_not_a_failure(name: str, asked: dict[str, str], town: Town,
                                                              this_morning: Any) -> None:
    answer = _signed_in(town.users["lin"], raise_request_exception=False).get(_page(town, name), asked)

    assert answer.status_code < 500


@pytest.mark.parametrize("body", NO_JSON, ids=lambda body: repr(body[:12]))
def test_a_body_that_is_no_request_is_refused_in_words(body: bytes, town: Town, this_morning: Any) -> None:
    client = _signed_in(town.users["lin"], raise_request_exception=False)

    answer = client.post(ADDRESS, body, content_type="application/json")

    assert 400 <= answer.status_code < 500
    assert {"refused", "message"} <= set(answer.json())


def test_whatever_stops_a_program_is_said_in_one_shape(town: Town, this_morning: Any) -> None:
    client = _signed_in(town.users["lin"], raise_request_exception=False)
    forged = _signed_in(town.users["lin"], enforce_csrf_checks=True, raise_request_exception=False)
    half_a_sign = json.dumps({"person": str(town.people["郑伟"].uid), "reason": "\ud800", "since_at": "2022-07-22",
                              "until_at": "2022-07-23"})
    answers = {
        404: client.get("/api/v1/nothing"), 405: client.get(ADDRESS),
        403: forged.post(ADDRESS, {"scans": []}, content_type="application/json"),
        401: Client(headers={"authorization": "Bearer nonsense"}).get("/api/v1/registry/parks"),
        400: client.post("/api/v1/duties/excuses", half_a_sign, content_type="application/json"),
    }

    for status, answer in answers.items():
        assert answer.status_code == status
        assert {"refused", "message"} <= set(answer.json()), status
    calendar = client.get("/api/v1/briefs/figures", {"park": str(town.park.uid), "first": "0001-01-01", "last": "0001-01-01"})
    assert calendar.status_code == 400
    assert not Excuse.objects.exists()


def test_a_token_opens_the_api_alone_and_only_its_own_park(town: Town, other_town: Town, this_morning: Any) -> None:
    token = create_token(other_town.users["ines"], name="x", park=other_town.park, actor=operator())
    program = Client(headers={"authorization": f"Bearer {token}"})

    assert program.get(_page(other_town, "today")).status_code == 302
    assert program.get("/api/v1/registry/people", {"park": str(town.park.uid)}).status_code == 404
    assert program.get("/api/v1/registry/people", {"park": str(other_town.park.uid)}).status_code == 200


def test_every_form_of_the_pages_needs_its_csrf_token(town: Town, this_morning: Any) -> None:
    forged = _signed_in(town.users["lin"], enforce_csrf_checks=True)

    for name in ("names-excuse", "imports", "mapping", "roster-export", "show-number", "charges", "round-open", "scan",
                 "scan-import", "result-import", "rules", "invite"):
        assert forged.post(_page(town, name), {"person": str(town.people["郑伟"].uid), "reason": "x"}).status_code == 403


def test_nobody_is_sent_to_another_site(town: Town, this_morning: Any) -> None:
    client = Client()
    answer = client.post(reverse("sign-in") + "?next=//evil.example/", {"username": "lin", "password": "correct horse 9 staple"})
    assert urlparse(answer["Location"]).netloc == ""
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"},
                         headers={"referer": "https://evil.example/"})
    assert urlparse(answer["Location"]).netloc == ""
    answer = client.post(_page(town, "names-excuse"), {"back": "//evil.example/\r\nSet-Cookie: a=b"})
    assert urlparse(answer["Location"]).netloc == ""
    assert "a" not in answer.cookies


def test_signing_in_makes_a_new_session(town: Town) -> None:
    client = Client()
    client.force_login(town.users["tao"])
    before = client.session.session_key

    client.post(reverse("sign-out"))
    client.cookies["sessionid"] = str(before)
    client.post(reverse("sign-in"), {"username": "lin", "password": "correct horse 9 staple"})

    assert client.session.session_key != before


def test_a_mapping_may_be_called_anything(town: Town, this_morning: Any) -> None:
    client, name = _signed_in(town.users["lin"]), "<script>A&B=#1 +"
    save_mapping(town.park, name, {"人员台账": {"员工": "姓名"}}, actor=operator())

    page = client.get(_page(town, "imports")).content.decode()

    assert "<script>A" not in page
    sent = client.post(_page(town, "mapping") + "?name=" + "%3Cscript%3EA%26B%3D%231%20%2B", {"name": name})
    assert parse_qs(urlparse(sent["Location"]).query).get("mapping", [name]) == [name]


def test_the_demonstration_is_not_there_where_it_was_not_asked_for(town: Town) -> None:
    assert Client().post("/demo/sign-in", {"person": "lin"}).status_code in (302, 404)
    assert Client().post("/demo/sign-in", {"person": "lin"}, follow=True).wsgi_request.user.is_anonymous
    assert _signed_in(town.users["lin"]).post("/demo/next").status_code == 404


def test_a_leader_is_offered_no_door_that_is_shut_to_him(town: Town, this_morning: Any) -> None:
    firm, leader = town.firms["东风木业有限公司"], _signed_in(town.users["zhou"])

    for address in (_page(town, "today"), _page(town, "rounds"), _page(town, "round", number=1),
                    _page(town, "unit", unit=firm.uid)):
        assert "/names/" not in leader.get(address).content.decode(), address
        assert "/names/" in _signed_in(town.users["lin"]).get(address).content.decode(), address


def test_a_forged_id_is_nobody(town: Town, this_morning: Any) -> None:
    client = _signed_in(town.users["lin"])

    for address in (_page(town, "person", person=uuid4()), _page(town, "unit", unit=uuid4()), _page(town, "grid", grid=10**18),
                    _page(town, "import-preview", upload=uuid4()), _page(town, "tube", code="../../etc/passwd"),
                    _page(town, "rule-pack", key="..")):
        assert client.get(address).status_code in (404, 422), address
