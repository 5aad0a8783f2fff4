"""What people fill in about returnees and quiet periods."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.tracing.logic.stay_files import LONGEST_AREA

A_DAY = {"type": "date"}


class StayForm(forms.Form):
    """Where somebody was, from a day to the day on which he left."""

    area = forms.CharField(label=_("Place where he was"), max_length=LONGEST_AREA, help_text=_(
        "Down to the street or the estate, as in 内蒙古自治区包头市昆都仑区友谊小区."))
    first_day = forms.DateField(label=_("Arrived there on"), widget=forms.DateInput(A_DAY, "%Y-%m-%d"))
    last_day = forms.DateField(label=_("Left on"), widget=forms.DateInput(A_DAY, "%Y-%m-%d"))
    client_id = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{"initial": {"client_id": uuid4().hex}, **named})
