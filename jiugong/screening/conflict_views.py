"""Conflicts between scans: what needs a person, and what somebody said of it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor, looked
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.imports import as_file
from jiugong.registry.views.lists import chosen_of, filter_by
from jiugong.screening.actions.settling import keep_all, strike
from jiugong.screening.conflict_faces import conflict_rows, settled_rows
from jiugong.screening.logic.listing import workbook
from jiugong.screening.models import Round, Settlement
from jiugong.screening.queries.conflicts import (
    RECENT,
    reach_of,
    rounds_between,
    settlements_of,
    that_say,
    waiting_conflicts,
    with_swabs,
)
from jiugong.screening.queries.rounds import must_see_rounds, rounds_of
from jiugong.screening.words import ConflictKind

A_PAGE = 50
A_PART = 1_000                               # conflicts whose rows are read at once for a workbook


@require_GET
def conflicts(request: HttpRequest, park: UUID) -> HttpResponse:
    """What a person must decide, the oldest first; or with `state=settled` what was decided, by whom and why."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    must_see_rounds(actor, here)
    rounds = rounds_of(actor, here).order_by("-number")
    number = chosen_of(request, "round", {str(each) for each in rounds.values_list("number", flat=True)})
    kind, text = chosen_of(request, "kind", ConflictKind.values), request.GET.get("q", "").replace("\0", "").strip()
    is_settled, today = request.GET.get("state") == "settled", days.day_of(at, here.zone)
    chosen = Round.objects.filter(park=here, number=number) if number else rounds_between(here, today - RECENT, today)
    found = _found(here, actor, chosen, kind=kind, text=text, is_settled=is_settled)
    if request.GET.get("export") == "xlsx":
        every = _every_row(here, actor, found, at, is_settled=is_settled)
        return as_file(workbook(_("Conflicts"), *_as_table(every, is_settled)), _("%(park)s, conflicts.xlsx") % {"park": here.name})
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = _rows(here, actor, page, at, is_settled=is_settled)
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["export"] = "xlsx"
    return render(request, "screening/conflicts.html", {
        "page": page, "rows": rows, "uid": here.uid, "search": text, "is_settled": is_settled, "filters": [
            filter_by("kind", _("Kind"), ConflictKind.choices, kind),
            filter_by("state", _("Stage"), [("settled", _("Settled"))], "settled" if is_settled else ""),
            filter_by("round", _("Round"), [(str(each.number), str(each.number)) for each in rounds[:A_PAGE]], number)],
        "clear_url": request.path if text or kind or is_settled or number else "", "export_url": f"?{asked.urlencode()}",
        "crumbs": [(_("Rounds"), reverse("rounds", args=[here.uid])), (_("Conflicts"), None)]})


def _found(park: Park, actor: Actor, rounds: QuerySet[Round], *, kind: str, text: str, is_settled: bool) -> Any:
    """What is listed, before it is read for a page: the store looks for kinds and words."""
    reach = reach_of(actor, park)
    if is_settled:
        return settlements_of(park, rounds, reach, kind=kind, text=text)
    waiting = [each for each in waiting_conflicts(park, rounds, reach) if not kind or each.kind == kind]
    return that_say(waiting, text, park, reach) if text else waiting


def _rows(park: Park, actor: Actor, listed: Iterable[Any], at: datetime, *, is_settled: bool) -> list[dict[str, Any]]:
    reach = reach_of(actor, park)
    if is_settled:
        return settled_rows(listed, park, reach)
    found = with_swabs(list(listed))
    looked(actor=actor, park_id=park.pk, fields=("list",), reason="opened the conflicts between scans", at=at, person_ids={
        row.person_id for each in found for row in each.swabs if row.person_id})
    return conflict_rows(found, park, reach, actor)


def _every_row(park: Park, actor: Actor, found: Any, at: datetime, *, is_settled: bool) -> Iterator[dict[str, Any]]:
    """The rows of a workbook, read by the thousand."""
    pages = Paginator(found, A_PART)
    return (row for number in pages.page_range
            for row in _rows(park, actor, pages.page(number).object_list, at, is_settled=is_settled))


@require_POST
def keep(request: HttpRequest, park: UUID) -> HttpResponse:
    """All of a conflict is real."""
    return _settled(request, park, keep_all)


@require_POST
def struck(request: HttpRequest, park: UUID) -> HttpResponse:
    """One swab of a conflict did not happen."""
    return _settled(request, park, strike, struck=request.POST.get("struck", ""))


def _settled(request: HttpRequest, park: UUID, settle: Callable[..., Settlement], **more: str) -> HttpResponse:
    actor = actor_of(request)
    here = park_for(actor, park)
    scans = "\n".join(request.POST.getlist("scan")).splitlines()       # one field, however many: forms have a bound
    settle(here, request.POST.get("kind", ""), scans, settle_id=request.POST.get("settle_id", ""),
           reason=request.POST.get("reason", ""), actor=actor, **more)
    messages.success(request, _("It is settled, with your reason and your name."))
    return redirect("conflicts", park=here.uid)


def _as_table(rows: Iterable[dict[str, Any]], is_settled: bool) -> tuple[list[str], Iterable[list[Any]]]:
    if is_settled:
        return ([_("Kind"), _("Round"), _("Swabs"), _("Decision"), _("Reason"), _("By"), _("Time")],
                ([row[key] for key in ("word", "round", "swabs", "verdict", "reason", "by", "at")] for row in rows))
    return ([_("Kind"), _("Round"), _("Conflict"), _("Name"), _("Tube"), _("Position"), _("Point"), _("Sampled"), _("Scanned by")],
            ([row["word"], row["round"], row["says"], *(swab[key] for key in ("name", "tube", "position", "point", "at", "by"))]
             for row in rows for swab in row["swabs"]))
