"""Messages at the command line: what is due is sent, what could not be sent is listed and sent again."""

import json
from collections import Counter
from typing import Any

import pytest

from jiugong.cli import main
from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.actions.channels import open_channel
from jiugong.journal.models import Delivery, MessageKind
from jiugong.journal.tests.conftest import SMS, TITLE
from jiugong.journal.tests.receivers import a_gateway, says
from jiugong.lib.acting import operator
from tests.cast import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_morning")]


def test_the_command_sends_what_is_due_and_says_so(town: Town, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with a_gateway(says(403)) as gateway:
        settings.GATEWAYS = [gateway.url]
        open_channel(town.park, "sms", name="短信", kinds=("task",), settings={**SMS, "url": gateway.url}, actor=operator())
        write_messages(town.park, [Draft(once=name, kind=MessageKind.TASK, about="round:1", to_person=town.people[name],
                                         facts={"title": TITLE}) for name in ("吴强", "孙丽")], actor=operator())
        assert main(["messages", "send", "--once", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"sent": 1, "waiting": 0, "uncertain": 0, "dead": 1, "no_address": 0,
                                                       "taken_up": 0}
        assert main(["messages", "list", "--park", town.park.name, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["to_decide"] == 1
        assert main(["messages", "again", "--park", town.park.name, "--json"]) == 0
        assert main(["messages", "send", "--once", "--json"]) == 0

    assert Counter(Delivery.objects.values_list("stage", flat=True)) == {"sent": 2}
