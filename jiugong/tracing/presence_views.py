"""Whereabouts as files: drop one, see what it brings and what is wrong in it, say yes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import Problem
from jiugong.registry.actions.uploads import discard_upload, keep_upload
from jiugong.registry.models import Park, Upload
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.uploads import UploadKind, content_of, upload_of, uploads_of
from jiugong.registry.views.lists import workbook_of
from jiugong.tracing.actions.presence_files import preview_presence, read_presence_file
from jiugong.tracing.actions.presence_uploads import seconds_to_take, take_presence
from jiugong.tracing.errors import sentence
from jiugong.tracing.presence_forms import PresenceFileForm
from jiugong.work.answering import is_in_worker, may_take_long

FIRST_CELLS = 100
Crumbs = list[tuple[str, str | None]]


@require_http_methods(["GET", "POST"])
def presence_import(request: HttpRequest, park: UUID) -> HttpResponse:
    """Where a file of whereabouts is dropped, and the files of today."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    form = PresenceFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        upload = keep_upload(here, sent.read(), name=sent.name, kind=UploadKind.PRESENCE, actor=actor)
        return redirect("presence-preview", park=here.uid, upload=upload.uid)
    return render(request, "tracing/presence_import.html", {
        "form": form, "uid": here.uid, "zone": here.zone, "crumbs": [(_("Whereabouts"), None)],
        "waiting": uploads_of(actor, here, UploadKind.PRESENCE, clock.now())}, status=422 if form.is_bound else 200)


def _name_of(request: HttpRequest, park: UUID, upload: UUID) -> str:
    return _upload(actor_of(request), park, upload).name


def _is_large(request: HttpRequest, park: UUID, upload: UUID) -> bool:
    waiting = _upload(actor_of(request), park, upload)
    return not waiting.taken_at and request.POST.get("answer") != "discard" and seconds_to_take(waiting) > 1


@require_http_methods(["GET", "POST"])
@may_take_long(_name_of, _is_large)
def presence_preview(request: HttpRequest, park: UUID, upload: UUID) -> HttpResponse:
    """What a file of whereabouts brings, exactly; a yes takes it; what it did stands here for a day."""
    actor = actor_of(request)
    waiting = _upload(actor, park, upload)
    here = waiting.park
    if request.method == "POST" and request.POST.get("answer") == "discard":
        discard_upload(waiting, actor=actor)
        messages.info(request, _("%(file)s was let go.") % {"file": waiting.name})
        return redirect("presence-import", park=here.uid)
    if waiting.taken_at:
        return render(request, "tracing/presence_taken.html", {
            "upload": waiting, "told": waiting.told, "zone": here.zone, "crumbs": _crumbs(here, waiting.name)})
    seconds = seconds_to_take(waiting)
    if request.method == "GET" and seconds > 1 and "now" not in request.GET and not is_in_worker(request):
        return render(request, "tracing/presence_reading.html", {
            "upload": waiting, "seconds": seconds, "next": f"{request.path}?now=1", "crumbs": _crumbs(here, waiting.name)})
    file = read_presence_file(content_of(waiting), name=waiting.name, park=here)
    if request.method == "POST":
        take_presence(waiting, file, actor=actor)
        return redirect("presence-preview", park=here.uid, upload=waiting.uid)
    taken = preview_presence(here, file, actor=actor)
    return render(request, "tracing/presence_preview.html", {
        "upload": waiting, "taken": taken, "file": file, "seconds": seconds, "rows": len(file.rows) + file.bad_rows,
        "errors": _cells(file.errors), "warnings": _cells(taken.said), "more_errors": max(0, len(file.errors) - FIRST_CELLS),
        "more_warnings": max(0, len(taken.said) - FIRST_CELLS), "crumbs": _crumbs(here, waiting.name)})


@require_GET
def presence_marked(request: HttpRequest, park: UUID, upload: UUID) -> HttpResponse:
    """Every bad cell of a file and everything worth a look, as a workbook: sheet, row, column, what stands there, what to do."""
    waiting = _upload(actor_of(request), park, upload)
    file = read_presence_file(content_of(waiting), name=waiting.name, park=waiting.park)
    told = [(_("Bad"), each) for each in file.errors] + [(_("Taken, and worth a look"), each) for each in file.warnings]
    return workbook_of(_("What is wrong in %(file)s") % {"file": waiting.name}, [
        _("What became of it"), _("Sheet"), _("Row"), _("Column"), _("What stands there"), _("What is wrong, and what to do")],
        ([became, each.sheet, each.row, each.column, each.value, sentence(each)] for became, each in told),
        days.day_of(clock.now(), waiting.park.zone))


def _upload(actor: Actor, park: UUID, upload: UUID) -> Upload:
    return upload_of(actor, park_for(actor, park), upload, UploadKind.PRESENCE)


def _cells(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [{"sheet": each.sheet, "row": each.row, "column": each.column, "value": each.value, "code": each.code,
             "message": sentence(each)} for each in problems[:FIRST_CELLS]]


def _crumbs(park: Park, name: str) -> Crumbs:
    return [(_("Whereabouts"), reverse("presence-import", args=[park.uid])), (name, None)]
