"""Wu's codes: the link that he was given this morning, and his badge."""

import pytest

from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges, issue_link
from jiugong.registry.models import Badge
from tests.cast import MORNING, Town


@pytest.fixture
def link(town: Town) -> Badge:
    """Wu's link, given this morning, for seven days."""
    with clock.standing_at(MORNING):
        return issue_link(town.people["吴强"], days=7, actor=operator())


@pytest.fixture
def card(town: Town) -> Badge:
    with clock.standing_at(MORNING):
        return issue_badges(town.park, [town.people["吴强"]], actor=operator())[0]
