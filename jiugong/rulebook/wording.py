"""Rules in plain words, in the language of the reader: who owes what when, what a control is, on what it rests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jiugong.policy import Condition, Control, Duty, DutyInForce, Exposure, Ground, Parameter, Release, Threshold
from jiugong.policy.cadence import Cadence, DaysAfter, DaysOfMonth, EveryFewDays, Once, Weekly, WithinDays
from jiugong.policy.citations import Basis, Words
from jiugong.policy.contacts import GroundTerms
from jiugong.policy.controls import Phase
from jiugong.policy.dated import Dated, Ended
from jiugong.policy.duties import DutyTerms
from jiugong.policy.exposures import ExposureTerms
from jiugong.policy.packs import AnyRule
from jiugong.policy.windows import WHOLE_DAY, Hours
from jiugong.registry.words import EnterpriseKind, PlaceKind, Role, Shift, Status, UnitKind
from jiugong.rulebook.addressed import who_in_words
from jiugong.rulebook.exposing import exposure_in_words
from jiugong.rulebook.tables import TERMS, table_in_words
from jiugong.rulebook.words import AreaLevel, Regime, Risk

FACTS = {"status": _("status"), "shift": _("shift"), "post": _("post"), "key_post": _("key post"),
         "in_dormitory": _("lives in a dormitory"), "enterprise_kind": _("kind of enterprise"),
         "arrived_on": _("day of arrival"), "kind": _("kind"), "regime": _("regime of the enterprise"),
         "risk": _("risk of the enterprise"), "area": _("area level")}
EVIDENCE = {"health_report": _("health report"), "antigen": _("antigen test"), "specimen": _("PCR sample"),
            "temperature": _("temperature"), "vaccination": _("vaccination"), "training": _("training"),
            "disinfection": _("disinfection"), "drill": _("drill"), "hygiene_check": _("mask and hand-washing check"),
            "standing_water": _("standing water cleared"), "waste_transfer": _("waste transfer"),
            "returnee_list": _("list of returning staff")}
MODES = {"central_quarantine": _("central quarantine"), "home_isolation": _("isolation at home"),
         "home_monitoring": _("health monitoring at home"), "medical_observation": _("medical observation"),
         "away_from_work": _("away from work"), "mosquito_proof_isolation": _("isolation safe from mosquitoes")}
COUNTS = {"last_exposed_on": _("counted from the last exposure"), "entered_on": _("counted from the entry"),
          "left_on": _("counted from the day of leaving"),
          "found_positive_on": _("counted from the positive test"), "fell_ill_on": _("counted from falling ill"),
          "fever_gone_on": _("counted from the day without fever"),
          "symptoms_ended_on": _("counted from the end of symptoms")}
UNITS = {"days": _("%(number)s days"), "minutes": _("%(number)s minutes"), "metres": _("%(number)s metres"),
         "people": _("%(number)s people"), "celsius": _("%(number)s °C"), "swabs": _("%(number)s swabs"),
         "hours": _("%(number)s hours"), "doses": _("%(number)s doses"), "ct": _("Ct %(number)s"),
         "square_metres": _("%(number)s m²"), "tests": _("%(number)s tests"), "rounds": _("%(number)s rounds"),
         "day_number": _("day %(number)s")}
SPANS = ("days", "minutes")                  # two numbers with such a unit are from and to
ONE = {"days": _("1 day"), "minutes": _("1 minute"), "metres": _("1 metre"), "hours": _("1 hour"), "doses": _("1 dose"),
       "tests": _("1 test"), "rounds": _("1 round")}
LEVELS = {"high": _("high"), "medium": _("medium"), "low": _("low")}
SHORT_MONTHS = {"last_day": _("in a shorter month on its last day"), "skip": _("left out in a shorter month")}
WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
LISTS = (Status, Shift, EnterpriseKind, UnitKind, PlaceKind, Regime, Risk, AreaLevel, Role)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One dated value as a page shows it: from when, what, on what it rests, what is assumed, what is remarked."""

    first_day: date
    text: str
    references: tuple[Any, ...]
    assumption: str
    note: str
    ends: bool = False
    holds: bool = False


