"""Taking a roster: upload, what will change, yes; the marked workbook back; and the roster going out."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock, identifiers
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.sheets import Problem, read_workbook
from jiugong.registry.actions.rosters import Taken, preview_roster, read_roster_file
from jiugong.registry.actions.taking import take_upload
from jiugong.registry.actions.uploads import discard_upload, keep_upload
from jiugong.registry.errors import NoRosterInFile, sentence
from jiugong.registry.forms import ReasonForm, RosterForm
from jiugong.registry.logic.facts import RosterFile
from jiugong.registry.logic.reporting import marked_workbook
from jiugong.registry.logic.suggesting import strange_sheets
from jiugong.registry.models import Park, Upload
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.listed import new_in, waiting_uploads
from jiugong.registry.queries.mappings import mapping_called, mapping_fitting, mappings_of
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.rosters import export_roster
from jiugong.registry.queries.uploads import UploadKind, content_of, seconds_for, upload_for, upload_of
from jiugong.registry.views.changes import in_words
from jiugong.registry.views.lists import day_asked
from jiugong.work.answering import is_in_worker, may_take_long

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_ERRORS, MOST_ERRORS, FIRST_CHANGES, MOST_NAMES, MOST_NEW = 20, 200, 20, 50, 8


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, park: UUID) -> HttpResponse:
    """Where every import begins: drop a file, or go to scans, results, mappings, the export."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.IMPORT_ROSTERS, over=here)
    saved = mappings_of(here)
    form = RosterForm(request.POST or None, request.FILES or None, mappings=saved)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        upload = keep_upload(here, sent.read(), name=sent.name, kind=UploadKind.ROSTER, actor=actor,
                             mapping=form.cleaned_data["mapping"])
        return redirect("import-preview", park=here.uid, upload=upload.uid)
    return render(request, "registry/imports.html", {
        "form": form, "mappings": saved, "waiting": waiting_uploads(actor, here, clock.now()), "zone": here.zone,
        "may_export": actor.may(Can.EXPORT_ROSTERS, over=here),
        "may_import_records": actor.may(Can.IMPORT_RECORDS, over=here),
    }, status=422 if form.is_bound else 200)


def _name_of(request: HttpRequest, park: UUID, upload: UUID) -> str:
    return upload_for(actor_of(request), upload).name


def _is_large(request: HttpRequest, park: UUID, upload: UUID) -> bool:
    waiting = upload_for(actor_of(request), upload)
    return not waiting.taken_at and request.POST.get("answer") != "discard" and seconds_for(waiting) > 1


@require_http_methods(["GET", "POST"])
@may_take_long(_name_of, _is_large)
def preview(request: HttpRequest, park: UUID, upload: UUID) -> HttpResponse:
    """What a file will change, exactly; a yes takes it; what it did stands here for a day."""
    actor = actor_of(request)
    here = park_for(actor, park)
    waiting = _waiting(actor, here, upload)
    at = day_asked(request, today_in(here), "at")
    if request.method == "POST" and request.POST.get("answer") == "discard":
        return _let_go(request, here, waiting, actor)
    if waiting.taken_at:
        return _done(request, here, waiting)
    seconds = seconds_for(waiting)
    if request.method == "GET" and seconds > 1 and "now" not in request.GET and not is_in_worker(request):
        return _reading(request, waiting, seconds)
    try:
        mapping = request.GET.get("mapping", waiting.mapping or _fitting(here, waiting))
        file = _read(here, waiting, mapping)
    except NoRosterInFile:
        messages.info(request, _("None of our headings stand in this file. Say once which is which, and save it."))
        return redirect(f"{reverse('mapping', args=[here.uid])}?upload={waiting.uid}")
    if request.method == "POST":
        return _answer(request, waiting, file, actor, at, mapping)
    taken = preview_roster(here, file, actor=actor, at=at)
    return render(request, "registry/preview.html", _preview(here, waiting, taken, at) | {
        "mapping": mapping, "mappings": mappings_of(here), "seconds": seconds, "strange": strange_sheets(file)})


def _reading(request: HttpRequest, upload: Upload, seconds: int) -> HttpResponse:
    """What is seen while a large file is read: the answer itself is asked for by this page, and may be left."""
    asked = request.GET.copy()
    asked["now"] = "1"
    return render(request, "registry/reading.html", {
        "upload": upload, "seconds": seconds, "next": f"{request.path}?{asked.urlencode()}"})


def _let_go(request: HttpRequest, park: Park, upload: Upload, actor: Actor) -> HttpResponse:
    discard_upload(upload, actor=actor)
    if upload.taken_at:
        messages.info(request, _("%(file)s is forgotten. What it brought stays.") % {"file": upload.name})
    else:
        messages.info(request, _("%(file)s was let go. Nothing was changed.") % {"file": upload.name})
    return redirect("imports", park=park.uid)


