"""A backup holds what the database held, opens with its keys alone, and comes back whole or not at all."""

import json
import os
import subprocess
import threading
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiugong import chores
from jiugong.journal.models import Entry
from jiugong.lasting.actions import archive
from jiugong.lasting.actions.backing_up import back_up, drafts, keep_only
from jiugong.lasting.errors import BackupDamaged, BackupKeysMissing, NotABackup, PassphraseShort, PassphraseWrong
from jiugong.lasting.logic import manifests
from jiugong.lasting.models import Backup, Drill
from jiugong.lasting.queries.backups import concerns
from jiugong.lasting.stores import store_of
from jiugong.lib import clock, secrets
from jiugong.lib.acting import NotAllowed, operator
from jiugong.lib.commanding import FileMissing, FileNotWritten
from jiugong.registry.models import Park, Person
from tests import database
from tests.cast import an_id
from tests.installed import JIUGONG, installed

ON_SQLITE = connection.vendor == "sqlite"
PASSPHRASE = "six words make a good passphrase"


@contextmanager
def another_database(folder: Path):
    """An empty database beside the one under test."""
    here = connections["default"]
    there = here.copy()
    there.settings_dict["NAME"] = str(folder / "there.sqlite3")
    if not ON_SQLITE:
        address = database.new_database(os.environ["JIUGONG_DATABASE_URL"], f"there_{folder.name.replace('-', '_')}")
        there.settings_dict |= {"NAME": address.rpartition("/")[2], "OPTIONS": {}}
    connections["default"] = there
    try:
        yield there
    finally:
        there.close()
        connections["default"] = here


def rows_of(database: Any) -> dict[str, list[Any]]:
    """Everything that a database holds, as it stands there."""
    told: dict[str, list[Any]] = {}
    with database.cursor() as cursor:
        for table in sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True)):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            told[table] = [tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)
                           for row in cursor.fetchall()]
    return told


names = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=8 if ON_SQLITE else 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, st.booleans()), max_size=6))
def test_restoring_a_backup_gives_the_same_rows(tmp_path_factory, people):
    folder = tmp_path_factory.mktemp("law")
    park, ring = Park.objects.create(name=f"园区{Park.objects.count()}", timezone="Asia/Shanghai"), secrets.ring()
    for at, (name, is_known) in enumerate(people):
        person = Person(park=park, name=name)
        (person.keep_id_number(an_id(at), ring) if is_known else person).save()
    back_up(folder / "law.backup", actor=operator())
    Backup.objects.all().delete()
    Entry.objects.filter(verb="backup.made").delete()
    before = rows_of(connection)

    with another_database(folder) as there, archive.opened(folder / "law.backup") as backup:
        store_of(there).pour(backup.picture(ring, folder), there, folder)

        assert rows_of(there) == before
        with there.cursor() as cursor:                                     # and it goes on counting after them
            cursor.execute("INSERT INTO registry_park (uid, name, timezone) VALUES (%s, 'next', 'UTC')", [
                "0" * 31 + "1" if ON_SQLITE else f"{0:032x}"])


def test_two_backups_at_once_never_write_into_each_others_drafts():
    entered = threading.Event()

    def second() -> None:
        with drafts():
            entered.set()
    other = threading.Thread(target=second)
    with drafts() as folder:
        (folder / "copy").write_text("mine")
        other.start()

        assert not entered.wait(0.2)
        assert (folder / "copy").read_text() == "mine"

    assert entered.wait(10)
    other.join()
    assert not folder.exists()


