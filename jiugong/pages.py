"""What every page shows around its own matter: the park, its pages, the round, the time, who is signed in."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong import demo
from jiugong.accounts.models import User
from jiugong.accounts.queries import memberships_of
from jiugong.accounts.roles import AccountRole
from jiugong.http import actor_of
from jiugong.journal.queries import unread_for
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import parks_seen
from jiugong.screening.queries.rounds import round_at

SEE, PEOPLE, SEE_OR_BIND = (Can.SEE_BOARD,), (Can.SEE_PEOPLE,), (Can.SEE_BOARD, Can.BIND_SPECIMENS)
INCIDENTS = (Can.SEE_INCIDENTS,)
# group, and in it: page, and the powers of which one is needed; without it the page is not offered
PAGES: tuple[tuple[str, tuple[tuple[str, tuple[Can, ...]], ...]], ...] = (
    ("today", (("today", SEE),)),
    ("sampling", (("rounds", SEE_OR_BIND), ("scan", (Can.BIND_SPECIMENS,)), ("points", SEE_OR_BIND), ("laboratories", SEE),
                  ("points-advice", SEE), ("pool-advice", SEE),
                  ("conflicts", SEE_OR_BIND), ("boxes", (*SEE_OR_BIND, Can.CARRY_BOXES, Can.REPORT_RESULTS)),
                  ("scan-import", (Can.IMPORT_RECORDS,)), ("result-import", (Can.REPORT_RESULTS, Can.IMPORT_RECORDS)))),
    ("incidents", (("incidents", INCIDENTS), ("orders", INCIDENTS), ("flagged", INCIDENTS), ("returning", INCIDENTS),
                   ("quiet", INCIDENTS), ("risk-areas", INCIDENTS), ("drills", (Can.DECIDE_CASES,)),
                   ("venues", (Can.KEEP_VENUES,)), ("presence-import", (Can.IMPORT_RECORDS,)))),
    ("duties", (("duties", SEE), ("team-entries", (Can.RECORD_EVIDENCE,)), ("checks", PEOPLE), ("evidence", PEOPLE),
                ("excuses", PEOPLE), ("returnees", PEOPLE))),
    ("people", (("people", PEOPLE), ("doubts", PEOPLE), ("units", SEE), ("charges", SEE), ("bodies", SEE),
                ("badges", (Can.ISSUE_BADGES,)), ("map", SEE))),
    ("messages", (("notices", (Can.SEND_NOTICES, Can.READ_JOURNAL)), ("deliveries", (Can.KEEP_CHANNELS,)),
                  ("channels", (Can.KEEP_CHANNELS,)))),
    ("reports", (("brief", (Can.COMPOSE_BRIEFS,)), ("published-briefs", (Can.COMPOSE_BRIEFS, Can.READ_JOURNAL)),
                 ("filings", SEE), ("score", SEE), ("closed-days", SEE))),
    ("rules", (("rules", SEE), ("packs", SEE), ("compare-packs", SEE), ("supplements", SEE), ("contact-grounds", SEE),
               ("plans", SEE), ("gradings", SEE), ("zonings", SEE), ("tiers", SEE))),
    ("office", (("imports", (Can.IMPORT_ROSTERS,)), ("journal", (Can.READ_JOURNAL,)), ("look-ups", (Can.READ_JOURNAL,)),
                ("data-kept", SEE), ("data-ending", (Can.PROPOSE_ERASURE, Can.RELEASE_ERASURE)),
                ("objections", (Can.ANSWER_OBJECTIONS,)),
                ("accounts", (Can.GRANT_ROLES,)), ("shifts", (Can.GRANT_ROLES,)),
                ("access-review", (Can.GRANT_ROLES,)), ("phones", (Can.GRANT_ROLES,)))),
)
OF_THE_WHOLE_PARK = {"scan-import", "result-import", "presence-import", "brief", "published-briefs", "imports", "journal",
                     "look-ups", "data-ending", "objections", "accounts", "phones", "drills", "deliveries",
                     "channels", "closed-days"}
STARTS = ("today", "scan", "result-import")  # where somebody starts who may open them; else on the first page that he may
FEW = 6                                      # as many pages stand beside each other; more are grouped
BELOW = dict.fromkeys(("wall", "grid", "no-grid", "unit", "names", "things"), "today") | {
    "erasure-report": "data-ending", "tube": "rounds",
    "contract-end": "laboratories", "figure": "brief", "rule-pack": "packs"}    # what an address does not say


def home(request: HttpRequest) -> HttpResponse:
    """Where somebody starts: in his park, or before the list of his parks."""
    actor = actor_of(request)
    choices = [{"name": each.name, "url": start_of(actor, each)} for each in parks_seen(actor)]
    return redirect(choices[0]["url"]) if len(choices) == 1 else render(request, "home.html", {"choices": choices})


def what_every_page_shows(request: HttpRequest) -> dict[str, Any]:
    """The context of `base.html`. On pages without a park there is little to show."""
    now = clock.now()
    shown: dict[str, Any] = {"moment": now.isoformat(), "clock_shift": f"{(now - clock.machine_time()).total_seconds():.0f}"}
    if settings.DEMO:
        shown |= _demo(request)
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return shown
    actor = actor_of(request)
    parks = list(parks_seen(actor))
    match = request.resolver_match
    here = str(match.kwargs.get("park", "")) if match else ""
    park = next((each for each in parks if str(each.uid) == here), parks[0] if len(parks) == 1 else None)
    if opened := getattr(request, "operator_session", None):
        shown["operator_until"] = f"{opened.until_at.astimezone(ZoneInfo(settings.PARK_TIME_ZONE)):%H:%M}"
    shown["parks"] = [{"name": each.name, "url": start_of(actor, each), "current": each == park} for each in parks]
    if park:
        shown |= {"park": {"name": park.name, "url": start_of(actor, park), "uid": park.uid, "start": _names()[_start(actor, park)],
                           "has_squares": _start(actor, park) == "today"},
                  "now": _now(park), **_nav(request, park),
                  "who": _who(user, park), "unread": unread_for(user, park)}
        if actor.may_somewhere(Can.SEE_PEOPLE, within=park):
            shown |= {"search_url": reverse("people", args=[park.uid]), "search_text": request.GET.get("q", "")}
    return shown


def _groups() -> dict[str, str]:
    return {"today": _("Today"), "sampling": _("Sampling"), "incidents": _("Incidents"), "duties": _("Duties"),
            "people": _("People"), "messages": _("Messages"), "reports": _("Reports"), "rules": _("Rules"), "office": _("Office")}


def _names() -> dict[str, str]:
    return {"today": _("Today"), "scan": _("Scan"), "rounds": _("Rounds"), "points": _("Sampling points"),
            "points-advice": _("Points needed"), "pool-advice": _("Which tubes"),
            "laboratories": _("Laboratories"), "boxes": _("Boxes"), "conflicts": _("Conflicts"),
            "scan-import": _("Take in scans"), "result-import": _("Take in results"),
            "incidents": _("Incidents"), "orders": _("Orders"), "flagged": _("Flagged people"), "risk-areas": _("Areas at risk"),
            "drills": _("Drills"),
            "doubts": _("To verify"), "contact-grounds": _("Contact grounds"), "venues": _("Venue codes"),
            "presence-import": _("Take in whereabouts"),
            "returning": _("Returnees' check"), "quiet": _("Quiet period"),
            "duties": _("Duties"), "team-entries": _("Team entry"), "checks": _("Checks"), "evidence": _("What was recorded"),
            "excuses": _("Excuses"), "returnees": _("Returnees"),
            "people": _("People"), "units": _("Enterprises"), "charges": _("Who answers"), "bodies": _("Groups"),
            "badges": _("Badges"), "map": _("Map"),
            "notices": _("Notices"), "deliveries": _("Sent messages"), "channels": _("Channels"),
            "brief": _("Brief"), "published-briefs": _("Published briefs"), "filings": _("Filings"), "score": _("Score"),
            "closed-days": _("Closed days"),
            "rules": _("Rules in force"), "packs": _("Packs"), "compare-packs": _("Compare"),
            "supplements": _("Local rules"), "plans": _("Plans"), "gradings": _("Risk"), "zonings": _("Areas"), "tiers": _("Tiers"),
            "imports": _("Import"), "journal": _("Journal"), "look-ups": _("Who looked at whom"),
            "data-kept": _("What is kept"), "data-ending": _("End and erase"), "objections": _("Objections"),
            "accounts": _("Accounts"), "shifts": _("Duty roster"), "access-review": _("Who may see what"),
            "phones": _("Phones")}


def _nav(request: HttpRequest, park: Park) -> dict[str, list[dict[str, Any]]]:
    """The groups of pages, and the pages of the group where the reader is. Whoever may open few has all beside each other."""
    actor, names, groups = actor_of(request), _names(), _groups()
    offered = _offered(actor, park)
    urls = {page: reverse(page, args=[park.uid]) for _group, pages in offered for page in pages}
    here = _page_here(request, urls)
    if len(urls) <= FEW:
        return {"nav": [_link(names[page], url, here == page, request) for page, url in urls.items()]}
    shown = [_link(groups[group] if pages[1:] else names[pages[0]], urls[pages[0]], here in pages, request)
             for group, pages in offered if pages]
    inside = next((pages for _group, pages in offered if here in pages and len(pages) > 1), [])
    return {"nav": shown, "inside": [_link(names[page], urls[page], page == here, request) for page in inside]}


def _offered(actor: Actor, park: Park) -> list[tuple[str, list[str]]]:
    """The pages that somebody may open in a park, by group."""
    everywhere = {power for power in Can if actor.may(power, over=park)}
    somewhere = {power for power in Can if actor.may_somewhere(power, within=park)}
    return [(group, [page for page, powers in pages
                     if (everywhere if page in OF_THE_WHOLE_PARK else somewhere).intersection(powers)])
            for group, pages in PAGES]


def start_of(actor: Actor, park: Park) -> str:
    """The address at which somebody starts in a park."""
    return reverse(_start(actor, park), args=[park.uid])


def _start(actor: Actor, park: Park) -> str:
    pages = [page for _group, offered in _offered(actor, park) for page in offered]
    return next((page for page in (*STARTS, *pages) if page in pages), "today")


def _link(name: str, url: str, is_here: bool, request: HttpRequest) -> dict[str, Any]:
    return {"name": name, "url": url, "current": ("page" if request.path == url else "true") if is_here else ""}


def _page_here(request: HttpRequest, urls: dict[str, str]) -> str | None:
    """The page that is open, or below which the open one lies: a round lies below the rounds."""
    match = request.resolver_match
    name = match.url_name if match else None
    if name in urls:
        return name
    if name in BELOW:
        return BELOW[name]
    return max((page for page, url in urls.items() if page != "today" and request.path.startswith(url)),
               key=lambda page: len(urls[page]), default=None)


def _now(park: Park) -> dict[str, str]:
    now = clock.now()
    local, the_round = now.astimezone(park.zone), round_at(park, now)
    told = {"day": _("%(month)s/%(day)s") % {"month": local.month, "day": local.day}, "round": "", "window": "",
            "clock": f"{local:%H:%M}"}
    if the_round:
        told["round"] = _("Round %(number)s") % {"number": the_round.number}
        if the_round.day == days.day_of(now, park.zone):
            told["window"] = "–".join(f"{at.astimezone(park.zone):%H:%M}" for at in (the_round.opens_at, the_round.closes_at))
    return told


def _who(user: User, park: Park) -> dict[str, str]:
    roles = [str(AccountRole(held.role).label) for held in memberships_of(user, clock.now()) if held.park_id == park.pk]
    return {"name": user.name, "role": "、".join(dict.fromkeys(roles))}


def _demo(request: HttpRequest) -> dict[str, Any]:
    coming = demo.next_round()
    zone = coming.park.zone if coming else None
    signed_in = isinstance(getattr(request, "user", None), User)
    return {
        "demo": {"now": f"{clock.now().astimezone(zone):%Y-%m-%d %H:%M}",
                 "next_label": _("Next round") if coming and signed_in else ""},
        "demo_people": [vars(person) for person in demo.people()],
    }
