"""On a phone: a brief is composed, published and taken away as PDF; a group files its figures; a red enterprise says why."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def _park(page: Page) -> str:
    found = re.search(r"^.*/parks/[0-9a-f-]+/", page.url)
    assert found, page.url
    return found.group(0)


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def _target(page: Page, name: str) -> float:
    box = page.get_by_role("button", name=name).bounding_box()
    assert box
    return box["height"]


def test_a_brief_is_composed_published_and_downloaded_with_one_thumb(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", **PHONE, language="en-GB")
    page.goto(_park(page) + "brief/")
    expect(page.locator(".document-number")).to_have_text("(draft, not numbered)")
    sampled = page.locator(".document a[href*='screening.sampled']").first.inner_text()
    _fits(page)
    assert _target(page, "Publish") >= 44

    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/briefs/**")
    expect(page.locator(".document-number")).to_contain_text("No. 1 of 2022")
    published = page.locator(".document a[href*='screening.sampled']").first.inner_text()
    with page.expect_download() as coming:
        page.get_by_role("button", name="PDF").click()
    text = re.sub(r"\s+", " ", "".join(each.extract_text() for each in PdfReader(
        BytesIO(Path(coming.value.path()).read_bytes())).pages))

    assert coming.value.suggested_filename.endswith(".pdf")
    assert "No. 1 of 2022" in text and f"sampled {published}" in text
    assert int(published.replace(",", "")) >= int(sampled.replace(",", ""))
    page.locator(".document a[href*='screening.missing']").first.click()
    expect(page.locator("h1")).to_contain_text("Missing")
    _fits(page)


def test_a_group_files_its_figures_and_what_differs_goes_to_the_meeting(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", **PHONE, language="en-GB")
    park = _park(page)
    page.goto(park + "filings/")
    page.locator("td a[data-row]").first.click()
    page.wait_for_url("**/filings/*/*")
    first = page.locator("input.filing-value").first
    right = first.input_value()
    _fits(page)

    first.fill(str(int(right) + 1))
    page.get_by_role("button", name="File these figures").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    page.locator("input.filing-why").first.fill("One came this morning")
    page.get_by_role("button", name="File these figures").click()
    expect(page.locator(".lead, .page-lead").first).to_contain_text("1 of")

    page.goto(park + "filings/meeting/")
    expect(page.locator("main")).to_contain_text("One came this morning")
    expect(page.locator("main")).to_contain_text("+1")
    _fits(page)


def test_a_red_enterprise_says_why_and_opens_to_the_names(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", **PHONE, language="en-GB")
    page.goto(_park(page) + "score/?day=2022-07-21&colour=red")
    red = page.locator(".score-row").first
    expect(red).to_contain_text("Red")
    reason = red.locator(".score-why a").first
    missing = int(re.sub(r"\D", "", reason.inner_text()))
    _fits(page)

    reason.click()
    page.wait_for_url("**/score/*/*")
    expect(page.locator("#names .person")).to_have_count(min(missing, 50))
    expect(page.locator("h1")).to_contain_text("Red")
    _fits(page)
