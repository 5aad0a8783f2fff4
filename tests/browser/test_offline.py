"""A scanner whose network and server are gone: reload, another tab, a killed browser, a wrong clock, a full phone, two phones.

The server is really stopped (SIGKILL) and started again on the same port and home.

Long because every way in which a morning goes wrong is one test, and they share what they look at.
"""

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Dialog, Error, Page, Playwright, expect, sync_playwright

from tests.browser.conftest import QUIET, Desk

pytestmark = pytest.mark.browser
A_PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "has_touch": True, "is_mobile": True}
PEOPLE = """
import json
from jiugong.demo import at_demo_time
from jiugong.lib import secrets
from jiugong.lib.acting import operator
from jiugong.registry.actions.badges import issue_badges
from jiugong.registry.queries.badges import text_of
from jiugong.screening.models import Round, Specimen
from jiugong.screening.queries.rounds import owed_in
third = Round.objects.get(number=3)
sampled = set(Specimen.every.filter(round=third, person__isnull=False).values_list("person_id", flat=True))
ring = secrets.ring()
owing = [each.person for each in owed_in(third).select_related("person__park").order_by("pk")]
known = [one for one in owing if one.id_sealed]
with at_demo_time():
    badges = {each.person_id: text_of(each) for at in range(0, len(known), 200)
              for each in issue_badges(third.park, known[at:at + 200], actor=operator())}
    print("PEOPLE " + json.dumps([[one.name, one.open_id_number(ring), one.pk in sampled, badges[one.pk]] for one in known]))
"""
KEPT = """async (table) => (await deviceStore.all(table)).length"""
PUT = """([scans, url, park]) => Promise.all(Array.from({ length: Math.ceil(scans.length / 50) }, (_, at) => outbox.put(
    scans.slice(at * 50, at * 50 + 50).map((scan) => ({ id: scan.scan_id, lane: "screening", kind: "scan", url: url, list: "scans",
        common: { park: park }, body: scan, offline: true, shown: { who: "x", tube: scan.tube } })))))"""
A_NEW_WORKER = """async () => {
    const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    await navigator.serviceWorker.register("/sw.js?another-version", { updateViaCache: "none" });
    await taken;
    const one = navigator.serviceWorker.controller;
    if (one.state !== "activated") await new Promise((resolve) => one.addEventListener("statechange", resolve, { once: true }));
    return one.scriptURL.endsWith("another-version") ? one.state : one.scriptURL;
}"""
HEARD = "window.heard = []; document.addEventListener('scan:sound', (event) => window.heard.push(event.detail));"
SHIFTED = """(() => { const shift = %d, real = Date; window.Date = class extends real {
    constructor(...given) { if (given.length) super(...given); else super(real.now() + shift); }
    static now() { return real.now() + shift; } }; })()"""


@dataclass(frozen=True)
class Somebody:
    """Somebody on the roster of the third round."""

    name: str
    number: str
    sampled: bool
    badge: str


MANY = int(os.environ.get("OFFLINE_SCANS", "600"))       # make soak: 5,000
Phone = Callable[..., Page]
Owing = Iterator[Somebody]
IN_TUBE = " FROM screening_specimen s JOIN screening_tube t ON t.id = s.tube_id WHERE t.code = ?"


@pytest.fixture(scope="module")
def people(desk: Desk) -> list[Somebody]:
    said = desk.run("manage", "shell", "-c", PEOPLE)
    return [Somebody(*each) for each in json.loads(next(line[7:] for line in said.splitlines() if line.startswith("PEOPLE ")))]


@pytest.fixture(scope="module")
def unsampled(people: list[Somebody]) -> Owing:
    """One after another of those whom the demonstration does not sample."""
    return iter([each for each in people if not each.sampled])


@pytest.fixture(scope="module")
def machine() -> Iterator[Playwright]:
    with sync_playwright() as playing:
        yield playing


