"""Once erased, nobody of a park is found by bytes wherever we look, and the park beside it goes on."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jiugong.lasting.logic.signing import is_signed
from tests.installed import JIUGONG, installed

PARK, OTHER = "试验园区", "邻近园区"
TWO = ("--ended-on", "2022-12-08", "--reason", "解除通知", "--proposed-by", "甲一", "--released-by", "乙二", "--auditor", "公证处")


def said(environment: dict[str, str], *words: str, status: int = 0, typed: str = "") -> Any:
    done = subprocess.run([JIUGONG, *words, "--json"], env=environment, input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def lived(environment: dict[str, str]) -> dict[str, list[str]]:
    """Let two parks live in a home, and say what must not be found there afterwards."""
    done = subprocess.run([sys.executable, "-m", "jiugong.lasting.tests.living"], env=environment, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


def needles(told: dict[str, list[str]]) -> dict[str, bytes]:
    """What is searched for: names, numbers and codes as they are written, sealed values and keys as bytes and as signs."""
    words = {word: word.encode() for part in ("names", "numbers", "badge", "keys") for word in told[part]}
    escaped = {f"\\u of {name}": json.dumps(name)[1:-1].encode() for name in told["names"]}
    return words | escaped | {f"sealed {each[:12]}": bytes.fromhex(each) for each in told["sealed"]} | {
        f"key {each[:6]}": bytes.fromhex(each) for each in told["keys"]}


def files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def found(what: dict[str, bytes], *folders: Path) -> list[str]:
    return [f"{name} in {path.name}" for path in files(*folders) if (content := path.read_bytes())
            for name, word in what.items() if word in content]


def data_files(environment: dict[str, str]) -> list[Path]:
    """Where PostgreSQL keeps the rows of this home's database; its write-ahead log is beyond us, and said to be."""
    import psycopg

    if not environment.get("JIUGONG_DATABASE_URL"):
        return []
    with psycopg.connect(environment["JIUGONG_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        told = connection.execute("SELECT current_setting('data_directory'), oid FROM pg_database "
                                  "WHERE datname = current_database()").fetchone()
    assert told
    return [Path(told[0]) / "base" / str(told[1])]


@pytest.mark.slow
def test_after_an_erasure_no_name_number_or_key_of_the_park_is_found_and_its_neighbour_goes_on(tmp_path: Path) -> None:
    home = installed(tmp_path)
    told = lived(home)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    said(home, "backup", str(elsewhere / "a.backup"))
    searched = needles(told)
    before = found(searched, tmp_path, *data_files(home))
    assert {each.partition(" in ")[0] for each in before} >= {*told["names"], *told["badge"], *told["keys"]}

    listed = said(home, "erase", "--park", PARK, "--dry-run")
    assert listed["tables"]["registry_person"]["rows"] == 14 and len(listed["list_sha256"]) == 64
    assert set(listed["tables"]["registry_person"]["columns"]) >= {"name", "id_sealed", "phone_sealed"}
    assert said(home, "erase", "--park", PARK, "--dry-run") == listed                  # it changes nothing
    assert said(home, "erase", "--park", PARK, status=1)["refused"] == "lasting.two_names_needed"

    report = said(home, "erase", "--park", PARK, *TWO)

    assert found(searched, tmp_path, *data_files(home)) == []
    assert is_signed(report) and not is_signed(report | {"auditor": "别人"})
    assert report["list_sha256"] != "" and report["rows_erased"]["screening_specimen"]["deleted"] == 3
    assert report["days"]["screening_specimen"] == {"2022-07-22": 3}
    assert (report["proposed_by"], report["released_by"], report["auditor"]) == ("甲一", "乙二", "公证处")
    assert len(report["backups_destroyed"]) == 1 and not (elsewhere / "a.backup").exists()
    assert said(home, "erase", "--park", PARK, "--dry-run")["tables"].keys().isdisjoint({"screening_specimen", "registry_posting"})
    _the_neighbour_goes_on(home, tmp_path, told)


def _the_neighbour_goes_on(home: dict[str, str], folder: Path, told: dict[str, list[str]]) -> None:
    roster = folder / "other.xlsx"
    said(home, "export", "roster", str(roster), "--park", OTHER, "--reason", "看看还在不在")
    assert roster.stat().st_size > 1000
    assert said(home, "doctor")["ok"]
    assert said(home, "erase", "--park", OTHER, "--dry-run")["tables"]["registry_person"]["rows"] == len(told["other"])
    (made,) = (Path(home["JIUGONG_HOME"]) / "backups").iterdir()                        # its backup was made anew
    assert said(home, "restore", str(made), "--drill")["passed"]
