"""What the rulebook's pages ask for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.lib import clock
from jiugong.policy import Pack
from jiugong.registry.models import Place, Unit
from jiugong.rulebook.actions.plans import LONGEST_REASON, LONGEST_SECTION
from jiugong.rulebook.logic.outlines import Section
from jiugong.rulebook.models import AnyPlan, EnterprisePlan
from jiugong.rulebook.wording import spoken
from jiugong.rulebook.words import AreaLevel, Regime, Risk


def a_day(**more: Any) -> forms.DateField:
    """A day, written and shown as 2022-07-22."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"), **more)


class AdoptForm(forms.Form):
    """Which release holds, from which day."""

    release = forms.ChoiceField(label=_("Release"), widget=forms.Select(attrs={"class": "form-select"}))
    from_day = a_day(label=_("From"))

    def __init__(self, *args: Any, packs: Iterable[Pack], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = (kwargs.get("initial") or {}).get("from_day") or clock.now().date()
        named = [(pack.in_force_on(day), (pack.key, f"{spoken(pack.title)} ({pack.key})")) for pack in packs]
        self.fields["release"].choices = [  # type: ignore[attr-defined]
            *(each for holds, each in named if holds),
            (_("Not in force on this day"), [each for holds, each in named if not holds])]


class PlanForm(forms.Form):
    """A plan section by section; an enterprise's also says its regime."""

    since = a_day(label=_("Holds from"), required=False,
                  help_text=_("Left empty: from the day on which it is approved. A plan never holds from before that day."))

    def __init__(self, *args: Any, sections: Iterable[Section], plan: AnyPlan | None, is_enterprise: bool,
                 **kwargs: Any) -> None:
        said = plan.sections if plan else {}
        keep_day = plan is not None and plan.is_open
        initial = {"since": plan.since if plan and keep_day else None, **{f"section-{key}": text for key, text in said.items()}}
        if isinstance(plan, EnterprisePlan):
            initial["regime"] = plan.regime
        super().__init__(*args, **{**kwargs, "initial": initial})
        if is_enterprise:
            self.fields["regime"] = forms.ChoiceField(label=_("Regime"), choices=Regime.choices)
        self.outline = list(sections)
        for section in self.outline:
            self.fields[f"section-{section.key}"] = forms.CharField(
                label=spoken(section.title), help_text=spoken(section.ask), required=False, max_length=LONGEST_SECTION,
                widget=forms.Textarea(attrs={"rows": 5}))

    def text(self) -> dict[str, str]:
        """The sections as they were written."""
        return {section.key: self.cleaned_data[f"section-{section.key}"] for section in self.outline}


class ReturnForm(forms.Form):
    """What is missing in a plan."""

    reason = forms.CharField(label=_("What is missing"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


class GradingForm(forms.Form):
    """Which enterprise is watched more or less closely, from when and why."""

    unit = forms.ModelChoiceField(label=_("Enterprise"), queryset=Unit.objects.none(), to_field_name="uid")
    risk = forms.ChoiceField(label=_("Risk"), choices=Risk.choices, initial=Risk.KEY)
    since = a_day(label=_("From"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units                            # type: ignore[attr-defined]


class DocumentForm(forms.Form):
    """The document that says so."""

    title = forms.CharField(label=_("Title of the document"), max_length=200)
    issuer = forms.CharField(label=_("Issued by"), max_length=120)
    published = forms.RegexField(label=_("Published"), regex=r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$",
                                 help_text=_("A day such as 2022-05-03, or a month such as 2022-05."))


class ZoningForm(DocumentForm):
    """What a grid, a site or the whole park was declared to be."""

    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none())
    level = forms.ChoiceField(label=_("Level"), choices=AreaLevel.choices)
    since = a_day(label=_("From"))
    field_order = ("place", "level", "since", "title", "issuer", "published")

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places                          # type: ignore[attr-defined]


class EndForm(forms.Form):
    """From which day something is over."""

    on = a_day(label=_("No longer from"))
