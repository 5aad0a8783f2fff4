"""On a phone: down to the names, many at once reminded and excused. At the desk: a grid drawn on the map, and counted."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import QUIET, Demo

pytestmark = pytest.mark.browser

DRAWS = [flag for flag in QUIET if flag != "--disable-gpu"] + ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
FIRM = "闼闼板材（宿州）有限公司"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser that draws maps without a graphics card."""
    with sync_playwright() as machine:
        opened = machine.chromium.launch(executable_path=chromium, args=DRAWS)
        yield opened
        opened.close()


def _down_to_the_names(page: Page) -> None:
    page.get_by_role("link", name="第4网格").first.click()
    page.wait_for_url("**/grids/**")
    page.locator("#board .square").first.click()
    page.wait_for_url("**/units/**")
    page.locator("#board .square.is-alert, #board .square").first.click()
    page.wait_for_url("**/names/**")


def test_on_a_phone_many_are_reminded_and_excused_at_once(sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("officer", width=390, height=844)
    page.on("dialog", lambda dialog: dialog.accept())
    _down_to_the_names(page)
    names = page.url.replace("show=owed", "show=missing").split("&unit=")[0] + "&show=missing"
    page.goto(names)
    people = page.locator("li.person")
    first, second = (people.nth(at).locator(".person-name a").inner_text() for at in (0, 1))

    for at in (0, 1):
        people.nth(at).locator(".pick").click()
    expect(page.locator("[data-picked-count]")).to_have_text("2")
    page.locator(".picked-bar .actions button").click()
    page.wait_for_load_state()
    expect(page.locator(".messages")).to_contain_text("2")
    reminded = page.locator("li.person", has_text=first).locator(".person-reminded")
    expect(reminded).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(reminded).to_contain_text("林伟晨")

    for name in (first, second):
        page.locator("li.person", has_text=name).locator(".pick").first.click()
    page.locator(".picked-more summary").click()
    page.fill("#id_reason", "家中有事")
    page.locator(".picked-form button").click()
    page.wait_for_load_state()

    expect(page.locator(".messages")).to_contain_text("2")
    page.goto(names.replace("show=missing", "show=excused"))
    for name in (first, second):
        expect(page.locator("li.person", has_text=name)).to_contain_text("家中有事")


def test_one_press_reminds_all_who_are_missing_once(sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("grid", width=390, height=844)
    page.on("dialog", lambda dialog: dialog.accept())
    missing = int(page.locator(".truth-part b").nth(3).inner_text().replace(",", ""))

    page.locator(".truth-action button").click()
    page.wait_for_load_state()
    expect(page.locator(".messages")).to_contain_text(str(missing))
    page.locator(".truth-action button").click()
    page.wait_for_load_state()
    expect(page.locator(".messages")).to_contain_text("0")

    again = json.loads(demo.run("remind", "--park", demo.park, "--of", "round:3", "--at", "2022-07-22T08:50", "--now", "--json"))
    assert again["reminded"][0]["before"] > 0


def _ready(page: Page) -> None:
    page.wait_for_selector("#map[data-ready=yes]", timeout=30_000)


def _look_and_say_yes(page: Page) -> None:
    page.locator("#ground-form button.btn-primary").click()
    page.wait_for_load_state()
    expect(page.locator("input[name=yes]")).to_have_count(1)
    page.locator("form.actions button.btn-primary").click()
    page.wait_for_url(re.compile(r"/map$"))


def test_a_grid_is_drawn_and_its_square_shows_what_the_map_shows(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", height=1400)
    board = page.url
    page.goto(f"{board}map")
    _ready(page)
    page.fill("#id_name", "第5网格")
    box = page.locator("#map").bounding_box()
    assert box
    for x, y in ((.04, .4), (.15, .4), (.15, .7), (.04, .7), (.10, .75)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    expect(page.locator(".map-corner")).to_have_count(5)
    page.locator("[data-map-undo]").click()
    expect(page.locator(".map-corner")).to_have_count(4)
    corners = [[float(part) for part in line.split(",")] for line in page.input_value("#id_lines").splitlines()]
    assert len(corners) == 4
    _look_and_say_yes(page)

    _ready(page)                                                        # a site is placed without the map, by keyboard
    page.select_option("#id_kind", "site")
    page.fill("#id_name", FIRM)
    page.fill("#id_lines", ", ".join(f"{sum(each[axis] for each in corners) / 4:.7f}" for axis in (0, 1)))
    page.locator("#ground-form button.btn-primary").click()
    page.wait_for_load_state()
    expect(page.locator("table")).to_contain_text("第5网格")
    expect(page.locator("table")).to_contain_text("第1网格")
    page.locator("form.actions button.btn-primary").click()
    page.wait_for_url(re.compile(r"/map$"))

    page.goto(f"{board}?view=map")
    _ready(page)
    label = page.locator(".map-label", has_text="第5网格")
    expect(label).to_be_visible()
    said = label.inner_text()
    row = page.locator("tr[data-grid]", has_text="第5网格")
    done, owed = row.get_attribute("data-done"), row.get_attribute("data-owed")
    assert re.findall(r"\d+", said.replace("第5网格", ""))[:2] == [done, owed]
    assert int(owed or 0) > 0
    label.click()
    page.wait_for_url("**/grids/**")
    expect(page.locator(".square-link")).to_contain_text(FIRM)


def test_a_corner_is_moved_and_taken_away_by_keyboard(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", height=1400)
    page.goto(f"{page.url}map")
    _ready(page)
    page.fill("#id_lines", "-123.41, -48.88\n-123.405, -48.88\n-123.405, -48.875\n-123.41, -48.875")
    page.locator("#id_name").focus()
    corner = page.get_by_role("button", name=re.compile("Corner 2|第 2 个角"))

    corner.focus()
    page.keyboard.press("ArrowRight")
    assert page.input_value("#id_lines").splitlines()[1] == "-123.40495, -48.88"
    page.keyboard.press("Delete")
    assert len(page.input_value("#id_lines").splitlines()) == 3


def test_without_a_map_the_page_says_so_and_the_table_stays(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")       # as on a machine without WebGL
    page.goto(f"{page.url}?view=map")

    expect(page.locator("#map-note")).not_to_be_empty()
    expect(page.locator("#map")).to_be_hidden()
    assert page.locator("tr[data-grid]").count() >= 4
