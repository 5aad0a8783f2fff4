"""The door: who passes with what, who waits, who is led to set up a second factor first, and what a stolen thing is worth."""

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from jiugong.accounts.actions import create_token, create_user, grant
from jiugong.accounts.actions.factors import reset_second_factor
from jiugong.accounts.errors import UserBeyondYours
from jiugong.accounts.models import Secret, SignIn, SignInTry, User
from jiugong.accounts.queries import actor_for
from jiugong.accounts.roles import ROLES, SECOND_FACTOR, AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import Note, operator
from jiugong.lib.can import Can
from tests.cast import MORNING, Town
from tests.codes import code_now

PASSWORD = "correct horse 9 staple"
pytestmark = pytest.mark.usefixtures("this_morning")


def knock(client: Client, name: str, password: str = PASSWORD, **more):
    return client.post("/sign-in", {"username": name, "password": password}, **more)


def set_up_app(client: Client) -> str:
    """Sign somebody's app up, as he does it himself, and answer with its seed."""
    secret: str = client.get("/my/sign-in/app").context["form"].secret
    assert client.post("/my/sign-in/app", {"code": code_now(secret)}).status_code == 302
    return secret


@pytest.fixture
def guarded(town: Town) -> tuple[Client, str]:
    """Lin has an app, and is signed in with it."""
    client = Client()
    knock(client, "lin")
    return client, set_up_app(client)


# who needs a second factor ------------------------------------------------------------------------------------------

def test_every_role_that_sees_people_beyond_a_team_or_the_board_needs_a_second_factor() -> None:
    sees = {role for role in AccountRole if ROLES[role] & {Can.SEE_BOARD, Can.READ_JOURNAL, Can.GRANT_ROLES}}

    assert sees - SECOND_FACTOR == {AccountRole.TEAM_LEADER}
    assert sees >= SECOND_FACTOR


@pytest.mark.parametrize(("name", "led"), [("lin", True), ("tao", True), ("fang", True), ("zhou", True), ("kai", True),
                                           ("qin", False), ("shu", False), ("yi", False), ("yan", False)])
def test_whoever_needs_one_and_has_none_is_led_to_set_one_up(town: Town, name: str, led: bool) -> None:
    client = Client()
    knock(client, name)

    page = client.get(f"/parks/{town.park.uid}/rules")
    program = client.get("/api/v1/registry/parks")

    assert (page.status_code == 302 and page.headers["Location"] == "/my/sign-in") is led
    assert (program.status_code == 403 and program.json()["refused"] == "accounts.second_factor_first") is led
    assert (town.park.name in client.get("/my/sign-in").content.decode()) is not led


def test_after_setting_up_an_app_everything_opens_and_its_seed_is_kept_sealed(town: Town, guarded) -> None:
    client, secret = guarded

    assert client.get(f"/parks/{town.park.uid}/").status_code == 200
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))
    assert all(secret.encode() not in bytes(kept.sealed) for kept in Secret.objects.all())


def test_codes_on_paper_are_shown_once_and_each_opens_once(town: Town, guarded) -> None:
    client, _secret = guarded
    codes = client.get("/my/sign-in/codes").context["unused_codes"]
    stranger = Client()

    assert codes[0] not in client.get("/my/sign-in/codes").content.decode()
    knock(stranger, "lin")
    assert stranger.post("/sign-in/second-step", {"code": codes[0]}).headers["Location"] == "/"
    again = Client()
    knock(again, "lin")
    assert again.post("/sign-in/second-step", {"code": codes[0]}).status_code == 200
    assert again.get("/my/sessions").status_code == 302


def test_a_password_alone_opens_nothing_where_there_is_a_second_factor(town: Town, guarded) -> None:
    stranger = Client()

    answer = knock(stranger, "lin")

    assert answer.headers["Location"] == "/sign-in/second-step"
    assert stranger.get("/my/sign-in").headers["Location"].startswith("/sign-in")
    assert stranger.get("/api/v1/registry/parks").status_code == 401


