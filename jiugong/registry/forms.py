"""What the registry's pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.registry.models import Mapping, Place, Unit
from jiugong.registry.words import PlaceKind, Role, UnitKind

WORKBOOKS = {"accept": ".xlsx,.xlsm,.xls,.ods"}


class RosterForm(forms.Form):
    """A roster workbook, and the saved mapping with which it is read."""

    file = forms.FileField(label=_("Roster workbook"), widget=forms.FileInput(attrs=WORKBOOKS))
    mapping = forms.ChoiceField(label=_("Headings"), required=False,
                                widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, mappings: list[Mapping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("As they stand")), *((each.name, each.name) for each in mappings)]
        self.fields["mapping"].choices = choices  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A workbook whose headings are to be mapped."""

    file = forms.FileField(label=_("Workbook"), widget=forms.FileInput(attrs=WORKBOOKS))


class MappingForm(forms.Form):
    """The name under which a mapping is kept."""

    name = forms.CharField(label=_("Name of the mapping"), max_length=60,
                           help_text=_("For example the name of the software from which these files come."))


class ReasonForm(forms.Form):
    """Why somebody wants to see numbers in full."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
                             help_text=_("It is kept with your name and the time, and can be read in the journal."))


class ChargeForm(forms.Form):
    """Who is put in charge of what, from which day."""

    who = forms.CharField(label=_("Who"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}),
                          help_text=_("Name, phone or ID number."))
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    over = forms.ChoiceField(label=_("Over what"))
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, places: list[Place], units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things: dict[str, Place | Unit] = {f"place:{place.pk}": place for place in places} | {
            f"unit:{unit.uid}": unit for unit in units}
        parts: dict[str, list[tuple[str, str]]] = {}
        for unit in units:
            if unit.kind != UnitKind.ENTERPRISE:
                parts.setdefault(str(unit.enterprise), []).append((f"unit:{unit.uid}", _within(unit)))
        ground = [(f"place:{place.pk}", str(place)) for place in places]
        firms = [(f"unit:{unit.uid}", str(unit)) for unit in units if unit.kind == UnitKind.ENTERPRISE]
        self.fields["over"].choices = [  # type: ignore[attr-defined]
            (_("Park and grids"), ground), (_("Enterprises"), firms), *sorted(parts.items())]

    def clean_over(self) -> Place | Unit:
        """The thing itself."""
        return self.things[self.cleaned_data["over"]]


class EndForm(forms.Form):
    """From which day a charge is over."""

    on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _within(unit: Unit) -> str:
    """A team is named with its workshop, because many teams are called the same."""
    above = f"{unit.parent} / " if unit.parent and unit.parent.kind == UnitKind.WORKSHOP else ""
    return f"{above}{unit}"


def kind_of(thing: Place | Unit) -> str:
    """What kind of thing it is, in words."""
    return str(PlaceKind(thing.kind).label if isinstance(thing, Place) else UnitKind(thing.kind).label)
