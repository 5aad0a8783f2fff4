"""Sessions and devices: seen roughly by their owner, ended by him, by a new password, and by whoever gives him his roles."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from jiugong.accounts.models import SignIn
from jiugong.accounts.tests.test_sign_in import PASSWORD, guarded, knock
from tests.cast import Town

pytestmark = pytest.mark.usefixtures("this_morning")
__all__ = ["guarded"]


def test_somebody_sees_his_sessions_roughly_and_ends_one_or_all_others(town: Town) -> None:
    phone, desk, third = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/120"), Client(), Client()
    for client, address in ((phone, "198.20.30.40"), (desk, "192.168.7.20"), (third, "10.1.2.3")):
        knock(client, "shu", REMOTE_ADDR=address)

    page = desk.get("/my/sessions").content.decode()
    assert "Chrome, Android" in page
    assert "198.20.0.0/16" in page
    assert "198.20.30.40" not in page
    assert "192.168.7.0/24" in page

    desk.post(reverse("my-session-end", args=[SignIn.objects.get(network="198.20.0.0/16").pk]))
    assert phone.get("/my/sessions").status_code == 302
    assert third.get("/my/sessions").status_code == 200
    desk.post("/my/sessions/end-others")
    assert third.get("/my/sessions").status_code == 302
    assert desk.get("/my/sessions").status_code == 200


def test_nobody_ends_a_session_of_somebody_else_by_its_number(town: Town) -> None:
    shu, yi = Client(), Client()
    knock(shu, "shu"), knock(yi, "yi")

    assert yi.post(reverse("my-session-end", args=[SignIn.objects.get(user=town.users["shu"]).pk])).status_code == 404
    assert shu.get("/my/sessions").status_code == 200


def test_a_new_password_ends_every_other_session(town: Town) -> None:
    here, there = Client(), Client()
    knock(here, "shu"), knock(there, "shu")

    here.post("/my/password", {"password": "quite another 7 words"})

    assert here.get("/my/sessions").status_code == 200
    assert there.get("/my/sessions").status_code == 302
    assert knock(Client(), "shu").status_code == 200
    assert knock(Client(), "shu", "quite another 7 words").status_code == 302


def test_an_officer_ends_an_accounts_sessions_and_outsiders_do_not(town: Town, other_town: Town) -> None:
    shu, lin, ines = Client(), Client(), Client()
    knock(shu, "shu")
    lin.force_login(town.users["lin"])
    ines.force_login(other_town.users["ines"])
    address = reverse("end-sessions", args=[town.park.uid, town.users["shu"].pk])
    hers = reverse("end-sessions", args=[other_town.park.uid, town.users["shu"].pk])

    assert (ines.post(address).status_code, ines.post(hers).status_code) == (404, 404)
    assert shu.get("/my/sessions").status_code == 200
    lin.post(address)
    assert shu.get("/my/sessions").status_code == 302


def test_a_screen_left_open_changes_nothing_of_how_its_owner_signs_in(town: Town, guarded) -> None:
    client, _secret = guarded
    session = client.session
    session["account_authentication_methods"] = [each | {"at": each["at"] - 601}
                                                 for each in session["account_authentication_methods"]]
    session.save()

    for page in ("/my/sign-in/passkey", "/my/sign-in/codes/new", "/my/sign-in/app/remove", "/my/password"):
        assert client.post(page).headers["Location"].startswith("/my/sign-in/again"), page
    assert client.post("/my/sign-in/again", {"password": PASSWORD}).status_code == 302
    assert client.get("/my/password").status_code == 200


def test_a_session_is_a_new_one_after_signing_in(town: Town) -> None:
    client = Client()
    client.get("/sign-in")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key

    knock(client, "shu")

    assert client.session.session_key != before


NONSENSE = ["5", "[]", "{}", "null", "x", '{"id": 1}', '{"response": {}}', '{"response": {"userHandle": 7}}', '"text"',
            '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": "MQ", "clientDataJSON": "e30", '
            '"authenticatorData": "AA", "signature": "AA"}}']


@pytest.mark.parametrize("said", NONSENSE)
def test_what_is_no_passkey_signs_nobody_in_and_breaks_nothing(town: Town, guarded, said: str) -> None:
    stranger, half, owner = Client(), Client(), guarded[0]
    stranger.get("/sign-in/passkey", headers={"Accept": "application/json"})
    knock(half, "lin")
    half.get("/sign-in/second-step")

    told = [stranger.post("/sign-in/passkey", {"credential": said}).status_code,
            half.post("/sign-in/second-step", {"credential": said}).status_code,
            owner.post("/my/sign-in/passkey", {"credential": said}).status_code]

    assert set(told) <= {200, 302}
    assert [client.get("/my/sessions").status_code for client in (stranger, half, owner)] == [302, 302, 200]
    assert not Authenticator.objects.filter(type="webauthn").exists()
