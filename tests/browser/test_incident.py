"""From a positive tube to the signed order: an officer and a leader walk the chain, and the worker reads why."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser
FULL = """SELECT t.code FROM screening_tube t JOIN screening_round r ON r.id = t.round_id
    JOIN screening_specimen s ON s.tube_id = t.id WHERE r.number = 3 AND s.person_id IS NOT NULL
    AND s.sampled_at < '2022-07-22 00:20' GROUP BY t.id ORDER BY COUNT(*) DESC, t.code"""


def _a_tube(demo: Demo) -> str:
    """A tube of this morning's round that is full already."""
    with closing(sqlite3.connect(f"file:{demo.environment['JIUGONG_HOME']}/jiugong.sqlite3?mode=ro", uri=True)) as kept:
        return str(kept.execute(FULL).fetchone()[0])


def _press(page: Page, name: str) -> None:
    """Press a button that asks before it does something."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=re.compile(name)).first.click()


def test_an_officer_and_a_leader_walk_the_chain_and_the_worker_reads_why(demo: Demo, sign_in: Callable[..., Page],
                                                                         browser: Browser) -> None:
    officer = sign_in("officer", width=390, height=844)
    park = officer.url.split("?")[0].rstrip("/")
    officer.goto(f"{park}/results/import?tube={_a_tube(demo)}")
    officer.select_option("select[name=value]", "positive")
    officer.locator("form:has(select[name=value]) button").click()

    officer.goto(f"{park}/incidents")
    officer.locator("#incidents a").first.click()
    incident = officer.url
    _press(officer, "确认 .* 人暂时管控")
    expect(officer.locator(".message.success")).to_contain_text("已确认暂时管控")

    officer.get_by_role("link", name=re.compile("登记 .* 份单采复核")).first.click()
    officer.locator("select[name^=value-]").first.select_option("positive")
    officer.get_by_role("button", name="登记").click()
    expect(officer.locator(".message.success")).to_contain_text("已登记 1 份单采复核结果")

    officer.goto(incident)
    officer.get_by_role("link", name="判定", exact=True).click()
    officer.select_option("[name=stage]", "confirmed")
    officer.fill("[name=reason]", "单采复核阳性")
    officer.get_by_role("button", name="判定").click()
    expect(officer.locator(".chain-case")).to_contain_text("已确认")
    _press(officer, "签署 .* 份管控决定")
    expect(officer.locator(".message.success")).to_contain_text("第一人签署")

    leader = sign_in("leader")
    leader.goto(incident)
    _press(leader, "签署 .* 份管控决定")
    expect(leader.locator(".message.success").first).to_contain_text("已由两人签定")

    officer.goto(f"{park}/orders?state=ordered&kind=close_contact")
    officer.locator("#orders tbody a").first.click()
    expect(officer.locator("section[aria-labelledby=signatures]")).to_contain_text("决定（两人之二）")
    officer.get_by_role("button", name="已告知本人").click()
    expect(officer.locator(".message.success")).to_contain_text("已告知本人")
    assert officer.evaluate("document.documentElement.scrollWidth") <= 390

    person = officer.get_by_role("link", name="个人页面").get_attribute("href")
    officer.goto(f"{demo.address}{str(person).rstrip('/')}/link")
    officer.locator("form:has(select[name=days]) button").click()
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    worker = context.new_page()
    worker.goto(officer.locator("input[data-copy]").input_value())
    expect(worker.locator("section.is-late")).to_contain_text("同一宿舍房间")
    context.close()

