"""The pictures in the README, remade from the demonstration: `JIUGONG_TEST_KEEP_PICTURES=1` puts them into docs/."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
SHOWN = [("today", "", 1440, 900, "zh-CN"), ("today-phone", "", 390, 844, "zh-CN"),
         ("names-phone", "names/?of=round:3&show=missing", 390, 844, "zh-CN"),
         ("brief", "brief/?from=2022-07-20&to=2022-07-22", 1440, 900, "zh-CN"), ("today-en", "", 1440, 900, "en-GB")]


@pytest.mark.parametrize(("name", "path", "width", "height", "language"), SHOWN, ids=[each[0] for each in SHOWN])
def test_the_readme_shows_the_product_as_it_is(sign_in: Callable[..., Page], demo: Demo, tmp_path: Path, name: str,
                                               path: str, width: int, height: int, language: str) -> None:
    page = sign_in("officer", width=width, height=height, language=language)
    page.goto(page.url.split("?")[0] + path)
    page.wait_for_load_state("networkidle")
    folder = PICTURES if os.environ.get("JIUGONG_TEST_KEEP_PICTURES") else tmp_path

    page.screenshot(path=folder / f"{name}.png")

    assert (folder / f"{name}.png").stat().st_size > 10_000
    assert f"screenshots/{name}.png" in (PICTURES.parents[1] / "README.md").read_text()
