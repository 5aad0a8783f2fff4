"""Two releases beside each other, day by day: only where they differ, each value with its document."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.policy import Release
from jiugong.policy.comparing import Comparison, Days, Difference, compare
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import chosen_of
from jiugong.rulebook.queries.releases import packs_at_hand, release_called
from jiugong.rulebook.wording import said_of, spoken


@require_GET
def compare_packs(request: HttpRequest, park: UUID) -> HttpResponse:
    """Choose left and right; the page lists the stretches of days on which they differ, and the rules that do."""
    park_for(actor_of(request), park)
    packs = packs_at_hand()
    keys = [pack.key for pack in packs]
    left, right = chosen_of(request, "left", keys), chosen_of(request, "right", keys)
    shown: dict[str, Any] = {"left": left, "right": right,
                             "packs": [(each, spoken(each.title)) for each in packs], "day": _day(request)}
    if left and right:
        sides = release_called(left), release_called(right)
        compared = compare(*sides)
        stretches = _stretches(compared)
        day = shown["day"]
        shown |= {"compared": compared, "stretches": stretches, "titles": [spoken(each.pack.title) for each in sides],
                  "groups": [(stretch, _differences(compared, stretch, sides)) for stretch in stretches
                             if day is None or _holds(stretch, day)],
                  "only": [(spoken(sides[0].pack.title), compared.only_left), (spoken(sides[1].pack.title), compared.only_right)]}
    return render(request, "rulebook/compare.html", shown)


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _stretches(compared: Comparison) -> list[Days]:
    """The stretches of days on which the same rules differ in the same way, in order."""
    cuts = sorted({each.days.first_day for each in compared.differences}
                  | {date.fromordinal(each.days.last_day.toordinal() + 1) for each in compared.differences if each.days.last_day})
    found = []
    for at, first in enumerate(cuts):
        last = date.fromordinal(cuts[at + 1].toordinal() - 1) if at + 1 < len(cuts) else None
        if any(_holds(each.days, first) for each in compared.differences):
            found.append(Days(first_day=first, last_day=last))
    return found


def _differences(compared: Comparison, stretch: Days, sides: tuple[Release, Release]) -> list[dict[str, Any]]:
    return [{"key": each.key, "title": spoken(each.title), **_sides(each, sides)} for each in compared.differences
            if _holds(each.days, stretch.first_day)]


def _sides(each: Difference, sides: tuple[Release, Release]) -> dict[str, Any]:
    values = {"left": (sides[0], each.left), "right": (sides[1], each.right)}
    return {name: said_of(release.rules[each.key], dated) if dated else None for name, (release, dated) in values.items()}


def _holds(days: Days, day: date) -> bool:
    return days.first_day <= day and (days.last_day is None or day <= days.last_day)
