"""The boxes of a park on pages: the list, packing one, handing it over, receiving it, explaining what does not agree."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.field import kept_on_the_device
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.imports import as_file
from jiugong.registry.views.lists import chosen_of, filter_by
from jiugong.screening.actions.boxes import Put, drop_box, open_box, put_tubes, seal_box, take_out
from jiugong.screening.actions.custody import explain, hand_over, receive_at_laboratory, take_along, take_back
from jiugong.screening.box_faces import box_rows, leg_rows, stage_face, tube_faces, way_face
from jiugong.screening.box_forms import BoxForm, GiveForm, PutForm, ReceiveForm
from jiugong.screening.box_papers import box_sheet
from jiugong.screening.logic.listing import workbook
from jiugong.screening.models import Box
from jiugong.screening.queries.boxes import (
    box_called,
    box_for,
    boxes_of,
    leg_for,
    legs_of,
    must_see_boxes,
    narrowed,
    packed_in,
    stages_of_boxes,
    tubes_called,
    ways_of,
)
from jiugong.screening.queries.rounds import reach_into
from jiugong.screening.queries.tubes import points_for
from jiugong.screening.stages import IN_HAND, Stage
from jiugong.screening.words import BoxStage

A_PAGE = 50


@require_http_methods(["GET", "POST"])
def boxes(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every box, the last one first; who samples opens one here, and anybody finds one by its code."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    must_see_boxes(actor, here)
    fills = bool(reach_into(actor, Can.BIND_SPECIMENS, here))
    form = None
    if request.method == "POST" or fills:
        if not fills:
            actor.must(Can.BIND_SPECIMENS, over=here)
        form = BoxForm(request.POST if request.method == "POST" else None, points=points_for(actor, here))
        if form.is_valid():
            opened = open_box(here, actor=actor, **form.asked())
            return redirect("box", park=here.uid, box=opened.pk)
    text = request.GET.get("q", "").replace("\0", "").strip()
    stage, differs = chosen_of(request, "stage", BoxStage.values), request.GET.get("differs") == "yes"
    every = boxes_of(actor, here)
    found = narrowed(every, text=text, stage=stage, differs=differs)
    if request.GET.get("export") == "xlsx":
        return as_file(workbook(_("Boxes"), *_as_table(box_rows(list(found), here, at))), _("%(park)s, boxes.xlsx") % {
            "park": here.name})
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    counted = stages_of_boxes(every)
    stages = [(value, f"{label} ({counted.get(value, 0)})") for value, label in BoxStage.choices]
    receives = {"form": ReceiveForm(), "carry": bool(reach_into(actor, Can.CARRY_BOXES, here)),
                "deliver": bool(reach_into(actor, Can.REPORT_RESULTS, here))}
    shown = render(request, "screening/boxes.html", {"receives": receives,
        "page": page, "rows": box_rows(list(page), here, at), "uid": here.uid, "form": form, "search": text,
        "filters": [filter_by("stage", _("Stage"), stages, stage),
                    filter_by("differs", _("Hand-overs"), [("yes", _("Do not agree"))], "yes" if differs else "")],
        "clear_url": request.path if text or stage or differs else "", "export_url": _exporting(request),
        "crumbs": _crumbs(here, actor, (_("Boxes"), None)),
    }, status=422 if request.method == "POST" else 200)
    return shown if request.GET else kept_on_the_device(request, shown, owner=actor.key)


@require_GET
def find(request: HttpRequest, park: UUID) -> HttpResponse:
    """The last box of a code, as it was scanned."""
    actor = actor_of(request)
    here = park_for(actor, park)
    must_see_boxes(actor, here)
    return redirect("box", park=here.uid, box=box_called(actor, here, request.GET.get("code", "").strip()).pk)


@require_GET
def box(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """One box: what is in it, who signed for it, and what is to be done with it now."""
    actor, at = actor_of(request), clock.now()
    here = park_for(actor, park)
    return kept_on_the_device(request, _shown(request, here, box_for(actor, here, box), actor, at), owner=actor.key)


def _shown(request: HttpRequest, here: Park, found: Box, actor: Actor, at: Any, *, wrong: Any = None) -> HttpResponse:
    packed, legs = packed_in([found]).get(found.pk, []), legs_of([found]).get(found.pk, [])
    stage, fills = Stage(found.stage), actor.may(Can.BIND_SPECIMENS, over=found)
    waiting = next((leg for leg in legs if not leg.received_at and not leg.withdrawn_at), None)
    opens = fills or actor.may(Can.SEE_PEOPLE, over=found)
    mine = waiting is not None and waiting.given_by == actor.key
    may = {
        "fill": stage is Stage.OPEN and fills,
        "give": stage in IN_HAND and (fills if stage is Stage.SEALED else found.holder == actor.key),
        "take_back": mine,
        "carry": waiting is not None and not mine and actor.may(Can.CARRY_BOXES, over=found),
        "deliver": waiting is not None and not mine and actor.may(Can.REPORT_RESULTS, over=found),
        "explain": actor.may(Can.SETTLE_SAMPLING, over=found)}
    forms = {"put": PutForm(), "give": GiveForm(initial={"gave": len(packed)}), "receive": ReceiveForm()}
    return render(request, "screening/box.html", {
        "box": found, **stage_face(found), "way": way_face(ways_of(here, [found], {found.pk: packed})[found.pk], found, here, at),
        "tubes": tube_faces(packed, tubes_called(here, [each.code for each in packed]), here, opens=opens),
        "legs": leg_rows(legs, packed, here, at), "may": may, "forms": forms | (wrong or {}), "uid": here.uid,
        "waiting": waiting, "codes": [each.code for each in packed],
        "crumbs": _crumbs(here, actor, (_("Boxes"), reverse("boxes", args=[here.uid])), (found.code, None)),
    }, status=422 if wrong else 200)


@require_POST
def put(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Put one tube in, for browsers without scripts."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = box_for(actor, here, box)
    actor.must(Can.BIND_SPECIMENS, over=found)
    form = PutForm(request.POST)
    if not form.is_valid():
        return _shown(request, here, found, actor, clock.now(), wrong={"put": form})
    answer = put_tubes(here, [Put(box=found.code, **form.cleaned_data)], actor=actor)[0]
    if answer.status == "refused":
        messages.error(request, answer.message)
    elif answer.message:
        messages.warning(request, answer.message)
    return redirect("box", park=here.uid, box=found.pk)


@require_POST
def take(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Take one tube out again."""
    actor, here, found = _asked(request, park, box)
    take_out(found, request.POST.get("tube", ""), actor=actor)
    return redirect("box", park=here.uid, box=found.pk)


