"""What holds in a park today and on what it rests; every pack, rule by rule, with its cases and its changelog."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.forms import AdoptForm
from jiugong.rulebook.queries.releases import (
    adoption_on,
    adoptions_of,
    cases_of,
    changes_in,
    duties_on,
    has_changed,
    packs_at_hand,
    release_called,
    release_on,
    supplements_on,
)
from jiugong.rulebook.queries.supplements import compare_with
from jiugong.rulebook.telling import beside, case_in_words
from jiugong.rulebook.wording import duty_in_words, rules_of, spoken


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, park: UUID) -> HttpResponse:
    """Which release holds, what it asks of whom, and on what each rule rests; what the park adds to it."""
    actor = actor_of(request)
    here = park_for(actor, park)
    today = today_in(here)
    day, packs = day_asked(request, today), packs_at_hand()
    may_adopt = actor.may(Can.ADOPT_POLICY, over=here)
    if request.method == "POST":
        actor.must(Can.ADOPT_POLICY, over=here)
    form = AdoptForm(request.POST if request.method == "POST" else None, packs=packs, initial={"from_day": today})
    if form.is_valid():
        adopted = adopt(here, form.cleaned_data["release"], from_day=form.cleaned_data["from_day"], actor=actor)
        messages.success(request, _("%(park)s goes by %(release)s from %(day)s.") % {
            "park": here.name, "release": adopted.release, "day": adopted.from_day})
        return redirect("rules", park=here.uid)
    adoption, release = adoption_on(here, day), release_on(here, day)
    titles = {pack.key: spoken(pack.title) for pack in packs}
    local = [beside(each) for each in compare_with(release, list(supplements_on(here, day)), day)]
    added = {each["key"]: each for each in local}
    return render(request, "rulebook/rules.html", {
        "day": day, "today": today, "is_set": day != today, "adoption": adoption, "release": release,
        "title": spoken(release.pack.title) if release else "",
        "silent": release is not None and not release.pack.in_force_on(day),
        "changed": adoption is not None and has_changed(adoption),
        "duties": [(spoken(duty.title), duty_in_words(duty), added.get(f"duties.{duty.key}")) for duty in duties_on(here, day)],
        "others": [rule for rule in rules_of(release, day) if rule.kind != "duty" and rule.current] if release else [],
        "local": local, "stricter": [each for each in local if each["is_stricter"]],
        "history": [(each, titles.get(each.release, each.release)) for each in adoptions_of(here)],
        "form": form if may_adopt else None, "zone": here.zone}, status=422 if form.is_bound else 200)


@require_GET
def packs(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every pack at hand, by kind; historical ones are marked as such."""
    actor = actor_of(request)
    here = park_for(actor, park)
    at_hand = packs_at_hand()
    kinds = {pack.kind: kind_of_pack(pack.kind) for pack in at_hand}
    kind = chosen_of(request, "kind", kinds)
    held = adoption_on(here, today_in(here))
    return render(request, "rulebook/packs.html", {
        "is_set": bool(kind),
        "filters": [filter_by("kind", _("Kind"), kinds.items(), kind)], "held": held.release if held else "",
        "packs": [(pack, spoken(pack.title), kinds[pack.kind]) for pack in at_hand if not kind or pack.kind == kind]})


@require_GET
def rule_pack(request: HttpRequest, park: UUID, key: str) -> HttpResponse:
    """A release with each of its rules: dated values, references, assumptions, cases, and what changed in the pack."""
    actor = actor_of(request)
    here = park_for(actor, park)
    release = release_called(key)
    pack, found = release.pack, rules_of(release, day_asked(request, today_in(here)))
    there = {rule.kind for rule in found}
    kinds = {kind: str(words) for kind, words in kinds_of_rules().items() if kind in there}
    text, kind = request.GET.get("q", "").strip(), chosen_of(request, "kind", kinds)
    sure = chosen_of(request, "sure", SURE)
    if text:
        found = [rule for rule in found if text.lower() in f"{rule.title} {rule.key}".lower()]
    if kind:
        found = [rule for rule in found if rule.kind == kind]
    if sure:
        found = [rule for rule in found if any(bool(said.assumption) is (sure == "assumed") for said in rule.values)]
    cases: dict[str, list[dict[str, object]]] = {}
    for case in cases_of(key):
        cases.setdefault(case.ask, []).append(case_in_words(case, release))
    return render(request, "rulebook/pack.html", {
        "pack": pack, "title": spoken(pack.title), "release": release,
        "text": text, "is_set": bool(text or kind or sure), "kind": kind_of_pack(pack.kind),
        "filters": [filter_by("kind", _("Kind"), kinds.items(), kind),
                    filter_by("sure", _("How sure"), [("cited", _("by a document alone")), ("assumed", _("assumed"))], sure)],
        "lineage": [(each, spoken(each.title)) for each in release.lineage[1:]], "rules": found,
        "cases": [(rule, cases.get(rule.key, [])) for rule in found], "number_of_cases": sum(map(len, cases.values())),
        "changelog": changes_in(get_language() or "", key), "assumption": spoken(pack.basis.assumption)})


SURE = ("cited", "assumed")


def kinds_of_rules() -> dict[str, str]:
    """The kinds of rules in words."""
    return {"duty": _("Duties"), "control": _("Controls"), "ground": _("Contact grounds"), "exposure": _("Ways of meeting"),
            "parameter": _("Numbers")}


def kind_of_pack(kind: str) -> str:
    """What a pack is about, in words; a kind without words stands as it is written."""
    return {"covid": _("COVID-19"), "influenza": _("Influenza"), "norovirus": _("Norovirus"),
            "chikungunya": _("Chikungunya"), "local": _("Local")}.get(kind, kind)
