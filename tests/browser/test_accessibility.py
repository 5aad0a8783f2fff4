"""Nothing serious stands between a screen reader and any page: axe looks at every page that links lead to, on a phone.

The walk starts at Today and follows links; of each kind of page it looks at one. Contrast is judged in the dark as well.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIOUS = {"serious", "critical"}
FILES = re.compile(r"\.(xlsx|pdf|docx|geojson|json|md|csv)$|/download|[?&](format|export)=")
FEWEST = {"officer": 25, "prevention": 10, "scanner": 2}      # kinds of pages: fewer, and the walk has gone astray


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
    found = Axe().run(page, options=dict(options)).response["violations"]
    return [f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:160]} {each['nodes'][0]['failureSummary'][:200]}"
            for each in found if each["impact"] in SERIOUS]


@pytest.mark.parametrize("who", FEWEST)
def test_axe_finds_nothing_serious_on_any_page(sign_in: Callable[..., Page], who: str) -> None:
    page = sign_in(who, width=390, height=844)
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
        found = _wrong(page)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        page.evaluate("document.getAnimations().forEach(each => each.finish())")
        found += [f"dark: {each}" for each in _wrong(page, runOnly=["color-contrast"])]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found.append("the page is wider than the phone")
        if found:
            wrong[f"{kind} {urlsplit(address).path}"] = found
        waiting += _links(page)

    assert not wrong, "\n".join(f"{kind}: {each}" for kind, all_of_it in wrong.items() for each in all_of_it)
    assert len(seen) >= FEWEST[who], sorted(seen)
