"""The roster kept on a phone: a worker is added, moved and let go; a foreign roster is mapped by dragging; a seat is given."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jiugong.registry.tests.makers import a_firm, a_number, a_workbook, a_worker
from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser
THEIRS = {"企业信息": {"name": "厂名", "credit_code": "代码", "grid": "片区"},
          "人员台账": {"name": "员工", "id_number": "证件", "phone": "联系号", "enterprise": "厂"}}


def park_of(page: Page) -> str:
    """The address of the park in which somebody stands."""
    before, _parks, after = page.url.partition("/parks/")
    return f"{before}/parks/{after.split('/')[0]}/"


def choose(page: Page, name: str, text: str) -> None:
    """Type into a chooser and take the first offer by keyboard."""
    box = page.locator(f'input[name="{name}-text"]')
    box.click()
    box.fill(text)
    expect(page.locator(f"#id_{name}-list [data-value]").first).to_contain_text(text)
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator(f'input[name="{name}"]')).not_to_have_value("")


def test_a_worker_is_added_moved_and_let_go_on_a_phone(sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("officer", width=390, height=844)
    page.goto(park_of(page) + "people/add")
    page.fill('[name="name"]', "甄新来")
    page.fill('[name="id_number"]', "34990119900307")
    choose(page, "unit", "木工1班")
    page.locator(".say button.btn-primary").click()
    expect(page.locator(".field-errors")).to_contain_text("18")

    page.fill('[name="id_number"]', a_number(77))
    page.locator(".say button.btn-primary").dblclick()
    page.wait_for_url("**/record")
    expect(page.locator("#content table tbody tr")).to_have_count(1)

    page.locator(".page-actions a").nth(1).click()
    page.wait_for_url("**/move**")
    choose(page, "unit", "木工2班")
    page.locator(".say button.btn-primary").click()
    page.wait_for_url("**/record")
    expect(page.locator("#content table tbody")).to_contain_text("木工2班")

    page.locator(".page-actions a").nth(2).click()
    page.fill('[name="on"]', "2022-08-01")
    page.locator(".say button.btn-primary").click()
    page.wait_for_url("**/record")
    expect(page.locator("#content table tbody")).to_contain_text("2022-08-01")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("width", [390, 1440])
def test_a_foreign_roster_goes_through_by_dragging(sign_in: Callable[..., Page], tmp_path: Path, width: int) -> None:
    serial = {390: 801, 1440: 802}[width]
    people = [{name: each for name, each in a_worker(serial, serial).items() if name in THEIRS["人员台账"]}]
    firm = {name: each for name, each in a_firm(serial).items() if name in THEIRS["企业信息"]}
    file = tmp_path / f"其他软件{width}.xlsx"
    theirs_now = {kind: {field: f"{text}{width}" for field, text in fields.items()} for kind, fields in THEIRS.items()}
    file.write_bytes(a_workbook(headings=theirs_now, sheets=[("企业信息", "甲", [firm]), ("人员台账", "乙", people)]))
    page = sign_in("officer", width=width, height=900)
    page.goto(park_of(page) + "import")
    page.set_input_files('input[type="file"]', file)
    page.locator("form .btn-primary").first.click()
    page.wait_for_url("**/import/mapping**")
    expect(page.locator("[data-mapping]")).to_have_count(2)

    for number, kind in ((0, "企业信息"), (1, "人员台账")):
        for field, theirs in theirs_now[kind].items():
            _drag(page, number, theirs, field)
    expect(page.locator('[id="f1-id_number"]')).to_have_value(f"证件{width}")
    page.locator("form .card-body .btn-primary").click()
    page.wait_for_url("**/import/*-*?mapping=**")
    expect(page.locator("#new")).to_be_visible()
    page.locator(".picked-bar .btn-primary").click()

    expect(page.locator("#did")).to_be_visible()
    expect(page.locator("dl.facts dd").first).to_have_text("1")


def _drag(page: Page, table: int, theirs: str, field: str) -> None:
    """Drag a heading of theirs onto one of ours, as a finger or a mouse does."""
    chip = page.locator("[data-mapping]").nth(table).locator(f'[data-their="{theirs}"]')
    line = page.locator(f'[data-ours]:has([id="f{table}-{field}"])')
    line.evaluate("each => each.scrollIntoView({ block: 'center' })")
    start, end = chip.bounding_box(), line.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()
    expect(page.locator(f'[id="f{table}-{field}"]')).to_have_value(theirs)


def test_somebody_is_seated_in_a_group_on_a_phone(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", width=390, height=844, language="en-GB")
    page.goto(park_of(page) + "groups/add")
    page.fill('[name="name"]', "夜间值班组")
    page.fill('[name="duties"]', "夜间值守")
    page.locator(".say button.btn-primary").click()
    page.wait_for_url("**/seat")

    choose(page, "who", "王")
    page.select_option('[name="tier"]', "organiser")
    page.locator(".say button.btn-primary").click()

    page.wait_for_url("**/groups")
    group = page.locator("section.names", has_text="夜间值班组")
    expect(group.locator("li.person")).to_have_count(1)
    expect(group).to_contain_text("Organiser")


def test_a_chooser_works_without_scripts_too(sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("officer", width=390)
    park = park_of(page)
    plain = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state(),  # type: ignore[union-attr]
                                             viewport={"width": 390, "height": 844})
    bare = plain.new_page()
    bare.goto(park + "groups/add")
    bare.fill('[name="name"]', "无脚本组")
    bare.click(".say button.btn-primary")
    bare.fill('[name="who-text"]', "王")
    bare.click(".say button.btn-primary")
    expect(bare.locator('input[type="radio"][name="who"]').first).to_be_visible()
    bare.locator('input[type="radio"][name="who"]').first.check()
    bare.click(".say button.btn-primary")
    bare.wait_for_url("**/groups")
    plain.close()
