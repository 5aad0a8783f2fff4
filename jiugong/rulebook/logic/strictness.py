"""Is a local rule stricter than the national one? Aspect by aspect, and honest where nobody can tell.

A rule is stricter that asks more often, in less time or of more people, holds people for more days or in a harder way,
tests them more, looks further back, or begins at a lower threshold. What is stricter in one aspect and milder in another,
or cannot be compared, is not judged as a whole: its aspects are shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from jiugong.policy import Comparison, Condition, Control, Duty, Exposure, Parameter, Threshold
from jiugong.policy.cadence import Cadence, DaysAfter, Once, WithinDays
from jiugong.policy.contacts import GroundTerms
from jiugong.policy.controls import Phases
from jiugong.policy.dated import Dated
from jiugong.policy.duties import DutyTerms
from jiugong.policy.exposures import ExposureTerms
from jiugong.policy.packs import AnyRule
from jiugong.policy.parameters import Value

PERIOD = 420                                 # days: every cadence of days, weeks and months comes round in it
HARDNESS = {"home_monitoring": 1, "home_isolation": 2, "central_quarantine": 3}      # medical observation may be either

# Which way a number is stricter; what is not named here cannot be judged by its number alone.
HIGHER_IS_STRICTER = (
    "contacts.lookback_days", "contacts.near_metres", "contacts.vehicle_metres", "stock.days_at_least",
    "dormitory.square_metres_each", "quiet_period.days", "quiet_period.building_site_days", "quiet_period.needed",
    "risk_area.lowered_after_days", "risk_area.high_lowered_after_days", "risk_area.medium_lowered_after_days",
    "zone.sealed_days", "zone.sealed_monitoring_days", "zone.sealed_all_negative_on_day", "zone.controlled_days",
    "zone.controlled_days_after_sealed", "zone.controlled_all_negative_on_day", "zone.precaution_days_without_case",
    "zone.case_restarts_the_clock", "area_testing.rounds_without_case", "key_posts.second_class_tests_a_week",
    "release.ct_at_least", "outbreak.over_after_days", "vaccination.doses", "testing.negative_proof_needed",
    "training.roles", "training.needed_to_scan", "points.officers",
    "retention.log_days", "clock.hold_hours", "clock.quiet_period_days", "dwell.bus", "dwell.canteen_table", "dwell.clinic",
    "dwell.dorm_room", "dwell.enclosed_space", "dwell.gate", "dwell.goods", "dwell.lift", "dwell.toilet", "dwell.ventilated_bus",
    "dwell.venue", "dwell.workplace")                # whoever is assumed to stay longer meets more people
LOWER_IS_STRICTER = (
    "fever_from", "contacts.enclosed_room_minutes", "dormitory.people_at_most", "points.enterprise_from_people",
    "points.exempt_kinds", "training.valid_days", "clock.report_case_hours", "clock.report_event_hours",
    "clock.core_information_hours", "clock.investigation_hours", "clock.contact_isolated_hours", "clock.area_tested_hours",
    "transport.hours_at_most", "retention.working_days", "retention.after_emergency_days", "clock.contacts_controlled_minutes",
    "clock.flagged_minutes", "clock.hold_minutes", "clock.retest_hours", "early.found_hours", "early.isolated_minutes",
    "early.prevented_days", "early.reported_hours", "early.treated_hours")


class Side(StrEnum):
    """How the local rule stands beside the national one."""

    STRICTER = "stricter"
    SAME = "same"
    MILDER = "milder"
    UNCLEAR = "unclear"


class Aspect(StrEnum):
    """In what two rules are compared."""

    HOW_OFTEN = "how_often"
    TIME = "time"
    WHOM = "whom"
    EVIDENCE = "evidence"
    DAYS = "days"
    MODE = "mode"
    TESTS = "tests"
    PLACES = "places"
    VALUE = "value"
    NEW = "new"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The whole and its aspects; an aspect in which both say the same is left out."""

    whole: Side
    aspects: tuple[tuple[Aspect, Side], ...] = ()


def judge(rule: AnyRule, local: Dated[Any], *, national: Dated[Any] | None, beside: Sequence[tuple[Duty, DutyTerms]] = (),
          national_rule: AnyRule | None = None, silent: bool = False) -> Judgement:
    """Judge a local value beside the national one; `beside` are the national duties, for a duty that stands alone.

    `silent`: the national text leaves this rule open on purpose, or there is no national text at all.
    """
    if national is None or national_rule is None:
        return _alone(rule, local, beside, silent=silent)
    if type(rule) is not type(national_rule):
        return Judgement(whole=Side.UNCLEAR, aspects=((Aspect.VALUE, Side.UNCLEAR),))
    if isinstance(rule, Duty) and isinstance(local.value, DutyTerms) and isinstance(national.value, DutyTerms):
        return _whole(_duty(rule, local.value, national_rule, national.value))
    if isinstance(rule, Control):
        return _whole(_control(local.value, national.value))
    if isinstance(local.value, ExposureTerms) and isinstance(national.value, ExposureTerms):
        return _whole([(Aspect.PLACES, _nearness(local.value, national.value))])
    if isinstance(local.value, GroundTerms) and isinstance(national.value, GroundTerms):
        return _whole([(Aspect.PLACES, _sets(set(local.value.places), set(national.value.places)))])
    if isinstance(rule, Parameter):
        return _whole([(Aspect.VALUE, _number(rule.key, local.value, national.value))])
    return Judgement(whole=Side.UNCLEAR, aspects=((Aspect.VALUE, Side.UNCLEAR),))


