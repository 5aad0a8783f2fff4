"""What makes a contact on a day: the exposures of a release, and those that the park adds with their documents."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from jiugong.policy import Exposure, Parameter, Release
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import InForce, in_force, release_on, supplements_on
from jiugong.tracing.errors import NoExposures, NothingAdopted
from jiugong.tracing.logic.contacts import Rule

ONWARD = "control.contact_of_contact"


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """The rules of meeting on a day, each with the key and the words of its rule; whether contacts of contacts are known."""

    release: Release
    rules: tuple[Rule, ...]
    keys: dict[str, str]                 # ground -> key of its rule
    titles: dict[str, dict[str, str]]    # ground -> its title by language
    onward: bool

    def as_data(self) -> list[dict[str, Any]]:
        """The rules as they are kept with a trace."""
        return [{"ground": rule.ground, "rule": self.keys[rule.ground], "kind": rule.kind, "contact": rule.contact,
                 "apart": [rule.nearest, rule.farthest], "same_crew": rule.same_crew, "seconds": rule.seconds,
                 "onward": rule.onward} for rule in self.rules]


def adopted(park: Park, day: date) -> Release:
    """The release by which a park goes on a day. Raises NothingAdopted."""
    release = release_on(park, day)
    if release is None:
        raise NothingAdopted(day=str(day))
    return release


def grounds_on(park: Park, release: Release, day: date) -> Grounds:
    """What makes a contact in a park on a day. Raises NoExposures."""
    held = in_force(release, day, supplements_on(park, day))
    rules, keys, titles = [], {}, {}
    for key, found in held.items():
        if isinstance(found.rule, Exposure):
            rules.append(_rule(found, held))
            keys[found.rule.name] = key
            titles[found.rule.name] = {code: str(text) for code, text in found.rule.title.as_data().items()}
    if not rules:
        raise NoExposures(release=release.key, day=str(day))
    onward = held.get(ONWARD)
    return Grounds(release=release, rules=tuple(sorted(rules, key=lambda rule: rule.ground)), keys=keys, titles=titles,
                   onward=bool(onward and onward.dated.value))


def number_on(park: Park, release: Release, key: str, day: date) -> int | None:
    """A whole number of the pack in a park on a day; None where neither says one."""
    found = in_force(release, day, supplements_on(park, day).filter(key=key)).get(key)
    return int(found.dated.value) if found and isinstance(found.rule, Parameter) else None


def _rule(found: InForce, held: dict[str, InForce]) -> Rule:
    terms = found.dated.value
    minutes = held.get(terms.minutes) if terms.minutes else None
    return Rule(ground=found.rule.key.rpartition(".")[2], kind=terms.kind, contact=terms.contact, nearest=terms.apart[0],
                farthest=terms.apart[1], same_crew=terms.same_crew, seconds=60 * int(minutes.dated.value) if minutes else 0,
                onward=terms.onward)
