"""A scanner with a phone: a person's code, a tube's code, the next person, undo, seal; with camera, photo or keyboard.

Chromium's fake camera plays a film that is written here, frame by frame, from the codes themselves.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import segno
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import QUIET, Demo

pytestmark = pytest.mark.browser

WIDTH, HEIGHT, FRAMES_A_SECOND = 320, 240, 10
WHITE, BLACK, GREY = 235, 16, 128
BADGES = """
import json
from jiugong.demo import at_demo_time
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.badges import text_of
from jiugong.screening.models import Specimen
park = Park.objects.get()
sampled = Specimen.every.filter(round__number=3, person__isnull=False).values("person")
people = list(Person.objects.filter(park=park, id_index__isnull=False).exclude(pk__in=sampled).order_by("pk")[:8])
with at_demo_time():
    badges = issue_badges(park, people, actor=operator())
print("BADGES " + json.dumps([[one.person.name, text_of(one)] for one in badges]))
"""


@dataclass(frozen=True)
class Shown:
    """Somebody and what stands on his badge."""

    name: str
    code: str


@pytest.fixture(scope="module")
def badges(demo: Demo) -> list[Shown]:
    """Badges of eight people whom nobody samples in the demonstration's third round."""
    said = demo.run("manage", "shell", "-c", BADGES)
    return [Shown(*pair) for pair in json.loads(next(line[7:] for line in said.splitlines() if line.startswith("BADGES ")))]


# the film ----------------------------------------------------------------------------------------------------------

def _picture(text: str | None) -> bytes:
    """One frame in Y′CbCr 4:2:0: white, or with a code in its middle."""
    light = bytearray([WHITE]) * (WIDTH * HEIGHT)
    if text:
        rows = [list(row) for row in segno.make_qr(text, error="m").matrix]
        size = (HEIGHT - 40) // len(rows)
        left, top = (WIDTH - size * len(rows)) // 2, (HEIGHT - size * len(rows)) // 2
        for y, row in enumerate(rows):
            line = b"".join(bytes([BLACK if dark else WHITE]) * size for dark in row)
            for step in range(size):
                start = (top + y * size + step) * WIDTH + left
                light[start:start + len(line)] = line
    return bytes(light) + bytes([GREY]) * (WIDTH * HEIGHT // 2)


def a_film(path: Path, *scenes: tuple[str | None, float]) -> Path:
    """A film of codes, each for so many seconds; None is nothing before the camera."""
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for text, seconds in scenes:
            frame = b"FRAME\n" + _picture(text)
            for _frame in range(round(seconds * FRAMES_A_SECOND)):
                film.write(frame)
    return path


@pytest.fixture
def phone(demo: Demo, chromium: str) -> Iterator[Callable[..., Page]]:
    """A phone of 390 px whose camera shows a film; the scanner signed in, on the scanner's page."""
    opened: list[Any] = []
    wrong: list[str] = []
    machine = sync_playwright().start()

    def take(film: Path | None = None, *, insecure: bool = False) -> Page:
        camera = [f"--use-file-for-fake-video-capture={film}", "--use-fake-device-for-media-stream",
                  "--use-fake-ui-for-media-stream"] if film else []
        browser: Browser = machine.chromium.launch(executable_path=chromium, args=[*QUIET, *camera])
        opened.append(browser)
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True,
                                      is_mobile=True)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((demo.address, "data:", "blob:"))
                else wrong.append(f"request to outside: {request.url}"))
        page.add_init_script("window.heard = []; document.addEventListener('scan:sound', (event) =>"
                             " window.heard.push([event.detail, performance.now()]));")
        if insecure:
            page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false });")
        page.goto(f"{demo.address}/sign-in")
        page.click("button[name=person][value=scanner]")
        page.wait_for_url("**/scan**")
        return page

    yield take
    for browser in opened:
        browser.close()
    machine.stop()
    assert not wrong, wrong


def _begin(page: Page) -> None:
    if page.locator("#where").get_attribute("open") is not None:
        page.select_option("#point", index=1)
        page.click("#begin")
    expect(page.locator("#where")).not_to_have_attribute("open", re.compile(".*"))


def _heard(page: Page) -> list[str]:
    return [kind for kind, _at in page.evaluate("window.heard")]


def _a_tube() -> str:
    return f"QR{uuid4().int % 10**8:08}"


def _stop(page: Page) -> None:
    page.click("#camera")
    expect(page.locator("#way")).to_have_attribute("data-way", "off")


def _type(page: Page, text: str) -> None:
    """As a scanner does that types: fast, wherever the cursor is, Enter at the end."""
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


# the camera --------------------------------------------------------------------------------------------------------