def _alone(rule: AnyRule, local: Dated[Any], beside: Sequence[tuple[Duty, DutyTerms]], *, silent: bool) -> Judgement:
    """A duty or control of which the national text knows nothing is stricter, unless its duties already ask as much."""
    known = Side.UNCLEAR if silent else Side.STRICTER
    if isinstance(rule, Exposure) or (isinstance(rule, Control) and local.value):
        return Judgement(whole=known, aspects=((Aspect.NEW, known),))
    if not isinstance(rule, Duty) or not isinstance(local.value, DutyTerms):
        return Judgement(whole=Side.UNCLEAR, aspects=((Aspect.NEW, Side.UNCLEAR),))
    alike = [terms for national, terms in beside if (national.subject, national.evidence) == (rule.subject, rule.evidence)
             and (rule.on_site or not national.on_site)]
    if _is_asked(local.value.cadence, local.value.who.conditions, alike):
        return Judgement(whole=Side.SAME)
    return Judgement(whole=known, aspects=((Aspect.NEW, known),))


def _is_asked(cadence: Cadence, who: Sequence[Condition], national: Sequence[DutyTerms]) -> bool:
    """Do national duties ask these people as much already: one of them, or two that share them out by a yes and a no?"""
    enough = (Side.SAME, Side.MILDER)
    if any(_whom(who, terms.who.conditions) in enough and how_often(cadence, terms.cadence) in enough
           and _time(cadence, terms.cadence) in enough for terms in national):
        return True
    named = {one.fact for one in who}
    split = {one.fact for terms in national for one in terms.who.conditions if isinstance(one.needed, bool)} - named
    return any(all(_is_asked(cadence, [*who, Condition(fact=fact, comparison=Comparison.IS, needed=answer)], national)
                   for answer in (True, False)) for fact in sorted(split))


def _whole(found: Iterable[tuple[Aspect, Side]]) -> Judgement:
    aspects = tuple((aspect, side) for aspect, side in found if side is not Side.SAME)
    sides = {side for _aspect, side in aspects}
    whole = sides.pop() if len(sides) == 1 else Side.UNCLEAR if sides else Side.SAME
    return Judgement(whole=whole, aspects=aspects)


# duties -------------------------------------------------------------------------------------------------------------

def _duty(rule: Duty, local: DutyTerms, national_rule: AnyRule, national: DutyTerms) -> list[tuple[Aspect, Side]]:
    found = [(Aspect.HOW_OFTEN, how_often(local.cadence, national.cadence)), (Aspect.TIME, _time(local.cadence, national.cadence)),
             (Aspect.WHOM, _whom(local.who.conditions, national.who.conditions))]
    if isinstance(national_rule, Duty):
        if rule.evidence != national_rule.evidence:
            found.append((Aspect.EVIDENCE, Side.UNCLEAR))
        if rule.on_site != national_rule.on_site:
            found.append((Aspect.WHOM, Side.MILDER if rule.on_site else Side.STRICTER))
    return found


def how_often(local: Cadence, national: Cadence) -> Side:
    """More windows in the same stretch of days is more often. Days after an event compare with their like alone."""
    one, other = local.days, national.days
    if isinstance(one, DaysAfter) and isinstance(other, DaysAfter) and one.event == other.event:
        shift = one.day_index_base - other.day_index_base
        return _sets({day - shift for day in one.days}, set(other.days))
    if isinstance(one, DaysAfter) or isinstance(other, DaysAfter):
        return Side.UNCLEAR
    return _more(_asked(local), _asked(national))


def _asked(cadence: Cadence) -> int:
    """How many times something is asked in the period, at the least."""
    if isinstance(cadence.days, Once):
        return 1
    if isinstance(cadence.days, WithinDays):
        return PERIOD // cadence.days.days
    start = date(2022, 1, 1)
    return len(cadence.hours) * sum(cadence.days.falls_on(start + timedelta(days=by)) for by in range(PERIOD))


