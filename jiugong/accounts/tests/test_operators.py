"""No permanent superuser on pages: an operator holds every power for a while, for a reason, in one browser."""

from datetime import timedelta

import pytest
from django.test import Client

from jiugong.accounts.actions import create_token, create_user, grant, refuse_beyond, set_password
from jiugong.accounts.actions.factors import reset_second_factor
from jiugong.accounts.actions.operators import dismiss_operator, name_operator, open_operator_session
from jiugong.accounts.actions.shifts import plan_shift
from jiugong.accounts.errors import NotAnOperator, SaysNoReason, UserBeyondYours
from jiugong.accounts.models import OperatorSession, Token, User
from jiugong.accounts.queries import actor_for
from jiugong.accounts.queries.second_factor import must_have_second_factor
from jiugong.accounts.roles import AccountRole
from jiugong.accounts.tests.test_sign_in import PASSWORD, guarded
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, Note, operator
from jiugong.registry.models import Place
from jiugong.registry.words import PlaceKind
from tests.cast import MORNING, Town

__all__ = ["guarded"]
pytestmark = pytest.mark.usefixtures("this_morning")


@pytest.fixture
def yi(town: Town) -> User:
    """Yi carries boxes, and is the operator of this server besides."""
    name_operator(town.users["yi"], actor=operator(), park=town.park)
    return User.objects.get(pk=town.users["yi"].pk)


@pytest.fixture
def browser(yi: User) -> Client:
    client = Client()
    client.force_login(yi)
    return client


def opened(client: Client, town: Town) -> int:
    return client.get(f"/parks/{town.park.uid}/accounts").status_code


def test_only_the_command_line_names_an_operator(town: Town) -> None:
    with pytest.raises(NotAllowed):
        name_operator(town.users["yi"], actor=actor_for(town.users["lin"]), park=town.park)

    assert not User.objects.filter(is_operator=True).exists()


def test_an_operator_holds_nothing_by_himself_and_must_have_a_second_factor(town: Town, yi: User, browser: Client) -> None:
    assert opened(browser, town) == 403
    assert must_have_second_factor(yi, MORNING)


def test_he_opens_a_session_with_a_reason_and_every_park_can_read_it(town: Town, other_town: Town, browser: Client,
                                                                     notes: list[Note]) -> None:
    notes.clear()
    assert browser.post("/my/operator", {"reason": "  "}).status_code == 422
    assert not OperatorSession.objects.exists()

    browser.post("/my/operator", {"reason": "名册导入卡住"})

    assert opened(browser, town) == 200
    assert opened(browser, other_town) == 200
    page = browser.get(f"/parks/{town.park.uid}/accounts").content.decode()
    assert "operator-bar" in page
    assert "09:12" in page
    assert {(note.verb, note.park_id, note.facts["reason"]) for note in notes} == {
        ("operator.opened", each.park.pk, "名册导入卡住") for each in (town, other_town)}


@pytest.mark.parametrize(("minutes", "status"), [(29.99, 200), (30, 403), (30.01, 403)])
def test_it_ends_by_itself(town: Town, browser: Client, minutes: float, status: int) -> None:
    browser.post("/my/operator", {"reason": "x"})

    with clock.standing_at(MORNING + timedelta(minutes=minutes)):
        assert opened(browser, town) == status


def test_the_button_ends_it_at_once(town: Town, browser: Client, notes: list[Note]) -> None:
    browser.post("/my/operator", {"reason": "x"})
    notes.clear()

    browser.post("/my/operator/end")

    assert opened(browser, town) == 403
    assert OperatorSession.objects.get().until_at == MORNING
    assert [note.verb for note in notes] == ["operator.ended"]


def test_it_holds_in_the_browser_that_opened_it_and_in_no_token(town: Town, yi: User, browser: Client) -> None:
    browser.post("/my/operator", {"reason": "x"})
    another = Client()
    another.force_login(yi)
    token = create_token(yi, name="x", park=town.park, actor=operator())
    address = f"/api/v1/registry/people?park={town.park.uid}"

    assert opened(another, town) == 403
    assert browser.get(address).status_code == 200
    assert Client().get(address, headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_nobody_else_opens_one_and_whoever_was_dismissed_holds_nothing_any_more(town: Town, yi: User, browser: Client) -> None:
    with pytest.raises(NotAnOperator):
        open_operator_session(town.users["lin"], "x", actor=actor_for(town.users["lin"]))
    with pytest.raises(SaysNoReason):
        open_operator_session(yi, " ", actor=actor_for(yi))
    browser.post("/my/operator", {"reason": "x"})

    dismiss_operator(yi, actor=operator(), park=town.park)

    assert opened(browser, town) == 403
    assert OperatorSession.objects.count() == 1


def test_the_number_of_somebody_elses_session_opens_nothing(town: Town, yi: User, browser: Client) -> None:
    name_operator(town.users["kai"], actor=operator(), park=town.park)
    browser.post("/my/operator", {"reason": "x"})
    kai = Client()
    kai.force_login(town.users["kai"])
    session = kai.session
    session["operator"] = OperatorSession.objects.get().pk
    session.save()

    assert opened(kai, town) == 403


def test_no_officer_comes_by_the_keys_of_whoever_may_open_an_operators_session(town: Town, yi: User) -> None:
    """Yi holds less than Lin in the park; but with Yi's password Lin would open every park."""
    lin, before = actor_for(town.users["lin"]), User.objects.get(pk=yi.pk).password
    for take in (lambda: set_password(yi, PASSWORD + "!", actor=lin, park=town.park),
                 lambda: reset_second_factor(yi, actor=lin, park=town.park),
                 lambda: create_token(yi, name="x", actor=lin, park=town.park)):
        with pytest.raises(UserBeyondYours):
            take()

    assert User.objects.get(pk=yi.pk).password == before
    assert not Token.objects.filter(user=yi).exists()


def test_no_officer_comes_by_the_keys_of_whose_higher_role_begins_tomorrow(town: Town) -> None:
    grid = Place.objects.filter(park=town.park, kind=PlaceKind.GRID).first()
    gao = create_user("gao", name="高岗", park=town.park, actor=operator(), password=PASSWORD)
    grant(gao, AccountRole.DUTY_OFFICER, park=town.park, actor=operator(), place=grid)
    su = create_user("su", name="苏夜", park=town.park, actor=operator(), password=PASSWORD)
    grant(su, AccountRole.SCANNER, park=town.park, actor=operator(), place=grid)
    refuse_beyond(su, actor_for(gao))
    plan_shift(su, AccountRole.DUTY_OFFICER, park=town.park, since_at=MORNING + timedelta(days=1),
               until_at=MORNING + timedelta(days=2), client_id="tomorrow-1", actor=operator())

    with pytest.raises(UserBeyondYours):
        refuse_beyond(su, actor_for(gao))


def test_a_screen_left_open_opens_no_operators_session(town: Town, guarded) -> None:
    client, _secret = guarded
    name_operator(town.users["lin"], actor=operator(), park=town.park)
    session = client.session
    session["account_authentication_methods"] = [each | {"at": each["at"] - 601}
                                                 for each in session["account_authentication_methods"]]
    session.save()

    assert client.post("/my/operator", {"reason": "x"}).headers["Location"].startswith("/my/sign-in/again")
    assert not OperatorSession.objects.exists()

    client.post("/my/sign-in/again", {"password": PASSWORD})
    client.post("/my/operator", {"reason": "x"})
    assert OperatorSession.objects.count() == 1
