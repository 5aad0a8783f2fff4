"""The rows behind a figure, to read, to search and to take away."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.briefs import queries
from jiugong.briefs.columns import column_names, in_words
from jiugong.briefs.papers.annex import figure_xlsx
from jiugong.briefs.periods import handed_over, is_long_period, period_asked, title_of_period
from jiugong.briefs.rows import with_numbers
from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.models import Person
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import page_of
from jiugong.work.answering import may_take_long


@require_GET
def figure(request: HttpRequest, park: UUID, key: str) -> HttpResponse:
    """A figure with the rows that it counts."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    first, last, form = period_asked(request, here)
    text = request.GET.get("q", "").strip()
    named = queries.figure(key)
    scope = queries.scope_for(actor, here, first, last)
    lines, value = queries.Rows(actor, named, scope, text), named.count(scope)
    page = page_of(request, lines)
    looked(actor=actor, park_id=here.pk, fields=("figure",), reason=key, at=clock.now(),
           person_ids=dict.fromkeys(line.whose.pk for line in page if isinstance(line.whose, Person)))
    rows: list[dict[str, Any]] = with_numbers(here, list(page), actor=actor)
    zh = (get_language() or "").startswith("zh")
    name, back = named.zh if zh else named.en, f"{reverse('brief', args=[here.uid])}?from={first}&to={last}"
    crumbs = [(_("Brief"), back), (name, None)] if actor.may(Can.COMPOSE_BRIEFS, over=here) else []
    return render(request, "briefs/figure.html", {
        "form": form, "key": key, "heading": name, "value": value, "text": text,
        "unit": named.unit_zh if zh else named.unit_en, "page": page, "may_see": lines.may_see, "here": here,
        "paper_url": reverse("figure-paper", args=[here.uid, key]),
        "paper_fields": [("from", str(first)), ("to", str(last)), ("q", text)],
        "columns": [(name, isinstance(value, int)) for name, value in zip(
            column_names(rows[0]), in_words(rows[0]), strict=True)] if rows else [],
        "rows": [[(value, isinstance(value, int)) for value in in_words(row)] for row in rows], "crumbs": crumbs})


@require_GET
@may_take_long(title_of_period, is_long_period)
def figure_paper(request: HttpRequest, park: UUID, key: str) -> HttpResponse:
    """The rows of a figure as Excel; each person in them is a look."""
    actor, here = actor_of(request), park_for(actor_of(request), park)
    actor.must_somewhere(Can.SEE_BOARD, within=here)
    first, last, _form = period_asked(request, here)
    named = queries.figure(key)
    scope = queries.scope_for(actor, here, first, last)
    content = figure_xlsx(named, scope, actor=actor, text=request.GET.get("q", "").strip())
    zh = (get_language() or "").startswith("zh")
    return handed_over(content, "xlsx", f"{named.zh if zh else named.en} {first}" + (f" {last}" if last != first else ""))
