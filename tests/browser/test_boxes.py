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


def test_a_box_is_sealed_and_handed_over_without_a_network_and_its_receipt_waits_for_that(sign_in: Callable[..., Page]) -> None:
    giver = sign_in("scanner", width=390, height=844, language="en-US")
    giver.goto(giver.url.replace("/scan", "/boxes").split("?")[0])
    giver.fill("[name=code] >> nth=1", "BX-2")
    giver.select_option("[name=point]", index=1)
    giver.click("form[method=post] button:has-text('Open a box')")
    giver.evaluate("window.began = Date.now()")
    _type(giver, "ZZ000021")
    expect(giver.locator("#packed")).to_have_text("1")
    giver.wait_for_function("""async () => (await deviceStore.all('pages')).some(
        (page) => /boxes.[0-9]+$/.test(page.id) && page.keptAt > window.began)""")
    receiver = sign_in("officer", width=390, height=844, language="en-US")
    receiver.goto(receiver.url.rstrip("/").split("?")[0] + "/boxes")

    giver.context.set_offline(True)
    _type(giver, "ZZ000022")
    giver.on("dialog", lambda dialog: dialog.accept())
    giver.click("#sealing button")
    expect(giver.locator("[name=gave]")).to_have_value("2")
    giver.reload()
    expect(giver.locator("[name=gave]")).to_have_value("2")
    giver.click("button:has-text('Hand over')")
    expect(giver.locator("#outbox [data-part=trouble]")).to_contain_text("3")
    receiver.fill("#receive-code", "BX-3")                       # mistyped: nobody will ever hand that over
    receiver.fill("[name=counted]", "2")
    receiver.click("button:has-text('Received at the laboratory')")
    receiver.click("#outbox [data-decide]")
    expect(receiver.locator("#outbox [data-part=refused-list] li")).to_contain_text("BX-3")
    receiver.locator("#outbox [data-let-go]").click()
    receiver.locator("#outbox dialog select").select_option("entered_wrongly")
    receiver.locator("#outbox dialog .btn-primary").click()
    expect(receiver.locator("#receiving button").first).to_be_enabled()
    receiver.fill("#receive-code", "BX-2")
    receiver.fill("[name=counted]", "2")
    receiver.click("button:has-text('Received at the laboratory')")
    expect(receiver.locator("#outbox [data-part=notyet]")).to_contain_text("1")
    expect(receiver.locator("#outbox [data-part=refused]")).to_be_hidden()
    giver.context.set_offline(False)
    expect(giver.locator(".custody")).to_contain_text("waits to be received", timeout=20_000)
    receiver.evaluate("outbox.wake(true)")

    expect(receiver.locator("#messages")).to_contain_text("both counts agree", timeout=20_000)
    giver.reload()
    expect(giver.locator(".custody")).to_contain_text("received 2 at the laboratory")


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


@pytest.mark.parametrize(("who", "sees"), [("courier", ("YS02", "YS03")), ("laboratory", ("YS01", "YS03"))])
def test_the_demonstration_has_boxes_on_their_way_and_hands_to_receive_them(
        sign_in: Callable[..., Page], who: str, sees: tuple[str, ...]) -> None:
    page = sign_in(who, language="en-US")
    page.goto(re.sub(r"(/parks/[^/]+)/.*", r"\1/boxes", page.url))

    for code in sees:
        expect(page.locator("table")).to_contain_text(code)
