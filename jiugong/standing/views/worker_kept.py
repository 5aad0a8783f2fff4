"""What is kept about me: a worker reads it, sees who looked and why, takes a copy with him, and objects."""

import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import sentence_of
from jiugong.journal.queries import looks_at
from jiugong.journal.words import actor_in_words, fields_in_words, reason_in_words
from jiugong.lasting.actions.objecting import object_to
from jiugong.lasting.purposes import purpose_in_words, register
from jiugong.lasting.queries.objections import own_objections
from jiugong.lasting.queries.own import copy_of, counts_about
from jiugong.lib import clock, days, keeping
from jiugong.lib.acting import looked
from jiugong.lib.refusal import Refusal
from jiugong.lib.table_words import table_in_words
from jiugong.registry.logic.listing import list_workbook
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.registry.views.lists import WORKBOOK
from jiugong.standing.actions import himself
from jiugong.standing.views.worker import for_the_holder

LOOKS_SHOWN = 30
OWN = "own_page"


@require_GET
@for_the_holder
def kept(request: HttpRequest, badge: Badge) -> HttpResponse:
    """What is kept about him, who looked, his objections."""
    return _page(request, badge)


@require_POST
@for_the_holder
def objecting(request: HttpRequest, badge: Badge) -> HttpResponse:
    """Object to what is kept for a purpose."""
    try:
        object_to(badge.person, purpose=request.POST.get("purpose", ""), text=request.POST.get("text", ""),
                  client_id=request.POST.get("client_id", ""), actor=himself(badge.person))
    except Refusal as refusal:
        return _page(request, badge, wrong=refusal)
    answer = redirect("me-kept", shown=address_of(badge))
    answer.status_code = 303
    return answer


@require_GET
@for_the_holder
def copy(request: HttpRequest, badge: Badge) -> HttpResponse:
    """A copy of all that is kept about him, as a workbook or (`?as=json`) for a program. It is a look, and journalled."""
    person, at = badge.person, clock.now()
    looked(actor=himself(person), park_id=person.park_id, person_ids=[person.pk], fields=("own_copy",),
           reason="took a copy of what is kept about him", at=at)
    rows, day = copy_of(person), days.day_of(at, badge.park.zone)
    name = _("What is kept about me, %(day)s") % {"day": day}
    if request.GET.get("as") == "json":
        return _file(json.dumps({"day": str(day), "kept": rows}, ensure_ascii=False, indent=1).encode(), f"{name}.json",
                     "application/json")
    return _file(_workbook(rows), f"{name}.xlsx", WORKBOOK)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"})


def _workbook(rows: dict[str, list[dict[str, str]]]) -> bytes:
    """One line for each thing that is kept: for what, in which table and row, under which column."""
    known = keeping.tables()
    headings = [_("Purpose"), pgettext("a database", "Table"), _("Row"), pgettext("a database", "Column"), _("Value")]
    return list_workbook(_("What is kept about me"), headings, [
        (purpose_in_words(known[name].purpose), table_in_words(name, get_language()), number, column, value)
        for name, of_it in rows.items() for number, row in enumerate(of_it, start=1) for column, value in row.items()])


def _page(request: HttpRequest, badge: Badge, *, wrong: Refusal | None = None) -> HttpResponse:
    person, at = badge.person, clock.now()
    looks = Paginator(looks_at(himself(person), person).exclude(fields=OWN), LOOKS_SHOWN).get_page(request.GET.get("page"))
    return render(request, "standing/worker_kept.html", {
        "person": person, "shown": address_of(badge), "zone": badge.park.zone, "park_name": badge.park.name,
        "register": register(badge.park, at, counts_about(person)), "page": looks, "looks": [_look(each) for each in looks],
        "objections": [{"objection": each, "purpose": purpose_in_words(each.purpose)} for each in own_objections(person)],
        "client_id": uuid4().hex, "wrong": sentence_of(wrong) if wrong else "", "typed": request.POST.get("text", ""),
        "chosen": request.POST.get("purpose", ""), "language_next": request.path}, status=422 if wrong else 200)


def _look(each: Any) -> dict[str, Any]:
    return {"at": each.at, "who": actor_in_words(each.actor, each.actor_name), "what": fields_in_words(each.fields),
            "why": reason_in_words(each.reason)}