@require_POST
def seal(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Close a box."""
    actor, here, found = _asked(request, park, box)
    seal_box(found, actor=actor)
    messages.success(request, _("Box %(box)s is sealed. Print its sheet, then hand it over.") % {"box": found.code})
    return redirect("box", park=here.uid, box=found.pk)


@require_POST
def drop(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Put an empty box away."""
    actor, here, found = _asked(request, park, box)
    drop_box(found, actor=actor)
    return redirect("boxes", park=here.uid)


@require_POST
def give(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Hand a box over: sign that it leaves one's hands, and with how many tubes."""
    actor, here, found = _asked(request, park, box)
    form = GiveForm(request.POST)
    if not form.is_valid():
        actor.must(Can.BIND_SPECIMENS, over=found)
        return _shown(request, here, found, actor, clock.now(), wrong={"give": form})
    hand_over(found, actor=actor, **form.cleaned_data)
    messages.success(request, _("You handed over box %(box)s. It is yours to answer for until somebody receives it.") % {
        "box": found.code})
    return redirect("box", park=here.uid, box=found.pk)


@require_POST
def back(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Withdraw a hand-over."""
    actor, here, found = _asked(request, park, box)
    take_back(found, actor=actor)
    return redirect("box", park=here.uid, box=found.pk)


@require_POST
def carry(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Receive a box to carry it on."""
    actor, here, found = _asked(request, park, box)
    actor.must(Can.CARRY_BOXES, over=found)
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return _shown(request, here, found, actor, clock.now(), wrong={"receive": form})
    return _received(request, here, found, take_along(found, actor=actor, **form.asked()))


@require_POST
def deliver(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """Receive a box at the laboratory."""
    actor, here, found = _asked(request, park, box)
    actor.must(Can.REPORT_RESULTS, over=found)
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return _shown(request, here, found, actor, clock.now(), wrong={"receive": form})
    return _received(request, here, found, receive_at_laboratory(found, actor=actor, **form.asked()))


def _received(request: HttpRequest, here: Park, found: Box, leg: Any) -> HttpResponse:
    if leg.differs:
        messages.warning(request, _("Box %(box)s is received. The counts do not agree; what differs stands below.") % {
            "box": found.code})
    else:
        messages.success(request, _("Box %(box)s is received: %(tubes)s tubes, both counts agree.") % {
            "box": found.code, "tubes": leg.counted})
    return redirect("box", park=here.uid, box=found.pk)


@require_POST
def explained(request: HttpRequest, park: UUID, box: int, leg: int) -> HttpResponse:
    """Say why two counts did not agree."""
    actor, here, found = _asked(request, park, box)
    explain(leg_for(found, leg), text=request.POST.get("explanation", ""), actor=actor)
    messages.success(request, _("The explanation is kept with your name."))
    return redirect("box", park=here.uid, box=found.pk)


@require_GET
def paper(request: HttpRequest, park: UUID, box: int) -> HttpResponse:
    """The label of a box and its hand-over sheet, with QR code and lines to sign on."""
    actor, here, found = _asked(request, park, box)
    answer = HttpResponse(box_sheet(here, found), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename=box.pdf; filename*=UTF-8''{quote(found.code)}.pdf"
    return answer


def _asked(request: HttpRequest, park: UUID, box: int) -> tuple[Actor, Park, Box]:
    actor = actor_of(request)
    here = park_for(actor, park)
    return actor, here, box_for(actor, here, box)


def _as_table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    headings = [_("Box"), _("Point"), _("Stage"), _("Tubes"), _("In whose hands"), _("Opened"), _("To the laboratory"),
                _("Hand-overs")]
    return headings, [[row["code"], row["point"], row["word"], row["tubes"], row["holder"], row["opened"], row["way"]["words"],
                       _("Do not agree") if row["differs"] else ""] for row in rows]


def _exporting(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["export"] = "xlsx"
    return f"?{asked.urlencode()}"


def _crumbs(park: Park, actor: Actor, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    first = [(_("Rounds"), reverse("rounds", args=[park.uid]))] if reach_into(actor, Can.SEE_BOARD, park) or reach_into(
        actor, Can.BIND_SPECIMENS, park) else []
    return [*first, *steps]
