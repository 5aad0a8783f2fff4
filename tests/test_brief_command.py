"""`jiugong brief` writes the papers of a brief, and publishes it once."""

import json
from datetime import date, datetime, timedelta

import pytest

from jiugong.briefs.models import Brief
from jiugong.cli import main
from jiugong.duties.actions import excuse
from jiugong.lib.acting import operator
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.scans import Scan, bind
from tests.cast import DAY, MORNING, Town, an_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(town: Town, this_morning: datetime) -> Town:
    """Lin's park with a rule, an excuse and somebody whom no roster knows."""
    adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operator())
    excuse(town.park, town.people["郑伟"], reason="leave", since_at=MORNING - timedelta(hours=9),
           until_at=MORNING + timedelta(hours=9), actor=operator())
    bind(town.park, [Scan(scan_id="stranger", round=1, tube="SY0002", point="门口", id_number=an_id(777))], actor=operator())
    return town


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


