"""What people fill in for a box: its code and point, a tube, how many are given, how many were got."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiugong.screening.actions.boxes import LONGEST_CODE, LONGEST_ID
from jiugong.screening.actions.custody import LONGEST_NAME, MOST_TUBES
from jiugong.screening.models import Point

CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "form-control mono"}


def _an_id() -> forms.CharField:
    """An id that the form carries, so that a press that is sent twice is done once."""
    return forms.CharField(max_length=LONGEST_ID, initial=lambda: str(uuid4()), widget=forms.HiddenInput)


class BoxForm(forms.Form):
    """A box that is opened at a point."""

    client_id = _an_id()
    code = forms.CharField(label=_("Code of the box"), max_length=LONGEST_CODE, widget=forms.TextInput(attrs=CODE))

    def __init__(self, *given: Any, points: QuerySet[Point], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["point"] = forms.ModelChoiceField(points, label=_("Point"), empty_label=None if len(points) == 1 else "—")

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


class PutForm(forms.Form):
    """One tube, typed in by hand or by a scanner."""

    put_id = _an_id()
    tube = forms.CharField(label=_("Code of the tube"), max_length=LONGEST_CODE, widget=forms.TextInput(attrs=CODE))


class GiveForm(forms.Form):
    """A hand-over as the giver signs it."""

    leg_id = _an_id()
    gave = forms.IntegerField(label=_("Tubes that you hand over"), min_value=0, max_value=MOST_TUBES)
    to_whom = forms.CharField(label=_("To whom"), required=False, max_length=LONGEST_NAME,
                              help_text=_("The driver or the laboratory, in your words."))


class ReceiveForm(forms.Form):
    """A hand-over as the receiver signs it: what he counted, and the codes if he scanned them."""

    receipt_id = _an_id()
    counted = forms.IntegerField(label=_("Tubes that you counted"), min_value=0, max_value=MOST_TUBES, required=False)
    scanned = forms.CharField(label=_("Codes that you scanned"), required=False, max_length=LONGEST_CODE * MOST_TUBES,
                              widget=forms.Textarea(attrs={**CODE, "rows": 3}),
                              help_text=_("One on each line. Scan all of them, and what is missing is named."))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("counted") is None and not self.cleaned_data.get("scanned") and not self.errors:
            self.add_error("counted", _("Count the tubes, or scan them."))
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What the actions take."""
        return self.cleaned_data | {"scanned": self.cleaned_data["scanned"].split()}
