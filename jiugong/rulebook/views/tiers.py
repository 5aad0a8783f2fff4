"""Tiers of testing: how many stand in which, who moved between two days and why, and the way to a round for them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.doors import park_for, unit_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import day_asked, page_of
from jiugong.rulebook.queries.facts import NO_FACTS
from jiugong.rulebook.queries.tiers import (
    Tiers,
    counts_by_enterprise,
    keys_of,
    moves,
    people_in_tier,
    people_who_moved,
    tiers_on,
)
from jiugong.rulebook.telling import listed, reasons_in_words
from jiugong.rulebook.wording import said_of, spoken
from jiugong.rulebook.words import AreaLevel, Regime, Risk

A_DAY = timedelta(days=1)
IN_ORDER = ("enterprise__name", "unit__path", "person__name", "pk")
MOST_CHOSEN, MOST_SHOWN = 100, 50            # enterprises in one address; moves on one page


@require_GET
def tiers(request: HttpRequest, park: UUID) -> HttpResponse:
    """The tiers of a day by enterprise, and who moved since another day. Every number opens its names."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    today, reach = today_in(here), actor.reach(Can.SEE_BOARD)
    day = day_asked(request, today)
    since = day_asked(request, day - A_DAY, "since")
    end, start = tiers_on(here, day), tiers_on(here, since)
    text = request.GET.get("q", "").strip()
    counted = counts_by_enterprise(here, end, reach)
    rows = counted.filter(enterprise__name__icontains=text) if text else counted
    found = list(rows)
    page = page_of(request, found)
    moved = moves(here, start, end, reach)
    shown = [each for each in _moves(here, start, end, moved) if text.lower() in each["enterprise"].name.lower()]
    sees = actor.may_somewhere(Can.SEE_PEOPLE, within=here)
    return render(request, "rulebook/tiers.html", {
        "day": day, "since": since, "today": today, "text": text,
        "is_set": bool(text or day != today or since != day - A_DAY), "sees": sees,
        "tiers": [_tier(key, each, found, at) for at, (key, each) in enumerate(end.rules.items())],
        "none": sum(row["none"] for row in found), "people": sum(row["people"] for row in found),
        "page": page, "rows": [_row(row, end) for row in page],
        "moves": shown[:MOST_SHOWN], "more_moves": max(0, len(shown) - MOST_SHOWN),
        "number_moved": sum(each.count for each in moved),
        "may_open": actor.may_somewhere(Can.OPEN_ROUNDS, within=here)})


def _tier(key: str, each: Any, rows: list[dict[str, Any]], at: int) -> dict[str, Any]:
    said = said_of(each.rule, each.dated)
    return {"key": key, "title": spoken(each.rule.title), "said": said, "local": each.supplement is not None,
            "count": sum(row[f"tier_{at}"] for row in rows), "enterprises": sum(bool(row[f"tier_{at}"]) for row in rows)}


def _row(row: dict[str, Any], end: Tiers) -> dict[str, Any]:
    facts = end.facts.get(row["enterprise_id"], NO_FACTS)
    return {"name": row["enterprise__name"], "uid": row["enterprise__uid"], "people": row["people"], "none": row["none"],
            "counts": [(key, row[f"tier_{at}"]) for at, key in enumerate(end.rules)],
            "regime": Regime(facts.regime).label, "risk": Risk(facts.risk).label, "is_key": facts.risk == Risk.KEY,
            "area": AreaLevel(facts.area).label if facts.area else ""}


def _moves(park: Park, start: Tiers, end: Tiers, found: list[Any]) -> list[dict[str, Any]]:
    firms = {unit.pk: unit for unit in Unit.objects.filter(pk__in={each.enterprise_id for each in found})}
    titles = {key: spoken(each.rule.title) for tiers in (start, end) for key, each in tiers.rules.items()}
    nothing = _("no tier")
    return [{"enterprise": firms[each.enterprise_id], "before": listed(titles[key] for key in each.before) or nothing,
             "after": listed(titles[key] for key in each.after) or nothing, "count": each.count,
             "because": reasons_in_words(each.because),
             "query": urlencode({"day": end.day.isoformat(), "since": start.day.isoformat(), "moved": "1",
                                 "enterprise": str(firms[each.enterprise_id].uid), "from": each.marks[0], "to": each.marks[1]})}
            for each in found]


