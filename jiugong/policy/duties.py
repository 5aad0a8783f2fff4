"""A duty rule says who owes what kind of evidence, and when. Who owes it today is a question, never a stored list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from jiugong.policy.cadence import Cadence, DaysAfter, read_cadence
from jiugong.policy.citations import Basis, Words
from jiugong.policy.dated import Judged, Rule, read_heading, read_values
from jiugong.policy.plain import Plain
from jiugong.policy.reading import Entry
from jiugong.policy.selectors import FACTS, Comparison, Condition, Selector, read_selector
from jiugong.policy.windows import Window

SUBJECTS = tuple(FACTS)
_EVIDENCE = re.compile(r"[a-z][a-z_]*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class DutyTerms:
    """Who owes it and how often."""

    who: Selector
    cadence: Cadence

    def who_on(self, day: date) -> Selector:
        """Who owes it on this day: where days are counted from an event, only those for whom the day has come."""
        days = self.cadence.days
        if not isinstance(days, DaysAfter):
            return self.who
        due = Condition(fact=days.event, comparison=Comparison.IN, needed=days.event_days(day))
        return Selector(conditions=(*self.who.conditions, due))


@dataclass(frozen=True, kw_only=True)
class DutyInForce:
    """A duty as it stands on one park day: who owes it on that day, what counts as done, and in which windows."""

    key: str
    title: Words
    subject: str
    evidence: str
    day: date
    who: Selector
    cadence: Cadence
    basis: Basis
    note: Words | None
    on_site: bool = False

    def windows(self, zone: ZoneInfo) -> tuple[Window, ...]:
        """The windows of this day in the park's zone; none if nothing is owed on it."""
        return self.cadence.windows_on(self.day, zone=zone)


@dataclass(frozen=True, kw_only=True)
class Duty(Rule[DutyTerms]):
    """Something that a kind of subject (person, unit or place) owes, and the kind of evidence that shows it done.

    Whoever works from home does not owe what is owed `on_site`.
    """

    subject: str
    evidence: str
    on_site: bool = False

    def in_force_on(self, day: date) -> DutyInForce | None:
        """The duty as it stands on a day, if it holds."""
        dated = self.on(day)
        if dated is None:
            return None
        terms = dated.value
        return DutyInForce(
            key=self.key.partition(".")[2], title=self.title, subject=self.subject, evidence=self.evidence, day=day,
            who=terms.who_on(day), cadence=terms.cadence, basis=dated.basis, note=dated.note, on_site=self.on_site,
        )

    def judge(self, value: DutyTerms, *, basis: Basis, day: date, given: Mapping[str, object]) -> Judged:
        """Answer with the windows in which this subject owes it on the day, in the park's own hours.

        Where evidence of earlier days counts, `since` says from which day on.
        """
        who = value.who_on(day)
        facts = who.given_facts(given, subject=self.subject, question=self.key)
        owed = who.matches(facts) and value.cadence.days.falls_on(day)
        since = value.cadence.reaches_back_to(day)
        back: dict[str, Plain] = {"since": str(since)} if since != day else {}
        hours: list[Plain] = [
            {"key": f"{day}/{number}", **back, "from": f"{one.first:%H:%M}", "until": f"{one.last:%H:%M}"}
            for number, one in enumerate(value.cadence.hours, start=1)
        ]
        return Judged(answer=hours if owed else [], because=who.because(facts, basis=basis))


def read_duty(key: str, entry: Entry) -> Duty:
    """Read a duty file."""
    heading = read_heading(key, entry, "subject", "evidence", optional=("on_site",))
    said = entry.pairs()
    subject, evidence = said["subject"].one_of(SUBJECTS), said["evidence"].text()
    if not _EVIDENCE.fullmatch(evidence):
        said["evidence"].wrong(f"{evidence} is not a kind of evidence.", "Write a name such as health_report.")

    if (subject, evidence) == ("unit", "specimen"):
        said["evidence"].wrong("A unit gives no specimen.", "Ask it of a person or of a place.")

    def read_terms(value: Entry) -> DutyTerms:
        terms = value.fields("who", "cadence")
        events = tuple(fact for fact, kind in FACTS[subject].items() if kind is date)
        return DutyTerms(who=read_selector(terms["who"], subject=subject),
                         cadence=read_cadence(terms["cadence"], events=events))

    on_site = "on_site" in said and said["on_site"].yes_or_no()
    return Duty(**heading, subject=subject, evidence=evidence, on_site=on_site, values=read_values(entry, read_terms))
