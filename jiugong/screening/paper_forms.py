"""What people fill in for paper: sheets to print, and a sheet to enter."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiugong.lib import clock
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.lib.identifiers import folded
from jiugong.registry.choosers import Chooser, UnitChoice
from jiugong.registry.models import Park
from jiugong.screening.actions.tube_sheets import MOST_SHEETS
from jiugong.screening.box_forms import CODE
from jiugong.screening.logic.tube_codes import is_mistyped
from jiugong.screening.models import Point, Round

LOCAL = "%Y-%m-%dT%H:%M"
MOST_LINES, LONGEST_LINE = 20, 300
ROSTER, CODES, BLANK = "roster", "codes", "blank"


def _an_id() -> forms.CharField:
    """An id that the form carries, so that a press that is sent twice is done once."""
    return forms.CharField(max_length=56, initial=lambda: uuid4().hex, widget=forms.HiddenInput)


class _ForARound(forms.Form):
    """A round and a point where the actor samples."""

    def __init__(self, *given: Any, park: Park, actor: Actor, rounds: QuerySet[Round], points: QuerySet[Point],
                 **named: Any) -> None:
        super().__init__(*given, **named)
        self.park, self.actor = park, actor
        self.fields["round"] = forms.ModelChoiceField(rounds, label=_("Round"), to_field_name="number", empty_label=None)
        self.fields["round"].label_from_instance = _named_round  # type: ignore[attr-defined]
        self.fields["point"] = forms.ModelChoiceField(points, label=_("Point"), empty_label=None if len(points) == 1 else "—")


def _named_round(the_round: Round) -> str:
    return f"{the_round.number} · {the_round.day}"


class SheetsForm(_ForARound):
    """Sheets to print: empty ones with or without codes, or with a team's names."""

    run_id = _an_id()
    kind = forms.ChoiceField(label=_("What stands on them"), initial=CODES, widget=forms.RadioSelect, choices=[
        (CODES, _("A code of our own, empty lines")), (BLANK, _("No code: a label is stuck on, empty lines")),
        (ROSTER, _("A code of our own, and a team’s names with their badges"))])
    sheets = forms.IntegerField(label=_("How many sheets"), min_value=1, max_value=MOST_SHEETS, initial=10, required=False)
    unit = Chooser(label=_("Team"), required=False, help_text=_("Only for names: whoever has no badge yet gets one."))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["unit"].offers(  # type: ignore[attr-defined]
            reverse("choose-units", args=[self.park.uid]) + "?power=issue_badges",
            UnitChoice(self.actor, self.park, power=Can.ISSUE_BADGES))
        self.order_fields(["round", "point", "kind", "sheets", "unit"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if given.get("kind") == ROSTER and not given.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Choose the team whose names are printed."))
        if given.get("kind") in (CODES, BLANK) and not given.get("sheets") and "sheets" not in self.errors:
            self.add_error("sheets", _("Say how many sheets."))
        return cleaned


class TeamForm(forms.Form):
    """A team whose people are ticked instead of typed."""

    unit = Chooser(label=_("Team"), required=False)

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["unit"].offers(  # type: ignore[attr-defined]
            reverse("choose-units", args=[park.uid]) + "?power=bind_specimens", UnitChoice(actor, park, power=Can.BIND_SPECIMENS))


class EntryForm(_ForARound):
    """One sheet as it was written: its tube, when, by whom, and its lines."""

    entry_id = _an_id()
    tube = forms.CharField(label=_("Code of the tube"), max_length=40, widget=forms.TextInput(attrs=CODE))
    sure = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    sampled_at = forms.DateTimeField(label=_("Sampled at"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    sampler = forms.CharField(label=_("Sampled by"), required=False, max_length=LONGEST_LINE, widget=forms.TextInput({
        "autocomplete": "off"}), help_text=_("Name, or name and the last four; empty where the sheet does not say."))
    really = forms.BooleanField(label=_("The paper says so: keep it all the same, the park office looks at it"), required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.order_fields(["round", "point", "tube", "sampled_at", "sampler"])

    @classmethod
    def proposing(cls, initial: dict[str, Any], **named: Any) -> "EntryForm":
        """The form as it opens for the next sheet: what the last one said, else now."""
        now = clock.now().astimezone(named["park"].zone).replace(tzinfo=None, second=0, microsecond=0)
        return cls(initial={"sampled_at": now, "entry_id": uuid4().hex} | {key: value for key, value in initial.items() if value},
                   **named)

    def full_clean(self) -> None:
        with timezone.override(self.park.zone):
            super().full_clean()

    def clean_tube(self) -> str:
        """A code that cannot be one of our own is asked for once more."""
        code = folded(str(self.cleaned_data["tube"]))
        if is_mistyped(code) and self.data.get("sure") != code:
            said = QueryDict(mutable=True)
            said.update(self.data)
            said["sure"] = code
            self.data = said
            raise forms.ValidationError(_("This code cannot be right. Look at the label; if it says so, press again."))
        return code

    def clean_sampled_at(self) -> datetime:
        """Not in the future."""
        at: datetime = self.cleaned_data["sampled_at"]
        if at > clock.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("This is still to come. Write when the swabs were taken."))
        return at
