"""Who may see what, and used it last when; and nobody is told of an account outside his reach, in any list or count."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jiugong.accounts.actions import create_user, grant, revoke
from jiugong.accounts.models import AccessReview, Membership, SignIn
from jiugong.accounts.queries import actor_for
from jiugong.accounts.queries.reviews import access_in, counted
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import Note, looked, note, operator
from tests.cast import MORNING, Town

pytestmark = pytest.mark.usefixtures("this_morning")


@pytest.fixture
def lin(town: Town, client: Client) -> Client:
    client.force_login(town.users["lin"])
    return client


def used(town: Town, name: str, *, ago: timedelta) -> None:
    SignIn.objects.create(user=town.users[name], session_key=name, device=b"", browser="", network="", way="password",
                          at=MORNING - ago, last_at=MORNING - ago)


def standing(town: Town, name: str) -> str:
    return next(one.standing for one in access_in(operator(), town.park, clock.now())
                if one.membership.user == town.users[name])


def test_never_used_and_expired_roles_stand_first(town: Town) -> None:
    for name in set(town.users) - {"tao", "bo"}:
        used(town, name, ago=timedelta(days=1))
    used(town, "bo", ago=timedelta(days=40))
    revoke(Membership.objects.get(user=town.users["kai"]), actor=operator())

    names = [one.membership.user.username for one in access_in(operator(), town.park, MORNING)]

    assert names[:3] == ["tao", "kai", "bo"]
    assert (standing(town, "tao"), standing(town, "kai"), standing(town, "bo"), standing(town, "lin")) == (
        "never", "over", "long_ago", "used")


@pytest.mark.parametrize(("ago", "word"), [(timedelta(days=30), "used"), (timedelta(days=30, seconds=1), "long_ago")])
def test_a_month_is_a_month(town: Town, ago: timedelta, word: str) -> None:
    used(town, "tao", ago=ago)

    assert standing(town, "tao") == word


def test_what_an_account_did_and_at_whose_number_it_looked_counts_as_use(town: Town) -> None:
    tao = actor_for(town.users["tao"])
    note("tube.sealed", actor=tao, at=MORNING, park_id=town.park.pk)
    looked(actor=tao, park_id=town.park.pk, person_ids=[town.people["吴强"].pk], fields=("id_number",), reason="x", at=MORNING)

    one = next(each for each in access_in(operator(), town.park, MORNING) if each.membership.user == town.users["tao"])

    assert (one.used_at, one.looked_at) == (MORNING, MORNING)


def test_of_whom_works_in_another_park_too_only_what_he_did_here_is_told(town: Town, other_town: Town) -> None:
    used(town, "tao", ago=timedelta(days=1))
    grant(town.users["tao"], AccountRole.COURIER, park=other_town.park, actor=operator())

    hers = access_in(actor_for(other_town.users["ines"]), other_town.park, MORNING)

    assert [(one.membership.role, one.used_at) for one in hers if one.membership.user == town.users["tao"]] == [("courier", None)]


def test_a_role_over_a_grid_reviews_what_lies_in_it_alone(town: Town, client: Client) -> None:
    gao = create_user("gao", name="高岗", park=town.park, actor=operator())
    grant(gao, AccountRole.DUTY_OFFICER, park=town.park, actor=operator(), place=town.grids["第1网格"])

    seen = {one.membership.user.username for one in access_in(actor_for(gao), town.park, MORNING)}

    assert seen == {"tao", "fang", "qin", "gao"}
    client.force_login(gao)
    beyond = Membership.objects.get(user=town.users["bo"])
    assert client.post(reverse("access-end", args=[town.park.uid, beyond.pk])).status_code == 404


def test_lin_ends_a_role_from_the_page_and_keeps_that_she_reviewed_it(town: Town, lin: Client, notes: list[Note]) -> None:
    held = Membership.objects.get(user=town.users["kai"])
    notes.clear()

    lin.post(reverse("access-end", args=[town.park.uid, held.pk]))
    lin.post(reverse("access-confirm", args=[town.park.uid]), {"remark": "月度复核"})

    kept = AccessReview.objects.get()
    held.refresh_from_db()
    assert held.until_at == MORNING
    assert (kept.reviewed_by, kept.remark, kept.found["over"], kept.found["roles"]) == (town.users["lin"], "月度复核", 1, 10)
    assert [each.verb for each in notes] == ["role.revoked", "access.reviewed"]
    assert "月度复核" in lin.get(reverse("access-review", args=[town.park.uid])).content.decode()


def test_the_workbook_holds_what_the_page_shows(town: Town, lin: Client) -> None:
    answer = lin.get(reverse("access-review", args=[town.park.uid]), {"role": "grid_leader", "as": "xlsx"})

    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert {row[0] for row in rows} >= {"陶磊", "柏青"}
    assert "林园" not in {row[0] for row in rows}


def test_counts_add_up(town: Town) -> None:
    found = counted(access_in(operator(), town.park, MORNING))

    assert found["roles"] == found["closed"] + found["never"] + found["over"] + found["long_ago"] + found["used"]
    assert found["without_second_factor"] == 6


# need to know -------------------------------------------------------------------------------------------------------

def pages_of_a_park(patterns: list[URLPattern | URLResolver], before: str = "") -> set[str]:
    """Every page whose address names nothing but the park."""
    found: set[str] = set()
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found |= pages_of_a_park(each.url_patterns, route)
        elif each.name and route.startswith("parks/") and route.count("<") == 1:
            found.add(each.name)
    return found


def test_no_list_drop_down_or_count_of_another_park_tells_of_an_account(town: Town, other_town: Town) -> None:
    ines = Client()
    ines.force_login(other_town.users["ines"])
    foreign = {user.name for user in town.users.values()} | {f'value="{user.pk}"' for user in town.users.values()}

    told = {}
    for name in sorted(pages_of_a_park(get_resolver().url_patterns)):
        address = reverse(name, args=[other_town.park.uid])
        page = ines.get(address).content.decode(errors="replace")
        if found := {word for word in foreign if word in page and not word.startswith("value=")}:
            told[name] = found

    assert told == {}


@pytest.mark.parametrize("page", ["accounts", "access-review", "journal", "look-ups"])
def test_searching_for_somebody_of_another_park_finds_what_nobody_finds(town: Town, other_town: Town, page: str) -> None:
    ines = Client()
    ines.force_login(other_town.users["ines"])
    address = reverse(page, args=[other_town.park.uid])

    known, unknown = (unquote(ines.get(address, {"q": text, "actor": actor}).content.decode())
                      .replace(text, "TEXT").replace(actor, "ACTOR")
                      for text, actor in (("陶磊", f"user:{town.users['tao'].pk}"), ("没有人", "user:999999")))

    assert without_tokens(known) == without_tokens(unknown)


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)


@pytest.mark.parametrize("page", ["account", "grant-role", "set-password", "create-token", "end-sessions", "reset-second-factor"])
def test_an_account_of_another_park_is_like_one_that_is_not_there(town: Town, other_town: Town, page: str) -> None:
    ines = Client()
    ines.force_login(other_town.users["ines"])

    answers = []
    for number in (town.users["tao"].pk, 999_999):
        address = reverse(page, args=[other_town.park.uid, number])
        answer = ines.get(address) if page == "account" else ines.post(address, {"role": "courier", "over": "park"})
        answers.append((answer.status_code, without_tokens(answer.content.decode())))

    assert answers[0][0] == 404
    assert answers[0] == answers[1]


def test_a_grids_officer_is_offered_the_accounts_of_his_grid_alone(town: Town, client: Client) -> None:
    gao = create_user("gao", name="高岗", park=town.park, actor=operator())
    grant(gao, AccountRole.DUTY_OFFICER, park=town.park, actor=operator(), place=town.grids["第1网格"])
    client.force_login(gao)

    form = client.get(reverse("shifts", args=[town.park.uid])).context["form"]

    assert {name for _key, name in form.fields["user"].choices} == {"陶磊", "方敏", "秦班长", "高岗"}


def test_no_program_hears_of_an_account_of_another_park(town: Town, other_town: Town) -> None:
    ines = Client()
    ines.force_login(other_town.users["ines"])
    person = str(other_town.people["伊某"].uid)

    answers = [ines.post(f"/api/v1/accounts/{name}/person", {"person": person}, content_type="application/json").json()
               for name in ("tao", "nobody-at-all")]

    assert answers[0] == answers[1]
