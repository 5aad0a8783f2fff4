"""What is filled in when a case is interviewed: the checklist, each place where he was, who was with him, which record holds."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiugong.lib.acting import Actor
from jiugong.registry.choosers import Chooser, PersonChoice
from jiugong.registry.models import Park
from jiugong.tracing.actions.interviews import ABOUT_A_TRACK, LONGEST, TOLD, Told, Track
from jiugong.tracing.logic.presence_files import LONGEST_NAME
from jiugong.tracing.models import Case
from jiugong.tracing.words import SpotKind

LOCAL, MOMENT = "%Y-%m-%dT%H:%M", {"type": "datetime-local"}
ASKED = {"home": _("Where he lives, and who lives with him"), "care": _("Care seen: where and when"),
         "exposure": _("Risk areas, cases or travel in the last 14 days"), "source": _("Where it may come from"),
         "chain": _("To whom it may have gone on, and the evidence for each link"), "measures": _("What was done already")}
MASK = (("", _("not asked")), ("yes", _("wore a mask")), ("no", _("wore none")), ("partly", _("partly")))


class InterviewForm(forms.Form):
    """The checklist of a case investigation."""

    onset_on = forms.DateField(label=_("Onset of symptoms"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
                               help_text=_("Empty: none yet. With another onset the window is counted again, and nobody is lost."))
    symptoms = forms.CharField(label=_("Symptoms"), required=False, max_length=300)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for key in TOLD:
            self.fields[key] = forms.CharField(label=ASKED[key], required=False, max_length=LONGEST,
                                               widget=forms.Textarea(attrs={"rows": 2}))

    @classmethod
    def of(cls, case: Case) -> "InterviewForm":
        """The form as it opens for a case."""
        return cls(initial={"onset_on": case.onset_on, "symptoms": case.symptoms, **case.interview})

    def told(self) -> Told:
        said = self.cleaned_data
        return Told(onset_on=said["onset_on"], symptoms=said["symptoms"], more={key: said[key] for key in TOLD})


class TrackForm(forms.Form):
    """Where he says that he was: the place, from when to when, with whom, how he came, whether with a mask."""

    client_id = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("Kind of place"), choices=SpotKind.choices, initial=SpotKind.VENUE)
    place = forms.CharField(label=_("Place"), max_length=LONGEST_NAME, help_text=_("As the park's records name it, where they do."))
    since = forms.DateTimeField(label=_("From"), input_formats=[LOCAL], widget=forms.DateTimeInput(MOMENT, LOCAL))
    until = forms.DateTimeField(label=_("Until"), input_formats=[LOCAL], widget=forms.DateTimeInput(MOMENT, LOCAL))
    companions = forms.CharField(label=_("Who was with him"), required=False, max_length=LONGEST)
    transport = forms.CharField(label=_("How he went there"), required=False, max_length=LONGEST,
                                help_text=_("With line, plate or run."))
    seat = forms.CharField(label=_("Seat or row"), required=False, max_length=LONGEST)
    mask = forms.ChoiceField(label=_("Mask"), required=False, choices=MASK)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=300)

    @classmethod
    def fresh(cls) -> "TrackForm":
        return cls(initial={"client_id": uuid4().hex})

    def track(self, park: Park) -> Track:
        said = self.cleaned_data
        since, until = (_in_park(said[name], park) for name in ("since", "until"))
        return Track(client_id=said["client_id"], kind=SpotKind(said["kind"]), place=said["place"], since=since, until=until,
                     remark=said["remark"], more={key: said[key] for key in ABOUT_A_TRACK})


class DecideForm(forms.Form):
    """Which holds where recall and a log do not agree."""

    holds = forms.ChoiceField(choices=[("recall", _("what he told")), ("log", _("the log")), ("both", _("both, in part"))],
                              label=_("Which holds"))
    reason = forms.CharField(label=_("Why, in a few words"), max_length=300)


class CompanionForm(forms.Form):
    """Somebody who was with him: of the roster, or by his ID number."""

    resident_id = forms.CharField(label=_("Or the ID number"), required=False, max_length=40)
    reason = forms.CharField(label=_("Why, in a few words"), max_length=300)
    field_order = ("person", "resident_id", "reason")

    def __init__(self, *given: Any, actor: Actor, park: Park, **named: Any) -> None:
        super().__init__(*given, **named)
        person = Chooser(label=_("Who was with him"), required=False)
        person.offers(reverse("choose-people", args=[park.uid]), PersonChoice(actor, park))
        self.fields["person"] = person
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("person") and not said.get("resident_id", "").strip():
            raise forms.ValidationError(_("Choose somebody, or write his ID number."))
        return said


def _in_park(moment: datetime, park: Park) -> datetime:
    """What stands in the field is the park's time, whatever zone the server has."""
    return moment.replace(tzinfo=park.zone)
