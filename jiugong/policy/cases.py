"""A pack is tested in its own language: on this day, with these facts, this is the answer.

Besides the cases themselves a pack is checked for the ones it lacks: each of its own values needs a case for the day
before it, for its first day, for its last day where it has one, and for the silence after its release.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from jiugong.policy.dated import Dated
from jiugong.policy.errors import PolicyRefusal
from jiugong.policy.packs import read_rules
from jiugong.policy.plain import Plain
from jiugong.policy.reading import Entry, read
from jiugong.policy.release import Release

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question on one day or on several, with the answer or the refusal that must come."""

    name: str
    where: str
    days: tuple[date, ...]
    ask: str
    given: dict[str, Plain]
    expect: Plain = None
    expect_refused: str | None = None


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A case that came out otherwise than it says."""

    name: str
    where: str
    day: date
    expected: Plain
    found: Plain

    def as_data(self) -> dict[str, Plain]:
        """The failure as plain data."""
        return {"name": self.name, "where": self.where, "day": str(self.day), "expected": self.expected,
                "found": self.found}


@dataclass(frozen=True, kw_only=True)
class Report:
    """How a pack came through its own cases: which failed, and which are not there."""

    pack: str
    cases: int
    failures: tuple[Failure, ...]
    missing: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Did everything come out as written, with no case missing?"""
        return not self.failures and not self.missing

    def as_data(self) -> dict[str, Plain]:
        """The report as plain data."""
        return {"pack": self.pack, "passed": self.passed, "cases": self.cases,
                "failures": [failure.as_data() for failure in self.failures], "missing": list(self.missing)}


def check(release: Release, root: Path) -> Report:
    """Run the cases of a release's own pack, and look for values without a case. Raises BadPack."""
    cases = read_cases(root, release.key)
    failures = [failure for case in cases for failure in run(case, release)]
    return Report(pack=release.key, cases=len(cases), failures=tuple(failures),
                  missing=tuple(_missing(release, root, cases)))


def run(case: Case, release: Release) -> list[Failure]:
    """Ask a release what a case asks, on each of its days."""
    expected: Plain = {"refused": case.expect_refused} if case.expect_refused else case.expect
    found = [(day, _answer(case, release, day)) for day in case.days]
    return [Failure(name=case.name, where=case.where, day=day, expected=expected, found=answer)
            for day, answer in found if answer != expected]


def read_cases(root: Path, pack: str) -> tuple[Case, ...]:
    """Read every case of a pack."""
    files = sorted((root / pack / "cases").glob("*.yaml"))
    return tuple(_read_case(item) for path in files for item in read(path, root=root).items())


def _answer(case: Case, release: Release, day: date) -> Plain:
    try:
        return release.ask(case.ask, day=day, given=case.given).answer
    except PolicyRefusal as refusal:
        return {"refused": refusal.code}


def _read_case(entry: Entry) -> Case:
    said = entry.fields("name", "ask", optional=("day", "days", "given", "expect", "expect_refused"))
    if ("day" in said) == ("days" in said):
        entry.wrong("A case is about a day or about some days.", "Write `day:` or `days:`, and not both.")
    if ("expect" in said) == ("expect_refused" in said):
        entry.wrong("A case expects an answer or a refusal.", "Write `expect:` or `expect_refused:`, and not both.")
    days = (said["day"],) if "day" in said else said["days"].items()
    given = said["given"].pairs() if "given" in said else {}
    return Case(
        name=said["name"].text(), where=f"{entry.file}:{entry.line}", days=tuple(day.day() for day in days),
        ask=said["ask"].text(), given={fact: found.plain() for fact, found in given.items()},
        expect=said["expect"].plain() if "expect" in said else None,
        expect_refused=said["expect_refused"].text() if "expect_refused" in said else None,
    )


def _missing(release: Release, root: Path, cases: Iterable[Case]) -> list[str]:
    asked = {(case.ask, day) for case in cases for day in case.days}
    own = read_rules(root, release.pack)
    return [f"{key} on {day}" for key in sorted(own) for day in _telling_days(release, key) if (key, day) not in asked]


def _telling_days(release: Release, key: str) -> list[date]:
    """The days on which a rule of the release could be wrong by one."""
    rule = release.rules[key]
    days: set[date] = set()
    for dated in rule.values:
        if isinstance(dated, Dated):
            first, last = release.held(rule, dated)
            days |= {first - _A_DAY, first} | ({last, last + _A_DAY} if last else set())
    return sorted(days)
