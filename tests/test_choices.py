"""No drop-down, box, list of suggestions or search names somebody or something beyond the reach of whoever looks at it.

Users of the best-known tracing tool found every account of the installation in a drop-down. So every GET page of the door table is
opened by every member of the cast who may; whatever can be chosen there is read out of the page and compared with what he
reaches; and every search that a page offers is asked for each thing that he does not reach.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from jiugong.accounts.models import Membership, User
from jiugong.accounts.queries import actor_for
from jiugong.accounts.roles import AccountRole
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Person, Place, Unit
from jiugong.registry.queries.people import whereabouts
from tests.cast import Town
from tests.test_doors import CAST, PAGES, Visitors, _named, things, visitors

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("this_morning")]
__all__ = ["things", "visitors"]

SEARCHES = ("choose-units", "choose-things", "choose-people", "people", "units", "names", "charges", "bodies", "badges")
WHO_ANSWERS = ("charges", "bodies")                                    # who answers for something is shown to whoever sees that
THE_OFFICE = {AccountRole.DUTY_OFFICER}                                # to whom everybody may turn, and hand things over


class Choices(HTMLParser):
    """What can be chosen on a page: options, boxes and buttons with their words, suggestions, lists handed to scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.addresses: list[str] = []
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: text or "" for name, text in attrs}
        if tag == "option" or (tag == "input" and told.get("type") in ("radio", "checkbox")):
            self.said += [told.get("value", ""), told.get("label", "")]
        if tag == "input" and told.get("role") == "combobox":
            self.addresses.append(told.get("hx-get", ""))
        if tag in ("option", "label", "datalist") or (tag == "script" and "json" in told.get("type", "")):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if self._within:
            self.said.append(data)

    @property
    def text(self) -> str:
        return "\n".join(filter(None, (each.strip() for each in self.said)))


@dataclass
class Beyond:
    """What somebody does not reach: how it would stand in a choice (a name that nothing else has, or an id), and what it is."""

    signs: dict[str, str] = field(default_factory=dict)

    def found_in(self, text: str) -> list[str]:
        return sorted({what for sign, what in self.signs.items() if sign in text})


def beyond(actor: Actor, user: User, *towns: Town) -> Beyond:
    """Everybody and everything of the parks that is not in somebody's reach."""
    known = Beyond()
    for town in towns:
        for person in Person.objects.filter(park=town.park):
            if not _reaches(actor, whereabouts(person).branches) or not _sees_people(actor, town):
                known.signs |= {person.name: f"person {person.name}", str(person.uid): f"person {person.name}"}
        for unit in Unit.objects.filter(park=town.park):
            if not _reaches(actor, (unit.path, *((unit.site.path,) if unit.site else ()))):
                known.signs[str(unit.uid)] = f"unit {unit.name}"
                if unit.kind == "enterprise" and not _is_ours(actor, unit.name, *towns):
                    known.signs[unit.name] = f"unit {unit.name}"
        for place in Place.objects.filter(park=town.park, kind="grid"):
            if not _reaches(actor, _branches(place)) and not _is_ours(actor, place.name, *towns):
                known.signs[place.name] = f"grid {place.name}"
        if not _reaches(actor, town.park.branches):
            known.signs[town.park.name] = f"park {town.park.name}"
        for one in town.users.values():
            if not _may_be_named(actor, one, user, town):
                known.signs[one.name] = f"account {one.name}"
                known.signs[f">{one.username}<"] = f"account {one.name}"
    for name in {user.name, *_names_in_reach(actor, *towns)}:          # an account and a person may have one name
        known.signs.pop(name, None)
    return known


def _branches(place: Place) -> tuple[str, ...]:
    """A grid, and the enterprises whose sites lie in it: whoever sees one of them sees where it lies."""
    return (place.path, *Unit.objects.filter(site__sitings__grid=place).values_list("path", flat=True))


def _reaches(actor: Actor, branches: tuple[str, ...]) -> bool:
    """Does any power of his reach it, or does it hold what he reaches? The park itself is seen by all who are in it."""
    roots = {root for reach in actor.powers.values() for root in reach}
    parks = {root.split("/")[1] for root in roots}
    return any(branch.startswith(root) or root.startswith(branch) for branch in branches for root in roots) or any(
        branch.split("/")[1] in parks for branch in branches if branch.count("/") == 2)


def _sees_people(actor: Actor, town: Town) -> bool:
    return any(actor.may_somewhere(power, within=town.park) for power in (Can.SEE_PEOPLE, Can.BIND_SPECIMENS, Can.GRANT_ROLES))


def _is_ours(actor: Actor, name: str, *towns: Town) -> bool:
    """Has something in reach the same name? Both parks have a first grid."""
    named: list[tuple[str, ...]] = [(each.path,) for town in towns for each in Unit.objects.filter(park=town.park, name=name)]
    named += [_branches(each) for town in towns for each in Place.objects.filter(park=town.park, name=name)]
    return any(_reaches(actor, branches) for branches in named)