def test_a_code_opens_once_and_its_second_use_does_not(town: Town, guarded) -> None:
    _client, secret = guarded
    first, second = Client(), Client()
    knock(first, "lin"), knock(second, "lin")
    code = code_now(secret, later=1)

    assert first.post("/sign-in/second-step", {"code": code}).status_code == 302
    assert second.post("/sign-in/second-step", {"code": code}).status_code == 200
    assert SignIn.objects.filter(user=town.users["lin"]).latest("pk").way == "password+totp"


def test_a_role_that_begins_during_a_session_asks_for_a_second_factor_from_then_on(town: Town) -> None:
    client = Client()
    knock(client, "shu")
    before = client.get(f"/parks/{town.park.uid}/scan").status_code

    grant(town.users["shu"], AccountRole.AUDITOR, park=town.park, actor=operator())

    assert (before, client.get(f"/parks/{town.park.uid}/scan").status_code) == (200, 302)


def test_the_last_factor_of_whoever_needs_one_is_not_taken_away(town: Town, guarded) -> None:
    client, _secret = guarded

    refused = client.post("/my/sign-in/app/remove")

    assert "accounts.last_factor" in refused.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_token_acts_without_a_second_factor_because_its_maker_showed_his(town: Town) -> None:
    token = create_token(town.users["lin"], name="gate", park=town.park, actor=operator())

    assert Client().get("/api/v1/registry/parks", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_an_officer_takes_a_lost_factor_away_and_the_sessions_with_it(town: Town, guarded, notes: list[Note]) -> None:
    client, _secret = guarded
    lin = town.users["lin"]
    notes.clear()

    reset_second_factor(lin, actor=operator(), park=town.park)

    assert client.get(f"/parks/{town.park.uid}/").headers["Location"].startswith("/sign-in")
    assert not Authenticator.objects.exists()
    assert not Secret.objects.exists()
    assert "second_factor.reset" in [note.verb for note in notes]


def test_nobody_takes_away_a_factor_of_whom_he_could_not_have_given_his_roles(town: Town, guarded) -> None:
    gao = create_user("gao", name="高岗", park=town.park, actor=operator(), password=PASSWORD)
    grant(gao, AccountRole.DUTY_OFFICER, park=town.park, actor=operator())
    lin = town.users["lin"]
    grant(lin, AccountRole.COURIER, park=town.park, actor=operator())
    half = actor_for(gao)
    powers: dict[Can, tuple[str, ...]] = {power: half.reach(power) for power in half.powers if power != Can.CARRY_BOXES}

    with pytest.raises(UserBeyondYours):
        reset_second_factor(lin, actor=type(half)(key=half.key, name=half.name, powers=powers), park=town.park)

    assert Authenticator.objects.filter(user_id=lin.pk).exists()


# who waits ----------------------------------------------------------------------------------------------------------

def wrong(client: Client, name: str, times: int, **more) -> list[int]:
    return [knock(client, name, "wrong", **more).status_code for _time in range(times)]


def test_guessing_takes_longer_and_longer_and_the_wait_ends_by_itself(town: Town) -> None:
    client = Client()

    assert wrong(client, "shu", 6) == [200] * 5 + [429]
    told = knock(client, "shu")
    assert (told.status_code, told.headers["Retry-After"]) == (429, "30")
    with clock.standing_at(MORNING + timedelta(seconds=29)):
        assert knock(client, "shu").status_code == 429
    with clock.standing_at(MORNING + timedelta(seconds=30)):
        assert knock(client, "shu").status_code == 302


def test_a_name_in_capitals_opens_the_same_account_and_buys_no_further_guesses(town: Town) -> None:
    client, known = Client(), Client()
    assert knock(known, "SHU").status_code == 302
    known.post("/sign-out")

    assert [knock(client, name, "wrong").status_code for name in ("shu", "Shu", "sHu", "shU", "SHu", "SHU")] == [200] * 5 + [429]
    assert knock(known, "shu").status_code == 302


def test_of_two_accounts_that_differ_in_capitals_alone_each_opens_to_its_own_name(town: Town) -> None:
    other = User(username="SHU", name="另一人")               # from before they were told apart
    other.set_password("another horse 7 staple")
    other.save()

    assert knock(Client(), "shu").status_code == 302
    assert knock(Client(), "SHU").status_code == 200
    assert knock(Client(), "SHU", "another horse 7 staple").status_code == 302


def test_whoever_guesses_keeps_nobody_waiting_on_a_device_where_he_has_signed_in(town: Town) -> None:
    own, attacker = Client(), Client()
    knock(own, "shu")
    own.post("/sign-out")
    for network in range(30):
        wrong(attacker, "shu", 1, REMOTE_ADDR=f"203.0.{network}.7")

    assert wrong(Client(), "shu", 1, REMOTE_ADDR="198.51.100.1") == [429]
    assert knock(own, "shu").status_code == 302
    assert knock(own, "shu", REMOTE_ADDR="203.0.1.7").status_code == 302


def test_a_known_device_waits_for_its_own_mistakes_alone(town: Town) -> None:
    own = Client()
    knock(own, "shu")
    own.post("/sign-out")

    assert wrong(own, "shu", 6) == [200] * 5 + [429]
    assert knock(Client(), "shu").status_code == 302


def test_a_device_that_somebody_else_knows_is_a_stranger_for_this_name(town: Town) -> None:
    shared = Client()
    knock(shared, "yi")
    shared.post("/sign-out")

    assert wrong(shared, "lin", 6) == [200] * 5 + [429]
    assert set(SignInTry.objects.values_list("device", flat=True)) == {b""}


def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(town: Town) -> None:
    known, unknown, closed = Client(), Client(), Client()
    User.objects.filter(username="yan").update(is_active=False)

    pages = [knock(client, name, "wrong").content.decode().replace(name, "NAME")
             for client, name in ((known, "shu"), (unknown, "nobody"), (closed, "yan"))]
    right_but_closed = knock(Client(), "yan").content.decode().replace("yan", "NAME")

    def said(page: str) -> str:
        return page[page.index("message error"):page.index("form", page.index("message error"))]
    assert said(pages[0]) == said(pages[1]) == said(pages[2]) == said(right_but_closed)
    assert wrong(unknown, "nobody", 5) == [200] * 4 + [429]


def test_nothing_that_was_typed_and_no_address_is_kept(town: Town) -> None:
    wrong(Client(), "shu", 2, REMOTE_ADDR="203.0.113.9")

    for row in SignInTry.objects.all():
        assert b"shu" not in bytes(row.name) + bytes(row.address)
        assert b"203" not in bytes(row.address)
        assert (len(bytes(row.name)), len(bytes(row.address))) == (32, 32)


def test_codes_cannot_be_guessed_either(town: Town, guarded) -> None:
    stranger = Client()
    knock(stranger, "lin")

    told = [stranger.post("/sign-in/second-step", {"code": "000000"}).context["form"].errors.as_text() for _time in range(6)]

    assert "30" not in told[4]
    assert "30" in told[5]


def test_nobody_is_led_to_another_house(town: Town) -> None:
    answer = Client().post("/sign-in?next=//evil.example/", {"username": "shu", "password": PASSWORD})

    assert answer.headers["Location"] == "/"


def test_a_day_later_a_wrong_answer_is_forgotten(town: Town) -> None:
    wrong(Client(), "shu", 3)

    with clock.standing_at(MORNING + timedelta(days=1, seconds=1)):
        wrong(Client(), "yi", 1)

    assert SignInTry.objects.count() == 1
    assert SignInTry.objects.get().at == datetime.fromisoformat((MORNING + timedelta(days=1, seconds=1)).isoformat())