@require_GET
def names(request: HttpRequest, park: UUID) -> HttpResponse:
    """Who stands in a tier, or who moved."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_PEOPLE, within=here)
    day, reach = day_asked(request, today_in(here)), actor.reach(Can.SEE_PEOPLE)
    end, tier = tiers_on(here, day), request.GET.get("tier", "")
    enterprise = unit_for(actor, request.GET["enterprise"]) if request.GET.get("enterprise") else None
    if request.GET.get("moved"):
        start = tiers_on(here, day_asked(request, day - A_DAY, "since"))
        marks = _marks(request)
        rows = people_who_moved(here, start, end, reach, enterprise_id=enterprise.pk if enterprise else None, marks=marks)
        heading = _moved(start, end, marks)
    else:
        rows = people_in_tier(here, end, tier, reach)
        rows = rows.filter(enterprise=enterprise) if enterprise else rows
        heading = spoken(end.rules[tier].rule.title) if tier in end.rules else _("In no tier")
    page = page_of(request, rows.select_related("person", "enterprise", "unit__parent").order_by(*IN_ORDER))
    looked(actor=actor, park_id=here.pk, person_ids=[each.person_id for each in page], fields=("list",),
           reason="opened a list of names", at=clock.now())
    return render(request, "rulebook/names.html", {
        "page": page, "people": True, "day": day, "heading": heading,
        "lead": enterprise.name if enterprise else "", "back": f"../tiers?{urlencode({'day': day.isoformat()})}"})


def _marks(request: HttpRequest) -> tuple[int, int] | None:
    asked = request.GET.get("from", ""), request.GET.get("to", "")
    return (int(asked[0]), int(asked[1])) if all(each.isdecimal() and len(each) < 7 for each in asked) else None


def _moved(start: Tiers, end: Tiers, marks: tuple[int, int] | None) -> str:
    if marks is None:
        return _("Moved between two days")
    rules = {**start.rules, **end.rules}
    sides = [listed(spoken(rules[key].rule.title) for at, key in enumerate(keys_of(start, end)) if one & 1 << at)
             or _("no tier") for one in marks]
    return f"{sides[0]} → {sides[1]}"


@require_GET
def targeted_round(request: HttpRequest, park: UUID) -> HttpResponse:
    """On to opening a round for the enterprises that were chosen, or for all in which a tier holds."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.OPEN_ROUNDS, within=here)
    chosen, tier = list(dict.fromkeys(request.GET.getlist("enterprise"))), request.GET.get("tier", "")
    asked = {"reason": request.GET.get("reason", "")[:300]}
    if tier:
        end = tiers_on(here, day_asked(request, today_in(here)))
        rows = counts_by_enterprise(here, end, actor.reach(Can.OPEN_ROUNDS))
        at = list(end.rules).index(tier) if tier in end.rules else None
        chosen = [str(row["enterprise__uid"]) for row in rows if at is not None and row[f"tier_{at}"]]
        if tier in end.rules:
            asked |= _posts(end.rules[tier]) | {"reason": asked["reason"] or spoken(end.rules[tier].rule.title)}
    query = urlencode({"enterprises": ",".join(chosen[:MOST_CHOSEN]), **{key: said for key, said in asked.items() if said}})
    return redirect(f"{reverse('round-open', args=[here.uid])}?{query}")


def _posts(tier: Any) -> dict[str, str]:
    """What of a tier's conditions a round can be opened for: key posts, or posts by name."""
    found: dict[str, str] = {}
    for one in tier.dated.value.who.conditions:
        if one.fact == "key_post" and one.needed is True:
            found["key_posts"] = "1"
        if one.fact == "post" and one.comparison in ("is", "in"):
            found["posts"] = ",".join(one.needed) if isinstance(one.needed, tuple) else str(one.needed)
    return found
