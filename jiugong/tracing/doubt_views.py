"""The list of what is to be verified (台账核实): filtered, searched, paged, as a workbook, and settled with a reason."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, filter_by, page_of, wants_workbook, workbook_of
from jiugong.tracing.actions.verifying import settle_doubt
from jiugong.tracing.doubt_faces import doubt_rows
from jiugong.tracing.queries.doubts import Doubt, lines_of, open_doubts, said_of
from jiugong.tracing.words import DoubtKind

A_PART = 500                                 # lines that are read at once for a workbook


@require_GET
def doubts(request: HttpRequest, park: UUID) -> HttpResponse:
    """What is to be verified; with `state=settled` what somebody settled and is still so."""
    actor = actor_of(request)
    here = park_for(actor, park)
    day, text = today_in(here), request.GET.get("q", "").replace("\0", "").strip()
    kind, state = chosen_of(request, "kind", DoubtKind.values), chosen_of(request, "state", ("settled",))
    found = open_doubts(actor, here, day, kind=kind, settled=state == "settled")
    if text:
        found = said_of(found, actor, here, text)
    if wants_workbook(request):
        return _workbook(actor, here, found)
    page = page_of(request, found)
    return render(request, "tracing/doubts.html", {
        "page": page, "rows": _rows(actor, here, list(page.object_list)), "text": text, "is_set": bool(text or kind or state),
        "is_settled": bool(state), "uid": here.uid, "crumbs": [(_("To verify"), None)], "filters": [
            filter_by("kind", _("Kind"), DoubtKind.choices, kind),
            filter_by("state", _("Stage"), [("settled", _("Settled"))], state)]})


@require_POST
def settle(request: HttpRequest, park: UUID) -> HttpResponse:
    """One line is settled, with a reason."""
    actor = actor_of(request)
    here = park_for(actor, park)
    kind = request.POST.get("kind", "")
    if kind not in DoubtKind.values:
        raise NotHere()
    settle_doubt(here, DoubtKind(kind), request.POST.get("about", ""), reason=request.POST.get("reason", ""), actor=actor)
    messages.success(request, _("It is settled, with your reason and your name."))
    return redirect("doubts", park=here.uid)


def _rows(actor: Actor, park: Park, found: list[Doubt]) -> list[dict[str, Any]]:
    lines = lines_of(park, found, today_in(park))
    looked(actor=actor, park_id=park.pk, person_ids={person.pk for line in lines for person in line.people}, fields=("list",),
           reason="opened what is to be verified", at=clock.now())
    return doubt_rows(lines, park, actor)


def _workbook(actor: Actor, park: Park, found: list[Doubt]) -> HttpResponse:
    pages = Paginator(found, A_PART)
    rows = (row for number in pages.page_range for row in _rows(actor, park, list(pages.page(number).object_list)))
    return workbook_of(_("To verify"), [_("Kind"), _("Who"), _("What is odd"), _("Where"), _("Who answers"), _("Reason"), _("By")],
                       ([row[key] for key in ("word", "names", "says", "unit", "owner", "reason", "by")] for row in rows),
                       today_in(park))
