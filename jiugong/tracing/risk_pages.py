"""What the pages of this part of the room share: the way back, the workbook's address, a list that is taken in."""

from collections.abc import Callable
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiugong.registry.forms import content_of
from jiugong.registry.models import Park
from jiugong.tracing.errors import sentence
from jiugong.tracing.logic.lists import ListFile

SHOWN_WARNINGS = 100
SHEETS = {"accept": ".csv,.gz,.xlsx,.xlsm,.xls,.ods"}


class Taken(Protocol):
    """What an import did."""

    @property
    def file(self) -> ListFile[Any]: ...

    def as_data(self) -> dict[str, Any]: ...


class ListForm(forms.Form):
    """A list as people keep it."""

    file = forms.FileField(label=gettext_lazy("File"), widget=forms.FileInput(attrs=SHEETS))


def crumbs_to(park: Park, *steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Today"), reverse("today", args=[park.uid])), *steps]


def export_of(request: HttpRequest) -> str:
    """The address of this list as a workbook, narrowed as it is."""
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["as"] = "xlsx"
    return f"?{asked.urlencode()}"


def take_list(request: HttpRequest, park: Park, *, kind: str, title: str, lead: str, button: str, back: tuple[str, str],
              take: Callable[[bytes, str], Taken], counted: Callable[[dict[str, Any]], list[tuple[str, int]]],
              form: forms.Form | None = None) -> HttpResponse:
    """The form, the file read and taken, and the answer."""
    form = form or ListForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {"kind": kind, "title": title, "lead": lead, "button": button, "form": form,
                             "crumbs": crumbs_to(park, back, (title, None))}
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        taken = take(content_of(sent), sent.name)
        file, told = taken.file, taken.as_data()
        shown |= {"told": told, "counted": [*counted(told), (_("Here already"), told["unchanged"]),
                                            (_("Rows repaired"), told["repaired"]), (_("Bad rows"), told["refused"])],
                  "errors": [vars(each) | {"message": sentence(each)} for each in file.errors],
                  "warnings": [vars(each) | {"message": sentence(each)} for each in file.warnings[:SHOWN_WARNINGS]],
                  "more_warnings": max(len(file.warnings) - SHOWN_WARNINGS, 0)}
    return render(request, "tracing/list_import.html", shown, status=422 if form.is_bound and form.errors else 200)
