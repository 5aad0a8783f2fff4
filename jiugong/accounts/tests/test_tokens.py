"""Tokens and passwords: only a hash is kept, and nobody comes by powers through somebody else's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jiugong.accounts.actions import TOKEN_DAYS, create_token, grant, set_password, withdraw_token
from jiugong.accounts.actions.factors import reset_second_factor
from jiugong.accounts.actions.links import link_for, make_link
from jiugong.accounts.actions.sessions import change_own_password
from jiugong.accounts.errors import LinkGone, PasswordWeak, UserBeyondYours
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


def _an_officer_sets_it(town: Town) -> None:
    set_password(town.users["shu"], "a brand new 77 word", park=town.park, actor=actor_for(town.users["lin"]))


def _he_changes_it(town: Town) -> None:
    change_own_password(town.users["shu"], "a brand new 77 word", keeping=0, actor=actor_for(town.users["shu"]))


def _his_factor_is_taken_away(town: Town) -> None:
    reset_second_factor(town.users["shu"], park=town.park, actor=actor_for(town.users["lin"]))


@pytest.mark.parametrize("happens", [_an_officer_sets_it, _he_changes_it, _his_factor_is_taken_away])
def test_tokens_and_links_made_before_a_new_password_end_and_those_made_after_it_open(town: Town, notes: list[Note],
                                                                                      happens: Callable[[Town], None]) -> None:
    before, others = a_token(town), a_token(town, "yi")
    link = make_link(town.users["shu"], park=town.park, actor=actor_for(town.users["lin"]))

    happens(town)
    after = a_token(town)

    assert user_with_token(before, MORNING) is None
    assert user_with_token(after, MORNING) == town.users["shu"]
    assert user_with_token(others, MORNING) == town.users["yi"]
    with pytest.raises(LinkGone):
        link_for(link)
    assert [(note.facts["tokens"], note.facts["links"]) for note in notes if note.verb == "keys.ended"] == [(1, 1)]


def test_a_password_that_is_refused_ends_no_token(town: Town) -> None:
    text = a_token(town)

    with pytest.raises(PasswordWeak):
        set_password(town.users["shu"], "short", park=town.park, actor=operator())
    with pytest.raises(NotAllowed):
        set_password(town.users["shu"], "a brand new 77 word", park=town.park, actor=actor_for(town.users["kai"]))

    assert user_with_token(text, MORNING) == town.users["shu"]


def test_a_token_remembered_at_the_scan_door_opens_nothing_after_a_new_password(
        town: Town, client: Client, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.SIGN_IN_SECONDS = 30
    shown = {"Authorization": f"Bearer {a_token(town)}"}

    def scanned() -> int:
        return client.post("/api/v1/screening/scans", {"scans": []}, content_type="application/json", headers=shown).status_code

    assert scanned() != 401
    with django_capture_on_commit_callbacks(execute=True):
        _an_officer_sets_it(town)
    assert scanned() == 401


def test_the_page_names_the_programs_that_stop_and_the_session_that_changed_it_stays(town: Town) -> None:
    a_token(town)
    here = Client()
    here.post("/sign-in", {"username": "shu", "password": "correct horse 9 staple"})

    assert "gate" in here.get("/my/password").content.decode()
    here.post("/my/password", {"password": "quite another 7 words"})

    assert here.get("/my/sessions").status_code == 200
    assert Token.objects.get().expires_at == MORNING
    assert "gate" not in here.get("/my/password").content.decode()