def _answer(request: HttpRequest, upload: Upload, file: RosterFile, actor: Actor, at: date, mapping: str) -> HttpResponse:
    """Yes: taken once, however often it is said. The file stays for its day, so that its report can be fetched."""
    if file.errors and request.POST.get("bad_rows") != "report":
        messages.warning(request, _("Nothing was taken: %(refused)s rows are bad.") % {"refused": file.bad_rows})
        return redirect(request.get_full_path())
    take_upload(upload, file, actor=actor, at=at, mapping=mapping)
    return redirect("import-preview", park=upload.park.uid, upload=upload.uid)


def _done(request: HttpRequest, park: Park, upload: Upload) -> HttpResponse:
    """What taking a file did, in counts, and its report."""
    told = upload.told or {}
    return render(request, "registry/taken.html", {"upload": upload, "told": told, "zone": park.zone,
                                                   "counted": [(words, told[key]) for key, words in _counted() if key in told]})


def _counted() -> list[tuple[str, str]]:
    return [("people", _("New people")), ("enterprises", _("New enterprises")), ("changed", _("Changed")),
            ("unchanged", _("Unchanged")), ("left", _("People who left")), ("repaired", _("Rows repaired")),
            ("refused", _("Bad rows"))]


def _preview(park: Park, upload: Upload, taken: Taken, at: date) -> dict[str, Any]:
    """Bad rows first, then what is new, changed, left, repaired."""
    file = taken.file
    return {
        "upload": upload, "taken": taken, "file": file, "at": at, "rows": len(file.workers) + file.bad_rows,
        "good": len(file.workers) + len(file.enterprises) + len(file.charges),
        "first_errors": [_cell(problem) for problem in file.errors[:FIRST_ERRORS]],
        "errors": [_cell(problem) for problem in file.errors[FIRST_ERRORS:MOST_ERRORS]],
        "warnings": [_cell(problem) for problem in file.warnings[:MOST_ERRORS]],
        "more_errors": max(0, len(file.errors) - MOST_ERRORS),
        "columns_missing": any(problem.code == "column_missing" for problem in file.errors),
        "new": [{"row": row, "masked_id": identifiers.masked_id(row.id_number)}
                for row in new_in(park, file, MOST_NEW)],
        "changes": [in_words(change) for change in taken.changes[:FIRST_CHANGES]],
        "leavers": taken.leavers[:MOST_NAMES], "repairs": file.repairs[:MOST_NAMES],
        "nothing": not (taken.created_people or taken.created_enterprises or taken.changed or taken.left),
    }


def _cell(problem: Problem) -> dict[str, Any]:
    return {"sheet": problem.sheet, "row": problem.row, "column": problem.column, "value": problem.value,
            "code": problem.code, "message": sentence(problem)}


@require_GET
def report(request: HttpRequest, park: UUID, upload: UUID) -> HttpResponse:
    """The workbook given back with each bad cell marked and the reason beside it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    waiting = _waiting(actor, here, upload)
    file = _read(here, waiting, request.GET.get("mapping", waiting.mapping))
    stem = waiting.name.rpartition(".")[0] or waiting.name
    return as_file(marked_workbook(file, sentence), _("%(file)s, marked.xlsx") % {"file": stem})


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, park: UUID) -> HttpResponse:
    """The roster as a workbook with numbers in full, for a reason that is kept."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.EXPORT_ROSTERS, over=here)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        content = export_roster(actor, here, reason=form.cleaned_data["reason"])
        day = today_in(here).isoformat()
        return as_file(content, _("%(park)s, roster of %(day)s.xlsx") % {"park": here.name, "day": day})
    return render(request, "registry/export.html", {"form": form}, status=422 if form.is_bound else 200)


def as_file(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep."""
    return HttpResponse(content, content_type=WORKBOOK, headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"})


def _waiting(actor: Actor, park: Park, uid: UUID) -> Upload:
    return upload_of(actor, park, uid, UploadKind.ROSTER)


def _fitting(park: Park, upload: Upload) -> str:
    """The saved mapping by which a file is understood where nobody named one: a saved heading is said once."""
    return mapping_fitting(park, read_workbook(content_of(upload), name=upload.name)) if mappings_of(park) else ""


def _read(park: Park, upload: Upload, mapping: str) -> RosterFile:
    headings: Mapping[str, Mapping[str, str]] = mapping_called(park, mapping) if mapping else {}
    return read_roster_file(content_of(upload), name=upload.name, park=park, park_name=park.name, mapping=headings)
