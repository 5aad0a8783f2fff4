"""The park's own rules: which there are, how each stands beside the national one, writing one, ending one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of, sentence_of
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.rulebook.actions.supplements import end_supplement, heading_of, supplement
from jiugong.rulebook.errors import ReferenceMissing, SupplementExists, SupplementUnreadable
from jiugong.rulebook.forms import EndForm
from jiugong.rulebook.models import Supplement
from jiugong.rulebook.queries.releases import in_force, release_on
from jiugong.rulebook.queries.supplements import compare_with, supplement_for, supplements_of
from jiugong.rulebook.supplement_forms import form_for
from jiugong.rulebook.telling import beside
from jiugong.rulebook.wording import said_of, spoken

NEW = "new"


@require_GET
def supplements(request: HttpRequest, park: UUID) -> HttpResponse:
    """The local rules, each beside the national rule of its day; the stricter ones first."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    today = today_in(here)
    known = supplements_of(here)
    holding = [each for each in known if each.since <= today and (each.until is None or each.until > today)]
    compared = [beside(each) for each in compare_with(release_on(here, today), holding, today)]
    rules = in_force(release_on(here, today), today)
    return render(request, "rulebook/supplements.html", {
        "today": today, "may_write": actor.may(Can.ADOPT_POLICY, over=here),
        "local": sorted(compared, key=lambda each: not each["is_stricter"]),
        "coming": [each for each in known if each.since > today and each.until != each.since],
        "past": [each for each in known if each.until is not None and each.until <= today],
        "rules": [(key, spoken(each.rule.title)) for key, each in sorted(rules.items()) if form_for(each.rule)]})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, park: UUID) -> HttpResponse:
    """Write a local rule: in the place of one of the release's, or a duty of the park's own."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.ADOPT_POLICY, over=here)
    today, key = today_in(here), request.GET.get("rule", NEW)
    rules = in_force(release_on(here, today), today)
    held = rules.get(key)
    chosen = form_for(held.rule if held else None)
    if chosen is None:
        raise SupplementUnreadable(what=key, do=_("Its value is a table: a program writes it, see docs/rooms/rulebook.md."))
    more: dict[str, Any] = {} if held else {"keys_taken": tuple(each.key for each in supplements_of(here))}
    form = chosen(request.POST if request.method == "POST" else None, rule=held.rule if held else None,
                  held=held.dated if held else None, initial={"since": today}, **more)
    if form.is_valid():
        try:
            given = supplement(
                here, form.key(), rule=form.heading() or heading_of(form.rule), value=form.value(),   # type: ignore[arg-type]
                actor=actor, **{name: form.cleaned_data[name] for name in
                                ("title", "issuer", "published", "since", "until", "note_text")})
        except (SupplementUnreadable, SupplementExists, ReferenceMissing) as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("The local rule holds from %(day)s.") % {"day": given.since})
            return redirect("supplement", park=here.uid, pk=given.pk)
    return render(request, "rulebook/supplement_new.html", {
        "form": form, "title": spoken(held.rule.title) if held else "",
        "national": said_of(held.rule, held.dated) if held else None}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, park: UUID, pk: int) -> HttpResponse:
    """One local rule beside the national one; who may, ends it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    given = supplement_for(actor, here, pk)
    if request.method == "POST":
        actor.must(Can.ADOPT_POLICY, over=here)
    today = today_in(here)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_valid():
        ended = end_supplement(given, on=form.cleaned_data["on"], actor=actor)
        messages.success(request, _("The local rule holds no longer from %(day)s.") % {"day": ended.until})
        return redirect("supplement", park=here.uid, pk=given.pk)
    day = max(given.since, min(today, given.until)) if given.until else max(given.since, today)
    compared = _shown(here, given, day)
    return render(request, "rulebook/supplement.html", {
        "each": compared, "given": given, "day": day,
        "form": form if actor.may(Can.ADOPT_POLICY, over=here) and not _over(given, today) else None,
        "zone": here.zone}, status=422 if form.is_bound else 200)


def _shown(park: Park, given: Supplement, day: date) -> dict[str, Any] | None:
    """The comparison on a day on which the rule holds: its first one, where it is over already."""
    release = release_on(park, day)
    found = compare_with(release, [given], day) or compare_with(release_on(park, given.since), [given], given.since)
    return beside(found[0]) if found else None


def _over(given: Supplement, today: date) -> bool:
    return given.until is not None and given.until <= today