@pytest.fixture
def phone(desk: Desk, machine: Playwright, chromium: str, tmp_path: Path) -> Iterator[Phone]:
    """A phone with a profile of its own, a scanner signed in. The same `profile` again is the same phone, switched on."""
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def take(profile: str = "phone", *, who: str = "scanner", script: str = "", at: str = "") -> Page:
        context = machine.chromium.launch_persistent_context(str(tmp_path / profile), executable_path=chromium,
                                                             args=[*QUIET, "--restore-last-session=false"], **A_PHONE)
        opened.append(context)
        if script:
            context.add_init_script(script)
        page = context.pages[0] if context.pages else context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.add_init_script(HEARD)
        if at:
            page.goto(at)
            return page
        desk.start()
        page.goto(f"{desk.address}/sign-in")
        if page.locator(f"button[name=person][value={who}]").count():
            page.click(f"button[name=person][value={who}]")
        page.wait_for_url("**/scan**")
        _ready(page)
        return page

    yield take
    for context in opened:
        with suppress(Error):                                    # its test killed it
            context.close()
    assert not wrong, wrong


def _ready(page: Page) -> None:
    """The page, its parts and the roster lie on the device."""
    if page.locator("#where").get_attribute("open") is not None:
        page.select_option("#point", index=1)
        page.click("#begin")
    for table in ("pages", "rosters"):
        _until(page, lambda table=table: page.evaluate(KEPT, table) > 0, f"nothing in {table}")      # type: ignore[misc]


def _until(page: Page, holds: Callable[[], bool], why: str, seconds: float = 20) -> None:
    for _try in range(int(seconds * 10)):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError(why)


def _type(page: Page, *texts: str) -> None:
    for text in texts:
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(60)


def _a_tube() -> str:
    return f"QR{uuid4().int % 10**8:08}"


def _in_tube(desk: Desk, tube: str) -> int:
    return int(desk.ask(f"SELECT count(*){IN_TUBE}", tube)[0][0])


def _waiting(page: Page) -> int:
    return int(page.evaluate("async () => (await outbox.count()).waiting"))


# one morning -------------------------------------------------------------------------------------------------------

def test_reload_another_tab_and_a_new_version_lose_nothing(phone: Phone, desk: Desk, people: list[Somebody],
                                                              unsampled: Owing) -> None:
    tube, (first, second, third), page = _a_tube(), (next(unsampled), next(unsampled), next(unsampled)), phone()
    done = next(each for each in people if each.sampled)
    desk.kill()

    _type(page, tube, first.badge, first.badge)
    rows = page.locator("#scans li")
    expect(rows.nth(1)).to_contain_text(first.name)
    expect(rows.nth(0)).to_have_attribute("data-state", "excused")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-from-device", "yes")
    expect(rows).to_have_count(2)
    expect(page.locator("#bound")).to_have_text("2 / 20")
    _type(page, second.badge)
    expect(rows.nth(0)).to_contain_text(second.name)
    address, context = page.url, page.context
    page.close()
    page = context.new_page()
    page.goto(address)
    page.add_init_script("window.heard = []")
    expect(page.locator("#pending b")).to_have_text("3")
    _type(page, third.number, "11010519491231002X", done.badge)
    expect(page.locator("#scans li").nth(0)).to_have_attribute("data-state", "excused")
    expect(page.locator("#outbox [data-part=trouble]")).to_contain_text("6")

    page.evaluate("localStorage.setItem('outbox-wait', String(Date.now() + 60000))")
    desk.start()
    assert page.evaluate(A_NEW_WORKER) == "activated"
    assert (_waiting(page), page.evaluate(KEPT, "pages"), page.evaluate(KEPT, "rosters")) == (6, 1, 1)
    page.evaluate("outbox.wake(true)")
    expect(page.locator("#pending")).to_be_hidden(timeout=30_000)

    assert _in_tube(desk, tube) == 6
    again = desk.ask("SELECT s.again, p.name FROM screening_specimen s JOIN screening_tube t ON t.id = s.tube_id"
                     " LEFT JOIN registry_person p ON p.id = s.person_id WHERE t.code = ? ORDER BY s.position", tube)
    assert again[:2] == [(0, first.name), (1, first.name)]
    assert again[4] == (0, None), "a stranger is kept as a walk-in"


