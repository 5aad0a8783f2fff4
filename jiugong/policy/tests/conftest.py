"""Makers for the tests of this room: a copy of the real packs, and small packs of one rule each."""

import shutil
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from jiugong import policy
from jiugong.policy.reading import Entry, read

A_FIRST_PAGE = """
    key: {key}
    title: {{zh-hans: 试, en: Trial}}
    issuer: 园区
    kind: trial
    first_day: {first_day}
    assumption: made up for a test
    historical: false
    day_index_base: {day_index_base}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the packs as they ship, to be changed at will."""
    return Path(shutil.copytree(Path(policy.__file__).parents[2] / "packs", tmp_path / "packs"))


@pytest.fixture
def an_entry(tmp_path: Path) -> Callable[[str], Entry]:
    """Read a text as a pack file called `trial.yaml`."""
    def read_text(text: str) -> Entry:
        (tmp_path / "trial.yaml").write_text(dedent(text), encoding="utf-8")
        return read(tmp_path / "trial.yaml", root=tmp_path)
    return read_text


@pytest.fixture
def a_pack(tmp_path: Path) -> Callable[..., Path]:
    """Write a pack of some rule files; answers the folder of all packs."""
    def write(files: dict[str, str], *, key: str = "trial", first_day: str = "2026-01-01", amends: str = "",
              day_index_base: int = 0) -> Path:
        page = dedent(A_FIRST_PAGE).format(key=key, first_day=first_day, day_index_base=day_index_base)
        files = {"pack.yaml": page + (f"amends: {amends}\n" if amends else ""), **files}
        for name, text in files.items():
            path = tmp_path / "packs" / key / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return tmp_path / "packs"
    return write


def change(root: Path, file: str, old: str, new: str) -> None:
    """Change one text in one pack file; it must be there."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
