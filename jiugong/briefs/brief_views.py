"""The brief as a document: composed for any days, published under a number, and handed over on paper."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiugong.briefs import queries, wording
from jiugong.briefs.actions import publish
from jiugong.briefs.forms import PublishForm
from jiugong.briefs.papers import making
from jiugong.briefs.papers.content import Paper, draft, published
from jiugong.briefs.periods import handed_over, is_long_period, language_asked, period_asked, title_of_period
from jiugong.briefs.published import brief_for, briefs_of
from jiugong.briefs.remembering import brief_of_today
from jiugong.briefs.scope import Scope
from jiugong.closing.queries import seals_between
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import page_of
from jiugong.work.answering import may_take_long


def _composing(request: HttpRequest, park: UUID) -> tuple[Actor, Park]:
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    actor.must(Can.COMPOSE_BRIEFS, over=here)
    return actor, here


@require_GET
@may_take_long(title_of_period, is_long_period)
def brief(request: HttpRequest, park: UUID) -> HttpResponse:
    """The brief of a period, as an office would file it; `?format=md` and `?format=json` are the same for programs."""
    actor, here = _composing(request, park)
    first, last, form = period_asked(request, here)
    scope, asked_for = queries.scope_for(actor, here, first, last), request.GET.get("format")
    language = language_asked(request)
    composed = queries.brief(scope) if asked_for == "json" else brief_of_today(scope, wording.KEYS)
    if asked_for == "md":
        return HttpResponse(wording.as_markdown(composed, language), content_type="text/markdown; charset=utf-8")
    if asked_for == "json":
        return JsonResponse({"park": here.name, "from": str(first), "to": str(last), "figures": composed.figures,
                             "differences": {key: composed.difference(key) for key in composed.figures}})
    days_asked = f"?from={first}&to={last}"
    last_one = briefs_of(actor, here).filter(first=first, last=last).first()
    return render(request, "briefs/brief.html", {
        **_shown(draft(composed, language), here, days_asked), "form": form, "asked": days_asked, "already": last_one,
        "seals": seals_between(here, first, last),
        "already_number": wording.number(last_one.year, last_one.number, language) if last_one else "",
        "may_publish": last <= days.day_of(clock.now(), here.zone), "publish_url": reverse("brief-publish", args=[here.uid]),
        "publish": {"client_id": uuid4(), "first": str(first), "last": str(last), "language": language},
        "papers": [(kind, reverse("brief-paper", args=[here.uid, kind])) for kind in making.KINDS],
        "paper_fields": [("from", str(first)), ("to", str(last)), ("language", language)]})


@require_GET
@may_take_long(title_of_period, is_long_period)
def brief_paper(request: HttpRequest, park: UUID, kind: str) -> HttpResponse:
    """The draft of a period as PDF, Word or Excel annex."""
    actor, here = _composing(request, park)
    making.must_be_known(kind)
    first, last, _form = period_asked(request, here)
    scope = queries.scope_for(actor, here, first, last)
    paper = draft(queries.brief(scope, wording.KEYS), language_asked(request))
    return handed_over(making.made(paper, kind, scope, actor=actor), kind, f"{paper.document['title']} {last}")


@require_POST
def brief_publish(request: HttpRequest, park: UUID) -> HttpResponse:
    """Publish the brief of a period under the next number of the year."""
    actor, here = _composing(request, park)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("These days cannot be read. Nothing was published; choose them again."))
        return redirect("brief", park=here.uid)
    said = form.cleaned_data
    made = publish(here, first=said["first"], last=said["last"], language=said["language"],
                   client_id=said["client_id"], actor=actor)
    messages.success(request, _("Published as %(number)s.") % {
        "number": wording.number(made.year, made.number, language_asked(request))})
    return redirect("published-brief", park=here.uid, brief=made.uid)


@require_GET
def published_briefs(request: HttpRequest, park: UUID) -> HttpResponse:
    """Every brief that the park has published, the latest first."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    language = language_asked(request)
    page = page_of(request, briefs_of(actor, here))
    rows = [{"number": wording.number(each.year, each.number, language), "brief": each,
             "period": wording.period_of(each.first, each.last, language),
             "url": reverse("published-brief", args=[here.uid, each.uid]),
             "corrects": wording.number(each.corrects.year, each.corrects.number, language) if each.corrects else "",
             "corrected_by": [wording.number(other.year, other.number, language) for other in each.corrections.all()],
             "published_at": days.local(each.published_at, here.zone)[:16]} for each in page]
    return render(request, "briefs/published.html", {
        "rows": rows, "page": page, "here": here, "may_compose": actor.may(Can.COMPOSE_BRIEFS, over=here),
        "crumbs": [(_("Brief"), reverse("brief", args=[here.uid])), (_("Published briefs"), None)]})


@require_GET
def published_brief(request: HttpRequest, park: UUID, brief: UUID) -> HttpResponse:
    """A brief as it was published; its figures open to the rows as they stand now."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    kept, language = brief_for(actor, here, brief), language_asked(request)
    paper = published(kept, language)
    later = [(wording.number(each.year, each.number, language), reverse("published-brief", args=[here.uid, each.uid]))
             for each in kept.corrections.all()]
    return render(request, "briefs/published_brief.html", {
        **_shown(paper, here, f"?from={kept.first}&to={kept.last}"), "paper": paper, "kept": kept, "later": later,
        "seals": seals_between(here, kept.first, kept.last),
        "published_at": days.local(kept.published_at, here.zone)[:16],
        "papers": [(kind, reverse("published-paper", args=[here.uid, kept.uid, kind])) for kind in making.KINDS],
        "paper_fields": [("language", language)],
        "crumbs": [(_("Published briefs"), reverse("published-briefs", args=[here.uid])), (paper.number, None)]})


@require_GET
def published_paper(request: HttpRequest, park: UUID, brief: UUID, kind: str) -> HttpResponse:
    """A published brief as PDF, Word or Excel annex, with the rows as they were known when it was published."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    kept = brief_for(actor, here, brief)
    making.must_be_known(kind)
    paper = published(kept, language_asked(request))
    scope = Scope(park=here, first=kept.first, last=kept.last, at=kept.published_at, reach=actor.reach(Can.SEE_BOARD))
    return handed_over(making.made(paper, kind, scope, actor=actor), kind, f"{paper.document['title']} {paper.number}")


def _shown(paper: Paper, here: Park, days_asked: str) -> dict[str, Any]:
    """What the page shows of a brief: every figure with the address of its rows, and its difference."""
    def address(key: str) -> str:
        return reverse("figure", args=[here.uid, key]) + days_asked

    parts = [{
        "heading": part["heading"], "table": part["table"] and {
            "head": part["table"]["head"],
            "rows": [[(text, address(key) if key else "") for text, key in row] for row in part["table"]["rows"]]},
        "clauses": [(wording.numbered(at, paper.language), [
            (text or f"{paper.figures[key]:,}", address(key) if key else "") for text, key in clause])
            for at, clause in enumerate(part["clauses"], start=1)],
        "lines": [{"name": each["name"], "unit": each["unit"], "value": paper.figures[each["key"]],
                   "before": paper.before[each["key"]], "difference": paper.difference(each["key"]),
                   "url": address(each["key"])} for each in part["figures"]]} for part in paper.document["parts"]]
    return {"heading": paper.document["title"], "number": paper.number, "opening": paper.document["opening"],
            "issuer": paper.document["issuer"], "signed_on": paper.signed_on, "parts": parts, "here": here,
            "document_language": "zh" if paper.is_chinese else "en"}
