"""A pack is read again as soon as one of its files is another, however often a page asks."""

import os
from pathlib import Path

import pytest

from jiugong import policy
from jiugong.rulebook.queries import releases

pytestmark = pytest.mark.pure


def _write(file: Path, at: int) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    os.utime(file, ns=(at, at))


def test_a_file_that_is_written_added_or_taken_away_is_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "PACKS", tmp_path)
    seen = [releases._written()]
    for name, at in (("a/one.yaml", 1_000), ("a/one.yaml", 2_000), ("a/two.yaml", 3_000), ("b/three.yaml", 4_000),
                     ("b/note.md", 9_000)):
        _write(tmp_path / name, at)
        seen.append(releases._written())
    (tmp_path / "b" / "three.yaml").unlink()

    assert [*seen, releases._written()] == [0, 1_000, 2_000, 3_000, 4_000, 4_000, 3_000]
