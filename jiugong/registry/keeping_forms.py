"""What the pages ask for on which the roster is kept: people, units, bodies, each with the day from which it holds.

The forms only gather; what is wrong in a field is found by the action, in the same words as an import says it.
"""

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.choosers import Chooser, PersonChoice, ThingChoice, UnitChoice
from jiugong.registry.models import Park, Place
from jiugong.registry.queries.units import grids_of
from jiugong.registry.words import BodyKind, EnterpriseKind, Role, Shift, Status, Tier, UnitKind


def a_day(label: Any, help_text: Any = "") -> forms.DateField:
    """A day, as the browser's own calendar gives it."""
    return forms.DateField(label=label, help_text=help_text,
                           widget=forms.DateInput(attrs={"type": "date", "required": True}, format="%Y-%m-%d"))


def a_text(label: Any, *, needed: bool = False, help_text: Any = "", **attributes: Any) -> forms.CharField:
    """A line of text. How long it may be, the action says."""
    return forms.CharField(label=label, required=needed, max_length=500, help_text=help_text,
                           widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}))


def a_choice(label: Any, choices: Any, *, needed: bool = False) -> forms.ChoiceField:
    """One of a closed list."""
    return forms.ChoiceField(label=label, required=needed, choices=choices if needed else [("", "—"), *choices])


class WorkForm(forms.Form):
    """What somebody does, and where he sleeps, eats and rides."""

    post = a_text(_("Post"))
    shift = a_choice(_("Shift"), Shift.choices)
    status = a_choice(_("Status"), Status.choices, needed=True)
    key_post = forms.BooleanField(label=_("Key post: the park stands still without it"), required=False)
    dorm_room = a_text(_("Dormitory room"))
    bed = a_text(_("Bed"))
    canteen_table = a_text(_("Canteen table"))
    bus = a_text(_("Commuter bus"))
    remark = a_text(_("Remark"))

    def beds(self) -> dict[str, str]:
        """Where he sleeps, eats and rides, as typed."""
        return {name: self.cleaned_data[name] for name in ("dorm_room", "bed", "canteen_table", "bus")}


class HireForm(WorkForm):
    """Somebody new on a roster."""

    name = a_text(_("Name"), needed=True)
    id_number = a_text(_("ID number"), needed=True, spellcheck="false", autocapitalize="characters",
                       help_text=_("18 characters, as on the card; the last one is checked."))
    phone = a_text(_("Phone"), inputmode="tel")
    unit = Chooser(label=_("Enterprise, workshop or team"))
    since = a_day(_("On the roster from"))
    field_order = ("name", "id_number", "phone", "unit", "since", "post", "shift", "status", "key_post")

    def __init__(self, *args: Any, actor: Actor, park: Park, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, actor, park)


