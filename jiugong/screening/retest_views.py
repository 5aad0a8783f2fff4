"""The single retests of a tube on one page: who waits, what the laboratory said of each, and entering it by hand."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from jiugong.http import actor_of
from jiugong.lib import clock, days
from jiugong.lib.acting import looked
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for
from jiugong.screening.actions.retests import record_retest
from jiugong.screening.faces import LOOKS
from jiugong.screening.models import Retest, Specimen
from jiugong.screening.queries.retests import retested_in
from jiugong.screening.queries.tubes import tube_for
from jiugong.screening.words import ResultValue

LOCAL = "%Y-%m-%dT%H:%M"


class RetestsForm(forms.Form):
    """What the laboratory says of each member who was sampled alone; an empty answer says nothing."""

    reported_at = forms.DateTimeField(label=gettext_lazy("Reported at"), widget=forms.DateTimeInput(
        {"type": "datetime-local"}, LOCAL))

    def __init__(self, *given: Any, park: Park, waiting: list[Specimen], **named: Any) -> None:
        super().__init__(*given, **named)
        self.park, self.waiting = park, {f"value-{each.pk}": each for each in waiting if each.person}
        for name, each in self.waiting.items():
            self.fields[name] = forms.ChoiceField(label=each.person.name if each.person else "", required=False,
                                                  choices=[("", "—"), *ResultValue.choices])

    def full_clean(self) -> None:
        with timezone.override(self.park.zone):
            super().full_clean()

    def answers(self) -> list[tuple[Specimen, str]]:
        """Who was answered, and with what."""
        return [(each, self.cleaned_data[name]) for name, each in self.waiting.items() if self.cleaned_data.get(name)]


@require_http_methods(["GET", "POST"])
def retests(request: HttpRequest, park: UUID, code: str) -> HttpResponse:
    """Who of a tube is sampled alone; whoever takes results for the park enters what the laboratory says."""
    actor = actor_of(request)
    here = park_for(actor, park)
    tube = tube_for(actor, here, code)
    actor.must(Can.REPORT_RESULTS, over=here)
    members = retested_in(tube)
    now = clock.now().astimezone(here.zone).replace(tzinfo=None)
    waiting = [each.specimen for each in members]
    form = RetestsForm(request.POST or None, park=here, waiting=waiting, initial={"reported_at": now})
    if form.is_valid():
        told = form.answers()
        for swab, value in told:
            if swab.person:
                record_retest(here, tube=tube.code, person=swab.person, value=value, actor=actor,
                              at=form.cleaned_data["reported_at"])
        messages.success(request, ngettext("%(count)s single retest is entered.", "%(count)s single retests are entered.",
                                           len(told)) % {"count": len(told)})
        return redirect("tube-retests", park=here.uid, code=tube.code)
    looked(actor=actor, park_id=here.pk, person_ids={each.person_id for each in waiting if each.person_id}, fields=("list",),
           reason="opened a tube's page", at=clock.now())
    return render(request, "screening/retests.html", {"tube": tube, "rows": [_row(each, form, here) for each in members],
                                                      "form": form, "uid": here.uid}, status=422 if form.is_bound else 200)


def _row(retest: Retest, form: RetestsForm, park: Park) -> dict[str, Any]:
    person, field, known = retest.specimen.person, f"value-{retest.specimen.pk}", retest.closed_by
    return {"name": person.name if person else _("Not on the roster"), "number": person.masked_id if person else "",
            "position": retest.specimen.position, "field": form[field] if field in form.fields else None,
            "word": str(ResultValue(known.value).label) if known else "", "state": LOOKS[ResultValue(known.value)] if known else "",
            "at": days.local(known.reported_at, park.zone)[5:16] if known else ""}
