"""The accounts pages: inviting, giving, ending; what they offer is what their user may give."""

from datetime import datetime

import pytest
from django.test import Client

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.forms import WHOLE_PARK
from jiugong.accounts.models import Membership, Token, User
from jiugong.accounts.roles import AccountRole
from jiugong.lib.acting import operator
from jiugong.registry.models import Person
from tests.cast import Town

PASSWORD = "correct horse 9 staple"


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


def at(town: Town, rest: str = "") -> str:
    return f"/parks/{town.park.uid}/accounts{rest}"


@pytest.fixture
def lin(town: Town, client: Client) -> Client:
    client.force_login(town.users["lin"])
    return client


def test_lin_sees_everybody_of_her_park_and_nobody_of_another(town: Town, other_town: Town, lin: Client) -> None:
    page = lin.get(at(town)).content.decode()

    assert all(user.name in page for user in town.users.values())
    assert "伊内斯" not in page
    assert lin.get(at(other_town)).status_code == 404
    assert lin.get(at(town, f"/{other_town.users['ines'].pk}")).status_code == 404


def test_the_list_is_narrowed_by_name_and_role(town: Town, lin: Client) -> None:
    assert "陶磊" not in lin.get(at(town), {"q": "舒"}).content.decode()
    assert "舒航" not in lin.get(at(town), {"role": "grid_leader"}).content.decode()
    assert "舒航" in lin.get(at(town), {"role": "scanner"}).content.decode()


def test_lin_invites_somebody_who_can_then_sign_in(town: Town, lin: Client) -> None:
    answer = lin.post(at(town, "/invite"), {"username": "xin", "name": "新人", "password": PASSWORD,
                                            "role": "grid_leader", "over": f"place:{town.grids['第1网格'].pk}"})

    xin = User.objects.get(username="xin")
    assert answer.headers["Location"] == at(town, f"/{xin.pk}")
    assert xin.memberships.get().place == town.grids["第1网格"]
    assert Client().post("/sign-in", {"username": "xin", "password": PASSWORD}).status_code == 302


def test_who_is_invited_as_a_person_of_the_roster_reads_what_is_written_to_him(town: Town, lin: Client) -> None:
    wang = Person.objects.filter(park=town.park, postings__isnull=False).first()
    assert wang is not None
    words = {"name": wang.name, "password": PASSWORD, "role": "team_leader", "over": WHOLE_PARK}

    lin.post(at(town, "/invite"), {"username": "xin", "person": str(wang.uid), **words})
    refused = lin.post(at(town, "/invite"), {"username": "other", "person-text": "没有这个人", **words})

    assert User.objects.get(username="xin").person == wang
    assert refused.status_code == 422
    assert not User.objects.filter(username="other").exists()


def test_an_invitation_with_a_weak_password_says_so_and_invites_nobody(town: Town, lin: Client) -> None:
    answer = lin.post(at(town, "/invite"), {"username": "xin", "name": "新人", "password": "12345678901",
                                            "role": "scanner", "over": WHOLE_PARK})

    assert answer.status_code == 422
    assert "accounts.password_weak" in answer.content.decode()
    assert not User.objects.filter(username="xin").exists()


def test_lin_gives_and_ends_a_role(town: Town, lin: Client) -> None:
    shu = town.users["shu"]

    lin.post(at(town, f"/{shu.pk}/roles"), {"role": "auditor", "over": WHOLE_PARK})
    given = Membership.objects.get(user=shu, role="auditor")
    lin.post(at(town, f"/roles/{given.pk}/end"))

    given.refresh_from_db()
    assert given.until_at is not None


def test_a_token_is_shown_once_and_never_again(town: Town, lin: Client) -> None:
    shu = town.users["shu"]

    shown = lin.post(at(town, f"/{shu.pk}/tokens"), {"token_name": "gate"})
    token = shown.context["new_token"]

    assert token in shown.content.decode()
    assert token not in lin.get(at(town, f"/{shu.pk}")).content.decode()
    assert lin.post(at(town, f"/{shu.pk}/tokens/{Token.objects.get().pk}/withdraw")).status_code == 302


def test_a_page_of_somebody_over_a_grid_offers_nothing_beyond_it(town: Town, client: Client) -> None:
    gao = create_user("gao", name="高岗", park=town.park, actor=operator(), password=PASSWORD)
    grant(gao, AccountRole.DUTY_OFFICER, park=town.park, actor=operator(), place=town.grids["第1网格"])
    client.force_login(gao)
    tao = town.users["tao"]

    offered = [value for _label, group in client.get(at(town, f"/{tao.pk}")).context["role_form"].fields["over"].choices
               for value, _name in group]
    beyond = client.post(at(town, f"/{tao.pk}/roles"), {"role": "scanner", "over": WHOLE_PARK})

    assert offered == [f"place:{town.grids['第1网格'].pk}", f"unit:{town.firms['东风木业有限公司'].uid}",
                       f"unit:{town.firms['南山家居有限公司'].uid}"]
    assert beyond.status_code == 422
    assert Membership.objects.filter(user=tao).count() == 1
    assert client.get(at(town, f"/{town.users['bo'].pk}")).status_code == 404
    assert client.get(at(town, "/invite")).status_code == 403


@pytest.mark.parametrize("name", ["tao", "fang", "zhou", "shu", "yan", "kai"])
def test_nobody_else_opens_the_page(town: Town, client: Client, name: str) -> None:
    client.force_login(town.users[name])

    assert client.get(at(town)).status_code == 403


def test_the_number_of_queries_is_the_same_for_few_and_for_many(town: Town, lin: Client,
                                                                django_assert_max_num_queries) -> None:
    for number in range(30):
        user = create_user(f"u{number}", name=f"人{number}", park=town.park, actor=operator())
        grant(user, AccountRole.SCANNER, park=town.park, actor=operator())

    with django_assert_max_num_queries(25):
        lin.get(at(town))
