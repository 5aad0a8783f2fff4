"""What accounts notes, heard at the port: the journal lives a floor above."""

from collections.abc import Iterator

import pytest

from jiugong.lib.acting import Note, keep_notes_with

NOTES: list[Note] = []
keep_notes_with(NOTES.append)


@pytest.fixture
def notes() -> Iterator[list[Note]]:
    NOTES.clear()
    yield NOTES
    NOTES.clear()
