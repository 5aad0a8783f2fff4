"""Taking a file of who was trained."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiugong.duties.actions.training_files import import_training, read_training
from jiugong.duties.forms import FileForm
from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.forms import content_of
from jiugong.registry.queries.doors import park_for


@require_http_methods(["GET", "POST"])
def import_training_file(request: HttpRequest, park: UUID) -> HttpResponse:
    """Take a list of training: what was new, what was here already, what could not be taken and why."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.IMPORT_RECORDS, over=here)
    form = FileForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        taken = import_training(here, read_training(content_of(file), name=file.name, park=here), actor=actor)
        shown = {"taken": taken.as_data(), "errors": taken.as_data()["errors"]}
    return render(request, "duties/training_import.html", {
        **shown, "form": form, "here": here,
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])), (_("Take in training"), None)]},
        status=422 if form.is_bound and not form.is_valid() else 200)
