"""A duty officer on a phone: led to set up a passkey, shown codes on paper, and from then on in with a finger alone."""

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import JIUGONG, Demo, _wait_until_alive
from tests.installed import SQLITE, installed
from tests.test_tls import free_port

pytestmark = pytest.mark.browser
PASSWORD = "correct horse 9 staple"
FINGER = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
          "automaticPresenceSimulation": True}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A real server under the one name that browsers trust without https."""
    port = free_port()
    environment = installed(tmp_path_factory.mktemp("passkey"), on=SQLITE)
    served = Demo(f"http://localhost:{port}", environment, park="东园区")
    subprocess.run([JIUGONG, "user", "add", "lin", "--name", "林园", "--role", "duty_officer", "--park", served.park,
                    "--create-park"], env=environment, input=PASSWORD + "\n", text=True, check=True, capture_output=True)
    log = tmp_path_factory.mktemp("passkey-log") / "serve.log"
    with log.open("w") as out:
        server = subprocess.Popen([JIUGONG, "serve", "--bind", f"127.0.0.1:{port}"], env=environment, stdout=out, stderr=out)
    try:
        _wait_until_alive(served, server, log)
        yield served
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone of 390 px whose finger is always the right one."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en", has_touch=True, is_mobile=True)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    yield page
    context.close()
    assert not wrong, wrong


def test_a_duty_officer_sets_up_a_passkey_and_signs_in_with_it_alone(phone: Page, house: Demo) -> None:
    page = phone
    page.goto(f"{house.address}/sign-in")
    page.fill("[name=username]", "lin")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_text("a password alone is not enough")).to_be_visible()          # led here, before any other page
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator(".paper-codes li")).to_have_count(10)
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url("**/parks/**")

    page.locator("summary[aria-label^='You']").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/parks/**")
    page.goto(f"{house.address}/my/sessions")
    expect(page.get_by_text("this one")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
