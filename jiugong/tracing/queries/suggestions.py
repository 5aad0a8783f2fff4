"""What makes a contact in a park today, and further ways of meeting that are written ready for a park to adopt."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jiugong.policy import Exposure
from jiugong.policy.plain import Plain
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.rulebook.queries.releases import InForce, in_force, release_on, supplements_on

FILE = Path(__file__).resolve().parent.parent / "suggestions.yaml"
REVIEWED_ON = "2026-11-28"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A way of meeting that a park may adopt: its terms, what text it leans on, and what is our own reading."""

    name: str
    title: dict[str, str]
    value: dict[str, Plain]
    says: dict[str, str]
    reading: dict[str, str]

    @property
    def key(self) -> str:
        return f"contacts.exposures.{self.name}"

    @property
    def rule(self) -> dict[str, Any]:
        """The heading of the local rule that it becomes."""
        return {"kind": "exposure", "title": self.title, "reviewed_on": REVIEWED_ON}


@cache
def suggestions() -> dict[str, Suggestion]:
    """Everything that is suggested, by name."""
    written = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Suggestion(name=name, **said) for name, said in written.items()}


def suggestion_called(name: str) -> Suggestion:
    """Raises NotHere."""
    found = suggestions().get(name)
    if found is None:
        raise NotHere()
    return found


def exposures_on(park: Park, day: date) -> list[InForce]:
    """What makes a contact in a park on a day: the release's rules first, then the park's own."""
    held = in_force(release_on(park, day), day, supplements_on(park, day))
    found = [each for each in held.values() if isinstance(each.rule, Exposure)]
    return sorted(found, key=lambda each: (each.supplement is not None, each.rule.key))


def not_adopted(park: Park, day: date) -> list[Suggestion]:
    """The suggestions that do not hold in a park on a day."""
    holding = {each.rule.key for each in exposures_on(park, day)}
    return [each for each in suggestions().values() if each.key not in holding]