def test_what_this_device_says_sounds_as_the_server_does(phone: Phone, desk: Desk, unsampled: Owing) -> None:
    tube, one, page = _a_tube(), next(unsampled), phone()
    desk.kill()
    page.evaluate("window.heard.length = 0")

    _type(page, tube)
    page.wait_for_timeout(800)
    for text in (one.badge, one.badge, f"JG.{'0' * 12}.{'0' * 12}"):
        _type(page, text)
        page.wait_for_timeout(300)

    assert page.evaluate("window.heard") == ["tube", "bound", "again", "unknown"]
    rows = page.locator("#scans li")
    expect(rows.nth(0)).to_have_attribute("data-state", "missing")
    page.reload()
    for at, state in enumerate(("missing", "excused", "owed")):
        expect(rows.nth(at)).to_have_attribute("data-state", state)


def test_a_tube_that_is_full_here_takes_nobody_more_while_the_server_is_silent(phone: Phone, desk: Desk, unsampled: Owing) -> None:
    tube, page, here = _a_tube(), phone(), [next(unsampled) for _each in range(3)]
    assert desk.server
    os.killpg(desk.server.pid, signal.SIGSTOP)                   # it neither answers nor refuses
    page.evaluate("document.getElementById('round').selectedOptions[0].dataset.pool = '2'")
    page.evaluate("window.heard.length = 0")

    _type(page, tube, *(one.badge for one in here))
    expect(page.locator("#said")).to_contain_text(str(page.locator("#scanner").get_attribute("data-full")))
    assert _waiting(page) == 2
    expect(page.locator("#pending b")).to_have_text("2")
    desk.kill()
    _type(page, here[2].badge)

    assert _waiting(page) == 2
    assert page.evaluate("window.heard").count("full") >= 2


def test_an_id_number_is_kept_without_a_name_and_known_again(phone: Phone, desk: Desk, unsampled: Owing) -> None:
    """Nothing of a number lies on the device, so nobody is named by it; the outbox knows that it was scanned here."""
    tube, (one, other), page = _a_tube(), (next(unsampled), next(unsampled)), phone()
    desk.kill()
    page.evaluate("window.heard.length = 0")
    rows, later = page.locator("#scans li"), str(page.locator("#scanner").get_attribute("data-name-later"))

    _type(page, tube, one.number)
    expect(rows.nth(0)).to_have_attribute("data-state", "owed")
    expect(rows.nth(0)).to_contain_text(later)
    expect(rows.nth(0)).not_to_contain_text(one.name)
    page.wait_for_timeout(300)
    _type(page, "11010519491231002X")
    expect(rows.nth(0)).to_contain_text(later)
    assert page.evaluate("window.heard") == ["tube", "bound", "bound"]

    page.reload()
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(later)
    _type(page, one.number)
    expect(rows.nth(0)).to_have_attribute("data-state", "excused")
    _type(page, other.number)
    expect(rows.nth(0)).to_have_attribute("data-state", "owed")

    desk.start()
    page.evaluate("outbox.wake(true)")
    expect(page.locator("#pending")).to_be_hidden(timeout=30_000)
    expect(rows.nth(0)).to_contain_text(other.name)
    assert _in_tube(desk, tube) == 4


def test_a_killed_browser_starts_again_from_its_profile_and_its_files_show_no_number(
        phone: Phone, desk: Desk, unsampled: Owing, tmp_path: Path) -> None:
    tube, (one, other), page = _a_tube(), (next(unsampled), next(unsampled)), phone()
    desk.kill()
    _type(page, tube, one.badge, other.number)
    expect(page.locator("#pending b")).to_have_text("2")
    address = page.url
    _kill_browser(tmp_path / "phone")

    for file in (tmp_path / "phone").rglob("*"):
        if file.is_file():
            bytes_there = file.read_bytes()
            for number in (one.number, other.number):
                assert number.encode() not in bytes_there and number.encode("utf-16-le") not in bytes_there, file
            if "IndexedDB" in file.parts:
                assert one.name.encode() not in bytes_there and one.name.encode("utf-16-le") not in bytes_there, file

    page = phone(at=address)
    expect(page.locator("#pending b")).to_have_text("2")
    expect(page.locator("#scans li").nth(1)).to_contain_text(one.name)
    desk.start()
    tab = page.context.new_page()                                # a battery that falls out may take a fresh cookie along
    tab.goto(f"{desk.address}/sign-in")
    if tab.locator("button[name=person][value=scanner]").count():
        tab.click("button[name=person][value=scanner]")
        tab.wait_for_url("**/scan**")
    page.evaluate("outbox.wake(true)")
    expect(page.locator("#pending")).to_be_hidden(timeout=30_000)
    assert _in_tube(desk, tube) == 2


