"""What people fill in about laboratories and points: contracts, the accounts that report, who works at a point."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.models import User
from jiugong.lib.acting import Actor
from jiugong.registry.choosers import Chooser, PersonChoice
from jiugong.registry.models import Park, Unit
from jiugong.registry.queries.people import today_in
from jiugong.registry.queries.units import enterprises_of
from jiugong.screening.actions.laboratories import MOST_HOURS, Terms
from jiugong.screening.models import Laboratory, Point
from jiugong.screening.queries.points import points_of
from jiugong.screening.words import StaffRole

DAY = {"type": "date"}


def a_day(label: Any, *, needed: bool = False, help_text: Any = "") -> forms.DateField:
    """A day, as the browser's own calendar gives it."""
    return forms.DateField(label=label, required=needed, help_text=help_text, widget=forms.DateInput(DAY, "%Y-%m-%d"))


class LaboratoryForm(forms.Form):
    """A laboratory: its name, its credit code, whom to call, since when."""

    name = forms.CharField(label=_("Name of the laboratory"), max_length=120)
    credit_code = forms.CharField(label=_("Credit code"), required=False, max_length=40,
                                  widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}))
    contact = forms.CharField(label=_("Contact"), required=False, max_length=120, help_text=_("Whom to call, and how."))
    since = a_day(_("Works for the park from"), help_text=_("Empty: from the beginning."))

    @classmethod
    def of(cls, laboratory: Laboratory) -> "LaboratoryForm":
        """The form as it opens for a laboratory that is known."""
        return cls(initial={name: getattr(laboratory, name) for name in cls.base_fields})


class ContractForm(forms.Form):
    """A contract: for what, how fast, from when till when, and whether the enterprise opens rounds of its own."""

    over = forms.ChoiceField(label=_("For which points"))
    hours = forms.IntegerField(label=_("Turn-round in hours"), min_value=1, max_value=MOST_HOURS,
                               help_text=_("From the hand-over of a tube to the laboratory (its seal, where it came in no box) "
                                           "to its first result."))
    since = a_day(_("Holds from"), needed=True)
    until = a_day(_("No longer from"), help_text=_("Empty: until further notice."))
    enterprise_opens = forms.BooleanField(label=_("The enterprise may open rounds of its own"), required=False)

    def __init__(self, *given: Any, park: Park, **named: Any) -> None:
        super().__init__(*given, **named)
        day = today_in(park)
        firms, points = list(enterprises_of(park, day=day)), list(points_of(park, standing="yes", day=day))
        self.things: dict[str, Unit | Point] = {f"unit:{firm.pk}": firm for firm in firms}
        self.things |= {f"point:{point.pk}": point for point in points}
        self.fields["over"].choices = [  # type: ignore[attr-defined]
            ("park", _("Every point of the park")),
            (_("Every point of an enterprise"), [(f"unit:{firm.pk}", firm.name) for firm in firms]),
            (_("One point"), [(f"point:{point.pk}", point.name) for point in points])]

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        given, thing = self.cleaned_data, self.things.get(self.cleaned_data["over"])
        return {"terms": Terms(**{name: given[name] for name in ("hours", "since", "until", "enterprise_opens")}),
                "unit": thing if isinstance(thing, Unit) else None, "point": thing if isinstance(thing, Point) else None}


class TieForm(forms.Form):
    """Which account reports for the laboratory."""

    user = forms.ChoiceField(label=_("Account"))

    def __init__(self, *given: Any, users: list[User], **named: Any) -> None:
        super().__init__(*given, **named)
        self.users = {str(user.pk): user for user in users}
        self.fields["user"].choices = [  # type: ignore[attr-defined]
            (key, f"{user.name} ({user.username})") for key, user in self.users.items()]

    @property
    def chosen(self) -> User:
        return self.users[self.cleaned_data["user"]]


class StaffForm(forms.Form):
    """Who works at a point, as what, from when till when."""

    person = Chooser(label=_("Person"), help_text=_("Name, phone or ID number of somebody whom the park knows."))
    role = forms.ChoiceField(label=_("Works as"), choices=StaffRole.choices)
    since = a_day(_("From"), needed=True)
    until = a_day(_("No longer from"), help_text=_("Empty: until further notice."))

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["person"].offers(reverse("choose-people", args=[park.uid]),  # type: ignore[attr-defined]
                                     PersonChoice(actor, park))


class LastDayForm(forms.Form):
    """From which day something holds no longer."""

    on = a_day(_("No longer from"), needed=True, help_text=_("The first day without it."))
