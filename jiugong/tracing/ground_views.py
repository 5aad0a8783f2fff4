"""Contact grounds: what makes a contact in this park today, by which text, and what a park may add with a document."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.policy import Exposure
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import wants_workbook, workbook_of
from jiugong.rulebook.actions.supplements import supplement
from jiugong.rulebook.queries.releases import InForce, release_on
from jiugong.rulebook.wording import said_of, spoken
from jiugong.tracing.ground_forms import AdoptForm
from jiugong.tracing.queries.suggestions import Suggestion, exposures_on, not_adopted, suggestion_called


@require_GET
def contact_grounds(request: HttpRequest, park: UUID) -> HttpResponse:
    """The ways of meeting that count today, and those that are written ready."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    day = today_in(here)
    rows = [_row(each, here) for each in exposures_on(here, day)]
    if wants_workbook(request):
        return workbook_of(_("Contact grounds"), [_("Ground"), _("What it says"), _("By"), _("Assumed"), _("Holds from")], (
            [row["title"], row["text"], row["by"], row["assumption"], row["since"]] for row in rows), day)
    release = release_on(here, day)
    return render(request, "tracing/contact_grounds.html", {
        "rows": rows, "release": release.key if release else "", "uid": here.uid, "day": day,
        "suggested": [_suggested(each) for each in not_adopted(here, day)], "may_adopt": actor.may(Can.ADOPT_POLICY, over=here),
        "crumbs": [(_("Rules in force"), reverse("rules", args=[here.uid])), (_("Contact grounds"), None)]})


@require_http_methods(["GET", "POST"])
def adopt_ground(request: HttpRequest, park: UUID, name: str) -> HttpResponse:
    """Adopt one that is written ready, with the document that says so."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.ADOPT_POLICY, over=here)
    found = suggestion_called(name)
    form = AdoptForm(request.POST or None, initial={"since": today_in(here)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        supplement(here, found.key, rule=found.rule, value=found.value, title=said["title"], issuer=said["issuer"],
                   published=said["published"], since=said["since"], note_text=_in(found.reading), actor=actor)
        messages.success(request, _("%(ground)s makes a contact here from %(day)s on.") % {
            "ground": _in(found.title), "day": said["since"]})
        return redirect("contact-grounds", park=here.uid)
    return render(request, "tracing/adopt_ground.html", {
        "form": form, "suggestion": _suggested(found), "crumbs": [
            (_("Contact grounds"), reverse("contact-grounds", args=[here.uid])), (_in(found.title), None)]},
        status=422 if form.is_bound else 200)


def _row(each: InForce, park: Park) -> dict[str, Any]:
    rule = each.rule
    said = said_of(rule, each.dated)
    return {"title": spoken(rule.title), "text": said.text, "by": "；".join(str(one) for one in said.references),
            "assumption": said.assumption, "since": str(each.dated.first_day), "note": said.note,
            "stands_for": rule.ground if isinstance(rule, Exposure) else "",
            "url": reverse("supplement", args=[park.uid, each.supplement.pk]) if each.supplement else ""}


def _suggested(each: Suggestion) -> dict[str, str]:
    return {"name": each.name, "title": _in(each.title), "says": _in(each.says), "reading": _in(each.reading)}


def _in(said: dict[str, str]) -> str:
    return said["zh-hans" if (get_language() or "").startswith("zh") else "en"]
