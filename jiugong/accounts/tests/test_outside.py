"""Other ways in: identities of other houses, spoken to over HTTP, and links that open once."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from jiugong.accounts.actions.links import make_link
from jiugong.accounts.errors import LinkNotForRole, UserBeyondYours
from jiugong.accounts.models import SignIn, SignInLink, User
from jiugong.accounts.queries import actor_for
from jiugong.accounts.tests import houses
from jiugong.accounts.tests.houses import CLIENT, CODE, SECRET, Houses
from jiugong.accounts.tests.test_sign_in import guarded, knock
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, Note, operator
from tests.cast import MORNING, Town

pytestmark = pytest.mark.usefixtures("this_morning")
__all__ = ["guarded"]
WAYS = {"oidc": "openid_connect", "feishu": "feishu", "dingtalk": "dingtalk", "wecom": "wecom"}


@pytest.fixture(scope="module")
def street() -> Iterator[Houses]:
    with houses.served() as found:
        yield found


@pytest.fixture
def house(street: Houses, settings) -> Houses:
    """The houses, and an installation that knows them all."""
    street.who, street.told_by_token, street.broken = "u-1", "", ""
    app = {"client_id": CLIENT, "secret": SECRET}
    settings.FEISHU_URL = settings.DINGTALK_URL = settings.WECOM_URL = street.address
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [
            app | {"provider_id": "oidc", "name": "SSO", "settings": {"server_url": street.address}}]},
        "feishu": {"APPS": [app]}, "dingtalk": {"APPS": [app]}, "wecom": {"APPS": [app | {"settings": {"agent": "1000002"}}]}}
    return street


def go(client: Client, way: str, *, code: str = CODE, connect: bool = False, state: str = ""):
    """Go to another house by our own form, and come back with its answer."""
    page = client.post(f"/sign-in/{way}" + ("?process=connect" if connect else ""))
    address = page.context["address"]
    asked = parse_qs(urlsplit(address).query)
    return client.get(f"/sign-in/{way}/back", {"code": code, "state": state or asked["state"][0]})


def tied(town: Town, way: str, user: str = "shu") -> Client:
    client = Client()
    knock(client, user)
    go(client, way, connect=True)
    return client


@pytest.mark.parametrize("way", WAYS)
def test_whoever_tied_an_identity_signs_in_with_it(town: Town, house: Houses, way: str, notes: list[Note]) -> None:
    tied(town, way)
    fresh = Client()

    answer = go(fresh, way)

    assert answer.headers["Location"] == "/"
    assert fresh.get("/my/sessions").status_code == 200
    assert SignIn.objects.latest("pk").way == f"outside:{'oidc' if way == 'oidc' else way}"
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.extra_data) == (town.users["shu"], {})           # its id alone is kept: no name, mail or phone
    assert "outside.connected" in [note.verb for note in notes]


@pytest.mark.parametrize("way", WAYS)
def test_an_identity_that_nobody_tied_makes_no_account_and_signs_nobody_in(town: Town, house: Houses, way: str) -> None:
    before, client = User.objects.count(), Client()

    answer = go(client, way)

    assert answer.headers["Location"] == "/sign-in"
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)
    assert client.get("/my/sessions").status_code == 302


@pytest.mark.parametrize("way", WAYS)
def test_without_its_setting_a_way_is_not_offered_and_not_there(town: Town, way: str) -> None:
    page = Client().get("/sign-in").content.decode()

    assert f'action="/sign-in/{way}"' not in page
    assert Client().post(f"/sign-in/{way}").status_code == 404
    assert Client().get(f"/sign-in/{way}/back", {"code": "x", "state": "y"}).status_code == 404


def test_configured_ways_are_offered_on_the_page(town: Town, house: Houses) -> None:
    page = Client().get("/sign-in").content.decode()

    assert all(f'action="/sign-in/{way}"' in page for way in WAYS)


@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_code_a_forged_state_and_nonsense_sign_nobody_in(town: Town, house: Houses, way: str) -> None:
    tied(town, way)
    client = Client()

    wrong = go(client, way, code="another")
    forged = go(client, way, state="forged")
    bare = client.get(f"/sign-in/{way}/back")
    house.broken = {"oidc": "/userinfo", "feishu": "/open-apis/authen/v1/user_info", "dingtalk": "/v1.0/contact/users/me",
                    "wecom": "/cgi-bin/auth/getuserinfo"}[way]
    nonsense = go(client, way)

    assert {answer.status_code for answer in (wrong, forged, bare, nonsense)} == {302}
    assert client.get("/my/sessions").status_code == 302


def test_two_answers_about_two_people_are_believed_neither(town: Town, house: Houses) -> None:
    tied(town, "oidc")
    house.told_by_token = "somebody-else"
    client = Client()

    assert go(client, "oidc").headers["Location"] == "/sign-in"


def test_a_stranger_to_the_corporation_is_nobody_at_wecom(town: Town, house: Houses) -> None:
    house.who = ""

    assert go(Client(), "wecom").headers["Location"] == "/sign-in"


def test_the_second_factor_is_asked_after_another_house_too(town: Town, house: Houses, guarded) -> None:
    client, _secret = guarded
    go(client, "feishu", connect=True)
    fresh = Client()

    assert go(fresh, "feishu").headers["Location"] == "/sign-in/second-step"
    assert fresh.get("/my/sessions").status_code == 302


def test_somebody_who_needs_a_second_factor_and_has_none_is_led_to_it_after_another_house(town: Town, house: Houses) -> None:
    SocialAccount.objects.create(user=town.users["tao"], provider="feishu", uid="u-1")
    client = Client()
    go(client, "feishu")

    assert client.get(f"/parks/{town.park.uid}/rules").headers["Location"] == "/my/sign-in"


def test_a_password_alone_ties_nothing_where_a_second_factor_is_needed(town: Town, house: Houses) -> None:
    thief = Client()
    knock(thief, "tao")

    assert go(thief, "feishu", connect=True).headers["Location"] == "/my/sign-in"
    assert not SocialAccount.objects.exists()


def test_an_identity_of_somebody_else_is_not_taken_over(town: Town, house: Houses) -> None:
    tied(town, "feishu")
    tied(town, "feishu", "yi")

    assert SocialAccount.objects.get().user == town.users["shu"]


def test_an_identity_is_taken_away_by_its_owner_alone(town: Town, house: Houses) -> None:
    shu, yi = tied(town, "wecom"), Client()
    knock(yi, "yi")
    number = SocialAccount.objects.get().pk

    yi.post("/my/sign-in/outside", {"account": number})
    assert SocialAccount.objects.exists()
    shu.post("/my/sign-in/outside", {"account": number})
    assert not SocialAccount.objects.exists()
    assert go(Client(), "wecom").headers["Location"] == "/sign-in"


def test_a_closed_account_is_not_opened_by_another_house(town: Town, house: Houses) -> None:
    tied(town, "feishu")
    User.objects.filter(username="shu").update(is_active=False)
    client = Client()

    go(client, "feishu")

    assert client.get("/my/sessions").status_code == 302


# links --------------------------------------------------------------------------------------------------------------

def test_a_link_signs_in_once_and_looking_at_it_uses_nothing_up(town: Town, notes: list[Note]) -> None:
    address = reverse("sign-in-link", args=[make_link(town.users["shu"], park=town.park, actor=operator())])
    phone, thief = Client(), Client()

    looked = [phone.get(address).status_code for _time in range(2)]
    answer = phone.post(address)
    again = thief.post(address)

    assert looked == [200, 200]
    assert answer.headers["Location"] == "/"
    assert phone.get(f"/parks/{town.park.uid}/scan").status_code == 200
    assert (again.status_code, thief.get("/my/sessions").status_code) == (410, 302)
    assert [note.verb for note in notes if note.verb.startswith("link")] == ["link.made", "link.used"]
    assert address.rsplit("/", 1)[1] not in str(list(SignInLink.objects.values()))


@pytest.mark.parametrize(("later", "status"), [(timedelta(hours=24, seconds=-1), 302), (timedelta(hours=24), 410)])
def test_a_link_ends_at_its_very_moment(town: Town, later: timedelta, status: int) -> None:
    address = reverse("sign-in-link", args=[make_link(town.users["shu"], park=town.park, actor=operator())])

    with clock.standing_at(MORNING + later):
        assert Client().post(address).status_code == status


def test_a_newer_link_ends_the_one_before_and_unknown_used_and_late_are_told_alike(town: Town) -> None:
    first = reverse("sign-in-link", args=[make_link(town.users["shu"], park=town.park, actor=operator())])
    reverse("sign-in-link", args=[make_link(town.users["shu"], park=town.park, actor=operator())])
    unknown = reverse("sign-in-link", args=["x" * 43])

    pages = [Client().get(address) for address in (first, unknown)]

    assert [page.status_code for page in pages] == [410, 410]
    assert "舒航" not in pages[0].content.decode()


def test_nobody_makes_a_link_for_whom_a_second_factor_is_needed_or_beyond_his_reach(town: Town, other_town: Town) -> None:
    lin = actor_for(town.users["lin"])

    with pytest.raises(LinkNotForRole):
        make_link(town.users["tao"], park=town.park, actor=lin)
    with pytest.raises(NotAllowed):
        make_link(town.users["shu"], park=town.park, actor=actor_for(town.users["tao"]))
    with pytest.raises(UserBeyondYours):
        make_link(other_town.users["ines"], park=town.park, actor=lin)

    assert not SignInLink.objects.exists()


def test_lin_shows_a_link_as_a_code_on_the_page_once(town: Town, client: Client) -> None:
    client.force_login(town.users["lin"])

    page = client.post(reverse("make-link", args=[town.park.uid, town.users["shu"].pk]))

    address = page.context["link"]
    assert "data:image/svg+xml" in page.content.decode()
    assert Client().get(urlsplit(address).path).status_code == 200
    assert address not in client.get(reverse("account", args=[town.park.uid, town.users["shu"].pk])).content.decode()
