"""`jiugong brief` writes the papers of a brief, and publishes it once."""

import json

import pytest

from jiugong.briefs.models import Brief
from jiugong.cli import main
from tests.cast import DAY, Town

pytestmark = pytest.mark.django_db


def test_a_command_writes_the_papers_and_publishes_once(busy: Town, tmp_path, capsys) -> None:
    words = ["brief", "--park", busy.park.name, "--from", str(DAY), "--to", str(DAY), "--json"]
    assert main([*words, "--pdf", str(tmp_path / "b.pdf"), "--docx", str(tmp_path / "b.docx"), "--xlsx", str(tmp_path / "b.xlsx"),
                 "--language", "en"]) == 0
    plain = capsys.readouterr().out
    assert main([*words, "--publish"]) == 0
    assert main([*words, "--publish"]) == 0

    assert set(json.loads(plain)) == {"park", "from", "to", "figures", "differences"}
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
    assert {(tmp_path / f"b.{kind}").read_bytes()[:2] for kind in ("docx", "xlsx")} == {b"PK"}
    assert Brief.objects.count() == 1


