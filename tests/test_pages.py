"""What stands around every page: whoever signs in finds every page that he may open, and none that he may not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.accounts.actions import create_user, grant
from jiugong.accounts.roles import AccountRole
from jiugong.lib.acting import operator
from jiugong.pages import FEW, PAGES
from tests.cast import Town
from tests.test_doors import CAST
from tests.test_doors import PAGES as DOORS

pytestmark = pytest.mark.pure            # what stands around a page; that it opens on either store, too: test_doors.py


@pytest.fixture(autouse=True)
def _now(this_morning: Any) -> None:
    """It is the morning of the park's round."""


def _signed_in(town: Town, username: str) -> Client:
    client = Client()
    client.force_login(town.users[username])
    return client


def _around(client: Client, address: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    shown = client.get(address, follow=True).context
    return shown["nav"], shown.get("inside", [])


@pytest.mark.parametrize("username", CAST)
def test_every_page_is_two_taps_away_and_none_is_offered_that_stays_shut(town: Town, username: str) -> None:
    client = _signed_in(town, username)
    first, beside = _around(client, "/")
    found = {each["url"] for each in (*first, *beside)}
    for each in first:
        found |= {page["url"] for page in _around(client, each["url"])[1]}

    listed = {page for _group, pages in PAGES for page, _powers in pages}
    open_to = {door.name for door in DOORS if door.name in listed and door.method == "get" and username in door.who.split()}
    everybodys = {"packs", "compare-packs", "rules", "data-kept"}     # reading these needs no power, nor a place in the row
    addresses = {page: reverse(page, args=[town.park.uid]) for page in listed}
    assert {addresses[page] for page in open_to - everybodys} <= found
    for address in found:
        assert client.get(address, follow=True).status_code == 200, address


@pytest.mark.parametrize(("role", "start"), [
    (AccountRole.COURIER, "boxes"), (AccountRole.SCANNER, "scan"), (AccountRole.LABORATORY, "result-import"),
    (AccountRole.AUDITOR, "today")])
def test_whoever_signs_in_starts_on_a_page_that_he_may_open(town: Town, role: AccountRole, start: str) -> None:
    somebody = create_user("begins", name="初来", park=town.park, actor=operator())
    grant(somebody, role, park=town.park, actor=operator())
    client = Client()
    client.force_login(somebody)

    opened = client.get("/", follow=True)

    assert opened.redirect_chain == [(reverse(start, args=[town.park.uid]), 302)]
    assert opened.status_code == 200
    assert opened.context["park"]["url"] == reverse(start, args=[town.park.uid])


def test_lin_finds_groups_and_inside_one_its_pages(town: Town) -> None:
    first, inside = _around(_signed_in(town, "lin"), reverse("people", args=[town.park.uid]))

    assert len(first) == len(PAGES)
    assert [each["current"] for each in first].count("true") + [each["current"] for each in first].count("page") == 1
    assert [each["url"] for each in inside if each["current"] == "page"] == [reverse("people", args=[town.park.uid])]


def test_whoever_leads_a_part_is_not_offered_what_is_of_the_whole_park(town: Town) -> None:
    reader = create_user("half", name="半边", park=town.park, actor=operator())
    grant(reader, AccountRole.LEADER, park=town.park, actor=operator(), place=town.grids["第1网格"])
    client = Client()
    client.force_login(reader)

    addresses = {each["url"] for row in _around(client, reverse("score", args=[town.park.uid])) for each in row}

    assert reverse("score", args=[town.park.uid]) in addresses
    assert reverse("brief", args=[town.park.uid]) not in addresses
    assert all(client.get(each, follow=True).status_code == 200 for each in addresses)


def test_shu_has_his_few_pages_beside_each_other(town: Town) -> None:
    first, inside = _around(_signed_in(town, "shu"), reverse("scan", args=[town.park.uid]))

    assert 2 <= len(first) <= FEW
    assert inside == []


@pytest.mark.parametrize(("name", "at", "lies_below"), [
    ("round", {"number": 1}, "rounds"), ("round-open", {}, "rounds"), ("names", {}, "today"), ("wall", {}, "today"),
    ("supplement-new", {}, "supplements"), ("tier-names", {}, "tiers"), ("rule-pack", {"key": "cn-2022-v9"}, "packs"),
    ("person-add", {}, "people"), ("meeting", {}, "filings"), ("figure", {"key": "screening.rounds"}, "brief")])
def test_a_page_says_below_which_it_lies(town: Town, name: str, at: dict[str, Any], lies_below: str) -> None:
    first, inside = _around(_signed_in(town, "lin"), reverse(name, kwargs={"park": town.park.uid, **at}))

    current = [each["url"] for each in (inside or first) if each["current"]]
    assert current == [reverse(lies_below, args=[town.park.uid])]


def test_a_message_lies_below_no_page(town: Town) -> None:
    first, inside = _around(_signed_in(town, "lin"), reverse("messages", args=[town.park.uid]))

    assert not any(each["current"] for each in first)
    assert inside == []
