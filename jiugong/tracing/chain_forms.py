"""What people fill in on the pages of an incident, its contacts and its orders."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiugong.lib.acting import Actor
from jiugong.registry.choosers import Chooser, PersonChoice
from jiugong.registry.models import Park
from jiugong.tracing.actions.contacts import LONGEST_REASON
from jiugong.tracing.stages import CASE_NEXT, CaseStage
from jiugong.tracing.words import CaseStageWord, ContactClass

LOCAL = "%Y-%m-%dT%H:%M"
NO_FILL = {"autocomplete": "off"}


def a_moment(label: Any, *, needed: bool = True, **more: Any) -> forms.DateTimeField:
    """A moment in the park's time."""
    return forms.DateTimeField(label=label, required=needed, widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL), **more)


class InParkTime(forms.Form):
    """A form whose moments are the park's."""

    def __init__(self, *given: Any, zone: ZoneInfo, **named: Any) -> None:
        super().__init__(*given, **named)
        self.zone = zone

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()


def a_reason() -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(attrs=NO_FILL),
                           help_text=_("In a few words. It is kept with your name, and shown to the people concerned."))


class ToldForm(InParkTime):
    """When the park was told."""

    at = a_moment(_("Told at"))


class DoneForm(InParkTime):
    """When something was done, where it is entered later."""

    at = a_moment(_("Done at"), needed=False, help_text=_("Empty: now."))


class DeedForm(DoneForm):
    """Something that is done with somebody, and where he stays."""

    place = forms.CharField(label=_("Where to"), required=False, max_length=120, widget=forms.TextInput(attrs=NO_FILL))


class WhyForm(forms.Form):
    """A reason, and nothing else."""

    reason = a_reason()


class DecideForm(forms.Form):
    """What a case is found to be."""

    stage = forms.ChoiceField(label=_("Decision"))
    reason = a_reason()

    def __init__(self, *given: Any, now: CaseStage, **named: Any) -> None:
        super().__init__(*given, **named)
        after = [each for each in CaseStage if each in CASE_NEXT[now] and each is not CaseStage.SUSPECTED]
        self.fields["stage"].choices = [(each.value, CaseStageWord(each.value).label) for each in after]  # type: ignore[attr-defined]


class ContactForm(InParkTime):
    """Somebody who is added to the list by judgment."""

    person = Chooser(label=_("Person"), help_text=_("Name, phone or ID number of somebody whom the park knows."))
    contact_class = forms.ChoiceField(label=_("Class"), choices=ContactClass.choices)
    since = a_moment(_("Together from"))
    until = a_moment(_("Together until"))
    place = forms.CharField(label=_("Where"), required=False, max_length=120, widget=forms.TextInput(attrs=NO_FILL))
    reason = a_reason()

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, zone=park.zone, **named)
        self.fields["person"].offers(reverse("choose-people", args=[park.uid]),  # type: ignore[attr-defined]
                                     PersonChoice(actor, park))
