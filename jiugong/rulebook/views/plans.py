"""The plans: of every enterprise and of the park; one plan with its versions; writing, handing in, approving, printing."""

from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiugong.http import actor_of
from jiugong.lib import papers
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, filter_by, page_of
from jiugong.rulebook.actions.plans import approve, draft_park_plan, draft_plan, send_back, submit
from jiugong.rulebook.forms import PlanForm, ReturnForm
from jiugong.rulebook.models import AnyPlan, EnterprisePlan
from jiugong.rulebook.queries.plans import (
    Subject,
    count_by_stage,
    enterprises_with_plans,
    newest_park_plans,
    plan_subject,
    version_for,
    versions_of,
)
from jiugong.rulebook.queries.releases import in_force, release_on, supplements_on
from jiugong.rulebook.stages import WRITABLE, Stage
from jiugong.rulebook.wording import said_of, spoken
from jiugong.rulebook.words import AreaLevel, ParkPlanKind, PlanStage, Regime, Risk

PAPER = Path(__file__).resolve().parent.parent / "papers" / "plan.typ"
NO_PLAN = "none"


@require_GET
def plans(request: HttpRequest, park: UUID) -> HttpResponse:
    """The park's own plans, and each enterprise's: where it stands, its regime, and whether a revision is due."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    today, reach, text = today_in(here), actor.reach(Can.SEE_BOARD), request.GET.get("q", "").strip()
    rows = enterprises_with_plans(here, today, reach)
    stage = chosen_of(request, "stage", (*PlanStage.values, NO_PLAN))
    regime = chosen_of(request, "regime", Regime.values)
    if text:
        rows = rows.filter(name__icontains=text)
    if stage:
        rows = rows.filter(plan_stage__isnull=True) if stage == NO_PLAN else rows.filter(plan_stage=stage)
    if regime:
        rows = rows.filter(regime=regime)
    page = page_of(request, rows)
    for firm in page:
        firm.regime_words = Regime(firm.regime).label
        firm.risk_words, firm.area_words = Risk(firm.risk).label, AreaLevel(firm.area).label if firm.area else ""
        firm.stage_words = PlanStage(firm.plan_stage).label if firm.plan_stage else ""
        firm.late = bool(firm.plan_due and firm.plan_stage != Stage.APPROVED and firm.plan_due < today)
    own = newest_park_plans(here)
    return render(request, "rulebook/plans.html", {
        "page": page, "text": text, "is_set": bool(text or stage or regime),
        "filters": [filter_by("stage", _("Stage"), [*PlanStage.choices, (NO_PLAN, _("No plan yet"))], stage),
                    filter_by("regime", _("Regime"), Regime.choices, regime)],
        "counts": [(key, PlanStage(key).label, count) for key, count in count_by_stage(here, reach).items()],
        "own": [(kind, own.get(kind.value)) for kind in ParkPlanKind] if actor.may(Can.SEE_BOARD, over=here) else [],
        "today": today})


@require_GET
def plan(request: HttpRequest, park: UUID, what: str) -> HttpResponse:
    """One plan in one version; `beside` shows what became of the text since another version."""
    actor = actor_of(request)
    here = park_for(actor, park)
    subject = plan_subject(actor, here, what)
    versions = versions_of(subject)
    shown = version_for(versions, request.GET.get("version", ""))
    beside = version_for(versions, request.GET["beside"]) if request.GET.get("beside") else None
    return render(request, "rulebook/plan.html", _page(actor, here, subject, versions, shown, beside) | {
        "return_form": ReturnForm()})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, park: UUID, what: str) -> HttpResponse:
    """Write the plan's open version, or begin the next one."""
    actor = actor_of(request)
    here = park_for(actor, park)
    subject = plan_subject(actor, here, what)
    actor.must(Can.DRAFT_PLANS, over=subject.over)
    newest = version_for(versions_of(subject), "")
    form = PlanForm(request.POST if request.method == "POST" else None, sections=subject.outline, plan=newest,
                    is_enterprise=subject.unit is not None)
    if form.is_valid():
        since = form.cleaned_data["since"]
        if subject.unit:
            written: AnyPlan = draft_plan(subject.unit, regime=Regime(form.cleaned_data["regime"]), sections=form.text(),
                                          since=since, actor=actor)
        else:
            written = draft_park_plan(here, ParkPlanKind(subject.kind), sections=form.text(), since=since, actor=actor)
        if "submit" in request.POST:
            submit(written, actor=actor)
            messages.success(request, _("Version %(version)s is handed in.") % {"version": written.version})
        else:
            messages.success(request, _("Version %(version)s is saved.") % {"version": written.version})
        return redirect("plan", park=here.uid, what=subject.key)
    asked = _asked(here, subject)
    return render(request, "rulebook/plan_edit.html", {
        "subject": subject, "name": _name(subject), "form": form, "plan": newest,
        "sections": [(section, form[f"section-{section.key}"], asked.get(section.key, []),
                      newest is not None and newest.is_open and section.key in newest.touched) for section in subject.outline],
        "locked": newest is not None and newest.stage == Stage.IN_REVIEW}, status=422 if form.is_bound else 200)


