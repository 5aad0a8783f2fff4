"""What every page shows around its own matter: the park, its pages, the round, the time, who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jiugong import demo
from jiugong.accounts.models import User
from jiugong.accounts.queries import memberships_of, parks_of
from jiugong.accounts.roles import AccountRole
from jiugong.http import actor_of
from jiugong.journal.queries import unread_for
from jiugong.lib import clock, days
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.screening.queries.rounds import round_at

# page, url name, and the power without which it is not offered
PAGES = (
    ("today", "today", Can.SEE_BOARD), ("scan", "scan", Can.BIND_SPECIMENS), ("teams", "team-entries", Can.RECORD_EVIDENCE),
    ("rounds", "rounds", Can.SEE_BOARD), ("duties", "duties", Can.SEE_BOARD),
    ("people", "people", Can.SEE_PEOPLE), ("units", "units", Can.SEE_BOARD), ("map", "map", Can.SEE_BOARD),
    ("brief", "brief", Can.COMPOSE_BRIEFS),
    ("score", "score", Can.SEE_BOARD), ("filings", "filings", Can.FILE_FIGURES),
    ("rules", "rules", Can.SEE_BOARD), ("import", "imports", Can.IMPORT_ROSTERS), ("journal", "journal", Can.READ_JOURNAL),
    ("accounts", "accounts", Can.GRANT_ROLES),
)


def what_every_page_shows(request: HttpRequest) -> dict[str, Any]:
    """The context of `base.html`. On pages without a park there is little to show."""
    shown: dict[str, Any] = {}
    if settings.DEMO:
        shown |= _demo(request)
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return shown
    parks = parks_of(user)
    match = request.resolver_match
    here = str(match.kwargs.get("park", "")) if match else ""
    park = next((each for each in parks if str(each.uid) == here), parks[0] if len(parks) == 1 else None)
    shown["parks"] = [{"name": each.name, "url": reverse("today", args=[each.uid]), "current": each == park} for each in parks]
    if park:
        shown |= {"park": {"name": park.name, "url": reverse("today", args=[park.uid]), "uid": park.uid},
                  "now": _now(park), "nav": _nav(request, park, match.url_name if match else None),
                  "who": _who(user, park), "unread": unread_for(user, park)}
        if actor_of(request).may_somewhere(Can.SEE_PEOPLE, within=park):
            shown |= {"search_url": reverse("people", args=[park.uid]), "search_text": request.GET.get("q", "")}
    return shown


def _nav(request: HttpRequest, park: Park, current: str | None) -> list[dict[str, Any]]:
    names = {"today": _("Today"), "scan": _("Scan"), "teams": _("Team entry"), "rounds": _("Rounds"),
             "duties": _("Duties"), "people": _("People"),
             "units": _("Enterprises"), "map": _("Map"),
             "brief": _("Brief"), "score": _("Score"), "filings": _("Filings"), "rules": _("Rules"), "import": _("Import"),
             "journal": _("Journal"), "accounts": _("Accounts")}
    actor = actor_of(request)
    return [{"name": names[page], "url": reverse(url, args=[park.uid]), "current": url == current}
            for page, url, power in PAGES if actor.may_somewhere(power, within=park)]


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
