"""The rulebook's pages: what holds in a park today and on what it rests, and any pack rule by rule."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong import policy
from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import day_asked
from jiugong.rulebook.actions import adopt
from jiugong.rulebook.forms import AdoptForm
from jiugong.rulebook.queries import adoption_on, adoptions_of, duties_on, has_changed, release_on
from jiugong.rulebook.wording import duty_in_words, rules_of, spoken


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, park: UUID) -> HttpResponse:
    """Which release holds, what it asks of whom, and on what each rule rests; who may, adopts another."""
    actor = actor_of(request)
    here = park_for(actor, park)
    today = today_in(here)
    day, packs = day_asked(request, today), policy.available(policy.PACKS)
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
    return render(request, "rulebook/rules.html", {
        "day": day, "today": today, "is_set": day != today, "adoption": adoption, "release": release,
        "title": spoken(release.pack.title) if release else "",
        "silent": release is not None and not release.pack.in_force_on(day),
        "changed": adoption is not None and has_changed(adoption),
        "duties": [(spoken(duty.title), duty_in_words(duty)) for duty in duties_on(here, day)],
        "others": [rule for rule in rules_of(release, day) if rule.kind != "duty" and rule.current] if release else [],
        "history": [(each, titles.get(each.release, each.release)) for each in adoptions_of(here)],
        "packs": [(pack, spoken(pack.title)) for pack in packs], "form": form if may_adopt else None,
        "zone": here.zone}, status=422 if form.is_bound else 200)


@require_GET
def rule_pack(request: HttpRequest, park: UUID, key: str) -> HttpResponse:
    """A release with each of its rules: dated values, references, assumptions."""
    here = park_for(actor_of(request), park)
    release = policy.load(policy.PACKS, key)
    today = today_in(here)
    pack, found = release.pack, rules_of(release, day_asked(request, today))
    text = request.GET.get("q", "").strip()
    if text:
        found = [rule for rule in found if text.lower() in f"{rule.title} {rule.key}".lower()]
    return render(request, "rulebook/pack.html", {
        "pack": pack, "title": spoken(pack.title), "release": release, "text": text, "is_set": bool(text),
        "lineage": [(each, spoken(each.title)) for each in release.lineage[1:]], "rules": found,
        "assumption": spoken(pack.basis.assumption)})
