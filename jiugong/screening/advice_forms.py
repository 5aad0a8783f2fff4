"""What is asked of the two advisers, in the words of their addresses, so that an answer can be sent to somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal
from jiugong.screening.errors import (
    ClusteringImpossible,
    HoursImpossible,
    PoolNotValidated,
    PrevalenceImpossible,
    SizingNeedsPeople,
)
from jiugong.screening.logic.pools import POOL_SIZES
from jiugong.screening.logic.sizing import Sizing
from jiugong.screening.models import Round
from jiugong.screening.queries.advising import PoolQuestion, pool_question, sizing_question

FIELDS = {PrevalenceImpossible.code: "prevalence", ClusteringImpossible.code: "clustering", PoolNotValidated.code: "sizes",
          HoursImpossible.code: "hours", SizingNeedsPeople.code: "hours"}       # which field a refusal is about; else people


def _say(form: forms.Form, refusal: Refusal) -> None:
    """Say what is wrong beside the fields in which it stands."""
    for each in refusal.facts.get("wrong", [refusal.as_data()]):
        form.add_error(FIELDS.get(each["refused"], "people"), each["message"])


class Sizes(forms.MultipleChoiceField):
    """Pool sizes that are compared; one that is not validated is refused with the reason, as everywhere."""

    def validate(self, value: Any) -> None:
        """The question judges them."""


class PoolAdviceForm(forms.Form):
    """Which tubes?"""

    prevalence = forms.CharField(label=_("Part of the people who are positive"), max_length=40,
                                 help_text=_("0.001 is one in a thousand."), widget=forms.TextInput({"inputmode": "decimal"}))
    clustering = forms.CharField(label=_("How much tubes fall ill together"), required=False, max_length=40, initial="0",
                                 help_text=_("0: independent. 1: a whole tube or nobody in it. Teams lie between."),
                                 widget=forms.TextInput({"inputmode": "decimal"}))
    people = forms.CharField(label=_("How many people"), required=False, max_length=40,
                             help_text=_("Totals for so many; may stay empty."), widget=forms.TextInput({"inputmode": "numeric"}))
    sizes = Sizes(label=_("Tubes that you have"), required=False, choices=[(str(size), str(size)) for size in POOL_SIZES],
                  widget=forms.CheckboxSelectMultiple)
    asked: PoolQuestion

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if not self.errors:
            try:
                self.asked = pool_question(given["prevalence"], clustering=given["clustering"], sizes=given["sizes"],
                                           people=given["people"])
            except Refusal as refusal:
                _say(self, refusal)
        return given


class SizingForm(forms.Form):
    """How many points, desks and samplers?"""

    round = forms.TypedChoiceField(label=_("Round"), required=False, coerce=int, empty_value=None)
    people = forms.CharField(label=_("How many people"), required=False, max_length=40,
                             help_text=_("Empty: all who owe the round."), widget=forms.TextInput({"inputmode": "numeric"}))
    hours = forms.CharField(label=_("How many hours"), required=False, max_length=40,
                            help_text=_("Empty: as long as the round lasts."), widget=forms.TextInput({"inputmode": "decimal"}))
    asked: Sizing

    def __init__(self, given: Any, *, rounds: list[Round], reach: tuple[str, ...]) -> None:
        super().__init__(given)
        self.rounds, self.reach = {each.number: each for each in rounds}, reach
        self.fields["round"].choices = [("", _("No round"))] + [  # type: ignore[attr-defined]
            (number, _("Round %(number)s, %(day)s") % {"number": number, "day": each.day})
            for number, each in self.rounds.items()]

    @property
    def the_round(self) -> Round | None:
        return self.rounds.get(self.cleaned_data.get("round") or 0)

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if not self.errors:
            try:
                self.asked = sizing_question(given["people"], given["hours"], self.the_round, self.reach)
            except Refusal as refusal:
                _say(self, refusal)
        return given