@dataclass(frozen=True, kw_only=True)
class RuleSaid:
    """A rule as a page shows it, with the values it had, has, and will have."""

    key: str
    kind: str
    title: str
    reviewed_on: date
    values: tuple[Said, ...]

    @property
    def current(self) -> Said | None:
        """The value that holds on the day that was asked about."""
        return next((value for value in self.values if value.holds), None)


def spoken(words: Words | None) -> str:
    """A text of a pack in the language of the reader."""
    if words is None:
        return ""
    return words.zh_hans if (get_language() or "").startswith("zh") else words.en


def rules_of(release: Release, day: date) -> list[RuleSaid]:
    """Every rule of a release in words, in the order: duties, controls, contact grounds, parameters."""
    order = {"duty": 0, "control": 1, "ground": 2, "exposure": 3, "parameter": 4}
    in_force = release.pack.in_force_on(day)
    said = [_rule(rule, day if in_force else None) for rule in release.rules.values()]
    return sorted(said, key=lambda one: (order[one.kind], one.key))


def duty_in_words(duty: DutyInForce) -> Said:
    """A duty that holds today: who owes it, when, on what it rests."""
    text = _owed(duty, duty.who.conditions, duty.cadence)
    return Said(first_day=duty.day, text=text, references=duty.basis.references, note=spoken(duty.note),
                assumption=spoken(duty.basis.assumption), holds=True)


def said_of(rule: AnyRule, dated: Dated[Any]) -> Said:
    """One dated value in words, with what it rests on."""
    return _value(rule, dated, holds=True)


def word(value: object) -> str:
    """A stored word as pages say it."""
    return _word(value)


def _rule(rule: AnyRule, day: date | None) -> RuleSaid:
    kind = {Duty: "duty", Control: "control", Ground: "ground", Exposure: "exposure", Parameter: "parameter"}[type(rule)]
    current = rule.on(day) if day else None
    return RuleSaid(key=rule.key, kind=kind, title=spoken(rule.title), reviewed_on=rule.reviewed_on,
                    values=tuple(_value(rule, one, holds=one is current) for one in rule.values))


def _value(rule: AnyRule, one: Dated[Any] | Ended, *, holds: bool) -> Said:
    basis: Basis = one.basis
    text = _text(rule, one.value) if isinstance(one, Dated) else _end(rule, one)
    return Said(first_day=one.first_day, text=text, references=basis.references, assumption=spoken(basis.assumption),
                note=spoken(one.note), ends=isinstance(one, Ended), holds=holds)


def _end(rule: AnyRule, one: Ended) -> str:
    if one is rule.values[0] and not one.basis.references:
        return gettext("silent on purpose: nothing is said")
    return gettext("ends: nothing is said any more")


def _text(rule: AnyRule, value: Any) -> str:
    if isinstance(rule, Duty) and isinstance(value, DutyTerms):
        return _owed(rule, value.who.conditions, value.cadence)
    if isinstance(rule, Control):
        phases = _listed((_phase(phase) for phase in value), between=gettext("; then "))
        if not value:
            return gettext("nobody of this kind is under control")
        return gettext("%(phases)s (%(counted)s; that day is day %(base)s)") % {
            "phases": phases, "counted": COUNTS[rule.counts_from], "base": rule.day_index_base}
    if isinstance(value, GroundTerms):
        number = gettext("Ground %(number)s of the document.") % {"number": value.number}
        places = _listed(PlaceKind(place).label if place in PlaceKind.values else place for place in value.places)
        return f"{number} " + gettext("It arises at: %(places)s.") % {"places": places} if places else number
    if isinstance(value, ExposureTerms):
        return exposure_in_words(value)
    unit = rule.unit if isinstance(rule, Parameter) else None
    return _number(value, unit)


