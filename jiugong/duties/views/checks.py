"""What waits for a check by somebody else, and the check itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.duties.actions.checks import check
from jiugong.duties.faces import evidence_rows
from jiugong.duties.forms import CheckForm
from jiugong.duties.models import Evidence
from jiugong.duties.queries.evidence import doubts_about, evidence_for, waiting_for_check
from jiugong.duties.queries.subjects import subject_of
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.registry.queries.doors import park_for

A_PAGE = 50


@require_GET
def checks(request: HttpRequest, park: UUID) -> HttpResponse:
    """Disinfections that nobody has checked, the oldest first; what somebody did himself another has to check."""
    actor = actor_of(request)
    here = park_for(actor, park)
    page = Paginator(waiting_for_check(actor, here, clock.now()), A_PAGE).get_page(request.GET.get("page"))
    listed = list(page)
    rows = evidence_rows(listed, here, doubts=doubts_about(listed), parameters={})
    return render(request, "duties/checks.html", {
        "here": here, "page": page,
        "rows": [row | {"mine": _is_mine(each, actor)} for row, each in zip(rows, listed, strict=True)],
        "crumbs": [(_("Duties"), reverse("duties", args=[here.uid])), (_("Checks"), None)]})


def _is_mine(row: Evidence, actor: Actor) -> bool:
    return bool(row.recorded_by == actor.key or row.data.get("operator") == actor.name)


@require_POST
def check_evidence(request: HttpRequest, park: UUID, evidence: int) -> HttpResponse:
    """Say that it is good, or that it is to be done again and why."""
    actor = actor_of(request)
    here = park_for(actor, park)
    found = evidence_for(actor, here, evidence)
    form = CheckForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether it is good or to be done again."))
        return redirect("checks", park=here.uid)
    passed = form.cleaned_data["passed"] == "yes"
    made = check(found, passed=passed, remark=form.cleaned_data["remark"], actor=actor)
    said: Any = _("%(place)s is checked and counts.") if made.passed else _("%(place)s is to be done again. It is owed until then.")
    messages.success(request, said % {"place": subject_of(found)})
    return redirect("checks", park=here.uid)
