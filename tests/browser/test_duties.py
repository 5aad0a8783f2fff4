"""A cleaner's round on a phone: disinfection in a few taps, checked by somebody else; and a fever that is answered at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser


def _to(page: Page, demo: Demo, path: str) -> None:
    park = re.search(r"/parks/[0-9a-f-]+/", page.content())
    assert park
    page.goto(f"{demo.address}{park.group(0)}duties/{path}")


def _taps(page: Page, **chosen: str) -> None:
    for name, value in chosen.items():
        page.locator(f"label.tap:has(input[name={name}][value={value}])").click()


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_disinfection_is_entered_on_a_phone_and_counts_once_another_has_checked_it(
        sign_in: Callable[..., Page], demo: Demo) -> None:
    phone = sign_in("prevention", width=390, height=844)
    _to(phone, demo, "record/disinfection/")
    phone.locator("a.matter.is-large").first.click()
    _taps(phone, agent="chlorine", way="wipe")
    phone.fill("[name=concentration]", "50")
    phone.fill("[name=what]", "电梯")
    phone.fill("[name=operator]", "王保洁")
    phone.locator("form.narrow .btn-thumb").click()

    expect(phone.locator(".field-errors").first).to_be_visible()                  # too weak: said at its field
    _fits(phone)
    phone.fill("[name=concentration]", "500")
    phone.locator("form.narrow .btn-thumb").click()
    expect(phone.locator("#messages .message").first).to_be_visible()
    _to(phone, demo, "checks/")
    expect(phone.locator("form.check-form")).to_have_count(0)                     # nobody checks himself

    desk = sign_in("officer")
    _to(desk, demo, "checks/")
    expect(desk.locator("main")).to_contain_text("王保洁")
    desk.locator("section", has_text="王保洁").locator("button[name=passed][value=yes]").first.click()
    desk.wait_for_load_state()

    expect(desk.locator("main")).not_to_contain_text("王保洁")
    _to(desk, demo, "evidence/?kind=disinfection&state=passed")
    expect(desk.locator("li.evidence", has_text="王保洁")).to_have_count(1)


def test_a_fever_is_answered_at_once_and_the_list_shows_it(sign_in: Callable[..., Page], demo: Demo) -> None:
    phone = sign_in("officer", width=390, height=844)
    _to(phone, demo, "record/temperature/?q=王")
    phone.locator("a.matter.is-large").first.click()
    phone.fill("[name=temperature]", "37.3")
    phone.locator("form.narrow .btn-thumb").click()

    expect(phone.locator("#messages")).to_contain_text("37.3")
    _to(phone, demo, "evidence/?kind=temperature")
    expect(phone.locator(".evidence-note.state-late").first).to_be_visible()
    _fits(phone)


def test_the_duties_page_leads_from_a_unit_that_owes_to_its_form(sign_in: Callable[..., Page], demo: Demo) -> None:
    phone = sign_in("officer", width=390, height=844)
    _to(phone, demo, "owed/hygiene_check/?show=done")
    done = phone.locator(".owed-duty.is-subject").count()
    _to(phone, demo, "owed/hygiene_check/")
    phone.locator(".owed-duty .btn").first.click()
    for name in ("seen", "masks_right", "hands_washed"):
        phone.fill(f"[name={name}]", "12")
    phone.locator("form.narrow .btn-thumb").click()
    phone.wait_for_load_state()

    _to(phone, demo, "owed/hygiene_check/?show=done")
    expect(phone.locator(".owed-duty.is-subject")).to_have_count(done + 1)
