"""The enterprises of a park on a day: grid, head count, who answers; and the things for which nobody does."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiugong.http import actor_of
from jiugong.lib.can import Can
from jiugong.lib.sheets import name_key
from jiugong.registry.models import Place, Unit
from jiugong.registry.queries.charges import Answering, answering_for, unanswered
from jiugong.registry.queries.doors import park_for
from jiugong.registry.queries.listed import head_counts, must_see_some
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.units import ended_by, enterprises_of, grids_on
from jiugong.registry.views.lists import chosen_of, day_asked, filter_by, page_of, wants_workbook, workbook_of
from jiugong.registry.words import EnterpriseKind

MOST_TEAMS = 50


@dataclass(frozen=True)
class Firm:
    """An enterprise as the list shows it."""

    unit: Unit
    grid: Place | None
    people: int
    nobody: bool
    answering: list[Answering]

    @property
    def kind(self) -> str:
        return str(EnterpriseKind(self.unit.enterprise_kind).label) if self.unit.enterprise_kind else ""


@require_GET
def units(request: HttpRequest, park: UUID) -> HttpResponse:
    """The enterprises, and with `answers=nobody` everything for which nobody answers."""
    actor = actor_of(request)
    here = park_for(actor, park)
    reach = must_see_some(actor, here, Can.SEE_BOARD)
    today = today_in(here)
    day, text = day_asked(request, today), request.GET.get("q", "").strip()
    grids, gaps = grids_on(here, day), unanswered(here, day, reach, MOST_TEAMS)
    ended = chosen_of(request, "ended", ("ended",))
    listed = list(ended_by(here, reach, day) if ended else enterprises_of(here, reach, day))
    places = {str(lies.pk): lies for unit in listed if (lies := grids.get(unit.pk))}      # of what he sees, and of no others
    grid = chosen_of(request, "grid", places)
    kind = chosen_of(request, "kind", EnterpriseKind.values)
    answers = chosen_of(request, "answers", ("nobody",))
    bare = {unit.pk for unit in gaps.enterprises}
    found = [unit for unit in listed
             if (not text or name_key(text) in unit.key)
             and (not grid or grids.get(unit.pk) == places[grid])
             and (not kind or unit.enterprise_kind == kind)
             and (not answers or unit.pk in bare)]
    counts = head_counts(here, day, reach)
    if wants_workbook(request):
        chains = answering_for(found, day)
        return workbook_of(_("Enterprises"), [
            _("Enterprise"), _("Credit code"), _("Kind"), _("Grid"), _("Address"), _("People"), _("Who answers"), _("Remark")], (
            _cells(Firm(unit, grids.get(unit.pk), counts.get(unit.pk, 0), unit.pk in bare,
                        [each for each in chains.get(unit.pk, []) if each.over == unit.name])) for unit in found), day)
    page = page_of(request, found)
    chains = answering_for(page.object_list, day)
    rows = [Firm(unit, grids.get(unit.pk), counts.get(unit.pk, 0), unit.pk in bare,
                 [each for each in chains.get(unit.pk, []) if each.over == unit.name]) for unit in page.object_list]
    return render(request, "registry/units.html", {
        "page": page, "rows": rows, "day": day, "today": today, "text": text, "gaps": gaps, "answers": answers,
        "is_set": bool(text or grid or kind or answers or ended or day != today), "ended": ended,
        "may_add": actor.may(Can.KEEP_ROSTER, over=here),
        "filters": [filter_by("grid", _("Grid"), ((pk, place.name) for pk, place in sorted(
                        places.items(), key=lambda pair: pair[1].path)), grid),
                    filter_by("kind", _("Kind"), EnterpriseKind.choices, kind),
                    filter_by("answers", _("Who answers"), [("nobody", _("Nobody answers"))], answers),
                    filter_by("ended", _("Still here"), [("ended", _("Ended"))], ended)],
        "may_see_people": actor.may_somewhere(Can.SEE_PEOPLE, within=here)})


def _cells(firm: Firm) -> list[object]:
    """An enterprise as a line of the workbook."""
    unit = firm.unit
    return [unit.name, unit.credit_code, firm.kind, str(firm.grid or ""), unit.site.address if unit.site else "", firm.people,
            "、".join(f"{each.person.name}（{each.role.label}）" for each in firm.answering), unit.remark]
