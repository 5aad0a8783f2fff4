"""Makers as fixtures: a park, and what the room notes and journals, heard at the two ports."""

from collections.abc import Iterator

import pytest

from jiugong.lib.acting import Look, Note, keep_looks_with, keep_notes_with
from jiugong.registry.models import Park
from jiugong.registry.tests import makers

NOTES: list[Note] = []
LOOKS: list[Look] = []
keep_notes_with(NOTES.append)
keep_looks_with(LOOKS.append)


@pytest.fixture
def park(db: None) -> Park:
    return makers.a_park()


@pytest.fixture
def notes() -> Iterator[list[Note]]:
    NOTES.clear()
    yield NOTES
    NOTES.clear()


@pytest.fixture
def looks() -> Iterator[list[Look]]:
    LOOKS.clear()
    yield LOOKS
    LOOKS.clear()
