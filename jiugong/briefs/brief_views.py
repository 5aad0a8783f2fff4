"""The brief as a document, and the rows behind every figure."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.briefs import queries, wording
from jiugong.briefs.columns import column_names, in_words
from jiugong.briefs.forms import PeriodForm
from jiugong.briefs.rows import with_numbers
from jiugong.briefs.views import A_PAGE
from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.doors import park_for


def _period(request: HttpRequest, here: Park) -> tuple[date, date, PeriodForm]:
    """The days that the URL asks for, else today."""
    today = days.day_of(clock.now(), here.zone)
    asked = {"first": request.GET.get("from") or today, "last": request.GET.get("to") or today}
    form = PeriodForm(asked)
    if not form.is_valid():
        return today, today, form
    return form.cleaned_data["first"], form.cleaned_data["last"], form


def brief(request: HttpRequest, park: UUID) -> HttpResponse:
    """The brief of a period, as an office would file it; `?format=md` and `?format=json` are the same for programs."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    actor.must(Can.COMPOSE_BRIEFS, over=here)
    first, last, form = _period(request, here)
    composed = queries.brief(queries.scope_for(actor, here, first, last))
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    if request.GET.get("format") == "md":
        return HttpResponse(wording.as_markdown(composed, language), content_type="text/markdown; charset=utf-8")
    if request.GET.get("format") == "json":
        return JsonResponse({"park": here.name, "from": str(first), "to": str(last), "figures": composed.figures,
                             "differences": {key: composed.difference(key) for key in composed.figures}})
    asked = f"?from={first}&to={last}"
    sections = [(heading, [{"name": name, "value": value, "unit": unit, "difference": difference,
                            "url": reverse("figure", args=[here.uid, key]) + asked}
                           for key, name, value, unit, difference in lines])
                for heading, lines in wording.paragraphs(composed, language)]
    return render(request, "briefs/brief.html", {
        "form": form, "heading": wording.title(composed, language), "number": wording.number(composed),
        "opening": [(text, composed.figures.get(key, 0), reverse("figure", args=[here.uid, key]) + asked if key else "")
                    for text, key in wording.told(composed, language)], "sections": sections, "here": here, "asked": asked,
        "signed_on": wording.in_words(last, language)})


def figure(request: HttpRequest, park: UUID, key: str) -> HttpResponse:
    """A figure with the rows that it counts."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    first, last, form = _period(request, here)
    named = queries.figure(key)
    scope = queries.scope_for(actor, here, first, last)
    lines, value = queries.Rows(actor, named, scope), named.count(scope)
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    looked(actor=actor, park_id=here.pk, fields=("figure",), reason=key, at=clock.now(),
           person_ids=dict.fromkeys(line.whose.pk for line in page if isinstance(line.whose, Person)))
    rows: list[dict[str, Any]] = with_numbers(here, list(page), actor=actor)
    zh = (get_language() or "").startswith("zh")
    name, back = named.zh if zh else named.en, f"{reverse('brief', args=[here.uid])}?from={first}&to={last}"
    return render(request, "briefs/figure.html", {
        "form": form, "key": key, "heading": name, "value": value,
        "unit": named.unit_zh if zh else named.unit_en, "page": page, "may_see": lines.may_see, "here": here,
        "columns": [(name, isinstance(value, int)) for name, value in zip(
            column_names(rows[0]), rows[0].values(), strict=True)] if rows else [],
        "rows": [[(value, isinstance(value, int)) for value in in_words(row)] for row in rows],
        "crumbs": [(_("Brief"), back), (name, None)]})