def _owed(duty: Duty | DutyInForce, conditions: Iterable[Condition], cadence: Cadence) -> str:
    counted = cadence.days.event if isinstance(cadence.days, DaysAfter) else ""     # said with the days, not with the people
    who = who_in_words(duty.subject, [one for one in conditions if one.fact != counted])
    when = _cadence(cadence)
    if duty.evidence == "training" and isinstance(cadence.days, Once):
        when = gettext("once, and again when it has expired")
    said = gettext("Who: %(who)s. What: %(evidence)s. When: %(when)s.") % {
        "who": who, "evidence": EVIDENCE.get(duty.evidence, duty.evidence), "when": when}
    if not duty.on_site or duty.subject != "person":
        return said
    return gettext("%(said)s Whoever works from home does not owe it.") % {"said": said}


def _cadence(cadence: Cadence) -> str:
    days, hours = cadence.days, _hours(cadence.hours)
    if isinstance(days, EveryFewDays):
        when = gettext("every %(days)s days from %(first)s") % {"days": days.days, "first": days.counted_from}
    elif isinstance(days, DaysOfMonth):
        when = gettext("on day %(days)s of the month") % {"days": _listed(days.days)}
        if days.days[-1] > 28:
            when = gettext("%(when)s (%(short)s)") % {"when": when, "short": SHORT_MONTHS[days.in_short_month]}
    elif isinstance(days, Weekly):
        when = gettext("every %(days)s") % {"days": _listed(WEEKDAYS[each] for each in days.weekdays)}
    elif isinstance(days, DaysAfter):
        when = gettext("on day %(days)s, counted from the %(event)s, which is day %(base)s") % {
            "days": _listed(days.days), "event": FACTS.get(days.event, days.event), "base": days.day_index_base}
    elif isinstance(days, WithinDays):
        when = (gettext("at least once in any %(days)s days") % {"days": days.days} if days.days > 1 else gettext("every day"))
    elif isinstance(days, Once):
        return gettext("once")
    else:
        when = gettext("every day")
    return gettext("%(when)s, %(hours)s") % {"when": when, "hours": hours}


def _hours(hours: tuple[Hours, ...]) -> str:
    if hours == (WHOLE_DAY,):
        return gettext("at any time of the day")
    return _listed(f"{one.first:%H:%M}–{one.last:%H:%M}" for one in hours)


def _phase(phase: Phase) -> str:
    said = gettext("%(mode)s for %(days)s days") % {"mode": MODES[phase.mode], "days": phase.days}
    if not phase.tests:
        return said
    if len(phase.tests) == 1:
        return gettext("%(control)s, a test on day %(tests)s") % {"control": said, "tests": phase.tests[0]}
    return gettext("%(control)s, tests on days %(tests)s") % {"control": said, "tests": _listed(phase.tests)}


def _number(value: Any, unit: str | None) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, tuple | Threshold) and (said := table_in_words(value)):
        return said
    if isinstance(value, tuple) and len(value) == 2 and unit in SPANS:
        value = f"{value[0]}–{value[1]}"
    if isinstance(value, tuple):
        value = _listed(_word(each) for each in value) or gettext("none")
    known = ONE.get(unit or "") if value == 1 else UNITS.get(unit or "")
    return str(known) % {"number": value} if known else f"{_word(value)} {unit or ''}".strip()


def _word(value: object) -> str:
    """A stored word as the registry's pages say it."""
    if value in LEVELS:
        return str(LEVELS[str(value)])
    if value in TERMS:
        return str(TERMS[str(value)])
    return next((str(words(value).label) for words in LISTS if isinstance(value, str) and value in words.values),
                str(value))


def _listed(parts: Iterable[object], *, between: str | None = None) -> str:
    return (gettext(", ") if between is None else between).join(str(part) for part in parts)
