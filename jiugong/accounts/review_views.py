"""Who can see what, and used it last when: the page of the access review."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.accounts.actions import revoke
from jiugong.accounts.actions.reviews import confirm_review
from jiugong.accounts.models import User
from jiugong.accounts.queries import membership_for
from jiugong.accounts.queries.reviews import STANDINGS, access_in, counted, reviews_of
from jiugong.accounts.roles import AccountRole
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, filter_by, page_of, wants_workbook, workbook_of

LATEST = 5


def standings() -> dict[str, str]:
    """How a role stands, in words."""
    return {"closed": _("account closed"), "never": _("never used"), "over": _("over"), "long_ago": _("not for a month"),
            "used": _("in use")}


def groups() -> dict[str, str]:
    return {"sees": _("sees people and figures"), "identity": _("sees numbers in full"), "grants": _("gives powers"),
            "works": _("enters and decides")}


@require_GET
def review(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every role within reach: what was never used, is over or closed stands first."""
    actor = actor_of(request)
    here = park_for(actor, park)
    everything = access_in(actor, here, clock.now())
    text, role = request.GET.get("q", "").replace("\0", "").strip(), chosen_of(request, "role", AccountRole.values)
    standing, words = chosen_of(request, "standing", STANDINGS), standings()
    found = [one for one in everything if standing in ("", one.standing) and role in ("", one.membership.role)
             and text.casefold() in f"{one.membership.user.name} {one.membership.user.username}".casefold()]
    if wants_workbook(request):
        headings = [_("Name"), _("Signs in as"), _("Role"), _("Over what"), _("Since"), _("Until"), _("How it is used"),
                    _("Last used"), _("Last look at a number"), _("Second factor"), _("Powers")]
        def local(at: datetime | None) -> str:
            return f"{at.astimezone(here.zone):%Y-%m-%d %H:%M}" if at else ""
        return workbook_of(_("Who may see what"), headings, (
            [one.membership.user.name, one.membership.user.username, str(AccountRole(one.membership.role).label),
             str(one.membership.place or one.membership.unit or here), local(one.membership.since_at),
             local(one.membership.until_at),
             words[one.standing], local(one.used_at), local(one.looked_at),
             _("yes") if one.has_factor else _("no"), ", ".join(one.powers)]
            for one in found), today_in(here))
    page = page_of(request, found)
    named = groups()
    rows = [{"one": one, "word": words[one.standing], "groups": [named[each] for each in one.groups]} for one in page]
    return render(request, "accounts/review.html", {
        "page": page, "rows": rows, "counted": counted(everything), "text": text, "zone": here.zone,
        "filters": [filter_by("standing", _("How it is used"), words.items(), standing),
                    filter_by("role", _("Role"), AccountRole.choices, role)],
        "is_set": bool(text or role or standing), "reviews": list(reviews_of(here)[:LATEST]) if actor.may(
            Can.GRANT_ROLES, over=here) else [], "may_confirm": actor.may(Can.GRANT_ROLES, over=here)})


@require_POST
def end(request: HttpRequest, park: UUID, membership: int) -> HttpResponse:
    """End a role from here, and stay here."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = membership_for(actor, here, membership)
    revoke(found, actor=actor)
    messages.success(request, _("%(user)s is no longer %(role)s.") % {
        "user": found.user.name, "role": AccountRole(found.role).label})
    return redirect("access-review", park=here.uid)


@require_POST
def confirm(request: HttpRequest, park: UUID) -> HttpResponse:
    """Say that I went through it all."""
    actor = actor_of(request)
    here = park_for(actor, park)
    confirm_review(here, user=User.objects.get(pk=int(request.user.pk or 0)), actor=actor, remark=request.POST.get("remark", ""))
    messages.success(request, _("Kept: reviewed by you, today."))
    return redirect("access-review", park=here.uid)
