"""How somebody who does not program writes a local rule: a number, a stretch of control, or who owes what when."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.policy import Comparison, Control, Duty, Parameter
from jiugong.policy.cadence import EveryDay, EveryFewDays, Once, Weekly, WithinDays
from jiugong.policy.dated import Dated
from jiugong.policy.packs import AnyRule
from jiugong.policy.plain import Plain, plain
from jiugong.policy.selectors import FACTS
from jiugong.policy.windows import WHOLE_DAY
from jiugong.rulebook.forms import DocumentForm, a_day
from jiugong.rulebook.wording import EVIDENCE, MODES, WEEKDAYS, word
from jiugong.rulebook.wording import FACTS as FACT_WORDS

ANY = ("", _("(any)"))
YES_OR_NO = (ANY, ("true", _("yes")), ("false", _("no")))
CADENCES = (("windows_a_day", _("every day, in these hours")), ("within_days", _("once within so many days")),
            ("every_days", _("every so many days")), ("weekly", _("on days of the week")), ("once", _("once")))
WEEKDAY_KEYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PHASES = 3
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d\s*[-–—~至]\s*([01]\d|2[0-3]):[0-5]\d", re.ASCII)
SIMPLE = ("whole_number", "whole_numbers", "decimal", "yes_or_no", "text", "texts")


class SupplementForm(DocumentForm):
    """What every local rule says: its document, and from when till when it holds."""

    since = a_day(label=_("Holds from"))
    until = a_day(label=_("No longer from"), required=False, help_text=_("Left empty: until further notice."))
    note_text = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def __init__(self, *args: Any, rule: AnyRule | None = None, held: Dated[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.held = rule, held

    def heading(self) -> dict[str, Any] | None:
        """The heading of a rule of the park's own; None where it stands in the place of the release's."""
        return None

    def key(self) -> str:
        return self.rule.key if self.rule else ""

    def value(self) -> Plain:
        """The value as a pack writes it."""
        raise NotImplementedError


class ParameterForm(SupplementForm):
    """Another number, or other words, for a rule that is one value."""

    said = forms.CharField(label=_("Value"), max_length=200, help_text=_("Several values are separated by commas."))
    field_order = ("said", "since", "until", "title", "issuer", "published", "note_text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.held:
            now = plain(self.held.value)
            self.initial.setdefault("said", ", ".join(map(str, now)) if isinstance(now, list) else str(now).lower()
                                    if isinstance(now, bool) else str(now))

    def value(self) -> Plain:
        said = str(self.cleaned_data["said"]).strip()
        several = isinstance(self.rule, Parameter) and self.rule.holds in ("whole_numbers", "texts")
        return [each.strip() for each in re.split(r"[,，、]", said) if each.strip()] if several else said


class ControlForm(SupplementForm):
    """Other days, another way or other tests for a category of people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = self.held.value if self.held else ()
        for at in range(1, PHASES + 1):
            phase = phases[at - 1] if at <= len(phases) else None
            first = at == 1
            self.fields[f"mode_{at}"] = forms.ChoiceField(
                label=_("First stretch: how") if first else _("Then: how"), required=first, initial=phase.mode if phase else "",
                choices=[*([] if first else [ANY]), *MODES.items()])
            self.fields[f"days_{at}"] = forms.IntegerField(
                label=_("Days"), min_value=1, max_value=365, required=first, initial=phase.days if phase else None)
            self.fields[f"tests_{at}"] = forms.CharField(
                label=_("Tests on days"), required=False, max_length=100,
                initial=", ".join(map(str, phase.tests)) if phase else "")
        self.order_fields([*(f"{name}_{at}" for at in range(1, PHASES + 1) for name in ("mode", "days", "tests")),
                           "since", "until", "title", "issuer", "published", "note_text"])

    def value(self) -> Plain:
        said = self.cleaned_data
        return [{"mode": said[f"mode_{at}"], "days": said[f"days_{at}"],
                 "tests": [each for each in re.split(r"[,，、\s]+", said[f"tests_{at}"]) if each]}
                for at in range(1, PHASES + 1) if said[f"mode_{at}"] and said[f"days_{at}"]]


