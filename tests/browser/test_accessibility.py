"""Nothing serious stands between a screen reader and any page: axe looks at every page that links lead to, on a phone.

The walk starts where somebody lands and follows links; of each kind of page it looks at one. Contrast is judged in the
dark as well, and no page may be wider than a phone or a desk.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIOUS = {"serious", "critical"}
FILES = re.compile(r"\.(xlsx|pdf|docx|geojson|json|md|csv)$|/pdf\b|/paper/|/download|[?&](format|export)=")
A_PHONE: ViewportSize = {"width": 390, "height": 844}
A_DESK: ViewportSize = {"width": 1440, "height": 900}
FEWEST = {"officer": 70, "prevention": 40, "scanner": 2}      # kinds of pages: fewer, and the walk has gone astray
MUST_SEE = {"officer": {"wall", "team-entry", "map", "person-link", "score", "tiers", "remit", "messages"},
            "prevention": {"team-entry", "names", "plan"}, "scanner": {"scan", "points"}}


def _kind(address: str) -> str | None:
    """What kind of page an address is: the name under which the house knows it."""
    try:
        return resolve(urlsplit(address).path).url_name
    except Resolver404:
        return None


def _links(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "a[href]:not([download]):not([data-download])", "all => all.map(each => each.href.split('#')[0])")
    return [each for each in dict.fromkeys(found) if each.startswith(page.url.split("/parks")[0]) and not FILES.search(each)]


def _wrong(page: Page, **options: object) -> list[str]:
    options = {"resultTypes": ["violations"], "preload": False} | options           # no rule of ours reads style sheets
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:160]} {each['nodes'][0]['failureSummary'][:200]}"
            for each in found if each["impact"] in SERIOUS]


def _look_at(page: Page) -> list[str]:
    """What is wrong with the page that is open: by day, by night, on a phone and on a desk. Leaves it on the phone."""
    page.evaluate(Axe().axe_script)
    found = _wrong(page)
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in _wrong(page, runOnly=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    for size in (A_DESK, A_PHONE):
        page.set_viewport_size(size)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found.append(f"the page is wider than {size['width']} px")
    return found


def _said(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{kind}: {each}" for kind, all_of_it in wrong.items() for each in all_of_it)


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """The kinds of pages that were looked at already: what two people see alike is looked at once."""
    return set()


@pytest.mark.parametrize("who", FEWEST)
def test_axe_finds_nothing_serious_on_any_page(sign_in: Callable[..., Page], looked_at: set[str], who: str) -> None:
    page = sign_in(who, **A_PHONE)
    page.emulate_media(reduced_motion="reduce")
    waiting, seen, wrong = [page.url], set[str](), dict[str, list[str]]()
    while waiting:
        address = waiting.pop(0)
        kind = _kind(address)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address, wait_until="load")
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if kind not in looked_at and (found := _look_at(page)):
            wrong[f"{kind} {urlsplit(address).path}"] = found
        looked_at.add(kind)
        waiting += _links(page)

    assert not wrong, _said(wrong)
    assert len(seen) >= FEWEST[who], sorted(seen)
    assert MUST_SEE[who] <= seen, sorted(seen)


def test_axe_finds_nothing_serious_on_a_workers_own_page(sign_in: Callable[..., Page], demo: Demo, browser: Browser) -> None:
    office = sign_in("officer")
    office.goto(f"{demo.address}/parks/{office.url.split('/parks/')[1].split('/')[0]}/people")
    hrefs = office.locator("main a").evaluate_all("all => all.map(each => each.href)")
    office.goto(next(each for each in hrefs if re.search("/people/[0-9a-f-]{36}/$", each)) + "link")
    office.locator("form:has(select[name=days]) button").click()
    office.wait_for_load_state()
    link = office.locator("input[data-copy]").input_value()
    context = browser.new_context(viewport=A_PHONE, locale="zh-CN", has_touch=True, reduced_motion="reduce")
    page, wrong = context.new_page(), dict[str, list[str]]()

    page.goto(link)
    wrong["his page"] = _look_at(page)
    badge = page.locator(".mono").first.inner_text().strip()
    page.locator("input[name=other]").fill("38.4")
    page.locator("button[name=well]").tap()
    page.locator("#advice").wait_for()
    wrong["his page with a fever"] = _look_at(page)
    context.clear_cookies()
    for name, address, holds in (("no code", "", "input[name=code]"), ("a code of nobody", "AAAA-BBBB.CCCC", "a.plain"),
                                 ("the door of a badge", f"?code={badge}", "input[name=signs]")):
        page.goto(f"{demo.address}/me/{address}")
        assert page.locator(holds).count() == 1, (name, page.url)
        wrong[name] = _look_at(page)

    assert not any(wrong.values()), _said(wrong)
    context.close()
