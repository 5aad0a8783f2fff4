"""Saying once which of their headings is which of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.lib.sheets import Sheet, heading_key, read_workbook
from jiugong.registry.actions.mappings import delete_mapping, save_mapping
from jiugong.registry.actions.uploads import keep_upload
from jiugong.registry.errors import UploadGone
from jiugong.registry.forms import FileForm, MappingForm
from jiugong.registry.logic.headings import KNOWN, REQUIRED
from jiugong.registry.logic.suggesting import Suggestion, suggest_mapping
from jiugong.registry.models import Upload
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.mappings import Headings, mapping_called, mappings_of
from jiugong.registry.queries.uploads import UploadKind, content_of, upload_for
from jiugong.registry.views.lists import chosen_of

BETWEEN = "|"                                # stands between several headings of theirs for one of ours


@dataclass(frozen=True)
class Line:
    """One of our headings, and what stands for it in their file."""

    field: str
    ours: str
    needed: bool
    theirs: str
    guessed: bool = False
    samples: Sequence[str] = ()


@dataclass(frozen=True)
class Column:
    """One of their headings with the first cells below it, and whether it stands for one of ours already."""

    text: str
    samples: Sequence[str]
    used: bool


@dataclass(frozen=True)
class Table:
    """One sheet to map: which of ours it is, our headings one by one, and theirs to choose from."""

    number: int
    sheet: str
    row: int
    kind: str
    columns: list[Column]
    lines: list[Line]

    @property
    def texts(self) -> list[str]:
        """Their headings."""
        return [column.text for column in self.columns]


@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, park: UUID) -> HttpResponse:
    """Make a mapping from a file's own headings, or change a saved one."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.IMPORT_ROSTERS, over=here)
    name = chosen_of(request, "name", [each.name for each in mappings_of(here)])
    saved = mapping_called(here, name) if name else {}
    upload = None
    if request.GET.get("upload"):
        upload = upload_for(actor, request.GET["upload"])
        if upload.park_id != here.pk:
            raise UploadGone()
    file_form = FileForm(files=request.FILES or None, data=request.POST or None)
    if "file" in request.FILES and file_form.is_valid():
        sent = file_form.cleaned_data["file"]
        kept = keep_upload(here, sent.read(), name=sent.name, kind=UploadKind.ROSTER, actor=actor)
        return redirect(f"{request.path}?{urlencode({'upload': kept.uid} | ({'name': name} if name else {}))}")
    form = MappingForm(request.POST if request.method == "POST" else None, initial={
        "name": name or (upload.name.rpartition(".")[0][:60] if upload else "")})
    if request.method == "POST" and form.is_valid():
        beyond = _beyond(saved, _of_file(request, upload, saved)) if upload else {}
        made = save_mapping(here, form.cleaned_data["name"], _said(request.POST, beyond), actor=actor)
        messages.success(request, _("Saved as %(name)s.") % {"name": made.name})
        if upload:
            return redirect(f"{reverse('import-preview', args=[here.uid, upload.uid])}?{urlencode({'mapping': made.name})}")
        return redirect("imports", park=here.uid)
    if form.is_bound:
        messages.warning(request, _("Give the mapping a name: under it the next file is understood by itself."))
    tables = _of_file(request, upload, saved) if upload else _of_saved(saved)
    return render(request, "registry/mapping.html", {
        "form": form, "file_form": FileForm(), "upload": upload, "name": name, "tables": tables,
        "has_lines": any(table.lines for table in tables), "kinds": list(KNOWN),
        "between": BETWEEN}, status=422 if form.is_bound else 200)


def _of_file(request: HttpRequest, upload: Upload, saved: Headings) -> list[Table]:
    """One table for each sheet of a file: as far as we understand it, and as somebody said in the URL."""
    tables = []
    book = read_workbook(content_of(upload), name=upload.name)
    for number, found in enumerate(suggest_mapping(book, saved)):
        kind = request.GET.get(f"kind{number}", found.kind)
        if kind != found.kind:
            found = _as_kind(book, found, kind, saved)
        by_ours = {heading_key(ours): theirs for theirs, ours in (*found.guessed.items(), *found.understood.items())}
        lines = []
        for field, names in KNOWN.get(kind, {}).items():
            theirs = by_ours.get(heading_key(names[0]), "")
            lines.append(Line(field, names[0], field in REQUIRED[kind], theirs, theirs in found.guessed,
                              found.samples.get(theirs, ())))
        used = {line.theirs for line in lines}
        columns = [Column(text, found.samples.get(text, ()), text in used) for text in (*found.understood, *found.unknown)]
        tables.append(Table(number, found.sheet, found.row, kind, columns, lines))
    return tables


def _as_kind(book: list[Sheet], found: Suggestion, kind: str, saved: Headings) -> Suggestion:
    """The same sheet, read as another of ours: as though that were its name."""
    rows = next(sheet.rows for sheet in book if sheet.name == found.sheet)
    if kind not in KNOWN:
        return replace(found, kind="", understood={}, guessed={}, missing=(), unknown=[*found.understood, *found.unknown])
    again = suggest_mapping([Sheet(kind, rows)], {kind: saved.get(kind, {})})[0]
    if again.kind == kind:
        return replace(again, sheet=found.sheet)
    return replace(found, kind=kind, understood={}, guessed={}, missing=(), unknown=[*again.understood, *again.unknown])


def _of_saved(saved: Headings) -> list[Table]:
    """A saved mapping without a file at hand: our headings, with theirs as text."""
    tables = []
    for number, (kind, known) in enumerate(KNOWN.items()):
        field_of = {heading_key(name): field for field, names in known.items() for name in names}
        theirs: dict[str, list[str]] = {}
        for their, our in saved.get(kind, {}).items():
            theirs.setdefault(field_of.get(heading_key(our), ""), []).append(their)
        lines = [Line(field, names[0], field in REQUIRED[kind], f" {BETWEEN} ".join(theirs.get(field, [])))
                 for field, names in known.items()]
        tables.append(Table(number, kind, 0, kind, [], lines))
    return tables


def _beyond(saved: Headings, tables: list[Table]) -> dict[str, dict[str, str]]:
    """What a saved mapping knows beyond this file: of the headings that stand in it, only what is said now counts."""
    here = {(table.kind, heading_key(text)) for table in tables for text in table.texts}
    return {kind: {their: our for their, our in pairs.items() if (kind, heading_key(their)) not in here}
            for kind, pairs in saved.items()}


@require_POST
def delete(request: HttpRequest, park: UUID) -> HttpResponse:
    """Let go of a saved mapping. Files that were read with it stay as they are."""
    actor = actor_of(request)
    here = park_for(actor, park)
    delete_mapping(here, request.POST.get("name", ""), actor=actor)
    messages.success(request, _("The mapping %(name)s is gone.") % {"name": request.POST.get("name", "")})
    return redirect("imports", park=here.uid)


def _said(posted: Mapping[str, str], kept: Headings) -> dict[str, dict[str, str]]:
    """What was chosen, as a mapping keeps it. What a saved mapping knew beyond this file stays."""
    said: dict[str, dict[str, str]] = {kind: dict(pairs) for kind, pairs in kept.items()}
    for number in range(len(posted)):
        kind = posted.get(f"kind{number}", "")
        for field, names in KNOWN.get(kind, {}).items():
            chosen = posted.get(f"{number}.{field}", "")
            for their in filter(None, (text.strip() for text in chosen.split(BETWEEN))):
                said.setdefault(kind, {})[their] = names[0]
    return said
