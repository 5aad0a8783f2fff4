"""The server with its worker as processes: what is long holds nobody up, and nothing is lost when one of them dies."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import an_id
from tests.installed import installed

JIUGONG = str(Path(sys.executable).with_name("jiugong"))
TOP = Path(__file__).resolve().parent.parent
PREPARE = """
import json
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from jiugong.accounts.actions import create_token, create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.registry.actions.parks import create_park
from jiugong.rulebook.actions import adopt
from jiugong.screening.actions.points import set_up_point
from jiugong.screening.actions.rounds import open_round
from jiugong.screening.words import PointKind
from datetime import date
boss, now = operator(), clock.now()
park = create_park("长工园区", actor=boss)
adopt(park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=boss)
open_round(park, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=9), pool_size=20, actor=boss)
set_up_point(park, "东门", kind=PointKind.PUBLIC, actor=boss)
user = create_user("lin", name="林园", park=park, actor=boss, password="a long pass phrase")
grant(user, AccountRole.DUTY_OFFICER, park=park, actor=boss)
session = SessionStore()
session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "jiugong.accounts.backends.SignedInHere",
                "account_authentication_methods": [{"method": "mfa", "at": 0}], "account_authentication_methods_user": str(user.pk),
                HASH_SESSION_KEY: user.get_session_auth_hash()})
session.save()
print("TOLD " + json.dumps({"park": str(park.uid), "session": session.session_key,
                            "token": create_token(user, name="phone", park=park, actor=boss)}))
"""

TRY_OUT = """
import json, time
from django.db import connections
from jiugong.lib import progress
from jiugong.lib.acting import operator
from jiugong.registry.actions.parks import create_park
from jiugong.registry.actions.rosters import import_roster, preview_roster, read_roster_file
from jiugong.registry.models import Person, Unit
from tests.cast import Firm, a_roster
boss = operator()
park = create_park("预览园区", actor=boss)
content = a_roster(park.name, [Firm("预览家具有限公司", "第1网格", ["甲一", "乙二", "丙三"], 7)], [], base=300)
file = read_roster_file(content, name="r.xlsx", park=park, park_name=park.name, mapping={})
other, waited = connections.create_connection("default"), []
def write_beside(done, total):
    began = time.monotonic()
    with other.cursor() as cursor:
        cursor.execute("DELETE FROM django_session WHERE session_key = 'nobody'")
    waited.append(time.monotonic() - began)
with progress.told_to(write_beside):
    tried = preview_roster(park, file, actor=boss)
after = [Person.objects.filter(park=park).count(), Unit.objects.filter(park=park, kind="enterprise").count()]
taken = import_roster(park, file, actor=boss)
again = preview_roster(park, file, actor=boss)
print("TOLD " + json.dumps({"tried": tried.created_people, "after": after, "steps": len(waited), "waited": max(waited),
      "taken": taken.created_people, "again": [again.created_people, again.changed, again.unchanged]}))
"""


class Serving:
    """`jiugong serve` with its worker, as it stands on a park's machine."""

    def __init__(self, home: Path) -> None:
        self.environment = installed(home / "home") | {"JIUGONG_WORKER": "auto"}
        self.log, self.home = home / "serve.log", Path(self.environment["JIUGONG_HOME"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.told = json.loads(self.shell(PREPARE))
        with self.log.open("w") as out:
            self.server = subprocess.Popen([JIUGONG, "serve", "--bind", f"127.0.0.1:{self.port}"], env=self.environment,
                                           stdout=out, stderr=out)
        self.until(lambda: self.ask("GET", "/readyz")[2].get("checks", {}).get("worker") == "ok")

    def shell(self, script: str) -> str:
        """What a script tells that is run in this home."""
        done = subprocess.run([JIUGONG, "manage", "shell", "-c", script], env=self.environment | {"PYTHONPATH": str(TOP)},
                              check=False, capture_output=True, text=True, cwd=TOP)
        assert done.returncode == 0, done.stderr
        return done.stdout.rpartition("TOLD ")[2]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, str, dict[str, Any]]:
        """Status, where it leads, and what it says."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "Cookie": f"sessionid={getattr(self, 'told', {}).get('session', '')}"}
        if path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self.told['token']}"
        try:
            line.request(method, path, json.dumps(body) if body else None, headers)
            answer = line.getresponse()
            said = answer.read()
        except OSError:
            return 0, "", {}
        finally:
            line.close()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, answer.headers.get("Location", ""), json.loads(said) if is_json else {}

    def long_work(self, days: str = "from=2022-07-01&to=2022-07-21") -> str:
        """Ask for a brief that takes seconds; the number of its job."""
        status, where, _said = self.ask("GET", f"/parks/{self.told['park']}/brief/?{days}")
        assert (status, where[:6]) == (302, "/jobs/"), self.log.read_text()[-3000:]
        return where.removeprefix("/jobs/")

    def stage(self, job: str) -> str:
        return str(self.ask("GET", f"/api/v1/jobs/{job}")[2].get("stage"))

    def worker(self) -> int:
        return int((self.home / "worker" / "heard").read_text())

    def until(self, it_is_so: Callable[[], bool], seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not it_is_so():
            assert time.monotonic() < deadline, self.log.read_text()[-4000:]
            time.sleep(0.1)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    made = Serving(tmp_path_factory.mktemp("serving"))
    yield made
    made.server.terminate()
    made.server.wait(30)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_preview_of_a_roster_holds_up_nobody_who_writes(serving: Serving) -> None:
    """It is tried out while somebody else writes at each of its steps; what it says is what a yes then does."""
    told = json.loads(serving.shell(TRY_OUT))

    assert (told["tried"], told["after"], told["taken"]) == (3, [0, 0], 3)
    assert told["again"] == [0, 0, 3]
    assert told["steps"] == 5 and told["waited"] < 2


def test_a_slow_report_holds_up_no_scan(serving: Serving) -> None:
    """While a brief of many days is composed, scans go on being answered at once."""
    job = serving.long_work("from=2022-07-01&to=2022-08-08")
    serving.until(lambda: serving.stage(job) == "running")
    answered = 0
    while answered < 40 and serving.stage(job) == "running":
        status, _where, said = serving.ask("POST", "/api/v1/screening/scans", {"park": serving.told["park"], "scans": [
            {"scan_id": uuid4().hex, "round": 1, "tube": f"SY{answered // 10:04}", "point": "东门",
                 "resident_id": an_id(answered + 1)}]})
        assert (status, said["answers"][0]["status"]) == (200, "accepted"), said
        answered += 1

    assert answered > 10
    serving.until(lambda: serving.stage(job) == "done")


def test_a_worker_that_is_killed_in_the_middle_is_started_again_and_does_its_work(serving: Serving) -> None:
    job, first = serving.long_work(), serving.worker()
    serving.until(lambda: serving.stage(job) == "running")

    os.kill(first, signal.SIGKILL)

    serving.until(lambda: serving.stage(job) == "done")
    assert serving.worker() != first


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand(serving: Serving) -> None:
    job, first = serving.long_work("from=2022-07-02&to=2022-07-22"), serving.worker()
    serving.until(lambda: serving.stage(job) == "running")

    os.kill(first, signal.SIGTERM)

    serving.until(lambda: serving.stage(job) == "done")
    serving.until(lambda: not is_there(first))
    serving.until(lambda: (serving.home / "worker" / "heard").exists())           # its keeper has started the next one


def test_the_worker_ends_with_its_server_however_that_ended(serving: Serving) -> None:
    worker = serving.worker()

    serving.server.kill()

    serving.until(lambda: not is_there(worker))
    assert not (serving.home / "worker" / "heard").exists()
