"""What the duty roster asks for."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.forms import RoleForm
from jiugong.accounts.models import User
from jiugong.registry.models import Park

MOST_DAYS = 14


class ShiftForm(RoleForm):
    """Who is on duty, in which role over what, from when to when; the same hours for some days at once."""

    client_id = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: uuid4().hex)
    user = forms.ChoiceField(label=_("Who"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    start = forms.TimeField(label=_("From"), initial="08:00", widget=forms.TimeInput({"type": "time"}))
    end = forms.TimeField(label=_("Until"), initial="20:00", widget=forms.TimeInput({"type": "time"}),
                          help_text=_("An end that is not later than the beginning is on the next day."))
    days = forms.IntegerField(label=_("For so many days"), initial=1, min_value=1, max_value=MOST_DAYS)
    field_order = ("user", "role", "over", "day", "start", "end", "days")

    def __init__(self, *args: Any, users: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in users}
        self.fields["user"].choices = [(key, user.name) for key, user in self.people.items()]  # type: ignore[attr-defined]

    def spans(self, park: Park) -> list[tuple[str, datetime, datetime]]:
        """Each shift as an id of its own, its beginning and its end, in the park's own hours."""
        given, found = self.cleaned_data, []
        for number in range(given["days"]):
            day = given["day"] + timedelta(days=number)
            start = datetime.combine(day, given["start"], tzinfo=park.zone)
            end = datetime.combine(day, given["end"], tzinfo=park.zone)
            if end <= start:
                end = datetime.combine(day + timedelta(days=1), given["end"], tzinfo=park.zone)
            found.append((f"{given['client_id']}-{number}", start, end))
        return found

    @property
    def who(self) -> User:
        return self.people[self.cleaned_data["user"]]


class OperatorForm(forms.Form):
    """Why an operator needs every power."""

    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 2}),
                             help_text=_("It is written into the journal of every park, with your name."))
