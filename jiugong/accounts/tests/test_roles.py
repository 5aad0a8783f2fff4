"""Roles: what they reach, who may give them, when they end."""

from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from jiugong.accounts.actions import create_user, grant, invite, revoke
from jiugong.accounts.errors import PasswordWeak, RoleBeyondYours, UserExists
from jiugong.accounts.models import Membership, User
from jiugong.accounts.power_words import POWERS
from jiugong.accounts.queries import actor_for, membership_for, parks_of, roles_for, user_for, users_of
from jiugong.accounts.roles import ROLES, AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import NotAllowed, Note, Rooted, operator
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Siting
from tests.cast import MORNING, Town

PASSWORD = "correct horse 9 staple"
GRID, OTHER_GRID = "第1网格", "第2网格"


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


def memberships() -> list[tuple[int, str, datetime | None]]:
    return list(Membership.objects.order_by("pk").values_list("user_id", "role", "until_at"))


def a_grid_officer(town: Town) -> User:
    """Somebody with every power of a duty officer, but over one grid alone."""
    user = create_user("gao", name="高岗", park=town.park, actor=operator(), password=PASSWORD)
    grant(user, AccountRole.DUTY_OFFICER, park=town.park, actor=operator(), place=town.grids[GRID])
    return user


def test_a_power_that_no_role_lists_is_held_by_nobody(town: Town) -> None:
    listed = frozenset[Can]().union(*ROLES.values())

    assert set(Can) - listed == {Can.RUN_SERVER}
    assert all(not actor_for(user).reach(Can.RUN_SERVER) for user in town.users.values())


def test_a_role_over_the_park_reaches_every_enterprise_and_place(town: Town) -> None:
    lin = actor_for(town.users["lin"])

    for thing in (town.park, *town.firms.values(), *town.grids.values()):
        assert lin.may(Can.SEE_PEOPLE, over=cast("Rooted", thing))


def test_a_role_over_a_grid_reaches_exactly_the_enterprises_sited_there(town: Town) -> None:
    tao = actor_for(town.users["tao"])
    reached = {name for name, firm in town.firms.items() if tao.may(Can.SEE_PEOPLE, over=firm)}

    assert reached == {"东风木业有限公司", "南山家居有限公司"}
    assert tao.may(Can.SEE_PEOPLE, over=town.grids[GRID])
    assert not tao.may(Can.SEE_PEOPLE, over=town.grids[OTHER_GRID])
    assert not tao.may(Can.SEE_PEOPLE, over=town.park)


@pytest.mark.parametrize(("day", "reached"), [(23, False), (24, True), (25, True)])
def test_a_grid_drawn_anew_reaches_a_moved_enterprise_from_its_very_day(town: Town, day: int, reached: bool) -> None:
    moved = town.firms["西河门窗有限公司"]
    assert moved.site is not None
    Siting.objects.filter(site=moved.site).update(until=date(2022, 7, 24))
    Siting.objects.create(site=moved.site, grid=town.grids[GRID], since=date(2022, 7, 24))
    noon = datetime(2022, 7, day, 4, tzinfo=UTC)

    assert actor_for(town.users["tao"], noon).may(Can.SEE_PEOPLE, over=moved) is reached
    assert actor_for(town.users["bo"], noon).may(Can.SEE_PEOPLE, over=moved) is not reached


def test_a_role_over_an_enterprise_reaches_it_and_its_site_alone(town: Town) -> None:
    fang, firm = actor_for(town.users["fang"]), town.firms["东风木业有限公司"]

    assert firm.site is not None
    assert fang.may(Can.EXCUSE, over=firm)
    assert fang.may(Can.EXCUSE, over=firm.site)
    assert not fang.may(Can.EXCUSE, over=town.firms["南山家居有限公司"])


def test_somebody_with_a_role_over_a_grid_cannot_grant_over_the_park(town: Town, notes: list[Note]) -> None:
    gao, before = actor_for(a_grid_officer(town)), memberships()
    notes.clear()

    with pytest.raises(NotAllowed):
        grant(town.users["shu"], AccountRole.SCANNER, park=town.park, actor=gao)
    with pytest.raises(NotAllowed):
        grant(town.users["shu"], AccountRole.SCANNER, park=town.park, actor=gao, place=town.grids[OTHER_GRID])

    assert (memberships(), notes) == (before, [])


def test_but_he_grants_over_his_grid_and_the_enterprises_in_it(town: Town) -> None:
    gao = actor_for(a_grid_officer(town))

    grant(town.users["shu"], AccountRole.SCANNER, park=town.park, actor=gao, place=town.grids[GRID])
    grant(town.users["shu"], AccountRole.SCANNER, park=town.park, actor=gao, unit=town.firms["南山家居有限公司"])

    assert Membership.objects.filter(user=town.users["shu"]).count() == 3


def test_nobody_grants_without_the_power_to(town: Town) -> None:
    before = memberships()

    for name in ("tao", "fang", "zhou", "shu", "yan", "kai"):
        with pytest.raises(NotAllowed):
            grant(town.users["shu"], AccountRole.SCANNER, park=town.park, actor=actor_for(town.users[name]))

    assert memberships() == before