def _kill_browser(profile: Path) -> None:
    """As when the battery falls out: every process of this profile, at once."""
    mark = f"--user-data-dir={profile}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
            except (OSError, ValueError):
                continue


def test_undo_and_seal_without_a_server_arrive_in_order(phone: Phone, desk: Desk, unsampled: Owing) -> None:
    tube, (kept, wrong), page = _a_tube(), (next(unsampled), next(unsampled)), phone()
    desk.kill()
    _type(page, tube, kept.number, wrong.number)
    expect(page.locator("#bound")).to_have_text("2 / 20")

    page.locator("#scans li").first.get_by_role("button").click()
    page.locator("#undoing [data-reason]").first.click()
    expect(page.locator("#bound")).to_have_text("1 / 20")
    page.click("#seal")
    expect(page.locator("#tube")).to_have_value("")
    _type(page, tube)
    expect(page.locator("#tube")).to_have_value("")
    page.reload()
    expect(page.locator("#scans li")).to_have_count(2)
    expect(page.locator("#scans .scan-undo-button:visible")).to_have_count(0)
    expect(page.locator("#scans li.is-undone")).to_have_count(1)
    desk.start()
    page.evaluate("outbox.wake(true)")

    expect(page.locator("#pending")).to_be_hidden(timeout=30_000)
    assert _in_tube(desk, tube) == 2
    assert desk.ask("SELECT count(*) FROM screening_undo u JOIN screening_specimen s ON s.id = u.specimen_id JOIN screening_tube t"
                    " ON t.id = s.tube_id WHERE t.code = ?", tube) == [(1,)]
    assert desk.ask("SELECT sealed_at IS NULL FROM screening_tube WHERE code = ?", tube) == [(0,)]


# clocks ------------------------------------------------------------------------------------------------------------

def test_a_clock_that_is_hours_fast_is_said_and_set_right(phone: Phone, desk: Desk, unsampled: Owing) -> None:
    tube, one = _a_tube(), next(unsampled)
    page = phone(script=SHIFTED % (5 * 3600 * 1000))
    expect(page.locator("#outbox [data-part=clock]")).to_contain_text("5")
    desk.kill()
    _type(page, tube, one.number)
    expect(page.locator("#pending b")).to_have_text("1")
    desk.start()
    page.evaluate("outbox.wake(true)")
    expect(page.locator("#pending")).to_be_hidden(timeout=30_000)

    ((sampled, told, received),) = [map(datetime.fromisoformat, each) for each in desk.ask(
        f"SELECT sampled_at, device_at, received_at{IN_TUBE}", tube)]
    assert timedelta(0) <= received - sampled < timedelta(minutes=2)
    assert timedelta(hours=4, minutes=58) < told - sampled < timedelta(hours=5, minutes=2)


def test_the_roster_goes_with_the_round_and_with_the_sign_out(phone: Phone, desk: Desk) -> None:
    page = phone()
    address = page.url
    desk.kill()
    page.context.add_init_script(SHIFTED % (6 * 3600 * 1000))
    page.goto(address)
    expect(page.locator("#scanner")).to_be_visible()
    _until(page, lambda: page.evaluate(KEPT, "rosters") == 0, "the round is over and its roster is still there")

    page.context.close()
    desk.start()
    page = phone("other")
    assert page.evaluate(KEPT, "rosters") == 1
    page.locator("header .menu-end summary").last.click()
    page.locator("form[data-sign-out] button").click()
    page.wait_for_url("**/sign-in**")
    _until(page, lambda: page.evaluate(KEPT, "rosters") == page.evaluate(KEPT, "pages") == 0, "it stayed after the sign-out")


# whose, and refused ------------------------------------------------------------------------------------------------