@pytest.mark.django_db(transaction=True)
def test_a_changed_backup_a_cut_one_and_one_under_other_keys_are_refused_and_change_nothing(tmp_path):
    path = tmp_path / "a.backup"
    back_up(path, actor=operator())
    whole, before = path.read_bytes(), rows_of(connection)
    member = max(zipfile.ZipFile(path).infolist(), key=lambda each: each.file_size if each.filename != "manifest.json" else 0)
    inside = member.header_offset + 30 + len(member.filename) + 50

    with another_database(tmp_path) as there:
        path.write_bytes(whole[:inside] + bytes([whole[inside] ^ 1]) + whole[inside + 1:])
        with archive.opened(path) as backup, pytest.raises(BackupDamaged):
            backup.picture(secrets.ring(), tmp_path)
        path.write_bytes(whole)
        with archive.opened(path) as backup, pytest.raises(BackupKeysMissing):
            backup.picture(secrets.fresh_ring(), tmp_path)
        for wrong in (whole[:len(whole) // 2], b"", b"PK\3\4 not quite", b"SQLite format 3\0"):
            path.write_bytes(wrong)
            with pytest.raises(NotABackup), archive.opened(path):
                pass
        assert there.introspection.table_names() == []
    with pytest.raises(FileMissing), archive.opened(tmp_path / "nothing"):
        pass
    assert rows_of(connection) == before


@pytest.mark.pure
def test_a_file_that_would_unpack_into_memory_without_end_is_no_backup(tmp_path):
    path = tmp_path / "bomb.backup"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", b" " * (archive.MOST_MANIFEST + 1))
    assert path.stat().st_size < 100_000

    with pytest.raises(NotABackup), archive.opened(path):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_nobody_in_plain_bytes_and_its_keys_only_under_the_passphrase(tmp_path):
    park = Park.objects.create(name="园区", timezone="Asia/Shanghai")
    Person(park=park, name="吴强无双").keep_id_number(an_id(1), secrets.ring()).save()

    for path, passphrase in ((tmp_path / "a.backup", ""), (tmp_path / "b.backup", PASSPHRASE)):
        back_up(path, actor=operator(), passphrase=passphrase)
        content = path.read_bytes()
        ring = secrets.ring()
        for secret in ("吴强无双".encode(), an_id(1).encode(), ring.index_key, ring.keys[ring.current],
                       ring.index_key.hex().encode()):
            assert secret not in content
        assert path.stat().st_mode & 0o077 == 0

    with archive.opened(tmp_path / "b.backup") as backup:
        assert "key-ring.json" in "".join(backup.key_files(PASSPHRASE)) or backup.key_files(PASSPHRASE)
        with pytest.raises(PassphraseWrong):
            backup.key_files(PASSPHRASE + "s")
    with pytest.raises(PassphraseShort):
        back_up(tmp_path / "c.backup", actor=operator(), passphrase="x" * 15)
    with pytest.raises(FileNotWritten):
        back_up(tmp_path / "nowhere" / "d.backup", actor=operator())
    assert not (tmp_path / "c.backup").exists()


@pytest.mark.django_db(transaction=True)
def test_as_many_as_wanted_are_kept_and_only_in_our_folder(tmp_path):
    (tmp_path / "ours").mkdir()
    elsewhere = tmp_path / "mine.backup"
    back_up(elsewhere, actor=operator())
    for at in range(3):
        with clock.shifted_by(timedelta(minutes=at)):
            back_up(tmp_path / "ours" / f"{at}.backup", actor=operator())

    assert keep_only(2, folder=tmp_path / "ours", actor=operator()) == 1
    assert keep_only(2, folder=tmp_path / "ours", actor=operator()) == 0

    assert sorted(path.name for path in (tmp_path / "ours").iterdir()) == ["1.backup", "2.backup"]
    assert elsewhere.exists()
    assert Backup.objects.get(path__endswith="/0.backup").erased_because == "newer ones are kept"
    back_up(elsewhere, actor=operator())                                   # the same name again: one file, two rows
    assert Backup.objects.filter(path=str(elsewhere), erased_at=None).count() == 1


@pytest.mark.django_db
def test_nobody_but_whoever_runs_the_server_makes_a_backup(tmp_path, town):
    from jiugong.accounts.queries import actor_for

    with pytest.raises(NotAllowed):
        back_up(tmp_path / "a.backup", actor=actor_for(town.users["lin"]))
    assert list(tmp_path.iterdir()) == [] and not Backup.objects.exists()


@pytest.mark.django_db
def test_the_doctor_says_when_a_backup_is_missing_old_untried_or_failed(town):
    def a_backup(at: datetime, key: str = "") -> Backup:
        ring = secrets.ring()
        return Backup.objects.create(path="x", made_at=at, made_by="operator", size=1, sha256="", rows=1,
                                     key=key or manifests.fingerprint(ring.keys[ring.current]))

    begun = Entry.objects.earliest("at").at
    now = begun + timedelta(days=100)

    assert concerns(begun + timedelta(days=2)) == []
    assert concerns(begun + timedelta(days=2, seconds=1)) == ["none"]
    made = a_backup(now - timedelta(days=2))
    assert concerns(now) == ["untried"]
    assert concerns(now + timedelta(seconds=1)) == ["old", "untried"]
    tried = Drill.objects.create(backup=made, at=now - timedelta(days=92), by="operator", seconds=1, passed=True)
    assert concerns(now) == []
    tried.passed = False
    tried.save()
    assert concerns(now) == ["failed"]
    a_backup(now, key="another ring")
    assert concerns(now) == ["sealed", "failed"]


@pytest.mark.pure
def test_the_days_backup_is_due_once_its_time_has_come():
    def due(hour: int, minute: int) -> datetime | None:
        return chores._due("03:20", datetime(2022, 7, 22, hour, minute, tzinfo=UTC))

    assert due(19, 20) == datetime(2022, 7, 22, 19, 20, tzinfo=UTC)        # 03:20 in the park, on the dot
    assert due(19, 19) == datetime(2022, 7, 21, 19, 20, tzinfo=UTC)
    assert chores._due("", datetime(2022, 7, 22, tzinfo=UTC)) is None


# as whoever runs the server does it ------------------------------------------------------------------------------------

def said(environment: dict[str, str], *words: str, status: int = 0, typed: str = "") -> Any:
    done = subprocess.run([JIUGONG, *words, "--json"], env=environment, input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_backup_is_restored_elsewhere_by_somebody_who_has_its_keys(tmp_path):
    here, there = installed(tmp_path / "here"), installed(tmp_path / "there")
    secrets.write_ring(secrets.fresh_ring(), tmp_path / "there/home/keys/key-ring.json")      # empty, with keys of its own
    file = str(tmp_path / "all.backup")
    said(here, "user", "add", "lin", "--name", "林园", "--park", "试验园区", "--create-park", "--role", "duty_officer",
         typed="correct horse 9 staple")
    made = said(here, "backup", file, "--with-keys", typed=PASSPHRASE)

    drilled = said(here, "backup", "--drill")
    assert drilled["passed"] and drilled["rows"] == made["rows"] and drilled["doctor"]["ok"] and drilled["verified"] == 1
    assert said(here, "restore", file, status=1)["refused"] == "lasting.not_empty"
    assert said(there, "restore", file, status=1)["refused"] == "lasting.backup_keys_missing"
    restored = said(there, "restore", file, "--passphrase", typed=PASSPHRASE)
    assert restored["rows"] == made["rows"] and restored["tables"]["registry_park"] == 1
    for name in ("key-ring.json", "session-key"):
        assert (tmp_path / "there/home/keys" / name).read_bytes() == (tmp_path / "here/home/keys" / name).read_bytes()
    assert not (tmp_path / "here/home/drafts").exists() and not (tmp_path / "there/home/drafts").exists()
