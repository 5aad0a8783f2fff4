"""The bodies of a park: leading groups, task forces, task groups, inspection teams, with members on three tiers."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.models import Body
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.listed import bodies_on
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by
from jiugong.registry.words import BodyKind, Tier

TIERS = [tier.value for tier in Tier]


@require_GET
def bodies(request: HttpRequest, park: UUID) -> HttpResponse:
    """The bodies of a day by kind, each with its duties and members."""
    actor = actor_of(request)
    here = park_for(actor, park)
    today = today_in(here)
    day, text = day_asked(request, today), request.GET.get("q", "").strip()
    kind = chosen_of(request, "kind", BodyKind.values)
    found = [body for body in bodies_on(actor, here, day)
             if (not kind or body.kind == kind) and (not text or text in body.name or _seats(body, text))]
    found.sort(key=lambda body: (BodyKind.values.index(body.kind), body.pk))
    groups = [(str(BodyKind(key).label), [(body, _tiers(body)) for body in group])
              for key, group in groupby(found, lambda body: body.kind)]
    return render(request, "registry/bodies.html", {
        "groups": groups, "day": day, "today": today, "text": text, "is_set": bool(kind or text or day != today),
        "filters": [filter_by("kind", _("Kind"), BodyKind.choices, kind)],
        "may_see_people": actor.may_somewhere(Can.SEE_PEOPLE, within=here),
        "may_show": actor.may_somewhere(Can.SHOW_IDENTITY, within=here)})


def _seats(body: Body, text: str) -> bool:
    return any(text in member.person.name for member in body.sitting)      # type: ignore[attr-defined]


def _tiers(body: Body) -> list[tuple[str, list[object]]]:
    """The members by tier, the highest first."""
    members = sorted(body.sitting, key=lambda member: (TIERS.index(member.tier), member.pk))  # type: ignore[attr-defined]
    return [(str(Tier(tier).label), list(seats)) for tier, seats in groupby(members, lambda member: member.tier)]