def test_signed_out_keeps_everything_and_nobody_sends_in_another_name(
        phone: Phone, desk: Desk, unsampled: Owing) -> None:
    tube, one, page = _a_tube(), next(unsampled), phone()
    _type(page, tube)
    page.wait_for_timeout(300)
    page.context.clear_cookies()
    _type(page, one.number)
    expect(page.locator("#outbox [data-part=signin]")).to_be_visible()

    other = page.context.new_page()
    other.goto(f"{desk.address}/sign-in")
    other.click("button[name=person][value=officer]")
    other.wait_for_load_state()
    page.evaluate("outbox.wake(true)")
    page.wait_for_timeout(1_000)
    assert _in_tube(desk, tube) == 0
    other.goto(page.url)
    expect(other.locator("#outbox [data-part=others]")).to_contain_text("1")
    assert _in_tube(desk, tube) == 0

    other.locator("header .menu-end summary").last.click()
    other.locator("form[data-sign-out] button").click()          # an unanswered question would keep him here: he made none of it
    other.wait_for_url("**/sign-in**")
    other.click("button[name=person][value=scanner]")
    other.wait_for_url("**/scan**")
    _until(other, lambda: _in_tube(desk, tube) == 1, "its maker is back, and it was not sent")
    assert desk.ask(f"SELECT bound_by{IN_TUBE}", tube) == [(other.locator("meta[name=who]").get_attribute("content"),)]


def test_what_is_refused_stays_until_somebody_decides(phone: Phone, desk: Desk, unsampled: Owing) -> None:
    tube, page = _a_tube(), phone()
    scans = [{"scan_id": uuid4().hex, "round": 77, "tube": tube, "point": page.input_value("#point"),
              "resident_id": next(unsampled).number, "device": "t"} for _each in range(2)]
    page.evaluate(PUT, [scans, *_where(page)])
    refused = page.locator("#outbox [data-part=refused-list] li")
    expect(refused).to_have_count(2)
    expect(refused.first.locator("[data-why]")).to_contain_text("77")
    page.reload()
    expect(refused).to_have_count(2)

    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator("header .menu-end summary").last.click()
    page.locator("form[data-sign-out] button").click()
    _until(page, lambda: bool(asked), "who made two that wait signs out unasked")
    assert "2" in asked[0]
    page.keyboard.press("Escape")

    page.locator("#outbox summary").click()
    refused.first.locator("[data-again]").click()
    page.locator("#correcting .btn-primary").click()
    expect(refused).to_have_count(1)
    _until(page, lambda: _in_tube(desk, tube) == 1, "the corrected one did not arrive")
    refused.first.locator("[data-let-go]").click()
    page.locator("#outbox dialog select").select_option("entered_wrongly")
    page.locator("#outbox dialog .btn-primary").click()
    expect(refused).to_have_count(0)
    told = "SELECT facts FROM journal_entry WHERE verb = 'refused.let_go'"
    _until(page, lambda: len(desk.ask(told)) == 1, "the park did not hear of it")
    kept = json.loads(desk.ask(told)[0][0])
    assert (kept["kind"], kept["reason"], set(kept)) == ("scan", "entered_wrongly", {"kind", "reason", "code", "device"})


def _where(page: Page) -> list[str]:
    form = page.locator("#scanner")
    return [str(form.get_attribute("data-scans")), str(form.get_attribute("data-park"))]


# no room -----------------------------------------------------------------------------------------------------------

def test_a_full_phone_says_so_loudly_and_goes_on_sending(phone: Phone, desk: Desk, unsampled: Owing) -> None:
    tube, (one, other), page = _a_tube(), (next(unsampled), next(unsampled)), phone()
    address = page.url
    page.context.close()
    desk.kill()
    page = phone(at="about:blank")                               # Chromium asks for the room once in half a minute
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", {"origin": desk.address, "quotaSize": 1})
    page.goto(address)
    _type(page, tube, one.number, other.number)

    full = page.locator("#outbox [data-part=full]")
    expect(full).to_be_visible()
    expect(full).to_contain_text("2")
    expect(page.locator("#scans li").first).to_contain_text(str(page.locator("#scanner").get_attribute("data-memory")))
    desk.start()
    page.evaluate("outbox.wake(true)")

    expect(full).to_be_hidden(timeout=30_000)
    assert _in_tube(desk, tube) == 2


