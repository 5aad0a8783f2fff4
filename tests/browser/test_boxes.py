"""A box on a phone, and a paper sheet by keyboard alone: read codes, lose the network for a moment, sign, enter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def _type(page: Page, code: str) -> None:
    page.fill("#reader-code", code)
    page.keyboard.press("Enter")


def test_tubes_go_into_a_box_also_when_the_network_fails_for_a_moment(sign_in: Callable[..., Page]) -> None:
    page = sign_in("scanner", width=390, height=844, language="en-US")
    page.goto(page.url.replace("/scan", "/boxes").split("?")[0])
    page.fill("[name=code] >> nth=1", "BX-1")
    page.select_option("[name=point]", index=1)
    page.click("form[method=post] button:has-text('Open a box')")
    expect(page.locator("h1")).to_contain_text("BX-1")

    _type(page, "ZZ000001")
    expect(page.locator("#packed")).to_have_text("1")
    page.context.set_offline(True)
    _type(page, "ZZ000002")
    expect(page.locator("#tube-rows tr").nth(1)).to_contain_text("trying again")
    page.context.set_offline(False)
    expect(page.locator("#packed")).to_have_text("2", timeout=20_000)
    _type(page, "ZZ000002")
    expect(page.locator("#said")).to_contain_text("ZZ000002 · 2")
    expect(page.locator("#inside")).to_have_text("2")
    _type(page, "ZZ000003")
    page.get_by_role("button", name="Take tube ZZ000003 out").click()
    expect(page.locator("#inside")).to_have_text("2")
    expect(page.locator("#tube-rows")).not_to_contain_text("ZZ000003")

    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#sealing button")
    expect(page.locator("#give")).to_be_visible()
    expect(page.locator("[name=gave]")).to_have_value("2")
    page.click("button:has-text('Hand over')")
    expect(page.locator(".custody")).to_contain_text("waits to be received")


def test_a_receiver_scans_what_he_got_and_what_is_missing_is_named(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", width=390, height=844, language="en-US")
    page.goto(page.url.rstrip("/").split("?")[0] + "/boxes")
    _type(page, "BX-1")
    expect(page.locator("#receive")).to_be_visible()
    for code in ("ZZ000001", "ZZ000001", "ZZ000009"):
        _type(page, code)
    expect(page.locator("[name=counted]")).to_have_value("2")

    page.click("button:has-text('Received at the laboratory')")

    expect(page.locator(".custody")).to_contain_text("missing: ZZ000002")
    expect(page.locator(".custody")).to_contain_text("too many: ZZ000009")


def test_a_sheet_is_entered_without_a_mouse(sign_in: Callable[..., Page]) -> None:
    page = sign_in("scanner", language="en-US")
    page.goto(page.url.split("?")[0] + "/paper")
    page.select_option("[name=point]", index=1)
    page.focus("[name=tube]")
    page.keyboard.type("PAPER-1")
    for _field in range(5):                                       # moment, round, point, sampler; then the first line
        page.keyboard.press("Enter") if page.evaluate("document.activeElement.tagName") == "INPUT" else page.keyboard.press("Tab")
    expect(page.locator("#line-1")).to_be_focused()
    for name in ("Nobody at all", "Nobody else"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(page.locator("#result")).to_contain_text("Not all of it")
    expect(page.locator("#line-2")).to_have_value("Nobody else")
    expect(page.locator("#told li")).to_have_count(2)
    expect(page.locator("#told li").first).to_contain_text(re.compile("not on the roster"))