def test_nobody_gives_a_power_that_he_does_not_hold_there(town: Town) -> None:
    before = memberships()
    lin = actor_for(town.users["lin"])
    half = type(lin)(key=lin.key, name=lin.name, powers={Can.GRANT_ROLES: lin.reach(Can.GRANT_ROLES),
                                                         Can.BIND_SPECIMENS: lin.reach(Can.BIND_SPECIMENS)})

    with pytest.raises(RoleBeyondYours) as refused:
        grant(town.users["shu"], AccountRole.AUDITOR, park=town.park, actor=half)

    assert "read_journal" in refused.value.facts["powers"]
    assert memberships() == before
    assert roles_for(half, town.park) == [AccountRole.SCANNER]


def test_the_same_role_again_changes_nothing(town: Town) -> None:
    before = memberships()

    grant(town.users["shu"], AccountRole.SCANNER, park=town.park, actor=actor_for(town.users["lin"]))

    assert memberships() == before


@pytest.mark.parametrize(("later", "held"), [(-1, True), (0, False), (1, False)])
def test_a_role_ends_at_its_very_moment(town: Town, later: int, held: bool) -> None:
    ends = MORNING + timedelta(hours=1)
    grant(town.users["yan"], AccountRole.SCANNER, park=town.park, actor=operator(), until_at=ends)

    actor = actor_for(town.users["yan"], ends + timedelta(seconds=later))

    assert actor.may(Can.BIND_SPECIMENS, over=town.park) is held


def test_revoked_is_revoked_now_and_a_second_time_changes_nothing(town: Town, notes: list[Note]) -> None:
    lin, held = actor_for(town.users["lin"]), Membership.objects.get(user=town.users["shu"])

    notes.clear()

    revoke(held, actor=lin)
    ended = held.until_at
    with clock.standing_at(MORNING + timedelta(hours=2)):
        revoke(held, actor=lin)

    assert (held.until_at, ended) == (MORNING, MORNING)
    assert [note.verb for note in notes] == ["role.revoked"]
    assert actor_for(town.users["shu"], MORNING).powers == {}
    assert parks_of(town.users["shu"], MORNING) == []


def test_a_role_that_has_not_begun_is_not_held(town: Town) -> None:
    assert actor_for(town.users["lin"], datetime(2022, 6, 30, 23, 59, tzinfo=UTC)).powers == {}


def test_nobody_ends_a_role_over_what_he_does_not_run(town: Town) -> None:
    gao = actor_for(a_grid_officer(town))
    before = memberships()

    with pytest.raises(NotAllowed):
        revoke(Membership.objects.get(user=town.users["bo"]), actor=gao)

    assert memberships() == before


def test_an_invitation_is_whole_or_nothing(town: Town) -> None:
    lin, users = actor_for(town.users["lin"]), User.objects.count()

    with pytest.raises(PasswordWeak):
        invite("new", name="新人", park=town.park, role=AccountRole.SCANNER, actor=lin, password="12345678901")
    with pytest.raises(UserExists):
        invite("shu", name="新人", park=town.park, role=AccountRole.SCANNER, actor=lin, password=PASSWORD)
    with pytest.raises(UserExists):                             # at the door nobody could tell which of the two was meant
        invite("Shu", name="新人", park=town.park, role=AccountRole.SCANNER, actor=lin, password=PASSWORD)
    with pytest.raises(NotAllowed):
        invite("new", name="新人", park=town.park, role=AccountRole.SCANNER, actor=actor_for(town.users["kai"]),
               password=PASSWORD)

    assert User.objects.count() == users
    invited = invite("new", name="新人", park=town.park, role=AccountRole.SCANNER, actor=lin, password=PASSWORD)
    assert invited.check_password(PASSWORD)
    assert actor_for(invited).may(Can.BIND_SPECIMENS, over=town.park)


def test_a_user_of_another_park_never_appears(town: Town, other_town: Town) -> None:
    lin, ines = actor_for(town.users["lin"]), other_town.users["ines"]

    assert ines not in users_of(lin, town.park, MORNING)
    assert ines not in users_of(lin, town.park, MORNING, former=True)
    for found in (lambda: user_for(lin, town.park, ines.pk),
                  lambda: membership_for(lin, town.park, Membership.objects.get(user=ines).pk)):
        with pytest.raises(NotHere):
            found()
    with pytest.raises(NotAllowed):
        users_of(lin, other_town.park, MORNING)


def test_the_roles_that_somebody_holds_elsewhere_are_not_told(town: Town, other_town: Town) -> None:
    grant(town.users["shu"], AccountRole.AUDITOR, park=other_town.park, actor=operator())

    shu = users_of(actor_for(town.users["lin"]), town.park, MORNING).get(username="shu")

    assert [held.role for held in vars(shu)["held"]] == [AccountRole.SCANNER]


def test_who_runs_a_grid_sees_the_users_of_that_grid_alone(town: Town) -> None:
    gao = actor_for(a_grid_officer(town))

    assert {user.username for user in users_of(gao, town.park, MORNING)} == {"gao", "tao", "fang", "qin"}


def test_somebody_whose_last_role_ended_is_listed_as_former(town: Town) -> None:
    lin = actor_for(town.users["lin"])
    revoke(Membership.objects.get(user=town.users["shu"]), actor=lin)

    assert town.users["shu"] not in users_of(lin, town.park, MORNING)
    assert list(users_of(lin, town.park, MORNING, former=True)) == [town.users["shu"]]


@pytest.mark.pure
def test_every_power_has_a_name_for_people() -> None:
    assert set(POWERS) == set(Can)
    assert len({str(words) for words in POWERS.values()}) == len(POWERS)
