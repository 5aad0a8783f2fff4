"""A stranger's first day, the short form, on a phone: a bare home, a foreign roster, a round, scans, a result, the brief.

The long form, with what was awkward in it, is docs/first-day.md. Everything here is reached by what can be seen on a page.
"""

import os
import re
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdf
import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect

from jiugong.registry.tests.makers import a_code, a_number, a_phone
from tests.browser.conftest import JIUGONG, Demo, _wait_until_alive
from tests.codes import code_now

pytestmark = pytest.mark.browser

PASSWORD = "a-first-day-at-the-park"
FIRMS = ("华美门业有限公司", "顺达家具有限公司", "金木橱柜有限公司")
THEIR_FIRMS = {"单位全名": "name", "片区": "grid", "门牌": "address"}
THEIR_PEOPLE = {"所在公司": "enterprise", "工段": "workshop", "组别": "team"}
PEOPLE = 45


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`make run` on a new home: nobody may sign in, there is no park."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "JIUGONG_HOME": str(tmp_path_factory.mktemp("bare") / "home")}
    for name in ("JIUGONG_DATABASE_URL", "JIUGONG_DEMO"):
        environment.pop(name, None)
    served = Demo(f"http://127.0.0.1:{port}", environment, park="东园区")
    served.run("setup")
    log = tmp_path_factory.mktemp("bare-log") / "serve.log"
    with log.open("w") as out:
        server = subprocess.Popen([JIUGONG, "serve", "--bind", f"127.0.0.1:{port}"], env=environment, stdout=out, stderr=out)
    try:
        _wait_until_alive(served, server, log)
        yield served
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def phone(browser: Browser, bare: Demo) -> Iterator[Page]:
    """A phone of 390 px; nothing on the way may fail in a script or ask for something outside."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True, is_mobile=True)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((bare.address, "data:", "blob:"))
            else wrong.append(f"request to outside: {request.url}"))
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()
    assert not wrong, wrong


def a_foreign_roster(path: Path) -> Path:
    """What another office keeps: other sheets and headings, a title, a merged band above the headings, dirty cells, a total."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("入园单位")
        page.merge_range(0, 0, 0, 4, "东园区入园单位一览")
        page.write_row(1, 0, ["编号", *THEIR_FIRMS, "执照代码"])
        for number, name in enumerate(FIRMS):
            page.write_row(2 + number, 0, [
                number + 1, name, f"{'一二三'[number]}片区", f"东路{number + 1}号", a_code(700 + number)])
        page = book.add_worksheet("花名册")
        page.merge_range(0, 0, 0, 8, "东园区各单位员工花名册")
        page.merge_range(1, 0, 1, 3, "个人信息")
        page.merge_range(1, 4, 1, 8, "岗位信息")
        page.write_row(2, 0, ["编号", "员工姓名", "证件号码", "联系电话", *THEIR_PEOPLE, "班别", "工种"])
        for number in range(PEOPLE):
            page.write_row(3 + number, 0, [
                number + 1, f"员工{number}", a_number(500 + number), a_phone(500 + number), FIRMS[number % 3], "加工工段",
                f"加工{number % 2 + 1}组", "白班", "操作工"])
        page.write(3 + 4, 2, a_number(504)[:-1] + "?")            # a bad ID number
        page.write(3 + 7, 4, "不存在的公司")                       # an enterprise that nobody has listed
        page.write(3 + 9, 1, "　员工9 ")                           # repaired without a question
        page.write_row(3 + PEOPLE, 0, ["合计", PEOPLE])
    return path


def _go(page: Page, selector: str) -> None:
    """Press what can be seen, and wait for the page behind it."""
    with page.expect_navigation():
        page.locator(selector).locator("visible=true").first.click()


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url


def _map_the_headings(page: Page) -> None:
    """One heading is dragged as a finger does, the others are chosen from the lists."""
    for table, theirs in enumerate((THEIR_FIRMS, THEIR_PEOPLE)):
        for text, field in theirs.items():
            page.select_option(f'[id="f{table}-{field}"]', text)
    line = page.locator('[data-ours]:has([id="f0-credit_code"])')
    chip = page.locator("[data-mapping]").first.locator('[data-their="执照代码"]')
    line.evaluate("each => each.scrollIntoView({ block: 'center' })")
    start, end = chip.bounding_box(), line.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 30, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + end["height"] / 2, steps=5)
    page.mouse.up()
    expect(page.locator('[id="f0-credit_code"]')).to_have_value("执照代码")


def _scan(page: Page, *texts: str) -> None:
    """As a scanner does that types: fast, Enter at the end."""
    for text in texts:
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)


