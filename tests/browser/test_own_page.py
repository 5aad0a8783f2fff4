"""A worker on his own phone, and a team leader with his whole team: each at 390 px, with one thumb."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser
A_PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_BYTES = 100 * 1024


def _people(page: Page, demo: Demo) -> list[str]:
    """The pages of the people on the park's list."""
    page.goto(f"{demo.address}/parks/{page.url.split('/parks/')[1].split('/')[0]}/people")
    links = page.locator("main a").evaluate_all("all => all.map(each => each.href)")
    return [each for each in links if re.search("/people/[0-9a-f-]{36}/$", each)]


@pytest.fixture
def link(sign_in: Callable[..., Page], demo: Demo) -> str:
    """The link to a worker's own page, as an officer makes it."""
    page = sign_in("officer")
    page.goto(f"{_people(page, demo)[0].rstrip('/')}/link")
    page.locator("form:has(select[name=days]) button").click()
    page.wait_for_load_state()
    return page.locator("input[data-copy]").input_value()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=A_PHONE, locale="zh-CN", has_touch=True)
    yield context
    context.close()


def test_two_taps_report_temperature_and_symptoms(link: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(link)

    page.locator(".chip", has_text="36.5").tap()
    page.locator("button[name=well]").tap()

    expect(page.locator("#messages")).to_contain_text("36.5")
    assert page.evaluate("document.documentElement.scrollWidth") <= A_PHONE["width"]


def test_a_fever_is_answered_at_once(link: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(link)

    page.locator("input[name=other]").fill("38.1")
    page.locator("button[name=well]").tap()

    expect(page.locator("#advice")).to_be_visible()
    expect(page.locator("section:has(#advice) a.call").first).to_have_attribute("href", re.compile("^tel:[0-9]+"))


def test_the_page_works_without_scripts(link: str, browser: Browser) -> None:
    context = browser.new_context(viewport=A_PHONE, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.locator(".chip", has_text="36.6").click()
    page.locator("button[name=well]").click()

    expect(page.locator("#messages")).to_contain_text("36.6")
    context.close()


def test_a_report_without_network_is_kept_and_sent_when_it_is_back(link: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(link)
    phone.set_offline(True)
    page.locator(".chip", has_text="36.4").tap()
    page.locator("button[name=well]").tap()
    expect(page.locator("#messages .say")).to_be_visible()

    phone.set_offline(False)

    expect(page.locator("#messages")).to_contain_text("36.4")


def test_the_whole_page_is_under_a_hundred_kilobytes(link: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    chromium = phone.new_cdp_session(page)
    chromium.send("Network.enable")
    loaded: list[float] = []
    hosts: list[str] = []
    chromium.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))
    chromium.on("Network.requestWillBeSent", lambda told: hosts.append(told["request"]["url"]))
    page.goto(link)
    page.wait_for_load_state("networkidle")

    assert 3 <= len(loaded) <= 10, hosts
    assert sum(loaded) < MOST_BYTES
    assert not [each for each in hosts if "tabler" in each or "htmx" in each]


def test_no_target_is_too_small_for_a_thumb(link: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(link)

    small = page.locator("main button:visible, main a:visible, main summary:visible, .chip:visible").evaluate_all(
        "all => all.filter(each => each.getBoundingClientRect().height < 44).map(each => each.textContent)")

    assert small == []


def test_a_leader_enters_his_whole_team_with_one_hand(sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("officer", **A_PHONE)
    park = page.url.split("/parks/")[1].split("/")[0]
    page.goto(f"{demo.address}/parks/{park}/teams/")
    page.locator("main a.matter").nth(2).click()
    page.wait_for_load_state()
    rows = page.locator("li.member")
    here = page.locator("li.member:has(input[value=here]:checked)")
    name = here.nth(1).locator("legend").inner_text().strip()
    left_out = rows.count() - here.count() + 1

    here.nth(0).locator("label.choice", has=page.locator("input[value=absent]")).click()
    other = page.locator("li.member", has_text=name)
    other.locator("summary").click()
    other.locator("input[inputmode=decimal]").fill("37,9")
    page.locator("input[name=measured]").check()
    page.locator("[data-send]").click()
    page.wait_for_load_state()

    expect(page.locator("li.member")).to_have_count(left_out)
    expect(page.locator("section:has(#alarms)")).to_contain_text(name)
    expect(page.locator("section:has(#alarms)")).to_contain_text("37.9")
    assert page.evaluate("document.documentElement.scrollWidth") <= A_PHONE["width"]


def test_an_officers_look_at_an_id_asks_why_and_the_worker_sees_it_on_his_page(
        link: str, sign_in: Callable[..., Page], demo: Demo, phone: BrowserContext) -> None:
    officer = sign_in("officer")
    officer.goto(_people(officer, demo)[0])
    asks = officer.locator("form:has(input[name=reason][required]):has(input[name=person])").first
    officer.locator("details.menu", has=asks).locator("summary").click()
    asks.locator("button").click()                                                 # without a reason nothing is shown
    expect(asks.locator("input[name=reason]")).to_be_focused()
    expect(officer.locator("[data-shown-once]")).to_have_count(0)
    asks.locator("input[name=reason]").fill("核对密接名单")
    asks.locator("button").click()
    expect(officer.locator("[data-shown-once]")).to_be_visible()

    page = phone.new_page()
    page.goto(f"{link}/kept")

    expect(page.locator("section:has(#looks)")).to_contain_text("核对密接名单")
    assert page.evaluate("document.documentElement.scrollWidth") <= A_PHONE["width"]
