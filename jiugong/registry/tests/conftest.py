"""Makers as fixtures: a park, and the operator who takes rosters into it."""

import pytest

from jiugong.registry.models import Park
from jiugong.registry.tests import makers


@pytest.fixture
def park(db: None) -> Park:
    return makers.a_park()
