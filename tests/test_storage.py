"""A database that takes nothing says so in one sentence, nothing is half written, and the same can be sent again.

The databases here really refuse: pages that may not become more, a session that may only read, a server that is gone.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from jiugong import health
from jiugong.journal.models import Entry
from jiugong.registry.models import Upload
from jiugong.screening.models import Specimen
from jiugong.storage import StorageFull, StorageGone, StorageReadOnly, trouble_of
from tests.cast import Town, an_id

pytestmark = pytest.mark.django_db(transaction=True)
ON_SQLITE = connection.vendor == "sqlite"


def said(sqlite: str, postgresql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sqlite if ON_SQLITE else postgresql)
        return cursor.fetchone() if cursor.description else None


@contextmanager
def read_only() -> Iterator[None]:
    """A database that may be read and not written."""
    said("PRAGMA query_only = ON", "SET default_transaction_read_only = on")
    try:
        yield
    finally:
        said("PRAGMA query_only = OFF", "SET default_transaction_read_only = off")


@contextmanager
def full() -> Iterator[None]:
    """A database that has no room for one more page. PostgreSQL has no such limit: its disk cannot be filled from here."""
    said("VACUUM", "SELECT 0")                                            # pages that others left are room, too
    (pages,) = said("PRAGMA page_count", "SELECT 0")
    said(f"PRAGMA max_page_count = {pages}", "SELECT 0")
    try:
        yield
    finally:
        said("PRAGMA max_page_count = 1073741823", "SELECT 0")


STATES = [(read_only, 503, "web.storage_read_only"), *([(full, 507, "web.storage_full")] if ON_SQLITE else [])]


@pytest.fixture
def desk(town: Town, this_morning: Any) -> Client:
    """Lin at her desk, signed in while everything was well."""
    client = Client(raise_request_exception=False)
    client.force_login(town.users["lin"])
    return client


def scans(town: Town, count: int = 300) -> dict[str, Any]:
    return {"park": str(town.park.uid), "scans": [
        {"scan_id": f"full-{number}", "round": 1, "tube": f"SY1{number // 10:03}", "point": "第1网格采样点",
         "resident_id": an_id(500 + number)} for number in range(count)]}


@pytest.mark.parametrize(("state", "status", "code"), STATES)
def test_scans_are_refused_whole_and_taken_once_when_there_is_room_again(
        state: Callable[[], Any], status: int, code: str, desk: Client, town: Town) -> None:
    before = Specimen.objects.count(), Entry.objects.count()

    with state():
        answer = desk.post("/api/v1/screening/scans", scans(town), content_type="application/json")
        in_between = Specimen.objects.count(), Entry.objects.count()

    assert (answer.status_code, answer.json()["refused"]) == (status, code)
    assert answer.headers["Retry-After"] == str(answer.json()["retry_after"])
    assert in_between == before
    for _twice in range(2):
        assert desk.post("/api/v1/screening/scans", scans(town), content_type="application/json").status_code == 200
    assert Specimen.objects.count() == before[0] + 300


@pytest.mark.parametrize(("state", "status", "code"), STATES)
def test_a_page_says_so_and_what_was_there_can_still_be_read(
        state: Callable[[], Any], status: int, code: str, desk: Client, town: Town) -> None:
    big = SimpleUploadedFile("roster.xlsx", b"x" * 400_000)

    with state():
        answer = desk.post(f"/parks/{town.park.uid}/import", {"file": big})
        read = desk.get(f"/parks/{town.park.uid}/enterprises")

    assert answer.status_code == status
    assert code in answer.content.decode() and "data-sentence" in answer.content.decode()
    assert answer.headers["Retry-After"] == "30"
    assert read.status_code == 200
    assert not Upload.objects.exists()


def test_a_database_that_cannot_be_written_gets_no_traffic() -> None:
    health.look_again()
    with read_only():
        answer = Client().get("/readyz")
    health.look_again()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json()["checks"]["writable"] == "the database is read-only"
    assert Client().get("/readyz").status_code == 200


def test_signing_in_to_a_database_that_only_reads_says_so_too(town: Town) -> None:
    """The session is written after the page was made: what breaks there speaks as well."""
    with read_only():
        answer = Client(raise_request_exception=False).post(
            "/sign-in", {"username": "lin", "password": "correct horse 9 staple"})

    assert answer.status_code == 503
    assert "web.storage_read_only" in answer.content.decode()


@pytest.mark.pure
@pytest.mark.parametrize(("reason", "kind"), [
    (OSError(errno.ENOSPC, "No space left on device"), StorageFull), (OSError(errno.EROFS, "read-only"), StorageReadOnly),
    (OSError(errno.ENOENT, "no such file"), None), (OperationalError("no such table"), None), (ValueError("x"), None),
    (None, None)])
def test_only_trouble_with_storage_is_called_so(reason: BaseException | None, kind: type | None) -> None:
    assert type(trouble_of(reason)) is (kind or type(None))


@pytest.mark.pure
def test_a_server_that_is_not_there_is_gone() -> None:
    import psycopg

    try:
        try:
            psycopg.connect("host=127.0.0.1 port=1 dbname=none connect_timeout=1")
        except psycopg.Error as told:
            raise OperationalError(str(told)) from told
    except OperationalError as reason:
        assert isinstance(trouble_of(reason), StorageGone)
