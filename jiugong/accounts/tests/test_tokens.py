"""Tokens and passwords: only a hash is kept, and nobody comes by powers through somebody else's."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from jiugong.accounts.actions import TOKEN_DAYS, create_token, grant, set_password, withdraw_token
from jiugong.accounts.errors import PasswordWeak, UserBeyondYours
from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import Token
from jiugong.accounts.queries import actor_for, user_with_token
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, Note, operator
from tests.cast import MORNING, Town

WHOAMI = "/api/v1/registry/parks"


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


def a_token(town: Town, name: str = "shu") -> str:
    return create_token(town.users[name], name="gate", park=town.park, actor=actor_for(town.users["lin"]))


def test_only_the_hash_of_a_token_is_kept(town: Town, notes: list[Note]) -> None:
    text = a_token(town)
    kept = Token.objects.get()

    assert kept.hash == token_hash(text)
    assert text not in " ".join(str(value) for value in vars(kept).values())
    assert text not in str(notes)
    assert notes[-1].verb == "token.created"


@pytest.mark.parametrize(("later", "whose"), [(timedelta(0), "shu"), (timedelta(days=TOKEN_DAYS, seconds=-1), "shu"),
                                              (timedelta(days=TOKEN_DAYS), None)])
def test_a_token_opens_until_its_very_end(town: Town, later: timedelta, whose: str | None) -> None:
    found = user_with_token(a_token(town), MORNING + later)

    assert (found.username if found else None) == whose


def test_a_token_opens_nothing_for_somebody_who_was_shut_out(town: Town) -> None:
    text = a_token(town)
    town.users["shu"].is_active = False
    town.users["shu"].save()

    assert user_with_token(text, MORNING) is None


def test_a_withdrawn_token_opens_nothing(town: Town, notes: list[Note]) -> None:
    text, lin = a_token(town), actor_for(town.users["lin"])

    withdraw_token(Token.objects.get(), park=town.park, actor=lin)
    withdraw_token(Token.objects.get(), park=town.park, actor=lin)

    assert user_with_token(text, MORNING) is None
    assert [note.verb for note in notes].count("token.withdrawn") == 1


def test_only_who_grants_roles_makes_and_withdraws_tokens(town: Town) -> None:
    a_token(town)
    kai = actor_for(town.users["kai"])

    with pytest.raises(NotAllowed):
        create_token(town.users["shu"], name="gate", park=town.park, actor=kai)
    with pytest.raises(NotAllowed):
        withdraw_token(Token.objects.get(), park=town.park, actor=kai)

    assert Token.objects.get().expires_at > MORNING


def test_nobody_acts_through_a_user_who_also_holds_roles_in_another_park(town: Town, other_town: Town) -> None:
    shu, lin = town.users["shu"], actor_for(town.users["lin"])
    grant(shu, AccountRole.AUDITOR, park=other_town.park, actor=operator())
    password = shu.password

    with pytest.raises(UserBeyondYours):
        create_token(shu, name="gate", park=town.park, actor=lin)
    with pytest.raises(UserBeyondYours):
        set_password(shu, "a brand new 77 word", park=town.park, actor=lin)

    shu.refresh_from_db()
    assert (shu.password, Token.objects.count()) == (password, 0)


def test_a_weak_password_is_refused_and_the_old_one_stays(town: Town) -> None:
    shu = town.users["shu"]

    with pytest.raises(PasswordWeak):
        set_password(shu, "short", park=town.park, actor=operator())

    shu.refresh_from_db()
    assert shu.check_password("correct horse 9 staple")


def test_a_program_with_a_token_sees_what_its_user_sees(town: Town, other_town: Town, client: Client) -> None:
    answer = client.get(WHOAMI, headers={"Authorization": f"Bearer {a_token(town)}"})

    assert [park["name"] for park in answer.json()] == [town.park.name]


def test_a_program_with_a_wrong_or_old_token_hears_that_it_must_sign_in(town: Town, client: Client) -> None:
    text = a_token(town)

    assert client.get(WHOAMI, headers={"Authorization": "Bearer jg_wrong"}).status_code == 401
    with clock.standing_at(MORNING + timedelta(days=TOKEN_DAYS)):
        assert client.get(WHOAMI, headers={"Authorization": f"Bearer {text}"}).status_code == 401


def test_a_token_opens_no_page(town: Town, client: Client) -> None:
    answer = client.get(f"/parks/{town.park.uid}/people", headers={"Authorization": f"Bearer {a_token(town, 'lin')}"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")
