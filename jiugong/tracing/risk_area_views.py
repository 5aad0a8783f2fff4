"""The register of areas at risk by day, and a list taken in."""

from datetime import date
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib.acting import NotAllowed
from jiugong.lib.can import Can
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.people import today_in
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of, wants_workbook, workbook_of
from jiugong.tracing.actions.risk_areas import import_risk_areas, must_keep_areas, read_risk_area_file
from jiugong.tracing.models import RiskArea
from jiugong.tracing.queries.risk_areas import areas_on
from jiugong.tracing.risk_pages import ListForm, crumbs_to, export_of, take_list
from jiugong.tracing.words import RiskLevel


class AreasForm(ListForm):
    """A list of areas: of which day, and whether it is all of them."""

    on = forms.DateField(label=gettext_lazy("Day of the list"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    complete = forms.BooleanField(label=gettext_lazy("It is complete: what it leaves out is no longer at risk"), required=False)


@require_GET
def risk_areas(request: HttpRequest, park: UUID) -> HttpResponse:
    """Which areas are at risk on a day: the highest first."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must_somewhere(Can.SEE_INCIDENTS, within=here)
    today = today_in(here)
    day, level = day_asked(request, today), chosen_of(request, "level", RiskLevel.values)
    text = request.GET.get("q", "").replace("\0", "").strip()
    found = areas_on(day, level=level, text=text)
    if wants_workbook(request):
        headings = [_("Area"), _("Code"), _("Risk"), _("From"), _("Last day"), _("Source")]
        rows = ([area.name, area.code, str(RiskLevel(area.level).label), area.since, last_day(area), area.source] for area in found)
        return workbook_of(_("Areas at risk"), headings, rows, day)
    return render(request, "tracing/risk_areas.html", {
        "page": page_of(request, found), "uid": here.uid, "day": day, "today": today, "search": text,
        "may_import": _may_keep(request),
        "filters": [filter_by("level", _("Risk"), RiskLevel.choices, level)], "export_url": export_of(request),
        "clear_url": request.path if text or level or day != today else "", "crumbs": crumbs_to(here, (_("Areas at risk"), None))})


def last_day(area: RiskArea) -> str:
    """The last day at risk, as lists write it."""
    return str(date.fromordinal(area.until.toordinal() - 1)) if area.until else ""


def _may_keep(request: HttpRequest) -> bool:
    try:
        must_keep_areas(actor_of(request))
    except NotAllowed:
        return False
    return True


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, park: UUID) -> HttpResponse:
    """Take in a list of areas at risk: it holds in every park of this installation."""
    actor = actor_of(request)
    here = park_for(actor, park)
    must_keep_areas(actor)
    form = AreasForm(request.POST or None, request.FILES or None, initial={"on": today_in(here)})
    return take_list(
        request, here, kind="areas", title=_("Take in areas at risk"), button=_("Take in these areas"), form=form,
        lead=_("A CSV or Excel list with the headings 地区, 风险等级, 开始日期, 结束日期 (its last day) or 解除日期 "
               "(the first day without), and 依据. The same list again changes nothing."),
        take=lambda content, name: import_risk_areas(read_risk_area_file(content, name=name), day=form.cleaned_data["on"],
                                                     is_complete=form.cleaned_data["complete"], actor=actor),
        counted=lambda told: [(_("New areas"), told["created"]["risk_areas"]), (_("Said anew"), told["changed"]),
                              (_("No longer at risk"), told["left"])],
        back=(_("Areas at risk"), reverse("risk-areas", args=[here.uid])))
