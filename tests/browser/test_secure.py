"""What a phone's browser makes of our authority, and what a page says that came without https."""

import base64
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from jiugong.lib.tls_files import LOCAL, Files
from tests.browser.conftest import JIUGONG, QUIET
from tests.installed import SQLITE, installed
from tests.test_tls import free_port, until_open

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME = "park.test"                                   # a name is never secure by itself, as 127.0.0.1 is
CAN = """async () => ({secure: isSecureContext, camera: !!navigator.mediaDevices, seals: !!crypto.subtle,
                       worker: !!navigator.serviceWorker && !!await navigator.serviceWorker.register('/sw.js')})"""


@pytest.fixture(scope="module")
def playing() -> Iterator[Playwright]:
    with sync_playwright() as playing:
        yield playing


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str, Path]]:
    """One server over TLS with its plain port, and one without TLS at all, of the same home: their ports, and the certificate."""
    environment = installed(tmp_path_factory.mktemp("secure"), on=SQLITE)
    secure, plain, bare = free_port(), free_port(), free_port()
    started = [subprocess.Popen([JIUGONG, "serve", *words], env=environment | more, stdout=subprocess.DEVNULL) for words, more in (
        (("--tls", "--name", NAME, "--bind", f"127.0.0.1:{secure}", "--http-port", plain), {}),
        (("--bind", f"127.0.0.1:{bare}"), {"JIUGONG_ALLOWED_HOSTS": f"127.0.0.1,{NAME}"}))]
    try:
        until_open(started[0], secure, plain)
        until_open(started[1], bare)
        yield secure, plain, bare, Files(Path(environment["JIUGONG_HOME"]) / "keys" / "tls").served(LOCAL)
    finally:
        for each in started:
            each.terminate()
            each.wait(20)


@pytest.fixture
def opened(playing: Playwright, chromium: str) -> Iterator[Callable[..., Page]]:
    """Open an address on a phone that trusts this certificate, or none of ours; every name is this machine."""
    running: list[Any] = []

    def opened(address: str, *, trusting: Path | None = None) -> Page:
        words = [*QUIET, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        if trusting:
            key = x509.load_pem_x509_certificate(trusting.read_bytes()).public_key()
            mark = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
            words.append(f"--ignore-certificate-errors-spki-list={base64.b64encode(mark).decode()}")
        running.append(playing.chromium.launch(executable_path=chromium, args=words))
        page: Page = running[-1].new_context(viewport={"width": 390, "height": 844}, locale="en").new_page()
        page.goto(address)
        return page
    yield opened
    for each in running:
        each.close()


def test_a_phone_that_installed_the_authority_may_scan_and_start_offline(servers: Any, opened: Callable[..., Page]) -> None:
    secure, plain, _bare, certificate = servers
    page = opened(f"http://{NAME}:{plain}/install", trusting=certificate)

    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("This device trusts the server now.")).to_be_visible()
    page.get_by_role("link", name="Open Jiugong").click()

    page.wait_for_url(f"https://{NAME}:{secure}/**")
    assert page.evaluate(CAN) == {"secure": True, "camera": True, "seals": True, "worker": True}
    expect(page.locator("#insecure")).to_be_hidden()


def test_a_phone_that_did_not_is_told_so(servers: Any, opened: Callable[..., Page]) -> None:
    page = opened(f"http://{NAME}:{servers[1]}/install")

    page.get_by_role("button", name="Check").click()

    expect(page.get_by_text("Not yet.")).to_be_visible()
    expect(page.get_by_text("This device trusts the server now.")).to_be_hidden()


def test_a_page_without_https_says_what_does_not_work_until_it_is_closed_and_then_in_one_line(
        servers: Any, opened: Callable[..., Page]) -> None:
    page = opened(f"http://{NAME}:{servers[2]}/sign-in")
    banner, sentence = page.locator("#insecure"), page.get_by_text("It came without https.")

    expect(sentence).to_be_visible()
    assert page.evaluate("isSecureContext") is False
    banner.locator("summary").click()
    expect(sentence).to_be_hidden()
    page.reload()
    expect(banner.locator("summary")).to_be_visible()
    expect(sentence).to_be_hidden()
    page.goto(f"http://127.0.0.1:{servers[2]}/sign-in")
    expect(banner).to_be_hidden()                                      # this machine by itself is secure
