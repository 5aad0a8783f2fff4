"""An officer at six in the morning: the board, the names at its end, and a scan that arrives while he looks."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser


def _drill_down(page: Page) -> None:
    """From the park to the names of a team in which somebody is missing, by tapping squares."""
    page.get_by_role("link", name="第4网格").first.click()
    page.wait_for_url("**/grids/**")
    page.locator("#board .square").first.click()
    page.wait_for_url("**/units/**")
    page.locator("#board .square").first.click()
    page.wait_for_url("**/names/**")


def test_an_officer_drills_down_to_a_missing_worker_and_sees_him_done_after_his_scan(
        sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("officer")
    expect(page.locator("h1")).to_contain_text("3")
    _drill_down(page)
    names = page.url
    person = page.locator("li.person").first
    name = person.locator(".person-name a").inner_text()
    expect(person).to_contain_text("未检")
    person.locator(".person-name a").click()
    page.wait_for_url("**/people/**")
    uid = page.url.rstrip("/").rsplit("/", 1)[-1]
    expect(page.locator("main")).to_contain_text(name)

    token = demo.run("token", "create", "officer", "--name", "test", "--park", demo.park).strip()
    scan = {"scan_id": uuid4().hex, "round": 3, "tube": "TEST0001", "point": "第4网格采样点", "person": uid}
    answer = demo.post("/api/v1/screening/scans", {"park": demo.park, "scans": [scan]}, token)
    again = demo.post("/api/v1/screening/scans", {"park": demo.park, "scans": [scan]}, token)

    assert [each["status"] for each in (*answer["answers"], *again["answers"])] == ["accepted", "repeat"]
    page.goto(names.replace("show=missing", "show=done"))
    expect(page.locator("main")).to_contain_text(name)
    page.goto(names)
    expect(page.locator("main")).not_to_contain_text(name)


def test_the_board_refreshes_itself_while_somebody_looks(sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("officer")
    before = int(page.locator(".truth-part b").nth(1).inner_text().replace(",", ""))

    expect(page.locator(".truth-part b").nth(1)).not_to_have_text(f"{before:,}", timeout=60_000)


def test_a_leader_sees_the_board_and_no_name(sign_in: Callable[..., Page]) -> None:
    page = sign_in("leader")
    expect(page.locator("#board .square").first).to_be_visible()

    page.locator(".truth-part").nth(3).click()

    expect(page.locator("main")).not_to_contain_text("349901")


def test_the_next_round_is_one_click_away(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer")

    page.locator(".demo-bar button").click()
    page.wait_for_load_state()

    expect(page.locator("h1")).to_contain_text("4")


def test_no_page_is_wider_than_its_screen(sign_in: Callable[..., Page], demo: Demo) -> None:
    """In English, whose words are the longer ones; every kind of page in Chinese: test_accessibility.py."""
    page = sign_in("officer", language="en-GB")
    links = page.locator("nav.tabs a").evaluate_all("all => all.map(each => each.href)")

    for address in links:                                          # grows while it is walked: the pages inside each group
        page.goto(address)
        inside = page.locator("nav.tabs-inside a").evaluate_all("all => all.map(each => each.href)")
        links += [each for each in inside if each not in links]
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, (address, width, overflow)
    assert len(links) >= 30
