"""Finding people, and showing a number in full for a reason."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.lib.can import Can
from jiugong.registry.actions.looking import show_in_full
from jiugong.registry.errors import NotHere
from jiugong.registry.forms import ReasonForm
from jiugong.registry.models import Park, Person, Posting, Unit
from jiugong.registry.queries.doors import park_for, person_for, unit_for
from jiugong.registry.queries.listed import Narrowed, found_people, on_the_roster, postings_on, units_found
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.units import enterprises_of
from jiugong.registry.views.lists import Filter, chosen_of, day_asked, filter_by, page_of, wants_workbook, workbook_of
from jiugong.registry.words import Shift, Status, UnitKind

STATES = {Status.ON_LEAVE: "excused", Status.ISOLATED: "held"}
MOST_UNITS = 12


@dataclass(frozen=True)
class Listed:
    """A person as the list shows him: where he is posted on that day, if he is."""

    person: Person
    posting: Posting | None

    @property
    def enterprise(self) -> str:
        return str(self.posting.enterprise) if self.posting else ""

    @property
    def where(self) -> str:
        """Workshop, team, post and shift, as far as they are known."""
        return " · ".join(part for part in (self.team, self.work) if part)

    @property
    def work(self) -> str:
        """Post and shift; a key post is named."""
        if self.posting is None:
            return ""
        shift = str(Shift(self.posting.shift).label) if self.posting.shift else ""
        key = _("key post") if self.posting.key_post else ""
        return " · ".join(part for part in (self.posting.post, key, shift) if part)

    @property
    def team(self) -> str:
        """Workshop and team, as far as they are known."""
        if self.posting is None:
            return ""
        unit, parts = self.posting.unit, []
        if unit.kind == UnitKind.TEAM and unit.parent and unit.parent.kind == UnitKind.WORKSHOP:
            parts.append(unit.parent.name)
        if unit.kind != UnitKind.ENTERPRISE:
            parts.append(unit.name)
        return " · ".join(parts)

    @property
    def status(self) -> str:
        return str(Status(self.posting.status).label) if self.posting else ""

    @property
    def state(self) -> str:
        """The colour of the status, where it means something."""
        return STATES.get(Status(self.posting.status), "") if self.posting else ""


@require_GET
def people(request: HttpRequest, park: UUID) -> HttpResponse:
    """Everybody on the roster of a day, or whom a search finds."""
    actor = actor_of(request)
    here = park_for(actor, park)
    today = today_in(here)
    day, text = day_asked(request, today), request.GET.get("q", "").strip()
    narrowed = _narrowed(request, actor, here)
    if wants_workbook(request):
        rows = (_rows(here, list(found_people(actor, here, text, day, narrowed)), day) if text
                else [Listed(each.person, each) for each in on_the_roster(actor, here, day, narrowed)])
        _look(actor, here, rows)
        headings = [_("Name"), _("ID number"), _("Phone"), _("Enterprise"), _("Team"), _("Post"), _("Key post"), _("Shift"),
                    _("Status"), _("Since")]
        return workbook_of(_("People"), headings, (_cells(row) for row in rows), day)
    page = page_of(request, found_people(actor, here, text, day, narrowed) if text
                   else on_the_roster(actor, here, day, narrowed))
    rows = (_rows(here, list(page.object_list), day) if text
            else [Listed(each.person, each) for each in page.object_list])
    _look(actor, here, rows)
    return render(request, "registry/people.html", {
        "page": page, "text": text, "day": day, "today": today, "unit": narrowed.unit,
        "groups": [(name, list(group)) for name, group in groupby(rows, lambda row: row.enterprise)],
        "units": units_found(actor, here, text, MOST_UNITS) if text else [], "keep": _kept(narrowed),
        "may_keep": actor.may_somewhere(Can.KEEP_ROSTER, within=here),
        "filters": _filters(request, actor, here, narrowed), "is_set": bool(narrowed or text or day != today),
        "may_show": actor.may_somewhere(Can.SHOW_IDENTITY, within=here), "may_export": actor.may(Can.EXPORT_ROSTERS, over=here),
        "may_issue": actor.may_somewhere(Can.ISSUE_BADGES, within=here)})


def _look(actor: Actor, park: Park, rows: list[Listed]) -> None:
    """A list of names is a look at each of them."""
    looked(actor=actor, park_id=park.pk, person_ids=[row.person.pk for row in rows], fields=("list",),
           reason="opened a list of names", at=clock.now())


def _cells(row: Listed) -> list[object]:
    """A person as a line of the workbook; numbers stay masked."""
    posting = row.posting
    who = [row.person.name, row.person.masked_id, row.person.masked_phone, row.enterprise, row.team]
    if posting is None:
        return [*who]
    shift = str(Shift(posting.shift).label) if posting.shift else ""
    return [*who, posting.post, _("Yes") if posting.key_post else "", shift, row.status, posting.since]


def _kept(narrowed: Narrowed) -> list[tuple[str, str]]:
    """A list of a team stays one while it is narrowed further."""
    unit = narrowed.unit
    return [("unit", str(unit.uid))] if unit and unit.kind != UnitKind.ENTERPRISE else []


def _rows(park: Park, found: list[Person], day: date) -> list[Listed]:
    posted = postings_on(park, found, day)
    rows = [Listed(person, posted.get(person.pk)) for person in found]
    return sorted(rows, key=lambda row: (row.posting is None, row.enterprise))


def _narrowed(request: HttpRequest, actor: Actor, park: Park) -> Narrowed:
    firm = request.GET.get("enterprise", "")
    wanted = request.GET.get("unit", "") or firm
    unit = unit_for(actor, wanted, Can.SEE_PEOPLE) if wanted else None
    if unit and firm and unit.enterprise and str(unit.enterprise.uid) != firm:           # another enterprise was chosen
        unit = unit_for(actor, firm, Can.SEE_PEOPLE)
    if unit and unit.park_id != park.pk:
        raise NotHere()
    return Narrowed(unit=unit,
                    status=chosen_of(request, "status", Status.values),
                    shift=chosen_of(request, "shift", Shift.values))


def _filters(request: HttpRequest, actor: Actor, park: Park, narrowed: Narrowed) -> list[Filter]:
    unit: Unit | None = narrowed.unit
    firm = unit.enterprise if unit else None
    enterprises = enterprises_of(park, actor.reach(Can.SEE_PEOPLE))
    return [
        filter_by("enterprise", _("Enterprise"), ((str(each.uid), each.name) for each in enterprises),
                  str(firm.uid) if firm else ""),
        filter_by("status", _("Status"), Status.choices, narrowed.status),
        filter_by("shift", _("Shift"), Shift.choices, narrowed.shift),
    ]


@require_http_methods(["GET", "POST"])
def show_number(request: HttpRequest, park: UUID) -> HttpResponse:
    """A person's numbers in full, once, for a reason. Without one nothing is shown."""
    actor = actor_of(request)
    here = park_for(actor, park)
    asked = request.POST if request.method == "POST" else request.GET
    person = person_for(actor, asked.get("person", ""), Can.SHOW_IDENTITY)
    if person.park_id != here.pk:
        raise NotHere()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    shown: dict[str, Any] = {"person": person, "form": form}
    valid = form.is_valid()
    if valid:
        shown["numbers"] = show_in_full(person, actor=actor, reason=form.cleaned_data["reason"])
    by_htmx = getattr(request, "htmx", False)
    return render(request, "registry/number_fragment.html" if by_htmx else "registry/number.html", shown,
                  status=422 if form.is_bound and not valid else 200)
