"""The front of the house: a real `jiugong serve`, spoken to as phones, browsers and crowds speak to it.

Long because each way past the front is told once: the short way for scans, the long way, and the plain word to the crowd.
"""

import asyncio
import http.client
import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from jiugong.bridge import LARGEST_PLAIN, Incoming, Intake, TooLarge, TooSlow
from jiugong.front import not_now
from tests.installed import installed

JIUGONG = str(Path(sys.executable).with_name("jiugong"))
PREPARE = """
import json
from datetime import timedelta
from jiugong.accounts.actions import create_token, create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.actions.parks import create_park
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.actions.rounds import open_round
from jiugong.screening.words import PointKind
boss, now = operator(), clock.now()
park = create_park("甲园", actor=boss)
open_round(park, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=9), pool_size=20, actor=boss)
set_up_point(park, "东门", kind=PointKind.PUBLIC, actor=boss)
told = {"park": str(park.uid)}
for name, role in (("shu", AccountRole.SCANNER), ("lin", AccountRole.DUTY_OFFICER), ("zhou", AccountRole.LEADER)):
    user = create_user(name, name=name, park=park, actor=boss, password="a long pass phrase")
    grant(user, role, park=park, actor=boss)
    told[name] = create_token(user, name="front", park=park, actor=boss)
    told[name + "_pk"] = user.pk
print("TOLD " + json.dumps(told))
"""
SCANS = "/api/v1/screening/scans"
Heard = tuple[int, dict[str, str], bytes]                    # status, headers, body


