"""What the accounts pages ask for."""

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiugong.accounts.roles import AccountRole
from jiugong.lib.acting import Actor
from jiugong.registry.choosers import Chooser, PersonChoice
from jiugong.registry.models import Park, Place, Unit

WHOLE_PARK = "park"


class RoleForm(forms.Form):
    """A role, and over what it is held. Only what the actor may give is offered."""

    role = forms.ChoiceField(label=_("Role"))
    over = forms.ChoiceField(label=_("Over what"))

    def __init__(self, *args: Any, roles: list[AccountRole], whole_park: bool, places: list[Place], units: list[Unit],
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things: dict[str, Place | Unit | None] = {WHOLE_PARK: None} if whole_park else {}
        self.things |= {f"place:{place.pk}": place for place in places} | {f"unit:{unit.uid}": unit for unit in units}
        park = [(WHOLE_PARK, _("The whole park"))] if whole_park else []
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["over"].choices = [  # type: ignore[attr-defined]
            *park, (_("Grids"), [(f"place:{place.pk}", str(place)) for place in places]),
            (_("Enterprises"), [(f"unit:{unit.uid}", str(unit)) for unit in units])]

    @property
    def chosen(self) -> tuple[AccountRole, Place | None, Unit | None]:
        """The role, and the place or the unit; neither means the whole park."""
        thing = self.things[self.cleaned_data["over"]]
        return (AccountRole(self.cleaned_data["role"]), thing if isinstance(thing, Place) else None,
                thing if isinstance(thing, Unit) else None)


class InviteForm(RoleForm):
    """Somebody new: a name to sign in with, a first password, a role."""

    username = forms.CharField(label=_("Signs in as"), max_length=80, validators=[UnicodeUsernameValidator()],
                               widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}))
    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(label=_("First password"), min_length=10, strip=False,
                               widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                               help_text=_("At least 10 characters, none of the common ones. Hand it over in person."))
    person = Chooser(label=_("Person on the roster"), required=False, help_text=_(
        "Name, phone or ID number. Then what the park writes to this person, reminders above all, is read here as well."))
    field_order = ("username", "name", "person", "password", "role", "over")

    def __init__(self, *args: Any, actor: Actor, park: Park, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offers(reverse("choose-people", args=[park.uid]),  # type: ignore[attr-defined]
                                     PersonChoice(actor, park))


class PersonForm(forms.Form):
    """Who of the roster a user is."""

    person = Chooser(label=_("Person on the roster"), help_text=_(
        "Name, phone or ID number. Then what the park writes to this person, reminders above all, is read here as well."))

    def __init__(self, *args: Any, actor: Actor, park: Park, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offers(reverse("choose-people", args=[park.uid]),  # type: ignore[attr-defined]
                                     PersonChoice(actor, park))


class PasswordForm(forms.Form):
    """A new password for somebody who has lost his."""

    password = forms.CharField(label=_("New password"), min_length=10, strip=False,
                               widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


class TokenForm(forms.Form):
    """What a token is for."""

    token_name = forms.CharField(label=_("What it is for"), max_length=80,
                                 widget=forms.TextInput(attrs={"autocomplete": "off"}),
                                 help_text=_("For example: scanner at the north gate."))
