"""What people fill in: one form for each kind of evidence, checks, remote work, a file of training.

A form gathers; whether it is evidence says `logic/`, whose sentence is shown at the field.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiugong.duties.logic import Parameters
from jiugong.duties.logic.cleaning import WASTE_KINDS, WAYS, strength, working
from jiugong.duties.logic.learning import DRILL_CLASSES, LEVELS, ROLE_OF_COURSE, TRAINING_CLASSES
from jiugong.duties.words import choices
from jiugong.lib import clock, sheets
from jiugong.registry.models import Park

LOCAL = "%Y-%m-%dT%H:%M"
DOSES = [(str(number), str(number)) for number in range(1, 5)]


def _taps(label: Any, options: list[tuple[str, Any]], **more: Any) -> forms.ChoiceField:
    """A choice made with one tap."""
    return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect({"class": "taps"}), **more)


def _number(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, widget=forms.NumberInput({"inputmode": "decimal", "step": "any"}), **more)


def _count(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100_000,
                              widget=forms.NumberInput({"inputmode": "numeric"}), **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more)


def _line(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **more)


def _lines(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=300, required=False, widget=forms.Textarea({"rows": 2}), **more)


class EntryForm(forms.Form):
    """One piece of evidence. `remembers` are the fields that the next form proposes again."""

    remembers: ClassVar[tuple[str, ...]] = ()
    asks_when: ClassVar[bool] = True
    client_id = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: str(uuid4()))

    def __init__(self, *given: Any, park: Park, parameters: Parameters, **named: Any) -> None:
        super().__init__(*given, **named)
        self.park, self.parameters = park, parameters
        if self.asks_when:
            self.fields["happened_at"] = forms.DateTimeField(
                label=_("When"), initial=clock.now().astimezone(park.zone).strftime(LOCAL),
                widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
        self.prepare()

    def prepare(self) -> None:
        """What depends on the park's rules."""

    def full_clean(self) -> None:
        with timezone.override(self.park.zone):
            super().full_clean()

    @property
    def happened_at(self) -> datetime:
        """When it happened; where the form does not ask, now."""
        return self.cleaned_data.get("happened_at") or clock.now()

    def as_data(self) -> dict[str, object]:
        """The evidence in the shape of its kind."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name not in ("client_id", "happened_at")}

    def kept(self) -> dict[str, Any]:
        """What the next form proposes."""
        return {name: _plain(self.cleaned_data[name]) for name in self.remembers if self.cleaned_data.get(name) not in (None, "")}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | list):
        return value
    return float(str(value))


class TemperatureForm(EntryForm):
    """A temperature in degrees Celsius."""

    temperature = _number(_("Temperature (°C)"))


class HealthReportForm(TemperatureForm):
    """A temperature and symptoms."""

    symptoms = forms.MultipleChoiceField(label=_("Symptoms"), required=False, choices=choices("symptoms"),
                                         widget=forms.CheckboxSelectMultiple({"class": "taps"}))


class AntigenForm(EntryForm):
    """An antigen test: when it was started, when it was read, and what it showed."""

    asks_when = False
    started_at = forms.DateTimeField(label=_("Started at"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    read_at = forms.DateTimeField(label=_("Read at"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    result = _taps(_("Result"), choices("result"))

    @property
    def happened_at(self) -> datetime:
        return self.cleaned_data.get("read_at") or clock.now()


class VaccinationForm(EntryForm):
    """A dose: which, of what, on which day."""

    remembers, asks_when = ("product", "dose", "on"), False
    dose = _taps(_("Dose"), DOSES)
    product = _line(_("Product"), 80)
    on = _day(_("Given on"))

    def as_data(self) -> dict[str, object]:
        return super().as_data() | {"dose": int(self.cleaned_data["dose"])}


class TrainingForm(EntryForm):
    """A training: which course, when, until when it counts."""

    remembers, asks_when = ("course", "held_on", "valid_until", "class", "level"), False
    course = _line(_("Course"), 80)
    held_on = _day(_("Held on"))
    valid_until = _day(_("Counts until"), required=False)

    def prepare(self) -> None:
        self.fields["class"] = _taps(_("Class"), choices("training_class", TRAINING_CLASSES), initial="officers")
        self.fields["level"] = _taps(_("Level"), choices("level", LEVELS), initial="park")
        self.fields["course"].widget.attrs["list"] = "courses"
        self.courses = list(ROLE_OF_COURSE)


class DrillForm(EntryForm):
    """A drill: what was rehearsed, by how many, and what was found."""

    remembers, asks_when = ("level",), False
    title = _line(_("Title"), 120)
    held_on = _day(_("Held on"))
    participants, absent = _count(_("Took part")), _count(_("Absent"), required=False)
    findings = _lines(_("What was found"))

    def prepare(self) -> None:
        self.fields["class"] = _taps(_("Class"), choices("drill_class", DRILL_CLASSES), initial="tabletop")
        self.fields["level"] = _taps(_("Level"), choices("level", LEVELS), initial="enterprise")
        self.order_fields(["title", "class", "level", "held_on"])


class DisinfectionForm(EntryForm):
    """A disinfection: with what, how strong, how long, how, by whom, of what."""

    remembers = ("agent", "use", "concentration", "contact_minutes", "way", "operator", "what")
    use = _taps(_("For what"), choices("use"), initial="surfaces")
    concentration = _number(_("Concentration"), required=False)
    contact_minutes = _count(_("Contact time in minutes"))
    way = _taps(_("How"), choices("way", WAYS))
    operator, what = _line(_("Operator"), 40), _line(_("What was disinfected"), 120)

    def prepare(self) -> None:
        use = str(self.initial.get("use") or "surfaces")
        agents = working(use, self.parameters)
        self.fields["agent"] = _taps(_("Agent"), choices("agent"), initial=agents[0] if agents else None)
        needed = strength(agents[0], use, self.parameters) if agents else None
        self.fields["concentration"].help_text = _("Chlorine in mg/L, alcohol in %, heat in °C.")
        if needed and "contact_minutes" not in self.initial:
            self.fields["contact_minutes"].initial = needed.minutes
        self.order_fields(["agent", "use", "concentration", "contact_minutes", "way", "what", "operator"])


class HygieneCheckForm(EntryForm):
    """Masks and hands of a team: how many were seen, how many did it right."""

    seen, masks_right, hands_washed = _count(_("People seen")), _count(_("Masks right")), _count(_("Hands washed"))
    remark = _lines(_("Remark"))


class StandingWaterForm(EntryForm):
    """Spots where water stands: saucers, air conditioners, roofs, gutters, tyres."""

    spots_found, spots_cleared = _count(_("Spots with water")), _count(_("Emptied, filled or covered"))
    remark = _lines(_("Remark"))


class WasteTransferForm(EntryForm):
    """Waste that was taken away."""

    remembers = ("kind", "from", "carrier", "received_by")
    kg, bags = _number(_("Kilograms"), required=False), _count(_("Bags"), required=False)
    carrier, received_by = _line(_("Carrier"), 80), _line(_("Received by"), 40)

    def prepare(self) -> None:
        self.fields["kind"] = _taps(_("Kind of waste"), choices("waste_kind", WASTE_KINDS))
        self.fields["from"] = _line(_("From where"), 120)
        self.order_fields(["kind", "kg", "bags", "from", "carrier"])


class ReturneeListForm(EntryForm):
    """Who is coming back: rows to fill in, and lines pasted from a sheet."""

    asks_when = False
    pasted = forms.CharField(label=_("Or paste lines"), required=False, max_length=200_000, widget=forms.Textarea({"rows": 4}),
                             help_text=_("One person in each line: name, from where, day of arrival, vehicle; as copied from "
                                         "Excel, or with commas."))

    def prepare(self) -> None:
        data = self.data if isinstance(self.data, QueryDict) else QueryDict()
        columns = {name: data.getlist(name) for name in ("name", "from", "arriving_on", "by")}
        self.rows: list[dict[str, str]] = [
            {name: (values[at] if at < len(values) else "").strip() for name, values in columns.items()}
            for at in range(len(columns["name"]))]

    def as_data(self) -> dict[str, object]:
        """The rows that name somebody, then the lines that were pasted."""
        listed: list[dict[str, str]] = [row for row in self.rows if any(row.values())]
        for line in self.cleaned_data["pasted"].splitlines():
            cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else line.replace("，", ",").split(","))]
            if any(cells):
                listed.append(dict(zip(("name", "from", "arriving_on", "by"), [*cells, "", "", "", ""], strict=False)))
        return {"returnees": [row | {"arriving_on": _as_iso(row["arriving_on"])} for row in listed]}


def _as_iso(text: str) -> str:
    """A day as people write it (2022.7.25, 7月25日 needs its year) as ISO; what is no day stays as it is."""
    try:
        day = sheets.as_day(text)
    except sheets.NotADate:
        return text
    return day.isoformat() if day else ""


FORMS: Mapping[str, type[EntryForm]] = {
    "health_report": HealthReportForm, "temperature": TemperatureForm, "antigen": AntigenForm,
    "vaccination": VaccinationForm, "training": TrainingForm, "disinfection": DisinfectionForm, "drill": DrillForm,
    "hygiene_check": HygieneCheckForm, "standing_water": StandingWaterForm, "waste_transfer": WasteTransferForm,
    "returnee_list": ReturneeListForm,
}


class CheckForm(forms.Form):
    """What somebody else thinks of what was done."""

    passed = forms.ChoiceField(choices=[("yes", _("Good")), ("no", _("To be done again"))])
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)


class RemoteForm(forms.Form):
    """From which day to which some people work from home, and why."""

    since, until = _day(_("From")), _day(_("Until, included"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class FileForm(forms.Form):
    """A file of training."""

    file = forms.FileField(label=_("File"))
