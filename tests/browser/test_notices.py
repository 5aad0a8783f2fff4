"""A notice from an officer's desk to a worker's phone and back: written, opened by a thumb, confirmed, counted."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser
A_PHONE: ViewportSize = {"width": 390, "height": 844}


def _link_of_somebody(page: Page, park: str) -> str:
    page.goto(f"{park}/people")
    links = page.locator("main a").evaluate_all("all => all.map(each => each.href)")
    person = next(each for each in links if re.search("/people/[0-9a-f-]{36}/$", each))
    page.goto(f"{person.rstrip('/')}/link")
    page.locator("form:has(select[name=days]) button").click()
    page.wait_for_load_state()
    return page.locator("input[data-copy]").input_value()


def test_a_notice_is_written_read_and_confirmed(sign_in: Callable[..., Page], demo: Demo, browser: Browser) -> None:
    page = sign_in("officer")
    park = f"{demo.address}/parks/{page.url.split('/parks/')[1].split('/')[0]}"
    link = _link_of_somebody(page, park)
    page.goto(f"{park}/notices/new")
    page.locator("input[name=title_zh]").fill("关于返岗人员管理的通知")
    page.locator("textarea[name=text_zh]").fill("请各班组核对返岗名单。\n\n如有疑问请联系指挥部。")
    page.locator("input[name=must_acknowledge]").check()
    page.locator("button[hx-post]").click()
    expect(page.locator("#reached details")).to_be_visible()
    page.once("dialog", lambda asked: asked.accept())           # it cannot be taken back, and says so
    page.locator("button.btn-primary[form=write]").click()
    page.wait_for_url("**/reach")

    phone = browser.new_context(viewport=A_PHONE, locale="zh-CN", has_touch=True)
    try:
        own = phone.new_page()
        own.goto(link)
        own.locator("section:has(#notices) button").tap()
        expect(own.locator("h1")).to_have_text("关于返岗人员管理的通知")
        own.locator("button.main").tap()
        expect(own.locator("p.say.is-done")).to_be_visible()
        assert own.evaluate("document.documentElement.scrollWidth") <= A_PHONE["width"]
    finally:
        phone.close()
    page.goto(f"{page.url}?state=acknowledged")

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".notice-figures .is-here b")).to_have_text("1")
