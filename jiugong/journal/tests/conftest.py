"""A park with ways out of the house: a gateway for SMS, a robot, mail; and the clock at 08:42."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jiugong.journal.actions import Draft, write_messages
from jiugong.journal.actions.channels import open_channel
from jiugong.journal.models import Channel, MessageKind
from jiugong.journal.tests.receivers import Gateway
from jiugong.lib import clock
from jiugong.lib.acting import operator
from tests.cast import Town

SMS = {"method": "POST", "headers": "Authorization: Bearer s3cret", "success_path": "status", "success_value": "ok",
       "id_path": "id", "body": '{"to": "{phone}", "text": "{text}", "once": "{key}"}'}
EVERY_KIND = ("reminder", "task", "notice", "policy", "situation", "study")
TITLE = {"zh-hans": "第1轮核酸检测", "en": "Testing round 1"}


@pytest.fixture
def sms(town: Town, settings: Any) -> Callable[..., Channel]:
    """Open an SMS channel to a gateway."""
    def opened(gateway: Gateway, *, knows_keys: bool = False, kinds: tuple[str, ...] = EVERY_KIND, **more: str) -> Channel:
        settings.GATEWAYS = [*settings.GATEWAYS, gateway.url]
        return open_channel(town.park, "sms", name="短信", kinds=kinds, knows_keys=knows_keys, actor=operator(),
                            settings={**SMS, "url": f"{gateway.url}/send", **more})
    return opened


@pytest.fixture
def robot(town: Town, settings: Any) -> Callable[..., Channel]:
    """Open a robot of a group."""
    def opened(gateway: Gateway, kind: str = "wecom", secret: str = "", kinds: tuple[str, ...] = EVERY_KIND) -> Channel:
        settings.GATEWAYS = [*settings.GATEWAYS, gateway.url]
        return open_channel(town.park, kind, name=f"群 {kind}", kinds=kinds, actor=operator(),
                            settings={"url": f"{gateway.url}/robot?key=k", "secret": secret})
    return opened


def write(town: Town, *names: str, kind: MessageKind = MessageKind.TASK, about: str = "round:1") -> None:
    """Write a message to each of these people."""
    write_messages(town.park, [Draft(once=f"{about}:{name}", kind=kind, about=about, to_person=town.people[name],
                                     facts={"title": TITLE}) for name in names], actor=operator())


def later(**span: float) -> Any:
    """The clock stands so much later than now."""
    return clock.standing_at(clock.now() + timedelta(**span))
