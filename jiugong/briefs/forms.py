"""What officers write on the pages of the board and the brief."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ExcuseForm(forms.Form):
    """Excusing people from what the board asks: why, and through which day."""

    of = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    until = forms.DateField(label=_("Through"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PeriodForm(forms.Form):
    """From which day to which a brief or a figure counts."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PublishForm(forms.Form):
    """Which brief is published: its days, its language, and the id that makes sending it twice safe."""

    client_id = forms.CharField(max_length=80, widget=forms.HiddenInput)
    first = forms.DateField()
    last = forms.DateField()
    language = forms.CharField(max_length=8)


class RemitForm(forms.Form):
    """Which figures a body files every day, and by when."""

    due = forms.TimeField(label=_("Due by"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    keys = forms.MultipleChoiceField(label=_("Figures"), required=False, choices=())

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = choices  # type: ignore[attr-defined]