def test_a_person_then_a_tube_then_the_next_person_with_the_camera(
        phone: Callable[..., Page], badges: list[Shown], tmp_path: Path) -> None:
    tube, (first, second) = _a_tube(), badges[:2]
    page = phone(a_film(tmp_path / "scan.y4m", (None, 3), (first.code, 1), (None, 0.3), (tube, 1), (None, 0.3), (second.code, 1),
                        (None, 6)))
    _begin(page)

    expect(page.locator("#way")).to_have_attribute("data-way", "camera")
    expect(page.locator("#bound")).to_have_text("2 / 20", timeout=25_000)
    _stop(page)

    expect(page.locator("#tube")).to_have_value(tube)
    rows = page.locator("#scans li")
    expect(rows.nth(0)).to_contain_text(second.name)
    expect(rows.nth(1)).to_contain_text(first.name)
    expect(rows.nth(0)).to_have_attribute("data-state", "done")
    heard = page.evaluate("window.heard")
    bound = [at for kind, at in heard if kind == "bound"]
    assert len(bound) == 2
    assert bound[1] - bound[0] < 2_000, "the next person took two seconds or more"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_undo_then_seal_and_next(phone: Callable[..., Page], badges: list[Shown], demo: Demo) -> None:
    tube, (kept, wrong) = _a_tube(), badges[2:4]
    page = phone()
    _begin(page)
    for text in (tube, kept.code, wrong.code):
        _type(page, text)
    expect(page.locator("#bound")).to_have_text("2 / 20")

    page.locator("#scans li").first.get_by_role("button").click()
    page.locator("#undoing [data-reason]").first.click()

    expect(page.locator("#bound")).to_have_text("1 / 20")
    expect(page.locator("#scans li").first).to_have_class(re.compile("is-undone"))
    page.click("#seal")
    expect(page.locator("#tube")).to_have_value("")
    expect(page.locator("#said")).to_contain_text("1 / 20")
    expect(page.locator("#scans li").nth(1).get_by_role("button")).to_be_hidden()
    _type(page, tube)
    expect(page.locator("#said")).to_contain_text(tube)
    expect(page.locator("#tube")).to_have_value("")
    assert _heard(page).count("refused") == 1


def test_the_same_person_and_a_stranger_sound_different(phone: Callable[..., Page], badges: list[Shown]) -> None:
    page = phone()
    _begin(page)

    for text in (_a_tube(), badges[4].code, badges[4].code, "JG.000000000000.000000000000", "https://example.invalid/x"):
        _type(page, text)
        page.wait_for_timeout(400)

    expect(page.locator("#bound")).to_have_text("2 / 20")
    assert _heard(page) == ["tube", "bound", "again", "unknown", "unknown"]


# where there is no camera ------------------------------------------------------------------------------------------

def test_a_page_without_https_says_so_and_reads_photos(phone: Callable[..., Page], badges: list[Shown],
                                                       tmp_path: Path) -> None:
    tube, person = _a_tube(), badges[5]
    page = phone(insecure=True)
    _begin(page)

    expect(page.locator("#way")).to_contain_text("https")
    expect(page.locator("#camera")).to_be_hidden()
    for number, text in enumerate((person.code, tube)):
        picture = tmp_path / f"{number}.png"
        segno.make_qr(text).save(str(picture), scale=12, border=6)
        page.set_input_files("#photo", str(picture))
        page.wait_for_function("count => window.heard.length >= count", arg=number + 1)

    expect(page.locator("#tube")).to_have_value(tube)
    expect(page.locator("#bound")).to_have_text("1 / 20")
    expect(page.locator("#scans li").first).to_contain_text(person.name)


def test_a_photo_without_a_code_says_what_to_do(phone: Callable[..., Page], tmp_path: Path) -> None:
    page = phone(insecure=True)
    _begin(page)
    page.screenshot(path=tmp_path / "no-code.png", clip={"x": 0, "y": 800, "width": 40, "height": 40})

    page.set_input_files("#photo", str(tmp_path / "no-code.png"))

    expect(page.locator("#said")).to_have_class(re.compile("state-missing"))
    expect(page.locator("#said")).to_contain_text(page.locator("#scanner").get_attribute("data-nothing") or "-")
    assert _heard(page) == ["unknown"]


def test_a_scan_made_without_a_connection_arrives_later(phone: Callable[..., Page], badges: list[Shown]) -> None:
    page = phone()
    _begin(page)
    _type(page, _a_tube())
    page.wait_for_timeout(300)

    page.context.set_offline(True)
    _type(page, badges[6].code)
    expect(page.locator("#pending")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("#scans li").first).to_have_attribute("data-state", "done", timeout=20_000)
    expect(page.locator("#bound")).to_have_text("1 / 20")
    expect(page.locator("#pending")).to_be_hidden()
