"""A control rule says where somebody stays, for how many days, and on which of them there is a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from jiugong.policy.citations import Basis
from jiugong.policy.dated import Judged, Rule, given_day, read_heading, read_values
from jiugong.policy.plain import plain
from jiugong.policy.reading import Entry
from jiugong.policy.verdict import Because

MODES = ("central_quarantine", "home_isolation", "home_monitoring", "medical_observation", "away_from_work",
         "mosquito_proof_isolation")
COUNTS_FROM = ("last_exposed_on", "entered_on", "left_on", "found_positive_on", "fell_ill_on", "fever_gone_on",
               "symptoms_ended_on")


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of control as the document writes it: how, how many days, and on which of these days a test."""

    mode: str
    days: int
    tests: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Period:
    """A stretch of control on the calendar. First and last day are both included."""

    mode: str
    first_day: date
    last_day: date
    tests_on: tuple[date, ...]


Phases: TypeAlias = tuple[Phase, ...]


@dataclass(frozen=True, kw_only=True)
class Control(Rule[Phases]):
    """The control of one category of people. No phases at all: the category exists no longer.

    `counts_from` names the day that is counted from; `day_index_base` is the number which that day itself carries.
    """

    counts_from: str
    day_index_base: int

    def periods(self, phases: Phases, counted_from: date) -> tuple[Period, ...]:
        """Put phases on the calendar, one after the other, from day 1 on."""
        periods: list[Period] = []
        first_day = counted_from + timedelta(days=1 - self.day_index_base)
        for phase in phases:
            tests_on = tuple(first_day + timedelta(days=number - 1) for number in phase.tests)
            after = first_day + timedelta(days=phase.days)
            last_day = after - timedelta(days=1)
            periods.append(Period(mode=phase.mode, first_day=first_day, last_day=last_day, tests_on=tests_on))
            first_day = after
        return tuple(periods)

    def judge(self, value: Phases, *, basis: Basis, day: date, given: Mapping[str, object]) -> Judged:
        """Answer with the periods of control. The text in force on the asked day decides, not that of the exposure."""
        if not value:
            return Judged(answer=[])
        counted_from = given_day(given, self.counts_from, question=self.key)
        reason = Because(fact=self.counts_from, found=str(counted_from), needed=f"day {self.day_index_base}",
                         by_which_document=basis, met=True)
        return Judged(answer=plain(self.periods(value, counted_from)), because=(reason,))


def read_control(key: str, entry: Entry, *, day_index_base: int) -> Control:
    """Read a control file. The pack says which number the counted day carries."""
    heading = read_heading(key, entry, "counts_from")
    counts_from = entry.pairs()["counts_from"].one_of(COUNTS_FROM)
    return Control(**heading, counts_from=counts_from, day_index_base=day_index_base,
                   values=read_values(entry, _read_phases))


def _read_phases(entry: Entry) -> Phases:
    return tuple(_read_phase(item) for item in entry.items())


def _read_phase(entry: Entry) -> Phase:
    said = entry.fields("mode", "days", "tests")
    days = said["days"].whole_number(at_least=1)
    tests = tuple(test.whole_number(at_least=1) for test in said["tests"].items())
    if list(tests) != sorted(set(tests)) or (tests and tests[-1] > days):
        said["tests"].wrong(f"The test days do not fit into {days} days.", "Write each once, in order, within them.")
    return Phase(mode=said["mode"].one_of(MODES), days=days, tests=tests)
