"""A worker checks in with his own phone at a door whose code changes: by a photo of the screen, with and without a network."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_own_page import A_PHONE, _people

pytestmark = pytest.mark.browser


@pytest.fixture
def link(sign_in: Callable[..., Page], demo: Demo) -> str:
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


@pytest.fixture
def screen(sign_in: Callable[..., Page], demo: Demo, browser: Browser) -> Iterator[Page]:
    """The screen at the door, where nobody is signed in: an officer hung the code and opened its address there."""
    page = sign_in("officer")
    page.goto(f"{demo.address}/parks/{page.url.split('/parks/')[1].split('/')[0]}/venues")
    page.locator("input[name=name]").fill("一号楼会议室")
    page.locator("select[name=seconds]").select_option("300")
    page.locator("form:has(input[name=name]) button.btn-primary").click()
    address = page.locator("a.btn-primary[target=_blank]").get_attribute("href")
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="zh-CN")
    shown = context.new_page()
    shown.goto(address or "")
    expect(shown.locator(".qr svg")).to_be_visible()
    yield shown
    context.close()


def test_a_photo_of_the_screen_checks_in_and_the_button_checks_out(screen: Page, link: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{link}/check-in")

    page.locator("input[data-photo]").set_input_files(
        {"name": "door.png", "mimeType": "image/png", "buffer": screen.screenshot()})

    expect(page.locator("#messages")).to_contain_text("一号楼会议室")
    expect(page.locator("#here")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= A_PHONE["width"]
    page.locator("form[data-leave] button").tap()
    expect(page.locator("#messages")).to_contain_text("已离开")
    expect(page.locator("form[data-leave]")).to_have_count(0)


def test_without_an_answer_the_check_in_is_kept_and_sent_once(screen: Page, link: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{link}/check-in")
    phone.route("**/check-ins", lambda route: route.abort())
    page.locator("input[data-photo]").set_input_files(
        {"name": "door.png", "mimeType": "image/png", "buffer": screen.screenshot()})
    expect(page.locator("#messages .say")).to_contain_text("没有网络")

    phone.unroute("**/check-ins")

    expect(page.locator("#messages")).to_contain_text("一号楼会议室")
    expect(page.locator("form[data-leave]")).to_have_count(1)


def test_a_code_that_is_none_of_ours_says_what_to_do(link: str, phone: BrowserContext, demo: Demo) -> None:
    page = phone.new_page()
    page.goto(f"{demo.address}/v/V1.0000000000AA.1.AAAAAAAAAAAA")

    expect(page.locator("h1")).to_have_text("未登记成功")
    assert page.evaluate("document.documentElement.scrollWidth") <= A_PHONE["width"]
