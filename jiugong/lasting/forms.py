"""What people type about endings and objections."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EndForm(forms.Form):
    """On which day the emergency ended, and what says so."""

    ended_on = forms.DateField(label=_("Last day of the emergency"), widget=forms.DateInput(
        attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("What ended it, such as a notice"), max_length=300)


class ReleaseForm(forms.Form):
    """Who stands by while it is erased."""

    auditor = forms.CharField(label=_("Who stands by: an auditor, an office or a notary"), max_length=120)


class AnswerForm(forms.Form):
    """An answer to an objection."""

    granted = forms.ChoiceField(label=_("Answer"), choices=[("", "—"), ("yes", _("Yes: it is changed or no longer kept")),
                                                           ("no", _("No: it goes on being kept"))])
    answer = forms.CharField(label=_("Reason, as whoever objected reads it"), max_length=1000, widget=forms.Textarea(
        attrs={"rows": 4}))