# two phones --------------------------------------------------------------------------------------------------------

def _four_hours(people: list[Somebody], device: str, point: str, mark: str) -> list[dict[str, Any]]:
    """What one device scans in four simulated hours: tubes of twenty, one after another."""
    start, step = datetime.now(UTC) - timedelta(hours=4), timedelta(hours=4) / max(len(people), 1)
    return [{"scan_id": f"{device}-{at}-{uuid4().hex[:8]}", "round": 3, "tube": f"{mark}{at // 20:05}", "point": point,
             "resident_id": one.number, "device": device, "device_at": (start + at * step).isoformat()}
            for at, one in enumerate(people)]


@pytest.mark.parametrize("many", [MANY])
def test_four_hours_on_two_devices_merge_in_any_order(phone: Phone, desk: Desk, people: list[Somebody], many: int) -> None:
    """Nothing lost, nothing double; who was scanned on both devices is kept twice, and the second is marked."""
    pages = [phone("a"), phone("b")]
    half, point = many // 2, pages[0].input_value("#point")
    everybody = people * (many // len(people) + 2)
    mark = uuid4().hex[:4].upper()
    on_both = everybody[half - half // 10:]                      # a tenth stands before both devices
    batches = [_four_hours(everybody[:half], "a", point, f"A{mark}"),
               _four_hours(on_both[:many - half], "b", point, f"B{mark}")]
    assert sum(map(len, batches)) == many
    desk.kill()
    for page, scans in zip(pages, batches, strict=True):
        page.evaluate(PUT, [scans, *_where(page)])
        assert _waiting(page) == len(scans)

    desk.start()
    for page in reversed(pages):
        page.evaluate("outbox.wake(true)")
    for page in pages:
        _until(page, lambda page=page: _waiting(page) == 0, "not everything was sent", 120)          # type: ignore[misc]

    for page in pages:
        refused = page.evaluate("async () => (await outbox.listed('refused')).map((item) => item.content.told.code)")
        assert not refused, Counter(refused)
    ids = {scan["scan_id"] for scans in batches for scan in scans}
    kept = desk.ask("SELECT s.scan_id, s.person_id, s.again FROM screening_specimen s JOIN screening_tube t ON t.id = s.tube_id"
                    " WHERE t.code LIKE ? OR t.code LIKE ?", f"A{mark}%", f"B{mark}%")
    assert len(kept) == many == len({each[0] for each in kept})
    assert {each[0] for each in kept} == ids
    repeated = pages[0].evaluate("""async ([url, park, scans]) => (await (await fetch(url, { method: "POST", headers: {
        "Content-Type": "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
        body: JSON.stringify({ park: park, scans: scans }) })).json()).answers.map((each) => each.status)""",
        [*_where(pages[0]), list(reversed(batches[1][:200]))])
    assert set(repeated) == {"repeat"}
    swabs = Counter(each[1] for each in kept)
    assert sum(number - 1 for number in swabs.values()) <= sum(each[2] for each in kept), "a second swab is not marked"


# what else the phone needs -----------------------------------------------------------------------------------------

def test_another_page_without_a_server_says_what_still_works(phone: Phone, desk: Desk) -> None:
    page = phone()
    desk.kill()

    page.goto(f"{desk.address}/parks/")

    expect(page.locator("#kept a")).to_have_count(1)
    expect(page.locator("#kept a")).to_contain_text("宿州绿色家居产业园")
    page.locator("#kept a").click()
    expect(page.locator("#scanner")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_phone_can_install_it(phone: Phone, desk: Desk) -> None:
    page = phone()
    told = page.request.get(f"{desk.address}{page.locator('link[rel=manifest]').get_attribute('href')}").json()

    assert told["name"] == "九宫"
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        assert page.request.get(f"{desk.address}{icon['src']}").body().startswith(b"\x89PNG")
    wrong = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in wrong if each["errorId"] != "in-incognito"] == []
    assert not re.search(r"no-store", page.request.get(f"{desk.address}/sw.js").headers["cache-control"])