@require_POST
def decide(request: HttpRequest, park: UUID, what: str) -> HttpResponse:
    """Hand a plan in, approve it, or return it with what is missing."""
    actor = actor_of(request)
    here = park_for(actor, park)
    subject = plan_subject(actor, here, what)
    verb = request.POST.get("do", "")
    actor.must(Can.DRAFT_PLANS if verb == "submit" else Can.APPROVE_PLANS, over=subject.over)
    newest = version_for(versions_of(subject), request.POST.get("version", ""))
    if newest is None:
        return redirect("plan", park=here.uid, what=subject.key)
    if verb == "submit":
        submit(newest, actor=actor)
        messages.success(request, _("Version %(version)s is handed in.") % {"version": newest.version})
    elif verb == "approve":
        approve(newest, actor=actor)
        messages.success(request, _("Version %(version)s is approved.") % {"version": newest.version})
    elif verb == "return":
        send_back(newest, reason=request.POST.get("reason", ""), actor=actor)
        messages.success(request, _("Version %(version)s is returned.") % {"version": newest.version})
    return redirect("plan", park=here.uid, what=subject.key)


@require_GET
def paper(request: HttpRequest, park: UUID, what: str) -> HttpResponse:
    """A version of the plan as an office files it, as PDF."""
    actor = actor_of(request)
    here = park_for(actor, park)
    subject = plan_subject(actor, here, what)
    shown = version_for(versions_of(subject), request.GET.get("version", ""))
    if shown is None:
        return redirect("plan", park=here.uid, what=subject.key)
    made = papers.pdf(PAPER, _on_paper(here, subject, shown), title=_name(subject))
    return HttpResponse(made, content_type="application/pdf", headers={
        "Content-Disposition": f'inline; filename="plan-{subject.key}-{shown.version}.pdf"'})


def _page(actor: Actor, park: Park, subject: Subject, versions: list[AnyPlan], shown: AnyPlan | None,
          beside: AnyPlan | None) -> dict[str, Any]:
    newest = versions[0] if versions else None
    is_newest = shown is not None and newest is not None and shown.pk == newest.pk
    asked = _asked(park, subject)
    return {
        "subject": subject, "name": _name(subject), "plan": shown,
        "versions": versions, "beside": beside, "newest": newest, "today": today_in(park), "zone": park.zone,
        "may_write": actor.may(Can.DRAFT_PLANS, over=subject.over) and (newest is None or newest.stage != Stage.IN_REVIEW),
        "may_submit": is_newest and actor.may(Can.DRAFT_PLANS, over=subject.over) and Stage(shown.stage) in WRITABLE
        if shown else False,
        "may_decide": is_newest and actor.may(Can.APPROVE_PLANS, over=subject.over) and shown.stage == Stage.IN_REVIEW
        if shown else False,
        "sections": [{"section": section, "title": spoken(section.title), "ask": spoken(section.ask),
                      "text": shown.sections.get(section.key, "") if shown else "", "rules": asked.get(section.key, []),
                      "basis": section.basis, "assumption": spoken(section.basis.assumption),
                      "touched": shown is not None and shown.is_open and section.key in shown.touched,
                      "pieces": _pieces(beside, shown, section.key) if shown and beside else None}
                     for section in subject.outline]}


def _pieces(beside: AnyPlan, shown: AnyPlan, key: str) -> list[tuple[str, str]]:
    """What became of a section between two versions: pieces that stayed, went or came, in the order of reading."""
    before, after = beside.sections.get(key, ""), shown.sections.get(key, "")
    pieces: list[tuple[str, str]] = []
    for verb, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if verb == "equal":
            pieces.append(("same", before[first:last]))
            continue
        pieces += [(kind, text) for kind, text in (("gone", before[first:last]), ("new", after[start:end])) if text]
    return pieces


def _asked(park: Park, subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """What the rules in force ask, section by section."""
    day = today_in(park)
    rules = in_force(release_on(park, day), day, supplements_on(park, day))
    return {section.key: [{"title": spoken(each.rule.title), "said": said_of(each.rule, each.dated)}
                          for key, each in sorted(rules.items()) if section.is_about(key)] for section in subject.outline}


def _name(subject: Subject) -> str:
    return subject.unit.name if subject.unit else str(ParkPlanKind(subject.kind).label)


def _on_paper(park: Park, subject: Subject, shown: AnyPlan) -> dict[str, Any]:
    """What the paper says; everything is text."""
    regime = str(Regime(shown.regime).label) if isinstance(shown, EnterprisePlan) else ""
    title = (_("%(enterprise)s: plan of prevention and control") % {"enterprise": subject.unit.name} if subject.unit
             else f"{park.name}{_(': ')}{_name(subject)}")
    facts = [(_("Version"), str(shown.version)), (_("Stage"), str(PlanStage(shown.stage).label)),
             (_("Regime"), regime), (_("Holds from"), str(shown.since or "")), (_("Until"), str(shown.until or "")),
             (_("Release"), shown.release), (_("Written by"), shown.drafted_by_name),
             (_("Approved by"), shown.decided_by_name if shown.stage == Stage.APPROVED else "")]
    decided = shown.decided_at.astimezone(park.zone).date().isoformat() if shown.decided_at else ""
    return {"title": title, "number": _("Version %(version)s") % {"version": shown.version},
            "facts": [[name, text] for name, text in facts if text], "empty": _("Not written yet."),
            "sections": [{"title": spoken(section.title), "text": shown.sections.get(section.key, "")}
                         for section in subject.outline],
            "sign": _name(subject) if subject.unit else park.name,
            "day": decided or shown.drafted_at.astimezone(park.zone).date().isoformat(),
            "draft": "" if shown.stage == Stage.APPROVED else str(PlanStage(shown.stage).label)}
