"""Once erased, nobody of a park is found by bytes wherever we look, and the park beside it goes on."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import pypdf
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.duties.models import Excuse
from jiugong.journal.models import LookUp
from jiugong.lasting.actions.endings import confirm_ending, propose_ending, propose_erasure, release_erasure
from jiugong.lasting.actions.erasing import STEPS, end_rows, erase, sweep_the_store
from jiugong.lasting.actions.sweeping import write_over_what_is_deleted
from jiugong.lasting.logic.signing import is_signed
from jiugong.lasting.models import Erasure, ErasureStage
from jiugong.lasting.stores import store_of
from jiugong.lib import secrets
from jiugong.lib.acting import all_powers, note, operator
from jiugong.registry.actions.parks import create_park
from jiugong.registry.models import Park, Person
from tests.cast import an_id
from tests.installed import JIUGONG, installed

PARK, OTHER = "试验园区", "邻近园区"
TWO = ("--ended-on", "2022-12-08", "--reason", "解除通知", "--proposed-by", "甲一", "--released-by", "乙二", "--auditor", "公证处")


def said(environment: dict[str, str], *words: str, status: int = 0, typed: str = "") -> Any:
    done = subprocess.run([JIUGONG, *words, "--json"], env=environment, input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def lived(environment: dict[str, str]) -> dict[str, list[str]]:
    """Let two parks live in a home, and say what must not be found there afterwards."""
    done = subprocess.run([sys.executable, "-m", "tests.living"], env=environment, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


def needles(told: dict[str, list[str]]) -> dict[str, bytes]:
    """What is searched for: names, numbers and codes as they are written, sealed values and keys as bytes and as signs."""
    words = {word: word.encode() for part in ("names", "numbers", "badge", "keys") for word in told[part]}
    escaped = {f"\\u of {name}": json.dumps(name)[1:-1].encode() for name in told["names"]}
    ways: dict[str, Callable[[str], bytes]] = {
        "signs": lambda text: text.encode(), "big": lambda text: int(text).to_bytes(8, "big"),
        "little": lambda text: int(text).to_bytes(8, "little")}
    pseudonyms = {f"pseudonym {each} {way}": write(each) for each in told["pseudonyms"] for way, write in ways.items()}
    return words | escaped | pseudonyms | {f"sealed {each[:12]}": bytes.fromhex(each) for each in told["sealed"]} | {
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
    assert {each.split()[1] for each in before if each.startswith("pseudonym")} == set(told["pseudonyms"])
    history = Path(home["JIUGONG_HOME"]) / "history"
    assert len(list(history.rglob("part.parquet"))) == 1

    listed = said(home, "erase", "--park", PARK, "--dry-run")
    assert listed["tables"]["registry_person"]["rows"] == 14 and len(listed["list_sha256"]) == 64
    assert set(listed["tables"]["registry_person"]["columns"]) >= {"name", "id_sealed", "phone_sealed"}

    printed, kept = tmp_path / "report.pdf", tmp_path / "report.json"
    report = said(home, "erase", "--park", PARK, *TWO, "--report", str(printed), "--report", str(kept))

    assert found(searched, tmp_path, *data_files(home)) == []
    assert list(history.iterdir()) == []
    assert json.loads(kept.read_text()) == report
    read = "".join(page.extract_text() for page in pypdf.PdfReader(printed).pages)
    assert [name for name in told["names"] + told["numbers"] + told["badge"] if name in read] == []
    assert report["list_sha256"] in read and "公证处" in read
    again = tmp_path / "again.pdf"
    assert said(home, "erase", "--park", PARK, "--report", str(again)) == report and again.exists()
    assert is_signed(report) and not is_signed(report | {"auditor": "别人"})
    assert report["list_sha256"] != "" and report["rows_erased"]["screening_specimen"]["deleted"] == 3
    assert report["days"]["screening_specimen"] == {"2022-07-22": 3}
    assert (report["proposed_by"], report["released_by"], report["auditor"]) == ("甲一", "乙二", "公证处")
    assert len(report["backups_destroyed"]) == 1 and not (elsewhere / "a.backup").exists()
    assert said(home, "erase", "--park", PARK, "--dry-run")["tables"].keys().isdisjoint({"screening_specimen", "registry_posting"})
    verified = said(home, "verify", "--park", PARK)                                    # its seals stand, and so does the report
    assert verified["ok"] and verified["days"] == 1
    _the_neighbour_goes_on(home, tmp_path)


def _the_neighbour_goes_on(home: dict[str, str], folder: Path) -> None:
    roster = folder / "other.xlsx"
    said(home, "export", "roster", str(roster), "--park", OTHER, "--reason", "看看还在不在")
    assert roster.stat().st_size > 1000
    (_made,) = (Path(home["JIUGONG_HOME"]) / "backups").iterdir()                       # its backup was made anew
    assert said(home, "backup", "--drill")["passed"]


# in this process --------------------------------------------------------------------------------------------------------

@pytest.fixture
def keys_of_its_own(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A test that turns the keys turns its own; what it backs up goes nowhere else."""
    usual = settings.KEY_RING_FILE
    settings.KEYS, settings.BACKUP_FOLDER = tmp_path / "keys", tmp_path / "backups"
    settings.KEY_RING_FILE = settings.KEYS / "key-ring.json"
    secrets.write_ring(secrets.fresh_ring(), settings.KEY_RING_FILE)
    secrets.keep_keys_in(settings.KEY_RING_FILE)
    yield
    secrets.keep_keys_in(usual)


words = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=6, max_size=12)


def everything() -> bytes:
    """All that the store holds: the file as SQLite would write it, or every row as PostgreSQL would dump it."""
    if connection.vendor == "sqlite":
        return bytes(connection.connection.serialize())
    with store_of(connection).picture(connection, Path()) as picture:
        return b"".join(piece for stream in picture.members.values() for piece in stream())


def a_park(told: list[tuple[str, str]]) -> Park:
    """A park of whose people much is written down, in every kind of column."""
    at, ring = datetime(2022, 7, 22, tzinfo=UTC), secrets.ring()
    park = create_park(f"园区{Park.objects.count()}{token_hex(3)}", actor=operator())
    for number, (name, said_of_him) in enumerate(told):
        person = Person(park=park, name=name, remark=said_of_him).keep_id_number(an_id(number), ring)
        person.save()
        user = create_user(f"{name}{park.pk}", name=name, park=park, actor=operator(), person=person)
        grant(user, AccountRole.TEAM_LEADER, park=park, actor=operator())
        LookUp.objects.create(park=park, person=person, fields="id_number", reason=said_of_him, actor="operator",
                              actor_name=name, at=at)
        Excuse.objects.create(park=park, person=person, reason=said_of_him, since_at=at, until_at=at + timedelta(hours=1),
                              decided_by=f"person:{name}", decided_by_name=name, decided_at=at)
        note("test.said", actor=operator(), at=at, park_id=park.pk, subject=name, of=said_of_him)
    return park


def released(park: Park) -> Erasure:
    one, other = all_powers(key="operator", name="甲一"), all_powers(key="operator", name="乙二")
    propose_ending(park, ended_on=date(2022, 12, 8), reason="解除", actor=one)
    confirm_ending(park, actor=other)
    return release_erasure(park, list_sha256=propose_erasure(park, actor=one).list_sha256, auditor="公证处", actor=other)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(words, words), min_size=1, max_size=4, unique_by=lambda each: each[0]))
def test_whatever_was_written_of_people_erase_then_search_finds_nothing(people: list[tuple[str, str]]) -> None:
    park = a_park(people)
    spared = a_park([("留下的人名在此", "不属于要删的园区")])
    searched = [form for pair in people for word in pair for form in (word.encode(), json.dumps(word)[1:-1].encode())]
    assert all(form in everything() for pair in people for form in [pair[0].encode()])

    erasure = released(park)
    write_over_what_is_deleted(connection)
    end_rows(erasure, operator())
    sweep_the_store(erasure, operator())

    assert [form for form in searched if form in everything()] == []
    assert "留下的人名在此".encode() in everything()
    assert Person.objects.get(park=spared).open_id_number(secrets.ring()) == an_id(0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("keys_of_its_own")
@pytest.mark.parametrize("stopped_after", [name for name, _step in STEPS])
def test_it_goes_on_after_a_kill_at_any_step_and_counts_each_row_once(stopped_after: str, tmp_path: Path) -> None:
    park = a_park([("甲甲甲甲甲甲", "说明一"), ("乙乙乙乙乙乙", "说明二")])
    erasure, actor = released(park), operator()
    for name, step in STEPS:                                       # done, and killed before anybody could note that it is
        step(Erasure.objects.get(pk=erasure.pk), actor)
        if name == stopped_after:
            break

    done = erase(Erasure.objects.get(pk=erasure.pk), actor=actor)

    assert done.stage == ErasureStage.DONE and done.report and is_signed(done.report)
    assert done.report["rows_erased"]["duties_excuse"] == {"deleted": 2}
    assert done.report["rows_erased"]["registry_person"] == {"blanked": 2}              # the log of looks still leads there
    assert done.report["days"]["duties_excuse"] == {"2022-07-22": 2}
    assert erase(done, actor=actor).report == done.report                               # once more, and nothing happens
    assert set(Person.objects.filter(park=park).values_list("name", "id_sealed")) == {("", None)}