def _time(local: Cadence, national: Cadence) -> Side:
    """Less time to do the same thing is stricter; windows that only lie elsewhere cannot be judged."""
    one, other = local.hours, national.hours
    if one == other or len(one) != len(other):
        return Side.SAME
    inside = [mine.first >= theirs.first and mine.last <= theirs.last for mine, theirs in zip(one, other, strict=True)]
    around = [mine.first <= theirs.first and mine.last >= theirs.last for mine, theirs in zip(one, other, strict=True)]
    return Side.STRICTER if all(inside) else Side.MILDER if all(around) else Side.UNCLEAR


def _whom(local: Sequence[Condition], national: Sequence[Condition]) -> Side:
    """Fewer conditions, or wider ones, mean more people."""
    one, other = _by_fact(local), _by_fact(national)
    if one is None or other is None:
        return Side.SAME if set(local) == set(national) else Side.UNCLEAR
    sides = {Side.MILDER if fact not in other else Side.STRICTER if fact not in one else _condition(one[fact], other[fact])
             for fact in {*one, *other}} - {Side.SAME}
    return sides.pop() if len(sides) == 1 else Side.UNCLEAR if sides else Side.SAME


def _by_fact(conditions: Sequence[Condition]) -> dict[str, Condition] | None:
    """One condition for each fact; where a fact is compared twice, nothing is said."""
    by_fact = {one.fact: one for one in conditions}
    return by_fact if len(by_fact) == len(conditions) else None


def _condition(local: Condition, national: Condition) -> Side:
    if local == national:
        return Side.SAME
    one, other = _allowed(local), _allowed(national)
    return _sets(one, other) if one is not None and other is not None else Side.UNCLEAR


def _allowed(one: Condition) -> set[object] | None:
    if one.comparison is Comparison.IS:
        return {one.needed}
    if one.comparison is Comparison.IN and isinstance(one.needed, tuple):
        return set(one.needed)
    return None


# controls and numbers -----------------------------------------------------------------------------------------------

def _control(local: Phases, national: Phases) -> list[tuple[Aspect, Side]]:
    days = (sum(phase.days for phase in local), sum(phase.days for phase in national))
    tests = (sum(len(phase.tests) for phase in local), sum(len(phase.tests) for phase in national))
    return [(Aspect.DAYS, _more(*days)), (Aspect.MODE, _mode(local, national)), (Aspect.TESTS, _more(*tests))]


def _nearness(local: ExposureTerms, national: ExposureTerms) -> Side:
    """Farther apart is a wider circle of contacts; where kind, crew or minutes differ too, nothing is said."""
    rest = [(one.kind, one.contact, one.same_crew, one.minutes, one.apart[0]) for one in (local, national)]
    return _more(local.apart[1], national.apart[1]) if rest[0] == rest[1] else Side.UNCLEAR


def _mode(local: Phases, national: Phases) -> Side:
    """How hard each day is, on the days that both have."""
    each = [[phase.mode for phase in phases for _day in range(phase.days)] for phases in (local, national)]
    sides = set()
    for mine, theirs in zip(*each, strict=False):
        if mine != theirs:
            known = mine in HARDNESS and theirs in HARDNESS
            sides.add(_more(HARDNESS[mine], HARDNESS[theirs]) if known else Side.UNCLEAR)
    return sides.pop() if len(sides) == 1 else Side.UNCLEAR if sides else Side.SAME


def _number(key: str, local: Value, national: Value) -> Side:
    if local == national:
        return Side.SAME
    if isinstance(local, Threshold) and isinstance(national, Threshold) and local.scope == national.scope:
        fewer, longer = _more(national.count, local.count), _more(local.window_days, national.window_days)
        sides = {fewer, longer} - {Side.SAME}
        return sides.pop() if len(sides) == 1 else Side.UNCLEAR
    if isinstance(local, tuple) and isinstance(national, tuple):
        return _row_of(local, national) if key in HIGHER_IS_STRICTER else Side.UNCLEAR
    if not isinstance(local, int | Decimal) or not isinstance(national, int | Decimal):
        return Side.UNCLEAR
    if key in HIGHER_IS_STRICTER:
        return _more(local, national)
    return _more(national, local) if key in LOWER_IS_STRICTER else Side.UNCLEAR


def _row_of(local: tuple[Any, ...], national: tuple[Any, ...]) -> Side:
    """Numbers are compared place by place, as at least and at most; words as sets."""
    if not all(isinstance(one, int) for one in (*local, *national)):
        return _sets(set(local), set(national))
    if len(local) != len(national):
        return Side.UNCLEAR
    sides = {_more(*pair) for pair in zip(local, national, strict=True)} - {Side.SAME}
    return sides.pop() if len(sides) == 1 else Side.UNCLEAR


def _more(local: object, national: object) -> Side:
    return Side.SAME if local == national else Side.STRICTER if local > national else Side.MILDER   # type: ignore[operator]


def _sets(local: set[object] | set[int] | set[str], national: set[object] | set[int] | set[str]) -> Side:
    if local == national:
        return Side.SAME
    return Side.STRICTER if local > national else Side.MILDER if local < national else Side.UNCLEAR