class ChangeForm(WorkForm):
    """What is known of somebody, to be changed from a day on."""

    name = a_text(_("Name"), needed=True)
    phone = a_text(_("Phone"), inputmode="tel", help_text=_("Left empty, the phone stays as it is."))
    since = a_day(_("Holds from"), _("Work, bed, table and bus hold from this day; name, phone and remark at once."))
    field_order = ("since", "status", "post", "shift", "key_post", "name", "phone")

    def __init__(self, *args: Any, on_roster: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not on_roster:
            for name in ("post", "shift", "status", "key_post", "dorm_room", "bed", "canteen_table", "bus"):
                del self.fields[name]


class MoveForm(forms.Form):
    """Where somebody goes, and what he does there."""

    unit = Chooser(label=_("Moves to"))
    since = a_day(_("From"))
    post = a_text(_("Post there"), help_text=_("Left empty, it stays as it is."))
    shift = a_choice(_("Shift there"), Shift.choices)

    def __init__(self, *args: Any, actor: Actor, park: Park, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, actor, park)


class LeaveForm(forms.Form):
    """From which day somebody is on the roster no more."""

    on = a_day(_("Not on the roster from"), _("The first day on which he owes nothing here any more."))


class PartForm(forms.Form):
    """A workshop or team."""

    kind = a_choice(_("Kind"), [(kind.value, kind.label) for kind in (UnitKind.WORKSHOP, UnitKind.TEAM)], needed=True)
    name = a_text(_("What it is called"), needed=True)
    since = a_day(_("From"))

    def __init__(self, *args: Any, below: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if below == UnitKind.WORKSHOP:
            self.fields["kind"].choices = [(UnitKind.TEAM.value, UnitKind.TEAM.label)]   # type: ignore[attr-defined]


class RenameForm(forms.Form):
    """Another name for a workshop or team."""

    name = a_text(_("What it is called"), needed=True)


class EnterpriseForm(forms.Form):
    """An enterprise: what it is called, what it is, and where its site lies."""

    name = a_text(_("What it is called"), needed=True)
    kind = a_choice(_("Kind"), EnterpriseKind.choices, needed=True)
    credit_code = a_text(_("Credit code"), spellcheck="false", autocapitalize="characters",
                         help_text=_("18 characters, as on the licence; the last one is checked."))
    address = a_text(_("Address"))
    grid = a_choice(_("Grid"), [])
    since = a_day(_("Holds from"), _("From when the enterprise is here, or lies in another grid."))
    remark = a_text(_("Remark"))

    def __init__(self, *args: Any, park: Park, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grids = {str(grid.pk): grid for grid in grids_of(park)}
        self.fields["grid"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((key, grid.name) for key, grid in self.grids.items())]

    def clean_grid(self) -> Place | None:
        """The grid itself."""
        return self.grids.get(self.cleaned_data["grid"])


class EndUnitForm(forms.Form):
    """From which day a unit is no more, and how many people somebody was told it concerns."""

    on = a_day(_("Ended from"))
    people = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)


class ChargeForm(forms.Form):
    """Who is put in charge of what, from which day."""

    who = Chooser(label=_("Who"), help_text=_("Name, phone or ID number."))
    role = a_choice(_("Role"), Role.choices, needed=True)
    over = Chooser(label=_("Over what"))
    since = a_day(_("From"))

    def __init__(self, *args: Any, actor: Actor, park: Park, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, "who", actor, park)
        self.fields["over"].offers(reverse("choose-things", args=[park.uid]), ThingChoice(actor, park))  # type: ignore[attr-defined]


class BodyForm(forms.Form):
    """A leading group, task force, task group or inspection team."""

    kind = a_choice(_("Kind"), BodyKind.choices, needed=True)
    name = a_text(_("What it is called"), needed=True)
    duties = forms.CharField(label=_("What it is there for"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    since = a_day(_("From"))


class BodyChangeForm(forms.Form):
    """Another name or other duties for a body."""

    name = a_text(_("What it is called"), needed=True)
    duties = forms.CharField(label=_("What it is there for"), required=False, widget=forms.Textarea(attrs={"rows": 5}))


class SeatForm(forms.Form):
    """Who sits in a body, on which tier, with which duty."""

    who = Chooser(label=_("Who"), help_text=_("Name, phone or ID number."))
    tier = a_choice(_("Tier"), Tier.choices, needed=True)
    duty = a_text(_("What this person sees to"))
    since = a_day(_("From"))

    def __init__(self, *args: Any, actor: Actor, park: Park, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, "who", actor, park)


class EndedForm(forms.Form):
    """From which day something is no more."""

    on = a_day(_("Until"), _("The first day on which it no longer holds."))


def today_first(today: date, **others: Any) -> dict[str, Any]:
    """What a form begins with: today, and what is known."""
    return {"since": today, "on": today, **others}


def offer_units(form: forms.Form, actor: Actor, park: Park) -> None:
    """Offer the units whose roster the actor keeps."""
    form.fields["unit"].offers(  # type: ignore[attr-defined]
        f"{reverse('choose-units', args=[park.uid])}?power={Can.KEEP_ROSTER.value}",
        UnitChoice(actor, park, Can.KEEP_ROSTER))


def offer_people(form: forms.Form, name: str, actor: Actor, park: Park) -> None:
    """Offer the people whom the actor may see."""
    form.fields[name].offers(reverse("choose-people", args=[park.uid]), PersonChoice(actor, park))  # type: ignore[attr-defined]
