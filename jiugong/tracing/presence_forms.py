"""What people send of whereabouts: a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PresenceFileForm(forms.Form):
    """A file of whereabouts: CSV, also in gzip, or a workbook."""

    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.gz,.xlsx,.xlsm,.xls,.ods"}))