def test_a_stranger_gets_from_a_bare_house_to_the_first_brief(phone: Page, bare: Demo, tmp_path: Path) -> None:
    page = phone
    page.goto(bare.address)
    expect(page.locator("main")).to_contain_text("jiugong user add")           # a bare door says what opens it
    subprocess.run([JIUGONG, "user", "add", "lin", "--name", "林园", "--role", "duty_officer", "--park", bare.park,
                    "--create-park"], env=bare.environment, input=PASSWORD + "\n", text=True, check=True, capture_output=True)
    page.reload()
    expect(page.locator("main")).not_to_contain_text("jiugong user add")
    page.fill("[name=username]", "lin")
    page.fill("[name=password]", PASSWORD)
    _go(page, "main button.btn-primary")

    # the second factor: an app, for a passkey needs https
    _go(page, 'main a[href$="/my/sign-in/app"]')
    page.locator("main details summary").click()
    page.fill("[name=code]", code_now(page.locator("main details p").inner_text()))
    _go(page, "main form .btn-primary")
    expect(page.locator(".paper-codes li")).to_have_count(10)                  # shown once
    _fits(page)
    _go(page, "main a.btn-primary")

    # the roster, with headings of its own
    _go(page, 'main a.btn[href$="/import"]')                                   # an empty day sends to the import
    roster = a_foreign_roster(tmp_path / "花名册.xlsx")
    page.set_input_files("input[type=file]", roster)
    _go(page, "form .btn-primary")
    expect(page.locator('button[value="report"]')).to_have_count(0)            # nothing can be taken before it is understood
    _go(page, '.picked-bar a.btn-primary[href*="mapping"]')
    _map_the_headings(page)
    _fits(page)
    _go(page, "form .card-body .btn-primary")
    expect(page.locator("#bad")).to_contain_text("2")
    _go(page, 'button[value="report"]')
    expect(page.locator("dl.facts dd").first).to_have_text(str(PEOPLE - 2))
    _fits(page)

    # the same headings are understood by themselves the next time
    _go(page, 'main .page-actions a[href$="/import"]')
    page.set_input_files("input[type=file]", roster)
    _go(page, "form .btn-primary")
    expect(page.locator("select[name=mapping]")).not_to_have_value("")
    expect(page.locator("#new")).to_have_count(0)

    # a round that is over before it begins is refused; today's is opened
    _go(page, 'nav.tabs a[href$="/rounds"]')
    _go(page, 'main a[href$="/rounds/open"]')
    today = datetime.now(ZoneInfo("Asia/Shanghai"))
    page.fill("[name=opens_at]", f"{today:%Y-%m-%d}T00:00")
    page.fill("[name=closes_at]", f"{today:%Y-%m-%d}T00:01")
    page.locator("main .page-actions button.btn-primary").click()
    expect(page.locator(".field-errors")).to_have_count(1)
    page.fill("[name=closes_at]", f"{today:%Y-%m-%d}T23:59")
    page.locator("main .page-actions button.btn-primary").click()
    page.wait_for_url("**/rounds/1")
    _fits(page)

    # thirty people cost a minute; six show the way
    page.goto(page.url.split("/rounds")[0] + "/scan")
    page.fill("#point", "东门采样点")
    page.click("#begin")
    _scan(page, "DY0001", *(a_number(500 + number) for number in (0, 1, 2)))
    expect(page.locator("#bound")).to_have_text("3 / 20")
    page.click("#seal")
    expect(page.locator("#tube")).to_have_value("")
    _scan(page, "DY0002", *(a_number(500 + number) for number in (3, 5, 6)))
    expect(page.locator("#bound")).to_have_text("3 / 20")
    page.click("#seal")
    expect(page.locator("#tube")).to_have_value("")
    _fits(page)

    # the laboratory telephones: one tube is positive
    _go(page, "header a.brand")
    _go(page, 'nav.tabs a[href$="/rounds"]')
    _go(page, 'main a[href$="/rounds/1"]')
    _go(page, 'main a[href*="view=tubes"]')
    _go(page, 'main a[href$="/tubes/DY0002"]')
    _go(page, 'main a[href*="results/import"]')
    expect(page.locator("[name=tube]")).to_have_value("DY0002")
    page.select_option("[name=value]", "positive")
    _go(page, "form:has([name=value]) button.btn-primary")
    _go(page, "header a.brand")
    expect(page.locator("#matters")).to_contain_text("DY0002")
    expect(page.locator("#truth")).to_contain_text(str(PEOPLE - 2))

    # the brief
    _go(page, 'nav.tabs a[href$="/brief/"]')
    expect(page.locator("main")).to_contain_text(re.compile("阳性|待单采"))
    with page.expect_download() as waiting:
        page.locator('form[action*="/paper/pdf"] button').locator("visible=true").first.click()
    paper = tmp_path / "brief.pdf"
    waiting.value.save_as(paper)
    said = "".join(pypdf.PdfReader(paper).pages[0].extract_text().split())
    assert f"在册人员{PEOPLE - 2}人" in said
    assert "已采6人次" in said
    assert f"未采{PEOPLE - 2 - 6}人次" in said
    with urllib.request.urlopen(f"{bare.address}/healthz", timeout=5) as answer:
        assert answer.status == 200
