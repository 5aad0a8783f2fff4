"""What people fill in beside the papers of an incident: that a report was sent, why whole numbers are needed."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.tracing.actions.reporting import LONGEST_ADDRESSEE
from jiugong.tracing.chain_forms import NO_FILL, WhyForm, a_moment
from jiugong.tracing.papers.handover import FORMS
from jiugong.tracing.report_models import ReportKind


class SentForm(forms.Form):
    """Which report was sent, to whom and when."""

    client_id = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex)
    kind = forms.ChoiceField(label=_("Report"), choices=ReportKind.choices)
    to = forms.CharField(label=_("Sent to"), max_length=LONGEST_ADDRESSEE, widget=forms.TextInput(attrs=NO_FILL))
    at = a_moment(_("Sent at"), needed=False, help_text=_("Empty: now."))


class HandoverForm(WhyForm):
    """Why whole numbers are handed over, and as which file."""

    form = forms.ChoiceField(label=_("File"), choices=[(each, each.upper()) for each in FORMS])
