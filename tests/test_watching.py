"""Whoever runs the server can see that it lives, what it does and what is wrong, and nobody's data while doing so."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from jiugong import health, logs, urls
from jiugong.lib import secrets
from jiugong.lib.sheets import read_workbook
from jiugong.lib.tls_files import SERVER_LOG
from jiugong.registry.models import Person
from tests.cast import Town, a_phone, an_id

DIRTY = Path(__file__).parent / "data" / "roster-dirty.xlsx"
BADGE = "0123456789AB.CDEFGHJKMNPQ"


@login_not_required
def breaking(request: HttpRequest, how: str) -> HttpResponse:
    """A mistake of ours that holds what somebody entered in its words, its values and its SQL."""
    name, number = request.GET["name"], request.GET["number"]
    if how == "key":
        return HttpResponse(dict[str, str]()[name + number])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM registry_person WHERE name = %s AND remark = %s", [name, number])
    return HttpResponse()


urlpatterns = [path("breaking/<str:how>", breaking, name="breaking"), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What stands on stderr."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Lines())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.fixture(autouse=True)
def looked_at_afresh() -> Iterator[None]:
    health.look_again()
    yield
    health.look_again()


# --- alive and ready --------------------------------------------------------------------------------------------------

def test_alive_asks_the_database_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_ready_says_of_each_thing_that_it_is_well(db: None) -> None:
    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert {answer.json()["checks"][name] for name in health.NEEDED} == {"ok"}


def test_ready_looks_once_however_often_it_is_asked(db: None, django_assert_num_queries: Any) -> None:
    Client().get("/readyz")

    with django_assert_num_queries(0):
        for _again in range(20):
            assert Client().get("/readyz").status_code == 200


def test_without_its_keys_it_gets_no_traffic_and_no_path_is_told(db: None, settings: Any, tmp_path: Path) -> None:
    usual, settings.KEY_RING_FILE = settings.KEY_RING_FILE, tmp_path / "nothing-here.json"
    secrets.keep_keys_in(settings.KEY_RING_FILE)
    try:
        answer = Client().get("/readyz")
    finally:
        secrets.keep_keys_in(usual)

    assert answer.status_code == 503
    assert answer.json()["checks"]["keys"] == "keys are missing"
    assert str(settings.HOME) not in answer.content.decode()


# --- metrics ----------------------------------------------------------------------------------------------------------

def test_a_request_is_counted_by_its_view_and_never_by_its_address(town: Town, this_morning: Any) -> None:
    client = Client()
    client.force_login(town.users["lin"])
    client.get(f"/parks/{town.park.uid}/people", {"q": "吴强"})
    client.get(f"/me/{BADGE}")

    told = client.get("/metrics").content.decode()

    assert re.search(r'jiugong_requests_total\{method="GET",status="200",view="people"\} [1-9]', told)
    assert re.search(r'jiugong_database_queries_total\{view="people"\} [1-9]', told)
    assert "jiugong_request_seconds_bucket" in told and "jiugong_disk_free_bytes" in told
    assert str(town.park.uid) not in told and BADGE not in told and "吴强" not in told


@pytest.mark.parametrize(("headers", "address", "status"), [
    ({}, "127.0.0.1", 200), ({}, "::1", 200), ({}, "10.0.0.7", 404),
    ({"X-Forwarded-For": "10.0.0.7"}, "127.0.0.1", 404),
    ({"Authorization": "Bearer right"}, "10.0.0.7", 200), ({"Authorization": "Bearer wrong"}, "10.0.0.7", 404),
    ({"Authorization": "Bearer wrong"}, "127.0.0.1", 404)])
def test_metrics_open_to_this_machine_or_with_the_token(headers: dict[str, str], address: str, status: int, db: None,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUGONG_METRICS_TOKEN", "right")

    assert Client().get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


def test_without_a_token_no_other_machine_reads_them(db: None) -> None:
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="10.0.0.7").status_code == 404


@pytest.mark.pure
# --- the log ----------------------------------------------------------------------------------------------------------

def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line(town: Town, this_morning: Any, log: StringIO) -> None:
    client = Client()
    client.force_login(town.users["lin"])

    answer = client.get(f"/parks/{town.park.uid}/people", {"q": "吴强"}, headers={"X-Request-ID": "phone-7.scan-0001"})

    (line,) = lines(log)
    assert answer.headers["X-Request-ID"] == line["request"] == "phone-7.scan-0001"
    assert line["event"] == "request" and line["level"] == "info" and line["ms"] >= 0 and line["queries"] > 0
    assert (line["view"], line["method"], line["status"]) == ("people", "GET", 200)
    assert line["user"] == f"user:{town.users['lin'].pk}" and line["park"] == str(town.park.uid)


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space here", "<script>alert(1)", "line\tbreak-12345"])
def test_a_number_that_is_not_sane_is_not_taken_over(given: str, db: None) -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": given})

    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


@pytest.mark.pure
@pytest.mark.parametrize(("secret", "stays"), [
    (an_id(5), "is bad"), (an_id(5)[:-1] + "x", "is bad"), (a_phone(5), "rang"), (BADGE, "opened"), (BADGE.lower(), "opened"),
    ("Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo", "came"), ("postgresql://jg:hush@db/jiugong", "went")])
def test_what_could_be_somebodys_number_or_code_is_masked(secret: str, stays: str) -> None:
    assert logs.masked(f"x={secret}; {stays}") == f"x=…{'' if '//' in secret else ';'} {stays}"


@pytest.mark.pure
@pytest.mark.parametrize("harmless", ["20220722083000", "1658451600", "2022-07-22T00:42:00.123+00:00", "screening.round_unknown",
                                      "0b7f7a4e-9a3f-4d5c-8f3e-2f1d7f0f7c11", "test_every_page_opens_to_exactly_those_in_its_row"])
def test_what_is_nobodys_stays(harmless: str) -> None:
    assert logs.masked(harmless) == harmless


def test_a_busy_morning_leaves_nobodys_data_in_the_log(town: Town, this_morning: Any, log: StringIO, settings: Any) -> None:
    """A dirty roster, scans, a search, a wrong code, errors of ours: by bytes, nobody of the file stands in the log."""
    settings.ROOT_URLCONF = "tests.test_watching"
    client = Client(raise_request_exception=False)
    client.force_login(town.users["lin"])
    here = f"/parks/{town.park.uid}"
    person = Person.objects.get(park=town.park, name="吴强")
    with DIRTY.open("rb") as file:
        preview = client.post(f"{here}/import", {"file": file}).headers["Location"]
    client.get(preview)
    client.post(preview, {"answer": "yes", "bad_rows": "report"})
    client.get(f"{here}/people", {"q": "吴强"})
    client.post(f"{here}/people/show-number", {"person": str(person.uid), "reason": f"call {a_phone(1)}"})
    client.post("/api/v1/screening/scans", {"park": str(town.park.uid), "scans": [
        {"scan_id": "morning-1", "round": 1, "tube": "SY0001", "resident_id": an_id(1), "point": "吴强"}]},
        content_type="application/json")
    client.get(f"/me/{BADGE}")
    client.get(f"/nowhere/{an_id(2)}/吴强")
    statuses = [client.get(f"/breaking/{how}", {"name": "吴强", "number": an_id(1)}).status_code for how in ("key", "sql")]
    logging.getLogger("elsewhere").warning("could not read %s, %s", "吴强", a_phone(3))

    said = log.getvalue()
    cells = {str(cell) for sheet in read_workbook(DIRTY.read_bytes(), name=DIRTY.name) for row in sheet.rows for cell in row}
    names_and_numbers = {cell for cell in cells if re.search(r"\d{11}|[\u4e00-\u9fff]", cell)}
    assert statuses == [500, 500]
    assert len(names_and_numbers) > 50 and {"import-preview", "breaking", "api"} & {line.get("view") for line in lines(log)}
    assert [cell for cell in {*names_and_numbers, "吴强", an_id(1), an_id(2), a_phone(1), a_phone(3), BADGE} if cell in said] == []
    broken = [line for line in lines(log) if "error" in line]
    assert [line["error"][0]["kind"] for line in broken][0] == "builtins.KeyError"
    assert all(any("breaking" in way for way in line["error"][0]["at"]) for line in broken)


@pytest.mark.pure
def test_a_line_for_people_says_the_same() -> None:
    record = logging.LogRecord("jiugong.request", logging.INFO, "", 0, "request", None, None)
    record.told = {"view": "people", "status": 200}

    assert logs.Lines(as_json=False).format(record).endswith("info    request view=people status=200")


# --- the door of the house --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_who_sends_something_to_an_address_that_only_tells_hears_405(address: str, db: None) -> None:
    assert Client(enforce_csrf_checks=True).post(address).status_code == 405


@pytest.mark.parametrize("host", ["example.org", "a b"])
def test_a_name_that_is_not_ours_is_answered_with_what_to_set(host: str) -> None:
    for language, word in (("en", "adds the name"), ("zh-hans", "JIUGONG_ALLOWED_HOSTS")):
        asking = Client(headers={"accept-language": language, "host": host})
        page, program = asking.get("/healthz"), asking.get("/api/v1/registry/parks")
        assert page.status_code == program.status_code == 400
        assert word in page.content.decode() and word in program.json()["message"]
        assert program.json()["refused"] == "web.foreign_host"


SERVER_SAYS = """
import json, logging.config, sys
logging.config.dictConfig(json.load(open(sys.argv[1])))
assert "django" not in sys.modules                  # the parent process stays small
try:
    raise ValueError("13900000000")
except ValueError:
    logging.getLogger("_granian").exception("Application callable raised an exception for %s", "13900000000")
"""


@pytest.mark.pure
def test_the_servers_own_lines_have_the_same_shape_and_nobodys_data(monkeypatch: pytest.MonkeyPatch) -> None:
    said = subprocess.run([sys.executable, "-c", SERVER_SAYS, SERVER_LOG], capture_output=True, text=True, check=True)
    line = json.loads(said.stderr)

    assert (line["level"], line["event"], line["error"][0]["kind"]) == ("error", "_granian", "builtins.ValueError")
    assert "1390" not in said.stderr
    monkeypatch.setenv("JIUGONG_LOG", "text")
    assert not logs.ServerLines().format(logging.makeLogRecord({"name": "_granian", "msg": "x"})).startswith("{")
