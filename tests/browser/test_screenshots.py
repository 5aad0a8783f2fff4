"""The pictures in the README, remade from the demonstration: `JIUGONG_TEST_KEEP_PICTURES=1` puts them into docs/."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
MOST_BYTES = 200 * 1024
SHOWN = [("today", "", 1440, 900, "zh-CN"), ("today-phone", "", 390, 844, "zh-CN"),
         ("names-phone", "names/?of=round:3&show=missing", 390, 844, "zh-CN"), ("scan-phone", "scan", 390, 844, "zh-CN"),
         ("map", "?view=map", 1440, 900, "zh-CN"), ("score", "score/?day=2022-07-21", 1280, 800, "zh-CN"),
         ("compare", "rules/compare?left=cn-2022-v9&right=cn-2022-20", 1280, 800, "zh-CN"),
         ("brief", "brief/?from=2022-07-20&to=2022-07-22", 1440, 900, "zh-CN"), ("today-en", "", 1440, 900, "en-GB")]


def _keep(page: Page, name: str, otherwise: Path) -> None:
    """Take the picture; it is small enough for a page, and the README shows it."""
    folder = PICTURES if os.environ.get("JIUGONG_TEST_KEEP_PICTURES") else otherwise
    page.screenshot(path=folder / f"{name}.png")

    assert 10_000 < (folder / f"{name}.png").stat().st_size < MOST_BYTES
    assert f"screenshots/{name}.png" in (PICTURES.parents[1] / "README.md").read_text()


@pytest.mark.parametrize(("name", "path", "width", "height", "language"), SHOWN, ids=[each[0] for each in SHOWN])
def test_the_readme_shows_the_product_as_it_is(sign_in: Callable[..., Page], tmp_path: Path, name: str, path: str, width: int,
                                               height: int, language: str) -> None:
    page = sign_in("officer", width=width, height=height, language=language)
    if name == "names-phone":                                    # somebody was reminded, and the page says so
        page.once("dialog", lambda asked: asked.accept())
        page.locator(".truth-action button").click()
        page.wait_for_load_state()
    page.goto(page.url.split("?")[0].split("names/")[0] + path)
    page.wait_for_load_state("networkidle")
    if name == "names-phone":
        page.locator(".names").first.evaluate("each => each.scrollIntoView()")

    _keep(page, name, tmp_path)


def test_the_readme_shows_a_workers_own_page(sign_in: Callable[..., Page], browser: Browser, demo: Demo, tmp_path: Path) -> None:
    page = sign_in("officer")
    page.goto(page.url.split("?")[0] + "people")
    links = page.locator("main a").evaluate_all("all => all.map(each => each.href)")
    page.goto(next(each for each in links if re.search("/people/[0-9a-f-]{36}/$", each)) + "link")
    page.locator("form:has(select[name=days]) button").click()
    page.wait_for_load_state()
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    own = context.new_page()
    own.goto(page.locator("input[data-copy]").input_value())

    _keep(own, "worker-phone", tmp_path)
    context.close()