class DutyForm(SupplementForm):
    """Who owes what when: other people or another cadence for a duty of the release, or a duty of the park's own."""

    cadence = forms.ChoiceField(label=_("How often"), choices=CADENCES)
    number = forms.IntegerField(label=_("So many days"), min_value=1, max_value=3650, required=False)
    weekdays = forms.MultipleChoiceField(label=_("Days of the week"), required=False, widget=forms.CheckboxSelectMultiple,
                                         choices=list(zip(WEEKDAY_KEYS, WEEKDAYS, strict=True)))
    hours = forms.CharField(label=_("Hours"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_(
        "One window on each line, such as 06:00-10:00; nothing written is the whole day."))

    def __init__(self, *args: Any, keys_taken: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys_taken = keys_taken
        own = {} if isinstance(self.rule, Duty) else {
            "name": forms.CharField(label=_("What it is called"), max_length=80),
            "evidence": forms.ChoiceField(label=_("What shows it done"), choices=list(EVIDENCE.items()))}
        self.fields |= own
        subject = self.rule.subject if isinstance(self.rule, Duty) else "person"
        conditions = self.held.value.who.conditions if self.held else ()
        is_plain = all(one.comparison is Comparison.IS for one in conditions)
        if self.held:
            self.fields["whom"] = forms.ChoiceField(
                label=_("Who owes it"), choices=(("same", _("the same people as in the release")), ("these", _("these:"))))
        facts = [fact for fact, kind in FACTS[subject].items() if kind is bool or isinstance(kind, tuple)]
        for fact in facts:
            kind = FACTS[subject][fact]
            choices = YES_OR_NO if kind is bool else (ANY, *((each, word(each)) for each in kind))  # type: ignore[union-attr]
            known = next((str(plain(one.needed)).lower() for one in conditions if one.fact == fact), "") if is_plain else ""
            self.fields[f"fact_{fact}"] = forms.ChoiceField(label=FACT_WORDS[fact], choices=choices, required=False,
                                                            initial=known if self.held else "on_duty" if fact == "status" else "")
        self.facts = facts
        self._begin_with()
        self.order_fields(["name", "evidence", "whom", *(f"fact_{fact}" for fact in facts), "cadence", "number", "weekdays",
                           "hours", "since", "until", "title", "issuer", "published", "note_text"])

    def _begin_with(self) -> None:
        """Show the cadence of the release's own duty."""
        if not self.held:
            return
        cadence = self.held.value.cadence
        if cadence.hours != (WHOLE_DAY,):
            self.initial["hours"] = "\n".join(f"{one.first:%H:%M}-{one.last:%H:%M}" for one in cadence.hours)
        if isinstance(cadence.days, EveryFewDays | WithinDays):
            self.initial.update(cadence=cadence.days.kind, number=cadence.days.days)
        if isinstance(cadence.days, Weekly):
            self.initial.update(cadence="weekly", weekdays=[WEEKDAY_KEYS[each] for each in cadence.days.weekdays])
        if isinstance(cadence.days, Once | EveryDay):
            self.initial["cadence"] = "once" if isinstance(cadence.days, Once) else "windows_a_day"

    def clean_hours(self) -> str:
        """The windows, each as two times."""
        text = str(self.cleaned_data["hours"])
        if any(not _HOURS.fullmatch(line.strip()) for line in text.splitlines() if line.strip()):
            raise forms.ValidationError(_("Write each window as 06:00-10:00 on a line of its own."))
        return text

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("cadence") in ("within_days", "every_days") and not said.get("number"):
            self.add_error("number", _("Write how many days."))
        if said.get("cadence") == "weekly" and not said.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day."))
        return said

    def heading(self) -> dict[str, Any] | None:
        if isinstance(self.rule, Duty):
            return None
        name, evidence = str(self.cleaned_data["name"]), self.cleaned_data["evidence"]
        return {"kind": "duty", "title": {"zh-hans": name, "en": name}, "reviewed_on": str(self.cleaned_data["since"]),
                "subject": "person", "evidence": evidence, "on_site": evidence == "specimen"}

    def key(self) -> str:
        if isinstance(self.rule, Duty):
            return self.rule.key
        base = f"duties.local_{self.cleaned_data['evidence']}"
        numbered = [base, *(f"{base}_{at}" for at in range(2, 100))]
        return next(key for key in numbered if key not in self.keys_taken)

    def value(self) -> Plain:
        return {"who": self._who(), "cadence": self._cadence()}

    def _who(self) -> list[Plain]:
        if self.held and self.cleaned_data.get("whom") == "same":
            return [{"fact": one.fact, one.comparison.value: plain(one.needed)} for one in self.held.value.who.conditions]
        said = {fact: self.cleaned_data.get(f"fact_{fact}", "") for fact in self.facts}
        return [{"fact": fact, "is": found} for fact, found in said.items() if found]

    def _cadence(self) -> Plain:
        kind, number = self.cleaned_data["cadence"], self.cleaned_data.get("number")
        lines = [line.strip() for line in self.cleaned_data["hours"].splitlines() if line.strip()]
        hours: list[Plain] = [re.findall(r"\d\d:\d\d", line) for line in lines]
        windows: Mapping[str, Plain] = {"windows": hours} if hours else {}
        if kind == "windows_a_day":
            return {"kind": kind, "windows": hours or [["00:00", "23:59"]]}
        if kind == "within_days":
            return {"kind": kind, "days": number, **windows}
        if kind == "every_days":
            return {"kind": kind, "days": number, "counted_from": str(self.cleaned_data["since"]), **windows}
        if kind == "weekly":
            return {"kind": kind, "weekdays": list(self.cleaned_data["weekdays"]), **windows}
        return {"kind": "once"}


def form_for(rule: AnyRule | None) -> type[SupplementForm] | None:
    """The form that fits a rule; none where its value is a table, which a program writes."""
    if rule is None or isinstance(rule, Duty):
        return DutyForm
    if isinstance(rule, Control):
        return ControlForm
    return ParameterForm if isinstance(rule, Parameter) and rule.holds in SIMPLE else None
