"""The demonstration as its own process, and a real Chromium before it."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.installed import once_for_all_workers

JIUGONG = str(Path(sys.executable).with_name("jiugong"))
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
expect.set_options(timeout=30_000)                     # five seconds are little where others work, too; what holds costs nothing


@dataclass
class Demo:
    """A demonstration that is being served: its address, its home, its park."""

    address: str
    environment: dict[str, str]
    park: str = "宿州绿色家居产业园"

    def run(self, *words: str) -> str:
        done = subprocess.run([JIUGONG, *words], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def post(self, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.address}{path}", json.dumps(body).encode(), method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            said: dict[str, Any] = json.load(answer)
            return said


@pytest.fixture(scope="session")
def loaded() -> Path:
    """The demonstration's home as `make demo` loads it; each page of tests is served a copy of its own."""
    return once_for_all_workers("demonstration", _load) / "home"


def _load(folder: Path) -> None:
    environment = {**os.environ, "JIUGONG_HOME": str(folder / "home"), "JIUGONG_DEMO": "1"}
    environment.pop("JIUGONG_DATABASE_URL", None)
    subprocess.run([JIUGONG, "demo", "--load-only"], env=environment, check=True, capture_output=True)


@pytest.fixture(scope="module")
def demo(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration served on a free port, as `jiugong demo` does once it has loaded it: to load it again changes nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = shutil.copytree(loaded, tmp_path_factory.mktemp("demo") / "home")
    environment = {**os.environ, "JIUGONG_HOME": str(home), "JIUGONG_DEMO": "1"}
    environment.pop("JIUGONG_DATABASE_URL", None)
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with log.open("w") as out:
        server = subprocess.Popen([JIUGONG, "serve", "--bind", f"127.0.0.1:{port}"], env=environment, stdout=out, stderr=out)
    served = Demo(f"http://127.0.0.1:{port}", environment)
    try:
        _wait_until_alive(served, server, log)
        yield served
    finally:
        server.terminate()
        server.wait(20)


def _wait_until_alive(served: Demo, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{served.address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text())


@dataclass
class Desk(Demo):
    """A demonstration whose server is really stopped, as by a power cut, and started again on the same port and home."""

    port: int = 0
    server: subprocess.Popen[bytes] | None = None
    log: Path = Path("/dev/null")

    def start(self) -> None:
        if self.server and self.server.poll() is None:
            return
        with self.log.open("a") as out:
            self.server = subprocess.Popen([JIUGONG, "serve", "--bind", f"127.0.0.1:{self.port}"], env=self.environment,
                                           stdout=out, stderr=out, start_new_session=True)
        _wait_until_alive(self, self.server, self.log)

    def kill(self) -> None:
        if self.server and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(20)

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the database, read beside the server."""
        with closing(sqlite3.connect(f"file:{self.environment['JIUGONG_HOME']}/jiugong.sqlite3?mode=ro", uri=True)) as kept:
            return kept.execute(question, values).fetchall()


@pytest.fixture(scope="module")
def desk(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = shutil.copytree(loaded, tmp_path_factory.mktemp("desk") / "home")
    environment = {**os.environ, "JIUGONG_HOME": str(home), "JIUGONG_DEMO": "1"}
    environment.pop("JIUGONG_DATABASE_URL", None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = Desk(f"http://127.0.0.1:{port}", environment, port=port, log=tmp_path_factory.mktemp("log") / "serve.log")
    served.start()
    yield served
    served.kill()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as machine:
        opened = machine.chromium.launch(executable_path=chromium, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def sign_in(browser: Browser, demo: Demo) -> Iterator[Callable[..., Page]]:
    """Sign in with one click as one of the demonstration's people; fails on any script error or request to outside."""
    wrong: list[str] = []
    contexts = []

    def enter(who: str, *, width: int = 1440, height: int = 900, language: str = "zh-CN") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((demo.address, "data:", "blob:"))
                else wrong.append(f"request to outside: {request.url}"))
        page.goto(f"{demo.address}/sign-in")
        page.click(f"button[name=person][value={who}]")
        page.wait_for_load_state()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not wrong, wrong
