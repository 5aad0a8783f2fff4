"""A worker who reports and a leader who enters his team while the server is dead: kept, reloaded, sent once."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser
KEPT = "async () => (await deviceStore.all('pages')).length"


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    yield context
    context.close()


@pytest.fixture
def officer(browser: Browser, desk: Desk) -> Iterator[Page]:
    desk.start()
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    page.goto(f"{desk.address}/sign-in")
    page.click("button[name=person][value=officer]")
    page.wait_for_url("**/parks/**")
    yield page
    context.close()


def _kept(page: Page) -> None:
    for _try in range(100):
        if page.evaluate(KEPT):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page is not on the device")


def _link(officer: Page) -> str:
    """The link to somebody's own page, as an officer makes it."""
    officer.goto(f"{officer.url.split('?')[0].rstrip('/')}/people")
    people = [each for each in officer.locator("main a").evaluate_all("all => all.map(each => each.href)")
              if re.search("/people/[0-9a-f-]{36}/$", each)]
    officer.goto(f"{people[0].rstrip('/')}/link")
    officer.locator("form:has(select[name=days]) button").click()
    officer.wait_for_load_state()
    return officer.locator("input[data-copy]").input_value()


def _count(desk: Desk, kind: str) -> int:
    return int(desk.ask("SELECT count(*) FROM duties_evidence WHERE kind = ?", kind)[0][0])


def test_a_report_and_a_test_outlive_the_server_and_a_closed_page(officer: Page, phone: BrowserContext, desk: Desk) -> None:
    link, page = _link(officer), phone.new_page()
    page.goto(link)
    _kept(page)
    reports, tests = _count(desk, "health_report"), _count(desk, "antigen")
    name = page.locator(".head b").inner_text()
    desk.kill()
    elsewhere = phone.new_page()
    elsewhere.goto(f"{desk.address}/parks/")
    expect(elsewhere.locator("#kept a")).to_have_text(re.compile(f" · {name}$"))
    elsewhere.close()

    page.locator(".chip", has_text="36.5").tap()
    page.locator("button[name=well]").tap()
    expect(page.locator("#messages .is-missing")).to_be_visible()
    page.locator("[data-antigen] button[name=start]").first.tap()
    page.locator("[data-antigen] button[value=negative]").tap()
    expect(page.locator("#messages .is-late")).to_be_visible()
    page.close()
    page = phone.new_page()
    page.goto(link)
    expect(page.locator("html")).to_have_attribute("data-from-device", "yes")
    expect(page.locator("#outbox [data-part=trouble]")).to_contain_text("1")
    page.locator("[data-antigen] button[value=positive]").tap()
    expect(page.locator("#outbox [data-part=trouble]")).to_contain_text("2")

    desk.start()
    page.evaluate("outbox.wake(true)")
    expect(page.locator("#outbox [data-part=trouble]")).to_be_hidden(timeout=30_000)

    assert (_count(desk, "health_report"), _count(desk, "antigen")) == (reports + 1, tests + 1)
    expect(page.locator("#advice")).to_be_visible()


OWNERS = """async () => JSON.stringify([(await deviceStore.all("pages")).map((each) => each.owner),
    await deviceStore.within("keys", "readonly", (table) => deviceStore.answered(table.getAllKeys()))])"""


def _own_is_here(page: Page, wanted: bool) -> None:
    for _try in range(100):
        if ("own:" in page.evaluate(OWNERS)) is wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(OWNERS))


def test_a_phone_of_somebody_else_forgets_at_once_and_sends_what_waits(officer: Page, phone: BrowserContext, desk: Desk) -> None:
    link, page = _link(officer), phone.new_page()
    page.goto(link)
    _kept(page)
    reports = _count(desk, "health_report")
    desk.kill()
    page.locator(".chip", has_text="36.5").tap()
    page.locator("button[name=well]").tap()
    expect(page.locator("#messages .is-missing")).to_be_visible()

    page.locator("[data-forget]").tap()
    expect(page.locator("#messages .is-done")).to_be_visible()
    _own_is_here(page, False)
    expect(page.locator("#code")).to_have_count(0)
    other = phone.new_page()
    other.goto(link)
    expect(other.locator("#own")).to_have_count(0)
    expect(other.locator("#kept a")).to_have_count(0)

    desk.start()
    page.evaluate("outbox.wake(true)")
    for _try in range(100):
        if _count(desk, "health_report") == reports + 1:
            break
        page.wait_for_timeout(100)
    assert _count(desk, "health_report") == reports + 1
    page.wait_for_function("async () => { const kept = await outbox.count(); return !kept.waiting && !kept.refused; }")
    _own_is_here(page, False)
    expect(page.locator("#code")).to_have_count(0)


def test_a_workers_page_goes_when_an_account_signs_in_or_out_there(officer: Page, phone: BrowserContext, desk: Desk) -> None:
    link, page = _link(officer), phone.new_page()
    page.goto(link)
    _own_is_here(page, True)
    page.goto(f"{desk.address}/sign-in")
    page.click("button[name=person][value=officer]")
    page.wait_for_url("**/parks/**")
    _own_is_here(page, False)

    page.wait_for_timeout(300)
    page.goto(link)
    _own_is_here(page, True)
    page.goto(f"{desk.address}/parks/")
    page.wait_for_load_state()
    _own_is_here(page, True)
    page.locator("header .menu-end summary").last.click()
    page.locator("form[data-sign-out] button").click()
    page.wait_for_url("**/sign-in**")
    _own_is_here(page, False)


def test_a_teams_entry_outlives_the_server_and_is_recorded_once(officer: Page, desk: Desk,
                                                                failing: Callable[[Page], None]) -> None:
    failing(officer)
    officer.goto(f"{officer.url.split('?')[0].rstrip('/')}/teams/")
    officer.locator("main a.matter").nth(3).click()
    officer.wait_for_load_state()
    _kept(officer)
    here = officer.locator("li.member:has(input[value=here]:checked)")
    people, before = here.count(), _count(desk, "health_report")
    names = here.locator("legend").all_inner_texts()
    desk.kill()
    officer.reload()
    expect(officer.locator("li.member legend").first).to_be_visible()

    other = officer.locator("li.member", has_text=names[0].split("\n")[0])
    other.locator("summary").click()
    other.locator("input[inputmode=decimal]").fill("77")
    officer.locator("input[name=measured]").check()
    officer.locator("[data-send]").click()
    expect(officer.locator("#outbox [data-part=trouble]")).to_contain_text("1")
    officer.reload()
    expect(officer.locator("#outbox [data-part=trouble]")).to_contain_text("1")

    desk.start()
    officer.evaluate("outbox.wake(true)")
    refused = officer.locator("#outbox [data-part=refused-list] li")
    expect(refused).to_have_count(1, timeout=30_000)
    assert _count(desk, "health_report") == before
    refused.locator("[data-again]").click()
    other.locator("input[inputmode=decimal]").fill("36.7")
    officer.locator("input[name=measured]").check()
    officer.locator("[data-send]").click()
    expect(refused).to_have_count(0, timeout=20_000)

    for _try in range(100):
        if _count(desk, "health_report") == before + people:
            break
        officer.wait_for_timeout(100)
    assert _count(desk, "health_report") == before + people


@pytest.fixture
def failing() -> Iterator[Callable[[Page], None]]:
    """Whatever a script did wrong fails the test."""
    wrong: list[str] = []
    yield lambda page: page.on("pageerror", lambda error: wrong.append(str(error)))
    assert not wrong, wrong