@dataclass
class Served:
    """An installation of its own that is being served."""

    port: int
    environment: dict[str, str]
    told: dict[str, Any]

    def ask(self, method: str, path: str, body: Any = None, *, token: str = "", **headers: str) -> Heard:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if isinstance(body, dict):
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        line.request(method, path, body, sent)
        answer = line.getresponse()
        heard: dict[str, str] = {}
        for name, value in answer.getheaders():
            heard[name.lower()] = f"{heard[name.lower()]}, {value}" if name.lower() in heard else value
        told = answer.status, heard, answer.read()
        line.close()
        return told

    def scan(self, *scans: dict[str, Any], token: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
        headers = {name: value for name, value in more.items() if isinstance(value, str) and name[0].isupper()}
        body = {"park": "甲园", "scans": list(scans)} | {name: value for name, value in more.items() if name not in headers}
        status, _headers, said = self.ask("POST", SCANS, body, token=token or self.told["shu"], **headers)
        return status, json.loads(said)

    def sql(self, words: str) -> list[Any]:
        """What the database behind the server says, past the server."""
        url = self.environment.get("JIUGONG_DATABASE_URL")
        line: Any = psycopg.connect(url) if url else sqlite3.connect(f"{self.environment['JIUGONG_HOME']}/jiugong.sqlite3")
        with closing(line), line:
            asked = line.execute(words)
            return list(asked.fetchall()) if asked.description else []

    def kept(self) -> tuple[int, int]:
        """How many specimens there are, and how many different ones."""
        [counted] = self.sql("SELECT count(*), count(DISTINCT scan_id) FROM screening_specimen")
        return counted[0], counted[1]


def a_scan(**more: Any) -> dict[str, Any]:
    return {"scan_id": uuid4().hex, "round": 1, "tube": f"T{uuid4().hex[:8]}", "point": "东门", "lot": "冷链 1"} | more


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    environment = installed(tmp_path_factory.mktemp("front")) | {"JIUGONG_SIGN_IN_SECONDS": "1"}
    said = subprocess.run([JIUGONG, "manage", "shell", "-c", PREPARE], env=environment, check=True, capture_output=True, text=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with log.open("w") as out:
        server = subprocess.Popen([JIUGONG, "serve", "--bind", f"127.0.0.1:{port}"], env=environment, stdout=out, stderr=out)
    told = json.loads(next(line[5:] for line in said.stdout.splitlines() if line.startswith("TOLD ")))
    here = Served(port, environment, told)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if here.ask("GET", "/healthz")[0] == 200:
                break
        except OSError:
            time.sleep(0.2)
    assert server.poll() is None, log.read_text()
    yield here
    server.terminate()
    server.wait(20)


def remembered(served: Served) -> None:
    """Let the device in, so that what it sends next takes the short way."""
    assert served.scan(a_scan())[0] == 200


def test_a_scan_is_answered_alike_on_the_long_way_and_on_the_short_one(served):
    time.sleep(1.1)
    first, again = a_scan(), a_scan()

    long_status, long_way = served.scan(first)
    short_status, short_way = served.scan(again)

    assert (long_status, short_status) == (200, 200)
    for told, sent in ((long_way, first), (short_way, again)):
        [answer] = told["answers"]
        assert (answer["scan_id"], answer["status"], answer["tube"]) == (sent["scan_id"], "accepted", sent["tube"])
    assert long_way.keys() == short_way.keys()
    assert long_way["answers"][0].keys() == short_way["answers"][0].keys()


def test_the_same_scan_by_both_ways_is_one_specimen(served):
    scan = a_scan()
    served.scan(scan)
    remembered(served)

    [[first], [second]] = [served.scan(scan)[1]["answers"], served.scan(scan)[1]["answers"]]

    assert (first["status"], second["status"]) == ("repeat", "repeat")


def test_rows_without_shape_are_refused_alone_on_the_short_way(served):
    remembered(served)

    status, told = served.scan(a_scan(), {"scan_id": "x"}, a_scan(sampled_at="yesterday"), a_scan())

    assert status == 200
    assert [answer["status"] for answer in told["answers"]] == ["accepted", "refused", "refused", "accepted"]
    assert {answer["code"] for answer in told["answers"][1:3]} == {"screening.scan_misshapen"}


def test_sentences_come_in_the_language_of_the_device_on_the_short_way(served):
    remembered(served)

    said = {}
    for language in ("zh-CN", "en"):
        _status, told = served.scan(a_scan(round=99), Accept_Language=language)
        said[language] = told["answers"][0]["message"]

    assert "has no round 99" in said["en"]
    assert "99" in said["zh-CN"] and "has no round" not in said["zh-CN"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"park": "\\ud800", "scans": []}', '{"park": "没有这个园", "scans": []}'.encode()])
def test_what_cannot_be_read_is_refused_by_the_long_way(served, body):
    remembered(served)

    status, _headers, told = served.ask("POST", SCANS, body, token=served.told["shu"], Content_Type="application/json")

    assert 400 <= status < 500
    assert "refused" in json.loads(told)


def test_too_many_scans_are_refused_whole(served):
    remembered(served)
    before = served.kept()

    status, told = served.scan(*[a_scan() for _each in range(501)])

    assert (status, told["refused"]) == (413, "screening.too_many_scans")
    assert served.kept() == before


def test_nobody_and_who_may_not_scan_are_refused_by_both_ways(served):
    for _way in range(2):
        status, told = served.scan(a_scan(), token="jg_wrong")
        assert (status, told["refused"]) == (401, "accounts.sign_in_first")
        status, told = served.scan(a_scan(), token=served.told["zhou"])
        assert (status, told["answers"][0]["code"]) == (200, "accounts.not_allowed")


def test_what_somebody_else_made_is_not_sent_in_ones_own_name(served):
    remembered(served)

    status, told = served.scan(a_scan(), X_Made_By="user:999999")

    assert status >= 400
    assert told["refused"] == "accounts.somebody_else"


def test_a_token_that_was_withdrawn_is_forgotten_within_its_seconds(served):
    assert served.scan(a_scan(), token=served.told["lin"])[0] == 200
    assert served.scan(a_scan(), token=served.told["lin"])[0] == 200

    served.sql(f"DELETE FROM accounts_token WHERE user_id = {served.told['lin_pk']}")
    time.sleep(1.1)

    assert served.scan(a_scan(), token=served.told["lin"])[0] == 401


def _signed_in(served: Served) -> tuple[str, str]:
    """A session by the sign-in page, as a browser does it: its cookies, and its CSRF token."""
    _status, headers, page = served.ask("GET", "/sign-in")
    csrf = re.search(r"csrftoken=([^;]+)", headers["set-cookie"])[1]                                  # type: ignore[index]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())[1]                # type: ignore[index]
    form = f"username=shu&password={quote('a long pass phrase')}&csrfmiddlewaretoken={token}"
    status, headers, _page = served.ask("POST", "/sign-in", form.encode(), Cookie=f"csrftoken={csrf}",
                                        Content_Type="application/x-www-form-urlencoded")
    assert status == 302
    cookies = dict(re.findall(r"(csrftoken|sessionid)=([^;]+)", headers["set-cookie"]))
    return "; ".join(f"{name}={value}" for name, value in cookies.items()), cookies["csrftoken"]


def test_a_session_scans_with_its_csrf_token_and_not_without_it_on_either_way(served):
    cookies, csrf = _signed_in(served)
    body = {"park": "甲园", "scans": [a_scan()]}

    with_token = [served.ask("POST", SCANS, body, Cookie=cookies, X_CSRFToken=csrf)[0] for _way in range(2)]
    without = [served.ask("POST", SCANS, body, Cookie=cookies)[0] for _way in range(2)]
    wrong = served.ask("POST", SCANS, body, Cookie=cookies, X_CSRFToken="x" * 32)[0]
    elsewhere = served.ask("POST", SCANS, body, Cookie=cookies, X_CSRFToken=csrf, Origin="http://evil.example")[0]

    assert with_token == [200, 200]
    assert without == [403, 403]
    assert (wrong, elsewhere) == (403, 403)


def test_whoever_signed_out_scans_no_more_at_once(served):
    cookies, csrf = _signed_in(served)
    body = {"park": "甲园", "scans": [a_scan()]}
    assert served.ask("POST", SCANS, body, Cookie=cookies, X_CSRFToken=csrf)[0] == 200

    served.ask("POST", "/sign-out", b"", Cookie=cookies, X_CSRFToken=csrf)

    assert served.ask("POST", SCANS, body, Cookie=cookies, X_CSRFToken=csrf)[0] in (401, 403)


def test_pages_and_files_come_through_the_front_unchanged(served):
    status, headers, page = served.ask("GET", "/sign-in", Accept_Language="en")
    assert status == 200
    assert b"Sign in" in page
    assert "content-security-policy" in headers
    css = re.search(rb'href="(/static/jiugong\.css[^"]*)"', page)[1].decode()                        # type: ignore[index]
    status, headers, file = served.ask("GET", css)
    assert (status, headers["content-type"].split(";")[0]) == (200, "text/css")
    assert len(file) > 1000
    assert served.ask("HEAD", "/sign-in")[0] == 200
    assert served.ask("HEAD", "/sign-in")[2] == b""
    assert served.ask("GET", f"/parks/{served.told['park']}/today")[0] in (301, 302, 404)


def test_an_address_with_chinese_signs_finds_its_tube(served):
    tube = f"甲园 试管/{uuid4().hex[:6]}"
    served.scan(a_scan(tube=tube))
    name = tube.replace(" ", "")

    address = f"/api/v1/screening/tubes/{quote(name)}?park={quote('甲园')}"
    status, _headers, told = served.ask("GET", address, token=served.told["shu"])

    assert status == 200, told
    assert json.loads(told)["tube"] == name


def test_more_than_the_house_takes_is_refused_before_it_is_read(served):
    line = socket.create_connection(("127.0.0.1", served.port))
    line.sendall(b"POST /api/v1/screening/files/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n")
    line.settimeout(10)

    heard = line.recv(2000)
    assert b" 413 " in heard
    assert json.loads(heard.partition(b"\r\n\r\n")[2])["refused"] == "web.too_large"


def test_a_row_with_an_impossible_number_is_refused_alone_on_both_ways(served):
    time.sleep(1.1)

    for _way in range(2):
        status, told = served.scan(a_scan(), a_scan(round=2**70), a_scan(position=2**70))
        assert status == 200
        assert [answer["status"] for answer in told["answers"]] == ["accepted", "refused", "refused"]


def test_whoever_hangs_up_in_the_middle_leaves_no_trace(served):
    for _each in range(5):
        line = socket.create_connection(("127.0.0.1", served.port))
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nhalf")
        line.close()

    assert served.ask("GET", "/healthz")[0] == 200


class Sender:
    """Who sends slowly, or without saying how much, as the server hands him over."""

    def __init__(self, *parts: bytes, pause: float = 0.0) -> None:
        self.parts, self.pause = parts, pause

    async def __call__(self) -> bytes:
        await asyncio.sleep(self.pause)
        return b"".join(self.parts)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            await asyncio.sleep(self.pause)
            yield part


def sent(**headers: str) -> Any:
    return SimpleNamespace(method="POST", path="/", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.pure
def test_a_header_that_only_resembles_the_proxys_is_not_taken_for_it():
    scope = SimpleNamespace(server="127.0.0.1:8000", client="127.0.0.1:5", method="GET", path="/", query_string="", scheme="http",
                            http_version="1.1", authority=None, headers={"x_forwarded_proto": "https", "x-made-by": "user:1"})

    environ = Incoming.of(scope, b"").environ

    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_X_MADE_BY"] == "user:1"


@pytest.mark.pure
@pytest.mark.parametrize(("size", "fits"), [(LARGEST_PLAIN - 1, True), (LARGEST_PLAIN, True), (LARGEST_PLAIN + 1, False)])
def test_what_carries_no_file_has_a_small_bound_whether_its_length_was_said_or_not(size, fits):
    body = b"x" * size
    for headers in ({"content_length": str(size)}, {}):
        reading = Intake().read(sent(**headers), Sender(body[:1000], body[1000:]))
        if fits:
            assert len(asyncio.run(reading)) == size
        else:
            with pytest.raises(TooLarge):
                asyncio.run(reading)


@pytest.mark.pure
def test_nobody_is_waited_for_longer_than_patience_lasts():
    with pytest.raises(TooSlow):
        asyncio.run(Intake(patience=0.05).read(sent(content_length="4"), Sender(b"late", pause=5)))


A_FILE = {"content_type": "multipart/form-data; boundary=x"}
A_MEGABYTE = 1024 * 1024
ROOM_FOR_FIVE = 5 * A_MEGABYTE + 100


@pytest.mark.pure
@pytest.mark.parametrize("said", [{"content_length": str(A_MEGABYTE)}, {}])
def test_all_files_together_have_a_bound_until_they_are_answered_whether_their_length_was_said_or_not(said):
    async def crowd() -> tuple[list[Any], Any]:
        intake, file, parts = Intake(room=ROOM_FOR_FIVE), sent(**said, **A_FILE), [bytes(A_MEGABYTE // 8)] * 8
        outcomes = [await asyncio.gather(intake.read(file, Sender(*parts)), return_exceptions=True) for _each in range(7)]
        for body in (outcome for outcome, in outcomes if isinstance(outcome, bytes)):
            intake.answered(file, body)
        return [outcome for outcome, in outcomes], await intake.read(file, Sender(*parts))

    outcomes, afterwards = asyncio.run(crowd())

    assert [isinstance(outcome, TooSlow) for outcome in outcomes] == [False] * 5 + [True] * 2
    assert len(afterwards) == A_MEGABYTE


@pytest.mark.pure
def test_files_that_are_announced_and_do_not_come_keep_no_place_from_anybody():
    async def crowd() -> bytes:
        intake, file = Intake(room=ROOM_FOR_FIVE), sent(content_length=str(A_MEGABYTE), **A_FILE)
        slow = [asyncio.create_task(intake.read(file, Sender(b"x", pause=5))) for _each in range(50)]
        await asyncio.sleep(0)
        try:
            return await intake.read(file, Sender(b"file")) + await intake.read(sent(content_length="4"), Sender(b"scan"))
        finally:
            for each in slow:
                each.cancel()

    assert asyncio.run(crowd()) == b"filescan"


@pytest.mark.pure
def test_files_take_no_place_from_a_scan():
    async def crowd() -> bytes:
        intake, file = Intake(room=ROOM_FOR_FIVE), sent(**A_FILE)
        for _each in range(5):
            await intake.read(file, Sender(bytes(A_MEGABYTE)))
        with pytest.raises(TooSlow):
            await intake.read(file, Sender(bytes(A_MEGABYTE)))
        return await intake.read(sent(content_length="4"), Sender(b"scan"))

    assert asyncio.run(crowd()) == b"scan"


def test_many_at_once_are_each_kept_exactly_once(served):
    remembered(served)
    before = served.kept()[0]
    scans = [a_scan(tube=f"M{at % 7}") for at in range(60)]
    answered: list[tuple[int, Any]] = []

    with ThreadPoolExecutor(24) as crowd:
        answered += crowd.map(lambda scan: served.scan(scan | {"tube": f"{scan['tube']}-{scan['scan_id'][:1]}"}), scans * 3)

    statuses = Counter(told["answers"][0]["status"] for status, told in answered if status == 200)
    assert statuses["accepted"] + statuses["repeat"] == sum(status == 200 for status, _told in answered)
    assert {status for status, _told in answered} <= {200, 429}
    count, distinct = served.kept()
    assert count - before == statuses["accepted"] == 60
    assert count == distinct


def test_whom_the_pages_cannot_serve_now_is_told_when_to_come_again(served):
    def ask(_each: int) -> Heard:
        heard: Heard = served.ask("GET", "/sign-in", Accept_Language="en")
        return heard

    with ThreadPoolExecutor(120) as crowd:
        answers = list(crowd.map(ask, range(240)))

    served_pages = [each for each in answers if each[0] == 200]
    told = [each for each in answers if each[0] == 429]
    assert len(served_pages) + len(told) == 240
    assert served_pages
    for _status, headers, page in told:
        assert 1 <= int(headers["retry-after"]) <= 3
        assert b"come again" in page


def test_what_is_scanned_is_counted_on_both_ways(served):
    def counted() -> float:
        _status, _headers, text = served.ask("GET", "/metrics")
        found = re.search(rb'jiugong_scans_total\{code="",status="accepted"\} ([0-9.e+]+)', text)
        return float(found[1]) if found else 0.0

    before = counted()
    time.sleep(1.1)
    served.scan(a_scan())
    served.scan(a_scan(), a_scan())

    assert counted() - before == 3


@pytest.mark.pure
@pytest.mark.parametrize(("method", "path", "by_itself", "words"), [
    ("GET", "/parks/x/", True, "Nothing is lost"), ("POST", "/parks/x/excuses", False, "was not taken"),
    ("POST", "/api/v1/screening/scans", None, "Nothing is lost"), ("GET", "/api/v1/screening/rounds", None, "Nothing is lost")])
def test_the_plain_word_comes_again_by_itself_only_where_nothing_was_sent(method, path, by_itself, words):
    scope = SimpleNamespace(method=method, path=path, headers={"accept-language": "en-GB"})

    answered = not_now(scope)

    headers, body = dict(answered.headers), answered.body.decode()
    assert answered.status == 429
    assert 1 <= int(headers["retry-after"]) <= 3
    assert words in body
    if by_itself is None:
        assert json.loads(body)["refused"] == "web.busy"
    else:
        assert ("http-equiv" in body) is by_itself


@pytest.mark.pure
def test_the_plain_word_is_chinese_for_whoever_asks_for_nothing_else():
    assert "此刻来访太多" in not_now(SimpleNamespace(method="GET", path="/", headers={})).body.decode()