def _may_be_named(actor: Actor, one: User, user: User, town: Town) -> bool:
    """Himself; accounts over what he reaches; of his own park the office; and all of it for whoever gives its roles."""
    held = list(Membership.objects.filter(user=one).select_related("unit", "place"))
    branches = [over.path for each in held if (over := each.unit or each.place)]
    if one.pk == user.pk or any(_reaches(actor, (branch,)) for branch in branches):
        return True
    if actor.may(Can.GRANT_ROLES, over=town.park):
        return True
    return _reaches(actor, town.park.branches) and any(each.role in THE_OFFICE for each in held if not each.unit and not each.place)


def _names_in_reach(actor: Actor, *towns: Town) -> Iterator[str]:
    for town in towns:
        for person in Person.objects.filter(park=town.park):
            if _sees_people(actor, town) and _reaches(actor, whereabouts(person).branches):
                yield person.name


# ----------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who", CAST)
def test_whatever_can_be_chosen_on_any_page_lies_within_reach(town: Town, other_town: Town, things: dict[str, Any],
                                                             visitors: Visitors, who: str) -> None:
    user = town.users[who]
    unreached = beyond(actor_for(user), user, town, other_town)
    told: dict[str, list[str]] = {}
    choosers: set[str] = set()
    for door in PAGES:
        if door.method != "get" or who not in door.who.split():
            continue
        address = reverse(door.name, kwargs={"park": town.park.uid, **_named(door.at, things)})
        page = _page(visitors, who, address, _named(door.body, things))
        choosers |= set(page.addresses)
        if found := unreached.found_in(page.text):
            told[str(door)] = found

    assert told == {}
    assert _suggested(visitors, who, choosers, unreached) == {}


@pytest.mark.parametrize("who", CAST)
def test_no_search_finds_what_lies_beyond_reach(town: Town, other_town: Town, visitors: Visitors, who: str) -> None:
    user = town.users[who]
    unreached = beyond(actor_for(user), user, town, other_town)
    names = [sign for sign in unreached.signs if re.match(r"[\u4e00-\u9fff]", sign)]
    answering = {each.name for each in Person.objects.filter(park=town.park)
                 if _reaches(actor_for(user), whereabouts(each).branches)}
    told: dict[str, list[str]] = {}
    for door in (each for each in PAGES if each.method == "get" and each.name in SEARCHES and who in each.who.split()):
        for name in names:                                              # all but its last sign: a page may repeat what was typed
            content = _content(visitors, who, reverse(door.name, kwargs={"park": town.park.uid}), {"q": name[:-1]})
            if name in content and not (door.name in WHO_ANSWERS and name in answering):
                told.setdefault(door.name, []).append(name)

    assert told == {}


def test_whoever_runs_another_park_is_offered_nothing_of_this_one(town: Town, other_town: Town, things: dict[str, Any],
                                                                 visitors: Visitors) -> None:
    ines = other_town.users["ines"]
    unreached = beyond(actor_for(ines), ines, town, other_town)
    assert {"person 吴强", "unit 西河门窗有限公司", "grid 第2网格", "account 林园"} <= set(unreached.signs.values())
    told, opened = {}, 0
    for door in PAGES:
        if door.method == "get" and not door.at:
            page = _page(visitors, "ines", reverse(door.name, kwargs={"park": other_town.park.uid}), {})
            opened += bool(page.text)
            if found := unreached.found_in(page.text):
                told[str(door)] = found

    assert told == {}
    assert opened > 20


@pytest.mark.parametrize("page", [
    "<select><option value='3'>褚亮</option></select>", "<label><input type=checkbox value=1> 褚亮</label>",
    "<datalist id=x><option value='褚亮'></datalist>", "<label for=a>褚亮 <input type=radio></label>",
    "<script type='application/json'>{\"name\": \"褚亮\"}</script>"])
def test_a_name_beyond_reach_is_seen_in_every_kind_of_choice(town: Town, page: str) -> None:
    tao = town.users["tao"]
    unreached = beyond(actor_for(tao), tao, town)

    assert unreached.found_in(Choices(page).text) == ["person 褚亮"]
    assert unreached.found_in(Choices(page.replace("褚亮", "吴强")).text) == []


def _page(visitors: Visitors, who: str, address: str, query: dict[str, Any]) -> Choices:
    return Choices(_content(visitors, who, address, query))


def _content(visitors: Visitors, who: str, address: str, query: dict[str, Any]) -> str:
    def ask(client: Client) -> Any:
        answer = client.get(address, query, follow=True)
        return answer.content if not answer.streaming and "text/html" in answer.headers.get("Content-Type", "") else b""

    return str(visitors.ask(who, ask).decode())


def _suggested(visitors: Visitors, who: str, choosers: set[str], unreached: Beyond) -> dict[str, list[str]]:
    """What the choosers of the pages suggest for a sign that many names have, and for nothing."""
    told = {}
    for address in filter(None, choosers):
        for text in ("", "有限", "网格", "某"):
            joined = f"{address}{'&' if '?' in address else '?'}{urlencode({'q': text})}"
            if found := unreached.found_in(_content(visitors, who, joined, {})):
                told[joined] = found
    return told
