"""An account is somebody's: it is tied to a person on the roster, once, by whoever gives roles."""

from datetime import datetime

import pytest
from django.test import Client

from jiugong.accounts.actions import tie_person
from jiugong.accounts.errors import PersonElsewhere, PersonTied, UserTied
from jiugong.accounts.models import User
from jiugong.accounts.queries import actor_for
from jiugong.cli import main
from jiugong.journal.models import Entry
from jiugong.lib.acting import NotAllowed, operator
from tests.cast import Town


@pytest.fixture(autouse=True)
def _morning(this_morning: datetime) -> None:
    """Everything happens at 08:42."""


def test_a_user_is_tied_once_and_the_same_again_changes_nothing(town: Town) -> None:
    wu = town.people["吴强"]

    for _ in range(2):
        assert tie_person(town.users["tao"], wu, park=town.park, actor=operator()).person == wu

    assert Entry.objects.filter(verb="user.tied").count() == 1


def test_who_is_tied_or_of_another_park_is_refused_and_nothing_changes(town: Town, other_town: Town) -> None:
    wu, other = town.people["吴强"], town.people["郑伟"]
    stranger = next(iter(other_town.people.values()))
    tie_person(town.users["tao"], wu, park=town.park, actor=operator())

    for user, person, wrong in (("bo", wu, PersonTied), ("tao", other, UserTied), ("bo", stranger, PersonElsewhere)):
        with pytest.raises(wrong):
            tie_person(town.users[user], person, park=town.park, actor=operator())
    with pytest.raises(NotAllowed):
        tie_person(town.users["bo"], other, park=town.park, actor=actor_for(town.users["tao"]))

    assert dict(User.objects.filter(person__isnull=False, username__in=("tao", "bo")).values_list("username", "person")) == {
        "tao": wu.pk}
    assert Entry.objects.filter(verb="user.tied").count() == 1


def test_page_program_and_command_tie_alike(town: Town, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.force_login(town.users["lin"])
    wu, other, third = (town.people[name] for name in ("吴强", "郑伟", "孙丽"))
    page = f"/parks/{town.park.uid}/accounts/{town.users['tao'].pk}"
    form = {"person": str(wu.uid), "person-text": wu.name}

    assert "choose/people" in client.get(page).content.decode()
    assert client.post(f"{page}/person", form).status_code == 302
    assert wu.name in client.get(page).content.decode()
    told = client.post("/api/v1/accounts/bo/person", {"person": str(other.uid)}, content_type="application/json")
    assert told.json() == {"user": "bo", "person": str(other.uid)}
    refused = client.post("/api/v1/accounts/zhou/person", {"person": str(other.uid)}, content_type="application/json")
    assert (refused.status_code, refused.json()["refused"]) == (409, "accounts.person_tied")
    assert main(["user", "tie", "shu", "--park", town.park.name, "--person", third.name, "--json"]) == 0
    assert str(third.uid) in capsys.readouterr().out
    assert main(["user", "tie", "zhou", "--park", town.park.name, "--person", "没有这个人"]) == 1
    assert "accounts.person_not_one" in capsys.readouterr().err
