"""What an adoption would change, by command and by API: both say the same, and neither changes anything."""

import json
from typing import Any

import pytest
from django.test import Client

from jiugong.cli import main
from jiugong.rulebook.models import Adoption
from tests.cast import Town

V9, TWENTY = "cn-2022-v9", "cn-2022-20"
pytestmark = pytest.mark.usefixtures("this_morning")


def test_the_command_says_what_would_change_and_changes_nothing(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["adopt", V9, "--park", town.park.name, "--from", "2022-07-22", "--dry-run", "--json"]
    assert main(words) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)

    assert (said["release"], said["before"], said["people"]["new"] >= 8) == (V9, None, True)
    assert {each["change"] for each in said["rules"]} == {"added"}
    assert not Adoption.objects.exists()
    assert main([word for word in words if word != "--json"]) == 0
    assert main(["adopt", TWENTY, "--park", town.park.name, "--from", "2022-07-22", "--dry-run", "--json"]) == 1


def test_the_api_says_the_same_as_the_command(town: Town, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    main(["adopt", V9, "--park", town.park.name, "--from", "2022-07-22", "--dry-run", "--json"])
    client.force_login(town.users["lin"])

    answer = client.get("/api/v1/rulebook/impact", {"release": V9, "from_day": "2022-07-22"},
                        headers={"Accept-Language": "zh-hans"})

    assert answer.json() == json.loads(capsys.readouterr().out)
